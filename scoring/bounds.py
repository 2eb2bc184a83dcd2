"""The lowest and highest value still possible while answers are missing.

A missing answer may turn out to be any that is permitted, or "does not apply" where that is allowed, which takes
it out of the denominator. Both are covered: children that may yet drop out are ``optional`` and are left out
where that lowers (or raises) the result further. The bounds are reached by real answers as long as no open
question counts twice below the node (in two formulas, or in a condition beside its own worth) and no least share
binds; otherwise they are still never crossed, and :mod:`scoring.reaching` says how far answers lead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Final

from questionnaires.model import Aggregation, Inapplicable
from scoring.aggregate import Pair, Precision, aggregate
from scoring.enclosure import (
    ANYTHING,
    ZERO,
    Enclosure,
    End,
    greatest,
    least,
    point,
    total,
    weighted_sum,
    weighted_total,
)
from scoring.gathering import gathered
from scoring.patterns import ONE_OF_IT
from scoring.plan import PlannedChild, PlannedNode
from scoring.quantities import compared

_ZERO = Fraction(0)
_ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Range:
    """What a child can still become."""

    child: PlannedChild
    span: Enclosure
    optional: bool
    """True when it may yet turn out not to apply."""

    weight: Enclosure | None = None
    """What its weight can still become, where that is open; else the child has it."""

    count: Enclosure = ONE_OF_IT
    """How many children it stands for: of a list whose items are not known, any number that the list may have."""


_WITHOUT_WEIGHTS: Final = (Aggregation.MINIMUM, Aggregation.MAXIMUM, Aggregation.MEDIAN, Aggregation.COUNT)


def bounds(node: PlannedNode, ranges: Sequence[Range], precision: Precision) -> Enclosure | None:
    """All that the node's arithmetic can give over children that apply or may apply; None when there are none."""
    if node.aggregation in _WITHOUT_WEIGHTS:  # where a weight may yet turn out to be 0, the child may be left out
        ranges = [
            replace(item, optional=True) if item.weight is not None and not item.weight.low else item for item in ranges
        ]
    elif any(item.weight is not None for item in ranges):
        if any(item.weight is not None and item.weight.high is None for item in ranges):
            return _any_weights(node, ranges)
        parts = [part for item in ranges for part in _parted(item)]
        if node.aggregation is Aggregation.SUM and parts and any(map(_may_weigh_little, ranges)):
            return _sum(parts)
        ranges = parts
    if not ranges:
        return None
    match node.aggregation:
        case Aggregation.MEAN | Aggregation.WEIGHTED_MEAN:
            return _mean([(item.span, item.child.weight, item.optional) for item in ranges])
        case Aggregation.SUM:
            return _sum_of_some(ranges)
        case Aggregation.MINIMUM:
            return _minimum([(item.span, item.optional) for item in ranges])
        case Aggregation.MAXIMUM:
            return -_minimum([(-item.span, item.optional) for item in ranges])
        case Aggregation.MEDIAN:
            if any(item.count != ONE_OF_IT for item in ranges):
                return _hull([item.span for item in ranges])
            return gathered("median", [(item.span, item.optional) for item in ranges])
        case Aggregation.SHARE:
            return _share(node, ranges)
        case Aggregation.COUNT:
            return _count(ranges)
        case Aggregation.SHARE_REACHED:
            shares = [(_indicator(item).scaled(node.out_of), item.child.weight, item.optional) for item in ranges]
            return _mean(shares)
    return _prefixes(node, ranges, precision)


def _may_weigh_little(item: Range) -> bool:
    """Whether a child that may be left out can also count with less than its greatest weight."""
    return item.weight is not None and (item.optional or not item.weight.low)


def _parted(item: Range) -> Iterator[Range]:
    """A child with an open weight as two: one with its least weight, and one that brings the rest or is left out.

    Means and sums are extreme where each weight is at one of its ends, so nothing else has to be looked at.
    """
    if item.weight is None or item.weight.low is None or item.weight.high is None:
        yield item
        return
    sure, rest = item.weight.low, item.weight.high - item.weight.low
    if item.optional:
        sure, rest = _ZERO, item.weight.high
    if sure:
        yield replace(item, child=replace(item.child, weight=sure), weight=None)
    if rest:
        yield replace(item, child=replace(item.child, weight=rest), optional=True, weight=None)


