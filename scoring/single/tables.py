"""Tables that work out by themselves what is not in them yet, from whole numbers alone."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from operator import getitem
from typing import Any, Final, TypeAlias, TypeVar

from scoring.enclosure import Enclosure, point
from scoring.memory import MOST_OPEN, Memory
from scoring.scorecard import NodeScore, Share
from scoring.single.known import Known, Picked

Key: TypeAlias = int | tuple[int | bool | None, ...]
"""The sum of what the children bring, in units of the common denominator, and which of the node's conditions hold."""

_Key = TypeVar("_Key")
_Each = TypeVar("_Each")


class Proportion(dict[Known, int]):
    """What a child brings to its node, in units: always the same part of its value."""

    __slots__ = ("_cap", "_factor", "_memory", "_per_one")

    def __init__(self, factor: Fraction, cap: Enclosure | None, per_unit: int, memory: Memory) -> None:
        """``factor``: what a child of value one brings; ``cap``: its value counts up to there."""
        super().__init__()
        self._factor = factor
        self._per_one: Final = factor * per_unit
        self._cap = cap
        self._memory = memory

    def __missing__(self, known: Known) -> int:
        if known.exact is None:
            raise KeyError(known)
        value = known.exact
        if self._cap is not None:
            capped = point(value).at_most(self._cap).exact
            if capped is None:
                raise KeyError(known)
            value = capped
        units, rest = divmod(value.numerator * self._per_one.numerator, value.denominator * self._per_one.denominator)
        if rest:  # it takes a larger common denominator
            raise KeyError(known)
        self[known] = units
        self._memory.kept += 1
        return units

    def finer(self, per_unit: int) -> Proportion:
        """The same in smaller units, empty."""
        return Proportion(self._factor, self._cap, per_unit, self._memory)


class Outcomes(dict[Key, Known]):
    """What a node came out as, by the sum of its parts."""

    __slots__ = ("_came_to", "_memory")

    def __init__(self, came_to: Callable[[Key], Known], memory: Memory) -> None:
        super().__init__()
        self._came_to = came_to
        self._memory = memory

    def __missing__(self, key: Key) -> Known:
        found = self[key] = self._came_to(key)
        self._memory.kept += 1
        return found


class Found(dict[_Key, _Each]):
    """A table that works out what is not in it yet, and starts anew when there is much in it."""

    __slots__ = ("_memory", "_most", "_work_out")

    def __init__(self, work_out: Callable[[_Key], _Each], memory: Memory, most: int = MOST_OPEN) -> None:
        super().__init__()
        self._work_out = work_out
        self._memory = memory
        self._most = most

    def __missing__(self, key: _Key) -> _Each:
        if len(self) >= self._most:
            self.clear()
            self._memory.kept -= self._most
        found = self[key] = self._work_out(key)
        self._memory.kept += 1
        return found


class ByAnswer(dict[Hashable, _Each]):
    """What a table says of a question's outcome, by the answer itself."""

    __slots__ = ("_memory", "_outcomes", "_table")

    def __init__(self, outcomes: Mapping[Hashable, Known], table: Mapping[Known, _Each], memory: Memory) -> None:
        super().__init__()
        self._outcomes = outcomes
        self._table = table
        self._memory = memory

    def __missing__(self, answer: Hashable) -> _Each:
        found = self[answer] = self._table[self._outcomes[answer]]
        self._memory.kept += 1
        return found


class ByLevel:
    """The same for a question that levels are picked for, of which there are few.

    A dictionary of Python's own kind, which is looked up in half the time: it does not fill itself.
    """

    __slots__ = ("_levels", "_outcomes", "_table", "found")

    def __init__(self, levels: range, outcomes: Mapping[Hashable, Known], table: Mapping[Known, Any]) -> None:
        self._levels = levels
        self._outcomes = outcomes
        self._table = table
        self.found: dict[int, Any] = {}

    def fill(self) -> None:
        """Take over what the table says of levels that were picked by now."""
        if len(self.found) == len(self._levels):
            return
        for level in self._levels:
            with suppress(KeyError):
                self.found[level] = self._table[self._outcomes[level]]


def is_in(table: Mapping[Known, int], known: Known) -> bool:
    """Whether it is in the table, or can be worked out by it."""
    try:
        table[known]
    except KeyError:
        return False
    return True


class Weighing:
    """One set of children that count, with what their outcomes brought and what that came to."""

    __slots__ = ("counted_share", "outcomes", "per_unit", "scores", "shares", "units")

    def __init__(
        self, units: Sequence[dict[Known, int]], counted_share: str, per_unit: int, outcomes: dict[Key, Known]
    ) -> None:
        self.counted_share = counted_share
        self.per_unit = per_unit
        """The common denominator of all that children bring."""

        self.units = units
        """What each child brings, in units of the common denominator."""

        self.shares: list[dict[Known, Share]] = [{} for _ in units]
        """What each child brings, as the scorecard tells it."""

        self.outcomes = outcomes
        self.scores: dict[Known, NodeScore] = {}
        """Each outcome as a scorecard tells it, without shares."""

    def shares_of(self, children: Picked) -> tuple[Share, ...]:
        """What the children bring, of which it was told before."""
        return tuple(map(getitem, self.shares, children))
