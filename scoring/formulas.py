"""Formulas evaluated on what is known: exact, or enclosed; three-valued where missing answers decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import Final

from questionnaires.belonging import SO_MANY
from questionnaires.days import years
from questionnaires.formula.tree import Binary, Call, Expression, Member, Name, Number, Text, Unary
from questionnaires.words import Rounding, RoundingMode
from scoring.enclosure import (
    ANYTHING,
    STEEPEST,
    ZERO,
    Enclosure,
    End,
    exponential,
    greatest,
    is_immense,
    logarithm,
    point,
    root,
    trimmed,
)
from scoring.facts import Reading
from scoring.normal import normal
from scoring.operations import divisor, may_be_zero, may_have_no_value, operated, raised
from scoring.patterns import ONE_OF_IT, OVER, Several, of_any_items, over_lists
from scoring.quantities import (
    ABSENT,
    UNDEFINED,
    Quantity,
    Truth,
    compared,
    counted,
    every,
    gathered_of,
    of_so_many,
    ranked,
    some,
)
from scoring.rounding import Undecided, stated
from scoring.sides import rows_at, still_possible

_POSITIVE: Final = ("ln", "root")
"""Functions that have no value for some numbers."""

ONE: Final = Fraction(1)

_STAIRS: Final = ("floor", "ceil", "round")


def number(expression: Expression, reading: Reading) -> Quantity:
    """The value of a formula that is a number."""
    match expression:
        case Number(value=value):
            return Quantity(point(value))
        case Name(id=identifier):
            return _named(identifier, reading)
        case Unary(operand=operand):
            inner = number(operand, reading)
            return inner if inner.span is None else replace(inner, span=-inner.span)
        case Binary():
            return _operation(expression, reading)
        case Call():
            return _call(expression, reading)
        case _:
            raise TypeError(f"no number: {expression}")


def truth(expression: Expression, reading: Reading) -> Truth:
    """The value of a formula that is a condition. A comparison with something that does not apply is false."""
    match expression:
        case Unary(operator="not", operand=operand):
            inner = truth(operand, reading)
            return None if inner is None else not inner
        case Binary(operator="and", left=left, right=right):
            return every((truth(left, reading), truth(right, reading)))
        case Binary(operator="or", left=left, right=right):
            return some((truth(left, reading), truth(right, reading)))
        case Binary():
            return _comparison(expression, reading)
        case Member(needle=needle, options=options):
            return _picked_one(needle, [option.value for option in options], reading)
        case Name(id=identifier):
            fact = reading.facts[identifier]
            return False if fact.applies is False else fact.truth
        case Call(function="applies", arguments=(Name(id=identifier),)):
            return reading.facts[identifier].applies
        case Call(function="answered", arguments=(Name(id=identifier),)):
            return reading.facts[identifier].answered
        case Call(function="has", arguments=(Name(id=identifier), Text(value=option))):
            several = reading.facts[identifier].picked
            return None if several is None else option in several
        case Call(function="picked", arguments=(Name(id=identifier), Text(value=row), Text(value=option))):
            rows = reading.facts[identifier].rows
            return None if rows is None else rows.get(row) == option
        case Call(function="if", arguments=(condition, yes, no)):
            chosen = truth(condition, reading)
            if chosen is None:
                both = truth(yes, reading), truth(no, reading)
                return both[0] if both[0] == both[1] else None
            return truth(yes if chosen else no, reading)
        case _:
            raise TypeError(f"no condition: {expression}")


def _named(identifier: str, reading: Reading) -> Quantity:
    if identifier in reading.tables:
        return _looked_up(identifier, reading)
    fact = reading.facts[identifier]
    return Quantity(fact.number, fact.known, fact.optional, fact.undefined, fact.may_fail)


def _looked_up(identifier: str, reading: Reading) -> Quantity:
    """The table's number for what was answered; any that is still possible while something is open."""
    table = reading.tables[identifier]
    facts = [reading.facts[side.id] for side in table.sides]
    if any(fact.applies is False for fact in facts):
        return ABSENT

    def holds(condition: Expression) -> Truth:
        return truth(condition, reading)

    found = [rows_at(side, reading, holds) for side in table.sides]
    if any(each.undefined for each in found):
        return UNDEFINED
    if not all(each.known for each in found):
        span = table.span if table.summed else still_possible(table, [each.keys for each in found], reading.bits)
        optional, may_fail = any(fact.optional for fact in facts), any(each.may_fail for each in found)
        return Quantity(span, known=False, optional=optional or may_fail, may_fail=may_fail)
    keys = list(product(*(sorted(each.keys or ()) for each in found)))
    if not table.awaited.isdisjoint(keys):
        return Quantity(ANYTHING, known=False)
    if (square := table.squares.get(keys[0] if keys else ())) is not None:
        return Quantity(root(point(square), 2, reading.bits))
    numbers = [table.values.get(key, table.otherwise) for key in keys]
    if None in numbers:
        return UNDEFINED
    known = [value for value in numbers if value is not None]
    return Quantity(point(prod(known, start=ONE) if table.multiplied else sum(known, Fraction(0))))


