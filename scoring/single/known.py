"""What a question or node came out as, for what rests on it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeAlias

from scoring.enclosure import point
from scoring.facts import Fact
from scoring.scorecard import State
from scoring.worked import Value


class Stated(NamedTuple):
    """What a node states."""

    value: str | None
    """The rounded decimal; None where the scorecard has none."""

    band: str | None


NOTHING_STATED: Final = Stated(None, None)

Facts: TypeAlias = tuple[Value, Fact, Fact]
"""What the thorough engine keeps of an item: its value, what formulas learn of it, all that it may still become."""


class Known:
    """One outcome of one question or node. It is told by identity, so tables are kept by it at no cost."""

    __slots__ = ("_facts", "absent", "exact", "settled", "state", "stated")

    def __init__(
        self, state: State, facts: Facts | None = None, stated: Stated = NOTHING_STATED, exact: Fraction | None = None
    ) -> None:
        """``facts`` as the thorough engine found them, or the ``exact`` number that an item is, whatever comes."""
        self.state = state
        self.stated = stated
        self.exact = exact
        """What it is worth, where nothing that is missing can change it."""

        self.absent = False
        """It does not apply, whatever comes."""

        self.settled = True
        """Nothing that is missing can change it."""

        self._facts = facts
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


def picking(keys: Sequence[Hashable]) -> Callable[[Any], tuple[Any, ...]]:
    """A function that picks out what stands at ``keys`` of a list or mapping, always as a tuple."""
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda known: tuple([known[key] for key in keys])
