"""Monte Carlo over weights: the spread of everybody's value, and of their ranks within a cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.answers import Answers
from scoring.exact import score
from scoring.plan import Plan, PlannedNode
from scoring.scorecard import Scorecard, State
from scoring.uncertainty.arithmetic import Arithmetic, Column, Computed, Uncovered, number_of
from scoring.uncertainty.noise import Draws, Noise, weight
from scoring.uncertainty.plans import chosen, reweighted

_TOLERANCE: Final = 1e-9
"""Values that agree to nine places are equal: a tie stays a tie although binary floats round."""


@dataclass(frozen=True, slots=True)
class Spread:
    """One member's value, and its rank among those who have one, under other weights.

    The interval runs from the 5 % to the 95 % quantile of the draws (interpolated, Hyndman and Fan's 7).
    """

    member: str
    value: str
    """With the declared weights: the stated value."""

    mean: float
    median: float
    low: float
    high: float
    rank: int
    """With the declared weights; 1 is the best, equal values share the best of their ranks."""

    rank_mean: float
    rank_median: float
    rank_low: float
    rank_high: float
    without: int
    """Draws with weights under which too little counts for a value; they are left out of all these figures."""


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """The spread of a whole cohort (or of one member)."""

    of: str
    noise: Noise
    varied: tuple[str, ...]
    """Nodes whose weights were drawn."""

    members: tuple[Spread, ...]
    """Best first."""

    unscored: tuple[str, ...]
    """Members without a value (under the declared weights, or under any): they take no part."""

    by_engine: tuple[str, ...]
    """Members whose draws the engine scored one by one, since plain arithmetic does not cover them."""


def uncertainty(  # noqa: PLR0913 - a study is named by all of these
    plan: Plan,
    cohort: Mapping[str, Answers],
    noise: Noise,
    of: str | None = None,
    *,
    vary: Sequence[str] | None = None,
    cards: Mapping[str, Scorecard] | None = None,
) -> Uncertainty:
    """How values of ``of`` (the index) and ranks spread when the weights of ``vary`` are drawn again and again.

    ``vary`` are node ids; by default every node that :func:`~scoring.uncertainty.plans.chosen` names. Weights that
    follow from answers are nobody's choice to scatter: they stay as they are, also in a node that is named. ``cards``
    are the cohort's scorecards, where they are at hand.

    Raises:
        scoring.errors.AnswersRefused: somebody's answers cannot be scored.
        KeyError: there is no such node.
    """
    of = of or plan.index
    everything = {node.id: node for node in plan.nodes}
    target = everything[of]
    wanted = chosen(plan, of) if vary is None else map(everything.__getitem__, vary)
    varied = [node for node in wanted if node.has_fixed_weights]
    weights = noise.of(varied)
    cards = cards or {member: score(plan, answers) for member, answers in cohort.items()}
    taking_part = sorted(member for member, card in cards.items() if card.node(of).state is State.SCORED)
    drawn, by_engine = _drawn(plan, of, weights, {member: (cohort[member], cards[member]) for member in taking_part})
    kept = [member for member in taking_part if drawn[member].stated.any()]
    return Uncertainty(
        of=of,
        noise=noise,
        varied=tuple(sorted(weights)),
        members=_spreads({member: cards[member] for member in kept}, drawn, target),
        unscored=tuple(sorted(cohort.keys() - set(kept))),
        by_engine=by_engine,
    )


def _drawn(
    plan: Plan, of: str, weights: Mapping[str, Draws], scored: Mapping[str, tuple[Answers, Scorecard]]
) -> tuple[dict[str, Computed], tuple[str, ...]]:
    """Every member's value in every draw, and whom plain arithmetic does not cover.

    Nobody is computed whose value with the declared weights does not come out as the engine's.
    """
    found: dict[str, Computed] = {}
    try:
        declared, arithmetic = (Arithmetic(plan, of, weights.keys(), drawn) for drawn in ({}, weights))
    except Uncovered:
        return _by_engine(plan, of, weights, {member: each for member, (each, _) in scored.items()}), tuple(scored)
    for member, (_, card) in scored.items():
        try:
            exact = number_of(card.node(of).exact)
            if abs(float(declared.member(card).values[0]) - exact) <= _TOLERANCE * max(1.0, abs(exact)):
                found[member] = arithmetic.member(card)
        except Uncovered:
            continue
    left = {member: answers for member, (answers, _) in scored.items() if member not in found}
    return found | _by_engine(plan, of, weights, left), tuple(left)


def _by_engine(
    plan: Plan, of: str, weights: Mapping[str, Draws], members: Mapping[str, Answers]
) -> dict[str, Computed]:
    """The slow way: the plan with other weights, scored exactly, draw by draw."""
    nodes = {node.id: node for node in plan.nodes}
    draws = len(next(iter(weights.values()))) if weights else 1
    values = {member: np.zeros(draws) for member in members}
    stated = {member: np.zeros(draws, dtype=np.bool_) for member in members}
    for draw in range(draws if members else 0):
        other = reweighted(
            plan,
            {
                name: {
                    child.id: weight(nodes[name], int(millionths))
                    for child, millionths in zip(nodes[name].children, rows[draw], strict=True)
                }
                for name, rows in weights.items()
            },
        )
        for member, answers in members.items():
            node = score(other, answers).node(of)
            if node.state is State.SCORED:
                values[member][draw], stated[member][draw] = number_of(node.exact), True
    return {member: Computed(values[member], stated[member]) for member in members}


def _spreads(cards: Mapping[str, Scorecard], drawn: Mapping[str, Computed], node: PlannedNode) -> tuple[Spread, ...]:
    members = list(cards)
    if not members:
        return ()
    values = np.stack([np.round(drawn[member].values / _TOLERANCE) * _TOLERANCE for member in members])
    stated = np.stack([drawn[member].stated for member in members])
    ranks = _ranks(values if node.less_is_better else -values, stated)
    nominal = [Fraction((cards[member].node(node.id).exact or "0").rstrip("…")) for member in members]
    found: list[Spread] = []
    for place, member in enumerate(members):
        own, own_ranks = values[place][stated[place]], ranks[place][stated[place]].astype(float)
        low, median, high = _quantiles(own)
        rank_low, rank_median, rank_high = _quantiles(own_ranks)
        better = sum((other < nominal[place]) if node.less_is_better else (other > nominal[place]) for other in nominal)
        found.append(
            Spread(
                member=member,
                value=cards[member].node(node.id).value or "",
                mean=float(own.mean()),
                median=median,
                low=low,
                high=high,
                rank=1 + better,
                rank_mean=float(own_ranks.mean()),
                rank_median=rank_median,
                rank_low=rank_low,
                rank_high=rank_high,
                without=int((~stated[place]).sum()),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.rank, each.member)))


def _ranks(penalties: Column, stated: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Ranks in every draw (column), least penalty first, equals sharing the best; without a value nobody is ranked."""
    ranks = np.zeros(penalties.shape, dtype=np.int64)
    for draw in range(penalties.shape[1]):
        taking_part = stated[:, draw]
        column = penalties[taking_part, draw]
        ranks[taking_part, draw] = 1 + np.searchsorted(np.sort(column), column)
    return ranks


def _quantiles(values: Column) -> tuple[float, float, float]:
    low, median, high = np.quantile(values, (0.05, 0.5, 0.95))
    return float(low), float(median), float(high)
