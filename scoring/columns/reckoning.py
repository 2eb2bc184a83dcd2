"""Formulas and conditions over columns of measured numbers, by intervals.

What formulas do with things that do not apply or have no value is the exact engine's business
(:mod:`scoring.formulas`); here the same is done for whole columns. Words that are not done here give None, and an
assessment of which an interval cannot decide something is left to the exact engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Final

import numpy as np

from questionnaires.formula.tree import Binary, Call, Expression, Name, Number, Unary
from scoring import formulas
from scoring.aggregate import FIRST_BITS
from scoring.columns.conditions import NO, PERHAPS, UNTOLD, YES, Reader, facts, inputs_of
from scoring.columns.distinct import combinations
from scoring.columns.intervals import Flags, Interval, constant, ends, quotient_of
from scoring.columns.ledger import (
    INAPPLICABLE,
    INSUFFICIENT,
    SCORED,
    Coded,
    Column,
    Entry,
    Ledger,
    Scaled,
    Small,
    Whole,
    coded,
    is_measured,
)
from scoring.facts import Reading
from scoring.plan import Plan
from scoring.rounding import Undecided

THERE: Final = 0
NONE: Final = 1
"""There is no number, because something does not apply."""

UNDEFINED: Final = 2
UNSURE: Final = 3
"""Only the whole assessment can tell."""

MOST_FACTORS: Final = 32
"""Of a product: with more of them it may have so many digits that the exact engine states none."""

_COMPARISONS: Final = ("<", "<=", "=", "!=", ">=", ">")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number for each assessment, or why there is none."""

    value: Interval
    status: Small