def _operation(expression: Binary, reading: Reading) -> Quantity:
    left, right = number(expression.left, reading), number(expression.right, reading)
    if left.span is None or right.span is None:
        absent = any(side.span is None and not side.undefined for side in (left, right))
        return ABSENT if absent else UNDEFINED
    by = divisor(expression, left, right)
    if by is not None and by.span is not None and by.known and may_be_zero(by.span):
        if not reading.last:
            raise Undecided
        return UNDEFINED
    span = operated(expression.operator, left.span, right.span)
    known, optional = left.known and right.known, left.optional or right.optional
    may_fail = left.may_fail or right.may_fail
    if span is not None and is_immense(span):
        span = trimmed(span, reading.bits)
    if span is None or is_immense(span):
        return UNDEFINED if known else Quantity(Enclosure(None, None), known, optional=True, may_fail=True)
    if not known and may_have_no_value(expression, right.span):
        optional = may_fail = True
    return Quantity(span, known, optional, may_fail=may_fail)


def _comparison(expression: Binary, reading: Reading) -> Truth:
    texts = [side.value for side in (expression.left, expression.right) if isinstance(side, Text)]
    if texts:
        needle = expression.right if isinstance(expression.left, Text) else expression.left
        found = _picked_one(needle, texts, reading)
        return found if expression.operator == "=" or found is None else not found and _has_an_option(needle, reading)
    left, right = number(expression.left, reading), number(expression.right, reading)
    if left.span is None or right.span is None:
        return False
    answer = compared(expression.operator, left.span, right.span)
    if answer is None and left.known and right.known:
        if not reading.last:
            raise Undecided
        answer = expression.operator in ("=", "<=", ">=")
    unsure = left.optional or right.optional or left.may_fail or right.may_fail
    return None if answer and unsure else answer


def _has_an_option(needle: Expression, reading: Reading) -> bool:
    return isinstance(needle, Name) and bool(reading.facts[needle.id].picked)


def _picked_one(needle: Expression, options: Sequence[str], reading: Reading) -> Truth:
    if not isinstance(needle, Name):
        raise TypeError(f"no choice: {needle}")
    picked = reading.facts[needle.id].picked
    return None if picked is None else not picked.isdisjoint(options)


def _call(expression: Call, reading: Reading) -> Quantity:
    arguments = expression.arguments
    if over_lists(arguments):
        return _over_items(expression, reading)
    match expression.function:
        case "score" if len(arguments) > 1:
            return _score_of_row(arguments, reading)
        case "score":
            (argument,) = arguments
            assert isinstance(argument, Name)  # noqa: S101 – held by the checker of formulas
            fact = reading.facts[argument.id]
            return Quantity(fact.score, fact.known, fact.optional, fact.undefined, fact.may_fail)
        case "if":
            return _if(arguments, reading)
        case "count":
            return counted([truth(argument, reading) for argument in arguments])
        case "sum" if not arguments:  # over the items of an empty list
            return Quantity(point(Fraction(0)))
        case "min" | "max" | "sum" | "product" | "mean" | "median":
            return gathered_of(expression.function, [number(argument, reading) for argument in arguments])
        case "highest" | "lowest":
            many = number(arguments[0], reading)
            if many.span is None:
                return many
            among = [number(argument, reading) for argument in arguments[1:]]
            return of_so_many(gathered_of(expression.function, among, many.span), many)
        case "rank":
            own, *others = (number(argument, reading) for argument in arguments)
            return ranked(own, others, reading)
        case "power":
            base, exponent = (number(argument, reading) for argument in arguments)
            return raised(base, exponent, reading)
        case "years":
            start, end = (number(argument, reading) for argument in arguments)
            return _years(start, end, reading)
        case _:
            return _of_one(expression.function, number(arguments[0], reading), arguments[1:], reading)


