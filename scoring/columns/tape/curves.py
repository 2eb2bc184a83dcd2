"""What a measured number is worth, as operations of a tape."""

from __future__ import annotations

from dataclasses import replace
from decimal import Context, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final

from questionnaires.model import Better, LinearCurve, LogCurve, PointsCurve, StepsCurve
from scoring.columns.tape.formulas import Reading
from scoring.columns.tape.operations import Code
from scoring.columns.tape.reals import Real, Uncovered
from scoring.columns.tape.statuses import THERE, UNDEFINED
from scoring.plan import PlannedCurve


def worth(reading: Reading, planned: PlannedCurve, number: Real) -> Real:
    """The value of a number, with its status."""
    curve = planned.curve
    if isinstance(curve, StepsCurve):
        steps = [(step.lowest, step.value) for step in curve.steps]
        sides = {curve.excludes(step) for step in curve.steps}
        stairs = reading.write.stairs(number, curve.below, steps, strictly=True in sides) if len(sides) == 1 else None
        if stairs is not None:
            return replace(stairs, status=number.status)
        found = reading.write.constant(curve.below)
        for step in curve.steps:
            reached = reading.write.against(">" if curve.excludes(step) else ">=", number, step.lowest)
            found = reading.write.chosen(reached, reading.write.constant(step.value), found)
        return replace(found, status=number.status)
    if isinstance(curve, PointsCurve):
        return replace(_corners(reading, curve, number), status=number.status)
    if isinstance(curve, LogCurve):
        return _over_logarithms(reading, planned, curve, number)
    base, lead = _end(reading, curve.base, planned, "base"), _end(reading, curve.lead, planned, "lead")
    status = _status(reading, number, base, lead)
    if base.constant is not None and lead.constant is not None:
        return _between_numbers(reading, curve, base.constant, lead.constant, replace(number, status=status))
    if base.at == lead.at:
        return replace(_step(reading, curve, lead, number), status=status)
    return _between_measured(reading, curve, base, lead, replace(number, status=status))


def _corners(reading: Reading, curve: PointsCurve, number: Real) -> Real:
    """Straight lines between corners: the first value, and what each line adds to it."""
    write, total = reading.write, reading.write.constant(curve.points[0].value)
    parts = [(total, Fraction(1), None)]
    for before, following in pairwise(curve.points):
        slope = (following.value - before.value) / (following.at - before.at)
        if slope:
            parts.append((write.ramp(number, (before.at, following.at), slope, -slope * before.at), Fraction(1), None))
    return replace(write.summed(parts), constant=None) if len(parts) > 1 else replace(total, constant=None)


def _over_logarithms(reading: Reading, planned: PlannedCurve, curve: LogCurve, number: Real) -> Real:
    """A straight line over the logarithm of the number."""
    write, base, lead = reading.write, curve.base, curve.lead
    more = curve.better is Better.MORE
    if isinstance(base, str) or isinstance(lead, str):
        return _over_measured_logarithms(reading, planned, curve, number)
    if base == lead or (lead > base) is not more:
        raise Uncovered
    logs, none = write.logarithm(number)
    ends = [_logarithm(end) for end in (base, lead)]
    slope = (curve.at_lead - curve.at_base) / (ends[1] - ends[0])
    line = write.line(logs, _short(slope), _short(curve.at_base - slope * ends[0]))
    line = replace(line, absolute=line.absolute + _SHORTEST * (2 + logs.size), of=None)
    status = number.status
    if curve.capped:
        least, most = sorted((curve.at_base, curve.at_lead))
        line = write.clamped(line, least, most)
    if none is not None:
        at_zero = curve.at_base if more else curve.at_lead
        line = write.chosen(none, write.constant(at_zero), line) if curve.capped else line
        lost = write.against("<", number, Fraction(0)) if curve.capped else none
        status = reading.lost_where(lost, status) if number.low < 0 or not curve.capped else status
    return replace(line, status=status, constant=None)


