"""How the answer to a question became what it is worth, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from questionnaires.formula.tree import Expression
from questionnaires.model import (
    ChoicesQuestion,
    ComputedQuestion,
    GridAggregation,
    GridQuestion,
    LinearCurve,
    LogCurve,
    PointsCurve,
    StepsCurve,
)
from questionnaires.model import Step as StepOfStair
from scoring.answers import Answer, ChoicesAnswer, GridAnswer
from scoring.enclosure import Enclosure, logarithm, point
from scoring.facts import Fact
from scoring.formulas import number
from scoring.plan import PlannedCurve, PlannedQuestion
from scoring.quantities import compared
from scoring.trace import Step
from scoring.working import Inserting, added, figure, figure_of, said, times, within


def steps_of(question: PlannedQuestion, answer: Answer | None, fact: Fact, inserting: Inserting) -> tuple[Step, ...]:
    """The calculation; empty where the answer is worth what it says, or nothing is known yet."""
    if not fact.known or fact.applies is False:
        return ()
    return tuple(_steps(question, answer, fact, inserting))


def _steps(question: PlannedQuestion, answer: Answer | None, fact: Fact, inserting: Inserting) -> Iterator[Step]:
    match question.asked, answer:
        case ChoicesQuestion() as several, ChoicesAnswer(choices=picked):
            yield from _several(several, [question.worth[each.id] for each in several.options if each.id in picked])
        case GridQuestion() as grid, GridAnswer(grid=rows):
            there = [row for row in grid.rows if rows[row.id] not in question.denials]
            yield _rows(grid, [(row.weight, question.worth[rows[row.id]]) for row in there], figure_of(fact.score))
            if len(there) < len(grid.rows):
                yield Step("rows-left", rows=tuple(row.id for row in grid.rows if row not in there))
        case ComputedQuestion() as made, _:
            yield from _computed(question, made, fact, inserting)
    if question.curve is not None and fact.number is not None and fact.score is not None:
        yield from _curve(question.curve, fact.number, fact.score, inserting)


def _several(asked: ChoicesQuestion, values: list[Fraction]) -> Iterator[Step]:
    summed = sum(values, Fraction(0))
    yield Step("several", added(map(figure, values)), figure(summed))
    held = max(summed, asked.at_least) if asked.at_least is not None else summed
    held = min(held, asked.at_most) if asked.at_most is not None else held
    if held != summed:
        yield Step("held", figure(summed), figure(held), numbers=_ends(asked.at_least, asked.at_most))


def _ends(least: Fraction | None, most: Fraction | None) -> dict[str, str]:
    return {name: figure(end) for name, end in (("least", least), ("most", most)) if end is not None}


def _rows(asked: GridQuestion, rows: list[tuple[Fraction, Fraction]], result: str) -> Step:
    products = added(times(figure(weight), figure(value)) for weight, value in rows)
    match asked.aggregation:
        case GridAggregation.MEAN:
            weights = added(figure(weight) for weight, _ in rows)
            return Step("rows-mean", f"({products}) / ({weights})", result)
        case GridAggregation.SUM:
            return Step("rows-sum", products, result)
        case GridAggregation.MINIMUM:
            return Step("rows-minimum", f"min({', '.join(figure(value) for _, value in rows)})", result)
        case GridAggregation.MAXIMUM:
            return Step("rows-maximum", f"max({', '.join(figure(value) for _, value in rows)})", result)
    assert_never(asked.aggregation)


def _computed(question: PlannedQuestion, asked: ComputedQuestion, fact: Fact, inserting: Inserting) -> Iterator[Step]:
    if question.formula is None:
        return
    yield formula_step("computed", question.formula, inserting)
    found = number(question.formula, inserting.reading).span
    if found is not None and fact.number is not None and found != fact.number:
        yield Step("held", figure_of(found), figure_of(fact.number), numbers=_ends(asked.least, asked.most))


def formula_step(key: str, formula: Expression, inserting: Inserting) -> Step:
    """A formula with its numbers put in, and what it was decided by and looked up on the way."""
    inserting.chosen.clear()
    inserting.looked.clear()
    working = inserting.number(formula)
    result = figure_of(number(formula, inserting.reading).span)
    chosen, looked = tuple(inserting.chosen), tuple(inserting.looked.values())
    return Step(key, working, result, said(formula), conditions=chosen, looked=looked)


def _curve(planned: PlannedCurve, measured: Enclosure, worth: Enclosure, inserting: Inserting) -> Iterator[Step]:
    curve = planned.curve
    match curve:
        case LinearCurve() | LogCurve():
            yield from _ramp(planned, curve, measured, worth, inserting)
        case StepsCurve():
            yield _stair(curve, measured, worth)
        case PointsCurve():
            yield from _corners(curve, measured, worth)
        case _:
            assert_never(curve)


def _ramp(
    planned: PlannedCurve, curve: LinearCurve | LogCurve, measured: Enclosure, worth: Enclosure, inserting: Inserting
) -> Iterator[Step]:
    """Base and lead, the place of the number between them, and what that place is worth."""
    ends: list[Enclosure] = []
    for name, amount, formula in (("base", curve.base, planned.base), ("lead", curve.lead, planned.lead)):
        if formula is not None:
            yield formula_step(f"curve-{name}", formula, inserting)
        found = point(amount) if isinstance(amount, Fraction) else number(formula, inserting.reading).span  # type: ignore[arg-type]  # compiled from that very amount
        if found is None:
            return
        ends.append(found)
    base, lead = ends
    told = {"base": figure_of(base), "lead": figure_of(lead), "number": figure_of(measured)}
    told |= {"at_base": figure(curve.at_base), "at_lead": figure(curve.at_lead)}
    key = "curve-log" if isinstance(curve, LogCurve) else "curve-linear"
    if base == lead:
        reached = worth.exact == curve.at_lead
        yield Step("curve-reached" if reached else "curve-missed", "", figure_of(worth), numbers=told)
        return
    place = _place(curve, base, lead, measured, inserting)
    if place is None or (curve.capped and compared("<=", place, point(Fraction(0)))):
        yield Step("curve-short", "", figure_of(worth), numbers=told)
    elif curve.capped and compared(">=", place, point(Fraction(1))):
        yield Step("curve-beyond", "", figure_of(worth), numbers=told)
    else:
        yield Step(key, _way(curve, told), figure_of(place), numbers=told)
        rise = figure(curve.at_lead - curve.at_base)
        working = f"{within(told['at_base'], tight=1)} + {times(within(figure_of(place)), rise)}"
        yield Step("curve-worth", working, figure_of(worth), numbers=told)


def _way(curve: LinearCurve | LogCurve, told: dict[str, str]) -> str:
    name = "ln({})" if isinstance(curve, LogCurve) else "{}"
    number, base, lead = (name.format(within(told[each], tight=1)) for each in ("number", "base", "lead"))
    return f"({number} - {base}) / ({lead} - {base})"


def _place(
    curve: LinearCurve | LogCurve, base: Enclosure, lead: Enclosure, measured: Enclosure, inserting: Inserting
) -> Enclosure | None:
    """How far the number lies on the way from base (0) to lead (1)."""
    at: list[Enclosure | None] = [measured, base, lead]
    if isinstance(curve, LogCurve):
        at = [logarithm(each, inserting.reading.bits) for each in (measured, base, lead)]
    number_at, base_at, lead_at = at
    if number_at is None or base_at is None or lead_at is None:
        return None
    inverse = (lead_at - base_at).inverse()
    return None if inverse is None else (number_at - base_at) * inverse


def _stair(curve: StepsCurve, measured: Enclosure, worth: Enclosure) -> Step:
    """Between which steps the number lies."""
    reached = [step for step in curve.steps if _reaches(curve, step, measured)]
    beyond = [step for step in curve.steps if step not in reached]
    told = {"number": figure_of(measured)}
    if reached:
        told["from"] = figure(reached[-1].lowest)
    if beyond:
        told["to"] = figure(beyond[0].lowest)
    ends = [curve.excludes(step) for step in (*reached[-1:], *beyond[:1])]
    side = "-upper" if all(ends) else "" if not any(ends) else "-between" if ends[0] else "-around"
    key = "curve-below" if not reached else "curve-last" if not beyond else "curve-step"
    return Step(f"{key}{side}", "", figure_of(worth), numbers=told)


def _reaches(curve: StepsCurve, step: StepOfStair, measured: Enclosure) -> bool:
    return compared(">" if curve.excludes(step) else ">=", measured, point(step.lowest)) is not False


def _corners(curve: PointsCurve, measured: Enclosure, worth: Enclosure) -> Iterator[Step]:
    """The straight line between the two corners around the number."""
    first, last = curve.points[0], curve.points[-1]
    told = {"number": figure_of(measured)}
    if compared("<=", measured, point(first.at)):
        yield Step("curve-first", "", figure_of(worth), numbers={**told, "end": figure(first.at)})
        return
    if compared(">=", measured, point(last.at)):
        yield Step("curve-final", "", figure_of(worth), numbers={**told, "end": figure(last.at)})
        return
    pairs = zip(curve.points, curve.points[1:], strict=False)
    low, high = next(pair for pair in pairs if compared("<=", measured, point(pair[1].at)) is not False)
    told |= {"base": figure(low.at), "lead": figure(high.at)}
    told |= {"at_base": figure(low.value), "at_lead": figure(high.value)}
    place = (measured - point(low.at)) * point(1 / (high.at - low.at))
    x, start, end = (within(told[each], tight=1) for each in ("number", "base", "lead"))
    yield Step("curve-linear", f"({x} - {start}) / ({end} - {start})", figure_of(place), numbers=told)
    rise = figure(high.value - low.value)
    working = f"{within(told['at_base'], tight=1)} + {times(within(figure_of(place)), rise)}"
    yield Step("curve-worth", working, figure_of(worth), numbers=told)
