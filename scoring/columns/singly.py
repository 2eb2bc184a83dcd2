"""One outcome by the exact engine, from the outcomes of what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from questionnaires.formula.tree import Expression
from questionnaires.model import Aggregation
from scoring.aggregate import FIRST_BITS, Precision
from scoring.answers import Answer
from scoring.columns.conditions import inputs_of
from scoring.columns.ledger import NO_BAND, NOT_DECIDED, OPEN, SCORED, STATES, UNDECIDED, Entry
from scoring.facts import NOTHING
from scoring.plan import Plan, PlannedNode, PlannedQuestion
from scoring.rounding import Undecided, stated_of
from scoring.rules import band_after
from scoring.thorough import Scoring
from scoring.worked import Value

_BY_FACTS: Final = (Aggregation.FORMULA, Aggregation.CUMULATIVE)
"""Aggregations that read what formulas learn of the children."""


def _formulas(item: PlannedQuestion | PlannedNode) -> list[Expression | None]:
    if isinstance(item, PlannedNode):
        stages = [stage.when for stage in item.stages]
        classes = [each.holds for each in item.classes]
        rules = [rule.condition for rule in item.rules]
        return [item.applies_when, item.formula, *stages, *rules, *classes, *item.amounts]
    curve = item.curve
    return [item.applies_when, item.formula, *((curve.base, curve.lead) if curve else ())]


def named(plan: Plan, item: PlannedQuestion | PlannedNode) -> tuple[str, ...]:
    """Questions and nodes whose facts the item's formulas read, and grids that tell by their rows."""
    found = inputs_of(plan, _formulas(item))
    if isinstance(item, PlannedNode) and item.aggregation in _BY_FACTS:
        found = tuple(dict.fromkeys((*found, *(child.id for child in item.children))))
    return tuple(dict.fromkeys((*found, *item.by_rows))) if isinstance(item, PlannedNode) else found


def inputs(plan: Plan, item: PlannedQuestion | PlannedNode) -> tuple[str, ...]:
    """All questions and nodes that the item directly rests on."""
    children = [child.id for child in item.children] if isinstance(item, PlannedNode) else []
    return tuple(dict.fromkeys((*children, *named(plan, item))))


def outcome(
    plan: Plan, item: PlannedQuestion | PlannedNode, below: Mapping[str, Entry], answer: Answer | None
) -> Entry:
    """The outcome of a question or node where what it rests on came out as ``below``."""
    read = named(plan, item)
    if any(entry.state == UNDECIDED for entry in below.values()) or any(below[name].now is None for name in read):
        return NOT_DECIDED
    scoring = Scoring(plan, {} if answer is None else {item.id: answer}, Precision(FIRST_BITS, last=False))
    for name, entry in below.items():
        scoring.values[name] = Value(STATES[entry.state], entry.value)
        if entry.now is not None:
            scoring.now[name] = scoring.possible[name] = entry.now
    try:
        if isinstance(item, PlannedQuestion):
            scoring.learn(item)
            found = scoring.values[item.id]
            return Entry(STATES.index(found.state), found.value, scoring.now[item.id])
        return _of_node(scoring, item)
    except Undecided:
        return NOT_DECIDED


def _of_node(scoring: Scoring, node: PlannedNode) -> Entry:
    scoring.possible[node.id] = NOTHING  # what an open node may still become is told by the whole assessment only
    worked, value, outcomes = scoring.work_out(node)
    carried, state = scoring.values[node.id], STATES.index(value.state)
    if value.value is None:
        of = _place(node, scoring.class_of(node, value))
        return Entry(state, None, None if state == OPEN else scoring.now[node.id], band=of)
    printed = Fraction(stated_of(value.value, node.rounding, last=False))
    band = NO_BAND
    if state == SCORED and (first := scoring.band(worked.node, value.value)) is not None:
        fired = [each.rule for each in outcomes if each.fired]
        band = _place(node, band_after(node, first, fired))
    units = int(printed * 10**node.rounding.places)
    return Entry(state, carried.value, None if state == OPEN else scoring.now[node.id], units, band)


def _place(node: PlannedNode, band: str | None) -> int:
    return next((place for place, each in enumerate(node.standings) if each == band), NO_BAND)


def once_each(entries: Sequence[Entry]) -> tuple[list[Entry], list[int]]:
    """Equal outcomes once each, and which of them each is."""
    ledger: list[Entry] = []
    known: dict[object, int] = {}
    places = []
    for entry in entries:
        key = (entry.state, entry.value, entry.stated, entry.band, _told(entry))
        if key not in known:
            known[key] = len(ledger)
            ledger.append(entry)
        places.append(known[key])
    return ledger, places


def _told(entry: Entry) -> object:
    """What tells facts apart: all but the rows of a grid, which stand for themselves."""
    fact = entry.now
    if fact is None:
        return None
    if fact.rows is not None:
        return id(fact)
    return (
        fact.number,
        fact.score,
        fact.known,
        fact.optional,
        fact.applies,
        fact.undefined,
        fact.truth,
        fact.picked,
        fact.answered,
    )
