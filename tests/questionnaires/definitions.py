"""Small definitions for tests, as the files an author would write."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

STRUCTURE: dict[str, Any] = {
    "family": "small",
    "version": "1.0.0",
    "origin": "own",
    "languages": ["en"],
    "rounding": {"places": 2, "mode": "half_up"},
    "index": "overall",
    "categories": ["first", "second"],
    "questions": [
        {"id": "a", "kind": "level", "highest": 3},
        {"id": "b", "kind": "level", "highest": 3, "not_applicable": "refused"},
        {"id": "c", "kind": "level", "highest": 3},
    ],
    "nodes": [
        {"id": "first", "aggregation": "mean", "children": [{"of": "a"}, {"of": "b"}]},
        {"id": "second", "aggregation": "mean", "children": [{"of": "c"}]},
        {
            "id": "overall",
            "aggregation": "weighted_mean",
            "children": [{"of": "first", "weight": 3}, {"of": "second", "weight": "1.5"}],
            "bands": [{"id": "low", "from": 0}, {"id": "high", "from": 2}],
        },
    ],
}


def structure(**changes: Any) -> dict[str, Any]:
    """A fresh copy of the small structure with some parts replaced."""
    return copy.deepcopy(STRUCTURE) | changes


def texts_for(definition: Mapping[str, Any], language: str = "en") -> dict[str, Any]:
    """Complete texts for a structure."""
    titled = {"title": "T", "about": "A"}
    return {
        "language": language,
        **dict.fromkeys(("title", "short_title", "summary", "origin", "method", "limits"), "Words."),
        "questions": {
            question["id"]: {
                **titled,
                "prompt": "P?",
                "levels": {
                    str(level): {"name": f"L{level}", "description": "D", "next": "N"}
                    for level in range(question.get("lowest", 0), question["highest"] + 1)
                },
            }
            for question in definition["questions"]
        },
        "nodes": {node["id"]: titled for node in definition["nodes"]},
        "bands": {
            each["id"]: titled
            for node in definition["nodes"]
            for each in (*node.get("bands", ()), *node.get("classes", ()))
        },
    }


def write_folder(folder: Path, definition: Mapping[str, Any], **texts: Mapping[str, Any]) -> Path:
    """Write a definition's folder; JSON is YAML. Texts not given are made complete for every language."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "definition.yaml").write_text(json.dumps(definition, indent=1))
    for language in definition["languages"]:
        words = texts.get(language) or texts_for(definition, language)
        (folder / f"{language}.yaml").write_text(json.dumps(words, indent=1, ensure_ascii=False))
    return folder
