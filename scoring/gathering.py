"""Functions over several numbers: each counts what applies, and takes both ways what may yet not apply.

A number that may yet turn out not to apply (*loose*) may be there or not. For ``median``, ``highest`` and ``lowest``
the extremes over all these ways are found exactly: among the ways in which a given count of loose numbers is there,
the least result comes from the least of them, as none of these functions ever falls when a number rises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial, reduce

from scoring.enclosure import ZERO, Enclosure, End, greatest, least, point, total

Loose = tuple[Enclosure, bool]
"""A number as far as it is known, and whether it may yet turn out not to apply."""

Pick = Callable[[Sequence[End]], End]
"""A function of numbers in rising order, where an end without a limit stands first (below) or last (above)."""


def gathered(function: str, items: Sequence[Loose], count: Enclosure = ZERO) -> Enclosure:
    """The function over all items (at least one); ``count`` is how many ``highest`` and ``lowest`` add up."""
    match function:
        case "median":
            return _over_all_ways(_median, items)
        case "highest" | "lowest":
            pick = _highest if function == "highest" else _lowest
            spans = [_over_all_ways(partial(pick, many), items) for many in how_many(count, len(items))]
            return reduce(Enclosure.hull, spans)
    spans = [span for span, _ in items]
    if any(loose for _, loose in items):
        if function == "sum":
            zero = point(Fraction(0))
            return total(span.hull(zero) if loose else span for span, loose in items)
        return Enclosure(least(spans).low, greatest(spans).high)
    match function:
        case "min":
            return least(spans)
        case "max":
            return greatest(spans)
        case "sum":
            return total(spans)
    return total(spans).scaled(Fraction(1, len(spans)))


def how_many(count: Enclosure, most: int) -> range:
    """Every whole number that ``count`` may yet come to, as far as it tells: of so many there are, and not below 0."""
    low = 0 if count.low is None else min(max(-(-count.low // 1), 0), most)
    high = most if count.high is None else min(max(count.high // 1, low), most)
    return range(low, high + 1)


def _over_all_ways(pick: Pick, items: Sequence[Loose]) -> Enclosure:
    """The least and the greatest result over everything that is there for certain and any of the loose."""
    lows = _rising([span.low for span, loose in items if not loose], open_end_first=True)
    highs = _rising([span.high for span, loose in items if not loose], open_end_first=False)
    loose_lows = _rising([span.low for span, loose in items if loose], open_end_first=True)
    loose_highs = _rising([span.high for span, loose in items if loose], open_end_first=False)[::-1]
    least_count = 0 if lows else 1
    below = [
        pick(_rising([*lows, *loose_lows[:count]], open_end_first=True))
        for count in range(least_count, len(loose_lows) + 1)
    ]
    above = [
        pick(_rising([*highs, *loose_highs[:count]], open_end_first=False))
        for count in range(least_count, len(loose_highs) + 1)
    ]
    known_below = [end for end in below if end is not None]
    known_above = [end for end in above if end is not None]
    return Enclosure(
        min(known_below) if len(known_below) == len(below) else None,
        max(known_above) if len(known_above) == len(above) else None,
    )


def _rising(ends: Sequence[End], *, open_end_first: bool) -> list[End]:
    known: list[End] = [*sorted(end for end in ends if end is not None)]
    without: list[End] = [None] * (len(ends) - len(known))
    return [*without, *known] if open_end_first else [*known, *without]


def _median(ends: Sequence[End]) -> End:
    """The middle one, or half way between the two in the middle."""
    first, second = ends[(len(ends) - 1) // 2], ends[len(ends) // 2]
    return None if first is None or second is None else (first + second) / 2


def _highest(count: int, ends: Sequence[End]) -> End:
    return _summed(ends[max(len(ends) - count, 0) :])


def _lowest(count: int, ends: Sequence[End]) -> End:
    return _summed(ends[:count])


def _summed(ends: Sequence[End]) -> End:
    known = [end for end in ends if end is not None]
    return sum(known, Fraction(0)) if len(known) == len(ends) else None
