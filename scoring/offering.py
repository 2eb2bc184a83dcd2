"""Answers that an open question can still get: all of them where they are few, else those that matter."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from fractions import Fraction
from itertools import chain, combinations, islice, product
from math import ceil, floor
from typing import Final

from questionnaires.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    GridQuestion,
    ItemsQuestion,
    LevelQuestion,
    NotApplicable,
    NumberQuestion,
    StepsCurve,
    YesNoQuestion,
)
from scoring import asked
from scoring.answers import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    DateAnswer,
    GridAnswer,
    LevelAnswer,
    NotApplicableAnswer,
    NumberAnswer,
    YesNoAnswer,
)
from scoring.checking import check_answer
from scoring.crossing import Crossings
from scoring.deciding import trial_answers
from scoring.facts import Reading
from scoring.plan import PlannedQuestion
from scoring.trying import Possible

MOST: Final = 64
"""Most answers to a question that are looked at one by one."""

_FAR: Final = tuple(Fraction(10) ** power for power in (0, 3, 6, 9, 12))
"""Where a number has no limit."""

_YEARS: Final = (1900, 2000, 2020, 2025, 2030, 2050, 2100)
"""Where a date has no limit."""

_NEXT: Final = Fraction(1, 1000)
"""Beside a limit, where a number may have any decimals."""


def offered(
    possible: Possible, question: PlannedQuestion, crossings: Crossings, *, falling: bool
) -> tuple[tuple[Answer, ...], bool]:
    """Answers to the question, from those worth least (``falling``: most) on, and whether they are all there are.

    What says that the question does not apply comes last.
    """
    every = list(islice(_every(question), MOST + 1))
    complete = len(every) <= MOST and _is_listed(question)
    found = every if complete else [*_some(possible, question, crossings)]
    fitting = [each for each in found if check_answer(possible.plan, question.id, each) is None]
    worth = {each.text: _worth(question, each, possible.reading) for each in fitting}
    valued = [each for each in fitting if worth[each.text] is not None]
    valued.sort(key=lambda each: worth[each.text] or Fraction(0), reverse=falling)
    others = [each for each in fitting if worth[each.text] is None]
    if getattr(question.asked, "not_applicable", None) is NotApplicable.ALLOWED:
        others.append(NotApplicableAnswer(reason="–"))
    return (*valued, *others), complete


def _worth(question: PlannedQuestion, answer: Answer, reading: Reading) -> Fraction | None:
    """What an answer is worth; of a number that no curve rates the number, of a date nothing."""
    span = asked.answered(question, answer, reading).score
    return None if span is None else span.low


def _is_listed(question: PlannedQuestion) -> bool:
    """Whether :func:`_every` has all answers to such a question."""
    match question.asked:
        case NumberQuestion(least=least, most=most):
            return unit_of(question.asked) is not None and least is not None and most is not None
        case DateQuestion(earliest=earliest, latest=latest):
            return earliest is not None and latest is not None
        case ItemsQuestion():
            return False
    return True


def _every(question: PlannedQuestion) -> Iterator[Answer]:
    match question.asked:
        case LevelQuestion() as levels:
            yield from (LevelAnswer(level=level) for level in levels.levels)
        case ChoiceQuestion(options=options):
            yield from (ChoiceAnswer(choice=option.id) for option in options)
        case YesNoQuestion():
            yield from (YesNoAnswer(yes=False), YesNoAnswer(yes=True))
        case ChoicesQuestion(options=options):
            together = [option.id for option in options if not option.alone]
            picks = chain.from_iterable(combinations(together, size) for size in range(len(together) + 1))
            alone = ((option.id,) for option in options if option.alone)
            yield from (ChoicesAnswer(choices=pick) for pick in chain(alone, picks))
        case GridQuestion(rows=rows, options=options):
            names = [row.id for row in rows]
            ways = product([option.id for option in options], repeat=len(names))
            yield from (GridAnswer(grid=dict(zip(names, way, strict=True))) for way in ways)
        case NumberQuestion(least=least, most=most) as measured if _is_listed(question):
            unit, start = unit_of(measured) or 1, start_of(measured)
            first, last = ceil(((least or 0) - start) / unit), floor(((most or 0) - start) / unit)
            yield from (NumberAnswer(number=start + unit * count) for count in range(first, last + 1))
        case DateQuestion(earliest=earliest, latest=latest) if earliest is not None and latest is not None:
            days = range(earliest.toordinal(), latest.toordinal() + 1)
            yield from (DateAnswer(date=date.fromordinal(day)) for day in days)


def _some(possible: Possible, question: PlannedQuestion, crossings: Crossings) -> Iterator[Answer]:
    """Where the answers are too many: those at limits, and beside them."""
    tried = trial_answers(possible.plan, question, possible.reading)
    denials = sorted(question.denials)
    match question.asked:
        case NumberQuestion() as measured:
            corners = {each.number for each in tried if isinstance(each, NumberAnswer)}
            corners |= {*crossings.of(possible, question), *_far(measured)}
            beside = isinstance(measured.curve, StepsCurve) or measured.curve is None
            yield from (NumberAnswer(number=each) for each in _near(measured, corners, beside=beside))
            return
        case GridQuestion(rows=rows):
            yield from (GridAnswer(grid=dict.fromkeys([row.id for row in rows], denial)) for denial in denials)
        case ChoicesQuestion():
            yield from (ChoicesAnswer(choices=(denial,)) for denial in denials)
        case DateQuestion():
            yield from (DateAnswer(date=date(year, 1, 1)) for year in _YEARS)
    yield from tried


def _far(measured: NumberQuestion) -> Iterator[Fraction]:
    """Numbers further and further out, where there is no limit."""
    if measured.least is None:
        yield from (-each for each in _FAR)
    if measured.most is None:
        yield from (max(measured.least or Fraction(0), Fraction(0)) + each for each in _FAR)


def _near(measured: NumberQuestion, corners: Collection[Fraction], *, beside: bool) -> list[Fraction]:
    """The numbers that the question takes at corners, and ``beside`` them."""
    unit, start = unit_of(measured), start_of(measured)
    near = set(corners)
    if unit is not None:
        near = {start + unit * way((corner - start) / unit) for corner in corners for way in (floor, ceil)}
    step = unit or _NEXT
    return sorted(near | {each + way for each in near for way in (-step, step)} if beside else near)


def unit_of(measured: NumberQuestion) -> Fraction | None:
    """How far apart the numbers are that the question takes; None: it takes any."""
    return measured.step or (None if measured.places is None else Fraction(1, 10**measured.places))


def start_of(measured: NumberQuestion) -> Fraction:
    """The number from which they are counted."""
    return (measured.least or Fraction(0)) if measured.step else Fraction(0)
