"""Means, sums and shares of children that are all settled: what each child brings, looked up and added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from operator import getitem
from typing import Final, NamedTuple

from questionnaires.model import Aggregation, BandsOn, PassesOn
from scoring.aggregate import FIRST, Pair, contributions, weight_of
from scoring.enclosure import ZERO, Enclosure, point
from scoring.plan import Plan, PlannedNode
from scoring.possible import substitute
from scoring.rounding import written
from scoring.rules import Outcome, band_after, overridden
from scoring.scorecard import NodeScore, State, Why
from scoring.single.conditions import Condition
from scoring.single.known import Known, Picked, Stated, picking
from scoring.single.tables import Key, Outcomes, Proportion, Weighing, is_in
from scoring.single.unfinished import Unfinished, UnfinishedNode
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

_IN_PROPORTION: Final = _ADDED_UP - {Aggregation.COUNT, Aggregation.SHARE_REACHED}
"""Those where that part is in proportion to the child's value."""

_MOST_BITS: Final = 256
"""Of a common denominator: where it grows beyond (measured numbers), every value is another, and looking up is vain."""


class Weighed(NamedTuple):
    """What a node came out as."""

    outcome: Known
    weighing: Weighing
    key: Key
    children: Picked


class WeighedNode:
    """A node whose children's parts add up to its value, as long as all that it rests on is settled."""

    def __init__(self, plan: Plan, node: PlannedNode, places: Mapping[str, int]) -> None:
        self._node = node
        self.places = [places[child.id] for child in node.children]
        self._pick = picking(self.places)
        asked = [] if node.applies_when is None else [node.applies_when]
        self.conditions = [Condition(plan, each, places) for each in (*asked, *(rule.condition for rule in node.rules))]
        self._latest = Weighing([{} for _ in node.children], "", 1, {})
        self._weighings: dict[tuple[bool | None, ...], Weighing | None] = {}
        self._stated: dict[tuple[str | bool | None, ...], Stated] = {}
        """By the stated value and which rules fired, where nothing else decides the band."""

        self._memory = plan.memory
        self._unfinished = UnfinishedNode(node, self.conditions, plan.memory) if UnfinishedNode.fits(node) else None

    @staticmethod
    def fits(node: PlannedNode) -> bool:
        """Whether the node is such a node."""
        weighs = node.aggregation in _ADDED_UP and not node.amounts and not node.by_rows and bool(node.children)
        return weighs and all(not child.over for child in node.children)

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
            key = units, *[condition.holds(known) for condition in self.conditions]
        try:
            return Weighed(weighing.outcomes[key], weighing, key, children)
        except KeyError:
            return None

    def unfinished(self, known: Sequence[Known]) -> Unfinished | None:
        """The same while something that it rests on is open.

        Raises:
            Undecided: irrational numbers have to be enclosed more tightly.
        """
        return None if self._unfinished is None else self._unfinished.unfinished(known, self._pick(known))

    def told(self, weighed: Weighed, counts: tuple[int, int, int]) -> NodeScore:
        """The node's part of the scorecard: ``counts`` of questions answered, not applicable and missing."""
        outcome, weighing, key, children = weighed
        score = weighing.scores.get(outcome)
        if score is None:
            score = weighing.scores[outcome] = self._score(weighing, key, outcome)
            self._memory.kept += 1
        try:
            shares = weighing.shares_of(children)
        except KeyError:
            self._tell_shares(weighing, children)
            shares = weighing.shares_of(children)
        answered, absent, missing = counts
        return score.changed(
            answered=answered,
            not_applicable=absent,
            missing=missing,
            counted_share=weighing.counted_share,
            shares=shares,
        )

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
        units = weighing.units
        missing = [place for place, each in enumerate(children) if not is_in(units[place], each)]
        brought = self._brought(children, missing)
        common = lcm(weighing.per_unit, *[part.denominator for part in brought if part is not None])
        if None in brought or common.bit_length() > _MOST_BITS:
            self._weighings[shape] = None
            return None
        if common != weighing.per_unit:
            self._weighings[shape] = self._finer(weighing, common)
            return self._prepared(children)
        for place, part in zip(missing, brought, strict=True):
            units[place][children[place]] = int((part or 0) * common)
        self._memory.kept += len(missing)
        return weighing

    def _weighing(self, children: Picked) -> Weighing | None:
        """The weighing where these children count; None where the node has no value then."""
        node = self._node
        pairs = self._counted(children)
        weight = weight_of(pairs)
        if not weight or weight / node.total_weight < node.least_counted:
            return None
        ones = contributions(node, [(child, point(Fraction(1))) for child, _ in pairs], None, FIRST)
        if not ones:
            return None
        per_unit = 1
        units: list[dict[Known, int]] = [{} for _ in children]
        if node.aggregation in _IN_PROPORTION:
            factors = [ones.get(child.id, (None, ZERO))[1] for child in node.children]
            parts = [None if factor is None else factor.exact for factor in factors]
            per_unit = lcm(*[part.denominator for part in parts if part is not None])
            for place, (child, each, part) in enumerate(zip(node.children, children, parts, strict=True)):
                if part is not None and each.exact is not None:
                    units[place] = Proportion(part, child.cap, per_unit, self._memory)
        return self._over(units, str(weight / node.total_weight), per_unit)

    def _finer(self, weighing: Weighing, per_unit: int) -> Weighing:
        """The same weighing over a larger common denominator."""
        units = [table.finer(per_unit) if isinstance(table, Proportion) else {} for table in weighing.units]
        return self._over(units, weighing.counted_share, per_unit)

    def _over(self, units: Sequence[dict[Known, int]], counted_share: str, per_unit: int) -> Weighing:
        found: Weighing

        def came_to(key: Key) -> Known:
            return self._outcome(found, key)

        found = Weighing(units, counted_share, per_unit, Outcomes(came_to, self._memory))
        return found

    def _counted(self, children: Picked) -> list[Pair]:
        """The children that count, each with its value."""
        pairs: list[Pair] = []
        for child, each in zip(self._node.children, children, strict=True):
            value = substitute(self._node, child) if each.exact is None else point(each.exact)
            if child.weight and value is not None:
                pairs.append((child, value if child.cap is None else value.at_most(child.cap)))
        return pairs

    def _brought(self, children: Picked, wanted: Sequence[int]) -> list[Fraction | None]:
        """What each of the ``wanted`` children brings; None where that is no plain number."""
        if not wanted:
            return []
        pairs = self._counted(children)
        counted = {child.id for child, _ in pairs}
        used = contributions(self._node, pairs, None, FIRST)
        found: list[Fraction | None] = []
        for place in wanted:
            name = self._node.children[place].id
            _, brought = used.get(name, (None, None if name in counted else ZERO))
            found.append(None if brought is None else brought.exact)
        return found

    def _tell_shares(self, weighing: Weighing, children: Picked) -> None:
        """Have each child's share at hand, as the scorecard tells it."""
        pairs = self._counted(children)
        values = {child.id: value for child, value in pairs}
        used = contributions(self._node, pairs, None, FIRST)
        for told, child, each in zip(weighing.shares, self._node.children, children, strict=True):
            if each not in told:
                part = used.get(child.id, (Fraction(0), None))
                told[each] = share(child, each.state, values.get(child.id), part, counted=child.id in values)
                self._memory.kept += 1

    def _ruled(self, weighing: Weighing, key: Key) -> tuple[Enclosure, list[Outcome]]:
        """The value after all rules, with what each did.

        Raises:
            KeyError: it does not apply, or that is not settled.
        """
        node = self._node
        units, *held = (key,) if isinstance(key, int) else key
        if None in held or (node.applies_when is not None and not held[0]):
            raise KeyError(key)
        if node.applies_when is not None:
            del held[0]
        value = point(Fraction(units or 0, weighing.per_unit)).held(node.least, node.most)
        ruled: list[Outcome] = []
        for rule, holds in zip(node.rules, held, strict=True):
            fired = bool(holds) is rule.fires_on
            after = overridden(rule, value) if fired else value
            ruled.append(Outcome(rule, fired, value, after))
            value = after
        return value, ruled

    def _outcome(self, weighing: Weighing, key: Key) -> Known:
        """What the node came out as, for the first time."""
        node = self._node
        value, ruled = self._ruled(weighing, key)
        printed = text_of(node, value, last=False)
        fired = [each.rule for each in ruled if each.fired]
        by = printed, *[each.fired for each in ruled]
        found = self._stated.get(by)
        if found is None:
            found = Stated(printed, band_after(node, band_before(node, node.bands, value, last=False), fired))
            if node.bands_on is BandsOn.STATED:
                self._stated[by] = found
        carried = value.exact if node.passes_on is PassesOn.EXACT or printed is None else Fraction(printed)
        return Known(State.SCORED, None, found, carried)

    def _score(self, weighing: Weighing, key: Key, outcome: Known) -> NodeScore:
        """The same as the scorecard tells it, without shares, as if all questions were answered."""
        node = self._node
        value, ruled = self._ruled(weighing, key)
        printed, band = outcome.stated
        return NodeScore(
            id=node.id,
            state=State.SCORED,
            why=Why.NONE,
            rule=node.aggregation.value,
            value=printed,
            exact=written(value),
            unit=node.unit,
            band=band,
            stage=None,
            provisional=printed,
            lowest=printed,
            highest=printed,
            answered=len(node.questions),
            not_applicable=0,
            missing=0,
            counted_share=weighing.counted_share,
            shares=(),
            rules=rule_outcomes(node, ruled, node.bands, last=False),
            amounts=(),
        )
