"""Means, sums and shares of children that are all settled: what each child brings, looked up and added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from operator import getitem
from typing import Final, TypeAlias

from questionnaires.model import Aggregation, PassesOn
from scoring.aggregate import FIRST, Pair, contributions, weight_of
from scoring.enclosure import point
from scoring.plan import Plan, PlannedNode
from scoring.possible import substitute
from scoring.rounding import written
from scoring.rules import Outcome, band_after, overridden
from scoring.scorecard import NodeScore, Share, State, Why
from scoring.single.conditions import Condition
from scoring.single.known import Known, Picked, Stated, picking
from scoring.telling import band_before, rule_outcomes, share, text_of

_ADDED_UP: Final = frozenset(
    {
        Aggregation.MEAN,
        Aggregation.WEIGHTED_MEAN,
        Aggregation.SUM,
        Aggregation.SHARE,
        Aggregation.COUNT,
        Aggregation.SHARE_REACHED,
    }
)
"""Aggregations where each child brings a part of the value, whatever the others are."""

_MOST_BITS: Final = 256
"""Of a common denominator: where it grows beyond (measured numbers), every value is another, and looking up is vain."""

Key: TypeAlias = int | tuple[int, ...]
"""The sum of what the children bring, in units of the common denominator, and which of the node's conditions hold."""


class Weighing:
    """One set of children that count, with what their outcomes brought and what that came to."""

    __slots__ = ("counted_share", "outcomes", "per_unit", "scores", "shares", "units")

    def __init__(self, children: int, counted_share: str, per_unit: int) -> None:
        self.counted_share = counted_share
        self.per_unit = per_unit
        """The common denominator of all that children bring."""

        self.units: list[dict[Known, int]] = [{} for _ in range(children)]
        """What each child brings, in units of the common denominator."""

        self.shares: list[dict[Known, Share]] = [{} for _ in range(children)]
        """What each child brings, as the scorecard tells it."""

        self.outcomes: dict[Key, Known] = {}
        self.scores: dict[Known, NodeScore] = {}
        """Each outcome as a scorecard tells it, with the shares and counts of the first assessment."""

    def shares_of(self, children: Picked) -> tuple[Share, ...]:
        """What the children bring, of which it was told before."""
        return tuple(map(getitem, self.shares, children))


Weighed: TypeAlias = tuple[Known, Weighing, Picked]
"""What a node came out as, by which weighing, over which outcomes of its children."""


