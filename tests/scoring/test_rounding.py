"""The one rounding, against the decimal module of the standard library."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.model import Rounding, RoundingMode
from scoring.rounding import stated

MODES = {
    RoundingMode.HALF_UP: ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingMode.DOWN: ROUND_DOWN,
}


@given(
    st.integers(-(10**12), 10**12),
    st.integers(0, 12),
    st.integers(0, 9),
    st.sampled_from(sorted(MODES)),
)
def test_decimal_numbers_round_as_decimal_does(digits: int, point: int, places: int, mode: RoundingMode) -> None:
    exact = Fraction(digits, 10**point)
    expected = (
        Decimal(digits)
        .scaleb(-point)
        .quantize(Decimal(1).scaleb(-places), rounding=MODES[mode], context=Context(prec=60))
    )
    if not expected:
        expected = abs(expected)
    assert stated(exact, Rounding(places=places, mode=mode)) == f"{expected:f}"


@pytest.mark.parametrize(
    ("value", "mode", "text"),
    [
        ("17/8", "half_up", "2.13"),
        ("17/8", "half_even", "2.12"),
        ("17/8", "down", "2.12"),
        ("-17/8", "half_up", "-2.13"),
        ("1/3", "half_up", "0.33"),
        ("-1/1000", "half_up", "0.00"),
        ("5", "half_up", "5.00"),
    ],
)
def test_stated(value: str, mode: str, text: str) -> None:
    assert stated(Fraction(value), Rounding(places=2, mode=RoundingMode(mode))) == text
