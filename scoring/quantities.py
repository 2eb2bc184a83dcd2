"""Numbers and truths as far as they are known, and what comparisons and functions over several make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from scoring.enclosure import ANYTHING, ZERO, Enclosure
from scoring.facts import Reading
from scoring.gathering import gathered
from scoring.multiplying import product
from scoring.rounding import Undecided

Truth = bool | None
"""None: missing answers decide."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as far as it is known."""

    span: Enclosure | None
    """None: there is none, because something does not apply or is undefined."""

    known: bool = True
    optional: bool = False
    undefined: bool = False
    may_fail: bool = False
    """It may yet turn out to be undefined."""


ABSENT: Final = Quantity(None)
UNDEFINED: Final = Quantity(None, undefined=True)


def compared(operator: str, left: Enclosure, right: Enclosure) -> Truth:
    """Whether the comparison holds for all numbers enclosed (True), for none (False), or only for some (None)."""
    match operator:
        case "<":
            return _before(left, right, strictly=True)
        case "<=":
            return _before(left, right, strictly=False)
        case ">":
            return _before(right, left, strictly=True)
        case ">=":
            return _before(right, left, strictly=False)
    both = (_before(left, right, strictly=False), _before(right, left, strictly=False))
    same = every(both)
    if same is None or operator == "=":
        return same
    return not same


def _before(left: Enclosure, right: Enclosure, *, strictly: bool) -> Truth:
    if (
        left.high is not None
        and right.low is not None
        and (left.high < right.low if strictly else left.high <= right.low)
    ):
        return True
    if (
        left.low is not None
        and right.high is not None
        and (left.low >= right.high if strictly else left.low > right.high)
    ):
        return False
    return None


def every(items: Sequence[Truth]) -> Truth:
    """``and`` of them all."""
    if False in items:
        return False
    return None if None in items else True


def some(items: Sequence[Truth]) -> Truth:
    """``or`` of them all."""
    if True in items:
        return True
    return None if None in items else False


def counted(conditions: Sequence[Truth]) -> Quantity:
    """How many of them hold."""
    sure, possible = conditions.count(True), len(conditions) - conditions.count(False)
    return Quantity(Enclosure(Fraction(sure), Fraction(possible)), known=sure == possible)


def ranked(own: Quantity, others: Sequence[Quantity], reading: Reading) -> Quantity:
    """The place of a number among others, from the greatest: one more than there are greater ones."""
    if own.span is None:
        return own
    if any(item.undefined for item in others):
        return UNDEFINED
    sure = possible = 0
    for item in others:
        if item.span is None:
            continue
        greater = compared(">", item.span, own.span)
        if greater is None and item.known and own.known:
            if not reading.last:
                raise Undecided
            greater = False
        sure += greater is True and not item.optional
        possible += greater is not False
    may_fail = own.may_fail or any(item.may_fail for item in others)
    settled = sure == possible and not (own.optional or may_fail)
    known = settled or (own.known and all(item.known for item in others))
    span = Enclosure(Fraction(1 + sure), Fraction(1 + possible))
    return Quantity(span, known, own.optional, may_fail=may_fail)


def of_so_many(found: Quantity, many: Quantity) -> Quantity:
    """The sum of so many numbers, as far as it is known how many."""
    if many.known or found.span is None:
        return found
    return Quantity(found.span, False, found.optional or many.optional, may_fail=found.may_fail or many.may_fail)


def gathered_of(function: str, items: Sequence[Quantity], count: Enclosure = ZERO) -> Quantity:
    """Minimum, median, sum, product and the like over what applies; see :mod:`scoring.gathering`."""
    if any(item.undefined for item in items):
        return UNDEFINED
    there = [(item.span, item.optional) for item in items if item.span is not None]
    if not there:
        return ABSENT
    known = all(item.known for item in items)
    may_fail = any(item.may_fail for item in items)
    optional = all(loose for _, loose in there)
    span = product(there) if function == "product" else gathered(function, there, count)
    if span is None:
        return UNDEFINED if known else Quantity(ANYTHING, known=False, optional=True, may_fail=True)
    return Quantity(span, known, optional, may_fail=may_fail)
