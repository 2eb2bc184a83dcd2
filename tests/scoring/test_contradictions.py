"""Answers that cannot all be true, as a definition says: found as soon as they are known, never from what is open."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from scoring import Answer, NotApplicableAnswer, NumberAnswer, compile_plan, contradictions
from tests.questionnaires.definitions import structure
from tests.scoring.wide import wide_definition

CONTRADICTIONS = [
    {"id": "more-than-all", "when": "marked > firms"},
    {"id": "share-above-one", "when": "share > 1 and not few"},
    {"id": "irrational", "when": "root(marked, 2) > ln(firms)"},
]


def made() -> dict[str, Any]:
    changed = structure(
        contradictions=CONTRADICTIONS, conditions=[{"id": "few", "when": "firms < 5 or applies(other) and other = 1"}]
    )
    numbers: list[dict[str, Any]] = [{"id": name, "kind": "number"} for name in ("other", "firms", "marked")]
    changed["questions"] += [*numbers, {"id": "share", "kind": "computed", "formula": "marked / firms"}]
    return changed


PLAN = compile_plan(wide_definition(made()))


def given(**numbers: int | None) -> dict[str, Answer]:
    absent = NotApplicableAnswer(reason="No such firms.")
    return {
        name: absent if number is None else NumberAnswer(number=Fraction(number)) for name, number in numbers.items()
    }


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        (given(firms=100, marked=9), []),
        (given(firms=100, marked=101, other=2), ["more-than-all", "share-above-one", "irrational"]),
        (given(firms=100, marked=101), ["more-than-all", "irrational"]),  # other is open: it may still be 1
        (given(firms=4, marked=5), ["more-than-all", "irrational"]),
        (given(marked=101), []),
        (given(firms=None, marked=101), []),
        ({}, []),
    ],
)
def test_what_holds(answers: dict[str, Answer], found: list[str]) -> None:
    assert [each.id for each in contradictions(PLAN, answers)] == found


def test_the_questions_that_people_answer_are_named_in_reading_order() -> None:
    assert [each.questions for each in PLAN.contradictions] == [
        ("firms", "marked"),
        ("other", "firms", "marked"),
        ("firms", "marked"),
    ]
