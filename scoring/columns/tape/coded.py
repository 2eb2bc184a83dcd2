"""Questions and nodes with few outcomes: a place in a table for each assessment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.columns.ledger import INAPPLICABLE, INSUFFICIENT, PROFILE, SCORED, Entry
from scoring.columns.tape.operations import Code, Operation, tabled
from scoring.columns.tape.reals import Real, Uncovered
from scoring.columns.tape.statuses import MISSING
from scoring.columns.tape.writing import Writing

_DIRECT: Final = 1 << 11
"""Places up to which a table is looked up by the whole combination; beyond, by the number of the outcome."""


@dataclass(slots=True)
class Coded:
    """An item with few outcomes."""

    key: int
    """Register (K) of the place."""

    entries: Sequence[Entry]
    """The outcome at each place."""

    possible: NDArray[np.bool_]
    """Whether any answers lead to it."""

    ids: NDArray[Any] | None = None
    """Number of the distinct outcome at each place; None: the places are these numbers."""

    distinct: Sequence[Entry] = ()
    column: int | None = None
    """The code column whose bytes are the places, where they are."""

    _outcome: int | None = None
    _known: dict[str, Real] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        write: Writing,
        below: Sequence[Coded],
        own: tuple[int, int, Sequence[bool]] | None,
        ids: NDArray[Any] | None,
        distinct: Sequence[Entry],
    ) -> Coded:
        """An item from what it rests on and its own answer (register, number of codes, which of them occur)."""
        keys = [each.outcome(write) for each in below]
        sizes = [each.count for each in below]
        masks = [each.occurring for each in below]
        if own is not None:
            keys.append(own[0])
            sizes.append(own[1])
            masks.append(np.array(own[2]))
        if not keys:
            raise Uncovered
        possible = np.ones(1, np.bool_)
        for mask in masks:
            possible = np.logical_and.outer(possible, mask).reshape(-1)
        key = keys[0] if len(keys) == 1 else joined(write, keys, sizes)
        if ids is None or not below:
            return cls(key, distinct, possible, None, distinct)
        if len(ids) > _DIRECT:
            number = write.put(lambda into: Operation(Code.LOOK_UP_KEY, into, (key,), table=tabled(ids, "K")))
            there = np.zeros(len(distinct), np.bool_)
            there[np.unique(ids[possible])] = True
            return cls(number, distinct, there, None, distinct)
        return cls(key, [distinct[place] for place in ids.tolist()], possible, ids, distinct)

    @property
    def count(self) -> int:
        """How many distinct outcomes there are."""
        return len(self.distinct)

    @property
    def occurring(self) -> NDArray[np.bool_]:
        """Which of the distinct outcomes any answers lead to."""
        if self.ids is None:
            return self.possible
        found = np.zeros(len(self.distinct), np.bool_)
        found[np.unique(self.ids[self.possible])] = True
        return found

    def outcome(self, write: Writing) -> int:
        """Register (K) of the number of the distinct outcome."""
        if self.ids is None:
            return self.key
        if self._outcome is None:
            table = tabled(self.ids, "K")
            self._outcome = write.put(lambda into: Operation(Code.LOOK_UP_KEY, into, (self.key,), table=table))
        return self._outcome

    def _seen(self) -> list[tuple[Entry, bool]]:
        return list(zip(self.entries, self.possible.tolist(), strict=True))

    def looked_up(self, write: Writing, of: Callable[[Entry], Fraction]) -> Real:
        """A number of the outcome."""
        if self.column is not None:
            values = [(place, of(entry)) for place, (entry, seen) in enumerate(self._seen()) if seen]
            found = write.level(self.column, values) if len(values) > 1 else None
            if found is not None:
                return found
        return write.looked_up(self.key, [of(entry) if seen else Fraction(0) for entry, seen in self._seen()])

    def looked_up_small(self, write: Writing, of: Callable[[Entry], int]) -> int:
        """A small number of the outcome."""
        table = [of(entry) if seen else 0 for entry, seen in self._seen()]
        return write.small(Code.LOOK_UP_SMALL, self.key, table=table)

    def status(self, write: Writing, of: str) -> int | None:
        """Why there is no number; None: there always is one. Assessments that it cannot be told of are left."""
        found = [status_of(entry, of) if seen else 0 for entry, seen in self._seen()]
        if not any(found):
            return None
        register = write.small(Code.LOOK_UP_SMALL, self.key, table=found)
        if MISSING in found:
            write.effect(Code.LEAVE, write.small(Code.IS, register, numbers=(MISSING,)))
        return register

    def real(self, write: Writing, of: str) -> Real:
        """What it is in formulas (``number``), is worth there (``score``), or brings to a node (``value``)."""
        if of not in self._known:
            status = self.status(write, of)
            found = self.looked_up(write, lambda entry: number_of(entry, of))
            self._known[of] = replace(found, status=status)
        return self._known[of]


def joined(write: Writing, keys: Sequence[int], sizes: Sequence[int]) -> int:
    """One place for each combination."""
    return write.put(lambda into: Operation(Code.KEY, into, tuple(keys), tuple(map(float, sizes))))


def status_of(entry: Entry, of: str) -> int:
    """0 there, 1 does not apply, 2 without a value, 3 cannot be told."""
    if of == "value":
        if entry.state == SCORED:
            return 0 if entry.value is not None else MISSING
        if entry.state == PROFILE:
            return 0
        return {INAPPLICABLE: 1, INSUFFICIENT: 2}.get(entry.state, MISSING)
    fact = entry.now
    if fact is None or not fact.known or fact.optional:
        return MISSING
    span = fact.number if of == "number" else fact.score
    if span is not None and fact.undefined:
        return MISSING  # its curve has no value for it: only a comparison takes such a number
    return 0 if span is not None else 2 if fact.undefined else 1


def number_of(entry: Entry, of: str) -> Fraction:
    """The number itself; 0 where there is none.

    Raises:
        Uncovered: it is irrational.
    """
    if status_of(entry, of):
        return Fraction(0)
    fact = entry.now
    if entry.state == PROFILE:
        return Fraction(0)
    span = entry.value if of == "value" else None if fact is None else fact.number if of == "number" else fact.score
    exact = None if span is None else span.exact
    if exact is None:
        raise Uncovered
    return exact
