"""Functions over several numbers: each counts what applies, and takes both ways what may yet not apply.

A number that may yet turn out not to apply (*loose*) may be there or not. For ``median``, ``highest`` and ``lowest``
the extremes over all these ways are found exactly: among the ways in which a given count of loose numbers is there,
the least result comes from the least of them, as none of these functions ever falls when a number rises. Which count
that is, and how many numbers to add up where that is open, is told by their order; nothing is tried one by one, so
that lists of hundreds of items are worked out about as fast as they are sorted.

Least results are worked out; a greatest one is the least of all numbers with the other sign. Where a low end is None,
there is no limit below: such ends come first in rising order, and a sum or a middle that needs one has no limit.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from scoring.enclosure import ZERO, Enclosure, End, greatest, least, total

Loose = tuple[Enclosure, bool]
"""A number as far as it is known, and whether it may yet turn out not to apply."""


def gathered(function: str, items: Sequence[Loose], count: Enclosure = ZERO) -> Enclosure:
    """The function over all items (at least one); ``count`` is how many ``highest`` and ``lowest`` add up."""
    match function:
        case "median":
            return Enclosure(_least_median(items), _negative(_least_median(_mirrored(items))))
        case "highest":
            so_many = how_many(count, len(items))
            return Enclosure(_least_highest(items, so_many), _negative(_least_lowest(_mirrored(items), so_many)))
        case "lowest":
            so_many = how_many(count, len(items))
            return Enclosure(_least_lowest(items, so_many), _negative(_least_highest(_mirrored(items), so_many)))
    spans = [span for span, _ in items]
    if any(loose for _, loose in items):
        if function == "sum":
            return total(span.hull(ZERO) if loose else span for span, loose in items)
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


def _mirrored(items: Sequence[Loose]) -> list[Loose]:
    return [(-span, loose) for span, loose in items]


def _negative(end: End) -> End:
    return None if end is None else -end


def _low_ends(items: Sequence[Loose]) -> tuple[list[End], list[End]]:
    """The low ends of what is there for certain and of the loose, each rising."""
    there = _rising([span.low for span, loose in items if not loose])
    return there, _rising([span.low for span, loose in items if loose])


def _rising(ends: Sequence[End]) -> list[End]:
    known: list[End] = [*sorted(end for end in ends if end is not None)]
    without: list[End] = [None] * (len(ends) - len(known))
    return [*without, *known]


def _least_median(items: Sequence[Loose]) -> End:
    """The least median: with the least of the loose, as long as the next one still lies below the middle.

    Such a one draws the middle down; from the first that does not, none of those after it does.
    """
    there, loose = _low_ends(items)

    def drawn_up(taken: int) -> bool:
        middle = _median(_rising([*there, *loose[:taken]]))
        return middle is None or not _below(loose[taken], middle)

    fewest = 0 if there else 1
    taken = bisect_left(range(fewest, len(loose)), True, key=drawn_up) + fewest
    return _median(_rising([*there, *loose[:taken]]))


def _median(ends: Sequence[End]) -> End:
    """The middle one, or half way between the two in the middle."""
    first, second = ends[(len(ends) - 1) // 2], ends[len(ends) // 2]
    return None if first is None or second is None else (first + second) / 2


def _least_highest(items: Sequence[Loose], so_many: range) -> End:
    """The least sum of the greatest ``so_many``.

    Each number more that is added up is no greater than the one before, so that the least sum is that of the fewest
    or of the most. Of the loose, those below 0 lower it while fewer are there than are added up; a further one never
    does.
    """
    there, loose = _low_ends(items)
    fewest, negative = (0 if there else 1), sum(_below(end, _NOTHING) for end in loose)
    found: list[End] = []
    for many in {so_many[0], so_many[-1]}:
        taken = max(min(negative, many - len(there)), fewest)
        ends = _rising([*there, *loose[:taken]])
        found.append(_summed(ends[max(len(ends) - many, 0) :]))
    return _least_of(found)


def _least_lowest(items: Sequence[Loose], so_many: range) -> End:
    """The least sum of the least ``so_many``.

    Either all are there, and as many are added up as are below 0 (or have to be); or fewer are there than are added
    up: then it is the sum of all that is there, with those of the loose that are below 0.
    """
    there, loose = _low_ends(items)
    everything = _rising([*there, *loose])
    negative = sum(_below(end, _NOTHING) for end in everything)
    found = [_summed(everything[: min(max(negative, so_many[0]), so_many[-1])])]
    fewest = 0 if there else 1
    if len(there) + fewest <= so_many[-1]:
        lowering = sum(_below(end, _NOTHING) for end in loose)
        taken = max(min(lowering, so_many[-1] - len(there)), fewest)
        found.append(_summed([*there, *loose[:taken]]))
    return _least_of(found)


def _below(end: End, limit: Fraction) -> bool:
    return end is None or end < limit


def _least_of(ends: Sequence[End]) -> End:
    known = [end for end in ends if end is not None]
    return min(known) if len(known) == len(ends) else None


def _summed(ends: Sequence[End]) -> End:
    known = [end for end in ends if end is not None]
    return sum(known, _NOTHING) if len(known) == len(ends) else None


_NOTHING: Final = Fraction(0)
