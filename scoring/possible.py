"""All that a node may still become, from all that its children may still become."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final

from questionnaires.model import Aggregation, Inapplicable, PassesOn
from scoring.aggregate import Precision
from scoring.bounds import Range, bounds
from scoring.enclosure import Enclosure, point
from scoring.facts import NOTHING, Fact, Reading
from scoring.formulas import number, truth
from scoring.plan import PlannedChild, PlannedNode
from scoring.rounding import stated
from scoring.rules import fires, passed, possibly_ruled

_POSITIVE: Final = (Aggregation.GEOMETRIC, Aggregation.HARMONIC)
"""Aggregations that have no value where a child is negative: nothing may be decided by them before that is known."""


def possible_node(node: PlannedNode, reading: Reading, precision: Precision) -> Fact:
    """The fact of a node while answers are missing."""
    applies = True if node.applies_when is None else truth(node.applies_when, reading)
    if applies is False:
        return NOTHING
    if node.aggregation is Aggregation.PROFILE:
        return _side_by_side(node, reading, surely=applies is True)
    found = _by_aggregation(node, reading, precision)
    if found.number is None:
        return found
    span = possibly_ruled(node, found.number.held(node.least, node.most), reading)
    settled = applies is not None and all(fires(rule, reading) is not None for rule in node.rules)
    if node.passes_on is PassesOn.STATED:
        span = span.monotone(lambda value: Fraction(stated(value, node.rounding)))
    optional = found.optional or applies is None
    return replace(
        found,
        number=span,
        score=span,
        known=found.known and settled,
        optional=optional,
        applies=None if optional else True,
    )


def _side_by_side(node: PlannedNode, reading: Reading, *, surely: bool) -> Fact:
    """A profile has no number; it applies as soon as one of its children does."""
    facts = [reading.facts[child.id] for child in node.children]
    if all(fact.applies is False for fact in facts):
        return NOTHING
    known = surely and all(fact.known for fact in facts)
    return Fact(None, None, known, applies=True if surely and any(fact.applies for fact in facts) else None)


def _by_aggregation(node: PlannedNode, reading: Reading, precision: Precision) -> Fact:
    facts = [reading.facts[child.id] for child in node.children]
    if node.aggregation is Aggregation.FORMULA and node.formula is not None:
        quantity = number(node.formula, reading)
        if quantity.span is None:
            return Fact(None, None, quantity.known, applies=quantity.undefined, undefined=quantity.undefined)
        return Fact(quantity.span, quantity.span, quantity.known, quantity.optional)
    if node.aggregation is Aggregation.CUMULATIVE:
        if all(fact.applies is False for fact in facts):
            return NOTHING
        gates = passed(node, reading)
        optional = all(fact.applies is not True for fact in facts)
        return Fact(gates.span, gates.span, gates.known, optional)
    ranges = [
        found
        for child, fact in zip(node.children, facts, strict=True)
        if (found := _range(node, child, fact)) is not None
    ]
    span = bounds(node, ranges, precision)
    known = all(fact.known for fact in facts)
    if span is None:
        undefined = any(fact.undefined for fact in facts) or bool(ranges)
        return Fact(None, None, known, applies=undefined, undefined=undefined)
    may_fail = node.aggregation in _POSITIVE and any(item.span.low is None or item.span.low < 0 for item in ranges)
    return Fact(span, span, known, optional=all(item.optional for item in ranges) or (may_fail and not known))


def _range(node: PlannedNode, child: PlannedChild, fact: Fact) -> Range | None:
    """What a child can still bring; what does not apply counts only where the node says so."""
    instead = substitute(node, child)
    if fact.score is None:
        if fact.undefined or instead is None:
            return None
        return Range(child, instead, optional=False)
    span = fact.score if child.cap is None else fact.score.at_most(child.cap)
    if fact.optional and instead is not None:
        return Range(child, span.hull(instead), optional=False)
    return Range(child, span, fact.optional)


def substitute(node: PlannedNode, child: PlannedChild) -> Enclosure | None:
    """The value that stands in for a child that does not apply; None: it is left out (also for want of a scale)."""
    policy = child.inapplicable or node.inapplicable
    if policy is Inapplicable.EXCLUDE:
        return None
    end = child.scale.high if policy is Inapplicable.FULL else child.scale.low
    return None if end is None else point(end)
