"""Logarithm and exponential of columns in plain arithmetic, so that what they may be off by is known, not believed.

What processors and C libraries offer is as a rule right to the last digit or two, but nobody promises it. Here both
are a fixed row of additions, multiplications and one division, each off by 2^-53 of its result at most (IEEE 754), so
that their bounds can be added up by hand. With *u* for 2^-53:

*Logarithm.* x = m × 2^e with m from √½ to √2, exactly. With s = (m - 1) ÷ (m + 1), off by 2 *u* of itself, and z = s²
≤ 0.02945, ln m = 2 s (1 + z/3 + z²/5 + …). The eleven terms taken leave out less than 0.01 *u* of it, the row of sums
is off by 22 *u* at most, s and the product by 4 more. Then e × ln 2 is added, off by 2 *u* of itself; as m was chosen,
the sum is at least half as large as either part where e is not 0. Together: 40 *u* of the result, at most.

*Exponential.* y = n ln 2 + r with a whole number n and |r| ≤ 0.3467; ln 2 is held in two parts, of which the first has
so few digits that n times it is exact, so that r is off by 2 *u*. The fourteen terms of the series of e^r leave out
less than 0.1 *u*, the row of sums is off by 40 *u* at most, the reciprocals of factorials by 2. As e^r is at least
0.707 and the multiplication with 2^n is exact, the result is off by 65 *u* of itself, at most.

Twice as much is taken (:data:`OF_LOGARITHM`, :data:`OF_EXPONENTIAL`); ``tests/scoring/columns/test_powers.py`` looks
how far off they are in truth.
"""

from __future__ import annotations

from math import factorial, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.columns.tape.reals import UNIT

Reals = NDArray[np.float64]

OF_LOGARITHM: Final = 40 * UNIT
OF_EXPONENTIAL: Final = 65 * UNIT
"""By what part of itself a result may be off at most."""

STEEPEST: Final = 600.0
"""The greatest exponent; beyond, that is taken."""

ROOT_OF_HALF: Final = 0x3FE6A09E667F3BCD
"""The bits of √½."""

DIGITS: Final = 52
"""Binary digits of a number after its first."""

ZERO_EXPONENT: Final = 1023
LN_2: Final = log(2)
LN_2_HIGH: Final = float.fromhex("0x1.62e42feep-1")
LN_2_LOW: Final = float.fromhex("0x1.a39ef35793c76p-33")
OVER_LN_2: Final = 1 / LN_2
OF_SQUARES: Final = tuple(2 / (2 * place + 1) for place in range(10, -1, -1))
OF_POWERS: Final = tuple(1 / factorial(place) for place in range(13, -1, -1))
"""What the rows of sums multiply by, the last term first."""


def logarithm(value: Reals) -> Reals:
    """The natural logarithm of numbers above 0, which have all their digits (above 2^-1022)."""
    bits = np.ascontiguousarray(value).view(np.int64)
    exponent = (bits - ROOT_OF_HALF) >> DIGITS
    part = (bits - (exponent << DIGITS)).view(np.float64)
    part = (part - 1.0) / (part + 1.0)
    found = _row(OF_SQUARES, part * part)
    found *= part
    found += exponent * LN_2
    return found


def exponential(value: Reals) -> Reals:
    """The number e to the power of numbers from -600 to 600."""
    value = np.clip(value, -STEEPEST, STEEPEST)
    times = np.floor(value * OVER_LN_2 + 0.5)
    found = _row(OF_POWERS, (value - times * LN_2_HIGH) - times * LN_2_LOW)
    found *= ((times.astype(np.int64) + ZERO_EXPONENT) << DIGITS).view(np.float64)
    return found


def _row(factors: tuple[float, ...], value: Reals) -> Reals:
    """The sum of factors × powers of the value (Horner)."""
    found = np.full(len(value), factors[0])
    for factor in factors[1:]:
        found *= value
        found += factor
    return found
