"""Enclosures against mpmath-free truths: squares of roots, exponentials of logarithms, ends that hold the number."""

from __future__ import annotations

import time
from decimal import Context
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.enclosure import Enclosure, exponential, geometric, is_immense, logarithm, point, root

POSITIVE = st.fractions(min_value=Fraction(1, 1000), max_value=1000, max_denominator=1000)
ENDS = st.fractions(min_value=-5, max_value=5, max_denominator=8)


@st.composite
def enclosures(draw: st.DrawFn) -> tuple[Enclosure, Fraction]:
    """An enclosure and a number in it."""
    low, inside, high = sorted(draw(st.tuples(ENDS, ENDS, ENDS)))
    ends = draw(st.sampled_from([(low, high), (None, high), (low, None), (inside, inside), (None, None)]))
    return Enclosure(*ends), inside


def holds(span: Enclosure, value: Fraction) -> bool:
    return (span.low is None or span.low <= value) and (span.high is None or value <= span.high)


@given(enclosures(), enclosures(), st.integers(-3, 4))
def test_arithmetic_never_loses_the_number(
    a: tuple[Enclosure, Fraction], b: tuple[Enclosure, Fraction], n: int
) -> None:
    (one, x), (other, y) = a, b
    assert holds(one + other, x + y)
    assert holds(one - other, x - y)
    assert holds(one * other, x * y)
    assert holds(one.hull(other), x)
    inverse = one.inverse()
    assert inverse is None or x == 0 or holds(inverse, 1 / x)
    power = one.power(n)
    assert power is None or (x == 0 and n < 0) or holds(power, x**n)


@given(POSITIVE, st.integers(2, 7))
def test_roots_enclose_and_are_exact_where_they_can_be(value: Fraction, degree: int) -> None:
    found = root(point(value), degree, 64)
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low**degree <= value <= found.high**degree
    assert root(point(value**degree), degree, 64) == point(value)


@given(st.fractions(min_value=-60, max_value=60, max_denominator=1000), st.sampled_from([64, 100, 300]))
def test_exponentials_enclose_as_tightly_as_logarithms(value: Fraction, bits: int) -> None:
    found = exponential(point(value), bits)
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    wide = Context(prec=bits + 60)
    truth = Fraction(wide.exp(wide.divide(value.numerator, value.denominator)))
    near = Fraction(1, 10 ** (bits // 2))
    assert found.low - near <= truth <= found.high + near
    assert found.high - found.low <= Fraction(1, 2**bits)
    back = logarithm(found, bits)
    assert back is not None
    assert holds(back, value)


def test_exponentials_of_ends() -> None:
    one = point(Fraction(1))
    assert exponential(point(Fraction(0)), 64) == one
    assert exponential(Enclosure(None, Fraction(0)), 64) == Enclosure(Fraction(0), Fraction(1))
    assert exponential(Enclosure(Fraction(0), None), 64) == Enclosure(Fraction(1), None)
    assert exponential(point(Fraction(10**18)), 64) is None
    steep = exponential(point(Fraction(-(10**18))), 4096)
    assert steep == Enclosure(Fraction(0), Fraction(1, 2**4000))
    for exponent in (-2800, 2800):
        found = exponential(point(Fraction(exponent)), 4096)
        assert found is not None
        assert not is_immense(found)


@given(POSITIVE)
def test_logarithms_enclose(value: Fraction) -> None:
    found = logarithm(point(value), 100)
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    wide = Context(prec=60)
    truth = Fraction(wide.ln(wide.divide(value.numerator, value.denominator)))
    assert found.low <= truth <= found.high
    assert found.high - found.low < Fraction(1, 2**90)


@pytest.mark.parametrize(
    ("weights", "expected"),
    [((1, 1, 1), "1.8171205928"), ((1, 1, 2), "2.0597671439")],
    ids=["equal weights", "the last twice"],
)
def test_geometric_means_published_by_coinr(weights: tuple[int, ...], expected: str) -> None:
    pairs = [(Fraction(weight), point(Fraction(value))) for weight, value in zip(weights, (1, 2, 3), strict=True)]
    found = geometric(pairs, 128)
    assert found is not None
    assert found.low is not None
    assert f"{float(found.low):.10f}" == expected


def test_geometric_mean_of_awkward_weights_takes_no_time_and_no_memory() -> None:
    weights = [Fraction("0.123456789012345678"), Fraction("0.876543210987654322")]
    began = time.process_time()
    found = geometric(list(zip(weights, (point(Fraction(2)), point(Fraction(5))), strict=True)), 128)
    assert time.process_time() - began < 1
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert Fraction("4.465207") < found.low < found.high < Fraction("4.465208")
    assert found.high - found.low < Fraction(1, 2**100)


def test_numbers_without_any_sense_are_told() -> None:
    assert is_immense(point(Fraction(10) ** 3000))
    assert not is_immense(point(Fraction(1, 10**1000)))
