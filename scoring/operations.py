"""The operations of formulas on numbers that are enclosed: plus, minus, times, divided by, to the power."""

from __future__ import annotations

from questionnaires.formula.tree import Binary
from scoring.enclosure import ANYTHING, ZERO, Enclosure, point
from scoring.facts import Reading
from scoring.powers import power, whole_within
from scoring.quantities import ABSENT, UNDEFINED, Quantity
from scoring.rounding import Undecided


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


def raised(base: Quantity, exponent: Quantity, reading: Reading) -> Quantity:
    """A power, as far as its base and its exponent are known.

    Raises:
        Undecided: irrational numbers have to be enclosed more tightly.
    """
    if base.span is None or exponent.span is None:
        absent = any(each.span is None and not each.undefined for each in (base, exponent))
        return ABSENT if absent else UNDEFINED
    known, optional = base.known and exponent.known, base.optional or exponent.optional
    may_fail = base.may_fail or exponent.may_fail
    to_the = exponent.span
    if known and to_the.exact is None and base.span.high is not None and base.span.high < 0:
        whole = whole_within(to_the)
        if whole is not None and not reading.last:
            raise Undecided
        if whole is None:  # a number below 0 has powers with whole exponents alone
            return UNDEFINED
        to_the = point(whole)
    span, fails = power(base.span, to_the, reading.bits)
    if known:
        if span is not None and fails:  # an irrational number too near to 0 to be told from it
            if not reading.last:
                raise Undecided
            span, _ = power(ZERO, to_the, reading.bits)
        return UNDEFINED if span is None else Quantity(span, known, optional, may_fail=may_fail)
    return Quantity(span or ANYTHING, known, optional or fails, may_fail=may_fail or fails)
