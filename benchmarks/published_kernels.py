"""What one would write by hand for two published questionnaires and for nothing else: compiled loops over columns.

``itti`` 2.0.0 takes its 71 levels as small whole numbers, one row a question; ``taicang-park`` 1.0.0 its levels the
same way and its measured numbers as binary floating point numbers. All answers are given. Both return the values of all
nodes in hundredths, in the order of the definition, and the band of the index as its place. They work in binary
floating point, as a hand-written loop would, so that a value on the very limit of a rounding may come out one hundredth
off.
"""

from __future__ import annotations

from collections.abc import Callable

import numba
import numpy as np
from numpy.typing import NDArray

Levels = NDArray[np.int8]
Reals = NDArray[np.float64]
Units = NDArray[np.int16]
Bands = NDArray[np.int8]

BLOCK = 4096
"""Assessments at once: their columns stay in the cache."""

SIZES = (3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 3, 3, 4, 4, 4, 4, 4)
"""How many questions each dimension of ``itti`` has."""

CATEGORIES = ((0, 1, 2), (3, 4), (5, 6), (7, 8, 9, 10, 11), (12, 13), (14, 15), (16, 17, 18, 19))
"""Dimensions of each category, and below of each factory function."""

FUNCTIONS = ((0, 1, 2, 19), (3, 4), (5, 6), (7, 9, 2), (10, 11), (12, 13), (8, 14, 15), (16, 17, 18, 19))
CYBER_SECURITY, SUSTAINABILITY = 15, 6
DIGITAL_SHARES = (15, 10, 10, 25, 10, 10)
ITTI_NODES = 37

compiled: Callable[[Callable[..., None]], Callable[..., None]] = numba.njit(fastmath=True, error_model="numpy")


@compiled
def _dimension(levels: Levels, value: NDArray[np.float32], out: Units) -> None:  # pragma: no cover – compiled
    """The mean of three or four levels, held at 2 while the first is below 2."""
    size = value.shape[0]
    count = np.float32(levels.shape[0])
    total = np.zeros(size, np.int8)
    for question in range(levels.shape[0]):
        for row in range(size):
            total[row] += levels[question, row]
    for row in range(size):
        mean = np.float32(total[row]) / count
        value[row] = min(mean, np.float32(2)) if levels[0, row] < 2 else mean
        out[row] = np.int16(value[row] * np.float32(100) + np.float32(0.5))


@compiled
def _mean(
    values: NDArray[np.float32], which: NDArray[np.int64], value: NDArray[np.float32], out: Units
) -> None:  # pragma: no cover – compiled
    """The mean of some dimensions."""
    size = value.shape[0]
    count = np.float32(which.shape[0])
    value[:] = 0
    for place in which:
        for row in range(size):
            value[row] += values[place, row]
    for row in range(size):
        value[row] /= count
        out[row] = np.int16(value[row] * np.float32(100) + np.float32(0.5))


_CATEGORIES = tuple(np.array(each) for each in CATEGORIES)
_FUNCTIONS = tuple(np.array(each) for each in FUNCTIONS)


@compiled
def _itti(
    levels: Levels,
    categories: tuple[NDArray[np.int64], ...],
    functions: tuple[NDArray[np.int64], ...],
    out: Units,
    band: Bands,
) -> None:  # pragma: no cover – compiled
    size = levels.shape[1]
    dimensions = np.empty((20, size), np.float32)
    means = np.empty((7, size), np.float32)
    spare = np.empty(size, np.float32)
    first = 0
    for d in range(20):
        _dimension(levels[first : first + SIZES[d]], dimensions[d], out[d])
        first += SIZES[d]
    for c in range(7):
        _mean(dimensions, categories[c], means[c], out[20 + c])
    for f in range(8):
        _mean(dimensions, functions[f], spare, out[29 + f])
    spare[:] = 0
    for c in range(6):
        for row in range(size):
            spare[row] += np.float32(DIGITAL_SHARES[c]) * means[c, row]
    for row in range(size):
        digital = spare[row] / np.float32(80)
        overall = (digital * np.float32(80) + means[SUSTAINABILITY, row] * np.float32(20)) / np.float32(100)
        stated = np.int16(overall * np.float32(100) + np.float32(0.5))
        out[27, row] = np.int16(digital * np.float32(100) + np.float32(0.5))
        out[28, row] = stated
        held = (means[SUSTAINABILITY, row] < 2) | (dimensions[CYBER_SECURITY, row] < 2)
        place = np.int8(stated >= 100) + np.int8(stated >= 200) + np.int8(stated >= 300) + np.int8(stated >= 400)
        band[row] = min(place, np.int8(2)) if held else place


