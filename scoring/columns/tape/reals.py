"""Numbers of a tape with all that is known of them before any answer is: their range, their error, their denominator.

Binary floating point arithmetic rounds every result to the nearest number (IEEE 754), which is off by 2^-53 of it at
most. Here twice that is taken for each operation, and every decision takes twice the bound that comes of it: what
bounds of bounds would add is far less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Final

UNIT: Final = 2.0**-52
"""Twice the greatest part by which an operation is off."""

LOOSEST: Final = 2.0**-30
EXACT: Final = 2.0**52
FINE: Final = 1e-9
"""A bound of an error above which it is better told in proportion."""

COARSE: Final = 1e-4
MOST_UNITS: Final = 2.0**31 - 2
LARGEST: Final = 1e60
LONGEST: Final = 1 << 200
_SLACK: Final = 1 + 1e-9


class Uncovered(Exception):
    """Something of the definition is not written down as a tape; other columns take it."""


@dataclass(frozen=True, slots=True)
class Real:
    """A number of every assessment, in a register."""

    at: int
    low: float
    high: float
    """It is never beyond these."""

    relative: float = 0.0
    absolute: float = 0.0
    """What is in the register is off by no more than ``relative`` × the number + ``absolute``."""

    denominator: int | None = None
    """It is a multiple of one part of that; None: that depends on the answers."""

    status: int | None = None
    """Register (B) of why there is none; None: all have one."""

    constant: Fraction | None = None
    nearest: float = 0.0
    """Where it is not 0, it is no nearer to it than this."""

    of: tuple[Real, Fraction] | None = None
    """Another number that it is a multiple of, and what multiple."""

    bounds: tuple[tuple[int, float], ...] = ()
    """Registers (F), and how many times what is in each it may be off by besides."""

    zero: int | None = None
    """Register (B) of whether it is 0, where that is known by other means than the number itself."""

    @property
    def bare(self) -> tuple[Real, Fraction]:
        """The number that it is a multiple of, or itself, and what multiple."""
        return (self, Fraction(1)) if self.of is None else self.of

    @property
    def size(self) -> float:
        """The greatest magnitude it may have."""
        return max(abs(self.low), abs(self.high))

    @property
    def error(self) -> float:
        """By how much it may be off at most."""
        return self.relative * self.size + self.absolute if self.relative else self.absolute

    @property
    def is_positive(self) -> bool:
        """Whether it is never below 0."""
        return self.low >= 0


def firm(*numbers: Real) -> None:
    """Refuse numbers whose error depends on the answers.

    Raises:
        Uncovered: one is such a number.
    """
    if any(number.bounds for number in numbers):
        raise Uncovered


def bounds_of(*parts: tuple[Real, float]) -> tuple[tuple[int, float], ...]:
    """By what a sum of so many times each of these is off besides."""
    found: dict[int, float] = {}
    for number, times in parts:
        for register, own in number.bounds:
            found[register] = found.get(register, 0.0) + abs(times) * own * _SLACK
    return tuple(found.items())


def same_sign(a: Real, b: Real) -> bool:
    """Whether neither is ever below 0, or neither above."""
    return (a.low >= 0 and b.low >= 0) or (a.high <= 0 and b.high <= 0)


def common_of(a: Real, b: Real) -> int | None:
    """The least common denominator; None: that depends on the answers."""
    return None if a.denominator is None or b.denominator is None else lcm(a.denominator, b.denominator)


def unit_of(multiples: Sequence[Fraction]) -> Fraction:
    """The greatest number of which all these are whole multiples; 1 where all are 0."""
    common = lcm(*(each.denominator for each in multiples))
    return Fraction(gcd(*(int(each * common) for each in multiples)) or common, common)


def is_apart(bound: float, denominator: int) -> bool:
    """Whether two numbers that both are multiples of one part of ``denominator`` cannot be so near and not the same."""
    return denominator < LONGEST and bound * 2 * float(denominator) * _SLACK < 1
