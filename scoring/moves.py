"""Moves: how one answer can be raised, and by how many steps.

A move leads from the answer there is to a better one that the question allows:

* a level: to every higher level; a step is a level.
* a choice: to every option worth more; a step is the next better worth among the options.
* several choices: to picks worth more; a step is an option added or left out. Where there are more than 64 picks only
  the best for each number of steps is offered.
* yes/no: to the answer that is worth more, in one step.
* a grid: rows raised like choices, none lowered; steps add up over the rows. Where there are more than 64 ways one row
  is raised, or all rows to at least the same option.
* a number on a stair: to the nearest number on every better step. Where that is the nearest number *beyond* a limit,
  the question has to say which numbers it takes (``places`` or ``step``); a step is a step of the stair.
* a number on a line with corners: to every corner worth more; a step is a corner.
* a number on a straight line (also over logarithms) between plain numbers: to the lead value, in one step.

Never moved: numbers without a curve or with ends that are formulas, dates, choices without a worth, answers that are
missing, and what does not apply. These are facts about a factory, or nobody can say how far a step goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from math import ceil, floor, prod
from typing import Final

from questionnaires.model import (
    ChoicesQuestion,
    GridQuestion,
    LevelQuestion,
    LinearCurve,
    LogCurve,
    NumberQuestion,
    PointsCurve,
    StepsCurve,
)
from scoring import asked
from scoring.answers import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    GridAnswer,
    LevelAnswer,
    NumberAnswer,
    YesNoAnswer,
)
from scoring.checking import check_answer
from scoring.facts import Reading
from scoring.plan import Plan, PlannedQuestion

MOST_WAYS: Final = 64
"""Most picks or grids that are offered one by one."""


@dataclass(frozen=True, slots=True)
class Move:
    """A better answer to one question."""

    question: str
    answer: Answer
    steps: int


Offer = tuple[Answer, int]
"""A better answer and its steps."""


def moves(plan: Plan, question: PlannedQuestion, answer: Answer) -> tuple[Move, ...]:
    """Every move from ``answer``, by steps; among equal steps in the order of the definition."""
    match question.asked, answer:
        case LevelQuestion(highest=highest), LevelAnswer(level=level):
            offers: Iterable[Offer] = (
                (LevelAnswer(level=above), above - level) for above in range(level + 1, highest + 1)
            )
        case _, ChoiceAnswer(choice=choice):
            offers = _options(question, choice)
        case _, YesNoAnswer(yes=yes):
            offers = [(YesNoAnswer(yes=not yes), 1)]
        case ChoicesQuestion() as several, ChoicesAnswer(choices=choices):
            offers = _picks(several, frozenset(choices), question, answer)
        case GridQuestion() as grid, GridAnswer(grid=rows):
            offers = _grids(grid, dict(rows), question)
        case NumberQuestion() as measured, NumberAnswer(number=number):
            offers = _numbers(measured, number)
        case _:
            return ()
    found: dict[str, Move] = {}
    for better, steps in sorted(offers, key=lambda offer: offer[1]):
        if check_answer(plan, question.id, better) is None and _is_better(question, better, answer):
            found.setdefault(better.text, Move(question.id, better, steps))
    return tuple(found.values())


def _worth(question: PlannedQuestion, answer: Answer) -> Fraction | None:
    """What an answer is worth, as far down as that is known; None: nothing."""
    span = asked.answered(question, answer, Reading({}, {}, bits=64, last=True)).score
    return None if span is None else span.low


def _is_better(question: PlannedQuestion, better: Answer, answer: Answer) -> bool:
    if isinstance(answer, LevelAnswer):
        return True
    now, then = _worth(question, answer), _worth(question, better)
    return now is not None and then is not None and then > now


def _ranks(values: Iterable[Fraction]) -> Callable[[Fraction, Fraction], int]:
    """Steps from one worth up to another: how many different ones are passed."""
    known = sorted(set(values))
    return lambda low, high: sum(low < value <= high for value in known)


def _options(question: PlannedQuestion, choice: str) -> Iterator[Offer]:
    worth = question.worth
    steps = _ranks(worth.values())
    if choice in worth:
        yield from (
            (ChoiceAnswer(choice=option), steps(worth[choice], value))
            for option, value in worth.items()
            if value > worth[choice]
        )


def _picks(several: ChoicesQuestion, now: frozenset[str], question: PlannedQuestion, answer: Answer) -> Iterator[Offer]:
    options = [option.id for option in several.options]
    together = [option.id for option in several.options if not option.alone and option.id not in question.denials]
    alone = [(option.id,) for option in several.options if option.alone]
    if 2 ** len(together) <= MOST_WAYS:
        every = [pick for size in range(len(together) + 1) for pick in combinations(together, size)]
        yield from ((ChoicesAnswer(choices=pick), len(now.symmetric_difference(pick))) for pick in [*every, *alone])
        return
    best: dict[int, tuple[Fraction, ChoicesAnswer]] = {}
    for start in (now - {name for (name,) in alone}, frozenset[str]()):
        gains = sorted(
            (-question.worth[name] if name in start else question.worth[name], -options.index(name), name)
            for name in together
        )
        pick = set(start)
        for _, _, name in reversed(gains):
            pick ^= {name}
            offered = ChoicesAnswer(choices=tuple(option for option in options if option in pick))
            steps, worth = len(now ^ pick), _worth(question, offered) or Fraction(0)
            if steps and (steps not in best or worth > best[steps][0]):
                best[steps] = worth, offered
    reached = _worth(question, answer) or Fraction(0)
    for steps, (worth, offered) in sorted(best.items()):
        if worth > reached:
            reached = worth
            yield offered, steps


def _grids(grid: GridQuestion, now: dict[str, str], question: PlannedQuestion) -> Iterator[Offer]:
    worth = {option: value for option, value in question.worth.items() if option not in question.denials}
    steps = _ranks(worth.values())
    rows = [row.id for row in grid.rows]
    better = {
        row: [option for option, value in worth.items() if now[row] in worth and value > worth[now[row]]]
        for row in rows
    }

    def offer(raised: dict[str, str]) -> Offer:
        taken = sum(steps(worth[now[row]], worth[option]) for row, option in raised.items())
        return GridAnswer(grid={row: raised.get(row, now[row]) for row in rows}), taken

    if prod(len(options) + 1 for options in better.values()) <= MOST_WAYS:
        for way in product(*([None, *better[row]] for row in rows)):
            yield offer({row: option for row, option in zip(rows, way, strict=True) if option is not None})
        return
    for row in rows:
        yield from (offer({row: option}) for option in better[row])
    for option in worth:
        yield offer({row: option for row in rows if option in better[row]})


def _numbers(measured: NumberQuestion, number: Fraction) -> Iterator[Offer]:
    match measured.curve:
        case LinearCurve(lead=lead) | LogCurve(lead=lead):
            if isinstance(lead, Fraction) and isinstance(measured.curve.base, Fraction):
                yield NumberAnswer(number=lead), 1
        case PointsCurve(points=points):
            for point in points:
                passed = sum(min(number, point.at) < other.at < max(number, point.at) for other in points)
                yield NumberAnswer(number=point.at), passed + 1
        case StepsCurve() as stair:
            yield from _stair(stair, number, measured)


def _stair(stair: StepsCurve, number: Fraction, measured: NumberQuestion) -> Iterator[Offer]:
    """The nearest number on every step: a limit itself, or the nearest one beyond it."""
    limits = [(step.lowest, stair.excludes(step)) for step in stair.steps]
    here = sum(number > limit if upper else number >= limit for limit, upper in limits)
    for place in range(len(limits) + 1):
        rising = place > here
        limit, upper = limits[place - 1] if rising else limits[min(place, len(limits) - 1)]
        found = _nearest(measured, limit, rising=rising, beyond=upper if rising else not upper)
        if place != here and found is not None:
            yield NumberAnswer(number=found), abs(place - here)


def _nearest(measured: NumberQuestion, limit: Fraction, *, rising: bool, beyond: bool) -> Fraction | None:
    """The nearest number from ``limit`` on (or ``beyond`` it) that the question takes; None: there is none."""
    unit = measured.step or (None if measured.places is None else Fraction(1, 10**measured.places))
    if unit is None:
        return None if beyond else limit
    base = (measured.least or Fraction(0)) if measured.step else Fraction(0)
    count = (limit - base) / unit
    if rising:
        return base + unit * (floor(count) + 1 if beyond else ceil(count))
    return base + unit * (ceil(count) - 1 if beyond else floor(count))
