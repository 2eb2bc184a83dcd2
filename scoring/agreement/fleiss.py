"""Agreement of any number of raters: raw agreement, Fleiss' kappa (fixed margins), Randolph's kappa (free margins).

Input is a table of counts: a row for each subject, a column for each category, how many raters chose it. Subjects may
have unequal numbers of ratings. Standard errors are Gwet's (Handbook of Inter-Rater Reliability, 4th edition, 2014):
linearised over subjects, with Student's t of n − 1 degrees of freedom; analytical, so no random numbers are drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from scoring.agreement.estimates import LEVEL, Estimate, Why, around, student, without
from scoring.agreement.ratings import Ratings, checked, units_of

Counts = Sequence[Sequence[Fraction | int]]


def counts_of(ratings: Ratings, categories: Sequence[Fraction] | None = None) -> list[list[int]]:
    """A row for each subject (alphabetically), a column for each category: how many raters gave it.

    Randolph's kappa needs all ``categories`` that could have been given, not only those that were.

    Raises:
        TooFewRaters: there are fewer than two.
    """
    units = units_of(ratings)
    kinds = sorted({value for given in units.values() for value in given}) if categories is None else categories
    return [[given.count(kind) for kind in kinds] for given in units.values()]


def raw_agreement(counts: Counts, level: float = LEVEL) -> Estimate:
    """The share of pairs of ratings of the same subject that are equal, averaged over subjects.

    Raises:
        NotATable: ``counts`` is no table.
    """
    return _coefficient(_rows(counts), Fraction(0), None, level)


def fleiss_kappa(counts: Counts, level: float = LEVEL) -> Estimate:
    """Fleiss' kappa: chance agrees as often as the shares of the categories in these ratings make likely.

    Raises:
        NotATable: ``counts`` is no table.
    """
    rows = _rows(counts)
    if not rows:
        return without(Why.TOO_FEW)
    subjects = rows.total()
    width = len(next(iter(rows)))
    shares = [
        sum((times * row[k] / sum(row) for row, times in rows.items()), Fraction(0)) / subjects for k in range(width)
    ]
    return _coefficient(rows, sum((share**2 for share in shares), Fraction(0)), shares, level)


def randolph_kappa(counts: Counts, level: float = LEVEL) -> Estimate:
    """Randolph's kappa: chance takes every category equally often, whatever was found here.

    Raises:
        NotATable: ``counts`` is no table.
    """
    rows = _rows(counts)
    return _coefficient(rows, Fraction(1, len(counts[0])) if rows else Fraction(0), None, level)


def _rows(counts: Counts) -> Counter[tuple[Fraction, ...]]:
    """Rows with a rating, and how many subjects have the same: of thousands of subjects few rows differ."""
    return Counter(tuple(row) for row in checked(counts) if sum(row) > 0)


def _coefficient(
    rows: Counter[tuple[Fraction, ...]], expected: Fraction, shares: Sequence[Fraction] | None, level: float
) -> Estimate:
    """(observed − expected) / (1 − expected); ``shares`` where the expected agreement is estimated from them."""
    subjects = rows.total()
    agreeing = {row: agreed for row in rows if (agreed := _agreeing(row)) is not None}
    paired = sum(rows[row] for row in agreeing)
    if not paired:
        return without(Why.TOO_FEW, subjects)
    if expected == 1:
        return without(Why.CONSTANT, subjects)
    observed = sum((rows[row] * agreed for row, agreed in agreeing.items()), Fraction(0)) / paired
    kappa = (observed - expected) / (1 - expected)
    if subjects < 2:
        return Estimate(value=float(kappa), exact=kappa, counted=subjects, why=Why.TOO_FEW)
    squares = Fraction(0)
    for row, times in rows.items():
        own = (
            Fraction(subjects, paired) * (agreeing[row] - expected) / (1 - expected) if row in agreeing else Fraction(0)
        )
        if shares is not None:
            chance = sum((count / sum(row) * share for count, share in zip(row, shares, strict=True)), Fraction(0))
            own -= 2 * (1 - kappa) * (chance - expected) / (1 - expected)
        squares += times * (own - kappa) ** 2
    least = None if expected else 0.0
    variance = squares / (subjects * (subjects - 1))
    return around(kappa, variance, student(level, subjects - 1), subjects, least=least)


def _agreeing(row: Sequence[Fraction]) -> Fraction | None:
    """The share of a subject's pairs of ratings that agree; None where there is no pair."""
    ratings = sum(row, Fraction(0))
    if ratings <= 1:
        return None
    return sum((count * (count - 1) for count in row), Fraction(0)) / (ratings * (ratings - 1))
