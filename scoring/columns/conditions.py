"""Conditions column by column: three-valued, and a fourth value where only the whole assessment can tell.

``and``, ``or``, ``not`` and the comparison of a node with a number are done on whole columns. Whatever else a
condition says is asked of the exact engine, once for each distinct combination of what it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Final, Protocol

import numpy as np

from questionnaires.formula.tree import Binary, Expression, Name, Number, Unary, names
from scoring import asked, formulas
from scoring.aggregate import FIRST_BITS
from scoring.columns.distinct import combinations, joint
from scoring.columns.ledger import (
    INAPPLICABLE,
    INSUFFICIENT,
    MOST,
    SCORED,
    Coded,
    Column,
    Entry,
    Scaled,
    Small,
    coded,
    is_measured,
)
from scoring.facts import Fact, Reading
from scoring.plan import Plan
from scoring.rounding import Undecided

NO: Final = 0
PERHAPS: Final = 1
"""Missing answers decide."""

YES: Final = 2
UNTOLD: Final = 3
"""Only the whole assessment can tell."""

_TRUTHS: Final = {False: NO, None: PERHAPS, True: YES}
_OPPOSITE: Final = np.array([YES, PERHAPS, NO, UNTOLD], np.uint8)
_REMEMBERED: Final = 1 << 12
"""Combinations up to which a condition is worked out beforehand."""

_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def inputs_of(plan: Plan, expressions: Sequence[Expression | None]) -> tuple[str, ...]:
    """Questions and nodes that formulas rest on, each once; a table stands for what it depends on."""
    found: dict[str, None] = {}
    for expression in expressions:
        for name in sorted(names(expression)) if expression is not None else ():
            table = plan.tables.get(name)
            if table is not None or name not in plan.constants:
                found |= dict.fromkeys((name,) if table is None else table.by)
    return tuple(found)


class Reckoning(Protocol):
    """Reads conditions on columns of measured numbers (:mod:`scoring.columns.reckoning`)."""

    def truth(self, expression: Expression) -> Small:
        """A condition for each assessment."""


class Reader:
    """Reads conditions of one plan; remembers what they say of outcomes that last."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.reckoning: Callable[[Mapping[str, Column], int], Reckoning]
        """Makes who reads conditions on measured numbers; set by :class:`scoring.columns.program.Program`."""

        self._known: dict[tuple[int, ...], Small] = {}

    def truths(self, expression: Expression, columns: Mapping[str, Column], count: int) -> Small:
        """The condition for each of ``count`` assessments."""
        match expression:
            case Unary(operator="not", operand=operand):
                return turned(self.truths(operand, columns, count))
            case Binary(operator="and" | "or" as operator, left=left, right=right):
                return _both(operator, self.truths(left, columns, count), self.truths(right, columns, count))
            case Binary(operator=operator, left=Name(id=name), right=Number(value=value)) if operator in _TURNED:
                found = _compared(operator, columns.get(name), value)
            case Binary(operator=operator, left=Number(value=value), right=Name(id=name)) if operator in _TURNED:
                found = _compared(_TURNED[operator], columns.get(name), value)
            case _:
                found = None
        return self._asked(expression, columns, count) if found is None else found

    def _asked(self, expression: Expression, columns: Mapping[str, Column], count: int) -> Small:
        """By the exact engine, once for each combination; of outcomes that last, once for ever."""
        wanted = inputs_of(self.plan, [expression])
        if any(is_measured(columns[name]) for name in wanted):
            return self.reckoning(columns, count).truth(expression)
        named = [coded(columns[name]) for name in wanted]
        several = [(each.ids, len(each.ledger)) for each in named]
        size = prod(own for _, own in several)
        if size > _REMEMBERED or not all(each.ledger.lasting for each in named):
            rows, inverse = combinations(several, count)
            return self._of_rows(expression, wanted, named, rows).take(inverse)
        known = self._known.get(key := (id(expression), *(id(each.ledger) for each in named)))
        if known is None:
            rows = list(product(*(range(own) for _, own in several)))
            known = self._known[key] = self._of_rows(expression, wanted, named, rows)
        return known.take(joint(several, count)[0])

    def _of_rows(
        self, expression: Expression, wanted: Sequence[str], named: Sequence[Coded], rows: Sequence[tuple[int, ...]]
    ) -> Small:
        found = [
            _truth(
                self.plan,
                expression,
                {name: each.ledger.entries[place] for name, each, place in zip(wanted, named, row, strict=True)},
            )
            for row in rows
        ]
        return np.array(found, np.uint8)


def turned(truths: Small) -> Small:
    """The opposite of each."""
    return _OPPOSITE.take(truths)


def _both(operator: str, left: Small, right: Small) -> Small:
    least, greatest = np.minimum(left, right), np.maximum(left, right)
    if int(greatest.max(initial=0)) < UNTOLD:
        return least if operator == "and" else greatest
    untold = greatest == UNTOLD
    if operator == "and":
        return np.where(untold & (least != NO), greatest, least)
    return np.where(untold, np.where(least == YES, least, greatest), greatest)


def _compared(operator: str, column: Column | None, limit: Fraction) -> Small | None:
    """A calculated node compared with a number; what does not apply or has no value makes a comparison false."""
    if not isinstance(column, Scaled) or column.raw is not None:
        return None
    against = limit.numerator * column.denominator
    greatest = int(np.abs(column.numerator).max(initial=0))
    if greatest * limit.denominator >= MOST or abs(against) >= MOST:
        return None
    value = column.numerator * limit.denominator
    match operator:
        case "<":
            holds = value < against
        case "<=":
            holds = value <= against
        case ">":
            holds = value > against
        case ">=":
            holds = value >= against
        case "=":
            holds = value == against
        case _:
            holds = value != against
    found: Small = holds.view(np.uint8) * np.uint8(YES)
    if not column.state.any():
        return found
    found[(column.state == INAPPLICABLE) | (column.state == INSUFFICIENT)] = NO
    found[~np.isin(column.state, (SCORED, INAPPLICABLE, INSUFFICIENT))] = UNTOLD
    return found


def _truth(plan: Plan, expression: Expression, entries: Mapping[str, Entry]) -> int:
    known = facts(plan, entries)
    return UNTOLD if known is None else truth_of(plan, expression, known)


def truth_of(plan: Plan, expression: Expression, known: Mapping[str, Fact]) -> int:
    """What a condition says of these facts."""
    try:
        return _TRUTHS[formulas.truth(expression, Reading(known, plan.tables, FIRST_BITS, last=False))]
    except Undecided:
        return UNTOLD


def facts(plan: Plan, entries: Mapping[str, Entry]) -> dict[str, Fact] | None:
    """What formulas can learn of these outcomes; None: of some, nothing can be told here."""
    found = asked.constants(plan.constants)
    for name, entry in entries.items():
        if entry.now is None:
            return None
        found[name] = entry.now
    return found
