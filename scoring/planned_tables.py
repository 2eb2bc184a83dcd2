"""Tables as the engine sees them: their sides, what they rest on, and all that they can give."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from operator import mul

from questionnaires.formula.tree import names
from questionnaires.model import ChoicesQuestion, ComputedQuestion, NumberQuestion, SeveralPicked, Table
from scoring import asked
from scoring.enclosure import Enclosure, point
from scoring.multiplying import ONE
from scoring.plan import PlannedSide, PlannedTable
from scoring.standing import Standings


def planned_table(table: Table, standings: Standings) -> PlannedTable:
    """A table with all that it can give."""
    sides, rests_on = planned_sides(table.by, standings)
    question = standings.questions.get(table.by[0])
    values = [*table.rows.values(), *(() if table.otherwise is None else (table.otherwise,))]
    span = Enclosure(min(values), max(values))
    summed, multiplied = isinstance(question, ChoicesQuestion), table.several is SeveralPicked.PRODUCT
    if isinstance(question, ChoicesQuestion):
        worth = {option.id: table.rows.get((option.id,), table.otherwise) for option in question.options}
        known = {option: value for option, value in worth.items() if value is not None}
        span = _factors([*known.values()]) if multiplied else asked.sums(question, known)
    return PlannedTable(
        table.id, sides, rests_on, table.rows, table.otherwise, summed, span, multiplied=multiplied and summed
    )


def _factors(factors: Sequence[Fraction]) -> Enclosure:
    """All products of some of these factors, or of none: each counts as it is, or as 1."""
    return reduce(mul, (point(factor).hull(ONE) for factor in factors), ONE)


def planned_sides(by: Sequence[str], standings: Standings) -> tuple[tuple[PlannedSide, ...], tuple[str, ...]]:
    """The sides of a table, and everything that they rest on, each once."""
    sides = tuple(_side(each, standings) for each in by)
    rests_on = dict.fromkeys(by)
    for side in sides:
        for _, holds in side.standing:
            rests_on |= dict.fromkeys(sorted(names(holds)))
    return sides, tuple(rests_on)


def _side(by: str, standings: Standings) -> PlannedSide:
    if by in standings.nodes:
        node = standings.nodes[by]
        if node.classes or node.bands:
            return PlannedSide(by, standing=tuple(standings.keys(by).items()))
        return PlannedSide(by, whole=True)
    return PlannedSide(by, whole=isinstance(standings.questions.get(by), NumberQuestion | ComputedQuestion))
