"""Arithmetic written down for people: numbers, and formulas with the numbers put in for the names.

Signs are those of a blackboard: ``×``, ``/``, ``+``, ``-``, ``^`` and parentheses. A number is a decimal where that is
short and exact, else a fraction; of an irrational number the digits are cut off by an ellipsis. What does not apply is
``–``, what is not known yet ``?``. A day of the calendar is written as such and counts as its day number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product
from typing import Final, TypeVar

from questionnaires.days import day_of
from questionnaires.formula.tree import Binary, Call, Day, Expression, Member, Name, Number, Standing, Text, Unary, walk
from questionnaires.formula.writing import written
from scoring.answers import decimal_text
from scoring.enclosure import Enclosure
from scoring.facts import Reading
from scoring.formulas import number, truth
from scoring.patterns import over_lists, unmarked
from scoring.rounding import written as recorded
from scoring.sides import rows_at

ABSENT: Final = "–"
OPEN: Final = "?"
PLACES: Final = 10
"""Decimal places up to which a number is written as a decimal, and digits of an irrational one."""

MOST_OTHERS: Final = 12
"""Numbers that are told, of all those among which a place is counted."""

T = TypeVar("T")

_SUM, _PRODUCT, _POWER, _SIMPLE = 1, 2, 3, 4
_TIGHT: Final = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "^": _POWER}
_SIGNS: Final = {"*": "×", "<=": "≤", ">=": "≥", "!=": "≠"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as it was found."""

    formula: str
    """In the definition's own words, with units converted by plain factors."""

    inserted: str
    """The same with the numbers put in."""

    holds: bool | None
    """None: missing answers decide."""

    parts: tuple[Condition, ...] = ()
    """What has to hold together, where it is more than one thing."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A number that was looked up in a table."""

    table: str
    by: tuple[str, ...]
    """The questions and nodes that tell the row."""

    working: str
    """The numbers of all rows that were picked, added up."""

    value: str


def figure(value: Fraction) -> str:
    """An exact number: a decimal where that is short, else ``n/d``."""
    text = decimal_text(value)
    return text if len(text.partition(".")[2]) <= PLACES else str(value)


def figure_of(span: Enclosure | None) -> str:
    """The same of a number that may be irrational, or not there at all."""
    if span is None or span.low is None or span.high is None:
        return ABSENT
    if span.exact is not None:
        return figure(span.exact)
    whole, _, part = recorded(span).partition(".")
    return f"{whole}.{part[:PLACES]}…"


def within(text: str, *, tight: int = _POWER) -> str:
    """A number as part of a larger calculation: in parentheses where it is negative or a fraction."""
    is_plain = not text.startswith("-") and (tight < _POWER or "/" not in text)
    return text if is_plain else f"({text})"


def added(parts: Iterable[str]) -> str:
    """A sum."""
    return " + ".join(within(part, tight=_SUM) for part in parts) or "0"


def times(*factors: str) -> str:
    """A product; a fraction may only stand first."""
    first, *others = factors
    return " × ".join([within(first, tight=_PRODUCT), *(within(each) for each in others)])


def over(above: str, below: str) -> str:
    """A quotient of two numbers, or of sums in parentheses."""
    return f"{above if ' ' in above else within(above)} / {within(below)}"


