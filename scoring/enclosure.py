"""Arithmetic with numbers that are known to lie between two rationals.

One kind of number serves two needs. An irrational result (a root, a logarithm) is enclosed so tightly that the
one declared rounding is provably right; an open answer is enclosed by all that it may still become. A number
that is known exactly has equal ends, and then every operation here is exact rational arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from functools import lru_cache, reduce
from math import gcd, lcm
from typing import Final

End = Fraction | None
"""An end of an enclosure; None: there is no limit on that side."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """All numbers from ``low`` to ``high``, ends included."""

    low: End
    high: End

    @property
    def exact(self) -> Fraction | None:
        """The number itself where it is known exactly."""
        if self.low is self.high or (self.low is not None and self.low == self.high):
            return self.low
        return None

    def __add__(self, other: Enclosure) -> Enclosure:
        return Enclosure(_plus(self.low, other.low), _plus(self.high, other.high))

    def __neg__(self) -> Enclosure:
        return Enclosure(None if self.high is None else -self.high, None if self.low is None else -self.low)

    def __sub__(self, other: Enclosure) -> Enclosure:
        return self + -other

    def __mul__(self, other: Enclosure) -> Enclosure:
        if self.exact is not None and other.exact is not None:
            return point(self.exact * other.exact)
        if self.exact == 0 or other.exact == 0:
            return ZERO
        if None in (self.low, self.high, other.low, other.high):
            return _unbounded_product(self, other)
        products = [
            a * b for a in (self.low, self.high) for b in (other.low, other.high) if a is not None and b is not None
        ]
        return Enclosure(min(products), max(products))

    def scaled(self, factor: Fraction) -> Enclosure:
        """Times a number that is not negative."""
        if not factor:
            return ZERO
        if self.low is self.high and self.low is not None:
            return point(self.low * factor)
        return Enclosure(
            None if self.low is None else self.low * factor, None if self.high is None else self.high * factor
        )

    def inverse(self) -> Enclosure | None:
        """One over this; None where this is zero, anything where it may be."""
        if self.exact is not None:
            return point(1 / self.exact) if self.exact else None
        if (self.low is not None and self.low > 0) or (self.high is not None and self.high < 0):
            low = Fraction(0) if self.high is None else 1 / self.high
            high = Fraction(0) if self.low is None else 1 / self.low
            return Enclosure(low, high)
        return ANYTHING

    def power(self, exponent: int) -> Enclosure | None:
        """To a whole power; None for a negative power of zero."""
        if exponent < 0:
            inverted = self.inverse()
            return None if inverted is None else inverted.power(-exponent)
        if self.exact is not None:
            return point(self.exact**exponent)
        result = point(Fraction(1))
        for _ in range(exponent):
            result = result * self
        if exponent % 2 == 0 and exponent:
            return Enclosure(max(Fraction(0), result.low or Fraction(0)), result.high)
        return result

    def hull(self, other: Enclosure) -> Enclosure:
        """The least enclosure that holds both."""
        return Enclosure(
            None if self.low is None or other.low is None else min(self.low, other.low),
            None if self.high is None or other.high is None else max(self.high, other.high),
        )

    def at_most(self, limit: Fraction | Enclosure) -> Enclosure:
        """Whatever exceeds ``limit`` becomes ``limit``."""
        if isinstance(limit, Enclosure):
            return _lesser(self, limit)
        low = None if self.low is None else min(self.low, limit)
        return Enclosure(low, limit if self.high is None else min(self.high, limit))

    def at_least(self, limit: Fraction | Enclosure) -> Enclosure:
        """Whatever is below ``limit`` becomes ``limit``."""
        if isinstance(limit, Enclosure):
            return -_lesser(-self, -limit)
        high = None if self.high is None else max(self.high, limit)
        return Enclosure(limit if self.low is None else max(self.low, limit), high)

    def held(self, least: Fraction | Enclosure | None, most: Fraction | Enclosure | None) -> Enclosure:
        """Within limits, where there are any."""
        found = self if most is None else self.at_most(most)
        return found if least is None else found.at_least(least)

    def monotone(self, of: Callable[[Fraction], Fraction]) -> Enclosure:
        """A function that never falls, applied to both ends."""
        return Enclosure(None if self.low is None else of(self.low), None if self.high is None else of(self.high))


ANYTHING: Final = Enclosure(None, None)


def point(value: Fraction) -> Enclosure:
    """A number that is known exactly."""
    return Enclosure(value, value)


ZERO: Final = point(Fraction(0))


def exactly(limit: Enclosure | None) -> Fraction | None:
    """The number of a limit that is known exactly; None where there is no limit."""
    return None if limit is None else limit.exact


def total(items: Iterable[Enclosure]) -> Enclosure:
    """The sum."""
    return weighted_total((_ONE, item) for item in items)


def weighted_total(pairs: Iterable[tuple[Fraction, Enclosure]]) -> Enclosure:
    """The sum of weight × value; no weight is negative."""
    known = list(pairs)
    if all(value.low is value.high and value.low is not None for _, value in known):
        return point(weighted_sum([(weight, value.low or _NOTHING) for weight, value in known]))
    return reduce(Enclosure.__add__, (value.scaled(weight) for weight, value in known), ZERO)


def weighted_sum(pairs: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """The sum of weight × value, over one common denominator: one reduction instead of one for each step."""
    common = lcm(*[weight.denominator * value.denominator for weight, value in pairs])
    return Fraction(
        sum(
            [
                weight.numerator * value.numerator * (common // (weight.denominator * value.denominator))
                for weight, value in pairs
            ]
        ),
        common,
    )


def summed(values: Sequence[Fraction]) -> Fraction:
    """The sum, over one common denominator."""
    common = lcm(*[value.denominator for value in values])
    return Fraction(sum([value.numerator * (common // value.denominator) for value in values]), common)


_ONE: Final = Fraction(1)
_NOTHING: Final = Fraction(0)


def least(items: Iterable[Enclosure]) -> Enclosure:
    """The minimum (of at least one)."""
    return reduce(_lesser, items)


def greatest(items: Iterable[Enclosure]) -> Enclosure:
    """The maximum (of at least one)."""
    return -reduce(_lesser, (-item for item in items))


def root(value: Enclosure, degree: int, bits: int) -> Enclosure | None:
    """The root of that degree of something not negative, within 2^-bits; None of something negative.

    Of something that may be negative it is the root of what is not.
    """
    if value.high is not None and value.high < 0:
        return None
    low = ZERO if value.low is None or value.low < 0 else _root(value.low, degree, bits)
    if value.exact is not None:
        return low
    high = None if value.high is None else _root(value.high, degree, bits).high
    return Enclosure(low.low, high)


def logarithm(value: Enclosure, bits: int) -> Enclosure | None:
    """The natural logarithm of something positive, within about 2^-bits; None of anything else."""
    if value.high is not None and value.high <= 0:
        return None
    if value.low is not None and value.low == value.high:
        return _logarithm(value.low, bits)
    low = None if value.low is None or value.low <= 0 else _logarithm(value.low, bits).low
    return Enclosure(low, None if value.high is None else _logarithm(value.high, bits).high)


def exponential(value: Enclosure, bits: int) -> Enclosure | None:
    """The number e to the power of something, within about 2^-bits; None where that has too many digits to mean much.

    Beyond ±:data:`STEEPEST` nothing is computed: above, there is no number (see :func:`is_immense`); below, it lies
    between 0 and 2^-4000.
    """
    if value.low is not None and value.low > STEEPEST:
        return None
    low = Fraction(0) if value.low is None else _power_of_e(value.low, bits).low
    if value.high is None or value.high > STEEPEST:
        return None if value.low == value.high else Enclosure(low, None)
    return Enclosure(low, _power_of_e(value.high, bits).high)


def geometric(pairs: Iterable[tuple[Fraction, Enclosure]], bits: int) -> Enclosure | None:
    """Weighted geometric mean of (weight, value); None where a value may be negative.

    With weights n_i / d (d common) and N the sum of the n_i it is the N-th root of the product of the values to the
    power n_i, and exact where that root is rational. Where N is large it is the exponential of the mean logarithm.
    """
    known = list(pairs)
    if any(value.low is None or value.low < 0 for _, value in known):
        return None
    common = lcm(*(weight.denominator for weight, _ in known))
    counts = [int(weight * common) for weight, _ in known]
    shared = gcd(*counts)
    if sum(counts) // shared > _LARGEST_ROOT:
        return _by_logarithms(known, bits)
    product = point(Fraction(1))
    for count, (_, value) in zip(counts, known, strict=True):
        product = product * (value.power(count // shared) or ZERO)
    return root(product, sum(counts) // shared, bits)


def is_immense(value: Enclosure) -> bool:
    """True for numbers with so many digits that no questionnaire can mean them; they are not computed with further."""
    ends = [end for end in (value.low, value.high) if end is not None]
    return any(max(end.numerator.bit_length(), end.denominator.bit_length()) > MOST_BITS for end in ends)


def trimmed(value: Enclosure, bits: int) -> Enclosure:
    """The same with its ends moved outwards to as many significant bits as ``bits`` asks for, and some to spare.

    What was known exactly is then enclosed like an irrational number: the sum of five hundred quotients may have
    thousands of digits above and below, and means no more by them. An irrational number that cannot be told from 0
    stays so: what lies closer to it than 2^-8500 is cut off.
    """
    finest = None if value.exact is not None else _FINEST

    def down(end: Fraction) -> Fraction:
        shift = bits + _SPARE_BITS - end.numerator.bit_length() + end.denominator.bit_length()
        shift = shift if finest is None else min(shift, finest)
        if shift >= 0:
            return Fraction((end.numerator << shift) // end.denominator, 1 << shift)
        return Fraction((end.numerator // (end.denominator << -shift)) << -shift)

    low, high = value.low, value.high
    return Enclosure(None if low is None else down(low), None if high is None else -down(-high))


STEEPEST: Final = 2800
"""The greatest exponent of e with which anything is computed: a number of 1216 digits."""

_KEPT: Final = 512
"""So many logarithms and exponentials are kept: near a limit each takes milliseconds, and ln(10) comes often."""

_SPARE_BITS: Final = 64
_FINEST: Final = 8500

_LARGEST_ROOT: Final = 1000
MOST_BITS: Final = 9000
"""About 2,700 decimal digits: less than Python's own limit for writing a number, more than 4,096 bits of precision."""


