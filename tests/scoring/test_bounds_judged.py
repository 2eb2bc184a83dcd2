"""What is still possible where brute force cannot go: published questionnaires, judged by CP-SAT (:mod:`judged`)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from random import Random

import pytest

from questionnaires import load
from questionnaires.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    Definition,
    GridQuestion,
    LevelQuestion,
    NotApplicable,
    NumberQuestion,
    Question,
    YesNoQuestion,
)
from scoring import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    GridAnswer,
    LevelAnswer,
    NotApplicableAnswer,
    NumberAnswer,
    Scorecard,
    State,
    YesNoAnswer,
    compile_plan,
    score,
)
from scoring.rounding import stated
from tests.scoring.judged import Given, Judge

ABSENT = NotApplicableAnswer(reason="–")


@pytest.mark.parametrize(
    ("family", "version"),
    [
        ("carbon-footprint-management", "1.0.0"),
        ("green-factory", "2018.0.0"),
        ("green-supply-chain", "1.0.0"),
        ("industrial-cluster", "1.0.0"),
        ("itti", "1.0.0"),
        ("itti", "2.0.0"),
        ("taicang-park", "1.0.0"),
    ],
)
def test_the_ends_are_those_that_a_solver_finds(family: str, version: str) -> None:
    """A third and two thirds of what is picked are known, and all that is measured."""
    definition = load(family, version)
    plan = compile_plan(definition)
    rounding = next(node.rounding for node in plan.nodes if node.id == definition.index)
    for seed, share in ((1, 0.0), (2, 0.3), (3, 0.6)):
        answers, given = _some(definition, Random(seed), share)  # noqa: S311 – no secret
        card = score(plan, answers)
        lowest, highest = Judge(definition, given | _measured(definition, card)).ends()
        ends = stated(lowest, rounding), stated(highest, rounding)
        assert (card.headline.lowest, card.headline.highest) == ends, answers


def _some(definition: Definition, draw: Random, share: float) -> tuple[dict[str, Answer], dict[str, Given]]:
    """Answers to some questions, and to all that are measured; the same as the judge takes them."""
    answers: dict[str, Answer] = {}
    given: dict[str, Given] = {}
    for question in definition.questions:
        if not isinstance(question, NumberQuestion | ChoicesQuestion) and draw.random() >= share:
            continue
        if getattr(question, "not_applicable", None) is NotApplicable.ALLOWED and draw.random() < 0.1:
            answers[question.id], given[question.id] = ABSENT, None
            continue
        found = _any(question, draw)
        if found is not None:
            answers[question.id], picked = found
            given |= {} if picked is None else {question.id: picked}
    return answers, given


def _any(question: Question, draw: Random) -> tuple[Answer, int | Mapping[str, str] | None] | None:
    match question:
        case LevelQuestion(levels=levels):
            place = draw.randrange(len(levels))
            return LevelAnswer(level=levels[place]), place
        case YesNoQuestion():
            place = draw.randrange(2)
            return YesNoAnswer(yes=bool(place)), place
        case ChoiceQuestion(options=options):
            place = draw.randrange(len(options))
            return ChoiceAnswer(choice=options[place].id), place
        case GridQuestion(rows=rows):
            grid = {row.id: draw.choice(question.options).id for row in rows}
            return GridAnswer(grid=grid), grid
        case ChoicesQuestion(options=several):
            return ChoicesAnswer(choices=(draw.choice(several).id,)), None
        case NumberQuestion(least=least, most=most):
            low = -int(-(least or 0) // 1)
            high = low + 100 if most is None else int(most // 1)
            return NumberAnswer(number=Fraction(draw.randint(low, high))), None
    return None


def _measured(definition: Definition, card: Scorecard) -> dict[str, Given]:
    """What measured and computed numbers are worth, as the judge does not read curves."""
    picked = (LevelQuestion, YesNoQuestion, ChoiceQuestion, GridQuestion)
    kinds = {question.id: question for question in definition.questions}
    found: dict[str, Given] = {}
    for question in card.questions:
        if not isinstance(kinds[question.id], picked):
            if question.exact is not None:
                found[question.id] = Fraction(question.exact)
            elif question.state is State.NOT_APPLICABLE:
                found[question.id] = None
    return found
