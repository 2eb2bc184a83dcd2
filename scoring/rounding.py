"""The one rounding: a rational in, a decimal string out."""

from __future__ import annotations

from fractions import Fraction

from questionnaires.model import Rounding, RoundingMode


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
    sign = "-" if value < 0 and units else ""
    if not rounding.places:
        return f"{sign}{units}"
    whole, part = divmod(units, scale)
    return f"{sign}{whole}.{part:0{rounding.places}d}"
