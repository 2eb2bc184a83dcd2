"""Conditions on what was picked, or answered at all, as operations of a tape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from questionnaires.formula.tree import Binary, Call, Expression, Member, Name, Text
from scoring.columns.conditions import NO, YES, facts, inputs_of, truth_of
from scoring.columns.ledger import INAPPLICABLE, Entry
from scoring.columns.tape.operations import Code
from scoring.columns.tape.several import Bytes, any_of, byte
from scoring.columns.tape.statuses import MISSING
from scoring.facts import NOTHING
from scoring.packing.fields import FIRST, ChoicesField, GridField

if TYPE_CHECKING:
    from scoring.columns.tape.formulas import Reading
    from scoring.plan import PlannedQuestion


@dataclass(frozen=True, slots=True)
class Several:
    """A question whose answer takes several bytes, and the columns of these."""

    item: PlannedQuestion
    known: ChoicesField | GridField
    own: Bytes


def of_one_question(reading: Reading, expression: Expression) -> int | None:
    """A condition on one question of few answers that applies in part only; None: it is none.

    The exact engine says of each answer whether it holds, and whether it does where the question does not apply.
    """
    wanted = inputs_of(reading.plan, [expression])
    if len(wanted) != 1 or wanted[0] not in reading.conditional:
        return None
    (name,), (coded, applies) = wanted, reading.conditional[wanted[0]]
    truths = [_told(reading, expression, name, entry) for entry in coded.entries]
    nothing = _told(reading, expression, name, Entry(INAPPLICABLE, None, NOTHING))
    write = reading.write
    where = write.small(Code.LOOK_UP_SMALL, coded.key, table=truths)
    found = write.small(Code.CHOOSE_SMALL, applies, where, reading.fixed(nothing))
    if MISSING not in (*truths, nothing):
        return found
    write.effect(Code.LEAVE, write.small(Code.IS, found, numbers=(MISSING,)))
    return write.small(Code.IS, found, numbers=(1,))


def _told(reading: Reading, expression: Expression, name: str, entry: Entry) -> int:
    known = facts(reading.plan, {name: entry})
    found = None if known is None else truth_of(reading.plan, expression, known)
    return {NO: 0, YES: 1}.get(found, MISSING) if found is not None else MISSING


def of_picks(reading: Reading, expression: Expression) -> int | None:
    """A condition on the options of a question of several choices, or on the rows of a grid; None: it is none."""
    match expression:
        case Call(function="has", arguments=(Name(id=name), Text(value=option))):
            return _any_of(reading, name, [option])
        case Member(needle=Name(id=name), options=options):
            return _any_of(reading, name, [option.value for option in options])
        case Binary(operator="=", left=Name(id=name), right=Text(value=option)):
            return _any_of(reading, name, [option])
        case Call(function="picked", arguments=(Name(id=name), Text(value=row), Text(value=option))):
            several = reading.several.get(name)
            if several is None or not isinstance(several.known, GridField):
                return None
            code = FIRST + several.known.options.index(option)
            column = byte(name, several.known.rows.index(row))
            return _where_it_applies(reading, name, several.own.is_one(column, code.__eq__))
        case Call(function="answered", arguments=(Name(id=name),)) if name in reading.answered:
            return _where_it_applies(reading, name, reading.answered[name])
    return None


def _any_of(reading: Reading, name: str, options: Sequence[str]) -> int | None:
    several = reading.several.get(name)
    if several is None or not isinstance(several.known, ChoicesField):
        return None
    return _where_it_applies(reading, name, any_of(several.item, several.known, several.own, frozenset(options)))


def _where_it_applies(reading: Reading, name: str, holds: int) -> int:
    applies = reading.applying.get(name)
    return holds if applies is None else reading.write.small(Code.BOTH, holds, applies)
