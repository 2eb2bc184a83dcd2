"""Compiled loops written by hand for four more published questionnaires: see :mod:`benchmarks.published_kernels`."""

from __future__ import annotations

import numpy as np
from published_kernels import BLOCK, Bands, Levels, Reals, Units, _hundredths, compiled


@compiled
def _footprint(numbers: Reals, levels: Levels, out: Units, band: Bands) -> None:  # pragma: no cover – compiled
    """Numbers: products, those with a footprint, primary share. Levels in the order of the definition."""
    for row in range(numbers.shape[1]):
        coverage = min(numbers[1, row] / numbers[0, row], 1.0) * 4
        primary = numbers[2, row] * 0.04
        rules = (levels[0, row] + coverage) / 2
        data = (levels[1, row] + levels[2, row] + levels[3, row] + primary) / 4
        assurance = (levels[4, row] + levels[5, row] + levels[6, row]) / 3
        organisation = (levels[7, row] + levels[8, row] + levels[9, row] + levels[10, row]) / 4
        system = (25 * rules + 35 * data + 20 * assurance + 20 * organisation) / 100
        system = min(system, 2.0) if levels[0, row] < 2 else system
        out[0, row] = _hundredths(rules)
        out[1, row] = _hundredths(data)
        out[2, row] = _hundredths(assurance)
        out[3, row] = _hundredths(organisation)
        stated = _hundredths(system)
        out[4, row] = stated
        place = np.int8(stated >= 100) + np.int8(stated >= 200) + np.int8(stated >= 300)
        place = min(place, np.int8(1)) if levels[2, row] < 2 else place
        band[row] = min(place, np.int8(2)) if levels[6, row] < 2 else place


@compiled
def _chain(shares: Reals, picked: Levels, out: Units, band: Bands) -> None:  # pragma: no cover – compiled
    """Shares in percent; what was picked as 0, 1 or 2, in the order of the definition."""
    for row in range(shares.shape[1]):
        strategy = 4.0 * picked[0, row] + 3.0 * picked[1, row] + 3.0 * picked[2, row]
        certified = 1.5 * (picked[4, row] + picked[5, row] + picked[6, row] + picked[7, row])
        suppliers = 2.0 * picked[3, row] + certified + shares[0, row] * 0.04
        production = 5.0 * picked[8, row] + 5.0 * picked[9, row]
        recycling = 2.5 * (picked[10, row] + picked[11, row]) + (shares[1, row] + shares[2, row]) * 0.05
        platform = 5.0 * picked[12, row]
        disclosure = 1.25 * (picked[13, row] + picked[14, row] + picked[15, row] + picked[16, row])
        out[0, row] = _hundredths(strategy)
        out[1, row] = _hundredths(suppliers)
        out[2, row] = _hundredths(production)
        out[3, row] = _hundredths(recycling)
        out[4, row] = _hundredths(platform)
        out[5, row] = _hundredths(disclosure)
        stated = _hundredths(strategy + suppliers + production + recycling + platform + disclosure)
        out[6, row] = stated
        place = np.int8(stated >= 7000) + np.int8(stated >= 7500) + np.int8(stated >= 8000)
        band[row] = place + np.int8(stated >= 8500) + np.int8(stated >= 9000)


@compiled
def _cluster(levels: Levels, out: Units, band: Bands) -> None:  # pragma: no cover – compiled
    """Levels in the order of the definition: four times three."""
    for row in range(levels.shape[1]):
        total = np.float32(0)
        for part in range(4):
            mean = np.float32(
                levels[3 * part, row] + levels[3 * part + 1, row] + levels[3 * part + 2, row]
            ) / np.float32(3)
            out[part, row] = np.int16(mean * np.float32(100) + np.float32(0.5))
            total += mean
        stated = np.int16(total * np.float32(25) + np.float32(0.5))
        out[4, row] = stated
        place = np.int8(stated >= 100) + np.int8(stated >= 200) + np.int8(stated >= 300) + np.int8(stated >= 400)
        band[row] = min(place, np.int8(1)) if levels[1, row] < 2 else place


