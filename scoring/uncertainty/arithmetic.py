"""The arithmetic above the answers, over many draws of weights at once.

What answers are worth does not depend on weights, so the engine scores each member once; then only the nodes that
weights move are computed again, a whole column of draws at a time. Covered: means, sums, geometric and harmonic means,
minimum, maximum, shares, counts, caps, limits, rules whose conditions weights do not move, children that do not apply
and least counted shares. Not covered, and left to the engine: formulas and gates over moving nodes, moving nodes with
an amount that is a formula, conditions and rules that look at them, values passed on rounded, open or insufficient
nodes, and any aggregation not named here. A node that no weights move is taken as the engine scored it, whatever it is:
weights that follow from its answers are no obstacle.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Final

import numpy as np
from numpy.typing import NDArray

from questionnaires.formula.tree import names
from questionnaires.model import Aggregation, Inapplicable, PassesOn
from scoring.enclosure import Enclosure, exactly
from scoring.plan import Plan, PlannedNode, PlannedQuestion
from scoring.scorecard import NodeScore, Scorecard, Share, State
from scoring.uncertainty.noise import MILLIONTHS, Draws
from scoring.uncertainty.plans import descendants

Column = NDArray[np.float64]

_COVERED: Final = frozenset(
    {
        Aggregation.MEAN,
        Aggregation.WEIGHTED_MEAN,
        Aggregation.SUM,
        Aggregation.MINIMUM,
        Aggregation.MAXIMUM,
        Aggregation.MEDIAN,
        Aggregation.GEOMETRIC,
        Aggregation.HARMONIC,
        Aggregation.SHARE,
        Aggregation.COUNT,
        Aggregation.SHARE_REACHED,
    }
)
_BY_LIMIT: Final = frozenset({Aggregation.COUNT, Aggregation.SHARE_REACHED})
"""A moving value next to a limit would need exact comparison."""


class Uncovered(Exception):
    """This plan, or this member's answers, cannot be computed here."""


@dataclass(frozen=True, slots=True)
class Computed:
    """A node over all draws."""

    values: Column
    stated: NDArray[np.bool_]
    """False: with these weights too little counts for a value."""


class Arithmetic:
    """The part of a plan that the weights of some nodes move, ready to be computed for any number of members."""

    def __init__(self, plan: Plan, of: str, varied: Collection[str], weights: Mapping[str, Draws]) -> None:
        """``weights`` of the ``varied`` nodes; one that has none there keeps the declared ones.

        Raises:
            Uncovered: weights move more of the plan than plain arithmetic.
        """
        self.of = of
        self.weights = weights
        self.draws = len(next(iter(weights.values()))) if weights else 1
        self.moving = _moving(plan, varied)
        self.path = [node for node in descendants(plan, of) if node.id in self.moving]
        for node in self.path:
            self._check(plan, node)

    def _check(self, plan: Plan, node: PlannedNode) -> None:
        children = {child.id for child in node.children}
        inner = bool(children & self.moving)
        below = [child for child in node.children if child.id not in plan.positions]
        stood_in = any((child.inapplicable or node.inapplicable) is not Inapplicable.EXCLUDE for child in below)
        if (
            node.aggregation not in _COVERED
            or not node.is_plain
            or children & self.moving & plan.positions.keys()
            or _named(node) & self.moving
            or (node.passes_on is PassesOn.STATED and node.id != self.of)
            or (inner and node.aggregation in _BY_LIMIT)
            or (below and node.aggregation is Aggregation.SHARE)
            or stood_in
        ):
            raise Uncovered(node.id)

    def member(self, card: Scorecard) -> Computed:
        """The node in question for one member, from its scorecard with the declared weights.

        Raises:
            Uncovered: some moving node is neither scored nor inapplicable, or has no real value.
        """
        known: dict[str, Computed] = {}
        for node in self.path:
            scored = card.node(node.id)
            if scored.state is State.SCORED:
                known[node.id] = self._node(node, scored, known)
            elif scored.state is not State.NOT_APPLICABLE:
                raise Uncovered(node.id)
        if self.of not in known:
            raise Uncovered(self.of)
        return known[self.of]

    def _node(self, node: PlannedNode, scored: NodeScore, known: Mapping[str, Computed]) -> Computed:
        weights = self.weights[node.id] if node.id in self.weights else _declared(node)
        total = float(node.total_weight) / MILLIONTHS if node.id in self.weights else 1 / _common(node)
        counted = [place for place, share in enumerate(scored.shares) if share.counted]
        stated = self._enough(node, weights, counted)
        columns: list[Column] = []
        for place in counted:
            share = scored.shares[place]
            inner = known.get(share.of)
            columns.append(self._child(node, place, share, inner))
            if inner is not None:
                stated = stated & inner.stated
        values = _aggregate(
            node, np.asarray(weights[:, counted] * total, dtype=np.float64), np.stack(columns, axis=1), counted
        )
        values = _overridden(values, None, node.most, node.least)
        fired = {rule.id for rule in scored.rules if rule.fired}
        for rule in node.rules:
            if rule.id in fired:
                values = _overridden(values, rule.to, rule.at_most, rule.at_least)
        return Computed(np.broadcast_to(values, (self.draws,)), np.broadcast_to(stated, (self.draws,)))

    def _enough(self, node: PlannedNode, weights: Draws, counted: list[int]) -> NDArray[np.bool_]:
        """Whether the least share counts, compared in whole numbers."""
        least = node.least_counted
        return np.asarray(weights[:, counted].sum(axis=1) * least.denominator >= weights.sum(axis=1) * least.numerator)

    def _child(self, node: PlannedNode, place: int, share: Share, inner: Computed | None) -> Column:
        if inner is None:
            return np.full(self.draws, number_of(share.exact))
        cap = node.children[place].cap
        return inner.values if cap is None else np.minimum(inner.values, _plain(cap))


