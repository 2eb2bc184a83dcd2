"""What a question or node came out as, for what rests on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import itemgetter
from typing import TypeAlias

from scoring.enclosure import point
from scoring.facts import Fact
from scoring.scorecard import NodeScore, QuestionScore, State
from scoring.worked import Value

Facts: TypeAlias = tuple[Value, Fact, Fact]
"""What the thorough engine keeps of an item: its value, what formulas learn of it, all that it may still become."""


class Known:
    """One outcome of one question or node. It is told by identity, so tables are kept by it at no cost."""

    __slots__ = ("_facts", "absent", "exact", "settled", "told")

    def __init__(
        self, told: QuestionScore | NodeScore, facts: Facts | None = None, exact: Fraction | None = None
    ) -> None:
        """``facts`` as the thorough engine found them, or the ``exact`` number that an item is, whatever comes."""
        self.told = told
        """Its part of a scorecard; of a node, one with this value and band."""

        self._facts = facts
        self.exact: Fraction | None = exact
        """What it is worth, where nothing that is missing can change it."""

        self.absent = False
        """It does not apply, whatever comes."""

        self.settled = True
        """Nothing that is missing can change it."""

        if facts is not None:
            self._judge(*facts)

    def _judge(self, value: Value, now: Fact, possible: Fact) -> None:
        self.settled = now.known and possible is now
        if value.state is State.NOT_APPLICABLE:
            self.absent = self.settled = possible.known and possible.applies is False
        elif self.settled and value.state is State.SCORED and value.value is not None:
            self.exact = value.value.exact

    @property
    def facts(self) -> Facts:
        """All of it, made when it is first asked for."""
        if self._facts is None:
            span = point(self.exact or Fraction(0))
            fact = Fact(span, span)
            self._facts = Value(State.SCORED, span), fact, fact
        return self._facts


Picked: TypeAlias = tuple[Known, ...]


def picking(places: Sequence[int]) -> Callable[[Sequence[Known]], Picked]:
    """A function that picks the items at ``places`` out of all."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda known: tuple([known[place] for place in places])
