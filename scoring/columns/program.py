"""How a plan is run on blocks of assessments: what is looked up, what is calculated, what the exact engine does.

Each question and node becomes one step. Where few combinations of inputs are possible, a step is a table from the
combination to the outcome, made once and kept. Where many are, a node is calculated on whole columns of whole numbers
(:mod:`scoring.columns.nodes`), or by intervals where numbers were measured (:mod:`scoring.columns.measured`). Whatever
none covers is asked of the exact engine, once for each distinct combination of inputs in a block. All of them give the
outcome that the exact engine gives for one assessment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.answers import Answer
from scoring.columns import measured, measured_nodes
from scoring.columns.distinct import TABLE, combinations, joint
from scoring.columns.ledger import NOT_DECIDED, Coded, Column, Entry, Ids, Ledger, Spanned, coded, is_measured, narrow
from scoring.columns.nodes import Nodes
from scoring.columns.reckoning import Reckoner
from scoring.columns.resolving import Resolving
from scoring.columns.singly import inputs, named, once_each, outcome
from scoring.packing.fields import CodedField, fields_of
from scoring.plan import Plan, PlannedNode, PlannedQuestion

MANY: Final = 1 << 8
"""Different numbers, or combinations of inputs, beyond which intervals take less time than the exact engine."""

_SINGLY: Final = 1 << 8
"""Combinations up to which a table that takes the exact engine is made beforehand."""


@dataclass(frozen=True, slots=True)
class Given:
    """The answers to one question: a number for each assessment, and the answer behind each number."""

    ids: Ids
    answers: Sequence[Answer | None]


@dataclass(frozen=True, slots=True)
class Typed:
    """Many different numbers that were typed."""

    numbers: measured.TypedIn


@dataclass(frozen=True, slots=True)
class Table:
    """Outcome by combination of inputs."""

    ids: Ids
    ledger: Ledger


class Program:
    """A plan made ready for columns."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.nodes = Nodes(plan)
        reader = self.nodes.reader
        reader.reckoning = partial(Reckoner, reader)
        self.fields = {each.question.id: each for each in fields_of(plan)}
        self.answers = {
            name: possible_answers(each) for name, each in self.fields.items() if isinstance(each, CodedField)
        }
        self.accepted: dict[str, NDArray[np.bool_]] = {}
        """Question with several choices → of each combination of bytes, whether it was found to be an answer."""

        self.strides: dict[tuple[str, int], tuple[int, int] | None] = {}
        """Question with a number and decimal places → what is known of the digits that it takes."""

        self.items = {item.id: item for item in plan.order}
        self.inputs = {item.id: inputs(plan, item) for item in plan.order}
        self.read = {item.id: named(plan, item) for item in plan.order}
        self.tables: dict[str, Table] = {}
        for item in plan.order:
            table = self._table(item)
            if table is not None:
                self.tables[item.id] = table

    def _table(self, item: PlannedQuestion | PlannedNode) -> Table | None:
        """The item as a table; None: too many combinations are possible."""
        names, own = self.inputs[item.id], self.fields.get(item.id)
        if any(name not in self.tables for name in names) or not (own is None or isinstance(own, CodedField)):
            return None
        below = [self.tables[name].ledger for name in names]
        answers: Sequence[Answer | None] = [None] if own is None else self.answers[item.id]
        sizes = [*(len(ledger) for ledger in below), len(answers)]
        if (size := prod(sizes)) > TABLE:
            return None
        places = _digits(size, sizes)
        if isinstance(item, PlannedNode):
            columns: dict[str, Column] = {
                name: Coded(narrow(ids, len(ledger)), ledger)
                for name, ids, ledger in zip(names, places, below, strict=False)
            }
            found = self.nodes.evaluated(item, columns, size)
            if found is not None:
                compressed = coded(found)
                return Table(compressed.ids, Ledger(compressed.ledger.entries, lasting=True))
        if size > _SINGLY:
            return None
        entries = [
            self._outcome(
                item, [ledger.entries[place] for ledger, place in zip(below, row, strict=False)], answers[row[-1]]
            )
            for row in zip(*(ids.tolist() for ids in places), strict=True)
        ]
        ledger, ids = once_each(entries) if own is None or names else (entries, list(range(size)))
        return Table(narrow(np.array(ids), len(ledger)), Ledger(ledger, lasting=True))

    def _outcome(self, item: PlannedQuestion | PlannedNode, below: Sequence[Entry], answer: Answer | None) -> Entry:
        return self._from_entries(item, dict(zip(self.inputs[item.id], below, strict=True)), answer)

    def _from_entries(
        self, item: PlannedQuestion | PlannedNode, below: Mapping[str, Entry], answer: Answer | None
    ) -> Entry:
        return outcome(self.plan, item, below, answer)

    def beneath(self, nodes: Sequence[str]) -> frozenset[str]:
        """All that these nodes rest on, and themselves."""
        found: set[str] = set()
        rest = list(nodes)
        while rest:
            name = rest.pop()
            if name not in found:
                found.add(name)
                rest += self.inputs[name]
        return frozenset(found)

    def run(self, given: Mapping[str, Given | Typed], count: int, wanted: frozenset[str]) -> dict[str, Column]:
        """The columns of questions and nodes over ``count`` assessments, from the answers to each question."""
        typed = {name: each.numbers for name, each in given.items() if isinstance(each, Typed)}
        resolving = Resolving(self.items, self.inputs, self.read, self._from_entries, typed)
        columns: dict[str, Column] = {}
        for item in self.plan.order:
            if item.id not in wanted:
                continue
            found = self._run(item, columns, given.get(item.id), count)
            columns[item.id] = resolving.resolved(item.id, found, columns) if isinstance(found, Spanned) else found
        return columns

    def _calculated(
        self, item: PlannedQuestion | PlannedNode, columns: Mapping[str, Column], own: Given | None, count: int
    ) -> Column | None:
        """On whole columns: exactly where that is possible, else by intervals where there are many combinations."""
        if isinstance(item, PlannedNode):
            found = self.nodes.evaluated(item, columns, count)
            if found is not None:
                return found
        below = [columns[name] for name in self.inputs[item.id]]
        sizes = [len(each.ledger) if isinstance(each, Coded) else MANY + 1 for each in below]
        if own is not None or prod(sizes) <= MANY:
            return None
        if isinstance(item, PlannedNode):
            return measured_nodes.node(self.nodes.reader, item, columns, count)
        return measured.question(self.nodes.reader, item, columns, None, count)

    def _run(
        self, item: PlannedQuestion | PlannedNode, columns: dict[str, Column], own: Given | Typed | None, count: int
    ) -> Column:
        names, table = self.inputs[item.id], self.tables.get(item.id)
        if isinstance(own, Typed):
            found: Column | None = None
            if isinstance(item, PlannedQuestion):
                found = measured.answered(self.nodes.reader, item, columns, own.numbers, count)
            return _undecided(count) if found is None else found
        if table is not None and not names and own is not None:
            return Coded(own.ids, table.ledger)
        if table is None and (found := self._calculated(item, columns, own, count)) is not None:
            return found
        if any(is_measured(columns[name]) for name in names):
            return _undecided(count)
        below: list[Coded] = []
        for name in names:
            columns[name] = known = coded(columns[name])
            below.append(known)
        several = [(each.ids, len(each.ledger)) for each in below]
        if own is not None:
            several.append((own.ids, len(own.answers)))
        if table is not None:
            return Coded(table.ids.take(joint(several, count)[0]).astype(np.intp), table.ledger)
        rows, inverse = combinations(several, count)
        entries = [
            self._outcome(
                item,
                [each.ledger.entries[place] for each, place in zip(below, row, strict=False)],
                None if own is None else own.answers[row[-1]],
            )
            for row in rows
        ]
        ledger, ids = once_each(entries)
        return Coded(narrow(np.array(ids, np.int64)[inverse], len(ledger)), Ledger(ledger))


def _undecided(count: int) -> Coded:
    """Nothing that columns could tell."""
    return Coded(np.zeros(count, np.intp), Ledger([NOT_DECIDED]))


def possible_answers(field: CodedField) -> tuple[Answer | None, ...]:
    """The answer behind each value of a question's one byte; one that is not allowed is as if there were none."""
    absent = [field.answer(bytes([1]))] if field.deniable else [None]
    return (None, *absent, *field.answers)


def _digits(size: int, sizes: Sequence[int]) -> list[Ids]:
    """Every combination of numbers below ``sizes``, column by column, in the order in which they are counted off."""
    key = np.arange(size)
    found: list[Ids] = []
    for own in reversed(sizes):
        found.append(key % own)
        key = key // own
    return found[::-1]