_NARROW: Final = Fraction(1, 1 << 10)
"""The difference of two logarithms below which assessments are left to other columns."""


def _over_measured_logarithms(reading: Reading, planned: PlannedCurve, curve: LogCurve, number: Real) -> Real:
    """The same where an end was measured: a step where both are the same, no value where one has no logarithm."""
    if not curve.capped:
        raise Uncovered
    write, more, one = reading.write, curve.better is Better.MORE, reading.write.constant(Fraction(1))
    base, lead = _end(reading, curve.base, planned, "base"), _end(reading, curve.lead, planned, "lead")
    apart = write.minus(lead, base)
    wrong = write.against("<" if more else ">", apart, Fraction(0))
    same = write.against("=", apart, Fraction(0))
    (logs, none), (of_base, *below_base), (of_lead, *below_lead) = map(write.logarithm, (number, base, lead))
    wide = write.minus(of_lead, of_base)
    if wide.bounds:
        raise Uncovered
    narrow = [write.against(">", wide, -_NARROW), write.against("<", wide, _NARROW)]
    close = write.small(Code.BOTH, *narrow)
    step = write.small(Code.EITHER, same, wrong)
    write.effect(Code.LEAVE, write.small(Code.BOTH, close, write.small(Code.NOT, step)))
    safe = write.chosen(write.small(Code.EITHER, close, step), one, wide)
    safe = replace(safe, relative=safe.relative + 2 * safe.absolute / float(_NARROW), absolute=0.0)
    line = write.line(write.part(logs, of_base, safe), curve.at_lead - curve.at_base, curve.at_base)
    lost = reading.fixed(0)
    for each in (*below_base, *below_lead):
        lost = lost if each is None else write.small(Code.EITHER, lost, each)
    if none is not None:
        line = write.chosen(none, write.constant(curve.at_base if more else curve.at_lead), line)
        lost = write.small(Code.BOTH, lost, write.small(Code.NOT, none))
        lost = write.small(Code.EITHER, lost, write.against("<", number, Fraction(0)))
    lost = write.small(Code.EITHER, lost, wrong)
    lost = write.small(Code.BOTH, lost, write.small(Code.NOT, same))
    found = write.chosen(same, _step(reading, curve, lead, number), line)
    status = reading.lost_where(lost, _status(reading, number, base, lead))
    return replace(found, status=status, constant=None)


_PARTS: Final = 1 << 60
_SHORTEST: Final = 2.0**-60
"""By what numbers that are not plain are off at most as they are written down."""

_DIGITS: Final = Context(prec=50)


def _logarithm(value: Fraction) -> Fraction:
    """To more digits than any tape has."""
    return Fraction(_DIGITS.ln(_DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))))


def _short(value: Fraction) -> Fraction:
    return Fraction(round(value * _PARTS), _PARTS)


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


def _step(reading: Reading, curve: LinearCurve | LogCurve, lead: Real, number: Real) -> Real:
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
        ramp = write.ramp(number, (min(base, lead), max(base, lead)), slope, start)
        zero = None
        if not min(curve.at_base, curve.at_lead):
            nothing, rises = (base, slope > 0) if not curve.at_base else (lead, slope > 0)
            zero = write.against("<=" if rises else ">=", number, nothing)
        return replace(ramp, status=number.status, zero=zero)
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
    step = _step(reading, curve, lead, number)
    found = write.chosen(same, step, line)
    if curve.at_base == 0 and curve.at_lead > 0:
        past = write.compared("<=" if curve.better is Better.MORE else ">=", number, base)
        nothing = write.small(Code.NOT, write.compared(">=" if curve.better is Better.MORE else "<=", number, lead))
        found = replace(found, zero=write.small(Code.CHOOSE_SMALL, same, nothing, past))
    status = reading.fixed(THERE) if number.status is None else number.status
    lost = write.small(Code.BOTH, wrong, reading.is_there(status))
    return replace(found, status=write.small(Code.CHOOSE_SMALL, lost, reading.fixed(UNDEFINED), status), constant=None)
