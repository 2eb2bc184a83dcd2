"""All that is possible with some answers open, and what one more answer changes of it.

Only what rests on that answer is worked out again, so that many answers can be tried one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from scoring import asked
from scoring.aggregate import Precision
from scoring.answers import Answer, Answers
from scoring.enclosure import Enclosure
from scoring.facts import Fact, Reading
from scoring.plan import Plan, PlannedNode, PlannedQuestion
from scoring.possible import possible_node

BITS: Final = 128
"""Irrational numbers are enclosed within 2^-128."""

_PRECISION: Final = Precision(BITS, last=True)


@dataclass(frozen=True, slots=True)
class Possible:
    """What every question and node may still become with these answers."""

    plan: Plan
    answers: Answers
    facts: Mapping[str, Fact]
    spans: Mapping[str, Enclosure] = field(default_factory=dict)
    """Ranges within which open numbers are supposed to be answered."""

    @classmethod
    def of(cls, plan: Plan, answers: Answers) -> Self:
        """What is possible with answers that were checked."""
        facts = asked.constants(plan.constants)
        for item in plan.order:
            facts[item.id] = _fact(plan, item, answers.get(item.id), facts, {})
        return cls(plan, answers, facts)

    @property
    def reading(self) -> Reading:
        """What formulas can learn of all that."""
        return _reading(self.plan, self.facts)

    def after(self, question: PlannedQuestion, answer: Answer) -> Self:
        """What is possible once ``question`` has ``answer`` as well."""
        return self._changed(question, {**self.answers, question.id: answer}, self.spans)

    def within(self, question: PlannedQuestion, span: Enclosure) -> Self:
        """What is possible once ``question``, which asks for a number, is answered with some number of a range."""
        return self._changed(question, self.answers, {**self.spans, question.id: span})

    def _changed(self, question: PlannedQuestion, answers: Answers, spans: Mapping[str, Enclosure]) -> Self:
        facts = dict(self.facts)
        facts[question.id] = _fact(self.plan, question, answers.get(question.id), facts, spans)
        changed = {question.id}
        for item in self.plan.order:
            if changed.isdisjoint(self.plan.rests_on[item.id]):
                continue
            fact = _fact(self.plan, item, answers.get(item.id), facts, spans)
            if fact != facts[item.id]:
                facts[item.id] = fact
                changed.add(item.id)
        return type(self)(self.plan, answers, facts, spans)


def _reading(plan: Plan, facts: Mapping[str, Fact]) -> Reading:
    return Reading(facts, plan.tables, BITS, last=True)


def _fact(
    plan: Plan,
    item: PlannedQuestion | PlannedNode,
    answer: Answer | None,
    facts: Mapping[str, Fact],
    spans: Mapping[str, Enclosure],
) -> Fact:
    if isinstance(item, PlannedNode):
        return possible_node(item, _reading(plan, facts), _PRECISION)
    return asked.possibly(item, answer, _reading(plan, facts), spans.get(item.id))
