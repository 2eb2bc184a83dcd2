"""Products of several numbers: of those that apply, and of any number of items of a list.

Numbers that are open are independent of each other: each may be anywhere in its enclosure. The product of independent
enclosures is reached at both ends, as it rises or falls with each factor alone; a negative factor turns the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from operator import mul
from typing import Final

from scoring.enclosure import ANYTHING, MOST_BITS, ZERO, Enclosure, End, is_immense, point

ONE: Final = point(Fraction(1))

_MOST_BITS: Final = 10 * MOST_BITS
"""Digits of all factors together (in bits) up to which their product is worked out to see whether it is immense."""


def product(items: Sequence[tuple[Enclosure, bool]]) -> Enclosure | None:
    """The product of numbers (at least one), some of which may yet turn out not to apply: as if they were 1.

    None: it may have so many digits that no questionnaire can mean it. With a factor that surely is 0 it is 0.
    """
    if len(items) == 1:  # it is there, or there is no product
        return items[0][0]
    factors = [span.hull(ONE) if loose else span for span, loose in items]
    if any(factor == ZERO for factor in factors):
        return ZERO
    if sum(map(_digits, factors)) > _MOST_BITS:
        return None
    found = reduce(mul, factors)
    return None if is_immense(found) else found


def product_of_any(count: Enclosure, span: Enclosure) -> Enclosure:
    """All products of so many numbers of which each is somewhere within ``span``; that of none is 1.

    With more and more factors each end rises or falls all the way, in steps of two where a sign alternates, so that the
    extremes are those of the fewest, one more, the most and one fewer; or what they tend to, where there is no most.
    """
    fewest = 0 if count.low is None else max(int(-(-count.low // 1)), 0)
    most = None if count.high is None else max(int(count.high // 1), fewest)
    if fewest * _digits(span) > MOST_BITS:
        fewest = 0
    if most is not None and most * _digits(span) > MOST_BITS:
        most = None
    if most == 0:
        return ONE
    if span.low is None or (span.high is None and span.low < 0):
        return ANYTHING
    counts = {fewest, fewest + 1} if most is None else {fewest, min(fewest + 1, most), max(most - 1, fewest), most}
    found = reduce(Enclosure.hull, [_power(span, each) for each in sorted(counts)])
    return found if most is not None else found.hull(_limit(span.low, span.high))


def _limit(low: Fraction, high: End) -> Enclosure:
    """Where products of more and more such numbers lead."""
    if low >= 0:
        least = Fraction(0) if low < 1 else Fraction(1)
        grows = high is None or high > 1
        return Enclosure(least, None) if grows else point(least)
    return ANYTHING if high is None or max(-low, high) > 1 else ZERO


def _power(span: Enclosure, count: int) -> Enclosure:
    """The product of so many numbers that are independent of each other: of two from -1 to 2 it may be -2."""
    found, squared = ONE, span
    while count:
        if count % 2:
            found = found * squared
        count //= 2
        squared = squared * squared if count else squared
    return found


def _digits(span: Enclosure) -> int:
    ends = [end for end in (span.low, span.high) if end is not None]
    return max((max(end.numerator.bit_length(), end.denominator.bit_length()) for end in ends), default=0)
