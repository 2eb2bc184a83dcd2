"""Compiled loops written by hand for two questionnaires of measured numbers: :mod:`benchmarks.published_kernels`."""

from __future__ import annotations

import math

import numba
import numpy as np
from numpy.typing import NDArray
from published_kernels import BLOCK, Bands, Levels, Reals, Units, _hundredths, compiled

Truths = NDArray[np.int8]


@compiled
def _development(numbers: Reals, out: Units) -> None:  # pragma: no cover – compiled
    """Numbers: income, health, education."""
    least, span = math.log(100.0), math.log(75000.0) - math.log(100.0)
    for row in range(numbers.shape[1]):
        share = min(max((math.log(numbers[0, row]) - least) / span, 0.0), 1.0)
        stated = math.floor(share * 10000 + 0.5)
        income = stated / 10000
        health, education = numbers[1, row], numbers[2, row]
        out[0, row] = np.int16(stated)
        out[1, row] = np.int16(math.exp(math.log(health * education * income) / 3) * 1000 + 0.5)
        out[2, row] = np.int16((health + education + income) / 3 * 1000 + 0.5)
        out[3, row] = 0


def development(numbers: Reals) -> tuple[Units, Bands]:
    """The human development index of the note of 2020, its dimensions side by side; it has no bands."""
    out = np.empty((4, numbers.shape[1]), np.int16)
    for start in range(0, numbers.shape[1], BLOCK):
        here = slice(start, start + BLOCK)
        _development(numbers[:, here], out[:, here])
    return out, np.full(numbers.shape[1], -1, np.int8)


AMOUNTS = (
    "qualified-output",
    "output-value",
    "energy",
    "carbon",
    "renewable-own",
    "renewable-traded",
    "renewable-direct",
    "renewable-certificates",
    "raw-material",
    "water-taken",
    "water-reused",
    "waste-used",
    "waste-made",
    "waste-from-stock",
    "pollutant-generated",
    "pollutant-discharged",
    "retrofit-investment",
    "three-year-output",
    "site-area",
    "representative-output",
    "other-output",
    "other-time",
    "representative-time",
    "sector-demand",
)
"""Measured numbers of ``green-factory`` 2025 that move a score where no limit is listed, in the loop's order."""

MARKS = ("energy", "carbon", "material", "water", "pollutant", "land")
"""Intensities with a lead and a base value per product and one of each per output value."""

SHARES = ("renewable", "reuse", "waste-use", "retrofit")
"""Shares with one lead and one base value."""


@numba.njit(inline="always")  # type: ignore[untyped-decorator, unused-ignore]
def _between(number: float, base: float, lead: float, points: float) -> float:  # pragma: no cover – compiled
    """Points on the straight line from base to lead, which differ."""
    return min(max((number - base) / (lead - base), 0.0), 1.0) * points


@compiled
def _factory(  # noqa: PLR0913, PLR0917 – a column each
    n: Reals, lead: Reals, base: Reals, yes: Truths, picked: Levels, out: Units, band: Bands
) -> None:  # pragma: no cover – compiled
    for row in range(n.shape[1]):
        product = picked[0, row] == 0
        over = n[0, row] if product else n[1, row]
        own = 0 if product else 1
        pollutant = n[14, row] if picked[1, row] == 0 else n[15, row]
        energy = _between(n[2, row] / over, base[own, row], lead[own, row], 8)
        carbon = _between(n[3, row] / over, base[2 + own, row], lead[2 + own, row], 8)
        material = _between(n[8, row] / over, base[4 + own, row], lead[4 + own, row], 8)
        water = _between(n[9, row] / over, base[6 + own, row], lead[6 + own, row], 8)
        spoilt = _between(pollutant / over, base[8 + own, row], lead[8 + own, row], 6)
        made = n[19, row] + n[21, row] / n[22, row] * n[20, row] if product else n[1, row]
        land = _between(made / n[18, row], base[10 + own, row], lead[10 + own, row], 8)
        green = (n[4, row] + n[5, row] + n[6, row] + n[7, row]) / n[2, row] * 100
        renewable = _between(green, base[12, row], lead[12, row], 8)
        reuse = _between(n[10, row] / (n[9, row] + n[10, row]) * 100, base[13, row], lead[13, row], 8)
        waste = _between(n[11, row] / (n[12, row] + n[13, row]) * 100, base[14, row], lead[14, row], 6)
        retrofit = _between(n[16, row] / n[17, row] * 100, base[15, row], lead[15, row], 4)
        platform = min(picked[5, row] * 0.75, 6.0)
        kept = 0
        for each in range(10):
            kept += yes[each, row]
        first = energy + carbon + renewable + platform
        second = material + water + reuse + waste
        third = picked[2, row] * 3.0 + retrofit + spoilt
        fourth = (picked[3, row] + picked[4, row]) * 4.0
        overall = first + second + third + fourth + land
        out[0, row] = kept
        out[1, row] = _hundredths(energy)
        out[2, row] = _hundredths(carbon)
        out[3, row] = _hundredths(material)
        out[4, row] = _hundredths(water)
        out[5, row] = _hundredths(spoilt)
        out[6, row] = _hundredths(land)
        out[7, row] = _hundredths(first)
        out[8, row] = _hundredths(second)
        out[9, row] = _hundredths(third)
        out[10, row] = _hundredths(fourth)
        out[11, row] = _hundredths(land)
        stated = _hundredths(overall)
        out[12, row] = stated
        place = np.int8(stated >= 5000) + np.int8(stated >= 7000) + np.int8(stated >= 8500)
        band[row] = place if kept == 10 and overall >= n[23, row] else np.int8(0)


def factory(n: Reals, lead: Reals, base: Reals, yes: Truths, picked: Levels) -> tuple[Units, Bands]:
    """``green-factory`` 2025.0.0: rows as in :data:`AMOUNTS`; of each mark per product and value, then the shares."""
    out, band = np.empty((13, n.shape[1]), np.int16), np.empty(n.shape[1], np.int8)
    for start in range(0, n.shape[1], BLOCK):
        here = slice(start, start + BLOCK)
        _factory(n[:, here], lead[:, here], base[:, here], yes[:, here], picked[:, here], out[:, here], band[here])
    return out, band
