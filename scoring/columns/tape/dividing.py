"""A sum divided by what counts, which is a sum of some of few known numbers, as operations of a tape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Final

from scoring.columns.tape.reals import Real

if TYPE_CHECKING:
    from scoring.columns.tape.writing import Writing

_ROUNDED: Final = 1e-12
"""More than the ends of what numbers may be are off by, once they were divided."""

_LARGEST_COMMON: Final = 1 << 40
_MOST_SUMS: Final = 1 << 12
"""Different sums up to which a common multiple of them all is looked for."""


def divided(write: Writing, total: Real, counting: Sequence[tuple[int, Fraction]]) -> Real:
    """The total over all that counts: registers (B) of whether it does, and how much."""
    common = lcm(*(each.denominator for _, each in counting))
    whole = [(own, each * common) for own, each in counting]
    return over(
        write, write.line(total, Fraction(common), Fraction(0)), write.counted(whole), [each for _, each in whole]
    )


def over(write: Writing, total: Real, weight: Real, weights: Sequence[Fraction]) -> Real:
    """Divided by a weight that is the sum of some of these whole numbers."""
    sums = {0}
    for own in weights:
        sums |= {each + int(own) for each in sums}
        if len(sums) > _MOST_SUMS:
            break
    common = lcm(*(each for each in sums if each))
    told = None
    if len(sums) <= _MOST_SUMS and common < _LARGEST_COMMON and total.denominator is not None:
        told = total.denominator * common
    return write.over(total, weight, told)[0]


def between(found: Real, values: Sequence[Real]) -> Real:
    """A mean, of which is known besides that it lies among its values wherever there is one."""
    low, high = min(each.low for each in values), max(each.high for each in values)
    known = replace(found, low=max(found.low, low), high=min(found.high, high))
    if found.of is None:
        return known
    inner, times = found.of
    least, most = sorted((low / float(times), high / float(times)))
    least, most = least - abs(least) * _ROUNDED, most + abs(most) * _ROUNDED
    return replace(known, of=(replace(inner, low=max(inner.low, least), high=min(inner.high, most)), times))
