"""Functions over several numbers as operations of a tape: each counts what applies (:mod:`scoring.gathering`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import TYPE_CHECKING, Final

from scoring.columns.tape.dividing import between
from scoring.columns.tape.operations import Code
from scoring.columns.tape.reals import Real, Uncovered, firm
from scoring.columns.tape.statuses import NONE, THERE, UNDEFINED

if TYPE_CHECKING:
    from scoring.columns.tape.formulas import Reading

_MANY: Final = 20
"""Numbers from which on the denominator of their mean is not told beforehand."""

_MOST_IN_ORDER: Final = 64
"""Numbers up to which they are put in order."""


def gathered(reading: Reading, function: str, items: Sequence[Real]) -> Real:
    """Least, greatest, middle, sum and mean over what applies."""
    write = reading.write
    if any(each.status is not None for each in items):
        return _over_what_applies(reading, function, items)
    if function == "median":
        return write.median(items, None)
    if function in ("min", "max"):
        return write.end_of(function == "min", items)
    weight = Fraction(1) if function == "sum" else Fraction(1, len(items))
    return write.summed([(each, weight, None) for each in items])


def _over_what_applies(reading: Reading, function: str, items: Sequence[Real]) -> Real:
    write, there = reading.write, _there(reading, items)
    number = write.counted([(own, Fraction(1)) for own in there])
    if function in ("min", "max"):
        total = write.end_of_some(function == "min", items, there)
    elif function == "median":
        total = write.median(items, there)
    else:
        total = write.summed([(each, Fraction(1), own) for each, own in zip(items, there, strict=True)])
    status = _status(reading, items, number)
    if function == "mean":
        common = lcm(*range(1, len(items) + 1)) if len(items) < _MANY else None
        told = None if common is None or total.denominator is None else total.denominator * common
        total = between(write.over(total, number, told)[0], items)
    return replace(total, status=status)


def multiplied(reading: Reading, items: Sequence[Real]) -> Real:
    """The product of what applies."""
    write, there = reading.write, _there(reading, items)
    one = write.constant(Fraction(1))
    factors = [
        each if each.status is None else write.chosen(own, each, one) for each, own in zip(items, there, strict=True)
    ]
    found = reduce(write.times, factors)
    if all(each.status is None for each in items):
        return replace(found, status=None)
    return replace(found, status=_status(reading, items, write.counted([(own, Fraction(1)) for own in there])))


def _there(reading: Reading, items: Sequence[Real]) -> list[int]:
    return [reading.write.always() if each.status is None else reading.is_there(each.status) for each in items]


def _status(reading: Reading, items: Sequence[Real], number: Real) -> int:
    """There is nothing where nothing applies, and no value where one has none."""
    write = reading.write
    status = write.small(
        Code.CHOOSE_SMALL, write.against("=", number, Fraction(0)), reading.fixed(NONE), reading.fixed(THERE)
    )
    for each in items:
        if each.status is not None:
            undefined = write.small(Code.IS, each.status, numbers=(UNDEFINED,))
            status = write.small(Code.CHOOSE_SMALL, undefined, reading.fixed(UNDEFINED), status)
    return status


def so_many(reading: Reading, function: str, many: Real, items: Sequence[Real]) -> Real:
    """The sum of the greatest (``highest``) or the least so many of what applies.

    How many is rounded up to a whole number; none are fewer than none, nor more than there are.
    """
    write, greatest = reading.write, function == "highest"
    firm(*items)
    if len(items) > _MOST_IN_ORDER:
        raise Uncovered
    low, high = min(each.low for each in items), max(each.high for each in items)
    status, number, kept = None, None, list(items)
    if any(each.status is not None for each in items):
        there = _there(reading, items)
        number = write.counted([(own, Fraction(1)) for own in there])
        status = _status(reading, items, number)
        beyond = write.constant(Fraction(round(low - 2 if greatest else high + 2)))
        kept = [write.chosen(own, each, beyond) for own, each in zip(there, items, strict=True)]
    rising, parts = write.rising(kept), []
    for place, each in enumerate(reversed(rising) if greatest else rising):
        counts = _more_than(reading, many, place)
        if number is not None:
            counts = write.small(Code.BOTH, counts, _more_than(reading, number, place))
        if write.known(counts) != 0:
            parts.append((replace(each, low=low, high=high, status=None), Fraction(1), counts))
    found = write.summed(parts) if parts else write.constant(Fraction(0))
    if many.status is not None:
        own = reading.fixed(THERE) if status is None else status
        status = write.small(Code.CHOOSE_SMALL, reading.is_there(many.status), own, many.status)
    return replace(found, status=status, constant=None)


def _more_than(reading: Reading, number: Real, place: int) -> int:
    if number.constant is not None:
        return reading.fixed(int(number.constant > place))
    return reading.write.against(">", number, Fraction(place))


def rank(reading: Reading, own: Real, others: Sequence[Real]) -> Real:
    """One more than there are greater ones among the others that apply."""
    write = reading.write
    parts = []
    for each, there in zip(others, _there(reading, others), strict=True):
        greater = write.fixed(0) if each.at == own.at else write.compared(">", each, own)
        parts.append((write.small(Code.BOTH, greater, there), Fraction(1)))
    found = write.line(write.counted(parts), Fraction(1), Fraction(1))
    status = own.status
    for each in others:
        if each.status is not None:
            status = reading.lost_where(write.small(Code.IS, each.status, numbers=(UNDEFINED,)), status)
    return replace(found, status=status, constant=None)
