"""The operations of a tape, and the tape itself.

Three kinds of registers, each a short column: ``F`` binary floating point numbers, ``B`` small whole numbers (truths 0
and 1, or a status), ``K`` places in tables. Every operation writes one register, one column of results, or marks
assessments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Code(IntEnum):
    """What an operation does; ``a``, ``b``, ``c`` are its sources, ``x``, ``y``, … its numbers."""

    LOAD = 0
    """F: the digits of number column ``a`` times ``x``."""
    LOOK_UP = 1
    """F: the table at ``a`` (K)."""
    CONSTANT = 2
    """F: ``x``."""
    ADD = 3
    SUBTRACT = 4
    MULTIPLY = 5
    DIVIDE = 6
    LEAST = 7
    GREATEST = 8
    LINE = 9
    """F: ``a`` × ``x`` + ``y``."""
    CLAMP = 10
    """F: ``a``, from ``x`` to ``y``."""
    CHOOSE = 11
    """F: ``b`` where ``a`` (B), else ``c``."""
    SUM = 12
    """F: the sum of ``x`` × ``a`` over all sources."""
    SUM_OF = 13
    """F: the same over pairs of F and B, where B."""
    COUNT = 14
    """F: the sum of ``x`` over all sources (B) that are 1."""
    ROUND = 15
    """F: ``a`` × ``x`` rounded by mode ``flag``; ``y`` + ``z`` × the value (+ ``b``, if given) is the bound of the
    error, ``w`` the greatest result."""
    RAMP = 35
    """F: ``a``, from ``x`` to ``y`` (``z``: the bound of that), × ``v`` + ``w``."""
    LEVEL = 36
    """F: the byte of code column ``a`` × ``x`` + ``y``."""
    STAIRS = 37
    """F: ``x``, and for each pair of further numbers that ``a`` is at least the first of, the second."""
    PART = 38
    """F: (``a`` − ``b``) ÷ ``c``, from 0 to 1; its numbers as those of ``DOUBT``."""
    DOUBT = 39
    """F: by how much that may be off, if ``a`` and ``b`` are off by ``x`` and ``y`` times themselves, both by ``z``
    besides, and the quotient by ``w`` times itself; 0 where it is sure to be 0 or 1."""
    LOGARITHM = 40
    """F: the natural logarithm of ``a``, which is above 0."""
    EXPONENTIAL = 41
    """F: e to the power of ``a``."""
    LOOK_UP_SMALL = 16
    """B: the table at ``a`` (K)."""
    AGAINST = 17
    """B: ``a`` compared (``flag``) with ``x``, which it is taken for within ``y`` (+ ``b``, if given)."""
    COMPARE = 18
    """B: ``a`` compared (``flag``) with ``b``, within ``x`` |a| + ``y`` |b| + ``z`` (+ ``c``, if given)."""
    BOTH = 19
    EITHER = 20
    NOT = 21
    IS = 22
    """B: whether ``a`` is ``x``."""
    JOIN = 23
    """B: of two statuses of which both are needed."""
    CHOOSE_SMALL = 24
    """B: ``b`` where ``a``, else ``c``."""
    FIXED = 25
    """B: ``x``."""
    BANDS = 26
    """B: how many of the numbers are at most ``a`` (F)."""
    LOWER = 27
    """B: the table at ``b`` where ``a``, else ``b``."""
    KEY = 28
    """K: the sources (K) as digits of a number, each below its number ``x``."""
    CODE = 29
    """K: the code column ``a``."""
    LOOK_UP_KEY = 30
    """K: the table at ``a`` (K)."""
    LEAVE = 31
    """Assessments where ``a`` (B) is 1 are left to other columns."""
    STATE = 32
    """Result: status ``a`` (B) of node ``flag``; ``x``, if given, is the state of one that is there."""
    UNITS = 33
    """Result: ``a`` (F), of status ``b`` (B) if given, in units of node ``flag``."""
    PLACED = 34
    """Result: band ``a`` (B), of status ``b`` if given, of node ``flag``."""


FLOATS = frozenset((*range(Code.LOAD, Code.ROUND + 1), *range(Code.RAMP, Code.EXPONENTIAL + 1)))
SMALLS = frozenset(range(Code.LOOK_UP_SMALL, Code.LOWER + 1))
KEYS = frozenset((Code.KEY, Code.CODE, Code.LOOK_UP_KEY))

COMPARISONS = ("<", "<=", "=", "!=", ">=", ">")
"""By the number that an operation has for each."""

MODES = ("half_up", "half_even", "down", "up")
"""Ways to round, by number."""

EASY = 4
"""Half up, of numbers that are not below 0 and off by little."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One step."""

    code: Code
    into: int = 0
    """Register written."""

    sources: tuple[int, ...] = ()
    numbers: tuple[float, ...] = ()
    flag: int = 0
    sure: bool = True
    """Whether what lies within the bound of a limit is proven to lie on it, whatever the answers are."""

    table: NDArray[Any] | None = None
    denominator: float = 1.0
    """F: of which every result is a multiple of one part (:data:`FOLLOWS`: that depends on the answers); comparisons
    and roundings: the denominator of what is compared with."""


