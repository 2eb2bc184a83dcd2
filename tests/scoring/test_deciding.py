"""What open questions decide, against brute force: every answer tried, every way that the rest can turn out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires import load
from questionnaires.loading import EXAMPLE, load_folder
from questionnaires.model import Definition
from scoring import Answer, ChoiceAnswer, Deciding, LevelAnswer, NotApplicableAnswer, Plan, compile_plan, deciding
from scoring.aggregate import Precision
from scoring.asked import constants, possibly
from scoring.deciding import trial_answers
from scoring.errors import AnswersRefused
from scoring.facts import Fact, Reading
from scoring.plan import PlannedNode
from scoring.possible import possible_node
from tests.scoring import strategies, wide
from tests.scoring.test_bounds import outcomes, tight
from tests.scoring.wide import wide_definition, wide_structures


def width(plan: Plan, structure: dict[str, Any], answers: dict[str, Answer]) -> Fraction:
    values = outcomes(plan, structure, answers)
    return max(values) - min(values) if values else Fraction(0)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_shares_are_those_of_all_completions(data: st.DataObject) -> None:
    structure = tight(data.draw(strategies.structures(most_questions=3)))
    answers = data.draw(strategies.answered(structure))
    plan = compile_plan(strategies.definition_of(structure))
    whole = width(plan, structure, answers)
    wanted: dict[str, Deciding] = {}
    for question in structure["questions"]:
        if question["id"] in answers or not whole:
            continue
        name = question["id"]
        tried = [each for each in strategies.answers_to(question) if not isinstance(each, NotApplicableAnswer)]
        shares = [(whole - width(plan, structure, {**answers, name: each})) / whole for each in tried]
        if any(shares):
            wanted[name] = Deciding(name, min(shares), max(shares), sum(shares, Fraction(0)) / len(shares))
    assert {each.question: each for each in deciding(plan, answers)} == wanted


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_computing_only_what_changed_is_computing_everything(data: st.DataObject) -> None:
    """Over the whole language: conditions, formulas, curves, rules, gates."""
    structure = data.draw(wide_structures())
    answers = data.draw(wide.answered(structure))
    plan = compile_plan(wide_definition(structure))
    for each in deciding(plan, answers):
        assert 0 <= each.least <= each.average <= each.most <= 1
        assert each.most > 0
        assert each == anew(plan, answers, each.question)


def anew(plan: Plan, answers: dict[str, Answer], name: str) -> Deciding:
    """The same figures from a whole computation for every trial answer."""

    def span(given_now: dict[str, Answer]) -> Fraction:
        found = possible(plan, given_now).facts[plan.index].number
        if found is None:
            return Fraction(0)
        assert found.low is not None
        assert found.high is not None
        return found.high - found.low

    whole = span(answers)
    tried = trial_answers(plan, plan.questions[plan.positions[name]], possible(plan, answers))
    shares = [max(Fraction(0), (whole - span({**answers, name: answer})) / whole) for answer in tried]
    return Deciding(name, min(shares), max(shares), sum(shares, Fraction(0)) / len(shares))


def possible(plan: Plan, answers: dict[str, Answer]) -> Reading:
    """All that is possible, one question and node after the other."""
    facts: dict[str, Fact] = constants(plan.constants)
    reading = Reading(facts, plan.tables, bits=128, last=True)
    for item in plan.order:
        if isinstance(item, PlannedNode):
            facts[item.id] = possible_node(item, reading, Precision(128, last=True))
        else:
            facts[item.id] = possibly(item, answers.get(item.id), reading)
    return reading


def example() -> Definition:
    return load_folder(EXAMPLE)


def test_trial_answers_of_every_kind() -> None:
    """What the figures are taken over is what the documentation says."""
    plan = compile_plan(example())
    reading = possible(plan, {"sector": ChoiceAnswer(choice="dairy")})
    found = {
        question.id: [answer.text for answer in trial_answers(plan, question, reading)] for question in plan.questions
    }
    assert found["maintenance"] == ["0", "1", "2", "3", "4"]
    assert found["energy-review"] == ["never", "yearly", "monthly"]
    assert found["safety-officer"] == ["no", "yes"]
    assert found["certificates"] == ["quality", "environment", "fined", "none-of-these", "environment, quality"]
    assert found["records"] == [f"production: {each}, purchasing: {each}" for each in ("paper", "mixed", "digital")]
    assert found["research"] == ["0", "100", "10000"]
    assert found["scrap"] == ["0", "100", "1", "5"]
    assert found["training"] == ["0", "8", "40"]
    assert found["permit-issued"] == ["2000-01-01", "2050-12-31"]
    assert found["permit-until"] == []
    assert found["intensity"] == []


def test_equal_questions_decide_equal_parts() -> None:
    """Of itti 1.0.0, where a question is a dimension and the index a weighted mean: weight of category / questions."""
    definition = load("itti", "1.0.0")
    plan = compile_plan(definition)
    answers = {question.id: LevelAnswer(level=3) for question in definition.questions}
    for name in ("maintenance", "quality"):
        del answers[name]
    first, second = deciding(plan, answers)
    assert (first.least, first.most, second.least) == (Fraction(1, 2),) * 3
    assert [each.question for each in (first, second)] == ["maintenance", "quality"], (
        "ties by the questionnaire's order"
    )


def test_nothing_open_decides_nothing() -> None:
    definition = load("itti", "1.0.0")
    answers = {question.id: LevelAnswer(level=3) for question in definition.questions}
    assert deciding(compile_plan(definition), answers) == ()


def test_answers_that_cannot_be_scored_are_refused() -> None:
    with pytest.raises(AnswersRefused):
        deciding(compile_plan(load("itti", "1.0.0")), {"quality": LevelAnswer(level=9)})
