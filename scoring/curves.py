"""Scoring curves: what a measured number is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from questionnaires.model import Better, LinearCurve, LogCurve, PointsCurve, StepsCurve
from scoring.enclosure import ANYTHING, Enclosure, greatest, least, logarithm, point
from scoring.facts import Reading
from scoring.formulas import number
from scoring.plan import PlannedCurve
from scoring.quantities import Quantity, compared
from scoring.rounding import Undecided


def worth(planned: PlannedCurve, measured: Quantity, reading: Reading) -> Quantity:
    """The value of a measured number (or of all numbers it may still be)."""
    if measured.span is None:
        return measured
    curve = planned.curve
    if isinstance(curve, StepsCurve):
        found = _stair(curve, measured, reading)
        return replace(measured, span=found)
    if isinstance(curve, PointsCurve):
        return replace(measured, span=_corners(curve, measured.span))
    ends = [_end(curve.base, planned.base, reading), _end(curve.lead, planned.lead, reading)]
    if any(end.span is None for end in ends):
        return Quantity(None, known=all(end.known for end in ends), undefined=True)
    base, lead = (end.span for end in ends if end.span is not None)
    if not all(end.known for end in ends):
        if _turned_round(curve, base, lead) and not any(end.optional or end.may_fail for end in ends):
            return Quantity(None, known=False, optional=measured.optional, undefined=True)
        found = _open_ramp(curve, base, lead, measured, reading)
        return Quantity(found, known=False, optional=measured.optional, may_fail=True)
    if _cannot_be_told_apart(base, lead, reading):
        found_on_ramp = _at_lead_or_not(curve, lead, measured, reading)
    else:
        found_on_ramp = _ramp(curve, base, lead, measured, reading)
    low = measured.span.low
    may_fail = measured.may_fail or (isinstance(curve, LogCurve) and not measured.known and (low is None or low <= 0))
    return replace(measured, span=found_on_ramp, undefined=found_on_ramp is None, may_fail=may_fail)


def reachable(planned: PlannedCurve) -> Enclosure:
    """All values a curve can give, whatever the number."""
    curve = planned.curve
    if isinstance(curve, StepsCurve):
        values = [point(curve.below), *(point(step.value) for step in curve.steps)]
        return Enclosure(least(values).low, greatest(values).high)
    if isinstance(curve, PointsCurve):
        corners = [point(corner.value) for corner in curve.points]
        return Enclosure(least(corners).low, greatest(corners).high)
    return _whole_ramp(curve)


def _end(amount: Fraction | str, formula: object, reading: Reading) -> Quantity:
    if isinstance(amount, Fraction):
        return Quantity(point(amount))
    return number(formula, reading)  # type: ignore[arg-type]  # compiled from that very amount


def _whole_ramp(curve: LinearCurve | LogCurve) -> Enclosure:
    return point(curve.at_base).hull(point(curve.at_lead)) if curve.capped else ANYTHING


def _open_ramp(
    curve: LinearCurve | LogCurve, base: Enclosure, lead: Enclosure, measured: Quantity, reading: Reading
) -> Enclosure:
    """All values of a curve with open ends that may stand the right way round."""
    more = curve.better is Better.MORE
    if measured.span is not None and curve.capped:
        if compared(">=" if more else "<=", measured.span, lead) is True:
            return point(curve.at_lead)
        if compared("<" if more else ">", measured.span, base) is True:
            return point(curve.at_base)
    if compared("<" if more else ">", base, lead) is not True:
        return _whole_ramp(curve)
    found = _ramp(curve, base, lead, measured, reading)
    return _whole_ramp(curve) if found is None else found


def _ramp(
    curve: LinearCurve | LogCurve, base: Enclosure, lead: Enclosure, measured: Quantity, reading: Reading
) -> Enclosure | None:
    """The straight line; a step at the lead value where base and lead are the same."""
    span = measured.span
    assert span is not None  # noqa: S101 – held by worth
    if base.exact is not None and base.exact == lead.exact:
        return _at_lead_or_not(curve, lead, measured, reading)
    if _turned_round(curve, base, lead):
        return None
    position = span
    if isinstance(curve, LogCurve):
        logs = [logarithm(item, reading.bits) for item in (span, base, lead)]
        if logs[0] is None and curve.capped and span.exact == 0:
            return point(curve.at_base if curve.better is Better.MORE else curve.at_lead)
        if None in logs:
            return None
        position, base, lead = (item for item in logs if item is not None)
    inverse = (lead - base).inverse()
    if inverse is None:
        return None
    part = (position - base) * inverse
    if curve.capped:
        part = part.at_least(Fraction(0)).at_most(Fraction(1))
    return point(curve.at_base) + part * point(curve.at_lead - curve.at_base)


def _cannot_be_told_apart(base: Enclosure, lead: Enclosure, reading: Reading) -> bool:
    """Whether irrational ends are the same, as far as can be told."""
    if compared("=", base, lead) is not None:
        return False
    if not reading.last:
        raise Undecided
    return True


def _turned_round(curve: LinearCurve | LogCurve, base: Enclosure, lead: Enclosure) -> bool:
    """Whether the lead value lies on the wrong side of the base value: no line is drawn the wrong way in silence."""
    return compared("<" if curve.better is Better.MORE else ">", lead, base) is True


def _at_lead_or_not(
    curve: LinearCurve | LogCurve, lead: Enclosure, measured: Quantity, reading: Reading
) -> Enclosure | None:
    assert measured.span is not None  # noqa: S101 – held by worth
    reached = compared(">=" if curve.better is Better.MORE else "<=", measured.span, lead)
    if reached is None and measured.known:
        if not reading.last:
            raise Undecided
        reached = True
    if reached is None:
        return _whole_ramp(curve)
    return point(curve.at_lead if reached else curve.at_base)


def _stair(curve: StepsCurve, measured: Quantity, reading: Reading) -> Enclosure:
    assert measured.span is not None  # noqa: S101 – held by worth
    possible = [curve.below]
    for step in curve.steps:
        operator = ">" if curve.excludes(step) else ">="
        reached = compared(operator, measured.span, point(step.lowest))
        if reached is None and measured.known:
            if not reading.last:
                raise Undecided
            reached = operator == ">="
        if reached is False:
            break
        possible = [step.value] if reached else [*possible, step.value]
    return Enclosure(min(possible), max(possible))


def _corners(curve: PointsCurve, span: Enclosure) -> Enclosure:
    """The line's values at both ends and at every corner between them."""
    first, last = curve.points[0], curve.points[-1]
    low = first.at if span.low is None else span.low
    high = last.at if span.high is None else span.high
    ends = [_on_the_line(curve, low), _on_the_line(curve, high)]
    between = [corner.value for corner in curve.points if low < corner.at < high]
    return _all_of([*ends, *between])


def _all_of(values: Sequence[Fraction]) -> Enclosure:
    return Enclosure(min(values), max(values))


def _on_the_line(curve: PointsCurve, at: Fraction) -> Fraction:
    if at <= curve.points[0].at:
        return curve.points[0].value
    for before, after in zip(curve.points, curve.points[1:], strict=False):
        if at <= after.at:
            return before.value + (after.value - before.value) * (at - before.at) / (after.at - before.at)
    return curve.points[-1].value
