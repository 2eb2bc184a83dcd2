"""The plan that gains most: no trial of all plans finds a better one, on random definitions and measures."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scoring import Answer, LevelAnswer, Plan, compile_plan, score
from scoring.exact import facts_of
from scoring.measures import Change, Measure, Programme, key_of
from scoring.proposals import Reason
from scoring.roadmap import roadmap
from scoring.solving import planning
from scoring.solving.solver import solve
from tests.scoring.test_levers import EIGHT, ONES
from tests.scoring.wide import answered, every_answer, wide_definition, wide_structures

CALM = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PERIODS = ("first", "second", "third")
Starts = Mapping[str, int]


@st.composite
def programmes(draw: st.DrawFn, structure: dict[str, Any], answers: Mapping[str, Answer]) -> Programme:
    """Up to four measures, some after another, some from where another leads, some shutting another out."""
    asked = [each for each in structure["questions"] if each["id"] in answers and each["kind"] != "computed"]
    measures: list[Measure] = []
    for number in range(draw(st.integers(1, 4))):
        question = draw(st.sampled_from(asked))
        name, today = question["id"], answers[question["id"]]
        led = [change.after for each in measures for change in each.changes if change.question == name]
        before = draw(st.sampled_from([today, *led]))
        ways = [each for each in every_answer(question) if key_of(each) not in {key_of(before), key_of(today)}]
        if not ways:
            continue
        earlier = [each.id for each in measures]
        measures.append(
            Measure(
                id=f"m{number}",
                changes=(Change(name, before, draw(st.sampled_from(ways))),),
                cost=Fraction(draw(st.integers(0, 3))),
                effort=Fraction(draw(st.integers(0, 2))),
                takes=draw(st.integers(1, 2)),
                after=(draw(st.sampled_from(earlier)),) if earlier and draw(st.integers(0, 3)) == 0 else (),
                excludes=(draw(st.sampled_from(earlier)),) if earlier and draw(st.integers(0, 5)) == 0 else (),
            )
        )
    assume(measures)
    count = draw(st.integers(1, 3))
    budget = st.lists(
        st.sampled_from([Fraction(0), Fraction(1), Fraction(3, 2), Fraction(3)]), min_size=count, max_size=count
    )
    cost, effort = (tuple(draw(budget)) if draw(st.booleans()) else None for _ in range(2))
    return Programme(PERIODS[:count], cost, effort, tuple(measures))


def allowed(programme: Programme, answers: Mapping[str, Answer], starts: Starts) -> bool:
    """Whether a plan keeps to order, exclusions and budgets: played through period by period."""
    done = {each.id: each for each in programme.measures if each.id in starts}
    ends = {name: starts[name] + each.takes for name, each in done.items()}
    if any(end > len(programme.periods) for end in ends.values()):
        return False
    if not all(in_order(each, done, starts, answers) for each in done.values()):
        return False
    for kind in ("cost", "effort"):
        for period, limit in enumerate(getattr(programme, kind) or ()):
            running = [each for name, each in done.items() if starts[name] <= period < ends[name]]
            if sum((getattr(each, kind) / each.takes for each in running), Fraction(0)) > limit:
                return False
    return True


def in_order(each: Measure, done: Mapping[str, Measure], starts: Starts, answers: Mapping[str, Answer]) -> bool:
    """Whether nothing shuts it out, and everything it needs is finished when it starts."""
    ends = {name: starts[name] + other.takes for name, other in done.items()}
    if any(other in done for other in each.excludes):
        return False
    if any(other not in done or ends[other] > starts[each.id] for other in each.after):
        return False
    for change in each.changes:
        others = [(other, step) for other in done.values() if other.id != each.id for step in other.changes]
        same = [(other, step) for other, step in others if step.question == change.question]
        if any(key_of(step.before) == key_of(change.before) for _, step in same):
            return False
        if any(key_of(step.after) == key_of(change.after) for _, step in same):
            return False
        led = [other for other, step in same if key_of(step.after) == key_of(change.before)]
        waits = key_of(change.before) != key_of(answers[change.question])
        if waits and not any(ends[other.id] <= starts[each.id] for other in led):
            return False
    return True


def finished(programme: Programme, answers: Mapping[str, Answer], starts: Starts) -> dict[str, Answer]:
    """The answers at the horizon."""
    result = dict(answers)
    done = [each for each in programme.measures if each.id in starts]
    for each in sorted(done, key=lambda each: (starts[each.id] + each.takes, starts[each.id])):
        result |= {change.question: change.after for change in each.changes}
    return result


def worth(plan: Plan, answers: Mapping[str, Answer]) -> Fraction | None:
    fact = facts_of(plan, answers).facts["overall"]
    return fact.score.low if fact.known and fact.score is not None else None


@CALM
@given(st.data())
def test_no_plan_gains_more(data: st.DataObject) -> None:
    structure = data.draw(wide_structures())
    answers = data.draw(answered(structure, most_open=0))
    plan = compile_plan(wide_definition(structure))
    assume(score(plan, answers).node("overall").value is not None)
    programme = data.draw(programmes(structure, answers))
    found = roadmap(plan, answers, programme, most_rows=data.draw(st.sampled_from([0, None])))
    names = [each.id for each in programme.measures]
    plans: list[tuple[tuple[Any, ...], Starts]] = []
    ways = [None, *range(len(programme.periods))]
    for way in itertools.product(ways, repeat=len(names)):
        starts = {name: start for name, start in zip(names, way, strict=True) if start is not None}
        if not allowed(programme, answers, starts):
            continue
        value = worth(plan, finished(programme, answers, starts))
        if value is None:
            continue
        done = [each for each in programme.measures if each.id in starts]
        spent = [sum((getattr(each, kind) for each in done), Fraction(0)) for kind in ("cost", "effort")]
        late = [starts.get(name, len(programme.periods)) for name in names]
        plans.append(((-value, sum(starts[each.id] + each.takes for each in done), *spent, late), starts))
    best, plan_starts = min(plans, key=lambda each: each[0])
    assert found.proven
    assert {step.measure: step.starts - 1 for step in found.steps} == plan_starts
    assert found.final_value == score(plan, finished(programme, answers, plan_starts)).node("overall").value
    assert (found.cost, found.effort) == (str(best[2]), str(best[3]))
    gains = [None if step.gain is None else Fraction(step.gain) for step in found.steps]
    if found.gain is not None and None not in gains:
        assert sum(gain for gain in gains if gain is not None) == Fraction(found.gain)
    told_apart(programme, answers, plan_starts, {each.measure: each.reason for each in found.left_out})


def told_apart(
    programme: Programme, answers: Mapping[str, Answer], starts: Starts, reasons: Mapping[str, Reason]
) -> None:
    """Each reason is the true one: whether the measure fits beside the plan, with budgets and without."""
    assert reasons.keys() == {each.id for each in programme.measures} - starts.keys()
    unlimited = Programme(programme.periods, None, None, programme.measures)
    for name, reason in reasons.items():
        wanted = [*starts, name]
        ways = [
            dict(zip(wanted, way, strict=True))
            for way in itertools.product(range(len(programme.periods)), repeat=len(wanted))
        ]
        fits = any(allowed(programme, answers, way) for way in ways)
        fits_without = any(allowed(unlimited, answers, way) for way in ways)
        assert fits == (reason is Reason.NO_GAIN), (name, reason)
        assert (fits_without and not fits) == (reason is Reason.BUDGET), (name, reason)


def test_without_effort_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = compile_plan(wide_definition(EIGHT))
    raised = [Change(f"q{place}", ONES[f"q{place}"], LevelAnswer(level=3)) for place in range(6)]
    measures = [Measure(change.question, (change,), Fraction(1), Fraction(0), 1, (), ()) for change in raised]
    programme = Programme(PERIODS, (Fraction(1),) * 3, None, tuple(measures))
    monkeypatch.setattr(planning, "solve", partial(solve, effort=0))
    found = roadmap(plan, ONES, programme, most_rows=0)
    assert not found.proven
    assert len(found.steps) <= 3