def _by_logarithms(known: Sequence[tuple[Fraction, Enclosure]], bits: int) -> Enclosure:
    if any(value.exact == 0 for _, value in known):
        return ZERO
    weight = sum((own for own, _ in known), Fraction(0))
    logs = [(own, logarithm(value, bits)) for own, value in known]
    mean = total(log.scaled(own / weight) for own, log in logs if log is not None)
    low = Fraction(0) if mean.low is None else _exponential(mean.low, bits).low
    return Enclosure(low, None if mean.high is None else _exponential(mean.high, bits).high)


def _power_of_e(value: Fraction, bits: int) -> Enclosure:
    if value == 0:
        return point(Fraction(1))
    if value < -STEEPEST:
        return Enclosure(Fraction(0), Fraction(1, 1 << 4000))
    # As many more bits as the result has before its point: the number itself, not a share of it, lies within 2^-bits.
    return _exponential(value, bits + max(0, int(value * 3 // 2)) + 16)


@lru_cache(maxsize=_KEPT)
def _exponential(value: Fraction, bits: int) -> Enclosure:
    """Like :func:`_logarithm`: ``Decimal.exp`` is correctly rounded."""
    down, up, low, high = _rounded_both_ways(value, bits)
    found = down.exp(low)
    above = found if low == high else up.exp(high)
    return Enclosure(Fraction(found.next_minus(down)), Fraction(above.next_plus(up)))


def _plus(a: End, b: End) -> End:
    return None if a is None or b is None else a + b


def _lesser(a: Enclosure, b: Enclosure) -> Enclosure:
    highs = [end for end in (a.high, b.high) if end is not None]
    return Enclosure(None if a.low is None or b.low is None else min(a.low, b.low), min(highs) if highs else None)


def _unbounded_product(a: Enclosure, b: Enclosure) -> Enclosure:
    """A product with an open end: limited on a side only where the signs say so."""

    def sign(item: Enclosure) -> int:
        if item.low is not None and item.low >= 0:
            return 1
        return -1 if item.high is not None and item.high <= 0 else 0

    signs = sign(a) * sign(b)
    if not signs:
        return ANYTHING
    left, right = (a if sign(a) > 0 else -a), (b if sign(b) > 0 else -b)
    low = (left.low or Fraction(0)) * (right.low or Fraction(0))
    high = None if left.high is None or right.high is None else left.high * right.high
    found = Enclosure(low, high)
    return found if signs > 0 else -found


def _root(value: Fraction, degree: int, bits: int) -> Enclosure:
    numerator, denominator = _whole_root(value.numerator, degree), _whole_root(value.denominator, degree)
    if numerator**degree == value.numerator and denominator**degree == value.denominator:
        return point(Fraction(numerator, denominator))
    scale = 1 << bits
    floor = _whole_root(value.numerator * scale**degree // value.denominator, degree)
    return Enclosure(Fraction(floor, scale), Fraction(floor + 1, scale))


def _whole_root(value: int, degree: int) -> int:
    """The greatest whole number whose power does not exceed ``value`` (Newton's method on integers)."""
    if value < 2:
        return value
    guess = 1 << -(-value.bit_length() // degree)
    while True:
        better = ((degree - 1) * guess + value // guess ** (degree - 1)) // degree
        if better >= guess:
            return guess
        guess = better


@lru_cache(maxsize=_KEPT)
def _logarithm(value: Fraction, bits: int) -> Enclosure:
    """``Decimal.ln`` is correctly rounded, so its neighbours enclose the logarithm of its (rounded) argument."""
    if value == 1:
        return ZERO
    down, up, low, high = _rounded_both_ways(value, bits)
    found = down.ln(low)
    above = found if low == high else up.ln(high)
    return Enclosure(Fraction(found.next_minus(down)), Fraction(above.next_plus(up)))


def _rounded_both_ways(value: Fraction, bits: int) -> tuple[Context, Context, Decimal, Decimal]:
    digits = bits * 3 // 10 + 8
    down, up = Context(prec=digits, rounding=ROUND_FLOOR), Context(prec=digits, rounding=ROUND_CEILING)
    numerator, denominator = Decimal(value.numerator), Decimal(value.denominator)
    return down, up, down.divide(numerator, denominator), up.divide(numerator, denominator)
