"""Which numbers are whole whatever the answers."""

from __future__ import annotations

from collections.abc import Callable

from questionnaires.formula.tree import Binary, Call, Expression, Name, Number, Unary


def is_whole(expression: Expression, named: Callable[[str], bool]) -> bool:
    """Whether a number is whole whatever the answers, as far as its form tells; ``named`` tells it of names."""
    match expression:
        case Number(value=value):
            return value.denominator == 1
        case Name(id=name):
            return named(name)
        case Unary(operator="-", operand=operand):
            return is_whole(operand, named)
        case Binary(operator="+" | "-" | "*", left=left, right=right):
            return is_whole(left, named) and is_whole(right, named)
        case Call(function="floor" | "ceil" | "count" | "years" | "rank"):
            return True
        case Call(function="round", arguments=(_, Number(value=places))):
            return not places
        case Call(function="if", arguments=(_, *branches)):
            return all(is_whole(branch, named) for branch in branches)
        case Call(function="min" | "max" | "sum" | "product" | "abs", arguments=arguments):
            return all(is_whole(argument, named) for argument in arguments)
    return False
