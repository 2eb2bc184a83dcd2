"""The one rounding: a number in, a decimal string out."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from questionnaires.model import Rounding, RoundingMode
from scoring.enclosure import Enclosure

DIGITS = 30
"""Decimal places of an irrational number on a scorecard, cut off, before the "…"."""


LONG: Final = 14_280
"""Bits of a number from which it may have more digits than Python writes out (4,300)."""


class Undecided(Exception):
    """Numbers are enclosed too loosely to decide a rounding or a comparison; more bits are needed."""


def stated(value: Fraction, rounding: Rounding) -> str:
    """``value`` rounded as declared, as a decimal string with exactly ``places`` digits after the point.

    Never ``-0``: a negative value that rounds to zero is stated as zero.
    """
    scale = 10**rounding.places
    units, remainder = divmod(abs(value.numerator) * scale, value.denominator)
    twice = 2 * remainder
    if rounding.mode is RoundingMode.HALF_UP:
        units += twice >= value.denominator
    elif rounding.mode is RoundingMode.HALF_EVEN:
        units += twice > value.denominator or (twice == value.denominator and units % 2 == 1)
    elif rounding.mode is RoundingMode.UP:
        units += remainder > 0
    sign = "-" if value < 0 and units else ""
    if not rounding.places:
        return f"{sign}{units}"
    whole, part = divmod(units, scale)
    return f"{sign}{whole}.{part:0{rounding.places}d}"


def stated_of(value: Enclosure, rounding: Rounding, *, last: bool) -> str:
    """The enclosed number rounded as declared, provably: both ends have to give the same.

    ``last``: no more bits will come. Two ends that still differ then lie so close to a rounding limit (2^-4096)
    that the number is taken for the limit itself.

    Raises:
        Undecided: the ends give different results and ``last`` is false.
    """
    if value.low is None or value.high is None:
        raise Undecided
    found = stated(value.low, rounding)
    if value.low == value.high or found == stated(value.high, rounding):
        return found
    if not last:
        raise Undecided
    limit = Fraction(round(value.high * 2 * 10**rounding.places), 2 * 10**rounding.places)
    return stated(limit if value.low <= limit <= value.high else value.high, rounding)


def written(value: Enclosure) -> str:
    """The number for the record: ``"n"`` or ``"n/d"`` where it is known exactly, else its digits cut off by "…".

    At most thirty decimals are told, and none that it is not known to have. So is a fraction that nobody could read,
    with thousands of digits above and below its stroke.
    """
    if value.exact is not None and max(value.exact.numerator.bit_length(), value.exact.denominator.bit_length()) < LONG:
        return str(value.exact)
    if value.low is None or value.high is None:
        return "…"
    middle, width = (value.low + value.high) / 2, value.high - value.low
    places = next((places for places in range(DIGITS, 1, -1) if width * 10**places <= 1), 1)
    digits = f"{abs(middle.numerator) * 10**places // middle.denominator:0{places + 1}d}"
    sign = "-" if middle < 0 and digits.strip("0") else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}…"
