"""What each member of a cohort says: facts, conditions that hold for it, and the group it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from questionnaires.formula.tree import Expression
from questionnaires.grouping import asks_for, groups_by
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
"""What tells a member's group, fact by fact; None: no answer, no band or class, or it does not apply."""

Member = tuple[Reading, Mapping[str, bool | None]]
"""What the answers of one member say, and which conditions hold for it; None: missing answers decide."""


class Conditions:
    """Conditions over the answers of each member: the same for all, but where lists have other items for everybody.

    ``by`` are questions and nodes that tell groups apart: of nodes it is asked which band or class they have.
    """

    def __init__(self, definition: Definition, plan: Plan, texts: Mapping[str, str], by: Iterable[str] = ()) -> None:
        self._definition = definition
        self._plan = plan
        nodes = [node for each in dict.fromkeys(by) if (node := definition.node(each)) is not None]
        standing = {_standing(node.id, key): asks_for(node, key) for node in nodes for key in groups_by(node)}
        self._texts = {**texts, **standing}
        self.standings: Mapping[str, Sequence[str]] = {node.id: groups_by(node) for node in nodes}
        """Node that tells groups apart → its bands or classes."""

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


def read(plan: Plan, answers: Answers, conditions: Conditions) -> Member:
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


def group_of(by: Sequence[str], member: Member, conditions: Conditions) -> Group:
    """The group that a member belongs to, by what it picked for each question and what its nodes came to."""
    reading, holds = member

    def found(fact: str) -> str | None:
        said = reading.facts[fact]
        if fact in conditions.standings:
            if not said.known:  # nor does its scorecard state a band or class
                return None
            return next((key for key in conditions.standings[fact] if holds[_standing(fact, key)]), None)
        picked = (said.picked or ()) if said.known and said.applies else ()
        return next(iter(picked), None)

    return tuple(found(fact) for fact in by)


def _standing(node: str, key: str) -> str:
    """What stands for the condition that a node has a band or class; no author can name it."""
    return f"{node}.{key}"


def within(group: Group, wider: Group) -> bool:
    """Whether who is in ``group`` is also in a wider one, of fewer facts."""
    return group[: len(wider)] == wider
