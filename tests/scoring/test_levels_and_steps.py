"""Levels that are worth something else than their number, and numbers that come in steps."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from questionnaires.given import Given, misfit
from scoring import LevelAnswer, NumberAnswer, Scorecard, compile_plan, score
from scoring.errors import AnswersRefused, NumberOffStep
from tests.questionnaires.definitions import structure
from tests.scoring.wide import wide_definition


def made(**question: Any) -> dict[str, Any]:
    changed = structure()
    changed["questions"][0] = {"id": "a", **question}
    changed["questions"].append({"id": "seen", "kind": "computed", "formula": "1000 * a + score(a)"})
    return changed


def scored(structure: dict[str, Any], level: int | None = None) -> Scorecard:
    return score(compile_plan(wide_definition(structure)), {} if level is None else {"a": LevelAnswer(level=level)})


UNEVEN = {"kind": "level", "lowest": 1, "highest": 4, "worth": [0, 10, "40.5", 100]}


def test_a_level_counts_with_its_worth_and_is_named_by_its_number() -> None:
    card = scored(made(**UNEVEN), 3)
    question = card.question("a")
    assert (question.level, question.exact) == (3, "81/2")
    assert (question.lowest, question.highest, question.least, question.most) == (1, 4, "0", "100")
    assert card.question("seen").number == "6081/2"  # 1000 × level 3 + 40.5
    assert card.node("first").shares[0].exact == "81/2"


def test_an_open_level_may_become_each_of_its_worths_and_each_of_its_levels() -> None:
    changed = made(**UNEVEN, not_applicable="refused")
    changed["nodes"][0] = {"id": "first", "aggregation": "sum", "children": [{"of": "a"}]}
    changed["nodes"][1]["children"] += [{"of": "b"}, {"of": "seen"}]
    card = scored(changed)
    assert (card.node("first").lowest, card.node("first").highest) == ("0.00", "100.00")


def test_worth_may_fall() -> None:
    card = scored(made(kind="level", highest=2, worth=[30, 10, 0]), 0)
    assert (card.question("a").exact, card.question("a").least, card.question("a").most) == ("30", "0", "30")


STEPS: dict[str, Any] = {"kind": "number", "least": "1/2", "most": "10.5", "step": "2.5"}


@pytest.mark.parametrize(("number", "fits"), [("0.5", True), ("3", True), ("10.5", True), ("2.5", False), ("1", False)])
def test_a_number_lies_on_a_step(number: str, *, fits: bool) -> None:
    definition = wide_definition(made(**STEPS))
    given = {"a": NumberAnswer(number=Fraction(number))}
    if fits:
        assert score(compile_plan(definition), given).question("a").answer == number
    else:
        with pytest.raises(AnswersRefused) as refused:
            score(compile_plan(definition), given)
        (fault,) = refused.value.faults
        assert isinstance(fault, NumberOffStep)
        assert fault.details["step"] == "2.5"
        assert fault.details["start"] == "0.5"
    assert misfit(definition.questions[0], Given("number", number)) == (None if fits else "off-scale")


def test_without_a_least_number_steps_are_counted_from_nothing() -> None:
    plan = compile_plan(wide_definition(made(kind="number", step=5)))
    assert score(plan, {"a": NumberAnswer(number=Fraction(-35))}).question("a").answer == "-35"
    with pytest.raises(AnswersRefused, match="steps of 5 from 0"):
        score(plan, {"a": NumberAnswer(number=Fraction(37))})
