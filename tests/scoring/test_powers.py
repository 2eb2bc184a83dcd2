"""Powers whose exponent is a formula: exact where they can be, else enclosed; without a value where there is none."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.enclosure import ANYTHING, Enclosure, point
from scoring.powers import power

BITS = 128
TOLERANCE = Fraction(1, 2**100)


def number(text: str) -> Enclosure:
    return point(Fraction(text))


def between(low: str | None, high: str | None) -> Enclosure:
    return Enclosure(None if low is None else Fraction(low), None if high is None else Fraction(high))


@pytest.mark.parametrize(
    ("base", "exponent", "exactly"),
    [
        ("1.05", "3", "1.157625"),
        ("1.05", "-2", "400/441"),
        ("-2", "3", "-8"),
        ("8", "2/3", "4"),
        ("9/4", "-0.5", "2/3"),
        ("0", "0", "1"),
        ("0", "2.5", "0"),
        ("1", "1000000000000", "1"),
        ("2", "4000", str(2**4000)),
    ],
)
def test_what_is_rational_is_exact(base: str, exponent: str, exactly: str) -> None:
    assert power(number(base), number(exponent), BITS) == (number(exactly), False)


@pytest.mark.parametrize(("base", "exponent"), [("0", "-1"), ("-2", "0.5"), ("10", "1000000000"), ("-1.5", "99999999")])
def test_what_has_no_power_or_too_many_digits_says_so(base: str, exponent: str) -> None:
    assert power(number(base), number(exponent), BITS) == (None, True)


def test_a_power_too_small_to_write_lies_beside_0() -> None:
    found, fails = power(number("0.1"), number("1000000000"), BITS)
    assert found is not None
    assert not fails
    assert found.low == 0
    assert found.high is not None
    assert 0 < found.high < Fraction(1, 2**3000)


@pytest.mark.parametrize(
    ("base", "exponent", "found"),
    [
        (between("-1", "2"), between("0", "3"), (ANYTHING, True)),
        (between("-2", "3"), number("2"), (between("0", "9"), False)),
        (between("-2", "3"), number("0.5"), None),
        (between("0", "4"), number("-0.5"), (between("0.5", None), True)),
        (between("0.5", "4"), between("-1", "2"), (between("0.25", "16"), False)),
        (between("2", None), between("1", "2"), (between("2", None), True)),
        (between("0.5", "0.9"), between("0", None), (between("0", "1"), False)),
        (between("-3", "-2"), between("1", "2"), (ANYTHING, True)),
    ],
)
def test_what_is_open_is_enclosed(base: Enclosure, exponent: Enclosure, found: tuple[Enclosure, bool] | None) -> None:
    span, fails = power(base, exponent, BITS)
    if found is not None:
        assert (span, fails) == found
        return
    assert fails
    assert span is not None
    assert span.low == 0  # of the part that is not negative
    assert span.high is not None
    assert abs(span.high**2 - 3) < TOLERANCE


ENDS = st.fractions(min_value=0, max_value=20, max_denominator=12)
EXPONENTS = st.fractions(min_value=-6, max_value=6, max_denominator=5)


def truly(base: Fraction, exponent: Fraction) -> Fraction:
    """By somebody else's arithmetic: Python's decimal numbers with 60 digits."""
    with localcontext() as context:
        context.prec = 60
        return Fraction(
            (Decimal(base.numerator) / Decimal(base.denominator))
            ** (Decimal(exponent.numerator) / Decimal(exponent.denominator))
        )


@given(st.tuples(ENDS, ENDS, ENDS), st.tuples(EXPONENTS, EXPONENTS, EXPONENTS))
def test_every_power_lies_within(bases: tuple[Fraction, ...], exponents: tuple[Fraction, ...]) -> None:
    (low, base, high), (least, exponent, most) = sorted(bases), sorted(exponents)
    span, fails = power(Enclosure(low, high), Enclosure(least, most), BITS)
    if base == 0 and exponent < 0:
        assert fails
        return
    assert span is not None
    true = truly(base, exponent) if base and exponent else Fraction(int(not exponent))
    near = max(Fraction(1), abs(true)) * Fraction(1, 10**30)
    assert span.low is not None
    assert span.low - near <= true
    assert span.high is None or true <= span.high + near
    if low > 0:
        corners = [truly(each, other) for each in (low, high) for other in (least, most)]
        assert not fails
        assert span.high is not None
        assert abs(span.low - min(corners)) <= near * max(Fraction(1), *corners)
        assert abs(span.high - max(corners)) <= near * max(Fraction(1), *corners)
