"""Definitions with every kind of question, random answers to them, and random migrations between two versions."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from hypothesis import strategies as st

from questionnaires.migration import Migration
from questionnaires.model import Definition, Structure, Texts

OPTIONS = [{"id": "none", "value": 0}, {"id": "some", "value": 1}, {"id": "all", "value": "2.5"}]

QUESTIONS: list[dict[str, Any]] = [
    {"id": "lev", "kind": "level", "highest": 4},
    {"id": "lev-two", "kind": "level", "lowest": 1, "highest": 3, "not_applicable": "refused"},
    {"id": "one", "kind": "choice", "options": OPTIONS},
    {
        "id": "many",
        "kind": "choices",
        "options": [*({"id": name, "value": 1} for name in ("red", "blue", "green")), {"id": "nil", "alone": True}],
    },
    {"id": "cells", "kind": "grid", "rows": [{"id": "top"}, {"id": "low"}], "options": OPTIONS},
    {"id": "sure", "kind": "yes_no"},
    {"id": "amount", "kind": "number", "unit": "MWh", "least": 0, "most": 1000, "places": 2},
    {"id": "since", "kind": "date", "earliest": "2000-01-01", "latest": "2030-12-31"},
    {"id": "double", "kind": "computed", "formula": "amount * 2", "unit": "MWh"},
]


def question(identifier: str, **changes: Any) -> dict[str, Any]:
    """A fresh copy of one of the questions with some keys replaced."""
    return copy.deepcopy(next(found for found in QUESTIONS if found["id"] == identifier)) | changes


def definition(*questions: dict[str, Any], version: str = "1.0.0", **parts: Any) -> Definition:
    """A definition of these questions (all of them, if none are given) in English and Arabic."""
    asked = list(questions) or copy.deepcopy(QUESTIONS)
    structure = {
        "family": "every-kind",
        "version": version,
        "origin": "own",
        "languages": ["en", "ar"],
        "rounding": {"places": 2, "mode": "half_up"},
        "index": "overall",
        "categories": ["overall"],
        "questions": asked,
        "nodes": [{"id": "overall", "aggregation": "mean", "children": [{"of": asked[0]["id"]}]}],
    } | parts
    texts = {
        language: Texts.model_validate(
            {
                "language": language,
                **dict.fromkeys(("title", "short_title", "summary", "origin", "method", "limits"), "Words."),
                "questions": {one["id"]: {"title": f"Title of {one['id']}"} for one in asked},
                "nodes": {node["id"]: {"title": "Node"} for node in structure["nodes"]},
            }
        )
        for language in structure["languages"]
    }
    return Definition.of(Structure.model_validate(structure), texts)


def migration(*steps: dict[str, Any], source: str = "1.0.0") -> Migration:
    """A migration of these steps."""
    return Migration.model_validate({"from": source, "steps": steps})


def answers_to(asked: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Answers that the question takes, each with or without reason and evidence."""
    ids = [option["id"] for option in asked.get("options", [])]
    kinds: dict[str, st.SearchStrategy[dict[str, Any]]] = {
        "level": st.integers(asked.get("lowest", 0), asked.get("highest", 1)).map(lambda level: {"level": level}),
        "choice": st.sampled_from(ids or ["-"]).map(lambda option: {"choice": option}),
        "choices": st.one_of(
            st.just({"choices": ["nil"]}),
            st.lists(st.sampled_from(["red", "blue", "green"]), unique=True).map(lambda picked: {"choices": picked}),
        ),
        "grid": st.fixed_dictionaries({row["id"]: st.sampled_from(ids or ["-"]) for row in asked.get("rows", [])}).map(
            lambda cells: {"grid": cells}
        ),
        "yes_no": st.booleans().map(lambda truth: {"yes": truth}),
        "date": st.dates(date(2000, 1, 1), date(2030, 12, 31)).map(lambda day: {"date": day.isoformat()}),
        "number": st.decimals(0, 1000, places=2, allow_nan=False).map(lambda number: {"number": str(number)}),
    }
    answer = kinds[asked["kind"]]
    if asked.get("not_applicable") != "refused":
        answer = st.one_of(answer, st.just({"not_applicable": True}))
    remarks = st.fixed_dictionaries(
        {}, optional={"reason": st.just("Because."), "evidence": st.just([{"sha256": "0" * 64}])}
    )
    return st.tuples(answer, remarks).map(lambda both: both[0] | {"reason": "Not here."} | both[1])


@st.composite
def sheets(draw: st.DrawFn, questions: list[dict[str, Any]] | None = None) -> dict[str, dict[str, Any]]:
    """Answers to some of the questions; some entries hold a reason but no answer yet."""
    given: dict[str, dict[str, Any]] = {}
    for asked in QUESTIONS if questions is None else questions:
        if asked["kind"] == "computed":
            continue
        state = draw(st.sampled_from(["answered", "answered", "open", "begun"]))
        if state == "answered":
            given[asked["id"]] = draw(answers_to(asked))
        elif state == "begun":
            given[asked["id"]] = {"reason": "Ask the foreman."}
    return given
