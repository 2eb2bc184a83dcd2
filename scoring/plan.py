"""A plan: a definition compiled once, ready to score any number of answers.

The plan holds only what scoring needs, in the order it is needed: questions by position, nodes with children
before parents, weights as rationals. It is a pure function of the definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from questionnaires.digest import digest
from questionnaires.model import Aggregation, Band, Definition, Missing, NotApplicable, Rounding


@dataclass(frozen=True, slots=True)
class PlannedQuestion:
    """A question as the engine sees it: the ends of its scale and whether it may not apply."""

    id: str
    lowest: int
    highest: int
    may_not_apply: bool


@dataclass(frozen=True, slots=True)
class PlannedChild:
    """A child by its position among all values: questions first, then nodes in scoring order."""

    id: str
    position: int
    weight: Fraction


@dataclass(frozen=True, slots=True)
class PlannedNode:
    """A node whose children all stand before it."""

    id: str
    aggregation: Aggregation
    children: tuple[PlannedChild, ...]
    total_weight: Fraction
    missing: Missing
    least_counted: Fraction
    bands: tuple[Band, ...]
    questions: tuple[int, ...]
    """Positions of all questions below, each once, ascending."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything needed to score answers to one version of a questionnaire."""

    family: str
    version: str
    digest: str
    rounding: Rounding
    index: str
    questions: tuple[PlannedQuestion, ...]
    nodes: tuple[PlannedNode, ...]
    positions: Mapping[str, int]
    """Question id → its position in ``questions``."""


def compile_plan(definition: Definition) -> Plan:
    """Compile a (checked) definition. The same definition always gives the same plan."""
    questions = tuple(
        PlannedQuestion(
            question.id,
            question.lowest,
            question.highest,
            question.not_applicable is NotApplicable.ALLOWED,
        )
        for question in definition.questions
    )
    positions = {question.id: position for position, question in enumerate(questions)}
    return Plan(
        family=definition.family,
        version=definition.version,
        digest=digest(definition),
        rounding=definition.rounding,
        index=definition.index,
        questions=questions,
        nodes=_planned_nodes(definition, positions),
        positions=positions,
    )


def _planned_nodes(definition: Definition, positions: Mapping[str, int]) -> tuple[PlannedNode, ...]:
    known = dict(positions)
    below: dict[str, frozenset[int]] = {name: frozenset({position}) for name, position in positions.items()}
    waiting = list(definition.nodes)
    planned: list[PlannedNode] = []
    while waiting:
        ready = [node for node in waiting if all(child.of in known for child in node.children)]
        for node in ready:
            below[node.id] = frozenset().union(*(below[child.of] for child in node.children))
            planned.append(
                PlannedNode(
                    id=node.id,
                    aggregation=node.aggregation,
                    children=tuple(PlannedChild(child.of, known[child.of], child.weight) for child in node.children),
                    total_weight=sum((child.weight for child in node.children), Fraction(0)),
                    missing=node.missing,
                    least_counted=node.least_counted,
                    bands=node.bands,
                    questions=tuple(sorted(below[node.id])),
                )
            )
            known[node.id] = len(positions) + len(planned) - 1
        waiting = [node for node in waiting if node.id not in known]
    return tuple(planned)
