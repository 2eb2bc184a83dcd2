"""Cohen's kappa of two raters, plain and weighted.

Standard errors by Fleiss, Cohen and Everitt (1969), as statistical packages print them: one around the kappa found,
for its interval, and one under the assumption that only chance agrees, for the test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import erfc, sqrt

from scoring.agreement.estimates import LEVEL, Estimate, Why, normal, root
from scoring.agreement.ratings import checked


class Weighting(StrEnum):
    """How much a near miss counts. Levels are equally spaced for both weightings."""

    PLAIN = "plain"
    """Only the same level agrees."""

    LINEAR = "linear"
    """A miss by two levels is twice as bad as one by one level."""

    QUADRATIC = "quadratic"
    """A miss by two levels is four times as bad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kappa(Estimate):
    """Cohen's kappa with what it is made from."""

    observed: Fraction | None = None
    """Share of subjects on which the two agree (with a weighting: agreement weighted by nearness)."""

    expected: Fraction | None = None
    """The share that chance would give with the same marginal shares."""

    error_by_chance: float | None = None
    """Standard error if only chance agreed."""

    z: float | None = None
    p: float | None = None
    """Kappa over that error, and the two-sided probability of so large a one by chance."""


def table_of(
    first: Mapping[str, Fraction], second: Mapping[str, Fraction], categories: Sequence[Fraction] | None = None
) -> list[list[int]]:
    """How often the first rater chose row's category while the second chose column's, over the subjects both rated.

    ``categories`` in their order, all that can be given; without them those that were. A weighted kappa needs the
    whole scale, since its levels in between count as steps.
    """
    common = sorted(first.keys() & second.keys())
    used = sorted({*(first[each] for each in common), *(second[each] for each in common)})
    places = {category: place for place, category in enumerate(used if categories is None else categories)}
    table = [[0] * len(places) for _ in places]
    for subject in common:
        table[places[first[subject]]][places[second[subject]]] += 1
    return table


def cohen_kappa(
    table: Sequence[Sequence[Fraction | int]], weighting: Weighting = Weighting.PLAIN, level: float = LEVEL
) -> Kappa:
    """Cohen's kappa of a square table: rows the first rater's categories, columns the second's, in the same order.

    Raises:
        NotATable: the table is not square, or counts below zero.
    """
    counts = checked(table, square=True)
    total = sum((count for row in counts for count in row), Fraction(0))
    subjects = int(total)
    if total < 2:
        return Kappa(value=None, counted=subjects, why=Why.TOO_FEW)
    shares = [[count / total for count in row] for row in counts]
    rows = [sum(row, Fraction(0)) for row in shares]
    columns = [sum(column, Fraction(0)) for column in zip(*shares, strict=True)]
    weights = _weights(weighting, len(shares))
    size = range(len(shares))
    observed = sum((weights[i][j] * shares[i][j] for i in size for j in size), Fraction(0))
    expected = sum((weights[i][j] * rows[i] * columns[j] for i in size for j in size), Fraction(0))
    if expected == 1:
        return Kappa(value=None, counted=subjects, why=Why.CONSTANT, observed=observed, expected=expected)
    kappa = (observed - expected) / (1 - expected)
    nearness = [
        [
            sum((columns[k] * weights[i][k] for k in size), Fraction(0))
            + sum((rows[k] * weights[k][j] for k in size), Fraction(0))
            for j in size
        ]
        for i in size
    ]

    def spread(share: Callable[[int, int], Fraction], factor: Fraction, centre: Fraction) -> Fraction:
        squares = (share(i, j) * (weights[i][j] - nearness[i][j] * factor) ** 2 for i in size for j in size)
        return (sum(squares, Fraction(0)) - centre**2) / (total * (1 - expected) ** 2)

    around = spread(lambda i, j: shares[i][j], 1 - kappa, kappa - expected * (1 - kappa))
    error = root(around)
    reach = normal(level) * error
    by_chance = root(spread(lambda i, j: rows[i] * columns[j], Fraction(1), expected))
    z = float(kappa) / by_chance if by_chance else None
    return Kappa(
        value=float(kappa),
        exact=kappa,
        error=error,
        low=float(kappa) - reach if error else None,
        high=min(1.0, float(kappa) + reach) if error else None,
        counted=subjects,
        why=Why.NONE if error else Why.EXACT_FIT,
        observed=observed,
        expected=expected,
        error_by_chance=by_chance,
        z=z,
        p=None if z is None else erfc(abs(z) / sqrt(2)),
    )


def _weights(weighting: Weighting, size: int) -> list[list[Fraction]]:
    """Agreement weights: 1 for the same category, 0 for the two ends of the scale."""
    furthest = max(size - 1, 1)
    match weighting:
        case Weighting.PLAIN:
            return [[Fraction(i == j) for j in range(size)] for i in range(size)]
        case Weighting.LINEAR:
            return [[1 - Fraction(abs(i - j), furthest) for j in range(size)] for i in range(size)]
        case Weighting.QUADRATIC:
            return [[1 - Fraction(abs(i - j), furthest) ** 2 for j in range(size)] for i in range(size)]
