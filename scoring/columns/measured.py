"""Measured and computed numbers, and nodes over them, by intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Final

import numpy as np

from questionnaires.formula.tree import Expression, Number
from questionnaires.model import (
    Aggregation,
    Better,
    ComputedQuestion,
    LinearCurve,
    NumberQuestion,
    PassesOn,
    StepsCurve,
)
from scoring.columns.conditions import NO, PERHAPS, UNTOLD, YES, Reader, turned
from scoring.columns.intervals import Flags, Interval, constant, ends, quotient_of, rounded
from scoring.columns.ledger import (
    INAPPLICABLE,
    INSUFFICIENT,
    MOST,
    NO_BAND,
    OPEN,
    SCORED,
    UNDECIDED,
    Coded,
    Column,
    Scaled,
    Small,
    Spanned,
    Whole,
)
from scoring.columns.nodes import bands
from scoring.columns.reckoning import NONE, THERE, UNDEFINED, UNSURE, Quantity, Reckoner
from scoring.enclosure import ZERO, Enclosure, point
from scoring.packing.fields import ELSEWHERE, FIRST, MISSING, MOST_DIGITS, MOST_PLACES, NumberField, Unreadable
from scoring.packing.fields import INAPPLICABLE as DENIED
from scoring.plan import PlannedChild, PlannedCurve, PlannedNode, PlannedQuestion
from scoring.possible import substitute

_STATES: Final = np.array([SCORED, INAPPLICABLE, INSUFFICIENT, UNDECIDED], np.uint8)
"""State by what :mod:`scoring.columns.reckoning` says of a number."""

_POWERS: Final = np.array([float(10**places) for places in range(MOST_PLACES + 1)])
"""Powers of ten, each exactly a floating point number; a power computed by the processor need not be."""

_ARITHMETIC: Final = (
    Aggregation.MEAN,
    Aggregation.WEIGHTED_MEAN,
    Aggregation.SUM,
    Aggregation.MINIMUM,
    Aggregation.MAXIMUM,
    Aggregation.SHARE,
    Aggregation.COUNT,
    Aggregation.SHARE_REACHED,
)


def answered(
    reader: Reader, item: PlannedQuestion, columns: Mapping[str, Column], typed_in: TypedIn, count: int
) -> Scaled | Spanned | None:
    """A question answered with a number: exact where its curve is a straight line between numbers, or it has none."""
    ramp = _exact(item, typed_in)
    if ramp is None:
        return question(reader, item, columns, typed_in.quantity, count)
    numerator, denominator = ramp
    state = np.where(typed_in.missing, np.uint8(OPEN), _STATES.take(typed_in.quantity.status))
    if item.applies_when is not None:
        applies = reader.truths(item.applies_when, columns, count)
        state = np.where(applies == YES, state, np.where(applies == NO, np.uint8(INAPPLICABLE), np.uint8(UNDECIDED)))
    present = state == SCORED
    nothing = np.zeros(count, np.int64)
    return Scaled(
        state,
        present,
        np.where(present, numerator, 0),
        denominator,
        nothing,
        nothing.astype(np.int16),
        _whole(typed_in.quantity.value, count),
    )


def _exact(item: PlannedQuestion, typed_in: TypedIn) -> tuple[Whole, int] | None:
    """What the numbers are worth as whole numbers over one denominator; None: that is not possible, or too long."""
    scale = 10 ** int(typed_in.places.max(initial=0))
    size = int(np.abs(typed_in.digits).max(initial=0)) * scale
    if typed_in.elsewhere.any() or size >= MOST:
        return None
    digits = typed_in.digits * (scale // 10**typed_in.places)
    if item.curve is None:
        return digits, scale
    curve = item.curve.curve
    if not isinstance(curve, LinearCurve) or isinstance(curve.base, str) or isinstance(curve.lead, str):
        return None
    if curve.base == curve.lead or (curve.lead > curve.base) is not (curve.better is Better.MORE):
        return None
    slope = (curve.at_lead - curve.at_base) / (curve.lead - curve.base)
    start = curve.at_base - slope * curve.base
    limits = [curve.at_base, curve.at_lead] if curve.capped else []
    common = lcm(slope.denominator * scale, start.denominator, *(each.denominator for each in limits))
    factor, offset = int(slope * common / scale), int(start * common)
    if size * abs(factor) + abs(offset) >= MOST or common >= MOST:
        return None
    value = digits * factor + offset
    if limits:
        value = np.minimum(np.maximum(value, int(min(limits) * common)), int(max(limits) * common))
    return value, common


def question(
    reader: Reader, item: PlannedQuestion, columns: Mapping[str, Column], raw: Quantity | None, count: int
) -> Spanned | None:
    """A question with a number, typed (``raw``) or computed; None: it has words that are not done here."""
    reckoner = Reckoner(reader, columns, count)
    found = raw
    if found is None and item.formula is not None:
        found = reckoner.number(item.formula)
        if found is not None and isinstance(item.asked, ComputedQuestion):
            least, most = (None if end is None else point(end) for end in (item.asked.least, item.asked.most))
            found = Quantity(_held(found.value, least, most), found.status)
    if found is None:
        return None
    worth = found if item.curve is None else _worth(item.curve, found, reckoner)
    if worth is None:
        return None
    state = _STATES.take(np.where(found.status == THERE, worth.status, found.status))
    if item.applies_when is not None:
        applies = reader.truths(item.applies_when, columns, count)
        state = np.where(applies == YES, state, np.where(applies == NO, np.uint8(INAPPLICABLE), np.uint8(UNDECIDED)))
    nothing = np.zeros(count, np.int64)
    return Spanned(state, _whole(found.value, count), _whole(worth.value, count), nothing, nothing.astype(np.int16))


@dataclass(frozen=True, slots=True)
class TypedIn:
    """Numbers as they were typed."""

    quantity: Quantity
    digits: Whole
    places: Whole
    """Decimal places of the digits."""

    missing: Flags
    elsewhere: Flags
    """Where the number did not fit among the fixed bytes."""


def typed(field: NumberField, codes: Small) -> TypedIn:
    """The numbers that were typed, from their bytes.

    Raises:
        Unreadable: some bytes are no answer to the question.
    """
    first, rest = codes[:, 0], np.ascontiguousarray(codes[:, 1:])
    digits = rest.view(">i8").reshape(-1).astype(np.int64)
    said = first >= FIRST
    if (digits[~said] != 0).any() or (not field.deniable and (first == DENIED).any()):
        raise Unreadable
    places = np.where(said & (first != ELSEWHERE), first, FIRST).astype(np.int64) - FIRST
    too_long = (digits > MOST_DIGITS) | (digits < -MOST_DIGITS) | (places > MOST_PLACES)
    if (too_long | ((places > 0) & (digits % 10 == 0))).any():
        raise Unreadable
    power = _POWERS.take(places)
    value = quotient_of(digits, 1) / Interval(power, power)
    asked = field.question.asked
    if isinstance(asked, NumberQuestion):
        least, most = ends(asked.least, asked.most)
        if (value.high[said] < least).any() or (value.low[said] > most).any():
            raise Unreadable
    status = np.full(len(first), UNSURE, np.uint8)
    status[said & (first != ELSEWHERE)] = THERE
    status[first == DENIED] = NONE
    return TypedIn(Quantity(value, status), digits, places, first == MISSING, first == ELSEWHERE)


def _whole(value: Interval, count: int) -> Interval:
    """An element for each assessment."""
    return Interval(np.broadcast_to(value.low, count), np.broadcast_to(value.high, count))


def _held(value: Interval, least: Enclosure | None, most: Enclosure | None) -> Interval:
    if most is not None:
        value = value.least(_enclosed(most))
    return value if least is None else value.greatest(_enclosed(least))


def _enclosed(value: Enclosure) -> Interval:
    """The same for all assessments."""
    low, high = ends(value.low, value.high)
    return Interval(np.full(1, low), np.full(1, high))


def _worth(planned: PlannedCurve, measured: Quantity, reckoner: Reckoner) -> Quantity | None:
    """What the number is worth; None: a curve that is not done here."""
    curve = planned.curve
    if isinstance(curve, StepsCurve):
        return _stair(planned, curve, measured)
    if not isinstance(curve, LinearCurve):
        return None
    base, lead = _end(curve.base, planned.base, reckoner), _end(curve.lead, planned.lead, reckoner)
    if base is None or lead is None:
        return None
    return _ramp(curve, base, lead, measured, reckoner.same(*_as_formulas(planned, curve)))


def _end(amount: Fraction | str, formula: Expression | None, reckoner: Reckoner) -> Quantity | None:
    if isinstance(amount, Fraction):
        return Quantity(constant(amount), np.zeros(reckoner.count, np.uint8))
    return None if formula is None else reckoner.number(formula)


def _as_formulas(planned: PlannedCurve, curve: LinearCurve) -> tuple[Expression, Expression]:
    return tuple(  # type: ignore[return-value]  # two
        Number(amount, 0) if isinstance(amount, Fraction) else formula
        for amount, formula in ((curve.base, planned.base), (curve.lead, planned.lead))
    )


def _ramp(curve: LinearCurve, base: Quantity, lead: Quantity, measured: Quantity, same: Flags) -> Quantity:
    """The straight line, or a step where base and lead are the same; what is neither for certain is left alone."""
    more = curve.better is Better.MORE
    sure = lead.value.low > base.value.high if more else lead.value.high < base.value.low
    round_about = lead.value.high < base.value.low if more else lead.value.low > base.value.high
    none = Interval(np.ones(1), np.ones(1))
    part = (measured.value - base.value) / (lead.value - base.value).where(sure, none)
    if curve.capped:
        part = part.greatest(constant(Fraction(0))).least(constant(Fraction(1)))
    value = constant(curve.at_base) + part * constant(curve.at_lead - curve.at_base)
    reached = measured.value.low >= lead.value.high if more else measured.value.high <= lead.value.low
    missed = measured.value.high < lead.value.low if more else measured.value.low > lead.value.high
    value = constant(curve.at_lead).where(same & reached, constant(curve.at_base).where(same & missed, value))
    sure = sure | (same & (reached | missed))
    status = np.where(sure, np.uint8(THERE), np.where(round_about, np.uint8(UNDEFINED), np.uint8(UNSURE)))
    absent = (base.status == NONE) | (lead.status == NONE) | (base.status == UNDEFINED) | (lead.status == UNDEFINED)
    status = np.where(absent, np.uint8(UNDEFINED), status)
    status = np.where((base.status == UNSURE) | (lead.status == UNSURE), np.uint8(UNSURE), status)
    return Quantity(value, np.where(measured.status == THERE, status, measured.status))


def _stair(planned: PlannedCurve, curve: StepsCurve, measured: Quantity) -> Quantity:
    """The value of the last step reached; a number too near a step is left to the exact engine."""
    low, high = measured.value.low, measured.value.high
    value = _whole(constant(curve.below), len(measured.status))
    sure = np.ones(len(measured.status), np.bool_)
    for step in curve.steps:
        limit = constant(step.lowest)
        if planned.boundary_is_upper:
            reached, missed = low > limit.high, high <= limit.low
        else:
            reached, missed = low >= limit.high, high < limit.low
        sure &= reached | missed
        value = constant(step.value).where(reached, value)
    status = np.where(sure, np.uint8(THERE), np.uint8(UNSURE))
    return Quantity(value, np.where(measured.status == THERE, status, measured.status))


@dataclass(frozen=True, slots=True)
class _Part:
    child: PlannedChild
    value: Interval
    present: Flags
    state: Small


def node(reader: Reader, item: PlannedNode, columns: Mapping[str, Column], count: int) -> Spanned | None:
    """A node over measured numbers; None: its aggregation, or an amount that is a formula, is not done here."""
    if not item.is_plain:
        return None
    if item.aggregation is Aggregation.FORMULA and item.formula is not None:
        found = Reckoner(reader, columns, count).number(item.formula)
        if found is None:
            return None
        value, state = _whole(found.value, count), _STATES.take(found.status)
    elif item.aggregation in _ARITHMETIC:
        parts = [_part(item, child, columns[child.id]) for child in item.children]
        worked = _arithmetic(item, [part for part in parts if part is not None])
        if None in parts or worked is None:
            return None
        value, state = worked
    else:
        return None
    if item.applies_when is not None:
        applies = reader.truths(item.applies_when, columns, count)
        state = np.where(applies == YES, state, np.where(applies == NO, np.uint8(INAPPLICABLE), np.uint8(UNDECIDED)))
    value = _held(value, item.least, item.most)
    fired = []
    for rule in item.rules:
        holds = reader.truths(rule.condition, columns, count)
        fires = holds if rule.fires_on else turned(holds)
        fired.append(fires)
        set_to = value if rule.to is None else _whole(_enclosed(rule.to), count)
        value = _held(set_to, rule.at_least, rule.at_most).where(fires == YES, value)
        state = np.where(((fires == PERHAPS) | (fires == UNTOLD)) & (state == SCORED), np.uint8(UNDECIDED), state)
    scored = state == SCORED
    value = _whole(value, count).where(scored, constant(Fraction(0)))
    units, sure = rounded(value, item.rounding)
    state = np.where(scored & ~sure, np.uint8(UNDECIDED), state)
    place = np.array(bands(item, units, fired))
    place[state != SCORED] = NO_BAND
    if item.passes_on is PassesOn.STATED:
        value = quotient_of(units, 10**item.rounding.places)
    return Spanned(state, value, value, units, place)


def _part(item: PlannedNode, child: PlannedChild, column: Column) -> _Part | None:
    """A child as it counts in the node; None: what stands in for it is not known."""
    if isinstance(column, Coded):
        lows, highs = _values(column)
        value = Interval(lows.take(column.ids), highs.take(column.ids))
        present = column.ledger.arrays.present.take(column.ids)
        state = column.ledger.arrays.state.take(column.ids)
    elif isinstance(column, Scaled):
        value, present, state = quotient_of(column.numerator, column.denominator), column.present, column.state
    else:
        value, present, state = column.score, column.state == SCORED, column.state
    instead = substitute(item, child)
    if instead is not None:
        absent = (state == INAPPLICABLE) & ~present
        value = _enclosed(instead).where(absent, value)
        present = present | absent
    if child.cap is not None:
        value = value.least(_enclosed(child.cap))
    return _Part(child, value, present, state)


def _values(column: Coded) -> tuple[np.ndarray, np.ndarray]:
    if "value" not in column.ledger.spans:
        pairs = [
            (0.0, 0.0) if entry.value is None else ends(entry.value.low, entry.value.high)
            for entry in column.ledger.entries
        ]
        lows, highs = (np.array(each) for each in zip(*pairs, strict=True))
        column.ledger.spans["value"] = lows, highs, None
    lows, highs, _ = column.ledger.spans["value"]
    return lows, highs


def _arithmetic(item: PlannedNode, parts: Sequence[_Part]) -> tuple[Interval, Small] | None:
    """The value and the state; whatever is open is left to the exact engine."""
    unit = Fraction(1, lcm(*(part.child.weight.denominator for part in parts)))
    weights = [float(part.child.weight / unit) for part in parts]
    counted = [np.where(part.present, weight, 0.0) for part, weight in zip(parts, weights, strict=True)]
    weight = reduce(np.add, counted)
    zero = constant(Fraction(0))
    if sum(weights) * max(item.least_counted.denominator, item.out_of.denominator) >= 1 << 50:
        return None
    if item.aggregation in (Aggregation.MINIMUM, Aggregation.MAXIMUM):
        least = item.aggregation is Aggregation.MINIMUM
        none = np.full(1, np.inf if least else -np.inf)
        kept = [part.value.where(part.present, Interval(none, none)) for part in parts]
        value = reduce(Interval.least if least else Interval.greatest, kept)
    else:
        brought = [
            (part.value * Interval(np.full(1, own), np.full(1, own))).where(part.present, zero)
            for part, own in zip(parts, weights, strict=True)
        ]
        value = reduce(Interval.__add__, brought)
    achieved = weight > 0
    unclear = np.zeros(len(weight), np.bool_)
    if item.aggregation in (Aggregation.COUNT, Aggregation.SHARE_REACHED):
        value, unclear = _reached(item, parts, weights)
    if item.aggregation is Aggregation.SUM:
        value = value * constant(unit)
    elif item.aggregation is Aggregation.SHARE:
        possible = [
            (_enclosed(part.child.highest or ZERO) * Interval(own, own)).where(part.present, zero)
            for own, part in zip(counted, parts, strict=True)
        ]
        achievable = reduce(Interval.__add__, possible)
        achieved = achievable.low > 0
        if bool((~achieved & (achievable.high > 0)).any()):
            return None
        one = constant(Fraction(1))
        value = value * constant(item.out_of) / achievable.where(achieved, one)
    elif item.aggregation in (Aggregation.MEAN, Aggregation.WEIGHTED_MEAN, Aggregation.SHARE_REACHED):
        over = np.where(weight > 0, weight, 1.0)
        value = value / Interval(over, over)
    state = _state(item, parts, weight, achieved, float(item.total_weight / unit))
    return value, np.where(unclear, np.uint8(UNDECIDED), state)


def _reached(item: PlannedNode, parts: Sequence[_Part], weights: Sequence[float]) -> tuple[Interval, Flags]:
    """How many (or what weight) reach the limit, times ``out_of``; and where a value is too near it to tell."""
    share = item.aggregation is Aggregation.SHARE_REACHED
    found = np.zeros(len(parts[0].state))
    unclear = np.zeros(len(parts[0].state), np.bool_)
    for part, weight in zip(parts, weights, strict=True):
        limit = _enclosed(part.child.reached_from)
        reached = part.present & (part.value.low >= limit.high)
        unclear |= part.present & ~reached & (part.value.high >= limit.low)
        found += np.where(reached, weight if share else 1.0, 0.0)
    value = Interval(found, found)
    return (value * constant(item.out_of) if share else value), unclear


def _state(item: PlannedNode, parts: Sequence[_Part], weight: np.ndarray, achieved: Flags, total: float) -> Small:
    lacking = reduce(np.logical_or, [part.state == INSUFFICIENT for part in parts])
    unclear = reduce(np.logical_or, [~np.isin(part.state, (SCORED, INSUFFICIENT, INAPPLICABLE)) for part in parts])
    all_absent = reduce(np.logical_and, [part.state == INAPPLICABLE for part in parts])
    nobody = weight == 0
    share = item.least_counted
    too_few = nobody | (weight * share.denominator < share.numerator * total)
    state = np.where(too_few | lacking | ~achieved, np.uint8(INSUFFICIENT), np.uint8(SCORED))
    state[all_absent & nobody] = INAPPLICABLE
    state[unclear] = UNDECIDED
    return state
