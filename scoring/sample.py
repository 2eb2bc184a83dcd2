"""Figures of a cohort, worked out over the answers of all its members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

from questionnaires.model import (
    CohortFigure,
    CohortPart,
    Definition,
    End,
    Rounding,
    Statistic,
    TiesOfPart,
    TooFew,
)
from questionnaires.stages import Stage, stages
from scoring.aggregate import FIRST_BITS
from scoring.answers import Answers
from scoring.compiling import compile_plan
from scoring.enclosure import Enclosure, point, root
from scoring.figures import CohortFigures, FigureValue, GroupFigure
from scoring.grouped import groups_of
from scoring.members import Conditions, Group, group_of, read
from scoring.plan import Plan
from scoring.quantiles import quantile
from scoring.rounding import stated as rounded

PLACES: Final = 30
"""Decimal places of what is irrational, or too long to be written as a fraction."""

_MOST_BITS: Final = 3300
"""A thousand digits."""


def figures_of(
    definition: Definition, plan: Plan, cohort: Mapping[str, Answers], on: date | None = None
) -> CohortFigures:
    """Every figure that the definition takes of a cohort.

    What rests on other figures is taken once those are known, stage after stage; a member for whom one of them is not
    known (its group is too small) does not state what rests on it, so it does not count there.

    Who does not state a number does not count towards its figures: a missing answer is never a zero. Numbers count
    exactly as they are, but a figure has to be written down: an irrational number (of a geometric node) counts rounded
    to 30 decimal places (for the greatest down, for the least up, so that whoever has it reaches it), and so is a
    figure stated whose fraction would take more than a thousand digits.

    Raises:
        scoring.errors.AnswersRefused: somebody's answers cannot be scored.
    """
    found: dict[str, FigureValue] = {}

    def told() -> CohortFigures:
        return CohortFigures(
            family=definition.family,
            version=definition.version,
            digest=plan.digest,
            on=on,
            members=len(cohort),
            figures=tuple(found[figure.id] for figure in definition.cohort_figures if figure.id in found),
        )

    for stage in stages(definition):
        known = compile_plan(definition, told()) if found else plan
        found |= _of_stage(definition, known, stage, cohort.values())
    return told()


def _of_stage(
    definition: Definition, plan: Plan, stage: Stage, cohort: Iterable[Answers]
) -> Iterator[tuple[str, FigureValue]]:
    """The figures of one stage, over a plan that knows those of the stages before."""
    told = {figure.id: figure.when for figure in stage if figure.when is not None}
    conditions = Conditions(definition, plan, told, (by for figure in stage for by in figure.by))
    found: dict[str, list[_Stated]] = {figure.id: [] for figure in stage}
    for answers in cohort:
        member = read(plan, answers, conditions)
        reading, holds = member
        for figure in stage:
            fact = reading.facts[figure.of]
            if fact.known and fact.number is not None and holds.get(figure.id, True):
                found[figure.id].append((group_of(figure.by, member, conditions), _counted(fact.number, figure.figure)))
    return ((figure.id, _figure(definition, figure, found[figure.id])) for figure in stage)


_Stated = tuple[Group, Fraction]
"""The group that a member belongs to, and the number it states."""


def _figure(definition: Definition, figure: CohortFigure, stated: Sequence[_Stated]) -> FigureValue:
    """One figure of all, and that of each group that there may be."""
    among: defaultdict[Group, list[Fraction]] = defaultdict(list)
    for group, number in stated:
        for facts in range(len(group) + 1):
            among[group[:facts]].append(number)
    groups = tuple(_of_group(figure, group, among) for group in groups_of(definition, figure)) if figure.by else ()
    return FigureValue(id=figure.id, **_told(figure, [number for _, number in stated]), groups=groups)


def _of_group(figure: CohortFigure, by: tuple[str, ...], among: Mapping[Group, Sequence[Fraction]]) -> GroupFigure:
    """The figure of a group; of the next wider one with enough members, where the figure says so.

    ``among`` are the numbers of those who have the same first facts, by these facts.
    """
    narrowest = len(by)
    for facts in range(narrowest, -1 if figure.too_few is TooFew.WIDER else narrowest - 1, -1):
        told = _told(figure, among.get(by[:facts], ()))
        if told["value"] is not None:
            return GroupFigure(by=by, over=by[:facts], **told)
    return GroupFigure(by=by, over=None, **_told(figure, among.get(by, ())))


def _told(figure: CohortFigure, numbers: Sequence[Fraction]) -> dict[str, Any]:
    """The figure of some numbers, and how many of them count."""
    part = None if figure.part is None else len(part_of(figure.part, sorted(numbers)))
    return {"value": taken(figure, numbers), "counted": len(numbers), "part": part}


def _counted(number: Enclosure, figure: Statistic) -> Fraction:
    """The number of a member as a figure takes it: itself, or with 30 decimal places where it is irrational.

    The greatest is rounded down and the least up: whoever has it reaches it, and is not left a trace behind itself.
    """
    if number.exact is not None:
        return number.exact
    low, high = number.low or Fraction(0), number.high or Fraction(0)
    match figure:
        case Statistic.GREATEST:
            return Fraction(floor(low * 10**PLACES), 10**PLACES)
        case Statistic.LEAST:
            return Fraction(ceil(high * 10**PLACES), 10**PLACES)
    return _rounded((low + high) / 2)


def _rounded(number: Fraction) -> Fraction:
    return Fraction(round(number * 10**PLACES), 10**PLACES)


def _written(number: Fraction) -> Fraction:
    """The number itself, or rounded where it is too long."""
    size = max(number.numerator.bit_length(), number.denominator.bit_length())
    return number if size <= _MOST_BITS else _rounded(number)


def taken(figure: CohortFigure, numbers: Sequence[Fraction]) -> str | None:
    """The figure of these numbers as exact text; None where there are too few."""
    if len(numbers) < figure.least_members and (figure.least_members > 1 or figure.figure is not Statistic.COUNT):
        return None
    if figure.part is not None:
        numbers = part_of(figure.part, sorted(numbers))
    if figure.figure is Statistic.COUNT:
        return str(len(numbers))
    if not numbers:
        return None
    match figure.figure:
        case Statistic.LEAST:
            return str(min(numbers))
        case Statistic.GREATEST:
            return str(max(numbers))
        case Statistic.MEAN:
            return str(_written(sum(numbers) / Fraction(len(numbers))))
        case Statistic.QUANTILE:
            return str(_written(quantile(sorted(numbers), figure.share or Fraction(0), figure.method)))
        case Statistic.POPULATION_DEVIATION:
            return _deviation(numbers, len(numbers))
    return _deviation(numbers, len(numbers) - 1)


def part_of(part: CohortPart, rising: Sequence[Fraction]) -> Sequence[Fraction]:
    """The least or the greatest of numbers that rise, in the same order: as many of them as the part says."""
    size = part.members
    if size is None:
        whole = rounded((part.share or Fraction(0)) * len(rising), Rounding(places=0, mode=part.rounding))
        size = int(whole)
    size = min(size, len(rising))
    if not 0 < size < len(rising):
        return rising[:size]
    least = part.end is End.LEAST
    limit = rising[size - 1 if least else -size]
    if limit == rising[size if least else -size - 1] and part.ties is not TiesOfPart.SO_MANY:
        up = part.ties is TiesOfPart.TOGETHER_UP
        return [n for n in rising if (n < limit if least else n > limit) or (up and n == limit)]
    return rising[:size] if least else rising[-size:]


def _deviation(numbers: Sequence[Fraction], over: int) -> str | None:
    """The standard deviation: a fraction where the variance is a square, else the root of it; None over nothing."""
    if not over:
        return None
    mean = sum(numbers) / Fraction(len(numbers))
    variance = _written(sum((number - mean) ** 2 for number in numbers) / Fraction(over))
    found = root(point(variance), 2, FIRST_BITS)
    return f"root({variance})" if found is None or found.exact is None else str(found.exact)
