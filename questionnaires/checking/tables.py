"""Tables: looked up by what selects a row, with a number for each way that their sides can meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from questionnaires.checking.contents import Contents
from questionnaires.checking.wholeness import Wholeness
from questionnaires.mistakes import Mistake
from questionnaires.model import (
    ChoicesQuestion,
    ComputedQuestion,
    NumberQuestion,
    SeveralPicked,
    Table,
    denied_by,
    keys_of,
)
from questionnaires.places import Path

Rows = Mapping[str, object]

MOST: Final = 9999
"""The greatest whole number that can stand at a side of a table: a year does."""

MOST_ROWS: Final = 1000
"""Whole numbers that a side may have from the least to the greatest."""

_MANY: Final = 12


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of a table is looked up by, and all that can stand there."""

    id: str
    keys: tuple[str, ...]
    denials: frozenset[str] = frozenset()
    """Options that say that the question does not apply; nothing stands in their row."""


def check_tables(contents: Contents, *, circular: bool) -> Iterator[Mistake]:
    """Sides that select nothing, rows that nothing selects, meetings of sides without a number.

    ``circular``: some things rest on themselves, so that of no node a scale may be asked for.
    """
    wholeness = Wholeness(contents.structure)
    for number, table in enumerate(contents.structure.tables):
        path: Path = ("tables", number)
        sides: list[Side] = []
        for place, identifier in enumerate(table.by):
            if circular and identifier in contents.nodes and _is_number(contents, identifier):
                continue
            at: Path = (*path, "by", place) if len(table.by) > 1 else (*path, "by")
            side = side_of(contents, wholeness, identifier)
            if side is None and _is_number(contents, identifier):
                yield contents.mistake("table-number", at, id=identifier, most=MOST, rows=MOST_ROWS)
            elif side is None or identifier in table.by[:place]:
                yield contents.mistake("not-a-key", at, id=identifier)
            elif len(table.by) > 1 and isinstance(contents.questions.get(identifier), ChoicesQuestion):
                yield contents.mistake("several-in-a-pair", at, id=identifier)
            if side is not None:
                sides.append(side)
        if table.several is not SeveralPicked.SUM:
            if not isinstance(contents.questions.get(table.by[0]), ChoicesQuestion):
                yield contents.mistake("table-of-one-pick", (*path, "several"), id=table.by[0])
            elif table.unit is not None:
                yield contents.mistake("table-factors-unit", (*path, "unit"), id=table.id, unit=table.unit)
        if len(sides) == len(table.by):
            yield from _rows(contents, table, sides, table.values, (*path, "values"))


def side_of(contents: Contents, wholeness: Wholeness, identifier: str) -> Side | None:
    """What can stand at a side of a table that is looked up by this; None: it selects no row."""
    question, node = contents.questions.get(identifier), contents.nodes.get(identifier)
    if question is not None and (keys := keys_of(question)):
        return Side(identifier, keys, denied_by(question))
    if node is not None and (standings := node.classes or node.bands):
        return Side(identifier, tuple(each.id for each in standings))
    if not _is_number(contents, identifier) or not wholeness.of(identifier):
        return None
    scale = contents.scales.amount(identifier)
    if scale.lowest is None or scale.highest is None:
        return None
    if scale.lowest.denominator > 1 or scale.highest.denominator > 1 or not 0 <= scale.lowest <= scale.highest <= MOST:
        return None
    numbers = range(int(scale.lowest), int(scale.highest) + 1)
    return Side(identifier, tuple(map(str, numbers))) if len(numbers) <= MOST_ROWS else None


def _is_number(contents: Contents, identifier: str) -> bool:
    question, node = contents.questions.get(identifier), contents.nodes.get(identifier)
    if node is not None:
        return not (node.classes or node.bands)
    return isinstance(question, NumberQuestion | ComputedQuestion)


def _rows(contents: Contents, table: Table, sides: Sequence[Side], rows: Rows, path: Path) -> Iterator[Mistake]:
    """The rows for the first of the sides, and within each those for the next."""
    side, *further = sides
    for answer, row in rows.items():
        at = (*path, answer)
        if answer not in side.keys:
            question = contents.questions.get(side.id)
            if question is not None and keys_of(question):
                yield contents.mistake("unknown-option", at, option=answer, question=side.id)
                continue
            told = f"{side.keys[0]} … {side.keys[-1]}" if len(side.keys) > _MANY else ", ".join(side.keys)
            yield contents.mistake("table-row-unreachable", at, row=answer, id=side.id, known=told)
        elif answer in side.denials:
            yield contents.mistake("table-of-denial", at, option=answer, question=side.id)
        elif isinstance(row, Mapping) != bool(further):
            yield contents.mistake("table-depth", at, count=len(table.by))
        elif isinstance(row, Mapping):
            yield from _rows(contents, table, further, row, at)
    for answer in side.keys:
        if answer not in rows and answer not in side.denials and table.otherwise is None:
            yield contents.mistake("table-hole", path, option=answer, question=side.id)
            if len(side.keys) > _MANY:  # a range of numbers: the first hole says enough
                return
