"""The operations of formulas on numbers that are enclosed: plus, minus, times, divided by, to the power."""

from __future__ import annotations

from questionnaires.formula.tree import Binary
from scoring.enclosure import Enclosure
from scoring.quantities import Quantity


def operated(operator: str, left: Enclosure, right: Enclosure) -> Enclosure | None:
    """What comes out; None where there is no such number."""
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            inverse = right.inverse()
            return None if inverse is None else left * inverse
        case "^":
            return left.power(int(right.exact or 0))
        case _:
            raise TypeError(f"no operation on numbers: {operator}")


def divisor(expression: Binary, left: Quantity, right: Quantity) -> Quantity | None:
    """What the operation divides by; None where it does not divide."""
    if expression.operator == "/":
        return right
    is_inverse = expression.operator == "^" and right.span is not None and (right.span.exact or 0) < 0
    return left if is_inverse else None


def may_have_no_value(expression: Binary, right: Enclosure) -> bool:
    """Whether an answer that is missing may yet make it a division by zero: then nothing may be decided by it."""
    if expression.operator != "/":
        return expression.operator == "^" and (right.exact or 0) < 0
    return (right.low is None or right.low <= 0) and (right.high is None or right.high >= 0)


def may_be_zero(span: Enclosure) -> bool:
    """Whether an irrational number cannot be told from 0 (or an end of it not be told at all)."""
    return span.exact is None and (span.low is None or span.low <= 0) and (span.high is None or span.high >= 0)
