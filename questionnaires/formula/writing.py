"""Trees written down again, in the one form that has no superfluous parentheses."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from questionnaires.formula.tree import Binary, Call, Expression, Member, Name, Number, Text, Unary

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
_MEMBER, _SIGN, _SIMPLE = 4, 7, 9


def written(expression: Expression) -> str:
    """The formula as text; reading it gives an equal tree again (but for fractions, which become divisions)."""
    return _written(expression)[0]


def _written(expression: Expression) -> tuple[str, int]:
    """The text, and how tightly its outermost operator binds."""
    match expression:
        case Number():
            return _number(expression.value)
        case Text():
            return f"'{expression.value}'", _SIMPLE
        case Name():
            return expression.id, _SIMPLE
        case Unary(operator="-"):
            return f"-{_within(expression.operand, _SIGN)}", _SIGN
        case Unary():
            return f"not {_within(expression.operand, 3)}", 3
        case Member():
            options = ", ".join(f"'{option.value}'" for option in expression.options)
            return f"{_within(expression.needle, _MEMBER + 1)} in ({options})", _MEMBER
        case Call():
            arguments = ", ".join(written(argument) for argument in expression.arguments)
            return f"{expression.function}({arguments})", _SIMPLE
        case Binary():
            return _binary(expression)


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
    rest, places = value.denominator, 0
    while rest > 1 and places < 18 and rest % 2 == 0 or rest % 5 == 0:
        rest = Fraction(rest, 10).numerator
        places += 1
    if rest == 1 and places <= 18:
        whole = f"{abs(value) * 10**places}"
        digits = whole if not places else f"{whole[:-places] or '0'}.{whole[-places:].zfill(places)}"
        return (digits, _SIMPLE) if value >= 0 else (f"-{digits}", _SIGN)
    return f"{value.numerator} / {value.denominator}", 6
