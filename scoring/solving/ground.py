"""What a model stands on: the plan below one node, the answers there are, and the engine's word on any of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from scoring import asked
from scoring.aggregate import FIRST_BITS, Precision
from scoring.answers import Answer, Answers
from scoring.exact import facts_of, score
from scoring.facts import Fact, Reading
from scoring.narrowing import named_in, narrowed, rests_on
from scoring.plan import Plan, PlannedNode
from scoring.possible import possible_node
from scoring.rounding import Undecided
from scoring.scorecard import NodeScore
from scoring.solving.offers import Offers

_LOOSE = Precision(64, last=True)


class Ground:
    """The engine below one node, with some answers open to change."""

    def __init__(self, plan: Plan, node: str, answers: Answers) -> None:
        self.node = node
        self.plan = narrowed(plan, {node}, rests_on(plan))
        self.below = rests_on(self.plan)
        self.answers = self._of(self.plan, answers)
        self.now = facts_of(self.plan, self.answers)
        self._parts: dict[frozenset[str], Plan] = {}

    def score(self, answers: Answers) -> NodeScore:
        """The node's score with these answers."""
        return score(self.plan, self._of(self.plan, answers)).node(self.node)

    def named(self, part: object) -> frozenset[str]:
        """All that a formula rests on."""
        return frozenset().union(*(self.below[name] for name in named_in(part, self.plan)))

    def readings(self, names: Collection[str], offers: Offers) -> Iterator[tuple[tuple[int, ...], Reading]]:
        """The engine's facts of ``names`` for every way to take the decisions that they rest on."""
        wanted = frozenset(names)
        if wanted not in self._parts:
            self._parts[wanted] = narrowed(self.plan, wanted, self.below)
        part = self._parts[wanted]
        for places, answers in offers.ways(self.closure(wanted)):
            yield places, _facts(part, self._of(part, answers))

    def closure(self, names: Collection[str]) -> frozenset[str]:
        """All that these questions and nodes rest on."""
        return frozenset().union(*(self.below[name] for name in names))

    def highest(self, answers: Answers, without: Collection[str], applying: Collection[str]) -> Fact:
        """All that the node may still become where the answers to ``without`` may be any; see :meth:`possible`."""
        kept = {name: answer for name, answer in self._of(self.plan, answers).items() if name not in without}
        return self.possible(kept, applying)[self.node]

    def possible(self, answers: Answers, applying: Collection[str]) -> Mapping[str, Fact]:
        """All that everything may still become; questions in ``applying`` surely get an answer on their scale."""
        return _possible(self.plan, answers, applying, _LOOSE).facts

    @staticmethod
    def _of(plan: Plan, answers: Answers) -> dict[str, Answer]:
        return {name: answer for name, answer in answers.items() if name in plan.positions}


def _possible(plan: Plan, answers: Answers, applying: Collection[str], precision: Precision) -> Reading:
    facts = asked.constants(plan.constants)
    reading = Reading(facts, plan.tables, precision.bits, precision.last)
    for item in plan.order:
        if isinstance(item, PlannedNode):
            facts[item.id] = possible_node(item, reading, precision)
        else:
            question = replace(item, may_not_apply=False) if item.id in applying else item
            facts[item.id] = asked.possibly(question, answers.get(item.id), reading)
    return reading


def _facts(plan: Plan, answers: Answers) -> Reading:
    """What the engine knows; where nothing is missing, all that is possible is all that is, and sooner told."""
    if all(question.id in answers or not question.answerable for question in plan.questions):
        try:
            return _possible(plan, answers, (), Precision(FIRST_BITS, last=False))
        except Undecided:
            pass
    return facts_of(plan, answers)
