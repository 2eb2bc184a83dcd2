"""Which numbers are whole whatever the answers."""

from __future__ import annotations

from collections.abc import Callable

from questionnaires.formula.tree import Binary, Call, Expression, Name, Number, Unary


def is_whole(
    expression: Expression, named: Callable[[str], bool], worth: Callable[[str], bool] = lambda _: False
) -> bool:
    """Whether a number is whole whatever the answers, as far as its form tells.

    ``named`` tells it of names, ``worth`` of what a question is worth, ``score(name)``.
    """
    match expression:
        case Number(value=value):
            return value.denominator == 1
        case Name(id=name):
            return named(name)
        case Unary(operator="-", operand=operand):
            return is_whole(operand, named, worth)
        case Binary(operator="+" | "-" | "*", left=left, right=right):
            return is_whole(left, named, worth) and is_whole(right, named, worth)
        case Call(function="floor" | "ceil" | "count" | "rows" | "years" | "rank"):
            return True
        case Call(function="score", arguments=(Name(id=name),)):
            return worth(name)
        case Call(function="round", arguments=(_, Number(value=places))):
            return not places
        case Call(function="if", arguments=(_, *branches)):
            return all(is_whole(branch, named, worth) for branch in branches)
        case Call(function="min" | "max" | "sum" | "product" | "abs", arguments=arguments):
            return all(is_whole(argument, named, worth) for argument in arguments)
    return False
