"""Columns of a population: every distinct outcome is kept once, exactly, and each assessment only names its own.

Few assessments differ in one question, and not many in one dimension: what the exact engine finds for an outcome once
holds for all who share it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.columns.intervals import Interval
from scoring.enclosure import Enclosure, point
from scoring.facts import NOTHING, Fact
from scoring.scorecard import State

SCORED: Final = 0
OPEN: Final = 1
INSUFFICIENT: Final = 2
INAPPLICABLE: Final = 3
PROFILE: Final = 4
UNDECIDED: Final = 5
"""Not decided column by column; the assessment is scored by itself."""

STATES: Final = (State.SCORED, State.OPEN, State.INSUFFICIENT, State.NOT_APPLICABLE, State.PROFILE)
"""State by its number in a column."""

NO_BAND: Final = -1
MOST: Final = 1 << 62
"""Whole numbers in columns stay below this, so that no sum or product wraps round unseen."""

Ids = NDArray[Any]
"""One number of an outcome for each assessment: unsigned, as narrow as it can be."""

Whole = NDArray[np.int64]
Units = NDArray[Any]
"""Whole numbers as narrow as they can be; of more than 62 bits, Python's own."""

Flags = NDArray[np.bool_]
Small = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Entry:
    """One distinct outcome of a question or node."""

    state: int
    value: Enclosure | None
    """What parents take; None: there is none."""

    now: Fact | None
    """What formulas learn of it; None: that takes the whole assessment."""

    stated: int = 0
    """The rounded value in units of its last place (nodes with a value)."""

    band: int = NO_BAND
    """Place of the band among the node's, lowest first."""


NOT_DECIDED: Final = Entry(UNDECIDED, None, None)


class Ledger:
    """All distinct outcomes of one question or node."""

    def __init__(self, entries: Sequence[Entry], *, lasting: bool = False) -> None:
        self.entries = tuple(entries)
        self.lasting = lasting
        """Whether it stays the same from one block of assessments to the next."""

        self.spans: dict[str, tuple[Any, Any, Any]] = {}
        """The outcomes' numbers and worths as intervals, once somebody asked for them."""

    def __len__(self) -> int:
        return len(self.entries)

    @cached_property
    def arrays(self) -> _Arrays:
        """The outcomes as arrays, one element each."""
        return _Arrays.of(self.entries)


@dataclass(frozen=True, slots=True)
class _Arrays:
    """A ledger as arrays."""

    state: Small
    present: Flags
    """Whether there is a value (of what is scored, and provisionally of what is open)."""

    values: tuple[Fraction, ...] | None
    """The values, 0 where there is none; None: not all are known exactly."""

    denominator: int
    """Least common denominator of the values."""

    stated: Units
    band: NDArray[np.int16]
    plain: tuple[int, int]
    """Outcomes from the first number to before the second are all scored."""

    wide: np.dtype[Any]
    """The narrowest whole numbers that hold all stated values."""

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> _Arrays:
        exact = [Fraction(0) if entry.value is None else entry.value.exact for entry in entries]
        known = [value for value in exact if value is not None]
        wide = narrowest(max((abs(entry.stated) for entry in entries), default=0))
        return cls(
            state=np.array([entry.state for entry in entries], np.uint8),
            present=np.array([entry.value is not None for entry in entries], np.bool_),
            values=tuple(known) if len(known) == len(exact) else None,
            denominator=lcm(*(value.denominator for value in known)) if known else 1,
            stated=np.array([entry.stated for entry in entries], wide),
            band=np.array([entry.band for entry in entries], np.int16),
            wide=wide,
            plain=_plain([entry.state == SCORED and entry.value is not None for entry in entries]),
        )

    def all_plain(self, ids: Ids) -> bool:
        """Whether all of these outcomes are among the plain ones."""
        first, end = self.plain
        return int(ids.max(initial=first)) < end and (not first or int(ids.min(initial=end)) >= first)


def narrowest(most: int) -> np.dtype[Any]:
    """The narrowest whole numbers that hold all up to ``most``, positive or negative; beyond 62 bits Python's own."""
    for narrow_enough in (np.int16, np.int32, np.int64):
        if most < 1 << np.dtype(narrow_enough).itemsize * 8 - 2:
            return np.dtype(narrow_enough)
    return np.dtype(object)


def _plain(scored: Sequence[bool]) -> tuple[int, int]:
    """The longest stretch of outcomes that are all scored."""
    best = start = 0
    end = 0
    for place, one in enumerate([*scored, False]):
        if not one:
            if place - start > end - best:
                best, end = start, place
            start = place + 1
    return best, end


@dataclass(frozen=True, slots=True)
class Coded:
    """A column that names outcomes of a ledger."""

    ids: Ids
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class Scaled:
    """A column of exact values as whole numbers over one denominator."""

    state: Small
    present: Flags
    numerator: Whole
    """0 where there is no value."""

    denominator: int
    stated: Whole
    band: NDArray[np.int16]
    raw: Interval | None = None
    """Of a question that is answered with a number: the number, of which the value is what it is worth."""


@dataclass(frozen=True, slots=True)
class Spanned:
    """A column of numbers that are known to lie within intervals."""

    state: Small
    number: Interval
    """What it is in formulas; anything where there is none."""

    score: Interval
    """What it is worth."""

    stated: Whole
    band: NDArray[np.int16]
    unrated: Flags | None = None
    """Where there is a number that its curve has no value for: only a comparison takes it."""


Column = Coded | Scaled | Spanned


def is_measured(column: Column) -> bool:
    """Whether the column holds measured numbers, which have no distinct outcomes to speak of."""
    return isinstance(column, Spanned) or (isinstance(column, Scaled) and column.raw is not None)


def entries_of(column: Scaled) -> list[Entry]:
    """Each assessment's outcome; what formulas learn of an open node takes the whole assessment."""
    return [
        _entry(state, Fraction(numerator, column.denominator) if present else None, stated, band)
        for state, present, numerator, stated, band in zip(
            column.state.tolist(),
            column.present.tolist(),
            column.numerator.tolist(),
            column.stated.tolist(),
            column.band.tolist(),
            strict=True,
        )
    ]


def _entry(state: int, value: Fraction | None, stated: int, band: int) -> Entry:
    span = None if value is None else point(value)
    now: Fact | None = None
    if state == SCORED:
        now = Fact(span, span)
    elif state == INAPPLICABLE:
        now = NOTHING
    elif state == INSUFFICIENT:
        now = Fact(None, None, undefined=True)
    return Entry(state, span, now, stated, band)


def coded(column: Column) -> Coded:
    """The column by its distinct outcomes, those that are scored first."""
    if isinstance(column, Coded):
        return column
    if isinstance(column, Spanned) or column.raw is not None:
        raise TypeError("measured numbers have no distinct outcomes")
    keys = np.rec.fromarrays([column.state, column.present, column.numerator, column.band])
    _, first, ids = np.unique(keys, return_index=True, return_inverse=True)
    taken = Scaled(
        column.state[first],
        column.present[first],
        column.numerator[first],
        column.denominator,
        column.stated[first],
        column.band[first],
    )
    return Coded(narrow(ids.reshape(-1), len(first)), Ledger(entries_of(taken)))


def narrow(ids: Ids, size: int) -> Ids:
    """Numbers below ``size`` in as few bytes as hold them."""
    return ids.astype(np.uint8 if size <= 1 << 8 else np.uint16 if size <= 1 << 16 else np.int64)
