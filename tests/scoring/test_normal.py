"""The normal distribution: enclosed, to the digits that tables print, and as far out as anybody looks."""

from __future__ import annotations

from fractions import Fraction
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.enclosure import ANYTHING, Enclosure, point
from scoring.normal import FURTHEST, normal

DIGITS = {
    "1": "0.841344746068542948585232545632",
    "-1": "0.158655253931457051414767454367",
    "3": "0.998650101968369905473348185232",
    "-3": "0.001349898031630094526651814767",
}
"""To thirty places, cut off (Abramowitz and Stegun, table 26.1, has the first fifteen)."""


@pytest.mark.parametrize(("value", "bits"), [*((value, bits) for value in DIGITS for bits in (128, 512)), ("-3", 4096)])
def test_known_digits(value: str, bits: int) -> None:
    found, known = normal(point(Fraction(value)), bits), Fraction(DIGITS[value])
    assert found.low is not None
    assert found.high is not None
    assert known <= found.low <= found.high < known + Fraction(1, 10**30)
    assert found.high - found.low <= Fraction(1, 1 << bits)


NUMBERS = st.fractions(min_value=-8, max_value=8, max_denominator=10**4)


@settings(max_examples=25)
@given(NUMBERS, st.sampled_from([64, 128, 300]))
def test_it_encloses_ever_more_tightly_and_is_as_far_from_0_as_its_mirror_is_from_1(value: Fraction, bits: int) -> None:
    found, finer = normal(point(value), bits), normal(point(value), 2 * bits)
    assert found.low is not None
    assert found.high is not None
    assert finer.low is not None
    assert finer.high is not None
    assert 0 <= found.low <= finer.low <= finer.high <= found.high <= 1
    assert found.high - found.low <= Fraction(1, 1 << bits)
    assert point(Fraction(1)) - normal(point(-value), bits) == found
    assert abs(float(found.low) - NormalDist().cdf(float(value))) < 1e-12


@settings(max_examples=25)
@given(st.lists(NUMBERS, min_size=3, max_size=3).map(sorted))
def test_what_is_open_lies_between_the_ends(ends: list[Fraction]) -> None:
    low, inside, high = ends
    span, at = normal(Enclosure(low, high), 128), normal(point(inside), 128)
    assert (span.low or 0) <= (at.low or 0) <= (at.high or 0) <= (span.high or 0)


def test_the_middle_is_exact_and_the_tails_are_open() -> None:
    assert normal(point(Fraction(0)), 128) == point(Fraction(1, 2))
    assert normal(ANYTHING, 128) == Enclosure(Fraction(0), Fraction(1))
    assert normal(point(Fraction(-FURTHEST - 9)), 2048) == Enclosure(Fraction(0), Fraction(1, 1 << 1152))


@pytest.mark.parametrize("value", [Fraction(-13), Fraction(-27, 2), Fraction(-20)])
def test_far_out_it_is_as_tight_as_asked_for(value: Fraction) -> None:
    tight = normal(point(value), 600)
    assert tight.low is not None
    assert 0 < tight.low < (tight.high or 0) < Fraction(1, 1 << 120)
    for bits in (64, 128, 256):
        found = normal(point(value), bits)
        assert (
            (found.low or 0)
            <= tight.low
            <= (tight.high or 0)
            <= (found.high or 0)
            <= Fraction(1, 1 << bits) + tight.low
        )
