"""A compiled loop written by hand for the model of :mod:`benchmarks.suppliers`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from published_kernels import BLOCK, Bands, Levels, Reals, Units, _hundredths, compiled

WEIGHTS = (1, 2, 1, 3, 2, 1)
"""Of the rows of the first grid."""

SITES = 5
SAVED = 6
POINTS = (0.5, 0.5, 1, 0.25, 0.25, 0.5, 1, 0.75, 0.5, 0.25)
"""What an option is worth."""

_WEIGHTS = np.array(WEIGHTS, np.float64)
_SUMS = np.array(
    [min(sum(each for bit, each in enumerate(POINTS) if number >> bit & 1), 3.0) for number in range(1 << len(POINTS))]
)


@compiled
def _suppliers(  # noqa: PLR0913, PLR0917 – plain arguments, compiled
    plants: Levels, sites: Levels, bits: Any, numbers: Reals, weights: Any, sums: Any, out: Units, band: Bands
) -> None:  # pragma: no cover – compiled
    for row in range(bits.shape[0]):
        total = weight = 0.0
        for place in range(6):
            counts = plants[place, row] < 4
            total += weights[place] * plants[place, row] if counts else 0.0
            weight += weights[place] if counts else 0.0
        grid = total / weight
        practice = grid if bits[row] >= 1024 else (grid + sums[bits[row] & 1023]) / 2
        reached = most = 0.0
        for place in range(5):
            counts = sites[place, row] < 3
            reached += sites[place, row] if counts else 0.0
            most += 2.0 if counts else 0.0
        reach = 3 * reached / most
        first = second = third = 0.0
        rank = 1
        for place in range(6):
            value = numbers[place, row]
            rank += value > numbers[0, row]
            third = max(third, min(second, value))
            second = max(second, min(first, value))
            first = max(first, value)
        best = min((first + second + third) / 180, 1.0) * 3
        bought, made = numbers[6, row], numbers[7, row]
        saving = ((bought + made) * best + bought * grid) / (bought + made + bought)
        overall = (practice + reach + saving) / 3
        overall = min(overall, 2.0) if rank > 3 else overall
        out[0, row] = _hundredths(practice)
        out[1, row] = _hundredths(reach)
        out[2, row] = _hundredths(saving)
        stated = _hundredths(overall)
        out[3, row] = stated
        band[row] = np.int8(stated >= 100) + np.int8(stated >= 200)


def suppliers(plants: Levels, sites: Levels, bits: NDArray[np.int16], numbers: Reals) -> tuple[Units, Bands]:
    """All answers given, in every grid a row that applies."""
    size = len(bits)
    out, band = np.empty((4, size), np.int16), np.empty(size, np.int8)
    for start in range(0, size, BLOCK):
        here = slice(start, start + BLOCK)
        _suppliers(
            plants[:, here], sites[:, here], bits[here], numbers[:, here], _WEIGHTS, _SUMS, out[:, here], band[here]
        )
    return out, band
