"""Numbers that are known to lie between two binary floating point numbers, for whole columns at once.

Every operation widens its result outwards to the next floating point number unless it is known to be exact, so that the
true number never leaves its interval (IEEE 754: sums, products and quotients are the nearest floating point number to
the true result). What an interval decides (a comparison, a rounding whose two ends agree) is decided for the true
number; what it does not is left to the exact engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from questionnaires.model import Rounding, RoundingMode
from scoring.enclosure import Enclosure

Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]

_WHOLE: Final = float(1 << 52)
"""Whole floating point numbers below this are exact, and so are their sums."""

_LARGE: Final = 1e300
"""Below this a number can be widened without reaching infinity."""

_RELATIVE: Final = 2.0**-52
_TINY: Final = float(np.nextafter(0.0, 1.0))


@dataclass(frozen=True, slots=True)
class Interval:
    """A number for each assessment: somewhere from ``low`` to ``high``, ends included."""

    low: Reals
    high: Reals

    @property
    def is_point(self) -> bool:
        """Whether both ends are known to be one: the very same array."""
        return self.low is self.high

    def __add__(self, other: Interval) -> Interval:
        if self.is_point and other.is_point:
            return _around(*_sum(self.low, other.low))
        return Interval(_down(*_sum(self.low, other.low)), _up(*_sum(self.high, other.high)))

    def __neg__(self) -> Interval:
        if self.is_point:
            return _point(-self.low)
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        if _is_one(other):
            return self
        if self.is_point and other.is_point:
            return _around(*_product(self.low, other.low))
        if _not_negative(self) and _not_negative(other):
            return Interval(_down(*_product(self.low, other.low)), _up(*_product(self.high, other.high)))
        pairs = [_product(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        low, high = (
            np.minimum.reduce([_down(*pair) for pair in pairs]),
            np.maximum.reduce([_up(*pair) for pair in pairs]),
        )
        return Interval(low, high)

    def __truediv__(self, other: Interval) -> Interval:
        """Over something that surely is not zero."""
        if _is_one(other):
            return self
        if self.is_point and other.is_point:
            return _around(*_quotient(self.low, other.low))
        if _not_negative(self) and _not_negative(other):
            return Interval(_down(*_quotient(self.low, other.high)), _up(*_quotient(self.high, other.low)))
        pairs = [_quotient(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        low, high = (
            np.minimum.reduce([_down(*pair) for pair in pairs]),
            np.maximum.reduce([_up(*pair) for pair in pairs]),
        )
        return Interval(low, high)

    def least(self, other: Interval) -> Interval:
        """The lesser of two."""
        return Interval(np.minimum(self.low, other.low), np.minimum(self.high, other.high))

    def greatest(self, other: Interval) -> Interval:
        """The greater of two."""
        return Interval(np.maximum(self.low, other.low), np.maximum(self.high, other.high))

    def where(self, chosen: Flags, other: Interval) -> Interval:
        """This where ``chosen``, else the other."""
        if self.low.shape == chosen.shape and chosen.all():
            return self
        return Interval(np.where(chosen, self.low, other.low), np.where(chosen, self.high, other.high))

    def take(self, places: NDArray[Any]) -> Interval:
        """The numbers at these places."""
        return Interval(self.low[places], self.high[places])


def constant(value: Fraction, count: int = 1) -> Interval:
    """The same number for all (one element stands for any number of assessments)."""
    low, high = ends(value, value)
    return _point(np.full(count, low)) if low == high else Interval(np.full(count, low), np.full(count, high))


def whole(value: Interval, count: int) -> Interval:
    """An element for each assessment."""
    if value.is_point:
        return _point(np.broadcast_to(value.low, count))
    return Interval(np.broadcast_to(value.low, count), np.broadcast_to(value.high, count))


def held(value: Interval, least: Enclosure | None, most: Enclosure | None) -> Interval:
    """Within limits, where there are any."""
    if most is not None:
        value = value.least(enclosed(most))
    return value if least is None else value.greatest(enclosed(least))


def enclosed(value: Enclosure) -> Interval:
    """The same for all assessments."""
    low, high = ends(value.low, value.high)
    return Interval(np.full(1, low), np.full(1, high))


def ends(low: Fraction | None, high: Fraction | None) -> tuple[float, float]:
    """The nearest floating point numbers outside two exact ones; None: no limit."""
    below = -np.inf if low is None else _nearest(low)
    above = np.inf if high is None else _nearest(high)
    if low is not None and (np.isinf(below) or Fraction(below) > low):
        below = float(np.nextafter(below, -np.inf))
    if high is not None and (np.isinf(above) or Fraction(above) < high):
        above = float(np.nextafter(above, np.inf))
    return below, above


def _nearest(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf


def quotient_of(numerator: NDArray[np.int64], denominator: int) -> Interval:
    """Whole numbers over one denominator."""
    over = constant(Fraction(denominator))
    top = numerator.astype(np.float64)
    large = np.abs(top) >= _WHOLE
    if not large.any():
        return _point(top) / over
    low = np.where(large, np.nextafter(top, -np.inf), top)
    high = np.where(large, np.nextafter(top, np.inf), top)
    return Interval(low, high) / over


def rounded(value: Interval, rounding: Rounding) -> tuple[NDArray[np.int64], Flags]:
    """Each number in units of its last stated place, and where its two ends agree on them."""
    scale = constant(Fraction(10**rounding.places))
    scaled = value * scale
    low, high = _stated(scaled.low, rounding.mode), _stated(scaled.high, rounding.mode)
    sure = (low == high) & (np.abs(low) < _WHOLE)
    return np.where(sure, low, 0).astype(np.int64), sure


def _stated(value: Reals, mode: RoundingMode) -> Reals:
    """Whole numbers; a function that never falls, so that what holds for both ends holds between them."""
    size = np.minimum(np.abs(value), 2 * _WHOLE)
    whole = np.floor(size)
    part = size - whole
    match mode:
        case RoundingMode.HALF_UP:
            whole = whole + (part >= 0.5)
        case RoundingMode.HALF_EVEN:
            whole = whole + ((part > 0.5) | ((part == 0.5) & (whole % 2 == 1)))
        case RoundingMode.UP:
            whole = whole + (part > 0)
    return np.copysign(whole, value) + 0.0


Result = tuple[Reals, NDArray[np.bool_]]
"""The nearest floating point number, and whether it is the true result."""


def _sum(a: Reals, b: Reals) -> Result:
    """The sum with its error, which is itself a floating point number (Knuth)."""
    with np.errstate(invalid="ignore", over="ignore"):
        found = a + b
        part = found - a
        error = (a - (found - part)) + (b - part)
    return found, error == 0


def _product(a: Reals, b: Reals) -> Result:
    with np.errstate(invalid="ignore", over="ignore"):
        found = a * b
        whole = (a == np.floor(a)) & (b == np.floor(b)) & (np.abs(found) < _WHOLE)
        found = np.where((a == 0) | (b == 0), 0.0, found)
    return found, whole | (a == 0) | (b == 0)


def _quotient(a: Reals, b: Reals) -> Result:
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        found = a / b
        back = found * b
        whole = (found == np.floor(found)) & (b == np.floor(b)) & (np.abs(a) < _WHOLE) & (back == a)
    return found, whole | (a == 0)


def _point(value: Reals) -> Interval:
    return Interval(value, value)


def _is_one(value: Interval) -> bool:
    """Whether it is 1 for all, so that nothing comes of multiplying with it."""
    return value.low.size == 1 and bool((value.low == 1) & (value.high == 1))


def _around(found: Reals, exact: NDArray[np.bool_]) -> Interval:
    """The true result of an operation on two points: what was found where it is exact, else between its neighbours."""
    if exact.all():
        return _point(found)
    return Interval(_down(found, exact), _up(found, exact))


def _not_negative(value: Interval) -> bool:
    """Whether no number is below zero; what is no number at all is not asked."""
    return bool(value.low.min(initial=0) >= 0)


def _step(found: Reals) -> Reals | None:
    """At least the distance to either neighbour, below the largest numbers; None: some number has no end.

    A number is less than 2 to the 53 times that distance: it is a multiple of its last binary place, and the neighbour
    is no further than one such place. What is rounded lies beyond the neighbour, or on it.
    """
    size = np.abs(found)
    if not size.max(initial=0) < _LARGE:
        return None
    return size * _RELATIVE + _TINY


def _down(found: Reals, exact: NDArray[np.bool_]) -> Reals:
    step = _step(found)
    with np.errstate(over="ignore"):  # next to the largest number there is none
        return np.where(exact, found, np.nextafter(found, -np.inf) if step is None else found - step)


def _up(found: Reals, exact: NDArray[np.bool_]) -> Reals:
    step = _step(found)
    with np.errstate(over="ignore"):  # next to the largest number there is none
        return np.where(exact, found, np.nextafter(found, np.inf) if step is None else found + step)
