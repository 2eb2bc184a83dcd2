"""Conditions, asked once for each outcome of what they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Final

from questionnaires.formula.tree import Expression, names
from scoring import asked
from scoring.aggregate import FIRST_BITS
from scoring.facts import Reading
from scoring.formulas import truth
from scoring.memory import Memory
from scoring.plan import Plan
from scoring.single.known import Known, Picked, picking


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

    __slots__ = ("_expression", "_names", "_pick", "_plan", "held", "places")

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

    def holds(self, known: Sequence[Known]) -> bool | None:
        """Whether it holds; None where something that it names is not settled.

        Raises:
            Undecided: irrational numbers have to be enclosed more tightly.
        """
        return self.held[self._pick(known)]

    def _asked(self, named: Known | Picked) -> bool | None:
        below = (named,) if isinstance(named, Known) else named
        if not all(each.settled for each in below):
            return None
        facts = asked.constants(self._plan.constants)
        facts |= {name: each.facts[1] for name, each in zip(self._names, below, strict=True)}
        return truth(self._expression, Reading(facts, self._plan.tables, FIRST_BITS, last=False))
