"""Which children an index hangs on: effective weights, shares of its variance, and what happens without one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Final

from questionnaires.errors import Fault
from questionnaires.model import Aggregation
from scoring.answers import Answers
from scoring.exact import score
from scoring.plan import Plan, PlannedNode
from scoring.scorecard import NodeScore, Scorecard, State
from scoring.uncertainty.plans import LEAVABLE, descendants, left_out

_SHARED: Final = frozenset(
    {Aggregation.MEAN, Aggregation.WEIGHTED_MEAN, Aggregation.SUM, Aggregation.GEOMETRIC, Aggregation.HARMONIC}
)
"""Aggregations in which a child's part of the weight is its weight over the sum of weights."""


class CannotLeaveOut(Fault):
    """The node is counted by a formula, a gate or a profile, which means nothing without it; or nothing counts it."""

    code = "cannot-leave-out"
    room = "scoring"


@dataclass(frozen=True, slots=True)
class Influence:
    """What one child has to do with its node, over a cohort."""

    child: str
    weight: Fraction
    """Its share of the declared weight; of weights that follow from answers, the mean over the members."""

    variance_share: Fraction | None
    """Covariance of its contribution with the sum of all, over the variance of that sum: the shares add up to one.
    Negative for a child that runs against the others. None where contributions do not add up, or nobody differs."""

    correlation: float | None
    """Of the child's value with the node's, over the members that have both; None where either does not differ."""


@dataclass(frozen=True, slots=True)
class Shift:
    """What leaving out a child does to the ranks of a cohort."""

    left_out: str
    mean: Fraction
    """Mean absolute change of rank."""

    most: int
    """The greatest change of anybody's rank."""

    members: int
    """Members with a value both ways."""


def effective_weights(plan: Plan, of: str | None = None) -> dict[str, Fraction | None]:
    """The part of the index's weight that reaches each node and question: weight shares multiplied down the tree.

    On every level of a tree of means they add up to one. None below gates, formulas, minima and the like, where no
    fixed part does.
    """
    of = of or plan.index
    found: dict[str, Fraction | None] = {of: Fraction(1)}
    for node in reversed(descendants(plan, of)):
        own = found[node.id]
        for child, share in _parts(node).items():
            before = found.get(child, Fraction(0))
            found[child] = None if own is None or share is None or before is None else before + own * share
    return found


def _parts(node: PlannedNode) -> dict[str, Fraction | None]:
    weights = {child.id: child.weight for child in node.children}
    if node.aggregation is Aggregation.SHARE:
        weights = {child.id: child.weight * (child.scale.high or 0) for child in node.children}
    whole = sum(weights.values(), Fraction(0))
    shared = node.aggregation in {*_SHARED, Aggregation.SHARE, Aggregation.SHARE_REACHED}
    if not shared or not whole or not node.has_fixed_weights:
        return dict.fromkeys(weights)
    return {child: weight / whole for child, weight in weights.items()}


def influences(
    plan: Plan,
    cohort: Mapping[str, Answers],
    of: str | None = None,
    cards: Mapping[str, Scorecard] | None = None,
) -> tuple[Influence, ...]:
    """Declared weight beside the share of variance: a heavy child in which nobody differs decides nothing.

    A child that does not count for a member contributes nothing there, for its weight went to the others. ``cards``
    are the cohort's scorecards, where they are at hand.

    Raises:
        scoring.errors.AnswersRefused: somebody's answers cannot be scored.
        KeyError: there is no such node.
    """
    node = {each.id: each for each in plan.nodes}[of or plan.index]
    known = _cards(plan, cohort) if cards is None else cards
    scored = [each for card in known.values() if (each := card.node(node.id)).state is State.SCORED]
    shares = _variance_shares(node, scored)
    return tuple(
        Influence(
            child=child.id,
            weight=_weight(node, place, scored),
            variance_share=shares.get(child.id),
            correlation=_correlation(
                [
                    (_fraction(each.shares[place].exact), _fraction(each.exact))
                    for each in scored
                    if each.shares[place].exact is not None
                ]
            ),
        )
        for place, child in enumerate(node.children)
    )


def _weight(node: PlannedNode, place: int, scored: Sequence[NodeScore]) -> Fraction:
    child = node.children[place]
    if node.has_fixed_weights or not scored:
        return child.weight / node.total_weight
    parts = []
    for each in scored:
        whole = sum((_fraction(share.weight) for share in each.shares), Fraction(0))
        parts.append(_fraction(each.shares[place].weight) / whole)
    return sum(parts, Fraction(0)) / len(parts)


