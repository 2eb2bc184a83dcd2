"""Tables of a definition as operations of a tape, where not all that tells the row has few outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from scoring import facts as engine
from scoring.aggregate import FIRST_BITS
from scoring.columns.conditions import facts
from scoring.columns.tape.operations import Code
from scoring.columns.tape.reals import Real, Uncovered
from scoring.columns.tape.statuses import MISSING, NONE, THERE, UNDEFINED
from scoring.sides import rows_at

if TYPE_CHECKING:
    from questionnaires.formula.tree import Expression
    from scoring.columns.ledger import Entry
    from scoring.columns.tape.coded import Coded
    from scoring.columns.tape.formulas import Reading
    from scoring.plan import PlannedSide, PlannedTable

_MOST: Final = 1 << 8
"""Rows up to which a table is written down as a choice after the other."""

_Side = tuple[Mapping[str, int], int | None]
"""Key → register (B) of whether the side points to it; and the status of the side (None: it always points to one)."""


def looked_up(reading: Reading, table: PlannedTable) -> Real:
    """The table's number for what was answered.

    Raises:
        Uncovered: several options point to several rows, or it has too many rows.
    """
    if table.summed or table.squares or table.awaited or len(table.values) > _MOST:
        raise Uncovered
    keys = [sorted({row[place] for row in table.values}) for place in range(len(table.sides))]
    sides = [_side(reading, side, own) for side, own in zip(table.sides, keys, strict=True)]
    write = reading.write
    value, found = write.constant(table.otherwise or Fraction(0)), reading.fixed(int(table.otherwise is not None))
    for row, number in table.values.items():
        here = write.always()
        for (own, _), key in zip(sides, row, strict=True):
            here = write.small(Code.BOTH, here, own[key])
        value = write.chosen(here, write.constant(number), value)
        found = write.small(Code.EITHER, found, here)
    status = write.small(Code.CHOOSE_SMALL, found, reading.fixed(THERE), reading.fixed(UNDEFINED))
    for why in (UNDEFINED, NONE):
        for _, own_status in sides:
            if own_status is not None:
                is_so = write.small(Code.IS, own_status, numbers=(why,))
                status = write.small(Code.CHOOSE_SMALL, is_so, reading.fixed(why), status)
    return replace(value, status=None if write.known(status) == THERE else status, constant=None)


def _side(reading: Reading, side: PlannedSide, keys: Sequence[str]) -> _Side:
    if side.id in reading.coded and not side.standing:
        return _of_few(reading, side, reading.coded[side.id], keys, None)
    if side.id in reading.conditional:
        return _of_few(reading, side, reading.conditional[side.id][0], keys, reading.conditional[side.id][1])
    write = reading.write
    if side.standing:
        held = {key: reading.truth(condition) for key, condition in side.standing}
        some = reading.fixed(0)
        for each in held.values():
            some = write.small(Code.EITHER, some, each)
        lost = write.small(Code.CHOOSE_SMALL, some, reading.fixed(THERE), reading.fixed(UNDEFINED))
        own = reading.status_of(side.id)
        if own is None:
            return held, lost
        none = write.small(Code.IS, own, numbers=(NONE,))
        return held, write.small(Code.CHOOSE_SMALL, none, reading.fixed(NONE), lost)
    if not side.whole or side.id not in reading.numbers:
        raise Uncovered
    number = reading.numbers[side.id]
    found = {key: write.against("=", number, Fraction(key)) for key in keys}
    return found, number.status


def _of_few(reading: Reading, side: PlannedSide, coded: Coded, keys: Sequence[str], applies: int | None) -> _Side:
    """By the exact engine, once for each outcome (``applies``: register (B) of where it counts)."""
    told = [_told(reading, side, entry) for entry in coded.entries]
    write = reading.write
    found = {
        key: write.small(Code.LOOK_UP_SMALL, coded.key, table=[int(key in rows) for rows, _ in told]) for key in keys
    }
    status = write.small(Code.LOOK_UP_SMALL, coded.key, table=[status for _, status in told])
    if applies is not None:
        status = write.small(Code.CHOOSE_SMALL, applies, status, reading.fixed(NONE))
    if any(own == MISSING for _, own in told):
        write.effect(Code.LEAVE, write.small(Code.IS, status, numbers=(MISSING,)))
    return found, status


def _told(reading: Reading, side: PlannedSide, entry: Entry) -> tuple[frozenset[str], int]:
    known = facts(reading.plan, {side.id: entry})
    if known is None:
        return frozenset(), MISSING
    if known[side.id].applies is False:
        return frozenset(), NONE
    rows = rows_at(side, engine.Reading(known, reading.plan.tables, FIRST_BITS, last=False), _nothing)
    if rows.undefined:
        return frozenset(), UNDEFINED
    if not rows.known or rows.keys is None or len(rows.keys) > 1:
        return frozenset(), MISSING
    return rows.keys, THERE


def _nothing(_: Expression) -> None:
    """No condition is asked after: what has few outcomes tells its row by itself."""
