"""Figures of a cohort that there is one of for each group: a table by what tells groups apart."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import product

from questionnaires.grouping import groups_by
from questionnaires.model import CohortFigure, Definition
from scoring.enclosure import ANYTHING, Enclosure, point, root
from scoring.figures import FigureValue
from scoring.plan import PlannedTable
from scoring.planned_tables import planned_sides
from scoring.standing import Standings


def figures_table(
    figure: CohortFigure, definition: Definition, given: FigureValue | None, standings: Standings
) -> PlannedTable:
    """The figures of all groups as a table by what tells groups apart."""
    found = {group.by: group for group in (given.groups if given is not None else ())}
    values = {by: group.number for by, group in found.items() if group.number is not None}
    squares = {by: group.square for by, group in found.items() if group.square is not None}
    awaited = frozenset(groups_of(definition, figure)) - values.keys() - squares.keys()
    numbers = [*map(point, values.values()), *(root(point(square), 2, 64) or ANYTHING for square in squares.values())]
    span = ANYTHING if awaited or not numbers else reduce(Enclosure.hull, numbers)
    sides, rests_on = planned_sides(figure.by, standings)
    return PlannedTable(figure.id, sides, rests_on, values, None, False, span, squares, awaited)


def groups_of(definition: Definition, figure: CohortFigure) -> Iterator[tuple[str, ...]]:
    """Every group that a figure may be asked for: all answers, bands and classes that tell groups apart."""
    return product(*(groups_by(definition.question(by) or definition.node(by)) for by in figure.by))


def awaited_of(figure: str) -> str:
    """What stands for those figures of a group that are not known; no author can name it."""
    return f"{figure}.groups"
