"""Percentiles, ranks and quartiles, exact on exact values; the method is always named.

Percentiles by Hyndman and Fan (The American Statistician 50, 1996), whose numbers statistical software uses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Final


class Percentile(StrEnum):
    """Which percentile is meant; for large groups they agree."""

    INCLUSIVE = "inclusive"
    """Hyndman and Fan's 7: the least value is the 0th, the greatest the 100th, linear between. PERCENTILE.INC of
    spreadsheets, the default of R and NumPy."""

    EXCLUSIVE = "exclusive"
    """Hyndman and Fan's 6: the i-th of n values is the i/(n+1) quantile. PERCENTILE.EXC, Minitab and SPSS."""

    MEDIAN_UNBIASED = "median-unbiased"
    """Hyndman and Fan's 8, which they recommend: about right in the median whatever the distribution."""

    NEAREST_RANK = "nearest-rank"
    """Hyndman and Fan's 1: the least value that at least this share reaches at most; always a value that occurs."""


def percentile(values: Sequence[Fraction], share: Fraction, method: Percentile = Percentile.INCLUSIVE) -> Fraction:
    """The value that ``share`` (0 to 1) of the (one or more) values stay below, interpolated as ``method`` says.

    Beyond the outermost values the exclusive methods give those.
    """
    ordered = sorted(values)
    count = len(ordered)
    match method:
        case Percentile.INCLUSIVE:
            place = (count - 1) * share + 1
        case Percentile.EXCLUSIVE:
            place = (count + 1) * share
        case Percentile.MEDIAN_UNBIASED:
            place = (count + Fraction(1, 3)) * share + Fraction(1, 3)
        case Percentile.NEAREST_RANK:
            place = Fraction(ceil(count * share))
    place = min(max(place, Fraction(1)), Fraction(count))
    below = int(place)
    above = min(below + 1, count)
    return ordered[below - 1] + (place - below) * (ordered[above - 1] - ordered[below - 1])


def ranks(values: Mapping[str, Fraction], *, less_is_better: bool = False) -> dict[str, int]:
    """Everybody's rank, 1 for the best; equal values share the best of their ranks ("1 2 2 4")."""
    ordered = sorted(values.values(), reverse=not less_is_better)
    first: dict[Fraction, int] = {}
    for place, value in enumerate(ordered, start=1):
        first.setdefault(value, place)
    return {member: first[value] for member, value in values.items()}


def percent_rank(values: Sequence[Fraction], own: Fraction, *, less_is_better: bool = False) -> Fraction:
    """The share of the others who are worse: (rank from below − 1) ÷ (n − 1), ties by the least rank.

    PERCENTRANK.INC of spreadsheets; COINr's percentile rank. 0 for the worst, 1 for the only best. One value alone
    has nobody to be compared with and gets 1.
    """
    worse = sum(value > own if less_is_better else value < own for value in values)
    return Fraction(worse, len(values) - 1) if len(values) > 1 else Fraction(1)


def quartile_of(values: Sequence[Fraction], own: Fraction, *, less_is_better: bool = False) -> int:
    """1 for the best quarter to 4 for the last: by the quartiles (inclusive) of the values; on a limit, the better."""
    limits = [percentile(values, Fraction(part, 4)) for part in (3, 2, 1)]
    if less_is_better:
        limits.reverse()
        return 1 + sum(own > limit for limit in limits)
    return 1 + sum(own < limit for limit in limits)


BEST_SHARE: Final = Fraction(1, 10)
"""Who is best in class: the top tenth."""


def best_in_class(values: Sequence[Fraction], *, less_is_better: bool = False) -> tuple[Fraction, int]:
    """The mean of the top tenth (rounded up to whole members), and how many these are."""
    count = ceil(len(values) * BEST_SHARE)
    best = sorted(values, reverse=not less_is_better)[:count]
    return sum(best, Fraction(0)) / count, count


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one member stands in a group."""

    value: Fraction
    rank: int
    """1 for the best; equal values share the best of their ranks."""

    equals: int
    """How many others have the same value."""

    of: int
    """Members of the group, this one included."""

    percent_rank: Fraction
    """Share of the others who are worse."""

    quartile: int
    """1 for the best quarter."""

    median: Fraction
    to_median: Fraction
    """Own value minus the median: negative where it lies below."""


def standing(values: Mapping[str, Fraction], member: str, *, less_is_better: bool = False) -> Standing:
    """Where ``member`` stands among all ``values`` (its own among them)."""
    own, everybody = values[member], list(values.values())
    median = percentile(everybody, Fraction(1, 2))
    return Standing(
        value=own,
        rank=ranks(values, less_is_better=less_is_better)[member],
        equals=sum(value == own for value in everybody) - 1,
        of=len(everybody),
        percent_rank=percent_rank(everybody, own, less_is_better=less_is_better),
        quartile=quartile_of(everybody, own, less_is_better=less_is_better),
        median=median,
        to_median=own - median,
    )