def itti(levels: Levels) -> tuple[Units, Bands]:
    """``itti`` 2.0.0: levels 0 to 5, one row a question in the order of the definition."""
    out, band = np.empty((ITTI_NODES, levels.shape[1]), np.int16), np.empty(levels.shape[1], np.int8)
    for start in range(0, levels.shape[1], BLOCK):
        here = slice(start, start + BLOCK)
        _itti(levels[:, here], _CATEGORIES, _FUNCTIONS, out[:, here], band[here])
    return out, band


NUMBERS = (
    "emission-sources",
    "metered-sources",
    "energy-use",
    "clean-energy",
    "carbon-dioxide",
    "solid-generated",
    "solid-used",
    "water-intake",
    "water-reused",
    "firms",
    "footprint-firms",
    "new-floor",
    "starred-floor",
    "vehicles",
    "clean-vehicles",
    "neutrality-year",
)
"""Measured numbers of ``taicang-park`` that move a score, in the order in which the loop takes them."""

TAICANG_LEVELS = (
    "master-plan",
    "carbon-platform",
    "energy-supply",
    "material-loops",
    "industry-transition",
    "buildings",
    "moving-people-and-goods",
    "daily-life",
    "participation",
)
TAICANG_NODES = 10


@numba.njit(inline="always")  # type: ignore[untyped-decorator, unused-ignore]
def _worth(part: float, lead: float) -> float:  # pragma: no cover – compiled
    """Up to 4, in a straight line from nothing to the lead."""
    return min(max(part / lead, 0.0), 1.0) * 4


@numba.njit(inline="always")  # type: ignore[untyped-decorator, unused-ignore]
def _hundredths(value: float) -> np.int16:  # pragma: no cover – compiled
    return np.int16(value * 100 + 0.5)


@compiled
def _taicang(numbers: Reals, levels: Levels, out: Units, band: Bands) -> None:  # pragma: no cover – compiled
    for row in range(numbers.shape[1]):
        tracking = numbers[1, row] / numbers[0, row] * 100
        tracked = _worth(tracking, 100)
        carbon = min(max((2 - numbers[4, row] / numbers[2, row]) / 1.8, 0.0), 1.0) * 4
        clean = _worth(numbers[3, row] / numbers[2, row] * 100, 90)
        solid = _worth(numbers[6, row] / numbers[5, row] * 100, 80)
        water = _worth(numbers[8, row] / (numbers[7, row] + numbers[8, row]) * 100, 80)
        footprint = _worth(numbers[10, row] / numbers[9, row] * 100, 10)
        starred = _worth(numbers[12, row] / numbers[11, row] * 100, 50)
        vehicles = _worth(numbers[14, row] / numbers[13, row] * 100, 80)
        year = numbers[15, row]
        target = 4.0 - (year > 2028) - (year > 2030) - (year > 2035) - (year > 2050)

        planning = (levels[0, row] + target) / 2
        digital = (levels[1, row] + tracked) / 2
        energy = (levels[2, row] + carbon + clean) / 3
        recycling = (levels[3, row] + solid + water) / 3
        industry = (levels[4, row] + footprint) / 2
        construction = (levels[5, row] + starred) / 2
        mobility = (levels[6, row] + vehicles) / 2
        lifestyle = (levels[7, row] + levels[8, row]) / 2
        park = (planning + digital + energy + recycling + industry + construction + mobility + lifestyle) / 8
        measured = (tracked + carbon + clean + solid + water + footprint + starred + vehicles) / 8

        out[0, row] = _hundredths(planning)
        out[1, row] = _hundredths(digital)
        out[2, row] = _hundredths(energy)
        out[3, row] = _hundredths(recycling)
        out[4, row] = _hundredths(industry)
        out[5, row] = _hundredths(construction)
        out[6, row] = _hundredths(mobility)
        out[7, row] = _hundredths(lifestyle)
        stated = _hundredths(park)
        out[8, row] = stated
        out[9, row] = _hundredths(measured)
        place = np.int8(stated >= 100) + np.int8(stated >= 200) + np.int8(stated >= 300)
        place = min(place, np.int8(1)) if tracking < 50 else place
        band[row] = min(place, np.int8(2)) if year > 2028 else place


def taicang(numbers: Reals, levels: Levels) -> tuple[Units, Bands]:
    """``taicang-park`` 1.0.0: rows as in :data:`NUMBERS` and :data:`TAICANG_LEVELS`."""
    out, band = np.empty((TAICANG_NODES, numbers.shape[1]), np.int16), np.empty(numbers.shape[1], np.int8)
    for start in range(0, numbers.shape[1], BLOCK):
        here = slice(start, start + BLOCK)
        _taicang(numbers[:, here], levels[:, here], out[:, here], band[here])
    return out, band
