"""Questions whose answers take several bytes, as operations of a tape: several choices and grids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from questionnaires.model import ChoicesQuestion, GridAggregation, GridQuestion
from scoring.columns.tape.dividing import between, divided
from scoring.columns.tape.operations import Code
from scoring.columns.tape.reals import Real, Uncovered
from scoring.packing.fields import FIRST, ChoicesField, GridField

if TYPE_CHECKING:
    from scoring.columns.tape.writing import Writing
    from scoring.plan import PlannedQuestion

_BYTE = 256


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

    def is_one(self, name: str, of: Callable[[int], bool]) -> int:
        """A register (B) of whether a byte is one of those."""
        table = [int(of(value)) for value in range(_BYTE)]
        return self.write.small(Code.LOOK_UP_SMALL, self.key(name), table=table)


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer of several bytes comes to."""

    value: Real
    nothing: int | None = None
    """Register (B) of whether what was picked says that the question does not apply; None: nothing does."""

    rows: dict[str, int] = field(default_factory=dict)
    """Row of a grid → register (B) of whether it counts, where some may not."""


def byte(question: str, place: int) -> str:
    """The name of one byte of a question."""
    return f"{question}[{place}]"


def grid(item: PlannedQuestion, known: GridField, own: Bytes) -> Told:
    """What the rows of a grid come to: those that apply.

    Raises:
        Uncovered: options have no value.
    """
    asked, write = item.asked, own.write
    if not isinstance(asked, GridQuestion):
        raise Uncovered
    values = _values(item, known.options)
    names = [byte(item.id, place) for place in range(len(known.rows))]
    rows = [own.value(name, values, rest=FIRST) for name in names]
    weights = {row.id: row.weight for row in asked.rows}
    shares = [weights[row] for row in known.rows]
    if not item.denials:
        return Told(_of_all_rows(write, asked.aggregation, rows, shares))
    counted = [FIRST + place for place, option in enumerate(known.options) if option not in item.denials]
    there = [own.is_one(name, counted.__contains__) for name in names]
    nothing = write.always()
    for each in there:
        nothing = write.small(Code.BOTH, nothing, write.small(Code.NOT, each))
    value = _of_some_rows(write, asked.aggregation, list(zip(rows, shares, there, strict=True)))
    return Told(value, nothing, dict(zip(known.rows, there, strict=True)))


def _of_all_rows(write: Writing, how: GridAggregation, rows: Sequence[Real], shares: Sequence[Fraction]) -> Real:
    match how:
        case GridAggregation.MINIMUM | GridAggregation.MAXIMUM:
            code = Code.LEAST if how is GridAggregation.MINIMUM else Code.GREATEST
            found = rows[0]
            for each in rows[1:]:
                found = write.ended(code, found, each)
            return found
        case GridAggregation.SUM:
            total = Fraction(1)
        case _:
            total = sum(shares, Fraction(0))
    return write.summed([(row, share / total, None) for row, share in zip(rows, shares, strict=True)])


def _of_some_rows(write: Writing, how: GridAggregation, rows: Sequence[tuple[Real, Fraction, int]]) -> Real:
    match how:
        case GridAggregation.MINIMUM | GridAggregation.MAXIMUM:
            least = how is GridAggregation.MINIMUM
            edge = max(row.high for row, _, _ in rows) + 2 if least else min(row.low for row, _, _ in rows) - 2
            beyond = write.constant(Fraction(round(edge)))
            kept = [write.chosen(own, row, beyond) for row, _, own in rows]
            return replace(
                _of_all_rows(write, how, kept, []),
                low=min(row.low for row, _, _ in rows),
                high=max(row.high for row, _, _ in rows),
            )
        case GridAggregation.SUM:
            return write.summed(rows)
        case _:
            mean = divided(write, write.summed(rows), [(own, share) for _, share, own in rows])
            return between(mean, [row for row, _, _ in rows])


def choices(item: PlannedQuestion, known: ChoicesField, own: Bytes) -> Told:
    """What the options picked add up to.

    Raises:
        Uncovered: some option has no value.
    """
    asked, write = item.asked, own.write
    if not isinstance(asked, ChoicesQuestion):
        raise Uncovered
    worth = _values(item, known.options)
    parts = []
    for place in range(1, known.width):
        here = worth[_first(known, place) : _first(known, place) + 8]
        values = [
            sum((each for bit, each in enumerate(here) if number >> bit & 1), Fraction(0)) for number in range(_BYTE)
        ]
        parts.append((own.value(byte(item.id, place), values, rest=0), Fraction(1), None))
    found = write.summed(parts)
    if asked.at_least is not None or asked.at_most is not None:
        found = replace(write.clamped(found, asked.at_least, asked.at_most), status=None)
    return Told(found, any_of(item, known, own, item.denials) if item.denials else None)


def any_of(item: PlannedQuestion, known: ChoicesField, own: Bytes, options: frozenset[str]) -> int:
    """A register (B) of whether any of these options was picked."""
    found = own.write.fixed(0)
    for place in range(1, known.width):
        here = known.options[_first(known, place) : _first(known, place) + 8]
        wanted = sum(1 << bit for bit, option in enumerate(here) if option in options)
        if wanted:
            one = own.is_one(byte(item.id, place), lambda value, bits=wanted: bool(value & bits))  # type: ignore[misc]
            found = own.write.small(Code.EITHER, found, one)
    return found


def _first(known: ChoicesField, place: int) -> int:
    """The option of the lowest bit of a byte."""
    return 8 * (known.width - 1 - place)


def _values(item: PlannedQuestion, options: Sequence[str]) -> list[Fraction]:
    """The value of each option; 0 of those that say that something does not apply."""
    if any(each not in item.worth and each not in item.denials for each in options):
        raise Uncovered
    return [Fraction(0) if each in item.denials else item.worth[each] for each in options]
