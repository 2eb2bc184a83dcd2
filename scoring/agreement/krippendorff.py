"""Krippendorff's alpha: any number of raters, missing ratings, any scale.

Krippendorff, Content Analysis (2004), chapter 11. The interval is Gwet's (Handbook of Inter-Rater Reliability, 4th
edition, 2014): analytical, linearised over subjects, Student's t; no random numbers are drawn. The distances of an
ordinal scale, which depend on the ratings themselves, are taken as given in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

from scoring.agreement.estimates import LEVEL, Estimate, Why, around, student, without
from scoring.agreement.ratings import NegativeRatings, Ratings, units_of


class Scale(StrEnum):
    """What the difference of two ratings means."""

    NOMINAL = "nominal"
    """Names only: equal or not."""

    ORDINAL = "ordinal"
    """An order: how many ratings lie between the two."""

    INTERVAL = "interval"
    """Equal steps: the difference."""

    RATIO = "ratio"
    """A true zero: the difference relative to the sum."""


def krippendorff_alpha(ratings: Ratings, scale: Scale = Scale.ORDINAL, level: float = LEVEL) -> Estimate:
    """Krippendorff's alpha: 1 − disagreement observed over expected, on subjects with two ratings or more.

    Raises:
        TooFewRaters: there are fewer than two raters.
        NegativeRatings: a ratio scale with ratings below zero.
    """
    units = [given for given in units_of(ratings).values() if len(given) > 1]
    kinds = sorted({value for given in units for value in given})
    if not units:
        return without(Why.TOO_FEW)
    if len(kinds) < 2:
        return without(Why.CONSTANT, len(units))
    if scale is Scale.RATIO and kinds[0] < 0:
        raise NegativeRatings
    counts = Counter(tuple(Fraction(given.count(kind)) for kind in kinds) for given in units)
    totals = [sum((times * row[k] for row, times in counts.items()), Fraction(0)) for k in range(len(kinds))]
    distances = _distances(scale, kinds, totals)
    size = range(len(kinds))
    expected = sum((totals[c] * totals[k] * distances[c][k] for c in size for k in size), Fraction(0))
    observed = sum(
        (
            times * row[c] * row[k] * distances[c][k] / (sum(row) - 1)
            for row, times in counts.items()
            for c in size
            for k in size
        ),
        Fraction(0),
    )
    alpha = 1 - (sum(totals) - 1) * observed / expected
    if len(units) < 2:
        return Estimate(value=float(alpha), exact=alpha, counted=len(units), why=Why.TOO_FEW)
    return around(alpha, _variance(counts, totals, distances), student(level, len(units) - 1), len(units))


def _variance(
    counts: Counter[tuple[Fraction, ...]], totals: Sequence[Fraction], distances: Sequence[Sequence[Fraction]]
) -> Fraction:
    """Each subject's part in alpha (before its correction for small numbers), and how those parts scatter.

    ``counts``: how often each category was given to a subject → how many subjects have just that.
    """
    size = range(len(totals))
    furthest = max(max(row) for row in distances)
    weights = [[1 - distances[c][k] / furthest for k in size] for c in size]
    subjects = counts.total()
    mean = sum(totals, Fraction(0)) / subjects
    shares = [total / (subjects * mean) for total in totals]
    near = [sum((weights[c][k] * shares[k] for k in size), Fraction(0)) for c in size]
    expected = sum((shares[c] * near[c] for c in size), Fraction(0))
    own = {row: _own(row, weights, mean) for row in counts}
    uncorrected = sum((counts[row] * part for row, part in own.items()), Fraction(0)) / subjects
    correction = 1 / (subjects * mean)
    agreed = (1 - correction) * uncorrected + correction
    alpha = (uncorrected - expected) / (1 - expected)
    squares = Fraction(0)
    for row, part in own.items():
        surplus = (sum(row) - mean) / mean
        chance = sum((row[c] * near[c] for c in size), Fraction(0)) / mean - expected * surplus
        piece = (part - agreed * surplus - expected - 2 * (1 - alpha) * (chance - expected)) / (1 - expected)
        squares += counts[row] * (piece - alpha) ** 2
    return squares / (subjects * (subjects - 1))


def _own(row: Sequence[Fraction], weights: Sequence[Sequence[Fraction]], mean: Fraction) -> Fraction:
    """The (weighted) agreement within one subject, over the mean number of ratings."""
    size = range(len(row))
    near = (sum((weights[c][k] * row[k] for k in size), Fraction(0)) for c in size)
    agreeing = sum((count * (close - 1) for count, close in zip(row, near, strict=True)), Fraction(0))
    return agreeing / (mean * (sum(row) - 1))


def _distances(scale: Scale, kinds: Sequence[Fraction], totals: Sequence[Fraction]) -> list[list[Fraction]]:
    """Squared distance of every two ratings."""
    size = range(len(kinds))

    def between(c: int, k: int) -> Fraction:
        match scale:
            case Scale.NOMINAL:
                return Fraction(c != k)
            case Scale.ORDINAL:
                low, high = min(c, k), max(c, k)
                return (sum(totals[low : high + 1], Fraction(0)) - (totals[low] + totals[high]) / 2) ** 2
            case Scale.INTERVAL:
                return (kinds[c] - kinds[k]) ** 2
            case Scale.RATIO:
                return ((kinds[c] - kinds[k]) / (kinds[c] + kinds[k])) ** 2

    return [[between(c, k) if c != k else Fraction(0) for k in size] for c in size]
