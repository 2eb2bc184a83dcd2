"""Values on the very limit of a rounding or of a rule are resolved by themselves: the assessment stays in columns."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from scoring import Answer, LevelAnswer, NumberAnswer, compile_plan
from scoring.columns import Columns, program, score_population
from scoring.columns.resolving import Resolving
from tests.scoring.columns.test_equal import same
from tests.scoring.wide import wide_definition

STRUCTURE: dict[str, Any] = {
    "family": "limits",
    "version": "1.0.0",
    "origin": "own",
    "languages": ["en"],
    "rounding": {"places": 1, "mode": "half_up"},
    "index": "all",
    "categories": ["part"],
    "questions": [
        {"id": "done", "kind": "number", "least": 0},
        {"id": "planned", "kind": "number", "least": 1},
        {"id": "care", "kind": "level", "highest": 4},
        {
            "id": "share",
            "kind": "computed",
            "formula": "100 * done / planned",
            "curve": {"form": "linear", "base": 0, "lead": 90, "better": "more", "at_lead": 4},
        },
    ],
    "nodes": [
        {"id": "part", "aggregation": "mean", "children": [{"of": "share"}, {"of": "care"}]},
        {
            "id": "all",
            "aggregation": "mean",
            "children": [{"of": "part"}, {"of": "share"}],
            "bands": [{"id": "low", "from": 0}, {"id": "middle", "from": 1}, {"id": "high", "from": 2}],
            "rules": [{"id": "share-gate", "kind": "gate", "unless": "share >= 70", "at_most_band": "middle"}],
        },
    ],
}


def population(count: int) -> list[dict[str, Answer]]:
    """Small whole numbers and tenths, whose shares often lie on a limit."""
    draw = random.Random(70)  # noqa: S311 – the same for ever
    return [
        {
            "done": NumberAnswer(number=Fraction(draw.randrange(0, 400), 10)),
            "planned": NumberAnswer(number=Fraction(draw.choice((20, 30, 36, 40)))),
            "care": LevelAnswer(level=draw.randrange(5)),
        }
        for _ in range(count)
    ]


@pytest.fixture(autouse=True)
def _by_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "MANY", 0)


def test_what_lies_on_a_limit_keeps_no_assessment_out_of_the_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = compile_plan(wide_definition(STRUCTURE))
    answers = population(300)
    assert same(plan, answers).singly == 0

    monkeypatch.setattr(Resolving, "resolved", lambda *given: given[2])
    assert score_population(plan, Columns.of(plan, answers)).singly > 10, "some do lie on a limit"


def test_an_assessment_that_stays_undecided_is_scored_by_itself() -> None:
    plan = compile_plan(wide_definition(STRUCTURE))
    answers = population(40)
    del answers[3]["done"], answers[7]["care"]
    answers[5]["planned"] = NumberAnswer(number=Fraction(100, 3))
    assert 1 <= same(plan, answers).singly <= 3
