"""What a measured number is worth, as operations of a tape."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from questionnaires.model import Better, LinearCurve, StepsCurve
from scoring.columns.tape.formulas import THERE, UNDEFINED, Reading
from scoring.columns.tape.operations import Code
from scoring.columns.tape.reals import Real, Uncovered
from scoring.plan import PlannedCurve


def worth(reading: Reading, planned: PlannedCurve, number: Real) -> Real:
    """The value of a number, with its status."""
    curve = planned.curve
    if isinstance(curve, StepsCurve):
        steps = [(step.lowest, step.value) for step in curve.steps]
        stairs = reading.write.stairs(number, curve.below, steps, strictly=planned.boundary_is_upper)
        if stairs is not None:
            return replace(stairs, status=number.status)
        found = reading.write.constant(curve.below)
        for step in curve.steps:
            reached = reading.write.against(">" if planned.boundary_is_upper else ">=", number, step.lowest)
            found = reading.write.chosen(reached, reading.write.constant(step.value), found)
        return replace(found, status=number.status)
    if not isinstance(curve, LinearCurve):
        raise Uncovered
    base, lead = _end(reading, curve.base, planned, "base"), _end(reading, curve.lead, planned, "lead")
    status = _status(reading, number, base, lead)
    if base.constant is not None and lead.constant is not None:
        return _between_numbers(reading, curve, base.constant, lead.constant, replace(number, status=status))
    if base.at == lead.at:
        return replace(_step(reading, curve, lead, number), status=status)
    return _between_measured(reading, curve, base, lead, replace(number, status=status))


def _end(reading: Reading, amount: Fraction | str, planned: PlannedCurve, end: str) -> Real:
    if isinstance(amount, Fraction):
        return reading.write.constant(amount)
    formula = planned.base if end == "base" else planned.lead
    if formula is None:
        raise Uncovered
    return reading.number(formula)


def _status(reading: Reading, number: Real, base: Real, lead: Real) -> int | None:
    """An end without a number leaves a number that is there without a value."""
    status = number.status
    for end in (base, lead):
        if end.status is not None:
            status = reading.fixed(THERE) if status is None else status
            missing = reading.write.small(Code.NOT, reading.is_there(end.status))
            lost = reading.write.small(Code.BOTH, missing, reading.is_there(status))
            status = reading.write.small(Code.CHOOSE_SMALL, lost, reading.fixed(UNDEFINED), status)
    return status


def _step(reading: Reading, curve: LinearCurve, lead: Real, number: Real) -> Real:
    """Base and lead are the same: all or nothing."""
    operator = ">=" if curve.better is Better.MORE else "<="
    reached = reading.write.compared(operator, number, lead)
    write = reading.write
    return write.chosen(reached, write.constant(curve.at_lead), write.constant(curve.at_base))


def _between_numbers(reading: Reading, curve: LinearCurve, base: Fraction, lead: Fraction, number: Real) -> Real:
    write = reading.write
    if base == lead:
        return replace(_step(reading, curve, write.constant(lead), number), status=number.status)
    if (lead > base) is not (curve.better is Better.MORE):
        status = reading.fixed(THERE) if number.status is None else number.status
        there = reading.is_there(status)
        status = write.small(Code.CHOOSE_SMALL, there, reading.fixed(UNDEFINED), status)
        return replace(write.constant(Fraction(0)), status=status, constant=None)
    slope = (curve.at_lead - curve.at_base) / (lead - base)
    start = curve.at_base - slope * base
    if curve.capped:
        return replace(write.ramp(number, (min(base, lead), max(base, lead)), slope, start), status=number.status)
    return replace(write.line(number, slope, start), status=number.status)


def _between_measured(reading: Reading, curve: LinearCurve, base: Real, lead: Real, number: Real) -> Real:
    """The same where an end was measured too: none the wrong way round, and a step where both are the same."""
    if not curve.capped:
        raise Uncovered
    write = reading.write
    wide = write.minus(lead, base)
    wrong = write.against("<" if curve.better is Better.MORE else ">", wide, Fraction(0))
    same = write.against("=", wide, Fraction(0))
    one = write.constant(Fraction(1))
    part = write.part(number, base, write.chosen(same, one, wide))
    line = write.line(part, curve.at_lead - curve.at_base, curve.at_base)
    found = write.chosen(same, _step(reading, curve, lead, number), line)
    status = reading.fixed(THERE) if number.status is None else number.status
    lost = write.small(Code.BOTH, wrong, reading.is_there(status))
    return replace(found, status=write.small(Code.CHOOSE_SMALL, lost, reading.fixed(UNDEFINED), status), constant=None)
