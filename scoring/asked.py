"""Questions: the fact that an answer states, and all that a missing one may still state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from questionnaires.days import number_of as day_number
from questionnaires.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    ComputedQuestion,
    DateQuestion,
    GridAggregation,
    GridQuestion,
    ItemsQuestion,
    LevelQuestion,
    NumberQuestion,
    YesNoQuestion,
    denied_by,
)
from scoring.answers import (
    Answer,
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
from scoring.curves import reachable, worth
from scoring.enclosure import ANYTHING, Enclosure, point
from scoring.facts import NO_ITEMS, NOTHING, Fact, Reading
from scoring.formulas import number, truth
from scoring.plan import AchievableRows, PlannedCurve, PlannedQuestion
from scoring.quantities import Quantity


def answered(question: PlannedQuestion, answer: Answer, reading: Reading) -> Fact:
    """The fact that a (checked) answer states."""
    match answer:
        case NotApplicableAnswer():
            return replace(_without(question), answered=True)
        case LevelAnswer(level=level):
            value = point(question.worth[str(level)])
            return Fact(point(Fraction(level)), value, picked=frozenset({str(level)}), answered=True)
        case YesNoAnswer(yes=yes):
            asked = question.asked
            assert isinstance(asked, YesNoQuestion)  # noqa: S101 – held by check_answer
            value = point(asked.yes if yes else asked.no)
            return Fact(value, value, truth=yes, picked=frozenset({"yes" if yes else "no"}), answered=True)
        case ChoiceAnswer(choice=choice):
            if choice in question.denials:
                return replace(NOTHING, picked=frozenset({choice}), answered=True)
            value_of = question.worth.get(choice)
            return _worth(value_of, frozenset({choice}))
        case ChoicesAnswer(choices=choices):
            if not question.denials.isdisjoint(choices):
                return replace(NOTHING, picked=frozenset(choices), answered=True)
            asked = question.asked
            assert isinstance(asked, ChoicesQuestion)  # noqa: S101 – held by check_answer
            return _worth(_limited(asked, sum(question.worth[choice] for choice in choices)), frozenset(choices))
        case GridAnswer(grid=grid):
            asked = question.asked
            assert isinstance(asked, GridQuestion)  # noqa: S101 – held by check_answer
            counted = {row: question.worth[option] for row, option in grid.items() if option not in question.denials}
            if not counted:
                return replace(NOTHING, rows=grid, answered=True)
            value = point(_grid(asked, counted))
            return Fact(value, value, rows=grid, answered=True)
        case DateAnswer(date=day):
            return Fact(point(Fraction(day_number(day))), None, answered=True)
        case ItemsAnswer(items=items):
            return Fact(point(Fraction(len(items))), None, answered=True)
        case NumberAnswer(number=given):
            return measured(question, Quantity(point(given)), reading, is_answer=True)


def computed(question: PlannedQuestion, reading: Reading) -> Fact:
    """The fact that a computed question states."""
    if question.formula is None:
        raise TypeError(f"not computed: {question.id}")
    found = number(question.formula, reading)
    asked = question.asked
    if found.span is not None and isinstance(asked, ComputedQuestion):
        found = replace(found, span=found.span.held(asked.least, asked.most))
    return measured(question, found, reading, is_answer=False)


def measured(question: PlannedQuestion, found: Quantity, reading: Reading, *, is_answer: bool) -> Fact:
    """The fact of a number, typed or computed, with what its curve makes of it."""
    if found.span is None:
        undefined = found.undefined
        return Fact(None, None, found.known, applies=None if not found.known else undefined, undefined=undefined)
    valued = found if question.curve is None else worth(question.curve, found, reading)
    return Fact(
        number=found.span,
        score=valued.span,
        known=found.known and valued.known,
        optional=found.optional or valued.optional,
        applies=None if found.optional else True,
        undefined=valued.undefined,
        may_fail=found.may_fail or valued.may_fail,
        answered=is_answer,
    )


def missing(question: PlannedQuestion, reading: Reading, within: Enclosure | None = None) -> Fact:
    """All that is known of a question nobody has answered yet; or of a number that is answered ``within`` a range."""
    asked = question.asked
    raw = value = question.scale
    may_fail = False
    if isinstance(asked, LevelQuestion):
        raw = Enclosure(Fraction(asked.lowest), Fraction(asked.highest))
    if isinstance(asked, NumberQuestion):
        raw = Enclosure(asked.least, asked.most) if within is None else within
        if question.curve is None:
            value = raw
        else:
            valued = worth(question.curve, Quantity(raw, known=False), reading)
            value, may_fail = valued.span or question.scale, valued.may_fail or valued.undefined
    may_not_apply = question.may_not_apply and within is None
    applies = None if may_not_apply else True
    if isinstance(asked, ItemsQuestion):
        least = 0 if question.may_not_apply else asked.least
        return Fact(Enclosure(Fraction(least), Fraction(asked.most)), None, known=False, applies=applies)
    if isinstance(asked, DateQuestion):
        ends = (None if day is None else Fraction(day_number(day)) for day in (asked.earliest, asked.latest))
        return Fact(Enclosure(*ends), None, known=False, optional=question.may_not_apply, applies=applies)
    answered = within is not None
    return Fact(raw, value, known=False, optional=may_not_apply, applies=applies, may_fail=may_fail, answered=answered)


def _without(question: PlannedQuestion) -> Fact:
    """The fact of a question that does not apply: a list then has no items."""
    return NO_ITEMS if isinstance(question.asked, ItemsQuestion) else NOTHING


def perhaps(question: PlannedQuestion, fact: Fact) -> Fact:
    """The same fact where it is not known yet whether the question applies at all."""
    if isinstance(question.asked, ItemsQuestion) and fact.number is not None:
        return Fact(fact.number.hull(point(Fraction(0))), None, known=False, applies=None)
    if fact.number is None and fact.applies is False:
        return replace(fact, picked=None if fact.picked else fact.picked, rows=None if fact.rows else fact.rows)
    may_fail = fact.may_fail or fact.undefined
    return Fact(fact.number, fact.score, known=False, optional=True, applies=None, may_fail=may_fail, picked=None)


def scale(question: object, curve: PlannedCurve | None) -> Enclosure:
    """All values that an answer to a question can give; of a date or a list, which has none, no limit is known."""
    match question:
        case LevelQuestion():
            return _ends(question.worth_of(level) for level in question.levels)
        case YesNoQuestion(yes=yes, no=no):
            return Enclosure(min(yes, no), max(yes, no))
        case ChoiceQuestion(options=options):
            return _ends(option.value for option in options)
        case ChoicesQuestion():
            return _several(question)
        case GridQuestion():
            return _grid_scale(question)
        case DateQuestion() | ItemsQuestion():
            return ANYTHING
        case NumberQuestion(least=least, most=most):
            if curve is None:
                return Enclosure(least, most)
            if curve.base is not None or curve.lead is not None:
                return reachable(curve)
            within = Quantity(Enclosure(least, most), known=False)
            return worth(curve, within, Reading({}, {}, bits=64, last=True)).span or reachable(curve)
        case ComputedQuestion(least=least, most=most):
            return Enclosure(least, most) if curve is None else reachable(curve)
    raise TypeError(f"no question: {question!r}")


def _worth(value: Fraction | None, picked: frozenset[str] | None = None) -> Fact:
    span = None if value is None else point(value)
    return Fact(span, span, picked=picked, answered=True)


def _ends(values: Iterable[Fraction | None]) -> Enclosure:
    known = [value for value in values if value is not None]
    return Enclosure(min(known), max(known)) if known else point(Fraction(0))


def _limited(asked: ChoicesQuestion, value: Fraction | int) -> Fraction:
    held = Fraction(value)
    if asked.at_least is not None:
        held = max(held, asked.at_least)
    return held if asked.at_most is None else min(held, asked.at_most)


def _several(asked: ChoicesQuestion) -> Enclosure:
    """What a question of several choices can be worth, within its limits."""
    span = sums(asked, {option.id: option.value or Fraction(0) for option in asked.options})
    return span.monotone(lambda value: _limited(asked, value))


def sums(asked: ChoicesQuestion, worth: Mapping[str, Fraction]) -> Enclosure:
    """Extremes over all permitted picks: the best (worst) so many of the options that go together, or one alone."""
    applying = [option for option in asked.options if not option.not_applicable]
    together = sorted(worth.get(option.id, Fraction(0)) for option in applying if not option.alone)
    alone = [worth.get(option.id, Fraction(0)) for option in applying if option.alone]
    most = min(len(together), asked.most_picked or len(together))
    reached = [value for value in alone if asked.least_picked <= 1]
    for count in range(asked.least_picked, most + 1):
        reached += [sum(together[:count], Fraction(0)), sum(together[len(together) - count :], Fraction(0))]
    return Enclosure(min(reached, default=Fraction(0)), max(reached, default=Fraction(0)))


def _grid(asked: GridQuestion, values: dict[str, Fraction]) -> Fraction:
    weighted = [(row.weight, values[row.id]) for row in asked.rows if row.id in values]
    match asked.aggregation:
        case GridAggregation.MINIMUM:
            return min(values.values())
        case GridAggregation.MAXIMUM:
            return max(values.values())
    summed = sum((weight * value for weight, value in weighted), Fraction(0))
    if asked.aggregation is GridAggregation.SUM:
        return summed
    return summed / sum(weight for weight, _ in weighted)


def _grid_scale(asked: GridQuestion) -> Enclosure:
    ends = _ends(option.value for option in asked.options)
    if ends.low is None or ends.high is None:
        return ends
    low, high = ends.low, ends.high
    if denied_by(asked) and asked.aggregation is GridAggregation.SUM:  # rows may leave, but never all
        weights = [row.weight for row in asked.rows]
        return Enclosure(
            min(weights) * low if low > 0 else sum(weights) * low,
            min(weights) * high if high < 0 else sum(weights) * high,
        )
    return Enclosure(
        _grid(asked, {row.id: low for row in asked.rows}), _grid(asked, {row.id: high for row in asked.rows})
    )


def achievable_rows(asked: object) -> AchievableRows | None:
    """What the rows of a grid could achieve; None where no answer to the question changes that."""
    if not isinstance(asked, GridQuestion) or asked.aggregation is not GridAggregation.SUM or not denied_by(asked):
        return None
    ends = _ends(option.value for option in asked.options)
    low, high = ends.low or Fraction(0), ends.high or Fraction(0)
    if high <= 0:
        return None  # nothing can be achieved, whichever rows apply
    return AchievableRows({row.id: row.weight * high for row in asked.rows}, denied_by(asked), low / high)


def constants(values: Mapping[str, Fraction | None]) -> dict[str, Fact]:
    """The facts of a definition's constants, and of the figures of a cohort (None: not given)."""
    return {
        name: Fact(ANYTHING, ANYTHING, known=False) if value is None else Fact(point(value), point(value))
        for name, value in values.items()
    }


def possibly(
    question: PlannedQuestion, answer: Answer | None, reading: Reading, within: Enclosure | None = None
) -> Fact:
    """The fact of a question: what its answer states, or all that a missing one may still state.

    ``within``: what is missing is a number of that range.
    """
    applies = True if question.applies_when is None else truth(question.applies_when, reading)
    if applies is False:
        return _without(question)
    if not question.answerable:
        fact = computed(question, reading)
    elif answer is None:
        fact = missing(question, reading, within)
    else:
        fact = answered(question, answer, reading)
    return fact if applies else perhaps(question, fact)