@dataclass(slots=True)
class Inserting:
    """Formulas with numbers put in, from all facts of one scoring."""

    reading: Reading
    dates: frozenset[str]
    """Ids of the questions that are answered by a date."""

    chosen: list[Condition] = field(default_factory=list)
    """The conditions of every ``if`` met on the way, in order."""

    looked: dict[str, Looked] = field(default_factory=dict)
    """What was looked up in tables on the way, by the table's id."""

    def number(self, expression: Expression) -> str:
        """The formula of a number."""
        return self._number(expression)[0]

    def condition(self, expression: Expression) -> Condition:
        """The condition, with each of the parts that have to hold together."""
        parts = [*_together(expression)]
        found = tuple(self.condition(part) for part in parts) if len(parts) > 1 else ()
        return Condition(said(expression), self._truth(expression), truth(expression, self.reading), found)

    def _number(self, expression: Expression) -> tuple[str, int]:
        match expression:
            case Day(value=value):
                return day_of(value.numerator).isoformat(), _SIMPLE
            case Number(value=value):
                return _with_tightness(figure(value))
            case Name(id=name):
                return self._known(expression, is_date=name in self.dates)
            case Unary(operand=operand):
                return f"-{self._inside(operand, _POWER)}", _SUM
            case Binary():
                return self._operation(expression)
            case Call():
                return self._call(expression)
        raise TypeError(f"no number: {expression}")

    def _known(self, expression: Expression, *, is_date: bool = False) -> tuple[str, int]:
        """The number that a name or a function of names stands for."""
        found = number(expression, self.reading)
        if found.span is None:
            return (ABSENT if found.known else OPEN), _SIMPLE
        if not found.known:
            return OPEN, _SIMPLE
        if isinstance(expression, Name) and expression.id in self.reading.tables:
            self._look(expression.id, figure_of(found.span))
        if is_date and found.span.exact is not None:
            return day_of(found.span.exact.numerator).isoformat(), _SIMPLE
        return _with_tightness(figure_of(found.span))

    def _holds(self, condition: Expression) -> bool | None:
        return truth(condition, self.reading)

    def _look(self, name: str, value: str) -> None:
        table = self.reading.tables[name]
        keys = product(*(sorted(rows_at(side, self.reading, self._holds).keys or ()) for side in table.sides))
        rows = [table.values.get(key, table.otherwise) for key in keys]
        known = [figure(row) for row in rows if row is not None]
        working = value if table.squares else (times(*known or ["1"]) if table.multiplied else added(known))
        self.looked[name] = Looked(name, tuple(side.id for side in table.sides), working, value)

    def _inside(self, expression: Expression, least: int) -> str:
        text, tight = self._number(expression)
        return text if tight >= least else f"({text})"

    def _operation(self, expression: Binary) -> tuple[str, int]:
        tight = _TIGHT[expression.operator]
        left = self._inside(expression.left, tight + (tight == _POWER))
        right = self._inside(expression.right, tight + 1)
        if right.startswith("-"):
            right = f"({right})"
        sign = expression.operator if tight == _POWER else f" {_SIGNS.get(expression.operator, expression.operator)} "
        return f"{left}{sign}{right}", tight

    def _call(self, expression: Call) -> tuple[str, int]:
        arguments = expression.arguments
        if over_lists(arguments):
            return self._known(expression)
        match expression.function:
            case "score":
                return self._known(expression)
            case "if":
                condition = self.condition(arguments[0])
                self.chosen.append(condition)
                if condition.holds is None:
                    return OPEN, _SIMPLE
                return self._number(arguments[1 if condition.holds else 2])
            case "count":
                held = [truth(argument, self.reading) for argument in arguments]
                return " + ".join(OPEN if each is None else str(int(each)) for each in held), _SUM
            case "highest" | "lowest" | "rank" as function:
                others = self._there(arguments[1:]) if arguments[1:] else []
                others = _cut_short(others, "…") if function == "rank" else others
                return f"{function}({', '.join([self.number(arguments[0]), *others])})", _SIMPLE
            case "power":
                exponent = self._inside(arguments[1], _SIMPLE)
                return f"{self._inside(arguments[0], _SIMPLE)}^{exponent}", _POWER
            case "min" | "max" | "sum" | "product" | "mean" | "median" as function:
                return f"{function}({', '.join(self._there(arguments))})", _SIMPLE
        return f"{expression.function}({', '.join(self.number(argument) for argument in arguments)})", _SIMPLE

    def _there(self, arguments: Sequence[Expression]) -> list[str]:
        """The numbers that are there: what does not apply is left out of functions over several numbers."""
        return [self.number(each) for each in arguments if number(each, self.reading).span is not None] or [ABSENT]

    def _truth(self, expression: Expression) -> str:
        match expression:
            case Standing():
                return self._standing(expression)
            case Unary(operand=operand):
                return f"not {self._beside(operand)}"
            case Binary(operator="and" | "or" as operator, left=left, right=right):
                return f"{self._beside(left)} {operator} {self._beside(right)}"
            case Binary(operator=operator, left=left, right=right):
                side = self._option if Text in {type(left), type(right)} else self._side
                return f"{side(left)} {_SIGNS.get(operator, operator)} {side(right)}"
            case Member(needle=Name(id=name), options=options):
                return f"{self._picked(name)} in ({', '.join(repr(option.value) for option in options)})"
            case Call(function="if", arguments=(condition, yes, no)):
                chosen = truth(condition, self.reading)
                return OPEN if chosen is None else self._truth(yes if chosen else no)
        found = truth(expression, self.reading)
        if isinstance(expression, Name) and self.reading.facts[expression.id].applies is False:
            return ABSENT
        return OPEN if found is None else "yes" if found else "no"

    def _standing(self, expression: Standing) -> str:
        """A question after a band or class, with the one that the node has in its place."""
        held = {key: truth(holds, self.reading) for key, holds in expression.each}
        found = next((repr(key) for key, holds in held.items() if holds), OPEN if None in held.values() else ABSENT)
        said = expression.said
        if isinstance(said, Member):
            return f"{found} in ({', '.join(repr(option.value) for option in said.options)})"
        if not isinstance(said, Binary):
            raise TypeError(f"no comparison: {said}")
        sides = (repr(side.value) if isinstance(side, Text) else found for side in (said.left, said.right))
        return f" {_SIGNS.get(said.operator, said.operator)} ".join(sides)

    def _beside(self, expression: Expression) -> str:
        """Part of a longer condition."""
        text = self._truth(expression)
        joined = isinstance(expression, Binary) and expression.operator in {"and", "or"}
        return f"({text})" if joined and not isinstance(expression, Standing) else text

    def _option(self, expression: Expression) -> str:
        """One side of a comparison of options."""
        return repr(expression.value) if isinstance(expression, Text) else self._picked(getattr(expression, "id", ""))

    def _side(self, expression: Expression) -> str:
        """One side of a comparison of numbers."""
        if isinstance(expression, Name) and expression.id not in self.reading.tables:
            fact = self.reading.facts[expression.id]
            if fact.number is None:
                return ABSENT if fact.known else OPEN
        return self.number(expression)

    def _picked(self, name: str) -> str:
        fact = self.reading.facts[name]
        if fact.picked is None:
            return ABSENT if fact.applies is False else OPEN
        return ", ".join(repr(option) for option in sorted(fact.picked)) or ABSENT


