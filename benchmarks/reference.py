"""The reference model of the benchmarks: 100 questions, 20 dimensions, 5 pillars, weights, gates and limits.

Every question has levels 0 to 5 and may not apply; each dimension is held at 2 unless its first question reaches 2; a
pillar whose weakest dimension is below 1 is held at 3, the index at 3 where some pillar is below 1.
"""

from __future__ import annotations

from typing import Any

from questionnaires.model import Definition, Structure, Texts

QUESTIONS, DIMENSIONS, PILLARS = 100, 20, 5
WEIGHTS = (1, 2, 3, 1, 2)
"""Weight of a question, dimension or pillar by its place among its siblings."""


def structure() -> dict[str, Any]:
    """The model as data."""
    dimensions = [
        {
            "id": f"d{place}",
            "aggregation": "weighted_mean",
            "children": _children("q", place, 5),
            "rules": [
                {
                    "id": f"gate-{place}",
                    "kind": "gate",
                    "unless": f"not applies(q{place * 5}) or q{place * 5} >= 2",
                    "at_most": 2,
                }
            ],
        }
        for place in range(DIMENSIONS)
    ]
    pillars = [
        {
            "id": f"p{place}",
            "aggregation": "weighted_mean",
            "children": _children("d", place, 4),
            "rules": [_weakest(f"pillar-{place}", "d", place * 4, 4)],
        }
        for place in range(PILLARS)
    ]
    index = {
        "id": "index",
        "aggregation": "weighted_mean",
        "children": _children("p", 0, 5),
        "rules": [_weakest("weakest-pillar", "p", 0, 5)],
        "bands": [{"id": f"level-{level}", "from": level} for level in range(6)],
    }
    return {
        "family": "reference",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 2, "mode": "half_up"},
        "index": "index",
        "categories": [pillar["id"] for pillar in pillars],
        "questions": [
            {"id": f"q{place}", "kind": "level", "lowest": 0, "highest": 5, "not_applicable": "allowed"}
            for place in range(QUESTIONS)
        ],
        "nodes": [*dimensions, *pillars, index],
    }


def definition() -> Definition:
    """The model as a definition with no more texts than it takes."""
    words = dict.fromkeys(("title", "short_title", "summary", "origin", "method", "limits"), "Words.")
    texts = Texts.model_validate({"language": "en", "questions": {}, "nodes": {}, **words})
    return Definition.of(Structure.model_validate(structure()), {"en": texts})


def _children(letter: str, place: int, count: int) -> list[dict[str, Any]]:
    return [{"of": f"{letter}{place * count + each}", "weight": WEIGHTS[each]} for each in range(count)]


def _weakest(identifier: str, letter: str, first: int, count: int) -> dict[str, Any]:
    weak = " or ".join(f"{letter}{first + each} < 1" for each in range(count))
    return {"id": identifier, "kind": "cap", "when": weak, "at_most": 3}
