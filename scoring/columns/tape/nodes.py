"""Nodes as operations of a tape: arithmetic over children, limits, rules, rounding and band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Final

from questionnaires.model import Aggregation, PassesOn
from scoring.columns.ledger import MOST
from scoring.columns.tape.formulas import NONE, THERE, UNDEFINED, Reading
from scoring.columns.tape.operations import MODES, Code, Operation, tabled
from scoring.columns.tape.reals import Real, Uncovered
from scoring.enclosure import exactly
from scoring.plan import PlannedChild, PlannedNode, PlannedRule
from scoring.possible import substitute
from scoring.rules import lowered

_ENDS: Final = (Aggregation.MINIMUM, Aggregation.MAXIMUM)
_MEANS: Final = (Aggregation.MEAN, Aggregation.WEIGHTED_MEAN, Aggregation.SHARE_REACHED, Aggregation.SHARE)
_COVERED: Final = (*_ENDS, *_MEANS, Aggregation.SUM, Aggregation.COUNT)
_LARGEST_COMMON: Final = 1 << 40


@dataclass(frozen=True, slots=True)
class Result:
    """What a node came out as."""

    units: Real
    """In units of its last stated place."""

    band: int | None
    status: int | None
    value: Real = Real(0, 0.0, 0.0)  # noqa: RUF009 – it is frozen
    """What parents and formulas take."""


@dataclass(frozen=True, slots=True)
class _Part:
    child: PlannedChild
    value: Real
    present: int | None
    """Register of whether it counts; None: it always does."""

    status: int | None


def node(reading: Reading, item: PlannedNode) -> Result:
    """A node, from what was written down of all below it.

    Raises:
        Uncovered: it has words that are not written down here.
    """
    if not item.is_plain:
        raise Uncovered
    if item.aggregation is Aggregation.FORMULA and item.formula is not None:
        value = reading.number(item.formula)
    elif item.aggregation in _COVERED:
        value = _arithmetic(reading, item, [_part(reading, item, child) for child in item.children])
    else:
        raise Uncovered
    if item.applies_when is not None:
        value = reading.where_it_applies(value, reading.truth(item.applies_when))
    status = value.status
    value = _held(reading, value, exactly(item.least), exactly(item.most))
    fired = [_fired(reading, rule) for rule in item.rules]
    for rule, fires in zip(item.rules, fired, strict=True):
        value = _after(reading, rule, fires, value)
    scale = 10**item.rounding.places
    units = reading.write.rounded(value, scale, MODES.index(item.rounding.mode.value))
    if item.passes_on is PassesOn.STATED:
        value = reading.write.line(units, Fraction(1, scale), Fraction(0))
    return Result(units, _band(reading, item, units, fired), status, replace(value, status=status))


def _part(reading: Reading, item: PlannedNode, child: PlannedChild) -> _Part:
    if child.id in reading.coded:
        value = reading.coded[child.id].real(reading.write, "value")
    elif child.id in reading.worths:
        value = reading.worths[child.id]
    else:
        raise Uncovered
    status, present = value.status, None
    instead = substitute(item, child)
    if status is not None:
        present = reading.is_there(status)
        if instead is not None:
            if instead.exact is None:
                raise Uncovered
            absent = reading.write.small(Code.IS, status, numbers=(NONE,))
            value = reading.write.chosen(absent, reading.write.constant(instead.exact), value)
            present = reading.write.small(Code.EITHER, present, absent)
    return _Part(child, _held(reading, value, None, exactly(child.cap)), present, status)


def _held(reading: Reading, value: Real, least: Fraction | None, most: Fraction | None) -> Real:
    if least is None and most is None:
        return value
    return replace(reading.write.clamped(value, least, most), status=value.status, constant=None)


def _arithmetic(reading: Reading, item: PlannedNode, parts: Sequence[_Part]) -> Real:
    """The value before limits and rules, with its status."""
    unit = Fraction(1, lcm(*(part.child.weight.denominator for part in parts)))
    weights = [part.child.weight / unit for part in parts]
    if any(weight <= 0 for weight in weights):
        raise Uncovered
    if all(part.present is None for part in parts):
        value = _of_all(reading, item, parts, weights, unit)
        return replace(value, status=_lacking(reading, parts, None))
    return _of_some(reading, item, parts, weights, unit)


def _of_all(
    reading: Reading, item: PlannedNode, parts: Sequence[_Part], weights: Sequence[Fraction], unit: Fraction
) -> Real:
    """Every child counts, always."""
    write, total = reading.write, sum(weights, Fraction(0))
    match item.aggregation:
        case Aggregation.MINIMUM | Aggregation.MAXIMUM:
            return _end(reading, item, [part.value for part in parts])
        case Aggregation.COUNT:
            return write.counted([(_reached(reading, part), Fraction(1)) for part in parts])
        case Aggregation.SHARE_REACHED:
            reached = write.counted(
                [(_reached(reading, part), weight) for part, weight in zip(parts, weights, strict=True)]
            )
            return write.line(reached, item.out_of / total, Fraction(0))
        case Aggregation.SUM:
            shares = [weight * unit for weight in weights]
        case Aggregation.SHARE:
            achievable = sum(
                (_highest(part) * weight for part, weight in zip(parts, weights, strict=True)), Fraction(0)
            )
            if achievable <= 0:
                raise Uncovered
            shares = [weight * item.out_of / achievable for weight in weights]
        case _:
            shares = [weight / total for weight in weights]
    return _even(reading, [part.value for part in parts], shares)


def _even(reading: Reading, values: Sequence[Real], shares: Sequence[Fraction]) -> Real:
    """The sum of share × value; where all shares are the same, it is taken out of the sum."""
    if len(set(shares)) > 1 or shares[0] == 1:
        return reading.write.summed([(value, share, None) for value, share in zip(values, shares, strict=True)])
    total = reading.write.summed([(value, Fraction(1), None) for value in values])
    return reading.write.line(total, shares[0], Fraction(0))


def _of_some(
    reading: Reading, item: PlannedNode, parts: Sequence[_Part], weights: Sequence[Fraction], unit: Fraction
) -> Real:
    """Some children may not count."""
    write = reading.write
    present = [write.always() if part.present is None else part.present for part in parts]
    weight = write.counted(list(zip(present, weights, strict=True)))
    nobody = None
    if all(part.present is not None for part in parts):
        nobody = write.against("=", weight, Fraction(0))
    match item.aggregation:
        case Aggregation.MINIMUM | Aggregation.MAXIMUM:
            value = _end_of_some(reading, item, parts, present)
        case Aggregation.COUNT | Aggregation.SHARE_REACHED:
            reached = [
                write.small(Code.BOTH, own, _reached(reading, part)) for own, part in zip(present, parts, strict=True)
            ]
            ones = [Fraction(1)] * len(parts) if item.aggregation is Aggregation.COUNT else list(weights)
            value = write.counted(list(zip(reached, ones, strict=True)))
            if item.aggregation is Aggregation.SHARE_REACHED:
                value = _over(reading, write.line(value, item.out_of, Fraction(0)), weight, weights)
        case Aggregation.SHARE:
            most = [_highest(part) * own for part, own in zip(parts, weights, strict=True)]
            common = lcm(*(each.denominator for each in most))
            if any(each <= 0 for each in most):
                raise Uncovered
            total = _total(reading, parts, present, [own * common * item.out_of for own in weights])
            possible = [each * common for each in most]
            value = _over(reading, total, write.counted(list(zip(present, possible, strict=True))), possible)
        case Aggregation.SUM:
            value = _total(reading, parts, present, [own * unit for own in weights])
        case _:
            value = _over(reading, _total(reading, parts, present, weights), weight, weights)
    lacking = _lacking(reading, parts, nobody)
    if item.least_counted:
        too_few = write.against("<", weight, item.least_counted * sum(weights, Fraction(0)))
        own = reading.fixed(THERE) if lacking is None else lacking
        there = write.small(Code.BOTH, too_few, reading.is_there(own))
        lacking = write.small(Code.CHOOSE_SMALL, there, reading.fixed(UNDEFINED), own)
    return replace(value, status=lacking)


def _total(reading: Reading, parts: Sequence[_Part], present: Sequence[int], weights: Sequence[Fraction]) -> Real:
    return reading.write.summed(
        [(part.value, weight, own) for part, weight, own in zip(parts, weights, present, strict=True)]
    )


def _over(reading: Reading, total: Real, weight: Real, weights: Sequence[Fraction]) -> Real:
    """Divided by the weight that counts, which is one of few whole numbers."""
    sums = {0}
    for own in weights:
        sums |= {each + int(own) for each in sums}
        if len(sums) > 1 << 12:
            break
    common = lcm(*(each for each in sums if each))
    told = None
    if len(sums) <= 1 << 12 and common < _LARGEST_COMMON and total.denominator is not None:
        told = total.denominator * common
    return reading.write.over(total, weight, told)[0]


def _lacking(reading: Reading, parts: Sequence[_Part], nobody: int | None) -> int | None:
    """The status: without a value where a child is, or nobody counts; does not apply where no child does."""
    write = reading.write
    status = None
    if nobody is not None:
        absent = None
        for part in parts:
            if part.status is None:
                continue
            own = write.small(Code.IS, part.status, numbers=(NONE,))
            absent = own if absent is None else write.small(Code.BOTH, absent, own)
        nothing = reading.fixed(UNDEFINED)
        if absent is not None:
            nothing = write.small(Code.CHOOSE_SMALL, absent, reading.fixed(NONE), nothing)
        status = write.small(Code.CHOOSE_SMALL, nobody, nothing, reading.fixed(THERE))
    for part in parts:
        if part.status is not None:
            lost = write.small(Code.IS, part.status, numbers=(UNDEFINED,))
            own = reading.fixed(THERE) if status is None else status
            status = write.small(Code.CHOOSE_SMALL, lost, reading.fixed(UNDEFINED), own)
    return status


def _end(reading: Reading, item: PlannedNode, values: Sequence[Real]) -> Real:
    code = Code.LEAST if item.aggregation is Aggregation.MINIMUM else Code.GREATEST
    found = values[0]
    for each in values[1:]:
        found = reading.write.ended(code, found, each)
    return replace(found, status=None, constant=None)


def _end_of_some(reading: Reading, item: PlannedNode, parts: Sequence[_Part], present: Sequence[int]) -> Real:
    """What does not count is put beyond all that does."""
    least = item.aggregation is Aggregation.MINIMUM
    edge = max(part.value.high for part in parts) + 1 if least else min(part.value.low for part in parts) - 1
    beyond = reading.write.constant(Fraction(round(edge) + (1 if least else -1)))
    return _end(
        reading,
        item,
        [reading.write.chosen(own, part.value, beyond) for part, own in zip(parts, present, strict=True)],
    )


def _reached(reading: Reading, part: _Part) -> int:
    limit = exactly(part.child.reached_from)
    if limit is None:
        raise Uncovered
    return reading.write.against(">=", part.value, limit)


def _highest(part: _Part) -> Fraction:
    highest = part.child.highest or None
    if highest is None:
        return Fraction(0)
    if highest.exact is None:
        raise Uncovered
    return highest.exact


def _fired(reading: Reading, rule: PlannedRule) -> int:
    holds = reading.truth(rule.condition)
    return holds if rule.fires_on else reading.write.small(Code.NOT, holds)


def _after(reading: Reading, rule: PlannedRule, fires: int, value: Real) -> Real:
    fixed = exactly(rule.to)
    if rule.to is None and rule.at_least is None and rule.at_most is None:
        return value
    if rule.to is not None and fixed is None:
        raise Uncovered
    set_to = value if fixed is None else reading.write.constant(fixed)
    held = _held(reading, set_to, exactly(rule.at_least), exactly(rule.at_most))
    return reading.write.chosen(fires, held, value)


def _band(reading: Reading, item: PlannedNode, units: Real, fired: Sequence[int]) -> int | None:
    """Place of the band, lowest first."""
    if not item.bands:
        return None
    write, scale, count = reading.write, 10**item.rounding.places, len(item.bands)
    lowest = [exactly(band.lowest) or Fraction(0) for band in item.bands]
    if sorted(lowest) != lowest or count > 250:
        raise Uncovered
    limits = tuple(float(max(min(-(-each * scale // 1), MOST), -MOST)) for each in lowest[1:])
    place = write.put(lambda into: Operation(Code.BANDS, into, (units.at,), limits))
    order = [band.id for band in (reversed(item.bands) if item.less_is_better else item.bands)]
    for rule, fires in zip(item.rules, fired, strict=True):
        if rule.at_most_band is not None or rule.bands_down is not None:
            turned = [count - 1 - each if item.less_is_better else each for each in range(count)]
            after = [lowered(rule, before, order) for before in turned]
            table = tabled([count - 1 - each if item.less_is_better else each for each in after], "B")
            place = _lower(reading, fires, place, table)
    return place


def _lower(reading: Reading, fires: int, place: int, table: object) -> int:
    return reading.write.put(lambda into: Operation(Code.LOWER, into, (fires, place), table=table))  # type: ignore[arg-type]
