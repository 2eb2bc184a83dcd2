"""Which questions and nodes something rests on, and the part of a plan that some of them need.

Everything that names an id counts: children, formulas, conditions, rules, ends of curves, tables. What is walked is the
plan itself, so a word of the language that names something is followed without being known here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace

from questionnaires.formula.tree import Name
from scoring.plan import Plan, PlannedChild, PlannedNode, PlannedQuestion


def rests_on(plan: Plan) -> dict[str, frozenset[str]]:
    """Id of every question and node → the ids of all that its value can depend on, itself included."""
    known = {item.id for item in plan.order}
    found: dict[str, frozenset[str]] = {}
    for item in plan.order:
        direct = {name for named in _named(item) for name in _resolved(named, plan)} & known
        found[item.id] = frozenset({item.id}).union(*(found[name] for name in direct if name != item.id))
    return found


def named_in(part: object, plan: Plan) -> frozenset[str]:
    """The ids of questions and nodes that a formula (or any part of a plan) names, tables followed to their choices."""
    known = {item.id for item in plan.order}
    return frozenset(name for named in _named(part) for name in _resolved(named, plan)) & known


def narrowed(plan: Plan, wanted: Collection[str], below: Mapping[str, frozenset[str]]) -> Plan:
    """The plan without anything that the ``wanted`` questions and nodes do not rest on.

    ``below`` is what :func:`rests_on` says of the plan. Digest and index stay those of the whole. Of a questionnaire
    with lists it is the plan for the items that were named.
    """
    kept = frozenset().union(*(below[name] for name in wanted))
    questions = tuple(question for question in plan.questions if question.id in kept)
    positions = {question.id: place for place, question in enumerate(questions)}
    order: list[PlannedQuestion | PlannedNode] = []
    nodes: list[PlannedNode] = []
    for item in plan.order:
        if item.id not in kept:
            continue
        if isinstance(item, PlannedNode) and item.id not in plan.patterns:
            ids = (plan.questions[position].id for position in item.questions)
            item = replace(item, questions=tuple(positions[name] for name in ids))  # noqa: PLW2901 – the narrowed one
            nodes.append(item)
        order.append(item)
    return replace(
        plan, questions=questions, nodes=tuple(nodes), order=tuple(order), positions=positions, unrolling=None
    )


def _resolved(name: str, plan: Plan) -> Iterator[str]:
    table = plan.tables.get(name)
    if table is None:
        yield name
        return
    yield from (part for part in _texts(table) if part != name)


def _named(part: object) -> Iterator[str]:
    if isinstance(part, Name):
        yield part.id
        return
    if isinstance(part, PlannedChild):
        yield from (part.id, *part.over)
    if isinstance(part, Mapping):
        for value in part.values():
            yield from _named(value)
    elif isinstance(part, (tuple, list, frozenset)):
        for value in part:
            yield from _named(value)
    elif is_dataclass(part):
        for each in fields(part):
            yield from _named(getattr(part, each.name))


def _texts(part: object) -> Iterator[str]:
    """Every text in a table: among them are the ids of the questions that choose its rows."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, (tuple, list)):
        for value in part:
            yield from _texts(value)
    elif is_dataclass(part) and not isinstance(part, type):
        for each in fields(part):
            yield from _texts(getattr(part, each.name))
