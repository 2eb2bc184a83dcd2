"""What an interval does not decide of one question or node, by the exact engine from what lies below it.

A value on the very limit of a rounding, a number on the very step of a curve: only that item of that assessment is
worked out, from the items it rests on, and those from theirs where they are not known exactly. All else of the
assessment stays in columns. What the answers below do not tell exactly here stays undecided.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from math import isfinite
from typing import Protocol

import numpy as np

from scoring.answers import Answer, NotApplicableAnswer, NumberAnswer
from scoring.columns.intervals import Interval, ends, whole
from scoring.columns.ledger import (
    MOST,
    NOT_DECIDED,
    SCORED,
    UNDECIDED,
    Coded,
    Column,
    Entry,
    Scaled,
    Spanned,
    entries_of,
)
from scoring.columns.measured import TypedIn
from scoring.columns.plain import picked
from scoring.columns.reckoning import NONE
from scoring.enclosure import Enclosure
from scoring.facts import Fact
from scoring.plan import PlannedNode, PlannedQuestion

_ABSENT = NotApplicableAnswer(reason="–")


class Outcomes(Protocol):
    """What the exact engine is asked."""

    def __call__(self, item: PlannedQuestion | PlannedNode, below: Mapping[str, Entry], answer: Answer | None) -> Entry:
        """The outcome of an item, from the outcomes of what it rests on and the answer to it."""


class Resolving:
    """Resolves single items of the assessments of one block; what was worked out once is remembered."""

    def __init__(
        self,
        items: Mapping[str, PlannedQuestion | PlannedNode],
        inputs: Mapping[str, tuple[str, ...]],
        read: Mapping[str, Collection[str]],
        outcome: Outcomes,
        typed: Mapping[str, TypedIn],
    ) -> None:
        """All by id of the item.

        Args:
            items: the questions and nodes.
            inputs: what each directly rests on.
            read: what the formulas of each read.
            outcome: asks the exact engine.
            typed: the numbers that were typed, of the questions that have many of them.
        """
        self._items = items
        self._inputs = inputs
        self._read = read
        self._outcome = outcome
        self._typed = typed
        self._known: dict[tuple[str, int], Entry] = {}
        self._left: set[int] = set()
        """Assessments of which something stays undecided: they are scored by themselves."""

    def resolved(self, name: str, column: Spanned, columns: Mapping[str, Column]) -> Spanned:
        """The column of an item with what was undecided in it worked out, where that is possible."""
        places = np.flatnonzero(column.state == UNDECIDED)
        if not places.size:
            return column
        count = len(column.state)
        state, stated, band = column.state.copy(), column.stated.copy(), np.array(column.band)
        number, score = (_own(each, count) for each in (column.number, column.score))
        unrated = np.zeros(count, np.bool_) if column.unrated is None else column.unrated.copy()
        for place in places.tolist():
            if place in self._left:
                continue
            entry = self._one(name, place, columns)
            if entry.state == UNDECIDED or abs(entry.stated) >= MOST:
                self._left.add(place)
                continue
            state[place], stated[place], band[place] = entry.state, entry.stated, entry.band
            unrated[place] = entry.now is not None and entry.now.undefined and entry.now.number is not None
            if entry.state == SCORED and entry.now is not None:
                number.low[place], number.high[place] = _ends(entry.now.number)
                score.low[place], score.high[place] = _ends(entry.value)
        return Spanned(state, number, score, stated, band, unrated)

    def _one(self, name: str, place: int, columns: Mapping[str, Column]) -> Entry:
        """One item; where only a condition was undecided, what the condition names is all that has to be exact."""
        item = self._items[name]
        read = self._read[name]
        if read and isinstance(item, PlannedNode):
            below = {
                each: self._entry(each, place, columns) if each in read else self._within(each, place, columns)
                for each in self._inputs[name]
            }
            found = self._outcome(item, below, None)
            if found.state != UNDECIDED:
                return found  # not remembered: its value need not be exact
        return self._entry(name, place, columns)

    def _within(self, name: str, place: int, columns: Mapping[str, Column]) -> Entry:
        """What an item of one assessment came out as, as closely as its column has it."""
        column = columns[name]
        if not isinstance(column, Spanned) or column.state[place] != SCORED:
            return self._entry(name, place, columns)
        found = [float(end[place]) for each in (column.number, column.score) for end in (each.low, each.high)]
        if not all(map(isfinite, found)):
            return self._entry(name, place, columns)
        low, high, least, most = map(Fraction, found)
        number, score = Enclosure(low, high), Enclosure(least, most)
        return Entry(SCORED, score, Fact(number, score), int(column.stated[place]), int(column.band[place]))

    def _worked_out(self, name: str, place: int, columns: Mapping[str, Column]) -> Entry:
        """One item from exact outcomes."""
        typed = self._typed.get(name)
        if typed is not None and typed.elsewhere[place]:
            return NOT_DECIDED
        below = {each: self._entry(each, place, columns) for each in self._inputs[name]}
        answer = None if typed is None else _typed(typed, place)
        return self._outcome(self._items[name], below, answer)

    def _entry(self, name: str, place: int, columns: Mapping[str, Column]) -> Entry:
        """What an item of one assessment came out as, exactly."""
        column = columns.get(name)
        if isinstance(column, Coded):
            return column.ledger.entries[int(column.ids[place])]
        known = self._known.get((name, place))
        if known is None:
            if isinstance(column, Scaled) and column.raw is None:
                (known,) = entries_of(picked_one(column, place))
            else:
                known = self._worked_out(name, place, columns)
            self._known[name, place] = known
        return known


def picked_one(column: Scaled, place: int) -> Scaled:
    """The column of one assessment."""
    found = picked(column, np.array([place]))
    if not isinstance(found, Scaled):
        raise TypeError(found)
    return found


def _typed(typed: TypedIn, place: int) -> Answer | None:
    if typed.missing[place]:
        return None
    if typed.quantity.status[place] == NONE:
        return _ABSENT
    return NumberAnswer(number=Fraction(int(typed.digits[place]), 10 ** int(typed.places[place])))


def _own(interval: Interval, count: int) -> Interval:
    """The same in arrays that may be written to."""
    spread = whole(interval, count)
    return Interval(spread.low.copy(), spread.high.copy())


def _ends(span: Enclosure | None) -> tuple[float, float]:
    return (0.0, 0.0) if span is None else ends(span.low, span.high)