class WeighedNode:
    """A node whose children's parts add up to its value, as long as all that it rests on is settled."""

    def __init__(self, plan: Plan, node: PlannedNode, places: Mapping[str, int]) -> None:
        self._node = node
        self.places = [places[child.id] for child in node.children]
        self._pick = picking(self.places)
        asked = [] if node.applies_when is None else [node.applies_when]
        self.conditions = [Condition(plan, each, places) for each in (*asked, *(rule.condition for rule in node.rules))]
        self._latest = Weighing(len(node.children), "", 1)
        self._weighings: dict[tuple[bool | None, ...], Weighing | None] = {}
        self._memory = plan.memory

    @staticmethod
    def fits(node: PlannedNode) -> bool:
        """Whether the node is such a node."""
        weighs = node.aggregation in _ADDED_UP and not node.amounts and bool(node.children)
        return weighs and all(child.over is None for child in node.children)

    def weighed(self, known: Sequence[Known]) -> Weighed | None:
        """What the node comes out as; None where that takes more than adding up.

        Raises:
            Undecided: irrational numbers have to be enclosed more tightly.
        """
        children = self._pick(known)
        weighing = self._latest
        try:
            units = sum(map(getitem, weighing.units, children))
        except KeyError:
            found = self._prepared(children)
            if found is None:
                return None
            self._latest = weighing = found
            units = sum(map(getitem, weighing.units, children))
        key: Key = units
        if self.conditions:
            held = [condition.holds(known) for condition in self.conditions]
            if None in held or (self._node.applies_when is not None and not held[0]):
                return None
            key = units, *[holds is True for holds in held]
        outcome = weighing.outcomes.get(key)
        if outcome is None:
            outcome = weighing.outcomes[key] = self._outcome(weighing, key, children)
            self._memory.kept += 1
        return outcome, weighing, children

    @property
    def usual(self) -> Weighing | None:
        """The weighing where every child has a value; None while it was not met, or where there is none."""
        return self._weighings.get((True,) * len(self.places))

    def _prepared(self, children: Picked) -> Weighing | None:
        """The weighing for these children, with what each of them brings; None where their parts do not add up."""
        shape = tuple([True if each.exact is not None else False if each.absent else None for each in children])
        if None in shape:
            return None
        if shape not in self._weighings:
            self._weighings[shape] = self._weighing(children)
        weighing = self._weighings[shape]
        if weighing is None:
            return None
        missing = [place for place, each in enumerate(children) if each not in weighing.units[place]]
        found = self._brought(children, missing)
        if found is None:
            self._weighings[shape] = None
            return None
        common = lcm(weighing.per_unit, *[brought.denominator for brought, _ in found])
        if common.bit_length() > _MOST_BITS:
            self._weighings[shape] = None
            return None
        if common != weighing.per_unit:
            weighing = self._weighings[shape] = Weighing(len(children), weighing.counted_share, common)
            if len(missing) < len(children):
                return self._prepared(children)
        for place, (brought, told) in zip(missing, found, strict=True):
            weighing.shares[place][children[place]] = told
            weighing.units[place][children[place]] = int(brought * common)
        self._memory.kept += len(found)
        return weighing

    def _weighing(self, children: Picked) -> Weighing | None:
        """The weighing where these children count; None where the node has no value then."""
        node = self._node
        weight = weight_of(self._counted(children))
        if not weight or weight / node.total_weight < node.least_counted:
            return None
        return Weighing(len(children), str(weight / node.total_weight), 1)

    def _counted(self, children: Picked) -> list[Pair]:
        """The children that count, each with its value."""
        pairs: list[Pair] = []
        for child, each in zip(self._node.children, children, strict=True):
            value = substitute(self._node, child) if each.exact is None else point(each.exact)
            if child.weight and value is not None:
                pairs.append((child, value if child.cap is None else value.at_most(child.cap)))
        return pairs

    def _brought(self, children: Picked, wanted: Sequence[int]) -> list[tuple[Fraction, Share]] | None:
        """What each of the ``wanted`` children brings, and its share; None where that is no plain number."""
        pairs = self._counted(children)
        values = {child.id: value for child, value in pairs}
        used = contributions(self._node, pairs, None, FIRST)
        found: list[tuple[Fraction, Share]] = []
        for place in wanted:
            child, state = self._node.children[place], children[place].state
            if child.id not in values:
                found.append((Fraction(0), share(child, state, None, (Fraction(0), None), counted=False)))
                continue
            weight, brought = used.get(child.id, (None, None))
            if brought is None or brought.exact is None:
                return None
            found.append((brought.exact, share(child, state, values[child.id], (weight, brought), counted=True)))
        return found

    def _outcome(self, weighing: Weighing, key: Key, children: Picked) -> Known:
        """What the node came out as, for the first time."""
        node = self._node
        units, *held = (key,) if isinstance(key, int) else key
        if node.applies_when is not None:
            del held[0]
        value = point(Fraction(units, weighing.per_unit)).held(node.least, node.most)
        ruled: list[Outcome] = []
        for rule, holds in zip(node.rules, held, strict=True):
            fired = bool(holds) is rule.fires_on
            after = overridden(rule, value) if fired else value
            ruled.append(Outcome(rule, fired, value, after))
            value = after
        printed = text_of(node, value, last=False)
        carried = value.exact if node.passes_on is PassesOn.EXACT or printed is None else Fraction(printed)
        score = NodeScore(
            id=node.id,
            state=State.SCORED,
            why=Why.NONE,
            rule=node.aggregation.value,
            value=printed,
            exact=written(value),
            unit=node.unit,
            band=band_after(
                node, band_before(node, node.bands, value, last=False), [each.rule for each in ruled if each.fired]
            ),
            stage=None,
            provisional=printed,
            lowest=printed,
            highest=printed,
            answered=len(node.questions),
            not_applicable=0,
            missing=0,
            counted_share=weighing.counted_share,
            shares=weighing.shares_of(children),
            rules=rule_outcomes(node, ruled, node.bands, last=False),
            amounts=(),
        )
        known = Known(State.SCORED, None, Stated(printed, score.band), carried)
        weighing.scores[known] = score
        return known