def said(expression: Expression) -> str:
    """A formula as it is told: of a place among hundreds of items, with the first of the others only.

    Every item of a list has such a formula, so that all of them written in full would fill hundreds of pages.
    """
    return written(_shortened(unmarked(expression)))


def _shortened(expression: Expression) -> Expression:
    if not any(isinstance(part, Call) and part.function in {"rank", "score"} for part in walk(expression)):
        return expression
    match expression:
        case Standing():
            return expression
        case Unary():
            return replace(expression, operand=_shortened(expression.operand))
        case Binary():
            left, right = _shortened(expression.left), _shortened(expression.right)
            return replace(expression, left=left, right=right)
        case Call(function="rank", arguments=(own, *others)):
            return replace(expression, arguments=(own, *_cut_short(others, Name("…", 0))))
        case Call(function="score", arguments=(grid, row, *_)):  # without what each option is worth
            return replace(expression, arguments=(grid, row))
        case Call():
            return replace(expression, arguments=tuple(map(_shortened, expression.arguments)))
    return expression


def _cut_short(parts: Sequence[T], rest: T) -> list[T]:
    return [*parts] if len(parts) <= MOST_OTHERS else [*parts[:MOST_OTHERS], rest]


def _with_tightness(text: str) -> tuple[str, int]:
    if text.startswith("-"):
        return text, 0
    return text, _PRODUCT if "/" in text else _SIMPLE


def _together(expression: Expression) -> Sequence[Expression]:
    """The parts of a condition that all have to hold."""
    if isinstance(expression, Binary) and expression.operator == "and" and not isinstance(expression, Standing):
        return [*_together(expression.left), *_together(expression.right)]
    return [expression]
