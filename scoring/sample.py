"""Figures of a cohort, worked out over the answers of all its members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from questionnaires.model import CohortFigure, Definition, Statistic
from scoring.aggregate import FIRST_BITS
from scoring.answers import Answers
from scoring.enclosure import Enclosure, point, root
from scoring.exact import facts_of
from scoring.figures import CohortFigures, FigureValue
from scoring.plan import Plan

PLACES: Final = 30
"""Decimal places of what is irrational, or too long to be written as a fraction."""

_MOST_BITS: Final = 3300
"""A thousand digits."""


def figures_of(
    definition: Definition, plan: Plan, cohort: Mapping[str, Answers], on: date | None = None
) -> CohortFigures:
    """Every figure that the definition takes of a cohort.

    Who does not state a number does not count towards its figures: a missing answer is never a zero. Numbers count
    exactly as they are, but a figure has to be written down: an irrational number (of a geometric node) counts rounded
    to 30 decimal places, and so is a figure stated whose fraction would take more than a thousand digits.

    Raises:
        scoring.errors.AnswersRefused: somebody's answers cannot be scored.
    """
    found: dict[str, list[Fraction]] = {figure.id: [] for figure in definition.cohort_figures}
    for answers in cohort.values() if found else ():
        facts = facts_of(plan, answers, FIRST_BITS).facts
        for figure in definition.cohort_figures:
            fact = facts[figure.of]
            if fact.known and fact.number is not None:
                found[figure.id].append(_counted(fact.number))
    return CohortFigures(
        family=definition.family,
        version=definition.version,
        digest=plan.digest,
        on=on,
        members=len(cohort),
        figures=tuple(
            FigureValue(id=figure.id, value=taken(figure, found[figure.id]), counted=len(found[figure.id]))
            for figure in definition.cohort_figures
        ),
    )


def _counted(number: Enclosure) -> Fraction:
    if number.exact is not None:
        return number.exact
    return _rounded(((number.low or Fraction(0)) + (number.high or Fraction(0))) / 2)


def _rounded(number: Fraction) -> Fraction:
    return Fraction(round(number * 10**PLACES), 10**PLACES)


def _written(number: Fraction) -> Fraction:
    """The number itself, or rounded where it is too long."""
    size = max(number.numerator.bit_length(), number.denominator.bit_length())
    return number if size <= _MOST_BITS else _rounded(number)


def taken(figure: CohortFigure, numbers: Sequence[Fraction]) -> str | None:
    """The figure of these numbers as exact text; None where there are too few."""
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
            return str(_written(_quantile(sorted(numbers), figure.share or Fraction(0))))
    return _deviation(numbers)


def _quantile(rising: Sequence[Fraction], share: Fraction) -> Fraction:
    """The number at that share of the way by rank, on the straight line between its two neighbours."""
    place = share * (len(rising) - 1)
    before = place // 1
    after = min(before + 1, len(rising) - 1)
    return rising[before] + (rising[after] - rising[before]) * (place - before)


def _deviation(numbers: Sequence[Fraction]) -> str | None:
    """The standard deviation of a sample: a fraction where the variance is a square, else the root of it."""
    if len(numbers) < 2:
        return None
    mean = sum(numbers) / Fraction(len(numbers))
    variance = _written(sum((number - mean) ** 2 for number in numbers) / Fraction(len(numbers) - 1))
    found = root(point(variance), 2, FIRST_BITS)
    return f"root({variance})" if found is None or found.exact is None else str(found.exact)
