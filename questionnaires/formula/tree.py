"""What a formula says: a tree of frozen values, made by :mod:`questionnaires.formula.parsing`.

Two expressions are equal where they say the same; ``at``, the 0-based position of their first sign (of the operator,
for an operation between two operands) in the text, does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final, Literal, TypeAlias

UnaryOperator: TypeAlias = Literal["-", "not"]
BinaryOperator: TypeAlias = Literal["+", "-", "*", "/", "^", "=", "!=", "<", "<=", ">", ">=", "and", "or"]


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number."""

    value: Fraction
    at: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Day(Number):
    """A day of the calendar, ``date('2028-01-01')``, as its day number."""


@dataclass(frozen=True, slots=True)
class Text:
    """An option or a unit: what stood between single quotes."""

    value: str
    at: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """The id of a question, node, constant or table."""

    id: str
    at: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """``-x`` or ``not x``."""

    operator: UnaryOperator
    operand: Expression
    at: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """An operation between two operands. The right one of ``^`` is a whole :class:`Number` from -24 to 24."""

    operator: BinaryOperator
    left: Expression
    right: Expression
    at: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Standing(Binary):
    """A question after a band or class, ``band(x) >= 'good'``, written out as a condition that all can read."""

    said: Expression = field(compare=False)
    """What its author wrote."""

    each: tuple[tuple[str, Expression], ...] = field(compare=False, repr=False)
    """Every band or class of the node, with the condition that the node has just that."""


@dataclass(frozen=True, slots=True)
class Member:
    """``needle in ('a', 'b')``; there is at least one option."""

    needle: Expression
    options: tuple[Text, ...]
    at: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """``function(arguments)``; which functions there are is known to :mod:`questionnaires.formula.kinds`."""

    function: str
    arguments: tuple[Expression, ...]
    at: int = field(compare=False)


Expression: TypeAlias = Number | Text | Name | Unary | Binary | Member | Call
"""Any part of a formula."""


_WITHOUT_PARTS: Final = frozenset({Number, Day, Text, Name})


def parts(expression: Expression) -> tuple[Expression, ...]:
    """The direct parts of an expression, left to right."""
    if type(expression) in _WITHOUT_PARTS:  # most are
        return ()
    match expression:
        case Unary():
            return (expression.operand,)
        case Binary():
            return expression.left, expression.right
        case Member():
            return expression.needle, *expression.options
        case Call():
            return expression.arguments
        case _:
            return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything inside it, left to right, outer before inner."""
    stack = [expression]
    while stack:
        here = stack.pop()
        yield here
        stack.extend(reversed(parts(here)))


def names(expression: Expression) -> frozenset[str]:
    """Every id that the expression refers to, also within ``applies(…)`` and the like."""
    return frozenset(part.id for part in walk(expression) if isinstance(part, Name))


def put_in(expression: Expression, instead: Mapping[str, Expression]) -> Expression:
    """The expression with other expressions in place of names."""
    match expression:
        case Name(id=name):
            return instead.get(name, expression)
        case Unary():
            return replace(expression, operand=put_in(expression.operand, instead))
        case Binary():
            left, right = put_in(expression.left, instead), put_in(expression.right, instead)
            return replace(expression, left=left, right=right)
        case Call():
            return replace(expression, arguments=tuple(put_in(part, instead) for part in expression.arguments))
    return expression
