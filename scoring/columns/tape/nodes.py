"""Nodes as operations of a tape: arithmetic over children, limits, rules, rounding and band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Final

from questionnaires.model import Aggregation, Inapplicable, PassesOn
from scoring.columns.tape.amounts import Amounts, after, band, held
from scoring.columns.tape.dividing import between, over
from scoring.columns.tape.formulas import Reading
from scoring.columns.tape.operations import MODES, Code, Operation, tabled
from scoring.columns.tape.reals import Real, Uncovered
from scoring.columns.tape.statuses import MISSING, NONE, THERE, UNDEFINED
from scoring.columns.tape.weights import Weighed, weighed, weight
from scoring.enclosure import exactly
from scoring.plan import STAND_IN, PlannedChild, PlannedNode, PlannedRule
from scoring.possible import substitute
from scoring.rules import moved

_ENDS: Final = (Aggregation.MINIMUM, Aggregation.MAXIMUM)
_MEANS: Final = (Aggregation.MEAN, Aggregation.WEIGHTED_MEAN, Aggregation.SHARE_REACHED, Aggregation.SHARE)
_NAMING: Final = frozenset({Aggregation.FORMULA, Aggregation.CUMULATIVE})
"""Aggregations that say themselves what is taken of a child."""

_NOT_BELOW_ZERO: Final = (Aggregation.GEOMETRIC, Aggregation.HARMONIC)
_COVERED: Final = (*_ENDS, *_MEANS, *_NOT_BELOW_ZERO, Aggregation.SUM, Aggregation.COUNT, Aggregation.MEDIAN)


@dataclass(frozen=True, slots=True)
class Result:
    """What a node came out as."""

    units: Real
    """In units of its last stated place."""

    band: int | None
    status: int | None
    value: Real = Real(0, 0.0, 0.0)  # noqa: RUF009 – it is frozen
    """What parents and formulas take."""

    unbanded: int | None = None
    """Register of why there is no band where there is a value; None: there always is one, if there are bands."""

    is_profile: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    child: PlannedChild
    value: Real
    present: int | None
    """Register of whether it counts; None: it always does."""

    status: int | None
    reached_from: Real | None = None


def node(reading: Reading, item: PlannedNode) -> Result:
    """A node, from what was written down of all below it.

    Raises:
        Uncovered: it has words that are not written down here.
    """
    if any(STAND_IN in child.formulas for child in item.children):
        raise Uncovered
    if item.aggregation in _NAMING and any(child.formulas for child in item.children):
        raise Uncovered  # the value does not take them, and waits for them all the same
    if item.aggregation is Aggregation.PROFILE:
        return _profile(reading, item)
    amounts = _amounts_of(reading, item)
    least, most = (amounts.limit(item.formulas, *each) for each in (("least", item.least), ("most", item.most)))
    amounts.turned_round(least, most)
    if item.aggregation is Aggregation.FORMULA and item.formula is not None:
        value = reading.number(item.formula)
    elif item.aggregation is Aggregation.CUMULATIVE:
        value = _by_gates(reading, item)
    elif item.aggregation in _COVERED:
        parts = [_part(amounts, item, child) for child in item.children]
        value = _arithmetic(reading, item, parts) if item.has_fixed_weights else _weighed(amounts, item, parts)
    else:
        raise Uncovered
    value = replace(value, status=amounts.status(value.status))
    if item.applies_when is not None:
        value = reading.where_it_applies(value, reading.truth(item.applies_when))
    value = held(reading, value, least, most)
    fired = [_fired(reading, rule) for rule in item.rules]
    for rule, fires in zip(item.rules, fired, strict=True):
        value = after(reading, rule, fires, value)
    status = value.status
    scale = 10**item.rounding.places
    units = reading.write.rounded(value, scale, MODES.index(item.rounding.mode.value))
    place, unbanded = band(reading, item, units, value)
    if item.passes_on is PassesOn.STATED:
        value = reading.write.line(units, Fraction(1, scale), Fraction(0))
    return Result(units, _band(reading, item, place, fired), status, replace(value, status=status), unbanded)


def _amounts_of(reading: Reading, item: PlannedNode) -> Amounts:
    of_most, stays_itself = item.aggregation is Aggregation.SHARE, False
    for child in item.children:
        stays = (child.inapplicable or item.inapplicable) is not Inapplicable.EXCLUDE
        if (of_most or stays) and "cap" in child.formulas:
            raise Uncovered  # what stands in for a child, or what it could achieve, depends on its limit
        if of_most and child.rows is not None and (stays or child.cap is not None):
            raise Uncovered
        stays_itself = stays_itself or (stays and item.aggregation is not Aggregation.FORMULA)
    return Amounts(reading, stays_itself)


def _profile(reading: Reading, item: PlannedNode) -> Result:
    """A node without a value of its own, and its class."""
    if not item.has_fixed_weights:
        raise Uncovered
    write, statuses = reading.write, [reading.status_of(child.id) for child in item.children]
    weights = [child.weight for child in item.children]
    unit = Fraction(1, lcm(*(weight.denominator for weight in weights)))
    parts = [
        _Part(child, write.constant(Fraction(0)), None if status is None else reading.is_there(status), status)
        for child, status in zip(item.children, statuses, strict=True)
    ]
    if any(weight <= 0 for weight in weights):
        raise Uncovered
    none = write.constant(Fraction(0))
    if all(part.present is None for part in parts):
        found = replace(none, status=_lacking(reading, parts, None))
    else:
        found = _of_some(reading, item, parts, [weight / unit for weight in weights], unit)
    if item.applies_when is not None:
        found = reading.where_it_applies(found, reading.truth(item.applies_when))
    place, unbanded = None, None
    if item.classes:
        place, any_one = write.fixed(0), reading.fixed(0)
        for own, each in enumerate(item.classes):
            holds = reading.truth(each.holds)
            place = write.small(Code.CHOOSE_SMALL, holds, write.fixed(own), place)
            any_one = write.small(Code.EITHER, any_one, holds)
        unbanded = write.small(Code.CHOOSE_SMALL, any_one, reading.fixed(THERE), reading.fixed(UNDEFINED))
    status = reading.fixed(THERE) if found.status is None else found.status
    own_value = replace(none, status=found.status, constant=None)
    return Result(none, place, status, own_value, unbanded, is_profile=True)


def _by_gates(reading: Reading, item: PlannedNode) -> Real:
    """The value of the last stage whose condition holds together with all before it."""
    write = reading.write
    value, passed = write.constant(item.below), write.always()
    for stage in item.stages:
        passed = write.small(Code.BOTH, passed, reading.truth(stage.when))
        value = write.chosen(passed, write.constant(stage.value), value)
    statuses = [reading.status_of(child.id) for child in item.children]
    if None in statuses:
        return replace(value, status=None, constant=None)
    absent, there = write.always(), reading.fixed(0)
    for own in statuses:
        absent = write.small(Code.BOTH, absent, write.small(Code.IS, own or 0, numbers=(NONE,)))
        there = write.small(Code.EITHER, there, reading.is_there(own or 0))
    status = write.small(Code.CHOOSE_SMALL, there, reading.fixed(THERE), reading.fixed(MISSING))
    status = write.small(Code.CHOOSE_SMALL, absent, reading.fixed(NONE), status)
    return reading.settled(replace(value, status=status, constant=None))


def _part(amounts: Amounts, item: PlannedNode, child: PlannedChild) -> _Part:
    reading = amounts.reading
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
    value = held(reading, value, None, amounts.limit(child.formulas, "cap", child.cap))
    formula, plain = child.formulas.get("reached_from"), exactly(child.reached_from)
    reached_from = None if plain is None else reading.write.constant(plain)
    reached_from = reached_from if formula is None else amounts.threshold(formula)
    return _Part(child, value, present, status, reached_from)


def _arithmetic(reading: Reading, item: PlannedNode, parts: Sequence[_Part]) -> Real:
    """The value before limits and rules, with its status."""
    unit = Fraction(1, lcm(*(part.child.weight.denominator for part in parts)))
    weights = [part.child.weight / unit for part in parts]
    if any(weight <= 0 for weight in weights):
        raise Uncovered
    by_rows = item.aggregation is Aggregation.SHARE and item.by_rows
    if all(part.present is None for part in parts) and not by_rows:
        value = _of_all(reading, item, parts, weights, unit)
        value = replace(value, status=_lacking(reading, parts, None))
    else:
        value = _of_some(reading, item, parts, weights, unit)
    return _not_below_zero(reading, parts, value) if item.aggregation in _NOT_BELOW_ZERO else value


def _weighed(amounts: Amounts, item: PlannedNode, parts: Sequence[_Part]) -> Real:
    """The same where weights are formulas."""
    write, found = amounts.reading.write, []
    by_reaching = item.aggregation is Aggregation.SHARE_REACHED
    for part in parts:
        if "weight" in part.child.formulas:
            own, counts = weight(amounts, part.child.formulas["weight"])
        else:
            own, counts = write.constant(part.child.weight), write.fixed(int(part.child.weight > 0))
        value = part.value
        if by_reaching:
            out_of, nothing = write.constant(item.out_of), write.constant(Fraction(0))
            value = replace(write.chosen(_reached(amounts.reading, part), out_of, nothing), status=None)
        found.append(Weighed(value, part.status, part.present, own, counts))
    return weighed(amounts, item, found)


def _mean_of_factors(reading: Reading, item: PlannedNode, parts: Sequence[_Part], weights: Sequence[Fraction]) -> Real:
    """The geometric or the harmonic mean of what counts."""
    several = [(part.value, weight, part.present) for part, weight in zip(parts, weights, strict=True)]
    write = reading.write
    return write.geometric(several) if item.aggregation is Aggregation.GEOMETRIC else write.harmonic(several)


def _not_below_zero(reading: Reading, parts: Sequence[_Part], value: Real) -> Real:
    """Without a value where a child that counts is below 0."""
    write, status = reading.write, value.status
    for part in parts:
        if part.value.low < 0:
            below = write.against("<", part.value, Fraction(0))
            below = below if part.present is None else write.small(Code.BOTH, below, part.present)
            status = reading.lost_where(below, status)
    return replace(value, status=status)


def _of_all(
    reading: Reading, item: PlannedNode, parts: Sequence[_Part], weights: Sequence[Fraction], unit: Fraction
) -> Real:
    """Every child counts, always."""
    write, total = reading.write, sum(weights, Fraction(0))
    match item.aggregation:
        case Aggregation.MINIMUM | Aggregation.MAXIMUM:
            return write.end_of(item.aggregation is Aggregation.MINIMUM, [part.value for part in parts])
        case Aggregation.MEDIAN:
            return write.median([part.value for part in parts], None)
        case Aggregation.GEOMETRIC | Aggregation.HARMONIC:
            return _mean_of_factors(reading, item, parts, weights)
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
            value = write.end_of_some(item.aggregation is Aggregation.MINIMUM, [part.value for part in parts], present)
        case Aggregation.MEDIAN:
            value = write.median([part.value for part in parts], present)
        case Aggregation.GEOMETRIC | Aggregation.HARMONIC:
            value = _mean_of_factors(reading, item, parts, weights)
        case Aggregation.COUNT | Aggregation.SHARE_REACHED:
            reached = [
                write.small(Code.BOTH, own, _reached(reading, part)) for own, part in zip(present, parts, strict=True)
            ]
            ones = [Fraction(1)] * len(parts) if item.aggregation is Aggregation.COUNT else list(weights)
            value = write.counted(list(zip(reached, ones, strict=True)))
            if item.aggregation is Aggregation.SHARE_REACHED:
                value = over(write, write.line(value, item.out_of, Fraction(0)), weight, weights)
        case Aggregation.SHARE:
            most = [
                each
                for own, part, weight_of in zip(present, parts, weights, strict=True)
                for each in _achievable(reading, part, own, weight_of)
            ]
            common = lcm(*(each.denominator for _, each in most))
            if any(each <= 0 for _, each in most):
                raise Uncovered
            total = _total(reading, parts, present, [own * common * item.out_of for own in weights])
            possible = [(own, each * common) for own, each in most]
            value = over(write, total, write.counted(possible), [each for _, each in possible])
        case Aggregation.SUM | Aggregation.PROFILE:
            value = _total(reading, parts, present, [own * unit for own in weights])
        case _:
            value = over(write, _total(reading, parts, present, weights), weight, weights)
            value = between(value, [part.value for part in parts])
    lacking = _lacking(reading, parts, nobody)
    if item.least_counted:
        too_few = write.against("<", weight, item.least_counted * sum(weights, Fraction(0)))
        lacking = reading.lost_where(too_few, lacking)
    return replace(value, status=lacking)


def _total(reading: Reading, parts: Sequence[_Part], present: Sequence[int], weights: Sequence[Fraction]) -> Real:
    return reading.write.summed(
        [(part.value, weight, own) for part, weight, own in zip(parts, weights, present, strict=True)]
    )


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


def _reached(reading: Reading, part: _Part) -> int:
    if part.reached_from is None:
        raise Uncovered
    return reading.write.compared(">=", part.value, part.reached_from)


def _achievable(reading: Reading, part: _Part, present: int, weight: Fraction) -> list[tuple[int, Fraction]]:
    """What a child could achieve, weighed, where it counts (B): of some grids as much as the rows that apply."""
    if part.child.rows is None:
        return [(present, _highest(part) * weight)]
    rows = reading.rows.get(part.child.id)
    if not rows:
        raise Uncovered
    both = reading.write.small
    return [(both(Code.BOTH, present, rows[row]), most * weight) for row, most in part.child.rows.highest.items()]


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


def _band(reading: Reading, item: PlannedNode, place: int | None, fired: Sequence[int]) -> int | None:
    """Place of the band, lowest first, after the rules."""
    if place is None:
        return None
    count = len(item.bands)
    order = [each.id for each in (reversed(item.bands) if item.less_is_better else item.bands)]
    for rule, fires in zip(item.rules, fired, strict=True):
        if rule.moves_band:
            turned = [count - 1 - each if item.less_is_better else each for each in range(count)]
            left = [moved(rule, before, order) for before in turned]
            table = tabled([count - 1 - each if item.less_is_better else each for each in left], "B")
            place = _lower(reading, fires, place, table)
    return place


def _lower(reading: Reading, fires: int, place: int, table: object) -> int:
    return reading.write.put(lambda into: Operation(Code.LOWER, into, (fires, place), table=table))  # type: ignore[arg-type]
