"""Random definitions and answers: every aggregation, policy, weight and shape the language has."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from questionnaires.model import Definition, Structure, Texts
from scoring import Answer, LevelAnswer, NotApplicableAnswer
from tests.questionnaires.definitions import texts_for

WEIGHTS = st.fractions(min_value=Fraction(1, 8), max_value=9, max_denominator=8)


@st.composite
def structures(draw: st.DrawFn, *, most_questions: int = 5, same_scale: bool = False) -> dict[str, Any]:
    """A tree: questions in categories, categories below an index."""
    count = draw(st.integers(1, most_questions))
    questions: list[dict[str, Any]] = []
    for number in range(count):
        lowest = 0 if same_scale else draw(st.integers(0, 2))
        questions.append(
            {
                "id": f"q{number}",
                "kind": "level",
                "lowest": lowest,
                "highest": 3 if same_scale else lowest + draw(st.integers(1, 3)),
                "not_applicable": draw(st.sampled_from(["allowed", "refused"])),
            }
        )
    groups: dict[int, list[str]] = {}
    for question in questions:
        groups.setdefault(draw(st.integers(0, 2)), []).append(question["id"])
    nodes = [draw(_nodes(f"c{group}", members)) for group, members in sorted(groups.items())]
    index = draw(_nodes("overall", [node["id"] for node in nodes]))
    return {
        "family": "random",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {
            "places": draw(st.integers(0, 4)),
            "mode": draw(st.sampled_from(["half_up", "half_even", "down"])),
        },
        "index": "overall",
        "categories": [node["id"] for node in nodes],
        "questions": questions,
        "nodes": draw(st.permutations([*nodes, index])),
    }


@st.composite
def _nodes(draw: st.DrawFn, identifier: str, members: list[str]) -> dict[str, Any]:
    aggregation = draw(st.sampled_from(["mean", "weighted_mean", "minimum"]))
    weighted = aggregation == "weighted_mean"
    return {
        "id": identifier,
        "aggregation": aggregation,
        "missing": draw(st.sampled_from(["withhold", "exclude"])),
        "least_counted": draw(st.sampled_from(["0", "1/2", "2/3", "1"])),
        "children": [{"of": member, **({"weight": str(draw(WEIGHTS))} if weighted else {})} for member in members],
    }


def definition_of(structure: dict[str, Any]) -> Definition:
    """The definition with complete texts."""
    texts = Texts.model_validate(texts_for(structure))
    return Definition.of(Structure.model_validate(structure), {"en": texts})


def answers_to(question: dict[str, Any]) -> list[Answer]:
    """Every answer the question can have."""
    levels: list[Answer] = [LevelAnswer(level=n) for n in range(question["lowest"], question["highest"] + 1)]
    if question["not_applicable"] == "allowed":
        levels.append(NotApplicableAnswer(reason="Does not apply."))
    return levels


@st.composite
def answered(draw: st.DrawFn, structure: dict[str, Any], *, all_of_them: bool = False) -> dict[str, Answer]:
    """Random answers; some questions stay open unless ``all_of_them``."""
    given: dict[str, Answer] = {}
    for question in structure["questions"]:
        if all_of_them or draw(st.booleans()):
            given[question["id"]] = draw(st.sampled_from(answers_to(question)))
    return given
