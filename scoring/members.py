"""What each member of a cohort says: facts, conditions that hold for it, and the group it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from questionnaires.formula.tree import Expression
from questionnaires.model import Definition
from questionnaires.unrolling import unrolling_of
from scoring.aggregate import FIRST_BITS, MOST_BITS
from scoring.answers import Answers, NotApplicableAnswer
from scoring.exact import facts_of
from scoring.facts import Reading
from scoring.formulas import truth
from scoring.lowering import Lowering
from scoring.patterns import Patterns
from scoring.plan import Plan
from scoring.rounding import Undecided
from scoring.unrolling import items_of

Group = tuple[str | None, ...]
"""What a member answers to the questions that tell groups apart; None: no answer, or it does not apply."""


class Conditions:
    """Conditions over the answers of each member: the same for all, but where lists have other items for everybody."""

    def __init__(self, definition: Definition, plan: Plan, texts: Mapping[str, str]) -> None:
        self._definition = definition
        self._plan = plan
        self._texts = texts
        self._same = None if plan.unrolling is not None else self._lowered(definition)

    def _lowered(self, definition: Definition) -> Mapping[str, Expression]:
        lowering = Lowering(definition, self._plan.roots, Patterns.of(definition))
        return {name: lowering.condition(text) for name, text in self._texts.items()}

    def of(self, answers: Answers) -> Mapping[str, Expression]:
        """The conditions for the items that answers name."""
        if self._same is not None:
            return self._same
        items = items_of(answers) | {
            name: () for name, answer in answers.items() if isinstance(answer, NotApplicableAnswer)
        }
        unrolled, rewritten = unrolling_of(self._definition, items)
        lowering = Lowering(unrolled, self._plan.roots, Patterns.of(unrolled))
        return {name: lowering.condition(rewritten(text)) for name, text in self._texts.items()}


def read(plan: Plan, answers: Answers, conditions: Conditions) -> tuple[Reading, Mapping[str, bool | None]]:
    """What the answers of one member say, and which conditions hold for it; None: missing answers decide."""
    bits = FIRST_BITS
    while True:
        reading = facts_of(plan, answers, bits)
        try:
            return reading, {name: truth(condition, reading) for name, condition in conditions.of(answers).items()}
        except Undecided:
            if bits >= MOST_BITS:
                raise
            bits *= 2


def group_of(by: Sequence[str], reading: Reading) -> Group:
    """The group that a member belongs to, by what it picked for each question."""
    facts = [reading.facts[question] for question in by]
    picked = [(fact.picked or ()) if fact.known and fact.applies else () for fact in facts]
    return tuple(next(iter(each), None) for each in picked)


def within(group: Group, wider: Group) -> bool:
    """Whether who is in ``group`` is also in a wider one, of fewer facts."""
    return group[: len(wider)] == wider