_LIMITS = np.array([[0.2, 1.0, 0.7, 0.3], [0.3, 1.1, 0.8, 0.5]])
_TARGETS = np.array(
    [[90.0, 60.0, 70.0, 90.0], [80.0, 80.0, 85.0, 95.0], [50.0, 50.0, 55.0, 60.0], [80.0, 80.0, 85.0, 90.0]]
)


@compiled
def _park(  # noqa: PLR0913, PLR0917 – plain arguments, compiled
    numbers: Reals, picked: Levels, limits: Reals, targets: Reals, out: Units, band: Bands
) -> None:  # pragma: no cover – compiled
    """Numbers as in :data:`PARK_NUMBERS`; picked: the target, and whether there is product energy."""
    for row in range(numbers.shape[1]):
        target = picked[0, row]
        energy = numbers[0, row]
        limit = limits[1, target] if energy >= 1_000_000 else limits[0, target]
        carbon = numbers[1, row] / energy
        clean = numbers[2, row] / energy * 100
        solid = numbers[5, row] / (numbers[3, row] + numbers[4, row]) * 100
        heat = numbers[7, row] / numbers[6, row] * 100
        water = numbers[9, row] / (numbers[8, row] + numbers[9, row]) * 100
        growing = 1.0 if numbers[10, row] > numbers[11, row] else 0.0
        last = np.float64(picked[1, row]) if target == 0 else growing
        core = 1.0 if carbon <= limit else 0.0
        reached = last
        reached += clean >= targets[0, target]
        reached += solid >= targets[1, target]
        reached += heat >= targets[2, target]
        reached += water >= targets[3, target]
        progress = last + (1.0 if carbon <= limit else limit / carbon)
        progress += min(clean / targets[0, target], 1.0) + min(solid / targets[1, target], 1.0)
        progress += min(heat / targets[2, target], 1.0) + min(water / targets[3, target], 1.0)
        out[0, row] = _hundredths(core)
        out[1, row] = _hundredths(reached * 20)
        stated = _hundredths((reached + core) * (100 / 6)) if core >= 1 else np.int16(0)
        out[2, row] = stated
        out[3, row] = _hundredths(progress * (100 / 6))
        band[row] = np.int8(stated >= 100) + np.int8(stated >= 10000)


PARK_NUMBERS = (
    "energy-use",
    "carbon-dioxide",
    "clean-energy",
    "solid-generated",
    "solid-stock",
    "solid-used",
    "heat-recoverable",
    "heat-used",
    "water-intake",
    "water-reused",
    "revenue",
    "revenue-before",
)
"""Measured numbers of ``zero-carbon-park`` that move a score, in the order in which the loop takes them."""


def _room(nodes: int, size: int) -> tuple[Units, Bands]:
    return np.empty((nodes, size), np.int16), np.empty(size, np.int8)


def footprint(numbers: Reals, levels: Levels) -> tuple[Units, Bands]:
    """``carbon-footprint-management`` 1.0.0."""
    out, band = _room(5, numbers.shape[1])
    for start in range(0, numbers.shape[1], BLOCK):
        here = slice(start, start + BLOCK)
        _footprint(numbers[:, here], levels[:, here], out[:, here], band[here])
    return out, band


def chain(shares: Reals, picked: Levels) -> tuple[Units, Bands]:
    """``green-supply-chain`` 1.0.0."""
    out, band = _room(7, shares.shape[1])
    for start in range(0, shares.shape[1], BLOCK):
        here = slice(start, start + BLOCK)
        _chain(shares[:, here], picked[:, here], out[:, here], band[here])
    return out, band


def cluster(levels: Levels) -> tuple[Units, Bands]:
    """``industrial-cluster`` 1.0.0."""
    out, band = _room(5, levels.shape[1])
    for start in range(0, levels.shape[1], BLOCK):
        here = slice(start, start + BLOCK)
        _cluster(levels[:, here], out[:, here], band[here])
    return out, band


def park(numbers: Reals, picked: Levels) -> tuple[Units, Bands]:
    """``zero-carbon-park`` 1.0.0, parks that are large enough for it."""
    out, band = _room(4, numbers.shape[1])
    for start in range(0, numbers.shape[1], BLOCK):
        here = slice(start, start + BLOCK)
        _park(numbers[:, here], picked[:, here], _LIMITS, _TARGETS, out[:, here], band[here])
    return out, band