def _variance_shares(node: PlannedNode, scored: Sequence[NodeScore]) -> dict[str, Fraction]:
    parts: dict[str, list[Fraction]] = {}
    for each in scored:
        for share in each.shares:
            if share.counted and share.contribution is None:
                return {}
            parts.setdefault(share.of, []).append(_fraction(share.contribution) if share.counted else Fraction(0))
    sums = [sum(column, Fraction(0)) for column in zip(*parts.values(), strict=True)]
    variance = _covariance(sums, sums)
    if node.aggregation in {Aggregation.MINIMUM, Aggregation.MAXIMUM, Aggregation.MEDIAN} or not variance:
        return {}
    return {child: _covariance(column, sums) / variance for child, column in parts.items()}


def leave_one_out(
    plan: Plan,
    cohort: Mapping[str, Answers],
    of: str | None = None,
    parts: Sequence[str] | None = None,
    cards: Mapping[str, Scorecard] | None = None,
) -> tuple[Shift, ...]:
    """How ranks change when one of ``parts`` (the children of ``of``, or anything below it) counts nowhere.

    Everything is scored by the engine, so the changes are exact. The part that moves ranks most comes first. ``cards``
    are the cohort's scorecards, where they are at hand.

    Raises:
        CannotLeaveOut: a formula, a gate or a profile counts the part, nothing counts it, or nothing else is left.
        scoring.errors.AnswersRefused: somebody's answers cannot be scored.
        KeyError: there is no such node.
    """
    of = of or plan.index
    node = {each.id: each for each in plan.nodes}[of]
    before = _values(node, _cards(plan, cohort) if cards is None else cards)
    found: list[Shift] = []
    for part in [child.id for child in node.children] if parts is None else parts:
        _check(plan, of, part)
        after = _values(node, _cards(left_out(plan, {part}), cohort))
        both = before.keys() & after.keys()
        first, second = _places(node, {m: before[m] for m in both}), _places(node, {m: after[m] for m in both})
        changes = [abs(first[member] - second[member]) for member in both]
        mean = Fraction(sum(changes), len(changes)) if changes else Fraction(0)
        found.append(Shift(part, mean, max(changes, default=0), len(changes)))
    return tuple(sorted(found, key=lambda shift: (-shift.mean, -shift.most, shift.left_out)))


def _check(plan: Plan, of: str, part: str) -> None:
    """Refuse a part that nothing below ``of`` counts, that something could not do without, or that is all there is."""
    gone = {part}
    counted = False
    for node in descendants(plan, of):
        if any(child.id in gone for child in node.children):
            counted = True
            if node.aggregation not in LEAVABLE:
                raise CannotLeaveOut(part=part, node=node.id)
            if all(child.id in gone for child in node.children):
                gone.add(node.id)
    if not counted or of in gone:
        raise CannotLeaveOut(part=part, node=of)


def _cards(plan: Plan, cohort: Mapping[str, Answers]) -> dict[str, Scorecard]:
    return {member: score(plan, answers) for member, answers in sorted(cohort.items())}


def _values(node: PlannedNode, cards: Mapping[str, Scorecard]) -> dict[str, Fraction]:
    """The members that have a value, with it."""
    scored = {member: card.node(node.id) for member, card in cards.items()}
    return {member: _fraction(each.exact) for member, each in scored.items() if each.state is State.SCORED}


def _places(node: PlannedNode, values: Mapping[str, Fraction]) -> dict[str, int]:
    """1 for the best, equal values share the best of their ranks."""
    ordered = sorted(values.values(), reverse=not node.less_is_better)
    return {member: 1 + ordered.index(value) for member, value in values.items()}


def _fraction(exact: str | None) -> Fraction:
    return Fraction((exact or "0").rstrip("…"))


def _covariance(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    """Sum of products of deviations; what it would be divided by cancels out everywhere."""
    if not a:
        return Fraction(0)
    mean_a, mean_b = sum(a, Fraction(0)) / len(a), sum(b, Fraction(0)) / len(b)
    return sum(((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True)), Fraction(0))


def _correlation(pairs: Sequence[tuple[Fraction, Fraction]]) -> float | None:
    a, b = [x for x, _ in pairs], [y for _, y in pairs]
    spread = _covariance(a, a) * _covariance(b, b)
    return float(_covariance(a, b)) / sqrt(spread) if spread else None
