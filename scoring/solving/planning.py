"""The search for the plan of measures that gains most; see :mod:`scoring.roadmap`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from ortools.sat.python import cp_model

from scoring.answers import Answer, Answers, decimal_text
from scoring.enclosure import Enclosure
from scoring.exact import facts_of, score
from scoring.measures import Measure, Programme
from scoring.narrowing import narrowed, rests_on
from scoring.plan import Plan
from scoring.proposals import LeftOut, PeriodEnd, Reason, Roadmap, Step
from scoring.rounding import written
from scoring.scorecard import NodeScore
from scoring.solving.amounts import Amount
from scoring.solving.offers import Pick
from scoring.solving.profiles import add_ways
from scoring.solving.schedule import Schedule, Starts, outcomes
from scoring.solving.solver import MOST_REFUTED, Answered, solve
from scoring.solving.tables import MOST_ROWS
from scoring.solving.translation import Translation
from scoring.targets import node_of


@dataclass(frozen=True, slots=True)
class _State:
    """The node after some measures."""

    score: NodeScore
    span: Enclosure | None


class Planning:
    """One search for a plan."""

    def __init__(self, plan: Plan, answers: Answers, programme: Programme, node: str, rows: int | None) -> None:
        self.plan = narrowed(plan, {node}, rests_on(plan))
        self.whole, self.answers, self.programme, self.node, self.rows = plan, answers, programme, node, rows
        self.planned = node_of(plan, node)
        self.sign = -1 if self.planned.less_is_better else 1
        self.measures = {measure.id: measure for measure in programme.measures}
        self.states: dict[tuple[tuple[str, str], ...], _State] = {}

    def roadmap(self) -> Roadmap:
        """Find the plan, and tell it."""
        starts, proven = self._best()
        steps = self._steps(starts)
        today, last = self._after([]), self._after(self._finished(starts))
        return Roadmap(
            family=self.whole.family,
            version=self.whole.version,
            digest=self.whole.digest,
            node=self.node,
            value=today.score.value or "",
            band=today.score.band,
            final_value=last.score.value or "",
            final_band=last.score.band,
            gain=_difference(last, today),
            cost=decimal_text(sum((self.measures[name].cost for name in starts), Fraction(0))),
            effort=decimal_text(sum((self.measures[name].effort for name in starts), Fraction(0))),
            steps=steps,
            periods=tuple(self._period(starts, period) for period in range(len(self.programme.periods))),
            left_out=tuple(self._left_out(starts, each) for each in self.programme.measures if each.id not in starts),
            proven=proven,
        )

    def _model(self) -> tuple[Translation, Schedule]:
        """The node over the answers that measures lead to, and the measures that lead there."""
        led = outcomes(self.programme, self.answers)
        rows = MOST_ROWS if self.rows is None else self.rows
        translation = Translation(self.whole, self.node, self.answers, led, rows)
        schedule = Schedule(translation.sums.model, self.programme, self.answers)
        schedule.leads_to(
            {name: list(zip(each.answers, each.taken, strict=True)) for name, each in translation.offers.of.items()}
        )
        schedule.within_budgets()
        add_ways(translation)
        return translation, schedule

    def _best(self) -> tuple[Starts, bool]:
        """The plan that gains most, and whether that is proven."""
        translation, schedule = self._model()
        model, value = translation.sums.model, translation.objective()
        best: Starts = {}
        reached = self._worth(best)
        cuts: list[Pick] = []
        while True:
            hopes = model.clone()
            for cut in cuts:
                hopes.add_bool_or(*(~translation.offers.of[name].taken[place] for name, place in cut.items()))
            if reached is not None:
                hopes.add(at_least(value, reached, self.sign, strictly=True))
            hopes.maximize(self.sign * value.units)
            answered, solver = solve(hopes)
            if answered is Answered.NONE:
                break
            if answered is Answered.OPEN or len(cuts) > MOST_REFUTED:
                return best, False
            starts = schedule.picked(solver)
            worth = self._worth(starts)
            if worth is not None and (reached is None or worth > reached):
                best, reached = starts, worth
            if answered is Answered.FOUND:
                return best, False
            cuts.append(translation.offers.picked(solver))
            translation.learn(cuts[-1])
        return self._first(translation, schedule, best, reached)

    def _first(
        self, translation: Translation, schedule: Schedule, best: Starts, reached: Fraction | None
    ) -> tuple[Starts, bool]:
        """Of all plans that gain as much the first by finish, cost, effort and the order of the file."""
        if reached is None:
            return best, True
        model = translation.sums.model
        model.add(at_least(translation.objective(), reached, self.sign, strictly=False))
        goals = [schedule.finishes(), schedule.spent("cost"), schedule.spent("effort"), *schedule.order()]
        for _ in range(MOST_REFUTED):
            trial = model.clone()
            solver = None
            for goal in goals:
                trial.minimize(goal)
                answered, solver = solve(trial)
                if answered is not Answered.BEST:
                    return best, False
                trial.add(goal == solver.value(goal))
            if solver is None:
                raise TypeError("no goal")
            starts = schedule.picked(solver)
            if self._worth(starts) == reached:
                return starts, True
            translation.learn(translation.offers.picked(solver))
            translation.offers.cut(translation.offers.picked(solver))
        return best, False

    def _worth(self, starts: Starts) -> Fraction | None:
        """The value of a plan, greater for better; of an irrational one the lower end of its enclosure."""
        span = self._after(self._finished(starts)).span
        return None if span is None or span.low is None else self.sign * span.low

    def _finished(self, starts: Starts) -> list[Measure]:
        """The measures of a plan in the order in which they are finished."""
        places = {measure.id: place for place, measure in enumerate(self.programme.measures)}
        return sorted(
            (self.measures[name] for name in starts),
            key=lambda measure: (starts[measure.id] + measure.takes, starts[measure.id], places[measure.id]),
        )

    def _after(self, finished: Sequence[Measure]) -> _State:
        """The node once these measures are finished, one after the other."""
        answers: dict[str, Answer] = {name: each for name, each in self.answers.items() if name in self.plan.positions}
        for measure in finished:
            for change in measure.changes:
                if change.question in answers:
                    answers[change.question] = change.after
        key = tuple((name, answer.text) for name, answer in answers.items())
        if key not in self.states:
            fact = facts_of(self.plan, answers).facts[self.node]
            found = score(self.plan, answers).node(self.node)
            self.states[key] = _State(found, fact.score if fact.known else None)
        return self.states[key]

    def _steps(self, starts: Starts) -> tuple[Step, ...]:
        finished = self._finished(starts)
        steps: list[Step] = []
        for count, measure in enumerate(finished, 1):
            before, after = self._after(finished[: count - 1]), self._after(finished[:count])
            steps.append(
                Step(
                    measure=measure.id,
                    starts=starts[measure.id] + 1,
                    finishes=starts[measure.id] + measure.takes,
                    value=after.score.value,
                    exact=after.score.exact,
                    gain=_difference(after, before),
                )
            )
        return tuple(steps)

    def _period(self, starts: Starts, period: int) -> PeriodEnd:
        running = [self.measures[name] for name in starts if self._runs(starts, name, period)]
        ended = [each for each in self._finished(starts) if starts[each.id] + each.takes <= period + 1]
        after = self._after(ended).score
        return PeriodEnd(
            period=self.programme.periods[period],
            cost=decimal_text(sum((each.cost / each.takes for each in running), Fraction(0))),
            effort=decimal_text(sum((each.effort / each.takes for each in running), Fraction(0))),
            value=after.value,
            band=after.band,
        )

    def _runs(self, starts: Starts, name: str, period: int) -> bool:
        return starts[name] <= period < starts[name] + self.measures[name].takes

    def _left_out(self, starts: Starts, measure: Measure) -> LeftOut:
        """The reason, the first of these that holds."""
        schedule = Schedule(cp_model.CpModel(), self.programme, self.answers)
        if shut := [name for name in schedule.shut_out(measure) if name in starts]:
            return LeftOut(measure=measure.id, reason=Reason.EXCLUDED, because=tuple(shut))
        for group in schedule.before(measure):
            if not any(name in starts for name in group):
                return LeftOut(measure=measure.id, reason=Reason.DEPENDENCY, because=tuple(group))
        schedule.only({*starts, measure.id})
        for reason in (Reason.TIME, Reason.BUDGET):
            if reason is Reason.BUDGET:
                schedule.within_budgets()
            answered, _ = solve(schedule.model)
            if answered is Answered.OPEN:
                return LeftOut(measure=measure.id, reason=Reason.OPEN)
            if answered is Answered.NONE:
                return LeftOut(measure=measure.id, reason=reason)
        return LeftOut(measure=measure.id, reason=Reason.NO_GAIN)


def at_least(amount: Amount, limit: Fraction, sign: int, *, strictly: bool) -> cp_model.BoundedLinearExpression | bool:
    """That sign × amount is at least (more than) the limit, as far as the model can tell."""
    least = floor(limit * amount.scale) + 1 if strictly else ceil(limit * amount.scale)
    return sign * amount.units >= least - amount.slack


def _difference(after: _State, before: _State) -> str | None:
    if after.span is None or before.span is None or after.span.exact is None or before.span.exact is None:
        return None
    return written(after.span - before.span)
