"""The sides of tables: what tells the row in which a number stands, and which rows are still possible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final, TypeAlias

from questionnaires.formula.tree import Expression
from scoring.enclosure import ANYTHING, Enclosure, point, root
from scoring.facts import Fact, Reading
from scoring.plan import PlannedSide, PlannedTable

Holds: TypeAlias = Callable[[Expression], bool | None]
"""Whether a condition holds, as far as it is known."""

MOST_NUMBERS: Final = 1000
"""Whole numbers that are looked for one by one at a side of a table; beyond, any row is taken for possible."""


@dataclass(frozen=True, slots=True)
class RowsAt:
    """In which rows of one side of a table the number stands, or may stand."""

    keys: frozenset[str] | None
    """None: in any of them."""

    known: bool
    """Whether nothing that is missing can change it; then there is one row, or one for each option picked."""

    undefined: bool = False
    """What tells has no value."""

    may_fail: bool = False
    """It may yet turn out so."""


def rows_at(side: PlannedSide, reading: Reading, holds: Holds) -> RowsAt:
    """Where one side of a table points to; what tells it applies.

    Raises:
        Undecided: an irrational number has to be enclosed more tightly.
    """
    fact = reading.facts[side.id]
    if side.standing:
        return _rows_of_standing(side, fact, holds)
    if not side.whole:
        return RowsAt(fact.picked, fact.picked is not None)
    span = fact.number
    if span is None:
        return RowsAt(None, fact.known, undefined=fact.undefined and fact.known, may_fail=not fact.known)
    if fact.known and span.exact is not None:
        return RowsAt(frozenset({str(span.exact)}), known=True)
    low, high = span.low, span.high
    if low is None or high is None or high - low > MOST_NUMBERS:
        return RowsAt(None, known=False, may_fail=fact.may_fail)
    keys = frozenset(str(number) for number in range(-int(-low // 1), int(high // 1) + 1))
    return RowsAt(keys, known=False, may_fail=fact.may_fail)


def _rows_of_standing(side: PlannedSide, fact: Fact, holds: Holds) -> RowsAt:
    held = {key: holds(condition) for key, condition in side.standing}
    surely = frozenset(key for key, told in held.items() if told)
    if surely:
        return RowsAt(surely, known=True)
    perhaps = frozenset(key for key, told in held.items() if told is None)
    if not perhaps and fact.known:
        return RowsAt(frozenset(), known=True, undefined=True)
    return RowsAt(perhaps or None, known=False, may_fail=fact.may_fail or fact.number is None)


def still_possible(table: PlannedTable, picked: Sequence[frozenset[str] | None], bits: int) -> Enclosure:
    """The numbers of all rows that agree with what was picked so far."""

    def agrees(key: tuple[str, ...]) -> bool:
        return all(each is None or part in each for part, each in zip(key, picked, strict=True))

    if any(agrees(key) for key in table.awaited):
        return ANYTHING
    rows = [point(value) for key, value in table.values.items() if agrees(key)]
    roots = [root(point(square), 2, bits) for key, square in table.squares.items() if agrees(key)]
    rows += [each for each in roots if each is not None]
    rows += [] if table.otherwise is None else [point(table.otherwise)]
    return reduce(Enclosure.hull, rows) if rows else table.span
