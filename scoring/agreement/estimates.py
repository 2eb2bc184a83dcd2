"""A coefficient with its standard error and interval, and the distributions those need."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import isfinite, sqrt
from statistics import NormalDist
from typing import Final

LEVEL: Final = 0.95
"""Share of intervals that hold the true value, if the same study were made again and again."""


class Why(StrEnum):
    """What lies behind a coefficient, or an interval, that there is none of."""

    NONE = ""
    TOO_FEW = "too-few"
    """Fewer raters, subjects or ratings in common than the coefficient (or the programme) asks for."""

    CONSTANT = "constant"
    """Every rating is the same, so chance alone would agree as well: the coefficient divides zero by zero."""

    UNDEFINED = "undefined"
    """Its denominator is not positive, as happens where subjects differ less than chance would make them."""

    EXACT_FIT = "exact-fit"
    """The coefficient is there, but the ratings leave no scatter from which an interval could be worked out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A coefficient, and how far it may be trusted."""

    value: float | None
    """None: not defined, see ``why``."""

    exact: Fraction | None = None
    """The same number as a fraction, where it is rational."""

    error: float | None = None
    """Standard error; None where it cannot be worked out."""

    low: float | None = None
    high: float | None = None
    """The interval, 95 % unless another level was asked for."""

    counted: int = 0
    """Subjects it rests on."""

    why: Why = Why.NONE


def without(why: Why, counted: int = 0) -> Estimate:
    """The estimate that there is none of."""
    return Estimate(value=None, counted=counted, why=why)


def root(square: Fraction) -> float:
    """The square root of an exact variance; rounding it to a float comes last."""
    return sqrt(square)


def normal(level: float) -> float:
    """How many standard errors an interval of that level reaches to either side (1.96 for 95 %)."""
    return NormalDist().inv_cdf((1 + level) / 2)


def student(level: float, degrees: float) -> float:
    """The same by Student's t with so many degrees of freedom."""
    from scipy.special import stdtrit  # noqa: PLC0415 - only those who need a distribution wait for it

    return float(stdtrit(degrees, (1 + level) / 2))


def f_quantile(share: float, above: float, below: float) -> float:
    """The value that Fisher's F with ``above`` and ``below`` degrees of freedom stays under with that probability."""
    from scipy.special import fdtri  # noqa: PLC0415

    return float(fdtri(above, below, share))


def f_tail(value: float, above: float, below: float) -> float:
    """The probability that Fisher's F exceeds ``value``."""
    from scipy.special import fdtrc  # noqa: PLC0415

    return float(fdtrc(above, below, value))


def around(exact: Fraction, variance: Fraction, reach: float, counted: int, *, least: float | None = None) -> Estimate:
    """``exact`` with its standard error, and an interval of ``reach`` standard errors to either side.

    A coefficient of agreement cannot exceed 1 (nor fall below ``least``): the interval is cut there. Where nothing
    scatters (all subjects agree alike) there is no interval: one of no width would feign certainty.
    """
    if not variance:
        return Estimate(value=float(exact), exact=exact, error=0.0, counted=counted, why=Why.EXACT_FIT)
    error = root(variance)
    low, high = float(exact) - reach * error, min(1.0, float(exact) + reach * error)
    return Estimate(
        value=float(exact),
        exact=exact,
        error=error,
        low=low if least is None else max(least, low),
        high=high,
        counted=counted,
    )


def finite(number: float) -> float | None:
    """The number, or None where there is no such number."""
    return number if isfinite(number) else None
