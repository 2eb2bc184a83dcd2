"""Distinct combinations of several columns: what was found once for a combination holds wherever it comes again."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.columns.ledger import MOST, Ids, Whole

TABLE: Final = 1 << 16
"""Combinations up to which they are simply counted off, each with a place of its own."""

COUNTED: Final = 1 << 20
"""Whole numbers below this are counted off rather than sorted."""

Several = Sequence[tuple[Ids, int]]
"""Columns of numbers, each with how many numbers there can be."""


def joint(columns: Several, count: int) -> tuple[Ids, int]:
    """A number for each assessment that tells its combination, and how many numbers there can be."""
    size = prod(own for _, own in columns)
    if size <= TABLE:
        return _counted(columns, count), size
    key, size = np.zeros(count, np.int64), 1
    for ids, own in columns:
        if size * own >= MOST:
            found, key = np.unique(key, return_inverse=True)
            key, size = key.astype(np.int64).reshape(-1), len(found)
        key = key * own + ids
        size *= own
    return key, size


def _counted(columns: Several, count: int) -> Ids:
    if len(columns) < 2:
        return columns[0][0] if columns else np.zeros(count, np.intp)
    key = columns[0][0].astype(np.uint16)
    for ids, own in columns[1:]:
        np.multiply(key, np.uint16(own & 0xFFFF), out=key)
        np.add(key, ids, out=key, casting="unsafe")
    return key.astype(np.intp)


def combinations(columns: Several, count: int) -> tuple[list[tuple[int, ...]], Whole]:
    """The distinct combinations of numbers, and which of them each assessment has."""
    key, size = joint(columns, count)
    if size <= TABLE:
        there = np.zeros(size, np.bool_)
        there[key] = True
        (keys,) = np.nonzero(there)
        places = np.zeros(size, np.int64)
        places[keys] = np.arange(len(keys))
        inverse = places[key]
        firsts = np.zeros(len(keys), np.int64)
        firsts[inverse] = np.arange(count)
    else:
        _, firsts, found = np.unique(key, return_index=True, return_inverse=True)
        inverse = found.astype(np.int64).reshape(-1)
    rows = [ids[firsts].tolist() for ids, _ in columns]
    return (list(zip(*rows, strict=True)) if rows else [()] * len(firsts)), inverse


def once_each_of(keys: NDArray[Any]) -> tuple[Whole, Whole]:
    """A place of each distinct key, and which of them each assessment has."""
    if keys.dtype == np.int64 and len(keys) and int(keys.min()) >= 0 and int(keys.max()) < COUNTED:
        there = np.zeros(int(keys.max()) + 1, np.bool_)
        there[keys] = True
        places = np.cumsum(there) - 1
        ids = places[keys]
        firsts = np.zeros(int(places[-1]) + 1, np.int64)
        firsts[ids] = np.arange(len(keys))
        return firsts, ids
    _, firsts, ids = np.unique(keys, return_index=True, return_inverse=True)
    return firsts, ids.reshape(-1)
