"""Questions with a measured or computed number, by intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Final

import numpy as np

from questionnaires.formula.tree import Expression, Number
from questionnaires.model import (
    Better,
    ComputedQuestion,
    LinearCurve,
    StepsCurve,
)
from scoring.columns.conditions import NO, YES, Reader
from scoring.columns.decimals import limits, on_the_scale
from scoring.columns.intervals import Flags, Interval, constant, held, quotient_of, whole
from scoring.columns.ledger import (
    INAPPLICABLE,
    INSUFFICIENT,
    MOST,
    OPEN,
    SCORED,
    UNDECIDED,
    Column,
    Scaled,
    Small,
    Spanned,
    Whole,
)
from scoring.columns.reckoning import NONE, THERE, UNDEFINED, UNSURE, Quantity, Reckoner
from scoring.enclosure import point
from scoring.packing.fields import ELSEWHERE, FIRST, MISSING, MOST_DIGITS, MOST_PLACES, NumberField, Unreadable
from scoring.packing.fields import INAPPLICABLE as DENIED
from scoring.plan import PlannedCurve, PlannedQuestion

STATE_OF: Final = np.array([SCORED, INAPPLICABLE, INSUFFICIENT, UNDECIDED], np.uint8)
"""State by what :mod:`scoring.columns.reckoning` says of a number."""

_POWERS: Final = np.array([float(10**places) for places in range(MOST_PLACES + 1)])
"""Powers of ten, each exactly a floating point number; a power computed by the processor need not be."""


def where_it_applies(state: Small, applies: Small) -> Small:
    """The state where its condition holds; where that is open, the whole assessment has to tell."""
    return np.where(applies == YES, state, np.where(applies == NO, np.uint8(INAPPLICABLE), np.uint8(UNDECIDED)))


def answered(
    reader: Reader, item: PlannedQuestion, columns: Mapping[str, Column], typed_in: TypedIn, count: int
) -> Scaled | Spanned | None:
    """A question answered with a number: exact where its curve is a straight line between numbers, or it has none."""
    ramp = _exact(item, typed_in)
    if ramp is None:
        return question(reader, item, columns, typed_in.quantity, count)
    numerator, denominator = ramp
    state = np.where(typed_in.missing, np.uint8(OPEN), STATE_OF.take(typed_in.quantity.status))
    if item.applies_when is not None:
        state = where_it_applies(state, reader.truths(item.applies_when, columns, count))
    present = state == SCORED
    nothing = np.zeros(count, np.int64)
    return Scaled(
        state,
        present,
        np.where(present, numerator, 0),
        denominator,
        nothing,
        nothing.astype(np.int16),
        whole(typed_in.quantity.value, count),
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
            found = Quantity(held(found.value, least, most), found.status)
    if found is None:
        return None
    worth = found if item.curve is None else _worth(item.curve, found, reckoner)
    if worth is None:
        return None
    state = STATE_OF.take(np.where(found.status == THERE, worth.status, found.status))
    if item.applies_when is not None:
        state = where_it_applies(state, reader.truths(item.applies_when, columns, count))
    unrated = (found.status == THERE) & (state == INSUFFICIENT)
    nothing = np.zeros(count, np.int64)
    number, score = whole(found.value, count), whole(worth.value, count)
    return Spanned(state, number, score, nothing, nothing.astype(np.int16), unrated if unrated.any() else None)


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
    here = said & (first != ELSEWHERE)
    if (digits[~said] != 0).any() or (not field.deniable and (first == DENIED).any()):
        raise Unreadable
    places = np.where(here, first, FIRST).astype(np.int64) - FIRST
    too_long = (digits > MOST_DIGITS) | (digits < -MOST_DIGITS) | (places > MOST_PLACES)
    if (too_long | ((places > 0) & (digits % 10 == 0))).any():
        raise Unreadable
    power = _POWERS.take(places)
    value = quotient_of(digits, 1)
    if places.any():
        value = value / Interval(power, power)
    for own in np.unique(places[here]).tolist():
        alike = digits[here & (places == own)]
        least, most = limits(field, own)
        beyond = (least is not None and alike.min() < least) or (most is not None and alike.max() > most)
        if beyond or not on_the_scale(field, alike, own):
            raise Unreadable
    status = np.full(len(first), UNSURE, np.uint8)
    status[here] = THERE
    status[first == DENIED] = NONE
    return TypedIn(Quantity(value, status), digits, places, first == MISSING, first == ELSEWHERE)


def _worth(planned: PlannedCurve, measured: Quantity, reckoner: Reckoner) -> Quantity | None:
    """What the number is worth; None: a curve that is not done here."""
    curve = planned.curve
    if isinstance(curve, StepsCurve):
        return _stair(curve, measured)
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


def _stair(curve: StepsCurve, measured: Quantity) -> Quantity:
    """The value of the last step reached; a number too near a step is left to the exact engine."""
    low, high = measured.value.low, measured.value.high
    value = whole(constant(curve.below), len(measured.status))
    sure = np.ones(len(measured.status), np.bool_)
    for step in curve.steps:
        limit = constant(step.lowest)
        if curve.excludes(step):
            reached, missed = low > limit.high, high <= limit.low
        else:
            reached, missed = low >= limit.high, high < limit.low
        sure &= reached | missed
        value = constant(step.value).where(reached, value)
    status = np.where(sure, np.uint8(THERE), np.uint8(UNSURE))
    return Quantity(value, np.where(measured.status == THERE, status, measured.status))
