"""The lowest and highest value still possible while answers are missing.

A missing answer may turn out to be any level, or "does not apply" where that is allowed, which takes it out
of the denominator. Both are covered: children that may yet drop out are ``optional`` and are left out
where that lowers (or raises) the result further. The bounds are reached by real answers as long as no
question counts twice under one node and no least share binds; otherwise they are still never crossed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from questionnaires.model import Aggregation


@dataclass(frozen=True, slots=True)
class Range:
    """What a child can still become."""

    weight: Fraction
    lowest: Fraction
    highest: Fraction
    optional: bool
    """True when it may yet turn out not to apply."""


def bounds(aggregation: Aggregation, ranges: Sequence[Range]) -> tuple[Fraction, Fraction] | None:
    """Lowest and highest value of a node over children that apply or may apply; None when there are none."""
    if not ranges:
        return None
    if aggregation is Aggregation.MINIMUM:
        return min(item.lowest for item in ranges), _highest_minimum(ranges)
    lowest = _extreme_mean([(item.lowest, item.weight, item.optional) for item in ranges])
    highest = _extreme_mean([(-item.highest, item.weight, item.optional) for item in ranges])
    return lowest, -highest


def _highest_minimum(ranges: Sequence[Range]) -> Fraction:
    fixed = [item.highest for item in ranges if not item.optional]
    return min(fixed) if fixed else max(item.highest for item in ranges)


def _extreme_mean(items: Sequence[tuple[Fraction, Fraction, bool]]) -> Fraction:
    """Least weighted mean of (value, weight, optional): optional items count only where they lower it.

    Taking optional items from the lowest value up, each is worth counting exactly while it lies below the mean
    of what counts already.
    """
    weight = sum((weight for _, weight, optional in items if not optional), Fraction(0))
    total = sum((value * weight for value, weight, optional in items if not optional), Fraction(0))
    for value, own_weight, _ in sorted(item for item in items if item[2]):
        if weight and value * weight >= total:
            break
        weight, total = weight + own_weight, total + value * own_weight
    return total / weight
