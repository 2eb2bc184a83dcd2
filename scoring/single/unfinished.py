"""Nodes that weigh their children, while answers below them are missing: looked up and added up like finished ones.

What such a node comes to so far (:mod:`scoring.single.coming`) and all that it may still become
(:mod:`scoring.single.becoming`) are found apart from one another, and shared by all outcomes that have them in common.
What is not in plain numbers goes to the thorough engine as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from functools import partial
from math import lcm
from operator import attrgetter, getitem, mul
from typing import Final, NamedTuple

from questionnaires.model import Aggregation
from scoring.memory import FEW_OPEN, MOST_OPEN, MOST_OPEN_LARGE, Memory
from scoring.plan import PlannedNode
from scoring.scorecard import NodeScore, State
from scoring.single.becoming import Becoming, Ends, Reachable, ends
from scoring.single.coming import Coming, Counting, Kept, counts, worth
from scoring.single.conditions import Condition, Holds
from scoring.single.known import OTHER, Known, Picked, Prospect, SoFar
from scoring.single.tables import Found

_WEIGHING: Final = frozenset({Aggregation.MEAN, Aggregation.WEIGHTED_MEAN, Aggregation.SHARE, Aggregation.SUM})

_MOST_BITS: Final = 256
"""Of a common denominator."""

Kinds = tuple[int, ...]


class Finer(Exception):
    """A number of a child takes a larger common denominator."""

    def __init__(self, denominator: int) -> None:
        super().__init__()
        self.denominator = denominator


class Unfinished(NamedTuple):
    """What a node comes to while answers below it are missing."""

    outcome: Known
    coming: Coming
    becoming: Becoming
    counting: Counting
    so_fars: Sequence[SoFar]

    def told(self, counts: tuple[int, int, int]) -> NodeScore:
        """The node's part of the scorecard: ``counts`` of questions answered, not applicable and missing."""
        answered, absent, missing = counts
        return self.coming.score.changed(
            lowest=self.becoming.lowest,
            highest=self.becoming.highest,
            answered=answered,
            not_applicable=absent,
            missing=missing,
            shares=tuple(map(getitem, self.counting.shares, self.so_fars)),
        )


class UnfinishedNode:
    """A node with what it came to before, while answers below it were missing."""

    def __init__(self, node: PlannedNode, conditions: Sequence[Condition], kept: Memory) -> None:
        """``conditions``: whether it applies, if that is asked, and those of its rules."""
        self._conditions = conditions
        self._scaled = Scaled(node, 1, Kept(kept, MOST_OPEN if len(node.questions) <= FEW_OPEN else MOST_OPEN_LARGE))

    @staticmethod
    def fits(node: PlannedNode) -> bool:
        """Whether a node that weighs its children is such a node."""
        return node.aggregation in _WEIGHING and all(child.weight for child in node.children)

    def unfinished(self, known: Sequence[Known], children: Picked) -> Unfinished | None:
        """What the node comes to; None where that takes the thorough engine.

        Raises:
            Undecided: irrational numbers have to be enclosed more tightly.
        """
        so_fars, prospects = list(map(_so_far, children)), list(map(_prospect, children))
        held = [each.while_open(known) for each in self._conditions]
        now, whatever = tuple([each for each, _ in held]), tuple([each for _, each in held])
        scaled = self._scaled
        while True:
            try:
                return scaled.unfinished(so_fars, prospects, now, whatever)
            except Finer as finer:
                scaled = self._scaled = scaled.finer(finer.denominator)


class Scaled:
    """All tables of a node with one common denominator of its children's values."""

    def __init__(self, node: PlannedNode, scale: int, kept: Kept) -> None:
        """``scale``: units for each one of the children's values."""
        self._node = node
        self._scale = scale
        self._kept = kept
        self._by_kinds: dict[Kinds, Counting | None] = {}
        self._countings: dict[tuple[tuple[bool, ...], frozenset[State]], Counting] = {}
        self._reachables: dict[Kinds, Reachable | None] = {}
        places = range(len(node.children))
        self._worths = [Found(partial(self._worth, place), kept.memory) for place in places]
        """What each child counts with so far, in units."""

        self._ends = [Found(partial(self._ends_of, place), kept.memory) for place in places]
        """The lowest and the highest with which each child may still count, in units."""

    def finer(self, denominator: int) -> Scaled:
        """The same with smaller units, empty."""
        return Scaled(self._node, lcm(self._scale, denominator), self._kept)

    def unfinished(
        self, so_fars: Sequence[SoFar], prospects: Sequence[Prospect], now: Holds, whatever: Holds
    ) -> Unfinished | None:
        """What the node comes to, by what its children come to and what holds ``now`` and ``whatever`` is answered.

        Raises:
            Finer: a number is no whole number of units.
        """
        counting, reachable = self._counting(so_fars), self._reachable(prospects)
        if counting is None or reachable is None:
            return None
        units = sum(map(mul, counting.factors, map(getitem, self._worths, so_fars)))
        coming = counting.coming[units, now]
        becoming = reachable.becoming[reachable.extremes(map(getitem, self._ends, prospects)), whatever]
        if coming is None or becoming is None:
            return None
        outcome = Known.unfinished(coming.so_far, becoming.prospect, coming.stated)
        return Unfinished(outcome, coming, becoming, counting, so_fars)

    def _counting(self, so_fars: Sequence[SoFar]) -> Counting | None:
        kinds = tuple([each.kind for each in so_fars])
        try:
            return self._by_kinds[kinds]
        except KeyError:
            found = self._by_kinds[kinds] = None if self._is_loose(kinds) else self._counting_anew(so_fars)
            return found

    def _counting_anew(self, so_fars: Sequence[SoFar]) -> Counting | None:
        node = self._node
        counted = tuple([counts(node, child, each) for child, each in zip(node.children, so_fars, strict=True)])
        states = frozenset([each.state for each in so_fars])
        found = self._countings.get((counted, states))
        if found is None:
            with suppress(KeyError):
                found = self._countings[counted, states] = Counting(node, self._scale, counted, states, self._kept)
                self._kept.memory.kept += 1
        return found

    def _reachable(self, prospects: Sequence[Prospect]) -> Reachable | None:
        kinds = tuple([each.kind for each in prospects])
        try:
            return self._reachables[kinds]
        except KeyError:
            found: Reachable | None = None
            if not self._is_loose(kinds):
                with suppress(KeyError):
                    found = Reachable(self._node, self._scale, prospects, self._kept)
                    self._kept.memory.kept += 1
            self._reachables[kinds] = found
            return found

    def _is_loose(self, kinds: Kinds) -> bool:
        """Whether the numbers of the children are not plain, or have no common denominator to speak of."""
        return OTHER in kinds or self._scale.bit_length() > _MOST_BITS

    def _worth(self, place: int, so_far: SoFar) -> int:
        return self._units(worth(self._node, self._node.children[place], so_far))

    def _ends_of(self, place: int, prospect: Prospect) -> Ends:
        low, high = ends(self._node, self._node.children[place], prospect)
        return self._units(low), self._units(high)

    def _units(self, value: Fraction) -> int:
        units, rest = divmod(value.numerator * self._scale, value.denominator)
        if rest:
            raise Finer(value.denominator)
        return units


_so_far: Final = attrgetter("so_far")
_prospect: Final = attrgetter("prospect")