def _of_one(function: str, inner: Quantity, further: Sequence[Expression], reading: Reading) -> Quantity:
    """A function of one number, such as a root."""
    if inner.span is None:
        return inner
    argument = inner.span
    if function in _POSITIVE and inner.known and may_be_zero(argument):
        if not reading.last:
            raise Undecided
        argument = ZERO
    span = _applied(function, argument, further, reading)
    if function in _STAIRS and inner.known and span is not None and span.exact is None:
        if not reading.last:
            raise Undecided
        span = _applied(function, point(_step_at(argument, further)), further, reading)
    if span is None:
        return UNDEFINED if inner.known else Quantity(ANYTHING, known=False, optional=True, may_fail=True)
    may_fail = not inner.known and _may_fail(function, argument)
    return Quantity(span, inner.known, inner.optional or may_fail, may_fail=inner.may_fail or may_fail)


def _score_of_row(arguments: Sequence[Expression], reading: Reading) -> Quantity:
    """What the answer in one row of a grid is worth; the options that have a worth follow the row, each with it."""
    name, row, *told = arguments
    assert isinstance(name, Name)  # noqa: S101 – held by the checker of formulas
    assert isinstance(row, Text)  # noqa: S101
    worths = {
        option.value: worth.value
        for option, worth in zip(told[::2], told[1::2], strict=True)
        if isinstance(option, Text) and isinstance(worth, Number)
    }
    fact = reading.facts[name.id]
    if fact.rows is not None:
        worth = worths.get(fact.rows.get(row.value, ""))
        return ABSENT if worth is None else Quantity(point(worth))
    span = Enclosure(min(worths.values()), max(worths.values()))
    return Quantity(span, known=False, optional=fact.optional or len(worths) < len(told) // 2)


def _may_fail(function: str, span: Enclosure) -> bool:
    """Whether the function has no value for some of the numbers enclosed."""
    if function == "exp":
        return span.high is None or span.high > STEEPEST
    return function in _POSITIVE and (span.low or 0) <= 0


def _applied(function: str, span: Enclosure, further: Sequence[Expression], reading: Reading) -> Enclosure | None:
    match function, further:
        case "abs", ():
            return greatest((span, -span)) if span.exact is not None else _absolute(span)
        case (("floor" | "ceil"), ()):
            return _whole(span, up=function == "ceil")
        case "round", (Number(value=places),):
            return _rounded(span, int(places))
        case "exp", ():
            return exponential(span, reading.bits)
        case "normal", ():
            return normal(span, reading.bits)
        case "ln", ():
            return logarithm(span, reading.bits)
        case "root", (Number(value=degree),):
            return root(span, int(degree), reading.bits)
    raise TypeError(f"no function of a number: {function}")


def _absolute(span: Enclosure) -> Enclosure:
    both = greatest((span, -span))
    if span.low is not None and span.low >= 0:
        return span
    return -span if span.high is not None and span.high <= 0 else both.at_least(Fraction(0)).hull(point(Fraction(0)))


def _decided(span: Enclosure, reading: Reading) -> Enclosure:
    """A step of a stair: both ends have to stand on the same one."""
    if span.exact is None and not reading.last:
        raise Undecided
    return span if span.exact is not None or span.high is None else point(span.high)


def _step_at(span: Enclosure, further: Sequence[Expression]) -> Fraction:
    """Where a stair of whole or rounded numbers has the step that lies within an irrational number's ends."""
    places = next((int(places.value) for places in further if isinstance(places, Number)), 0)
    steps = 2 * 10**places  # a rounding steps half way between the numbers that it gives
    return Fraction(round((span.high or Fraction(0)) * steps), steps)


def _whole(span: Enclosure, *, up: bool) -> Enclosure:
    return span.monotone(lambda value: Fraction(-(-value // 1) if up else value // 1))


def _rounded(span: Enclosure, places: int) -> Enclosure:
    rounding = Rounding(places=places, mode=RoundingMode.HALF_UP)
    return span.monotone(lambda value: Fraction(stated(value, rounding)))


def _if(arguments: Sequence[Expression], reading: Reading) -> Quantity:
    condition, yes, no = arguments
    chosen = truth(condition, reading)
    if chosen is not None:
        return number(yes if chosen else no, reading)
    either = [number(argument, reading) for argument in (yes, no)]
    spans = [item.span for item in either if item.span is not None]
    if not spans:
        return Quantity(None, known=False)
    optional = len(spans) < len(either) or any(item.optional for item in either)
    may_fail = any(item.may_fail or item.undefined for item in either)
    return Quantity(spans[0].hull(spans[-1]), known=False, optional=optional, may_fail=may_fail)


def _over_items(call: Call, reading: Reading) -> Quantity:
    """A function over the items of lists that are not known yet: any number of items, each like the pattern."""
    parts: list[Several] = []
    there: list[Expression] = []
    absent = may_fail = False
    if call.function == "rank":
        return _rank_of_any(call, reading)
    so_many = call.function in SO_MANY
    many = number(call.arguments[0], reading) if so_many else Quantity(ZERO)
    if many.span is None:
        return many
    for argument in call.arguments[so_many:]:
        inner, count = argument, ONE_OF_IT
        if isinstance(argument, Call) and argument.function == OVER:
            inner, count = argument.arguments[1], number(argument.arguments[0], reading).span or ZERO
            if count == ZERO:
                continue
        there.append(argument)
        if call.function == "count":
            holds = truth(inner, reading)
            parts.append(Several(count, Enclosure(Fraction(holds is True), Fraction(holds is not False)), False))
            continue
        found = number(inner, reading)
        may_fail = may_fail or found.may_fail
        if found.span is not None:
            parts.append(Several(count, found.span, found.optional))
        elif found.known and not found.undefined:
            absent = True
        elif found.known and inner is argument:
            return UNDEFINED
        else:
            parts.append(Several(count, ANYTHING, True))
    first = call.arguments[:so_many]
    if not over_lists(there):
        return _call(Call(call.function, (*first, *there), call.at), reading)
    if not parts:  # whatever items come, nothing of them is there; the sum over no items at all is 0
        return Quantity(ZERO, known=False, optional=True) if call.function == "sum" else ABSENT
    span, optional = of_any_items(call.function, parts, many.span, absent=absent)
    return of_so_many(Quantity(span, known=False, optional=optional, may_fail=may_fail), many)


def _rank_of_any(call: Call, reading: Reading) -> Quantity:
    """The rank of any item among the items of its list, which are not known yet."""
    own = number(call.arguments[0], reading)
    if own.span is None:
        return own
    marked = call.arguments[1]
    assert isinstance(marked, Call)  # noqa: S101 – made by scoring.patterns
    items = number(marked.arguments[0], reading).span or ZERO
    others = None if items.high is None else max(items.high - 1, Fraction(0))
    most = others if compared(">", own.span, own.span) is not False else Fraction(0)
    return Quantity(Enclosure(ONE, None if most is None else ONE + most), False, own.optional, may_fail=own.may_fail)


def _years(start: Quantity, end: Quantity, reading: Reading) -> Quantity:
    """Completed calendar years; they never fall as the end grows and never rise as the start grows."""
    if start.span is None or end.span is None:
        return UNDEFINED if start.undefined or end.undefined else ABSENT
    span = Enclosure(_years_between(start.span.high, end.span.low), _years_between(start.span.low, end.span.high))
    known = start.known and end.known
    optional, may_fail = start.optional or end.optional, start.may_fail or end.may_fail
    return Quantity(_decided(span, reading) if known else span, known, optional, may_fail=may_fail)


def _years_between(start: End, end: End) -> End:
    """A moment within a day counts as that day."""
    return None if start is None or end is None else Fraction(years(start // 1, end // 1))
