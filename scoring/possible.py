"""All that a node may still become, from all that its children may still become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from questionnaires.model import Aggregation, Inapplicable, PassesOn
from scoring.aggregate import Precision
from scoring.amounts import Settled, Settling, settled
from scoring.bounds import Range, bounds
from scoring.enclosure import ANYTHING, ZERO, Enclosure, point, summed
from scoring.facts import NOTHING, Fact, Reading
from scoring.formulas import number, truth
from scoring.patterns import ONE_OF_IT
from scoring.plan import STAND_IN, PlannedChild, PlannedNode
from scoring.rounding import stated
from scoring.rules import all_fires, passed, possibly_ruled

_POSITIVE: Final = (Aggregation.GEOMETRIC, Aggregation.HARMONIC)
"""Aggregations that have no value where a child is negative: nothing may be decided by them before that is known."""


def possible_node(node: PlannedNode, reading: Reading, precision: Precision) -> Fact:
    """The fact of a node while answers are missing."""
    applies = True if node.applies_when is None else truth(node.applies_when, reading)
    if applies is False:
        return NOTHING
    if node.aggregation is Aggregation.PROFILE:
        return _side_by_side(node, reading, surely=applies is True)
    found = settled(node, reading)
    if not found.amounts.sound:
        return _perhaps(_without_amounts(node, reading), applies=applies)
    node = found.node
    fact = _by_figures(node, reading) or by_aggregation(found, reading, precision)
    if fact.number is None:
        return _perhaps(fact, applies=applies)
    open_still = replace(found.amounts, known=found.amounts.known and applies is not None)
    fired = all_fires(node, reading)
    ruled = after_rules(node, fact, fact.number, fired=fired, amounts=open_still, reading=reading)
    return _perhaps(_without_amounts(node, reading) if ruled is None else ruled, applies=applies)


def _perhaps(fact: Fact, *, applies: bool | None) -> Fact:
    """The fact of a node whose own condition holds, or is still open: then it may yet not apply."""
    if applies or fact.applies is False:
        return fact
    return replace(fact, known=False, optional=True, applies=None)


def after_rules(  # noqa: PLR0913 - all that tells what is left
    node: PlannedNode,
    fact: Fact,
    span: Enclosure,
    *,
    fired: Sequence[bool | None],
    amounts: Settling,
    reading: Reading,
) -> Fact | None:
    """What the node's limits and rules leave of all that it may become; None where an amount of a rule has no number.

    Args:
        node: with its amounts in numbers.
        fact: what is to be said of it before.
        span: all its numbers before.
        fired: what is to be said of each rule.
        amounts: how far the node's amounts are known.
        reading: what formulas in the place of a rule's amounts can learn.
    """
    span, overriding = possibly_ruled(node, span.held(node.least, node.most), fired, reading)
    if not overriding.sound:
        return None
    if node.passes_on is PassesOn.STATED:
        span = span.monotone(lambda value: Fraction(stated(value, node.rounding)))
    optional = fact.optional or amounts.loose or overriding.loose
    return replace(
        fact,
        number=span,
        score=span,
        known=fact.known and amounts.known and overriding.known,
        optional=optional,
        applies=None if optional else True,
    )


def _by_figures(node: PlannedNode, reading: Reading) -> Fact | None:
    """Where figures of the cohort have to tell an end of a scale that counts: anything is possible before they do."""
    if not any(STAND_IN in child.formulas for child in node.children):
        return None
    applies = applies_at_all(node, reading)
    return NOTHING if applies is False else Fact(ANYTHING, ANYTHING, known=False, optional=applies is None)


def _side_by_side(node: PlannedNode, reading: Reading, *, surely: bool) -> Fact:
    """A profile has no number; it applies as soon as one of its children does."""
    facts = [_fact(child, reading) for child in node.children]
    if all(fact.applies is False for fact in facts):
        return NOTHING
    known = surely and all(fact.known for fact in facts)
    return Fact(None, None, known, applies=True if surely and any(fact.applies for fact in facts) else None)


def _without_amounts(node: PlannedNode, reading: Reading) -> Fact:
    """The fact of a node of which a weight or limit has no number: it has no value, but may yet not apply at all."""
    match applies_at_all(node, reading):
        case False:
            return NOTHING
        case None:
            return Fact(None, None, known=False, applies=None)
    return Fact(None, None, all(_fact(child, reading).known for child in node.children), undefined=True)


def _fact(child: PlannedChild, reading: Reading) -> Fact:
    """The fact of a child; of a list whose items are not known, that of any item, or of none."""
    fact = reading.facts[child.id]
    if not child.over:
        return fact
    count = _count(child, reading)
    if count == ZERO:
        return NOTHING
    if count.low:
        return replace(fact, known=False)
    applies = None if fact.applies else fact.applies
    return replace(fact, known=False, optional=True, applies=applies)


def _count(child: PlannedChild, reading: Reading) -> Enclosure:
    """How many children one may yet turn out to be."""
    many = ONE_OF_IT
    for of in child.over:
        many = many * (reading.facts[of].number or ZERO)
    return many


def _weight(child: PlannedChild, weight: Enclosure | None, reading: Reading) -> Enclosure | None:
    """What the weight of a child can still become, where that is open: of any number of items, all theirs together."""
    if not child.over:
        return weight
    return (point(child.weight) if weight is None else weight) * _count(child, reading)


def applies_at_all(node: PlannedNode, reading: Reading) -> bool | None:
    """Whether anything below a node applies, whatever its weights and limits are; None while missing answers decide."""
    if node.aggregation is Aggregation.FORMULA and node.formula is not None:
        found = number(node.formula, reading)
        if found.known:
            return found.span is not None or found.undefined
        return None if found.optional or found.span is None else True
    applying = [_fact(child, reading).applies for child in node.children]
    stays = any((child.inapplicable or node.inapplicable) is not Inapplicable.EXCLUDE for child in node.children)
    if True in applying or stays:
        return True
    return None if None in applying else False


def by_aggregation(found: Settled, reading: Reading, precision: Precision) -> Fact:
    """The fact of a node that applies, by its aggregation alone: without its limits and rules."""
    node = found.node
    facts = [_fact(child, reading) for child in node.children]
    if node.aggregation is Aggregation.FORMULA and node.formula is not None:
        quantity = number(node.formula, reading)
        if quantity.span is None:
            return Fact(None, None, quantity.known, applies=quantity.undefined, undefined=quantity.undefined)
        return Fact(quantity.span, quantity.span, quantity.known, quantity.optional, may_fail=quantity.may_fail)
    if node.aggregation is Aggregation.CUMULATIVE:
        if all(fact.applies is False for fact in facts):
            return NOTHING
        gates = passed(node, reading)
        optional = all(fact.applies is not True for fact in facts)
        return Fact(gates.span, gates.span, gates.known, optional)
    counting = [
        (child, fact)
        for child, fact in zip(node.children, facts, strict=True)
        if found.weights.get(child.id) != ZERO and _count(child, reading) != ZERO
    ]
    ranges = [
        replace(item, weight=_weight(child, found.weights.get(child.id), reading), count=_count(child, reading))
        for child, fact in counting
        if (item := range_of(node, child, fact)) is not None
    ]
    known = all(fact.known for _, fact in counting)
    if any(fact.undefined and fact.score is None and not fact.optional for _, fact in counting):
        return Fact(None, None, known, undefined=True)
    if not found.weights and ranges and not _may_be_enough(node, ranges):
        sure = not all(map(_may_leave, ranges))
        return Fact(None, None, known, applies=True if sure else None, undefined=sure)
    span = bounds(node, ranges, precision)
    if span is None:
        undefined = any(fact.undefined for _, fact in counting) or bool(ranges)
        return Fact(None, None, known, applies=undefined, undefined=undefined)
    may_fail = node.aggregation in _POSITIVE and any(item.span.low is None or item.span.low < 0 for item in ranges)
    optional = all(map(_may_leave, ranges)) or (may_fail and not known)
    unsure = any(fact.may_fail for _, fact in counting) or _may_be_too_few(node, ranges)
    return Fact(span, span, known, optional, may_fail=unsure)


def _may_be_enough(node: PlannedNode, ranges: Sequence[Range]) -> bool:
    """Whether the least share of the node's weights that has to count can still be there."""
    if any(child.over for child in node.children):
        return True
    weight = summed([item.child.weight for item in ranges])
    return not weight or weight / node.total_weight >= node.least_counted


