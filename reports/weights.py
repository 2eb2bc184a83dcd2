"""How much of the headline rests on each question and node, where that can be said at all."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from questionnaires.model import Aggregation, Definition, Node, PassesOn
from reports.scales import Scale, measured
from scoring.scorecard import NodeScore, Scorecard, Share

_ADDITIVE: Final = frozenset({Aggregation.MEAN, Aggregation.WEIGHTED_MEAN, Aggregation.SUM, Aggregation.SHARE})


def weight_in_index(scorecard: Scorecard, definition: Definition) -> dict[str, Fraction]:
    """Question or node id → share of the headline's scale that it moves from its lowest to its highest value.

    After exclusions, the questions below a headline of means and sums add up to 1. Nothing is said of what counts
    through anything that is not additive (geometric means, minima, gates, formulas, counts), through a rule that
    changed the value, or without ends of its scale: such ids are not in the result.
    """
    scales = measured(definition).scales
    declared = {node.id: node for node in definition.nodes}
    gains: dict[str, Fraction | None] = {scorecard.index: Fraction(1)}
    for node in reversed(scorecard.nodes):
        if node.id in gains:
            for share in node.shares:
                factor = _factor(node, share, declared[node.id], scales) if share.counted else Fraction(0)
                gains[share.of] = _through(gains.get(share.of, Fraction(0)), gains[node.id], factor)
    whole = scales[scorecard.index].span
    weights = {name: _weight(gain, scales[name], whole) for name, gain in gains.items()}
    return {name: weight for name, weight in weights.items() if weight is not None}


def questions_only(weights: Mapping[str, Fraction], scorecard: Scorecard) -> dict[str, Fraction]:
    """The weights of questions."""
    return {question.id: weights[question.id] for question in scorecard.questions if question.id in weights}


def _factor(node: NodeScore, share: Share, declared: Node, scales: Mapping[str, Scale]) -> Fraction | None:
    """By how much the node's value moves when the child's moves by one; None where that has no one answer."""
    overridden = any(rule.before != rule.after for rule in node.rules)
    if overridden or declared.aggregation not in _ADDITIVE or declared.passes_on is not PassesOn.EXACT:
        return None
    if share.weight_used is None or share.cap is not None:
        return None
    if declared.aggregation is not Aggregation.SHARE:
        return Fraction(share.weight_used)
    high = scales[share.of].high
    return Fraction(share.weight_used) * declared.out_of / high if high else None


def _through(known: Fraction | None, gain: Fraction | None, factor: Fraction | None) -> Fraction | None:
    if factor == 0:
        return known
    return None if known is None or gain is None or factor is None else known + gain * factor


def _weight(gain: Fraction | None, scale: Scale, whole: Fraction | None) -> Fraction | None:
    if gain is None or whole is None:
        return None
    if not gain:
        return gain
    return None if scale.span is None else gain * scale.span / whole
