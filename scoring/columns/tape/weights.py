"""Means and sums whose weights are formulas, as operations of a tape.

As the exact engine has it (:mod:`scoring.amounts`): a weight that does not apply is 0, what weighs nothing is not asked
how it stands, and a weight below 0 leaves the node without a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from questionnaires.formula.tree import Expression
from questionnaires.model import Aggregation
from scoring.columns.tape.amounts import Amounts
from scoring.columns.tape.operations import Code
from scoring.columns.tape.reals import UNIT, Real, Uncovered
from scoring.columns.tape.statuses import NONE, THERE, UNDEFINED
from scoring.plan import PlannedNode


@dataclass(frozen=True, slots=True)
class Weighed:
    """A child with what it weighs."""

    value: Real
    status: int | None
    present: int | None
    """Register (B) of whether it has a value, or something stands in for one; None: it always has."""

    weight: Real
    counts: int
    """Register (B) of whether it weighs anything."""


def weight(amounts: Amounts, formula: Expression) -> tuple[Real, int]:
    """What a weight comes to, and a register (B) of whether that is anything.

    Raises:
        Uncovered: it may be irrational, which the exact engine takes for no weight.
    """
    reading = amounts.reading
    if not reading.rational.formula(formula):
        raise Uncovered
    found, write = reading.number(formula), reading.write
    counts = write.against(">", found, Fraction(0))
    below = write.against("<", found, Fraction(0))
    if found.status is not None:
        there = reading.is_there(found.status)
        counts, below = write.small(Code.BOTH, counts, there), write.small(Code.BOTH, below, there)
        amounts.lost.append(write.small(Code.IS, found.status, numbers=(UNDEFINED,)))
    amounts.lost.append(below)
    return replace(found, status=None), counts


def weighed(amounts: Amounts, item: PlannedNode, parts: Sequence[Weighed]) -> Real:
    """The mean or sum before limits and rules, with its status.

    Raises:
        Uncovered: it is neither, nor a share of what was reached, or cannot be divided.
    """
    reading, write = amounts.reading, amounts.reading.write
    if item.aggregation not in (Aggregation.WEIGHTED_MEAN, Aggregation.SUM, Aggregation.SHARE_REACHED):
        raise Uncovered
    one = Fraction(1)
    present = [
        part.counts if part.present is None else write.small(Code.BOTH, part.present, part.counts) for part in parts
    ]
    total = write.summed(
        [(write.times(part.weight, part.value), one, own) for part, own in zip(parts, present, strict=True)]
    )
    whole = write.summed([(part.weight, one, own) for part, own in zip(parts, present, strict=True)])
    value = total if item.aggregation is Aggregation.SUM else _mean(parts, write.over(total, whole)[0])
    somebody, absent, everything_absent, lost = reading.fixed(0), write.always(), write.always(), reading.fixed(0)
    for part, own in zip(parts, present, strict=True):
        somebody = write.small(Code.EITHER, somebody, own)
        off = reading.fixed(0) if part.status is None else write.small(Code.IS, part.status, numbers=(NONE,))
        everything_absent = write.small(Code.BOTH, everything_absent, off)
        absent = write.small(Code.BOTH, absent, write.small(Code.EITHER, off, write.small(Code.NOT, part.counts)))
        if part.status is not None:
            gone = write.small(Code.IS, part.status, numbers=(UNDEFINED,))
            lost = write.small(Code.EITHER, lost, write.small(Code.BOTH, gone, part.counts))
    nothing = write.small(Code.CHOOSE_SMALL, absent, reading.fixed(NONE), reading.fixed(UNDEFINED))
    status = write.small(Code.CHOOSE_SMALL, somebody, reading.fixed(THERE), nothing)
    status = reading.lost_where(lost, status)
    if item.least_counted:
        all_of_it = write.summed([(part.weight, item.least_counted, part.counts) for part in parts])
        status = reading.lost_where(write.compared("<", whole, all_of_it), status)
    nothing = reading.fixed(UNDEFINED if amounts.stays else NONE)
    unsound = write.small(Code.CHOOSE_SMALL, everything_absent, nothing, reading.fixed(UNDEFINED))
    for each in amounts.lost:
        status = write.small(Code.CHOOSE_SMALL, each, unsound, status)
    return replace(value, status=status, constant=None)


def _mean(parts: Sequence[Weighed], found: Real) -> Real:
    """What is known of a mean besides: however little weighs, it lies among its values, and is off as they are.

    Only what weighs more than 0 counts. If every weight is off by r times itself at most and every value by e, a mean
    of values no greater than s is off by no more than e + 2 r s (and s for each of its roundings, as ever).
    """
    if any(part.weight.absolute or part.weight.bounds or part.value.bounds for part in parts):
        return found
    low, high = min(part.value.low for part in parts), max(part.value.high for part in parts)
    size = max(abs(low), abs(high))
    off = 2 * max(part.weight.relative for part in parts) + (2 * len(parts) + 8) * UNIT
    absolute = max(part.value.error for part in parts) * 2 + 2 * off * size
    return replace(found, low=low, high=high, relative=0.0, absolute=min(absolute, found.error), of=None)
