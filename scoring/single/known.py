"""What a question or node came out as, for what rests on it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from operator import itemgetter
from typing import Any, Final, NamedTuple, Self, TypeAlias

from scoring.enclosure import point
from scoring.facts import Fact
from scoring.scorecard import State, Why
from scoring.worked import Value, fact_of


class Stated(NamedTuple):
    """What a node states."""

    value: str | None
    """The rounded decimal; None where the scorecard has none."""

    band: str | None


NOTHING_STATED: Final = Stated(None, None)

Facts: TypeAlias = tuple[Value, Fact, Fact]
"""What the thorough engine keeps of an item: its value, what formulas learn of it, all that it may still become."""


OTHER: Final = -1
"""The kind of what is not in plain numbers: irrational, without a limit, undefined."""

_STATES: Final = {state: place for place, state in enumerate(State)}


class SoFar:
    """What an item comes to over what is answered so far. It is told by identity."""

    __slots__ = ("kind", "state", "value", "why")

    def __init__(self, state: State, value: Fraction | None, why: Why = Why.NONE) -> None:
        self.state = state
        self.value = value
        self.why = why
        self.kind = _STATES[state] << 1 | (value is not None)
        """The same number for what differs in nothing but its number."""


class Prospect:
    """All that an item may still become. It is told by identity."""

    __slots__ = ("fact", "kind")

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        self.kind = _prospect(fact)
        """The same number for what differs in nothing but its numbers; :data:`OTHER` for what has no such numbers."""


def _prospect(fact: Fact) -> int:
    span = fact.score
    if fact.undefined or (span is None and (fact.applies is not False or not fact.known)):
        return OTHER
    if span is not None and (span.low is None or span.high is None):
        return OTHER
    said = (span is None) | fact.known << 1 | fact.optional << 2 | fact.may_fail << 3
    return said if fact.applies else said | (16 if fact.applies is None else 32)


class Known:
    """One outcome of one question or node. It is told by identity, so tables are kept by it at no cost."""

    __slots__ = ("_facts", "_prospect", "_so_far", "absent", "exact", "settled", "state", "stated")

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
        self._so_far: SoFar | None = None
        self._prospect: Prospect | None = None
        if facts is not None:
            self._judge(*facts)

    @classmethod
    def unfinished(cls, so_far: SoFar, prospect: Prospect, stated: Stated) -> Self:
        """Of a node while answers below it are missing."""
        found = cls(so_far.state, None, stated)
        found.settled = False
        found._so_far, found._prospect = so_far, prospect
        return found

    def _judge(self, value: Value, now: Fact, possible: Fact) -> None:
        self.settled = now.known and possible is now
        if value.state is State.NOT_APPLICABLE:
            self.absent = self.settled = possible.known and possible.applies is False
        elif self.settled and value.state is State.SCORED and value.value is not None:
            self.exact = value.value.exact

    @property
    def facts(self) -> Facts:
        """All of it, made when it is first asked for."""
        if self._facts is None and self._so_far is not None and self._prospect is not None:
            so_far, possible = self._so_far, self._prospect.fact
            value = Value(so_far.state, None if so_far.value is None else point(so_far.value), so_far.why)
            self._facts = value, fact_of(value, possible), possible
        elif self._facts is None:
            span = point(self.exact or Fraction(0))
            fact = Fact(span, span)
            self._facts = Value(State.SCORED, span), fact, fact
        return self._facts

    @property
    def so_far(self) -> SoFar:
        """What it comes to over what is answered so far."""
        if self._so_far is None:
            value = self.facts[0]
            self._so_far = SoFar(value.state, None if value.value is None else value.value.exact, value.why)
            if value.value is not None and value.value.exact is None:
                self._so_far.kind = OTHER
        return self._so_far

    @property
    def prospect(self) -> Prospect:
        """All that it may still become."""
        if self._prospect is None:
            self._prospect = Prospect(self.facts[2])
        return self._prospect


Picked: TypeAlias = tuple[Known, ...]


def picking(keys: Sequence[Hashable]) -> Callable[[Any], tuple[Any, ...]]:
    """A function that picks out what stands at ``keys`` of a list or mapping, always as a tuple."""
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda known: tuple([known[key] for key in keys])
