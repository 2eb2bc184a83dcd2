"""Calls of functions: which arguments each takes, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import Final

from questionnaires import units
from questionnaires.belonging import around
from questionnaires.days import UNIT, iso_day, number_of
from questionnaires.formula.checks import Checks, Quantity
from questionnaires.formula.functions import MOST_PLACES, ROOTS
from questionnaires.formula.parsing import LARGEST_EXPONENT
from questionnaires.formula.problems import short
from questionnaires.formula.scope import Entry, Kind, Scope
from questionnaires.formula.tree import Binary, Call, Day, Expression, Name, Number, Text, names
from questionnaires.questions import MOST_ASKED
from questionnaires.units import PLAIN


def truth_call(checking: Checks, call: Call) -> Expression:
    """A function that gives a truth: ``applies``, ``answered``, ``has``, ``picked``."""
    entry = checking.named(call)
    for option in call.arguments[1:]:
        if not isinstance(option, Text):
            checking.mistaken("formula-option-expected", option.at)
            return call
    name = call.arguments[0]
    if entry is None or not isinstance(name, Name):
        return call
    match call.function, call.arguments[1:]:
        case "has", (Text() as option,):
            if entry.kind is Kind.CHOICES:
                checking.known_option(name.id, entry, option)
            else:
                checking.mistaken("formula-has-of-other", name.at, id=name.id)
        case "picked", (Text() as row, Text() as option):
            _picked(checking, name, entry, row, option)
    return call


def _picked(checking: Checks, name: Name, entry: Entry, row: Text, option: Text) -> None:
    """The row and the option of ``picked(grid, 'row', 'option')``."""
    if entry.kind is not Kind.GRID:
        checking.mistaken("formula-picked-of-other", name.at, id=name.id)
        return
    _known_row(checking, name, entry, row)
    checking.known_option(name.id, entry, option)


def _known_row(checking: Checks, name: Name, entry: Entry, row: Text) -> None:
    if row.value not in entry.rows:
        known = ", ".join(f"'{one}'" for one in checking.near(row.value, entry.rows) or entry.rows[:12])
        checking.mistaken("formula-unknown-row", row.at, found=short(row.value), id=name.id, known=known)


def number_call(checking: Checks, call: Call) -> Quantity:
    """A function that gives a number, lowered, with its unit."""
    return _SPECIAL.get(call.function, _alike)(checking, call)


def _with(call: Call, arguments: Sequence[Expression]) -> Call:
    return Call(call.function, tuple(arguments), call.at)


def _alike(checking: Checks, call: Call) -> Quantity:
    """A function whose arguments and result have the same unit."""
    quantities = [checking.number(argument) for argument in call.arguments]
    return _with(call, [lowered for lowered, _ in quantities]), checking.same(quantities, call.at)


def _score(checking: Checks, call: Call) -> Quantity:
    if len(call.arguments) > 1:
        return _score_of_row(checking, call)
    entry, name = checking.named(call), call.arguments[0]
    if entry is None or not isinstance(name, Name):
        return call, None
    if entry.kind in {Kind.DATE, Kind.ITEMS}:
        code = "formula-score-of-date" if entry.kind is Kind.DATE else "formula-score-of-list"
        checking.mistaken(code, name.at, id=name.id)
        return call, None
    return call, PLAIN if entry.curve else checking.name_unit(name)


def _score_of_row(checking: Checks, call: Call) -> Quantity:
    """``score(grid, 'row')``: lowered, each option follows with what it is worth there, or '' if it denies the row."""
    entry, (name, row) = checking.named(call), call.arguments
    if entry is None or not isinstance(name, Name):
        return call, PLAIN
    if entry.kind is not Kind.GRID:
        checking.mistaken("formula-row-of-other", name.at, id=name.id)
    elif not isinstance(row, Text):
        checking.mistaken("formula-option-expected", row.at)
    elif not entry.valued:
        checking.mistaken("formula-no-value", name.at, id=name.id)
    else:
        _known_row(checking, name, entry, row)
    told: list[Expression] = [name, row]
    for option, worth in zip(entry.options, entry.worths, strict=False):
        told += [Text(option, row.at), Text("", row.at) if worth is None else Number(worth, row.at)]
    return _with(call, told), PLAIN


def _count(checking: Checks, call: Call) -> Quantity:
    return _with(call, [checking.truth(argument) for argument in call.arguments]), PLAIN


def _if(checking: Checks, call: Call) -> Quantity:
    condition = checking.truth(call.arguments[0])
    branches = [checking.number(argument) for argument in call.arguments[1:]]
    return _with(call, [condition, *(lowered for lowered, _ in branches)]), checking.same(branches, call.at)


def _plain(checking: Checks, call: Call) -> Quantity:
    """``ln(x)``, ``exp(x)`` and ``normal(x)``: a plain number in, a plain number out."""
    lowered, unit = checking.number(call.arguments[0])
    if unit is not None and unit != PLAIN:
        checking.mistaken("formula-needs-plain", call.at, function=call.function, found=unit.text)
    return _with(call, [lowered]), PLAIN


def _power(checking: Checks, call: Call) -> Quantity:
    """``power(x, y)``: plain numbers, as another exponent would make another unit; written out it is ``x ^ 2``."""
    base, exponent = call.arguments
    if isinstance(exponent, Number) and exponent.value.denominator == 1 and exponent.value <= LARGEST_EXPONENT:
        return checking.number(Binary("^", base, exponent, call.at))
    quantities = [checking.number(argument) for argument in call.arguments]
    for argument, (_, unit) in zip(call.arguments, quantities, strict=True):
        if unit is not None and unit != PLAIN:
            checking.mistaken("formula-needs-plain", argument.at, function=call.function, found=unit.text)
    return _with(call, [lowered for lowered, _ in quantities]), PLAIN


def _convert(checking: Checks, call: Call) -> Quantity:
    lowered, source = checking.number(call.arguments[0])
    named = call.arguments[1]
    if not isinstance(named, Text):
        checking.mistaken("formula-unit-expected", named.at)
        return lowered, None
    try:
        target = units.unit(named.value)
        factor = units.factor(source or target, target)
    except units.UnitMistaken as mistake:
        checking.mistaken(mistake.code, named.at, **mistake.details)
        return lowered, None
    return (lowered if factor == 1 else Binary("*", lowered, Number(factor, call.at), call.at)), target


def _with_literal(checking: Checks, call: Call) -> Quantity:
    """``round(x, places)`` and ``root(x, n)``."""
    lowered, unit = checking.number(call.arguments[0])
    literal = call.arguments[1]
    fitting = range(MOST_PLACES + 1) if call.function == "round" else ROOTS
    result = _with(call, [lowered, literal])
    if not _is_literal(checking, call, literal, fitting):
        return result, None
    if call.function == "round" or unit is None or not isinstance(literal, Number):
        return result, unit
    root = units.root(unit, int(literal.value))
    if root is None:
        checking.mistaken("formula-root-unit", call.at, degree=int(literal.value), found=unit.text)
    return result, root


def _is_literal(checking: Checks, call: Call, literal: Expression, fitting: range) -> bool:
    fits = isinstance(literal, Number) and literal.value in fitting
    if not fits:
        limits = {"least": fitting[0], "most": fitting[-1]}
        checking.mistaken("formula-literal-expected", literal.at, function=call.function, **limits)
    return fits


def _some(checking: Checks, call: Call) -> Quantity:
    """``highest(n, a, b, …)`` and ``lowest(n, a, b, …)``: n counts among the numbers that follow."""
    many, *among = call.arguments
    count: Expression = many
    if not isinstance(many, Number):
        count = _counting(checking, call, many)
    elif many.value not in range(1, (most := _most(checking, among)) + 1):
        checking.mistaken("formula-so-many", many.at, function=call.function, most=most)
    quantities = [checking.number(argument) for argument in among]
    return _with(call, [count, *(lowered for lowered, _ in quantities)]), checking.same(quantities, call.at)


def _counting(checking: Checks, call: Call, many: Expression) -> Expression:
    """How many numbers, as a formula: a plain number that is whole whatever the answers."""
    before = len(checking.problems)
    lowered, unit = checking.number(many)
    if unit is not None and unit != PLAIN:
        checking.mistaken("formula-needs-plain", many.at, function=call.function, found=unit.text)
    elif len(checking.problems) == before and not checking.scope.gives_whole(many):
        checking.mistaken("formula-not-whole", many.at, function=call.function)
    return lowered


def _rows(checking: Checks, call: Call) -> Quantity:
    """``rows(grid, 'option', …)``: how many rows have one of the options, lowered to a count of them."""
    entry, name = checking.named(call), call.arguments[0]
    before = len(checking.problems)
    options = [option for option in call.arguments[1:] if isinstance(option, Text)]
    for option in call.arguments[1:]:
        if not isinstance(option, Text):
            checking.mistaken("formula-option-expected", option.at)
    if entry is None or not isinstance(name, Name):
        return call, None
    if entry.kind is not Kind.GRID:
        checking.mistaken("formula-rows-of-other", name.at, id=name.id)
        return call, None
    for option in options:
        checking.known_option(name.id, entry, option)
    if len({option.value for option in options}) < len(options):
        checking.mistaken("formula-rows-twice", call.at)
    if len(checking.problems) > before:
        return call, None
    picks = [Call("picked", (name, Text(row, name.at), option), call.at) for row in entry.rows for option in options]
    return Call("count", tuple(picks), call.at), PLAIN


def _product(checking: Checks, call: Call) -> Quantity:
    """``product(a, b, …)``: plain numbers, as how many of them apply would tell the unit of what comes out."""
    quantities = [checking.number(argument) for argument in call.arguments]
    for argument, (_, unit) in zip(call.arguments, quantities, strict=True):
        if unit is not None and unit != PLAIN:
            checking.mistaken("formula-product-of-unit", argument.at, found=unit.text)
    return _with(call, [lowered for lowered, _ in quantities]), PLAIN


def _rank(checking: Checks, call: Call) -> Quantity:
    """``rank(x, a, b, …)``: the place of x among numbers of its unit; alone, it is that of an item in its list."""
    scope = checking.scope
    if len(call.arguments) == 1 and not scope.unrolled and scope.lists.keys().isdisjoint(names(call)):
        checking.mistaken("formula-rank-alone", call.at)
    quantities = [checking.number(argument) for argument in call.arguments]
    checking.same(quantities, call.at)
    return _with(call, [lowered for lowered, _ in quantities]), PLAIN


def _most(checking: Checks, among: Sequence[Expression]) -> int:
    """How many numbers there may be: an argument that goes over items stands for as many as its list can have."""
    scope = checking.scope
    if scope.unrolled:
        return MOST_ASKED + len(among)
    over = [{scope.lists[name] for name in names(argument) if name in scope.lists} for argument in among]
    return sum(max((_most_of(scope, of) for of in lists), default=1) for lists in over)


def _most_of(scope: Scope, of: str) -> int:
    """How many items a list can have in all: as many for every item of the list that it is asked of."""
    return prod(scope.most.get(each, 1) for each in around(of, scope.lists))


def _date(checking: Checks, call: Call) -> Quantity:
    """``date('2028-01-01')``, lowered to its day number."""
    written = call.arguments[0]
    day = iso_day(written.value) if isinstance(written, Text) else None
    if day is None:
        found = short(written.value) if isinstance(written, Text) else ""
        checking.mistaken("formula-date-expected", written.at, found=found)
        return call, units.unit(UNIT)
    return Day(Fraction(number_of(day)), call.at), units.unit(UNIT)


def _years(checking: Checks, call: Call) -> Quantity:
    """``years(a, b)``: two dates in, a plain number out."""
    quantities = [checking.number(argument) for argument in call.arguments]
    for argument, (_, unit) in zip(call.arguments, quantities, strict=True):
        if unit is not None and not units.same(unit, units.unit(UNIT)):
            checking.mistaken("formula-years-of-other", argument.at, found=unit.text)
    return _with(call, [lowered for lowered, _ in quantities]), PLAIN


_SPECIAL: Final[Mapping[str, Callable[[Checks, Call], Quantity]]] = {
    "convert": _convert,
    "score": _score,
    "count": _count,
    "if": _if,
    "ln": _plain,
    "exp": _plain,
    "normal": _plain,
    "root": _with_literal,
    "round": _with_literal,
    "highest": _some,
    "lowest": _some,
    "power": _power,
    "rows": _rows,
    "product": _product,
    "rank": _rank,
    "date": _date,
    "years": _years,
}
"""Functions whose arguments or result are not all numbers of one unit."""