class Reckoner:
    """Reckons with the columns of one block."""

    def __init__(self, reader: Reader, columns: Mapping[str, Column], count: int) -> None:
        self.plan: Plan = reader.plan
        self.reader = reader
        self.columns = columns
        self.count = count

    def number(self, expression: Expression) -> Quantity | None:
        """The value of a formula; None: it has words that are not done here."""
        match expression:
            case Number(value=value):
                return self._constant(value)
            case Name(id=identifier):
                return self._named(identifier)
            case Unary(operator="-", operand=operand):
                inner = self.number(operand)
                return None if inner is None else Quantity(-inner.value, inner.status)
            case Binary():
                return self._operation(expression)
            case Call():
                return self._call(expression)
            case _:
                return self._each(expression)

    def truth(self, expression: Expression) -> Small:
        """A condition for each assessment."""
        match expression:
            case Binary(operator=operator, left=left, right=right) if operator in _COMPARISONS:
                sides = self.number(left), self.number(right)
                if sides[0] is None or sides[1] is None:
                    return self._untold()
                return _compared(operator, sides[0], sides[1])
            case Call(function="applies", arguments=(Name(id=identifier),)):
                state = _states(self.columns[identifier])
                found = np.where(state == INAPPLICABLE, np.uint8(NO), np.uint8(YES))
                return np.where(np.isin(state, (SCORED, INAPPLICABLE, INSUFFICIENT)), found, np.uint8(UNTOLD))
            case _:
                return self._untold()

    def _untold(self) -> Small:
        return np.full(self.count, UNTOLD, np.uint8)

    def _constant(self, value: Fraction) -> Quantity:
        return Quantity(constant(value), np.full(self.count, THERE, np.uint8))

    def _named(self, identifier: str) -> Quantity | None:
        if (value := self.plan.constants.get(identifier)) is not None:
            return self._constant(value)
        if identifier in self.columns:
            return quantity(self.columns[identifier], of="number")
        return self._each(Name(identifier, 0))

    def _each(self, expression: Expression) -> Quantity | None:
        """By the exact engine, once for each distinct combination of what is named; None: something is measured."""
        rows = self._rows([expression])
        if rows is None:
            return None
        entries, inverse = rows
        found = [self._one(expression, each) for each in entries]
        lows, highs, statuses = (np.array(each)[inverse] for each in zip(*found, strict=True))
        return Quantity(Interval(lows, highs), statuses.astype(np.uint8))

    def same(self, one: Expression, other: Expression) -> Flags:
        """Where two formulas are known to give the same number exactly."""
        rows = self._rows([one, other])
        if rows is None:
            return np.full(self.count, one == other)
        entries, inverse = rows
        return np.array([self._equal(one, other, each) for each in entries])[inverse]

    def _equal(self, one: Expression, other: Expression, entries: Mapping[str, Entry]) -> bool:
        known = facts(self.plan, entries)
        if known is None:
            return False
        reading = Reading(known, self.plan.tables, FIRST_BITS, last=False)
        try:
            spans = [formulas.number(each, reading).span for each in (one, other)]
        except Undecided:
            return False
        return all(span is not None and span.exact is not None for span in spans) and spans[0] == spans[1]

    def _rows(self, expressions: Sequence[Expression]) -> tuple[list[dict[str, Entry]], Whole] | None:
        """The distinct combinations of what formulas name; None: something among it is measured."""
        wanted = inputs_of(self.plan, expressions)
        named = [self.columns[name] for name in wanted]
        below = [coded(column) for column in named if not is_measured(column)]
        if len(below) < len(named):
            return None
        rows, inverse = combinations([(each.ids, len(each.ledger)) for each in below], self.count)
        entries = [{n: c.ledger.entries[p] for n, c, p in zip(wanted, below, row, strict=True)} for row in rows]
        return entries, inverse

    def _one(self, expression: Expression, entries: Mapping[str, Entry]) -> tuple[float, float, int]:
        known = facts(self.plan, entries)
        if known is None:
            return 0.0, 0.0, UNSURE
        try:
            found = formulas.number(expression, Reading(known, self.plan.tables, FIRST_BITS, last=False))
        except Undecided:
            return 0.0, 0.0, UNSURE
        if not found.known or found.optional:
            return 0.0, 0.0, UNSURE
        if found.span is None:
            return 0.0, 0.0, UNDEFINED if found.undefined else NONE
        return *ends(found.span.low, found.span.high), THERE

    def _operation(self, expression: Binary) -> Quantity | None:
        left, right = self.number(expression.left), self.number(expression.right)
        if left is None or right is None:
            return None
        status = _joined(left.status, right.status)
        match expression.operator:
            case "+":
                return Quantity(left.value + right.value, status)
            case "-":
                return Quantity(left.value - right.value, status)
            case "*":
                return Quantity(left.value * right.value, status)
            case "/":
                zero = (right.value.low == 0) & (right.value.high == 0)
                may_be = ~((right.value.low > 0) | (right.value.high < 0)) & ~zero
                status = np.where((status == THERE) & zero, np.uint8(UNDEFINED), status)
                status = np.where((status == THERE) & may_be, np.uint8(UNSURE), status)
                safe = right.value.where(~(zero | may_be), constant(Fraction(1)))
                return Quantity(left.value / safe, status)
            case _:
                return self._each(expression)

    def _call(self, expression: Call) -> Quantity | None:
        match expression.function, expression.arguments:
            case "score", (Name(id=identifier),):
                return quantity(self.columns[identifier], of="score")
            case "if", (condition, yes, no):
                return self._if(condition, yes, no)
            case "count", conditions:
                return self._count(conditions)
            case ("min" | "max" | "sum" | "mean") as function, arguments:
                items = [self.number(argument) for argument in arguments]
                known = [item for item in items if item is not None]
                return _gathered(function, known, self.count) if len(known) == len(items) else None
            case "product", arguments if 0 < len(arguments) <= MOST_FACTORS:
                items = [self.number(argument) for argument in arguments]
                known = [item for item in items if item is not None]
                return _multiplied(known, self.count) if len(known) == len(items) else None
            case "rank", arguments:
                own, *others = (self.number(argument) for argument in arguments)
                there = [item for item in others if item is not None]
                return None if own is None or len(there) < len(others) else _ranked(own, there)
            case "abs", (argument,):
                inner = self.number(argument)
                if inner is None:
                    return None
                size = inner.value.greatest(-inner.value)
                across = (inner.value.low < 0) & (inner.value.high > 0)
                return Quantity(Interval(np.where(across, 0.0, size.low), size.high), inner.status)
            case _:
                return self._each(expression)

    def _if(self, condition: Expression, yes: Expression, no: Expression) -> Quantity | None:
        chosen = self.reader.truths(condition, self.columns, self.count)
        first, second = self.number(yes), self.number(no)
        if first is None or second is None:
            return None
        status = np.where(chosen == YES, first.status, second.status)
        status = np.where((chosen == PERHAPS) | (chosen == UNTOLD), np.uint8(UNSURE), status)
        return Quantity(first.value.where(chosen == YES, second.value), status)

    def _count(self, conditions: Sequence[Expression]) -> Quantity:
        truths = [self.reader.truths(condition, self.columns, self.count) for condition in conditions]
        total = reduce(np.add, [(truth == YES).astype(np.float64) for truth in truths])
        unsure = reduce(np.logical_or, [(truth == PERHAPS) | (truth == UNTOLD) for truth in truths])
        return Quantity(Interval(total, total), np.where(unsure, np.uint8(UNSURE), np.uint8(THERE)))


def quantity(column: Column, *, of: str) -> Quantity:
    """What a column is as a number, or (``score``) what it is worth."""
    if isinstance(column, Coded):
        lows, highs, statuses = _looked_up(column.ledger, of)
        return Quantity(Interval(lows.take(column.ids), highs.take(column.ids)), statuses.take(column.ids))
    if isinstance(column, Scaled):
        if of == "number" and column.raw is not None:
            return Quantity(column.raw, _status(column.state))
        return Quantity(quotient_of(column.numerator, column.denominator), _status(column.state))
    status = _status(column.state)
    if of == "number" and column.unrated is not None:
        status = np.where(column.unrated, np.uint8(UNSURE), status)
    return Quantity(column.number if of == "number" else column.score, status)


