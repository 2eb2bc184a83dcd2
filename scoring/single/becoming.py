"""All that a node that weighs its children may still become.

As in :mod:`scoring.single.coming`, everything but numbers is worked out once for each combination of kinds (two facts
are of one kind where they differ in nothing but their numbers), and two weighted means of whole numbers tell the rest:
of the lowest and of the highest that each child may still bring.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import lcm
from operator import mul, neg
from typing import Final, NamedTuple, TypeAlias

from questionnaires.model import Aggregation
from scoring.aggregate import FIRST
from scoring.amounts import PLAIN, Settled
from scoring.bounds import least_mean
from scoring.enclosure import Enclosure
from scoring.facts import NO_FACTS
from scoring.plan import PlannedChild, PlannedNode
from scoring.possible import after_rules, by_aggregation, range_of
from scoring.single.coming import Kept
from scoring.single.conditions import Holds, applying
from scoring.single.known import Prospect
from scoring.single.tables import Found
from scoring.telling import end_of

Ends: TypeAlias = tuple[int, int]
"""The lowest and the highest that a child may still bring, in units."""

Extremes: TypeAlias = tuple[int, int, int, int]
"""The least and the greatest mean, each as what is brought, in units, and the weight that it is shared by."""

_OPEN: Final = replace(PLAIN, known=False)
_NOTHING: Final = Fraction(0)


class Becoming(NamedTuple):
    """All that a node may still become, and how the scorecard states its ends."""

    prospect: Prospect
    lowest: str | None
    highest: str | None


class Reachable:
    """A node whose children may become something of a certain kind each."""

    def __init__(self, node: PlannedNode, scale: int, prospects: Sequence[Prospect], kept: Kept) -> None:
        """``scale``: units for each one of the children's values; ``prospects``: the first that were met.

        Raises:
            KeyError: more than weighted means tells what the node may become.
        """
        self._node = node
        self._scale = scale
        facts = {child.id: each.fact for child, each in zip(node.children, prospects, strict=True)}
        self._fact = by_aggregation(Settled(node), replace(NO_FACTS, facts=facts), FIRST)
        """Before its limits and rules; the numbers are some, whichever."""

        items = [range_of(node, child, facts[child.id]) for child in node.children]
        self._optional = [item is not None and item.optional for item in items]
        is_sum, is_share = node.aggregation is Aggregation.SUM, node.aggregation is Aggregation.SHARE
        weights = [
            _NOTHING if item is None else child.weight * (_achievable(child) if is_share else 1)
            for child, item in zip(node.children, items, strict=True)
        ]
        nothing_achievable = any(item is not None and weight <= 0 for item, weight in zip(items, weights, strict=True))
        if self._fact.number is None or nothing_achievable or (is_sum and any(self._optional)):
            raise KeyError(node.id)
        common = lcm(*[weight.denominator for weight in weights])
        self._weights = [int(weight * common) for weight in weights]
        """How much each weighs; 0: it does not apply."""

        self._all = common if is_sum else sum(self._weights)
        self._all_count = not any(self._optional)
        self.becoming: Final = Found(self._becoming, kept.memory, kept.most)
        """By the extremes, and what holds whatever is answered; None: the node does not apply."""

    def extremes(self, ends: Iterable[Ends]) -> Extremes:
        """The least and the greatest that the children may bring, all together."""
        lows, highs = zip(*ends, strict=True)
        weights = self._weights
        if self._all_count:
            return sum(map(mul, lows, weights)), self._all, sum(map(mul, highs, weights)), self._all
        low, below = least_mean(zip(lows, weights, self._optional, strict=True))
        high, above = least_mean(zip(map(neg, highs), weights, self._optional, strict=True))
        return low, below, -high, above

    def _becoming(self, key: tuple[Extremes, Holds]) -> Becoming | None:
        node, ((low, below, high, above), holds) = self._node, key
        applies, fired = applying(node, holds)
        span = Enclosure(Fraction(low, below * self._scale), Fraction(high, above * self._scale))
        amounts = PLAIN if applies else _OPEN
        fact = after_rules(node, self._fact, span, fired=fired, amounts=amounts, reading=NO_FACTS)
        if applies is False or fact is None or fact.number is None:
            return None
        reached = fact.number
        prospect = Prospect(fact if applies else replace(fact, optional=True, applies=None))
        return Becoming(prospect, end_of(node, reached.low), end_of(node, reached.high))


def ends(node: PlannedNode, child: PlannedChild, prospect: Prospect) -> tuple[Fraction, Fraction]:
    """The lowest and the highest value with which it may still count towards a mean or sum; 0 where it does not."""
    item = range_of(node, child, prospect.fact)
    if item is None or item.span.low is None or item.span.high is None:
        return _NOTHING, _NOTHING
    if node.aggregation is not Aggregation.SHARE:
        return item.span.low, item.span.high
    part = node.out_of / _achievable(child)
    return item.span.low * part, item.span.high * part


def _achievable(child: PlannedChild) -> Fraction:
    """The most that a child can bring; 0 where that is not known."""
    return _NOTHING if child.highest is None else child.highest.exact or _NOTHING
