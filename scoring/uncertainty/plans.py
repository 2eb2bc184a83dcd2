"""Plans with other weights, or with children left out: what the engine would score had the definition said so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from questionnaires.model import Aggregation
from scoring import asked
from scoring.aggregate import Precision
from scoring.amounts import capped
from scoring.enclosure import ANYTHING, Enclosure
from scoring.errors import ListsNotCovered
from scoring.facts import Fact, Reading
from scoring.plan import Plan, PlannedChild, PlannedNode
from scoring.possible import possible_node

WEIGHTED: Final = frozenset(
    {
        Aggregation.MEAN,
        Aggregation.WEIGHTED_MEAN,
        Aggregation.SUM,
        Aggregation.GEOMETRIC,
        Aggregation.HARMONIC,
        Aggregation.SHARE,
        Aggregation.SHARE_REACHED,
    }
)
"""Aggregations in which weights decide; equal weights of a mean are a choice like any other."""

LEAVABLE: Final = WEIGHTED | {Aggregation.MINIMUM, Aggregation.MAXIMUM, Aggregation.MEDIAN, Aggregation.COUNT}
"""Aggregations that still mean something when a child is left out."""


def reweighted(plan: Plan, weights: Mapping[str, Mapping[str, Fraction]]) -> Plan:
    """The plan with other weights: node id → child id → weight. Whatever is not named keeps its own.

    The plan's digest is empty: no score of it can pass for one of the published definition.
    """

    def children(node: PlannedNode) -> tuple[PlannedChild, ...]:
        own = weights.get(node.id, {})
        return tuple(_weighing(child, own[child.id]) if child.id in own else child for child in node.children)

    return _rebuilt(plan, children)


def left_out(plan: Plan, parts: Collection[str]) -> Plan:
    """The plan in which no node counts these children; a node that has none left counts nowhere either."""
    gone = set(parts)

    def children(node: PlannedNode) -> tuple[PlannedChild, ...]:
        kept = tuple(child for child in node.children if child.id not in gone)
        if kept:
            return kept
        gone.add(node.id)
        return node.children

    return _rebuilt(plan, children)


def descendants(plan: Plan, of: str) -> tuple[PlannedNode, ...]:
    """The nodes that ``of`` is made from, itself the last."""
    wanted = {of}
    found: list[PlannedNode] = []
    for node in reversed(plan.nodes):
        if node.id in wanted:
            found.append(node)
            wanted |= {child.id for child in node.children}
    return tuple(reversed(found))


def chosen(plan: Plan, of: str) -> tuple[PlannedNode, ...]:
    """The nodes below ``of`` (itself included) whose weights are a choice: they decide, and no answer decides them.

    A node with a weight that follows from answers is not among them: other numbers in its place would not be other
    weights but other answers.
    """
    deciding = (node for node in descendants(plan, of) if node.aggregation in WEIGHTED and len(node.children) > 1)
    return tuple(node for node in deciding if node.has_fixed_weights)


def _rebuilt(plan: Plan, children: Callable[[PlannedNode], tuple[PlannedChild, ...]]) -> Plan:
    """Every node with these children, and all scales worked out again, since weights decide what can be reached."""
    if plan.unrolling is not None:
        raise ListsNotCovered(questionnaire=f"{plan.family}@{plan.version}")
    facts: dict[str, Fact] = asked.constants(plan.constants)
    reading = Reading(facts, plan.tables, bits=64, last=True)
    scales: dict[str, Enclosure] = {question.id: question.scale for question in plan.questions}
    nodes: dict[str, PlannedNode] = {}
    for item in plan.order:
        if not isinstance(item, PlannedNode):
            facts[item.id] = asked.possibly(item, None, reading)
            continue
        kept = tuple(_scaled(child, scales[child.id]) for child in children(item))
        node = replace(item, children=kept, total_weight=sum((child.weight for child in kept), Fraction(0)))
        facts[node.id] = possible_node(node, reading, Precision(64, last=True))
        scales[node.id] = facts[node.id].score or ANYTHING
        nodes[node.id] = node
    return replace(
        plan,
        digest="",
        nodes=tuple(nodes[node.id] for node in plan.nodes),
        order=tuple(nodes[item.id] if isinstance(item, PlannedNode) else item for item in plan.order),
    )


def _scaled(child: PlannedChild, scale: Enclosure) -> PlannedChild:
    return capped(replace(child, whole=scale), child.cap)


def _weighing(child: PlannedChild, weight: Fraction) -> PlannedChild:
    """The child with a weight that no answer changes."""
    return replace(child, weight=weight, formulas={key: of for key, of in child.formulas.items() if key != "weight"})