def _looked_up(ledger: Ledger, of: str) -> tuple[np.ndarray, np.ndarray, Small]:
    if of not in ledger.spans:
        lows, highs, statuses = [], [], []
        for entry in ledger.entries:
            fact = entry.now
            span = None if fact is None else (fact.number if of == "number" else fact.score)
            status = THERE
            if fact is None or not fact.known or fact.optional or (span is not None and fact.undefined):
                status = UNSURE
            elif span is None:
                status = UNDEFINED if fact.undefined else NONE
            low, high = (0.0, 0.0) if span is None else ends(span.low, span.high)
            lows.append(low)
            highs.append(high)
            statuses.append(status)
        ledger.spans[of] = np.array(lows), np.array(highs), np.array(statuses, np.uint8)
    return ledger.spans[of]


def _states(column: Column) -> Small:
    return column.ledger.arrays.state.take(column.ids) if isinstance(column, Coded) else column.state


def _status(state: Small) -> Small:
    found = np.full(len(state), UNSURE, np.uint8)
    found[state == SCORED] = THERE
    found[state == INAPPLICABLE] = NONE
    found[state == INSUFFICIENT] = UNDEFINED
    return found


def _joined(left: Small, right: Small) -> Small:
    """Of two that are both needed: what does not apply leaves nothing, what has no value leaves none."""
    status = np.where((left == NONE) | (right == NONE), np.uint8(NONE), np.maximum(left, right))
    return np.where((left == UNSURE) | (right == UNSURE), np.uint8(UNSURE), status)


def _gathered(function: str, items: Sequence[Quantity], count: int) -> Quantity:
    """Minimum, maximum, sum and mean over what applies."""
    undefined = reduce(np.logical_or, [item.status == UNDEFINED for item in items])
    unsure = reduce(np.logical_or, [item.status == UNSURE for item in items])
    nobody = reduce(np.logical_and, [item.status == NONE for item in items])
    nothing = {"min": np.inf, "max": -np.inf}.get(function, 0.0)
    blank = Interval(np.full(count, nothing), np.full(count, nothing))
    kept = [item.value.where(item.status == THERE, blank) for item in items]
    if function in ("min", "max"):
        found = reduce(Interval.least if function == "min" else Interval.greatest, kept)
    else:
        found = reduce(Interval.__add__, kept)
    if function == "mean":
        number = reduce(np.add, [(item.status == THERE).astype(np.float64) for item in items])
        number = np.maximum(number, 1.0)
        found = found / Interval(number, number)
    status = np.where(nobody, np.uint8(NONE), np.uint8(THERE))
    status = np.where(undefined, np.uint8(UNDEFINED), status)
    return Quantity(found, np.where(unsure, np.uint8(UNSURE), status))


def _multiplied(items: Sequence[Quantity], count: int) -> Quantity:
    """The product of what applies."""
    status = _gathered("sum", items, count).status
    one = Interval(np.ones(count), np.ones(count))
    return Quantity(reduce(Interval.__mul__, [item.value.where(item.status == THERE, one) for item in items]), status)


def _ranked(own: Quantity, others: Sequence[Quantity]) -> Quantity:
    """One more than there are greater ones among the others."""
    rank = np.ones(len(own.status))
    unsure = own.status == UNSURE
    undefined = own.status == UNDEFINED
    for item in others:
        greater = _compared(">", item, own)
        rank = rank + (greater == YES)
        unsure = unsure | (greater == UNTOLD)
        undefined = undefined | (item.status == UNDEFINED)
    status = np.where(undefined, np.uint8(UNDEFINED), np.uint8(THERE))
    status = np.where(own.status == NONE, np.uint8(NONE), status)
    return Quantity(Interval(rank, rank), np.where(unsure, np.uint8(UNSURE), status))


def _compared(operator: str, left: Quantity, right: Quantity) -> Small:
    """A comparison with what does not apply, or has no value, is false."""
    a, b = left.value, right.value
    match operator:
        case "<":
            yes, no = a.high < b.low, a.low >= b.high
        case "<=":
            yes, no = a.high <= b.low, a.low > b.high
        case ">":
            yes, no = a.low > b.high, a.high <= b.low
        case ">=":
            yes, no = a.low >= b.high, a.high < b.low
        case _:
            same = (a.low == a.high) & (b.low == b.high) & (a.low == b.low)
            apart = (a.high < b.low) | (a.low > b.high)
            yes, no = (same, apart) if operator == "=" else (apart, same)
    found = np.where(yes, np.uint8(YES), np.where(no, np.uint8(NO), np.uint8(UNTOLD)))
    unsure = (left.status == UNSURE) | (right.status == UNSURE)
    absent = (left.status != THERE) | (right.status != THERE)
    return np.where(unsure, np.uint8(UNTOLD), np.where(absent, np.uint8(NO), found))
