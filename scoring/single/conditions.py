"""Conditions, asked once for each outcome of what they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Final, TypeAlias

from questionnaires.formula.tree import Expression, names
from scoring import asked
from scoring.aggregate import FIRST_BITS
from scoring.facts import Reading
from scoring.formulas import truth
from scoring.memory import Memory
from scoring.plan import Plan, PlannedNode
from scoring.single.known import Known, Picked, picking

Holds: TypeAlias = tuple[bool | None, ...]
"""Whether a node applies, where that is asked, and whether the condition of each of its rules holds."""


def applying(node: PlannedNode, holds: Holds) -> tuple[bool | None, list[bool | None]]:
    """Whether the node applies, and whether each of its rules fires."""
    applies, held = (True, holds) if node.applies_when is None else (holds[0], holds[1:])
    fired = zip(node.rules, held, strict=True)
    return applies, [None if each is None else each is rule.fires_on for rule, each in fired]


class Held(dict[Known | Picked, bool | None]):
    """Whether a condition held, by the outcome of what it names, or of all that it names."""

    __slots__ = ("_asked", "_memory")

    def __init__(self, asked: Callable[[Known | Picked], bool | None], memory: Memory) -> None:
        super().__init__()
        self._asked = asked
        self._memory = memory

    def __missing__(self, named: Known | Picked) -> bool | None:
        found = self[named] = self._asked(named)
        self._memory.kept += 1
        return found


class Condition:
    """A condition, and whether it held for what it was asked of before."""

    __slots__ = ("_expression", "_names", "_open", "_pick", "_plan", "held", "places")

    def __init__(self, plan: Plan, expression: Expression, places: Mapping[str, int]) -> None:
        self._plan = plan
        self._expression = expression
        named = sorted(names(expression))
        by = [each for name in named for each in (plan.tables[name].by if name in plan.tables else (name,))]
        self._names = tuple(dict.fromkeys(name for name in by if name in places))
        self.places = [places[name] for name in self._names]
        self._pick: Callable[[Sequence[Known]], Known | Picked] = picking(self.places)
        if len(self.places) == 1:
            self._pick = itemgetter(*self.places)
        self.held: Final = Held(self._asked, plan.memory)
        self._open: dict[Known | Picked, tuple[bool | None, bool | None]] = {}

    def holds(self, known: Sequence[Known]) -> bool | None:
        """Whether it holds; None where something that it names is not settled.

        Raises:
            Undecided: irrational numbers have to be enclosed more tightly.
        """
        return self.held[self._pick(known)]

    def while_open(self, known: Sequence[Known]) -> tuple[bool | None, bool | None]:
        """Whether it holds as things stand, and whether it does whatever is answered.

        Raises:
            Undecided: irrational numbers have to be enclosed more tightly.
        """
        named = self._pick(known)
        settled = self.held[named]
        if settled is not None:
            return settled, settled
        found = self._open.get(named)
        if found is None:
            found = self._open[named] = self._read(named, 1), self._read(named, 2)
            self._plan.memory.kept += 1
        return found

    def _asked(self, named: Known | Picked) -> bool | None:
        below = (named,) if isinstance(named, Known) else named
        return self._read(named, 1) if all(each.settled for each in below) else None

    def _read(self, named: Known | Picked, which: int) -> bool | None:
        """By what is known now (1), or by all that it may still become (2)."""
        below = (named,) if isinstance(named, Known) else named
        facts = asked.constants(self._plan.constants)
        for name, each in zip(self._names, below, strict=True):
            _, *facts_of_it = each.facts
            facts[name] = facts_of_it[which - 1]
        return truth(self._expression, Reading(facts, self._plan.tables, FIRST_BITS, last=False))
