"""The normal distribution Φ, enclosed so tightly that the one declared rounding is provably right.

For x ≥ 0, Φ(x) = 1/2 + φ(x) × S(x) with φ(x) = e^(-x²/2) ÷ √(2π) and S(x) = x + x³/3 + x⁵/(3·5) + x⁷/(3·5·7) + …
(repeated integration by parts; Abramowitz and Stegun 26.2.11). All terms are positive, so nothing cancels out: summed
up in whole multiples of a small unit, once rounded down and once rounded up, they enclose their sum. What is left out
after a term *t* is less than *t* as soon as each following term is at most half of the one before it. For x < 0,
Φ(x) = 1 - Φ(-x). Where the tail 1 - Φ(x) < e^(-x²/2) is smaller than what is asked for, and beyond ±:data:`FURTHEST`
always, nothing is summed up.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Final

from scoring.enclosure import Enclosure, End, exponential, point, root

FURTHEST: Final = 40
"""Beyond, no more is said than that Φ lies between 0 and 2^-1152, or as near to 1."""

_HALF: Final = Fraction(1, 2)
_SPARE: Final = 40
"""Binary digits for what thousands of roundings add up to."""


def normal(value: Enclosure, bits: int) -> Enclosure:
    """The share of a standard normal distribution that lies below a number, within 2^-bits."""
    low = _normal(value.low, bits) if value.low is not None else None
    if value.low is not None and value.low == value.high:
        return low or point(_HALF)
    high = _normal(value.high, bits) if value.high is not None else None
    return Enclosure(_end(low, 0), _end(high, 1))


def _end(found: Enclosure | None, limit: int) -> End:
    if found is None:
        return Fraction(limit)
    return found.high if limit else found.low


def _normal(value: Fraction, bits: int) -> Enclosure:
    if not value:
        return point(_HALF)
    digits = _digits_of_tail(min(abs(value), Fraction(FURTHEST)))
    if digits > bits or abs(value) > FURTHEST:
        above = Enclosure(1 - Fraction(1, 1 << digits), Fraction(1))
    else:
        above = _trimmed(point(_HALF) + _beyond_half(abs(value), bits), bits)
    return above if value > 0 else point(Fraction(1)) - above


def _digits_of_tail(value: Fraction) -> int:
    """How many binary digits after the point are 0 before those of e^(-x²/2): log2 e is a little more than 1.44."""
    return int(value * value / 2 * 36 / 25)


def _beyond_half(value: Fraction, bits: int) -> Enclosure:
    """Φ(x) - 1/2 for x > 0."""
    series = _series(value, bits + _SPARE)
    # S grows like e^(x²/2): as many more digits are wanted of φ as S has before its point
    finer = bits + _SPARE + int(series.high or 0).bit_length()
    bell = exponential(point(-value * value / 2), finer)
    scale = root(_twice_pi(finer), 2, finer)
    assert bell is not None and scale is not None  # noqa: PT018, S101 – of a number not above 0, and of one above 0
    over = scale.inverse()
    assert over is not None  # noqa: S101 – it is about 2.5
    return bell * over * series


def _series(value: Fraction, bits: int) -> Enclosure:
    """S(x) for x > 0, in multiples of 2^-bits."""
    unit = 1 << bits
    low, high = value.numerator * unit // value.denominator, -(-value.numerator * unit // value.denominator)
    low_square, high_square = low * low // unit, -(-high * high // unit)
    sums = [low, high]
    odd = 1
    while high > 1 or 2 * high_square > (odd + 2) * unit:
        odd += 2
        low, high = low * low_square // (odd * unit), -(-high * high_square // (odd * unit))
        sums = [sums[0] + low, sums[1] + high]
    return Enclosure(Fraction(sums[0], unit), Fraction(sums[1] + high, unit))


def _trimmed(value: Enclosure, bits: int) -> Enclosure:
    """The same with no more digits than mean something, rounded outwards."""
    unit = 1 << (bits + 2)
    low, high = value.low or Fraction(0), value.high or Fraction(1)
    return Enclosure(
        Fraction(low.numerator * unit // low.denominator, unit),
        min(Fraction(-(-high.numerator * unit // high.denominator), unit), Fraction(1)),
    )


@lru_cache(maxsize=32)
def _twice_pi(bits: int) -> Enclosure:
    """2π = 32 arctan 1/5 - 8 arctan 1/239 (Machin), within 2^-bits."""
    fifth, small = _arctangent(5, bits + 8), _arctangent(239, bits + 8)
    return fifth.scaled(Fraction(32)) - small.scaled(Fraction(8))


def _arctangent(over: int, bits: int) -> Enclosure:
    """The arctangent of one over a whole number: terms fall and alternate, so the next one bounds what is left out."""
    unit = 1 << bits
    total, power, count = 0, unit // over, 0
    while power:
        total += power // (2 * count + 1) * (1 - 2 * (count % 2))
        power //= over * over
        count += 1
    # each term is off by less than 2 units (of its power, and of its own division), and less than 1 is left out
    return Enclosure(Fraction(total - 2 * count - 1, unit), Fraction(total + 2 * count + 1, unit))
