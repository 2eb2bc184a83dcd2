"""The scale of a node is exactly what answers can reach: every answer is tried, through the real engine."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.checking import scale_of
from questionnaires.model import Definition, Structure
from scoring import compile_plan, score
from scoring.answers import Answer, LevelAnswer, NotApplicableAnswer

PLACES = 9


@st.composite
def nodes(draw: st.DrawFn, aggregation: str) -> dict[str, Any]:
    """A structure of one node over one to three levels of different length, some of which may not apply."""
    questions = []
    for name in "abc"[: draw(st.integers(1, 3))]:
        lowest = draw(st.integers(0, 2))
        highest = lowest + draw(st.integers(1, 2))
        allowed = draw(st.sampled_from(["allowed", "refused"]))
        questions.append({"id": name, "kind": "level", "lowest": lowest, "highest": highest, "not_applicable": allowed})
    weighted = aggregation in {"weighted_mean", "sum", "share", "share_reached"}
    children = [
        {"of": question["id"]} | ({"weight": draw(st.integers(1, 3))} if weighted else {}) for question in questions
    ]
    return {
        "family": "scales",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": PLACES, "mode": "half_even"},
        "index": "all",
        "categories": ["all"],
        "questions": questions,
        "nodes": [{"id": "all", "aggregation": aggregation, "children": children}],
    }


def reached(definition: Definition) -> list[Fraction]:
    """Every value of the index, over all answers."""
    plan = compile_plan(definition)
    choices: list[list[tuple[str, Answer]]] = []
    for question in definition.questions:
        assert question.kind == "level"
        answers: list[Answer] = [LevelAnswer(level=level) for level in question.levels]
        if question.not_applicable.value == "allowed":
            answers.append(NotApplicableAnswer(reason="Not here."))
        choices.append([(question.id, answer) for answer in answers])
    cards = [score(plan, dict(given)) for given in product(*choices)]
    values = [card.nodes[0].value for card in cards]
    return [Fraction(value) for value in values if value is not None]


@pytest.mark.parametrize("aggregation", ["mean", "weighted_mean", "sum", "minimum", "maximum", "median", "share"])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_ends_are_reached_and_never_passed(aggregation: str, data: st.DataObject) -> None:
    structure = Structure.model_validate(data.draw(nodes(aggregation)))
    values = reached(Definition.of(structure, {}))
    lowest, highest = scale_of(structure, structure.nodes[0])
    assert lowest is not None
    assert highest is not None
    margin = Fraction(1, 10**PLACES)
    assert abs(min(values) - lowest) <= margin
    assert abs(max(values) - highest) <= margin


@pytest.mark.parametrize("aggregation", ["geometric", "harmonic"])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_means_between_their_ends(aggregation: str, data: st.DataObject) -> None:
    structure = Structure.model_validate(data.draw(nodes(aggregation)))
    lowest, highest = scale_of(structure, structure.nodes[0])
    assert lowest is not None
    assert highest is not None
    assert all(lowest <= value <= highest for value in reached(Definition.of(structure, {})))


def number(**words: Any) -> tuple[Fraction | None, Fraction | None]:
    """Scale of a node over one question."""
    question = {"id": "a", **words}
    child = {"id": "all", "aggregation": "maximum", "children": [{"of": "a"}]}
    structure = Structure.model_validate(
        {
            "family": "scales",
            "version": "1.0.0",
            "origin": "own",
            "languages": ["en"],
            "rounding": {"places": 2, "mode": "half_up"},
            "index": "all",
            "categories": ["all"],
            "questions": [question],
            "nodes": [child],
        }
    )
    return scale_of(structure, structure.nodes[0])


LINE = {"form": "linear", "base": 10, "lead": 0, "better": "less", "at_lead": 5}
STAIR = {"form": "steps", "below": -1, "steps": [{"from": 0, "value": 2}, {"from": 5, "value": 3}]}
OPTIONS = [{"id": "x", "value": 3}, {"id": "y", "value": -2}, {"id": "z", "value": 1}]


@pytest.mark.parametrize(
    ("words", "scale"),
    [
        ({"kind": "number"}, (None, None)),
        ({"kind": "number", "least": 1, "most": 9}, (1, 9)),
        ({"kind": "number", "curve": LINE}, (0, 5)),
        ({"kind": "number", "curve": LINE | {"capped": False}}, (None, None)),
        ({"kind": "number", "least": 0, "most": 20, "curve": LINE | {"capped": False}}, (-5, 5)),
        ({"kind": "number", "least": 0, "curve": LINE | {"capped": False}}, (None, 5)),
        ({"kind": "number", "curve": LINE | {"lead": 10, "capped": False}}, (0, 5)),
        ({"kind": "number", "curve": STAIR}, (-1, 3)),
        ({"kind": "number", "least": 0, "curve": STAIR}, (2, 3)),
        ({"kind": "number", "least": 0, "curve": STAIR | {"boundary": "upper"}}, (-1, 3)),
        ({"kind": "computed", "formula": "1 + 1"}, (None, None)),
        ({"kind": "yes_no", "yes": -1, "no": 2}, (-1, 2)),
        ({"kind": "choice", "options": OPTIONS}, (-2, 3)),
        ({"kind": "choices", "options": OPTIONS}, (-2, 4)),
        ({"kind": "choices", "options": OPTIONS, "most_picked": 1}, (-2, 3)),
        ({"kind": "choices", "options": OPTIONS, "least_picked": 2}, (-1, 4)),
        ({"kind": "choices", "options": OPTIONS, "least_picked": 3}, (2, 2)),
        ({"kind": "choices", "options": OPTIONS, "at_least": 0, "at_most": 2}, (0, 2)),
        ({"kind": "choices", "options": [*OPTIONS, {"id": "none", "value": -9, "alone": True}]}, (-9, 4)),
        ({"kind": "grid", "rows": [{"id": "r"}, {"id": "s", "weight": 2}], "options": OPTIONS}, (-2, 3)),
        (
            {"kind": "grid", "rows": [{"id": "r"}, {"id": "s", "weight": 2}], "options": OPTIONS, "aggregation": "sum"},
            (-6, 9),
        ),
    ],
)
def test_every_kind_of_question(words: dict[str, Any], scale: tuple[int | None, int | None]) -> None:
    assert number(**words) == scale
