"""Questions whose answers take several bytes, as operations of a tape: several choices, grids and dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from questionnaires.model import ChoicesQuestion, GridAggregation, GridQuestion
from scoring.columns.tape.operations import Code
from scoring.columns.tape.reals import Real, Uncovered
from scoring.packing.fields import FIRST, ChoicesField, GridField

if TYPE_CHECKING:
    from scoring.columns.tape.writing import Writing
    from scoring.plan import PlannedQuestion


@dataclass(frozen=True, slots=True)
class Bytes:
    """The columns of bytes of one question."""

    write: Writing
    column: Callable[[str], int]
    """The number of a column, by its name."""

    def key(self, name: str) -> int:
        """A column as places in tables."""
        return self.write.placed(self.column(name))

    def value(self, name: str, values: list[Fraction], *, rest: int) -> Real:
        """What a byte stands for; there are ``rest`` further bytes, which stand for nothing."""
        places = [(FIRST + place, value) for place, value in enumerate(values)]
        if rest == FIRST:
            found = self.write.level(self.column(name), places)
            if found is not None:
                return found
        return self.write.looked_up(self.key(name), [Fraction(0)] * rest + values)


def byte(question: str, place: int) -> str:
    """The name of one byte of a question."""
    return f"{question}[{place}]"


def grid(item: PlannedQuestion, field: GridField, own: Bytes) -> Real:
    """What the rows of a grid come to.

    Raises:
        Uncovered: rows may not apply, or options have no value.
    """
    asked = item.asked
    if not isinstance(asked, GridQuestion) or item.denials or any(each not in item.worth for each in field.options):
        raise Uncovered
    values = [item.worth[each] for each in field.options]
    rows = [own.value(byte(item.id, place), values, rest=FIRST) for place in range(len(field.rows))]
    weights = {row.id: row.weight for row in asked.rows}
    shares = [weights[row] for row in field.rows]
    match asked.aggregation:
        case GridAggregation.MINIMUM | GridAggregation.MAXIMUM:
            code = Code.LEAST if asked.aggregation is GridAggregation.MINIMUM else Code.GREATEST
            found = rows[0]
            for each in rows[1:]:
                found = own.write.ended(code, found, each)
            return found
        case GridAggregation.SUM:
            total = Fraction(1)
        case _:
            total = sum(shares, Fraction(0))
    return own.write.summed([(row, share / total, None) for row, share in zip(rows, shares, strict=True)])


def choices(item: PlannedQuestion, field: ChoicesField, own: Bytes) -> Real:
    """What the options picked add up to.

    Raises:
        Uncovered: some option says that the question does not apply, or has no value.
    """
    asked = item.asked
    if not isinstance(asked, ChoicesQuestion) or item.denials or any(each not in item.worth for each in field.options):
        raise Uncovered
    parts = []
    for place in range(1, field.width):
        first = 8 * (field.width - 1 - place)
        worth = [item.worth[each] for each in field.options[first : first + 8]]
        values = [
            sum((each for bit, each in enumerate(worth) if number >> bit & 1), Fraction(0)) for number in range(256)
        ]
        parts.append((own.value(byte(item.id, place), values, rest=0), Fraction(1), None))
    found = own.write.summed(parts)
    if asked.at_least is None and asked.at_most is None:
        return found
    return replace(own.write.clamped(found, asked.at_least, asked.at_most), status=None)
