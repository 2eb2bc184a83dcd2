"""Figures of a cohort that there is one of for each group: a table by what tells groups apart."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import product

from questionnaires.model import CohortFigure, Definition, denied_by, keys_of
from scoring.enclosure import ANYTHING, Enclosure, point, root
from scoring.figures import FigureValue
from scoring.plan import PlannedSide, PlannedTable


def figures_table(figure: CohortFigure, definition: Definition, given: FigureValue | None) -> PlannedTable:
    """The figures of all groups as a table by what tells groups apart."""
    found = {group.by: group for group in (given.groups if given is not None else ())}
    values = {by: group.number for by, group in found.items() if group.number is not None}
    squares = {by: group.square for by, group in found.items() if group.square is not None}
    awaited = frozenset(groups_of(definition, figure)) - values.keys() - squares.keys()
    numbers = [*map(point, values.values()), *(root(point(square), 2, 64) or ANYTHING for square in squares.values())]
    span = ANYTHING if awaited or not numbers else reduce(Enclosure.hull, numbers)
    sides = tuple(PlannedSide(by) for by in figure.by)
    return PlannedTable(figure.id, sides, figure.by, values, None, False, span, squares, awaited)


def groups_of(definition: Definition, figure: CohortFigure) -> Iterator[tuple[str, ...]]:
    """Every group that a figure may be asked for: all answers to the questions that tell groups apart."""
    asked = [question for by in figure.by if (question := definition.question(by)) is not None]
    return product(*([key for key in keys_of(each) if key not in denied_by(each)] for each in asked))


def awaited_of(figure: str) -> str:
    """What stands for those figures of a group that are not known; no author can name it."""
    return f"{figure}.groups"
