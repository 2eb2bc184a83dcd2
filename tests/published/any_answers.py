"""Random answers to any definition, drawn by hypothesis."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import ceil, floor

from hypothesis import strategies as st

from questionnaires.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    GridQuestion,
    Item,
    ItemsQuestion,
    LevelQuestion,
    NotApplicable,
    NumberQuestion,
    Question,
    YesNoQuestion,
)
from scoring import (
    ChoiceAnswer,
    ChoicesAnswer,
    DateAnswer,
    GridAnswer,
    ItemsAnswer,
    LevelAnswer,
    NotApplicableAnswer,
    NumberAnswer,
    YesNoAnswer,
)
from scoring.answers import Answer
from scoring.plan import Plan


def _given(question: Question) -> st.SearchStrategy[Answer] | None:
    """Answers on the scale of a question; None: it is computed."""
    match question:
        case LevelQuestion():
            return st.sampled_from(question.levels).map(lambda level: LevelAnswer(level=level))
        case ChoiceQuestion():
            return st.sampled_from([option.id for option in question.options]).map(lambda one: ChoiceAnswer(choice=one))
        case ChoicesQuestion():
            return _picks(question).map(lambda picked: ChoicesAnswer(choices=tuple(picked)))
        case GridQuestion():
            one = st.sampled_from([option.id for option in question.options])
            rows = st.fixed_dictionaries({row.id: one for row in question.rows})
            return rows.map(lambda grid: GridAnswer(grid=grid))
        case YesNoQuestion():
            return st.booleans().map(lambda yes: YesNoAnswer(yes=yes))
        case DateQuestion(earliest=earliest, latest=latest):
            days = st.dates(earliest or date(2015, 1, 1), latest or date(2040, 12, 31))
            return days.map(lambda day: DateAnswer(date=day))
        case NumberQuestion():
            return _numbers(question).map(lambda number: NumberAnswer(number=number))
    return None


def _picks(question: ChoicesQuestion) -> st.SearchStrategy[list[str]]:
    together = [option.id for option in question.options if not option.alone]
    alone = [[option.id] for option in question.options if option.alone]
    most = len(together) if question.most_picked is None else question.most_picked
    several = st.lists(st.sampled_from(together), min_size=question.least_picked, max_size=most, unique=True)
    return st.one_of(several, st.sampled_from(alone)) if alone else several


def _numbers(question: NumberQuestion) -> st.SearchStrategy[Fraction]:
    least = Fraction(-50) if question.least is None else question.least
    most = least + 1000 if question.most is None else question.most
    if question.step is not None:
        start, step = question.least or Fraction(0), question.step
        return st.integers(0, int((most - start) / step)).map(lambda count: start + count * step)
    if question.places == 0:
        return st.integers(ceil(least), floor(most)).map(Fraction)
    parts = 10 if question.places == 1 else 100
    fine = st.integers(ceil(least * parts), floor(most * parts)).map(lambda part: Fraction(part, parts))
    return st.one_of(st.just(least), fine)


def any_answers(plan: Plan) -> st.SearchStrategy[dict[str, Answer]]:
    """Complete answers to a plan, some of them "does not apply" where that is allowed."""
    return _any_answers(plan, {})


@st.composite
def _any_answers(draw: st.DrawFn, plan: Plan, known: dict[str, st.SearchStrategy[Answer] | None]) -> dict[str, Answer]:
    """``known``: what was made for each question; hypothesis looks through a strategy once, which takes longest."""
    found: dict[str, Answer] = {}
    for _ in ("lists", "those that their items have"):
        for planned in plan.unrolled(found).questions:
            if isinstance(planned.asked, ItemsQuestion) and planned.id not in found:
                count = draw(st.integers(planned.asked.least, min(planned.asked.most, 3)))
                named = tuple(Item(id=f"i{place}", name=f"I{place}") for place in range(count))
                found[planned.id] = ItemsAnswer(items=named)
    for planned in plan.unrolled(found).questions:
        if planned.id not in known:
            known[planned.id] = _given(planned.asked)
        given = known[planned.id]
        if given is None:
            continue
        allowed = getattr(planned.asked, "not_applicable", None) is NotApplicable.ALLOWED
        if allowed and draw(st.integers(0, 6)) == 0:
            found[planned.id] = NotApplicableAnswer(reason="Not here.")
        else:
            found[planned.id] = draw(given)
    return found
