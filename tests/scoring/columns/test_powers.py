"""Logarithm and exponential of columns are nearer to the truth than tapes take them to be."""

from __future__ import annotations

from decimal import Context, Decimal

import numpy as np

from scoring.columns.tape.powers import (
    LN_2_HIGH,
    LN_2_LOW,
    OF_EXPONENTIAL,
    OF_LOGARITHM,
    STEEPEST,
    exponential,
    logarithm,
)

MANY_DIGITS = Context(prec=60)
NUMBERS = np.random.default_rng(20261122)
EVERYWHERE = np.exp(NUMBERS.uniform(-200, 200, 1500))
NEAR_ONE = 1 + NUMBERS.choice([-1.0, 1.0], 500) * 10.0 ** NUMBERS.uniform(-16, 0, 500) * 0.999
SEAMS = np.array(
    [each * 2.0**place for place in (-60, -1, 0, 1, 60) for each in (0.70710678118654746, 0.7071067811865476, 1.0)]
)


def test_a_logarithm_is_within_its_bound() -> None:
    values = np.concatenate([EVERYWHERE, NEAR_ONE, SEAMS])
    for value, found in zip(values.tolist(), logarithm(values).tolist(), strict=True):
        true = MANY_DIGITS.ln(Decimal(value))
        assert abs(Decimal(found) - true) <= abs(true) * Decimal(OF_LOGARITHM) / 4, value


def test_an_exponential_is_within_its_bound() -> None:
    values = np.concatenate([NUMBERS.uniform(-STEEPEST, STEEPEST, 1500), NUMBERS.uniform(-1, 1, 500), [0.0, 1e-300]])
    for value, found in zip(values.tolist(), exponential(values).tolist(), strict=True):
        true = MANY_DIGITS.exp(Decimal(value))
        assert abs(Decimal(found) - true) <= abs(true) * Decimal(OF_EXPONENTIAL) / 4, value


def test_the_logarithm_of_two_is_held_in_two_parts_of_which_one_is_short() -> None:
    true = MANY_DIGITS.ln(Decimal(2))
    assert abs(Decimal(LN_2_HIGH) + Decimal(LN_2_LOW) - true) < Decimal(2) ** -85
    assert (LN_2_HIGH * 2.0**32) % 1 == 0  # times a whole number of 20 binary digits it is exact


def test_no_exponent_is_too_great() -> None:
    assert exponential(np.array([1e9, -1e9])).tolist() == exponential(np.array([STEEPEST, -STEEPEST])).tolist()