FOLLOWS = 0.0
"""A denominator that follows from those of the sources."""


@dataclass(frozen=True, slots=True)
class Tape:
    """All steps, in order, and what they read and write."""

    operations: tuple[Operation, ...]
    codes: tuple[str, ...]
    """Questions whose bytes are read, by the number of the column."""

    numbers: tuple[str, ...]
    """Questions whose digits are read."""

    nodes: tuple[str, ...]
    """Nodes that are written."""

    floats: int
    smalls: int
    keys: int
    """Registers of each kind."""

    plain: frozenset[str] = field(default_factory=frozenset)
    """Nodes that every assessment that is not left to others has a value of."""

    narrow: frozenset[str] = field(default_factory=frozenset)
    """Nodes whose units fit into 16 bits."""


def packed_registers(operations: Sequence[Operation]) -> tuple[list[Operation], dict[str, int]]:
    """What leads to a result, with as few registers as the longest stretch of use allows; how many of each kind."""
    operations = _needed(operations)
    last = {key: place for place, operation in enumerate(operations) for key in reads(operation)}
    free: dict[str, list[int]] = {"F": [], "B": [], "K": []}
    used = {"F": 0, "B": 0, "K": 0}
    now: dict[tuple[str, int], int] = {}
    found = []
    for place, operation in enumerate(operations):
        moved = tuple(
            source if kind == "-" else now[kind, source]
            for kind, source in zip(_kinds(operation), operation.sources, strict=True)
        )
        kind, into = kind_of(operation.code), operation.into
        if kind is not None:
            if free[kind]:
                register = free[kind].pop()
            else:
                register, used[kind] = used[kind], used[kind] + 1
            now[kind, into] = into = register
        for key in set(reads(operation)):
            if last[key] == place:
                free[key[0]].append(now.pop(key))
        found.append(replace(operation, into=into, sources=moved))
    return found, used


def _needed(operations: Sequence[Operation]) -> list[Operation]:
    """Only what some result rests on, each step just before it is first read."""
    written = {
        (kind, operation.into): operation for operation in operations if (kind := kind_of(operation.code)) is not None
    }
    done: set[tuple[str, int]] = set()
    found: list[Operation] = []
    for operation in operations:
        if kind_of(operation.code) is None:
            waiting = [operation]
            while waiting:
                missing = [key for key in reads(waiting[-1]) if key not in done]
                if missing:
                    waiting.append(written[missing[0]])
                    continue
                ready = waiting.pop()
                kind = kind_of(ready.code)
                if kind is None or (kind, ready.into) not in done:
                    found.append(ready)
                if kind is not None:
                    done.add((kind, ready.into))
    return found


def kind_of(code: Code) -> str | None:
    """The kind of register that an operation writes; None: it writes none."""
    return "F" if code in FLOATS else "B" if code in SMALLS else "K" if code in KEYS else None


def reads(operation: Operation) -> list[tuple[str, int]]:
    """The registers that an operation reads."""
    return [(kind, source) for kind, source in zip(_kinds(operation), operation.sources, strict=True) if kind != "-"]


_SOURCES = {
    Code.LOAD: "-",
    Code.LEVEL: "-",
    Code.LOOK_UP: "K",
    Code.CHOOSE: "BFF",
    Code.LOOK_UP_SMALL: "K",
    Code.AGAINST: "FF",
    Code.COMPARE: "FFF",
    Code.BANDS: "F",
    Code.CODE: "-",
    Code.LOOK_UP_KEY: "K",
    Code.UNITS: "FB",
}


def _kinds(operation: Operation) -> str:
    count = len(operation.sources)
    if operation.code is Code.SUM_OF:
        return "FB" * (count // 2)
    if operation.code is Code.KEY:
        return "K" * count
    if operation.code in _SOURCES:
        return _SOURCES[operation.code][:count]
    return ("F" if operation.code in FLOATS and operation.code is not Code.COUNT else "B") * count


def tabled(values: Any, kind: str) -> NDArray[Any]:
    """A table as an array of the kind of register it fills."""
    return np.ascontiguousarray(values, {"F": np.float64, "B": np.uint8, "K": np.int32}[kind])
