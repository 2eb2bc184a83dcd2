"""Trees written down again, in the one form that has no superfluous parentheses."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from questionnaires.days import day_of
from questionnaires.formula.tree import Binary, Call, Day, Expression, Member, Name, Number, Standing, Text, Unary

_TIGHTNESS: Final[Mapping[str, int]] = {
    "or": 1,
    "and": 2,
    "not": 3,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), 4),
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "^": 8,
}
_PLACES: Final = 18
"""Most decimal places that can be read again."""

_NOT, _MEMBER, _SIGN, _SIMPLE = 3, 4, 7, 9


def written(expression: Expression) -> str:
    """The formula as text; reading it gives an equal tree again (but for fractions, which become divisions)."""
    return _written(expression)[0]


def _written(expression: Expression) -> tuple[str, int]:
    """The text, and how tightly its outermost operator binds."""
    match expression:
        case Standing():
            return _written(expression.said)
        case Binary():
            return _binary(expression)
        case Unary(operator="-"):
            return f"-{_within(expression.operand, _SIGN)}", _SIGN
        case Unary():
            return f"not {_within(expression.operand, _NOT)}", _NOT
        case Member():
            options = ", ".join(f"'{option.value}'" for option in expression.options)
            return f"{_within(expression.needle, _MEMBER + 1)} in ({options})", _MEMBER
        case Day(value=value):
            return f"date('{day_of(value.numerator).isoformat()}')", _SIMPLE
        case Number():
            return _number(expression.value)
        case _:
            return _simple(expression), _SIMPLE


def _simple(expression: Text | Name | Call) -> str:
    match expression:
        case Text():
            return f"'{expression.value}'"
        case Name():
            return expression.id
        case Call():
            return f"{expression.function}({', '.join(written(argument) for argument in expression.arguments)})"


def _binary(expression: Binary) -> tuple[str, int]:
    tight = _TIGHTNESS[expression.operator]
    left = _within(expression.left, tight + 1 if tight in {4, 8} else tight)
    if expression.operator == "^" and isinstance(expression.right, Number):
        return f"{left} ^ {expression.right.value}", tight
    return f"{left} {expression.operator} {_within(expression.right, tight + 1)}", tight


def _within(expression: Expression, least: int) -> str:
    text, tight = _written(expression)
    return text if tight >= least else f"({text})"


def _number(value: Fraction) -> tuple[str, int]:
    """A decimal where that is exact and can be read again, else a division."""
    scaled = abs(value) * 10**_PLACES
    if scaled.denominator != 1:
        return f"{value.numerator} / {value.denominator}", _TIGHTNESS["/"]
    whole, part = divmod(scaled.numerator, 10**_PLACES)
    digits = f"{whole}.{part:0{_PLACES}}".rstrip("0").rstrip(".")
    return (digits, _SIMPLE) if value >= 0 else (f"-{digits}", _SIGN)
