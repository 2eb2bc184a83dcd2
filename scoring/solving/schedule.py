"""When each measure starts, as decisions of a model, and which answers come of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from math import floor, lcm

from ortools.sat.python import cp_model

from scoring.answers import Answer, Answers
from scoring.measures import Measure, Programme, key_of
from scoring.solving.amounts import Units

Starts = Mapping[str, int]
"""Measure → the period (from 0) in which it starts; what is not there is not done."""


def outcomes(programme: Programme, answers: Answers) -> dict[str, list[Answer]]:
    """Question → every answer that measures can lead to, besides today's."""
    found: dict[str, dict[tuple[str, str], Answer]] = {}
    for measure in programme.measures:
        for change in measure.changes:
            if key_of(change.after) != key_of(answers[change.question]):
                found.setdefault(change.question, {}).setdefault(key_of(change.after), change.after)
    return {question: list(better.values()) for question, better in found.items()}


class Schedule:
    """The starts of all measures in one model.

    Two measures that start from the same answer to the same question shut each other out, and a measure that starts
    from an answer that is not today's waits for the measure that leads there.
    """

    def __init__(self, model: cp_model.CpModel, programme: Programme, answers: Answers) -> None:
        self.model, self.programme, self.answers = model, programme, answers
        self.periods = len(programme.periods)
        self.starts: dict[str, list[cp_model.BoolVarT]] = {
            measure.id: [model.new_bool_var("") for _ in range(max(0, self.periods - measure.takes + 1))]
            for measure in programme.measures
        }
        self.measures = {measure.id: measure for measure in programme.measures}
        for starts in self.starts.values():
            model.add(sum(starts) <= 1)
        for measure in programme.measures:
            for group in self.before(measure):
                self._wait(measure, group)
            for other in self.shut_out(measure):
                model.add(self.done(measure.id) + self.done(other) <= 1)

    def done(self, measure: str) -> Units:
        """1 where the measure is in the plan."""
        return sum(self.starts[measure])

    def before(self, measure: Measure) -> Iterator[tuple[str, ...]]:
        """Groups of measures of which one each has to be finished before this one starts."""
        for name in measure.after:
            yield (name,)
        for change in measure.changes:
            if key_of(change.before) != key_of(self.answers[change.question]):
                yield tuple(
                    other.id
                    for other in self.programme.measures
                    for step in other.changes
                    if step.question == change.question and key_of(step.after) == key_of(change.before)
                )

    def shut_out(self, measure: Measure) -> list[str]:
        """Measures that cannot be in one plan with this one: said so, or from or to the same answer."""
        ends = {
            (change.question, kind, key_of(answer))
            for change in measure.changes
            for kind, answer in (("from", change.before), ("to", change.after))
        }
        return [
            other.id
            for other in self.programme.measures
            if other.id != measure.id
            and (
                other.id in measure.excludes
                or measure.id in other.excludes
                or any(
                    (change.question, kind, key_of(answer)) in ends
                    for change in other.changes
                    for kind, answer in (("from", change.before), ("to", change.after))
                )
            )
        ]

    def _wait(self, measure: Measure, group: Sequence[str]) -> None:
        """At every period: started by then only if one of the group was finished by then."""
        for period in range(len(self.starts[measure.id])):
            started = sum(self.starts[measure.id][: period + 1])
            finished = sum(sum(self.starts[name][: max(0, period - self.measures[name].takes + 1)]) for name in group)
            self.model.add(started <= finished)

    def within_budgets(self) -> None:
        """What runs in a period costs no more than the period can spend."""
        for kind in ("cost", "effort"):
            budget: Sequence[Fraction] | None = getattr(self.programme, kind)
            if budget is None:
                continue
            parts = {measure.id: getattr(measure, kind) / measure.takes for measure in self.programme.measures}
            scale = lcm(*(part.denominator for part in parts.values()))
            for period, limit in enumerate(budget):
                spent = sum(int(parts[name] * scale) * self.running(name, period) for name in self.starts)
                self.model.add(spent <= floor(limit * scale))

    def running(self, measure: str, period: int) -> Units:
        """1 where the measure is under way in the period."""
        takes = self.measures[measure].takes
        return sum(literal for start, literal in enumerate(self.starts[measure]) if start <= period < start + takes)

    def leads_to(self, taken: Mapping[str, Sequence[tuple[Answer, cp_model.BoolVarT]]]) -> None:
        """The answers at the horizon: a question stands where a measure led it and none led it on."""
        for question, ways in taken.items():
            today = key_of(self.answers[question])
            for answer, literal in ways:
                here = key_of(answer)
                balance: Units = int(here == today)
                for measure in self.programme.measures:
                    for change in measure.changes:
                        if change.question == question:
                            came, went = key_of(change.after) == here, key_of(change.before) == here
                            balance = balance + (int(came) - int(went)) * self.done(measure.id)
                self.model.add(literal == balance)

    def finishes(self) -> Units:
        """The sum over all measures of the plan of the period (from 1) in which each is finished."""
        return sum(
            (start + self.measures[name].takes) * literal
            for name, starts in self.starts.items()
            for start, literal in enumerate(starts)
        )

    def spent(self, kind: str) -> Units:
        """Cost (effort) of the whole plan, in the smallest unit that makes it whole."""
        scale = lcm(*(getattr(measure, kind).denominator for measure in self.programme.measures))
        return sum(int(getattr(each, kind) * scale) * self.done(each.id) for each in self.programme.measures)

    def picked(self, solver: cp_model.CpSolver) -> dict[str, int]:
        """What a solution starts, and when."""
        return {
            name: start
            for name, starts in self.starts.items()
            for start, literal in enumerate(starts)
            if solver.boolean_value(literal)
        }

    def order(self) -> Iterator[Units]:
        """Goals that put plans in the order of the file: the first measure as early as can be, then the next."""
        names = list(self.starts)
        most = self.periods + 1
        size = max(1, 20 // most.bit_length())
        for first in range(0, len(names), size):
            goal: Units = 0
            for name in names[first : first + size]:
                late = sum((start - self.periods) * literal for start, literal in enumerate(self.starts[name]))
                goal = goal * most + late
            yield goal

    def only(self, names: Collection[str]) -> None:
        """Exactly these measures."""
        for name in self.starts:
            self.model.add(self.done(name) == int(name in names))
