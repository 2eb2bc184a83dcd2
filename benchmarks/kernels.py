"""What one would write by hand for the reference model and for nothing else: NumPy in blocks, and a compiled loop.

Both take the columns of :mod:`benchmarks.reference` (codes: 0 missing, 1 does not apply, 2 to 7 for levels 0 to 5; all
answers given) and return the values of the 26 nodes in hundredths, one row a node. They work in binary floating point,
as a hand-written loop would, so that a value on the very limit of a rounding may come out one hundredth off.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray
from reference import DIMENSIONS, PILLARS, WEIGHTS

NODES = DIMENSIONS + PILLARS + 1


@numba.njit(fastmath=True, error_model="numpy")
def _weighted(
    values: NDArray[np.float32], into: NDArray[np.float32], weakest: NDArray[np.float32], out: NDArray[np.int16]
) -> None:  # pragma: no cover – compiled
    """The weighted mean of four or five columns (below 0: none), held at 3 where the weakest is below 1."""
    size = into.shape[0]
    total, weight = np.zeros(size, np.float32), np.zeros(size, np.float32)
    weakest[:] = np.float32(9)
    for child in range(values.shape[0]):
        own = np.float32(WEIGHTS[child])
        for row in range(size):
            value = values[child, row]
            there = value >= 0
            total[row] += own * value if there else np.float32(0)
            weight[row] += own if there else np.float32(0)
            weakest[row] = min(weakest[row], value if there else np.float32(9))
    for row in range(size):
        value = total[row] / weight[row]
        into[row] = min(value, np.float32(3)) if weakest[row] < 1 else value
        out[row] = np.int16(into[row] * np.float32(100) + np.float32(0.5))


@numba.njit(fastmath=True, error_model="numpy")
def _loop(codes: NDArray[np.uint8], out: NDArray[np.int16]) -> None:  # pragma: no cover – compiled
    size = codes.shape[1]
    dimensions = np.empty((DIMENSIONS, size), np.float32)
    pillars = np.empty((PILLARS, size), np.float32)
    weakest = np.empty(size, np.float32)
    total, weight = np.empty(size, np.int16), np.empty(size, np.int16)
    for d in range(DIMENSIONS):
        total[:] = 0
        weight[:] = 0
        for q in range(5):
            own = np.int16(WEIGHTS[q])
            for row in range(size):
                code = np.int16(codes[d * 5 + q, row])
                there = code >= 2
                total[row] += (code - np.int16(2)) * own if there else np.int16(0)
                weight[row] += own if there else np.int16(0)
        for row in range(size):
            value = np.float32(total[row]) / np.float32(weight[row])
            first = codes[d * 5, row]
            held = (first != 1) & (first < 4)
            value = min(value, np.float32(2)) if held else value
            out[d, row] = np.int16(value * np.float32(100) + np.float32(0.5)) if weight[row] > 0 else np.int16(0)
            dimensions[d, row] = value if weight[row] > 0 else np.float32(-1)
    for p in range(PILLARS):
        _weighted(dimensions[p * 4 : p * 4 + 4], pillars[p], weakest, out[DIMENSIONS + p])
    _weighted(pillars, dimensions[0], weakest, out[NODES - 1])


def by_loop(codes: NDArray[np.uint8]) -> NDArray[np.int16]:
    """A compiled loop over assessments, in blocks that stay in the cache; ``codes`` has one row a question."""
    out = np.empty((NODES, codes.shape[1]), np.int16)
    for start in range(0, codes.shape[1], 4096):
        _loop(codes[:, start : start + 4096], out[:, start : start + 4096])
    return out


def by_numpy(codes: NDArray[np.uint8], block: int = 8192) -> NDArray[np.int16]:
    """NumPy, in blocks that stay in the cache."""
    out = np.empty((NODES, codes.shape[1]), np.int16)
    for start in range(0, codes.shape[1], block):
        _block(codes[:, start : start + block], out[:, start : start + block])
    return out


def _block(codes: NDArray[np.uint8], out: NDArray[np.int16]) -> None:
    weights = np.array(WEIGHTS, np.float32)
    dimensions = []
    for d in range(DIMENSIONS):
        own = codes[d * 5 : d * 5 + 5]
        there = own >= 2
        total = np.zeros(codes.shape[1], np.float32)
        weight = np.zeros(codes.shape[1], np.float32)
        for q in range(5):
            total += np.where(there[q], own[q] - np.uint8(2), np.uint8(0)) * weights[q]
            weight += there[q] * weights[q]
        with np.errstate(invalid="ignore"):
            value = total / weight
        value[(own[0] < 4) & (own[0] != 1) & (value > 2)] = 2
        dimensions.append(value)
        out[d] = np.nan_to_num(value) * 100 + 0.5
    pillars = [_over(dimensions[p * 4 : p * 4 + 4], weights) for p in range(PILLARS)]
    for p, value in enumerate(pillars):
        out[DIMENSIONS + p] = value * 100 + 0.5
    out[NODES - 1] = _over(pillars, weights) * 100 + 0.5


def _over(values: list[NDArray[np.float32]], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    total = np.zeros_like(values[0])
    weight = np.zeros_like(values[0])
    weakest = np.full_like(values[0], 9)
    for own, value in zip(weights, values, strict=False):
        there = ~np.isnan(value)
        total += np.where(there, value, 0) * own
        weight += there * own
        np.fmin(weakest, value, out=weakest)
    found: NDArray[np.float32] = total / weight
    found[(weakest < 1) & (found > 3)] = 3
    return found