def _moving(plan: Plan, varied: Collection[str]) -> frozenset[str]:
    """Every node and question that the weights of ``varied`` may change: a parent, or what names one that changes."""
    moving = set(varied)
    for item in plan.order:
        below = {child.id for child in item.children} if isinstance(item, PlannedNode) else set()
        if (below | _named(item)) & moving:
            moving.add(item.id)
    return frozenset(moving)


def _named(item: PlannedNode | PlannedQuestion) -> frozenset[str]:
    """What the formulas, conditions and rules of an item refer to; rules that only lower the band move no value."""
    if isinstance(item, PlannedNode):
        expressions = [item.applies_when, item.formula, *(stage.when for stage in item.stages)]
        moving = (rule for rule in item.rules if (rule.to, rule.at_most, rule.at_least) != (None, None, None))
        expressions += [rule.condition for rule in moving]
        expressions += item.amounts
    else:
        expressions = [item.applies_when, item.formula]
        expressions += [item.curve.base, item.curve.lead] if item.curve else []
    return frozenset().union(*(names(each) for each in expressions if each is not None))


def number_of(exact: str | None) -> float:
    """A scorecard's exact number as a float; of an irrational one its thirty digits.

    Raises:
        Uncovered: there is none.
    """
    if exact is None:
        raise Uncovered
    return float(Fraction(exact.rstrip("…")))


def _common(node: PlannedNode) -> int:
    return lcm(*(child.weight.denominator for child in node.children))


def _declared(node: PlannedNode) -> Draws:
    """Weights that do not move, as whole numbers."""
    return np.array([[int(child.weight * _common(node)) for child in node.children]], dtype=np.int64)


def _overridden(values: Column, to: Enclosure | None, most: Enclosure | None, least: Enclosure | None) -> Column:
    if to is not None:
        return np.full_like(values, _plain(to))
    if most is not None:
        values = np.minimum(values, _plain(most))
    return values if least is None else np.maximum(values, _plain(least))


def _plain(limit: Enclosure) -> float:
    """A limit of a node all of whose amounts are plain numbers."""
    return float(exactly(limit) or Fraction(0))


def _aggregate(node: PlannedNode, weights: Column, values: Column, counted: list[int]) -> Column:
    """A row for each draw, a column for each counted child."""
    whole = weights.sum(axis=1)
    match node.aggregation:
        case Aggregation.MEAN | Aggregation.WEIGHTED_MEAN:
            found = (weights * values).sum(axis=1) / whole
        case Aggregation.SUM:
            found = (weights * values).sum(axis=1)
        case Aggregation.MINIMUM:
            found = values.min(axis=1)
        case Aggregation.MAXIMUM:
            found = values.max(axis=1)
        case Aggregation.MEDIAN:
            found = np.median(values, axis=1)
        case Aggregation.SHARE:
            highest = np.array([float(node.children[place].scale.high or 0) for place in counted])
            achievable = (weights * highest).sum(axis=1)
            if (achievable <= 0).any():
                raise Uncovered(node.id)
            found = float(node.out_of) * (weights * values).sum(axis=1) / achievable
        case Aggregation.COUNT | Aggregation.SHARE_REACHED:
            reached = values >= np.array([_plain(node.children[place].reached_from) for place in counted])
            share = node.aggregation is Aggregation.SHARE_REACHED
            found = float(node.out_of) * (weights * reached).sum(axis=1) / whole if share else reached.sum(axis=1) * 1.0
        case Aggregation.GEOMETRIC | Aggregation.HARMONIC:
            if (values < 0).any():
                raise Uncovered(node.id)
            nothing = (values == 0).any(axis=1)
            positive = np.where(values > 0, values, 1.0)
            if node.aggregation is Aggregation.GEOMETRIC:
                found = np.exp((weights * np.log(positive)).sum(axis=1) / whole)
            else:
                found = whole / (weights / positive).sum(axis=1)
            found = np.where(nothing, 0.0, found)
        case _:
            raise Uncovered(node.id)
    return np.asarray(found)