def _any_weights(node: PlannedNode, ranges: Sequence[Range]) -> Enclosure | None:
    """Where a weight has no upper limit: a mean lies between its parts whatever the weights are, a sum may be any."""
    spans = [item.span for item in ranges]
    match node.aggregation:
        case Aggregation.SUM:
            return total(_weighed(item) for item in ranges)
        case Aggregation.SHARE:
            found = [part for item in ranges if (part := _part_of_achievable(item)) is not None]
            return _hull(found).scaled(node.out_of) if len(found) == len(ranges) else ANYTHING
        case Aggregation.SHARE_REACHED:
            return _hull([_indicator(item) for item in ranges]).scaled(node.out_of)
    return _hull(spans)


def _part_of_achievable(item: Range) -> Enclosure | None:
    """Achieved over achievable of one child; None where it may be that nothing can be achieved."""
    highest = item.child.highest
    if highest is None or highest.low is None or highest.low <= 0:
        return None
    inverse = highest.inverse()
    return None if inverse is None else item.span * inverse


def _weighed(item: Range) -> Enclosure:
    span = item.span.scaled(item.child.weight) if item.weight is None else item.span * item.weight
    return span.hull(ZERO) if item.optional else span


def _hull(spans: Sequence[Enclosure]) -> Enclosure:
    return Enclosure(least(spans).low, greatest(spans).high)


def _mean(items: Sequence[tuple[Enclosure, Fraction, bool]]) -> Enclosure:
    if not any(optional or span.exact is None for span, _, optional in items):
        weight = weighted_sum([(_ONE, weight) for _, weight, _ in items])
        return weighted_total((weight, span) for span, weight, _ in items).scaled(1 / weight)
    lows = [(span.low, weight, optional) for span, weight, optional in items]
    highs = [(None if span.high is None else -span.high, weight, optional) for span, weight, optional in items]
    low, high = _extreme_mean(lows), _extreme_mean(highs)
    return Enclosure(low, None if high is None else -high)