def _may_be_too_few(node: PlannedNode, ranges: Sequence[Range]) -> bool:
    """Whether so many children may yet leave that the least share of the node's weights is not there."""
    sure = sum((item.child.weight for item in ranges if not _may_leave(item)), Fraction(0))
    return bool(node.least_counted and node.total_weight) and sure / node.total_weight < node.least_counted


def _may_leave(item: Range) -> bool:
    """Whether the child may yet turn out not to count: it does not apply, or its weight is 0."""
    return item.optional or (item.weight is not None and not item.weight.low)


def range_of(node: PlannedNode, child: PlannedChild, fact: Fact) -> Range | None:
    """What a child can still bring; what does not apply counts only where the node says so."""
    instead = substitute(node, child)
    if fact.score is None:
        if fact.undefined or instead is None:
            return None
        return Range(child, instead, optional=bool(child.over))
    span = fact.score if child.cap is None else fact.score.at_most(child.cap)
    if fact.optional and instead is not None:
        return Range(child, span.hull(instead), optional=bool(child.over))
    return Range(child, span, fact.optional)


def substitute(node: PlannedNode, child: PlannedChild) -> Enclosure | None:
    """The value that stands in for a child that does not apply; None: it is left out (also for want of a scale)."""
    policy = child.inapplicable or node.inapplicable
    if policy is Inapplicable.EXCLUDE:
        return None
    return child.highest if policy is Inapplicable.FULL else child.lowest
