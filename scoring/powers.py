"""A number to the power of another, where the exponent need not be whole and may be open.

For a base above 0 the power rises or falls all the way with each of the two alone, so that its extremes over two
enclosures are those of their four corners. A base below 0 has powers with whole exponents alone, and 0 has none with
negative exponents.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from typing import Final

from scoring.enclosure import (
    ANYTHING,
    MOST_BITS,
    STEEPEST,
    ZERO,
    Enclosure,
    End,
    exponential,
    is_immense,
    logarithm,
    point,
    root,
)

ONE: Final = point(Fraction(1))

_LARGEST_ROOT: Final = 12
"""Up to this denominator of an exponent the root is drawn, which is exact where it can be."""

_ROUGHLY: Final = 64


def power(base: Enclosure, exponent: Enclosure, bits: int) -> tuple[Enclosure | None, bool]:
    """All powers that there are, within about 2^-bits; and whether some of the pairs have none.

    None: no pair has one. What would have more digits than any questionnaire can mean counts as having none.
    """
    number = exponent.exact
    if base.exact is not None and number is not None:
        found = _of_numbers(base.exact, number, bits)
        return found, found is None
    if number is not None and number.denominator == 1:
        return _whole_power(base, number.numerator, bits)
    if base.high is not None and base.high < 0:
        return (None if number is not None else ANYTHING), True
    negative = base.low is None or base.low < 0
    if negative and number is None:  # of which the whole exponents have powers
        return ANYTHING, True
    low = Fraction(0) if base.low is None else max(base.low, Fraction(0))
    found, fails = _corners(Enclosure(low, base.high), exponent, bits)
    return found, fails or negative


def whole_within(span: Enclosure) -> Fraction | None:
    """A whole number that an irrational one cannot be told from."""
    if span.low is None or span.high is None:
        return None
    whole = Fraction(span.high // 1)
    return whole if whole >= span.low else None


def _whole_power(base: Enclosure, exponent: int, bits: int) -> tuple[Enclosure | None, bool]:
    fails = exponent < 0 and _may_be(base, 0)
    if fails or base.low is None or base.high is None:
        return ANYTHING if fails else base.power(exponent), fails
    if abs(exponent) * _digits(base) <= MOST_BITS:
        return base.power(exponent), False
    if base.low >= 0:
        return _corners(base, point(Fraction(exponent)), bits)
    if base.high <= 0:
        found, fails = _corners(-base, point(Fraction(exponent)), bits)
        return (-found if exponent % 2 and found is not None else found), fails
    below, above = (
        _whole_power(Enclosure(base.low, Fraction(0)), exponent, bits),
        _whole_power(Enclosure(Fraction(0), base.high), exponent, bits),
    )
    assert below[0] is not None and above[0] is not None  # noqa: S101, PT018 - 0 has a power here
    return below[0].hull(above[0]), below[1] or above[1]


def _corners(base: Enclosure, exponent: Enclosure, bits: int) -> tuple[Enclosure | None, bool]:
    """Of a base that is not negative."""
    corners = [_corner(one, exponent, bits, least=least) for one in (base.low, base.high) for least in (True, False)]
    there = [each for each in corners if each is not None]
    if not there:
        return None, True
    found = reduce(Enclosure.hull, there)
    return (found if len(there) == len(corners) else Enclosure(found.low, None)), len(there) < len(corners)


def _corner(base: End, exponents: Enclosure, bits: int, *, least: bool) -> Enclosure | None:
    """The power of one end (None: none above) by one end of the exponents, or what it tends to; None: beyond all."""
    exponent = exponents.low if least else exponents.high
    if exponent is None:
        return _endlessly(base, rises=not least)
    if exponent == 0:
        return ONE
    if base is None:
        return None if exponent > 0 else ZERO
    if base == 0:
        return ZERO if exponent > 0 else None
    return _of_numbers(base, exponent, bits)


def _endlessly(base: End, *, rises: bool) -> Enclosure | None:
    """What powers of it tend to as the exponent rises, or falls, without end."""
    if base == 1:
        return ONE
    return None if (base is None or base > 1) == rises else ZERO


def _of_numbers(base: Fraction, exponent: Fraction, bits: int) -> Enclosure | None:
    """None: there is none, or it has too many digits."""
    if exponent == 0:
        return ONE
    if base in {0, 1}:
        return point(base) if exponent > 0 or base else None
    fits = abs(exponent.numerator) * _digits(point(base)) <= MOST_BITS
    if exponent.denominator == 1 and (fits or base < 0):
        raised = point(base**exponent.numerator) if fits else None
        return None if raised is None or is_immense(raised) else raised
    if base < 0:
        return None
    if fits and exponent.denominator <= _LARGEST_ROOT:
        return root(point(base**exponent.numerator), exponent.denominator, bits)
    return _by_logarithm(base, exponent, bits)


def _by_logarithm(base: Fraction, exponent: Fraction, bits: int) -> Enclosure | None:
    """The exponential of the exponent times the logarithm of a base above 0."""
    roughly = _logarithm_times(base, exponent, _ROUGHLY)
    if roughly.low is not None and roughly.low > STEEPEST:
        return None
    # The logarithm is off by 2^-more at most, its product by |exponent| times that, the power by its size times this.
    size = max(0, int(roughly.high or 0) * 3 // 2)
    more = bits + size + abs(exponent.numerator // exponent.denominator).bit_length() + 8
    return exponential(_logarithm_times(base, exponent, more), bits)


def _logarithm_times(base: Fraction, factor: Fraction, bits: int) -> Enclosure:
    found = logarithm(point(base), bits)
    assert found is not None  # noqa: S101 - the base is above 0
    return found.scaled(factor) if factor > 0 else -found.scaled(-factor)


def _may_be(span: Enclosure, number: int) -> bool:
    return (span.low is None or span.low <= number) and (span.high is None or span.high >= number)


def _digits(span: Enclosure) -> int:
    ends = [end for end in (span.low, span.high) if end is not None]
    return max((max(end.numerator.bit_length(), end.denominator.bit_length()) for end in ends), default=0)