def _extreme_mean(items: Sequence[tuple[End, Fraction, bool]]) -> End:
    """Least weighted mean of (value, weight, optional), over common denominators of the values and of the weights."""
    known = [(value, weight, optional) for value, weight, optional in items if value is not None]
    if len(known) < len(items):
        return None
    scale = lcm(*[value.denominator for value, _, _ in known])
    units = lcm(*[weight.denominator for _, weight, _ in known])
    brought, weighed = least_mean(
        [
            (value.numerator * (scale // value.denominator), weight.numerator * (units // weight.denominator), optional)
            for value, weight, optional in known
        ]
    )
    return Fraction(brought, weighed * scale)


def least_mean(items: Iterable[tuple[int, int, bool]]) -> tuple[int, int]:
    """Least weighted mean of whole (value, weight, optional), as what is brought and the weight that it is shared by.

    Optional items count only where they lower it. Taking them from the lowest value up, each is worth counting exactly
    while it lies below the mean of what counts already.
    """
    brought = weight = 0
    loose: list[tuple[int, int]] = []
    for value, own, optional in items:
        if optional:
            loose.append((value, own))
        else:
            brought, weight = brought + value * own, weight + own
    for value, own in sorted(loose):
        if weight and value * weight >= brought:
            break
        brought, weight = brought + value * own, weight + own
    return brought, weight


def _sum(ranges: Sequence[Range]) -> Enclosure:
    if not any(item.optional or item.weight is not None for item in ranges):
        return weighted_total((item.child.weight, item.span) for item in ranges)
    return total(_weighed(item) for item in ranges)


def _sum_of_some(ranges: Sequence[Range]) -> Enclosure:
    """The sum where something is there: were nothing there, the node would have no value, and not the value 0."""
    span = _sum(ranges)
    if not all(item.optional and item.weight is None for item in ranges):
        return span
    parts = [item.span.scaled(item.child.weight) for item in ranges]
    lows, highs = [part.low for part in parts], [part.high for part in parts]
    least_one = [end for end in lows if end is not None and end >= 0]
    most_one = [end for end in highs if end is not None and end <= 0]
    return Enclosure(
        min(least_one) if len(least_one) == len(lows) else span.low,
        max(most_one) if len(most_one) == len(highs) else span.high,
    )


def _minimum(items: Sequence[tuple[Enclosure, bool]]) -> Enclosure:
    fixed = [span for span, optional in items if not optional]
    every = [span for span, _ in items]
    return Enclosure(least(every).low, least(fixed).high if fixed else greatest(every).high)


def _share(node: PlannedNode, ranges: Sequence[Range]) -> Enclosure | None:
    """A weighted mean of value ÷ highest with weight × highest, as long as every child can achieve something."""
    parts: list[tuple[Enclosure, Fraction, bool]] = []
    for item in ranges:
        highest, own = item.child.highest, item.child.weight
        least_of_it = None if highest is None else highest.low
        if highest is None or least_of_it is None or least_of_it <= 0:
            return _loose_share(node, ranges)
        if highest.exact is not None:
            parts.append((item.span.scaled(node.out_of / highest.exact), own * highest.exact, item.optional))
            continue
        part = _part_of_rows(node, item)
        if part is None or highest.high is None:
            return _loose_share(node, ranges)
        part = part.scaled(node.out_of)
        parts.append((part, own * least_of_it, item.optional))
        parts.append((part, own * (highest.high - least_of_it), True))
    return _mean(parts)


def _part_of_rows(node: PlannedNode, item: Range) -> Enclosure | None:
    """Achieved over achievable of a grid of which it is open what rows apply; None where its cap is open.

    Each row that applies brings at least ``lowest_part`` of what it could achieve, and at most all. As the rows add up,
    so do the parts, and it is as if the share had more or less weight.
    """
    child, rows, value = item.child, item.child.rows, item.span
    highest = child.highest
    if rows is None or highest is None or not highest.low or not highest.high or value.low is None:
        return None
    if child.cap is not None and child.cap.exact is None:
        return None
    lowest = rows.lowest_part
    if lowest < 0:  # a cap takes from what could be achieved only
        lowest = min(lowest, lowest * (rows.within.high or _ZERO) / highest.high)
    instead = child.lowest.low if child.lowest is not None else None
    if (child.inapplicable or node.inapplicable) is Inapplicable.LOWEST and instead is not None:
        lowest = min(lowest, instead / highest.high)
    lowest = max(lowest, value.low / (highest.low if value.low < 0 else highest.high))
    most = _ONE if value.high is None else min(_ONE, value.high / (highest.high if value.high < 0 else highest.low))
    return Enclosure(min(lowest, most), most)


def _loose_share(node: PlannedNode, ranges: Sequence[Range]) -> Enclosure | None:
    """Achieved over achievable, each as far apart as it can be: never crossed, but not always reached."""
    achievable = ZERO
    for item in ranges:
        highest = (item.child.highest or ZERO).scaled(item.child.weight)
        achievable = achievable + (highest.hull(ZERO) if item.optional else highest)
    if achievable.high is not None and achievable.high <= 0:
        return None
    inverse = achievable.inverse()
    return None if inverse is None else (_sum(ranges) * inverse).scaled(node.out_of)


def _indicator(item: Range) -> Enclosure:
    reached = compared(">=", item.span, item.child.reached_from)
    return Enclosure(Fraction(reached is True), Fraction(reached is not False))


def _count(ranges: Sequence[Range]) -> Enclosure:
    low = high = _ZERO
    for item in ranges:
        indicator = _indicator(item) * item.count
        low += _ZERO if item.optional else indicator.low or _ZERO
        high += indicator.high or _ZERO
    if all(item.optional and _indicator(item).low for item in ranges):
        low = _ONE  # something is there, and whatever it is, it is reached
    return Enclosure(low, high)


def _prefixes(node: PlannedNode, ranges: Sequence[Range], precision: Precision) -> Enclosure | None:
    """Geometric and harmonic means: the extreme lies at some number of optional children, taken in order of value.

    Neither is defined for negative values, so a child can only count with what it has at and above zero.
    """
    sound = [item for item in ranges if item.span.high is None or item.span.high >= 0]
    if not sound or any(item not in sound and not item.optional for item in ranges):
        return None
    lows = [(item.child, max(item.span.low or _ZERO, _ZERO), item.optional) for item in sound]
    highs = [(item.child, item.span.high, item.optional) for item in sound if item.span.high is not None]
    lowest = least(_by_prefix(node, lows, 1, precision)).low
    if len(highs) < len(sound):
        return Enclosure(lowest, None)
    return Enclosure(lowest, greatest(_by_prefix(node, highs, -1, precision)).high)


def _by_prefix(
    node: PlannedNode, items: Sequence[tuple[PlannedChild, Fraction, bool]], order: int, precision: Precision
) -> list[Enclosure]:
    fixed: list[Pair] = [(child, point(value)) for child, value, optional in items if not optional]
    loose: list[Pair] = [
        (child, point(value)) for child, value, optional in sorted(items, key=lambda item: order * item[1]) if optional
    ]
    sets = [fixed + loose[:count] for count in range(len(loose) + 1)]
    values = [aggregate(node, chosen, precision) for chosen in sets if chosen]
    return [value for value in values if value is not None]
