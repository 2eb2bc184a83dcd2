"""A plan written down as a tape, for populations of one shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from questionnaires.days import number_of as day_number
from questionnaires.model import Aggregation, ChoicesQuestion, ComputedQuestion, NumberQuestion
from scoring.columns.decimals import limits
from scoring.columns.ledger import NO_BAND, PROFILE, SCORED, Entry
from scoring.columns.program import Program
from scoring.columns.singly import outcome
from scoring.columns.tape.coded import Coded, number_of, status_of
from scoring.columns.tape.curves import worth
from scoring.columns.tape.formulas import Reading
from scoring.columns.tape.nodes import Result, node
from scoring.columns.tape.operations import Code, Tape, packed_registers
from scoring.columns.tape.picking import Several
from scoring.columns.tape.reals import Real, Uncovered
from scoring.columns.tape.script import ANY, Look, Picks
from scoring.columns.tape.several import Bytes, byte, choices, grid
from scoring.columns.tape.statuses import MISSING, NONE, THERE, UNDEFINED
from scoring.enclosure import ZERO, exactly, point
from scoring.facts import Fact
from scoring.packing.fields import FIRST, ChoicesField, CodedField, DateField, Field, GridField, NumberField
from scoring.plan import PlannedNode, PlannedQuestion

if TYPE_CHECKING:
    from scoring.columns.tape.machine import Machine

LARGEST: Final = 1 << 46
"""Digits of a measured number up to which a tape takes it."""


_WIDEST: Final = 5
"""Bytes of an answer of several options up to which a compiled loop looks whether it is any."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of all answers of a population before they are looked at one by one."""

    incomplete: frozenset[str]
    """Questions that some have not answered, or say do not apply."""

    places: Mapping[str, int]
    """Question with a number → decimal places of its digits."""

    def joined(self, other: Shape) -> Shape:
        """What holds for both."""
        places = {name: max(own, other.places[name]) for name, own in self.places.items()}
        return Shape(self.incomplete | other.incomplete, places)


@dataclass(frozen=True)
class Recorded:
    """A tape, and what it was recorded for."""

    tape: Tape
    shape: Shape
    looks: tuple[Look, ...]
    """The columns of bytes: those that the tape reads, then others that are only looked at."""

    numbers: tuple[str, ...]
    """The columns of digits, in the same order."""

    scaled: tuple[bool, ...]
    """Of each of these whether its question says how far apart numbers are."""

    picks: tuple[Picks, ...]
    """What several options picked at once may be."""

    possible: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    """Question and decimal places of a column → the least and the greatest digits that the tape takes."""

    @property
    def several(self) -> bool:
        """Whether it reads answers of several bytes, which tables take long for."""
        return any(name.endswith("]") for name in self.tape.codes)

    @cached_property
    def unlooked(self) -> bool:
        """Whether the compiled loop cannot tell of some grids whether their bytes are answers."""
        return any(name.endswith("]") for name in self.shape.incomplete)

    @cached_property
    def machine(self) -> Machine | None:
        """The tape as machine code; None: the compiler is not installed."""
        try:
            from scoring.columns.tape.machine import Machine  # noqa: PLC0415 – an extra, and slow to import
        except ImportError:
            return None
        return Machine(self.tape, self.looks, self.scaled, self.picks)


def record(program: Program, shape: Shape, nodes: Sequence[str]) -> Recorded:
    """Write down how these nodes are scored.

    Raises:
        Uncovered: something that they rest on is not written down as a tape.
    """
    tape = _Recorder(program, shape, nodes).tape()
    several = [each for each in program.fields.values() if isinstance(each, ChoicesField)]
    bits = [name for each in several for name in bits_of(each)]
    fields = {name: each for each in program.fields.values() for name in columns_of(each)}
    typed = {name: each for name, each in program.fields.items() if isinstance(each, NumberField)}
    codes = tuple(dict.fromkeys((*tape.codes, *fields, *bits)))
    numbers = tuple(dict.fromkeys((*tape.numbers, *typed)))
    return Recorded(
        tape,
        shape,
        tuple(_look(fields.get(name), shape, name) for name in codes),
        numbers,
        tuple(name in typed and _is_scaled(typed[name]) for name in numbers),
        tuple(
            _picks(each, codes)
            for each in several
            if bits_of(each) and byte(each.question.id, 0) not in shape.incomplete
        ),
    )


def coverable(program: Program, shape: Shape, nodes: Sequence[str]) -> tuple[str, ...]:
    """Those of the nodes that can be written down, answers being of this shape."""
    recorder = _Recorder(program, shape, nodes)
    missing: set[str] = set()
    for item in recorder.wanted():
        if missing.intersection(program.inputs[item.id]):
            missing.add(item.id)
            continue
        try:
            recorder.write_down(item)
        except Uncovered:
            missing.add(item.id)
    return tuple(name for name in nodes if name not in missing)


def columns_of(field: Field) -> tuple[str, ...]:
    """The columns of bytes of a question that a compiled loop looks at, each a level, an option, or none."""
    if isinstance(field, CodedField):
        return (field.question.id,)
    return tuple(byte(field.question.id, row) for row in range(field.width)) if isinstance(field, GridField) else ()


def bits_of(field: ChoicesField) -> tuple[str, ...]:
    """The columns of bytes of a question that a compiled loop looks at together: whether it is answered, options."""
    return () if field.width > _WIDEST else tuple(byte(field.question.id, place) for place in range(field.width))


def _picks(field: ChoicesField, codes: Sequence[str]) -> Picks:
    asked = field.question.asked
    if not isinstance(asked, ChoicesQuestion):
        raise TypeError(asked)
    answered, *bits = [codes.index(name) for name in bits_of(field)]
    alone = sum(1 << place for place, option in enumerate(asked.options) if option.alone)
    most = len(asked.options) if asked.most_picked is None else asked.most_picked
    return Picks(answered, tuple(bits), len(asked.options), alone, asked.least_picked, most)


def _is_scaled(field: NumberField) -> bool:
    asked = field.question.asked
    return isinstance(asked, NumberQuestion) and (asked.places is not None or asked.step is not None)


def _look(field: Field | None, shape: Shape, name: str) -> Look:
    if isinstance(field, CodedField):
        return Look(name, field.states, name not in shape.incomplete, field.deniable)
    if isinstance(field, GridField):
        return Look(name, FIRST + len(field.options), name not in shape.incomplete, deniable=True)
    return Look(name, ANY, complete=False, deniable=True)


_SOME: Final = Entry(SCORED, ZERO, Fact(ZERO, ZERO))
"""Some outcome."""


def _why_no_number(entry: Entry) -> int:
    """The status of what formulas learn of an answer: picks have no number, and yet apply."""
    fact = entry.now
    if fact is None or not fact.known or fact.optional:
        return MISSING
    return NONE if fact.applies is False else UNDEFINED if fact.undefined else THERE


class _Recorder:
    def __init__(self, program: Program, shape: Shape, nodes: Sequence[str]) -> None:
        self.program = program
        self.shape = shape
        self.nodes = tuple(nodes)
        self.reading = Reading(program.plan)
        self.write = self.reading.write
        self.codes: list[str] = []
        self.numbers: list[str] = []
        self.plain: set[str] = set()
        self.narrow: set[str] = set()

    def tape(self) -> Tape:
        for item in self.wanted():
            self.write_down(item)
        operations, used = packed_registers(self.write.operations)
        return Tape(
            tuple(operations),
            tuple(self.codes),
            tuple(self.numbers),
            self.nodes,
            used["F"],
            used["B"],
            used["K"],
            frozenset(self.plain),
            frozenset(self.narrow),
        )

    def wanted(self) -> list[PlannedQuestion | PlannedNode]:
        """All that the nodes rest on, and themselves, in order."""
        found = self.program.beneath(self.nodes)
        return [item for item in self.program.plan.order if item.id in found]

    def write_down(self, item: PlannedQuestion | PlannedNode) -> None:
        """Write down an item, all that it rests on being there.

        Raises:
            Uncovered: it has words that are not written down.
        """
        found = self._item(item)
        if item.id in self.nodes:
            own = found or self._of_table(item.id)
            self._out(self.nodes.index(item.id), own)
            if own.status is None:
                self.plain.add(item.id)
            if own.units.size < 1 << 14:
                self.narrow.add(item.id)

    def _out(self, place: int, own: Result) -> None:
        further = () if own.status is None else (own.status,)
        if own.status is not None:
            self.write.effect(Code.STATE, own.status, flag=place, numbers=(PROFILE,) if own.is_profile else ())
        self.write.effect(Code.UNITS, own.units.at, *further, flag=place)
        if own.band is not None:
            why = self.reading.joined(own.status, own.unbanded)
            self.write.effect(Code.PLACED, own.band, *(() if why is None else (why,)), flag=place)

    def _of_table(self, name: str) -> Result:
        item, own = self.program.items[name], self.reading.coded[name]
        units = own.looked_up(self.write, lambda entry: Fraction(entry.stated))
        if units.size >= 1 << 31:
            raise Uncovered
        band = unbanded = None
        if isinstance(item, PlannedNode) and item.standings:
            band = own.looked_up_small(self.write, lambda entry: max(entry.band, 0))
            if any(entry.state in (SCORED, PROFILE) and entry.band == NO_BAND for entry in own.distinct):
                unbanded = own.looked_up_small(self.write, lambda entry: UNDEFINED if entry.band == NO_BAND else 0)
        status = own.status(self.write, "value")
        if isinstance(item, PlannedNode) and item.aggregation is Aggregation.PROFILE:
            return Result(units, band, self.write.fixed(0) if status is None else status, units, unbanded, True)
        return Result(units, band, status, unbanded=unbanded)

    def _item(self, item: PlannedQuestion | PlannedNode) -> Result | None:
        field = self.program.fields.get(item.id)
        if item.id in self.program.tables:
            self.reading.coded[item.id] = self._table(item, field if isinstance(field, CodedField) else None)
            return None
        if isinstance(item, PlannedNode):
            found = node(self.reading, item)
            self.reading.numbers[item.id] = self.reading.worths[item.id] = found.value
            return found
        if isinstance(field, CodedField):
            self._conditional(item)
        elif isinstance(field, ChoicesField | GridField):
            self._measured(item, self._several(item, field))
        elif isinstance(field, NumberField):
            self._measured(item, self._typed(item))
        elif isinstance(field, DateField):
            first = day_number(date.min) - date.min.toordinal()
            day = self._typed(item)
            self._measured(item, replace(self.write.line(day, Fraction(1), Fraction(first)), status=day.status))
            del self.reading.worths[item.id]  # a day is worth nothing by itself
        elif item.formula is not None:
            self._measured(item, self._computed(item))
        else:
            raise Uncovered
        return None

    def _column(self, name: str) -> int:
        """The number of a column of bytes."""
        if name not in self.codes:
            self.codes.append(name)
        return self.codes.index(name)

    def _table(self, item: PlannedQuestion | PlannedNode, field: CodedField | None) -> Coded:
        table = self.program.tables[item.id]
        below = [self.reading.coded[name] for name in self.program.inputs[item.id]]
        own = column = None
        if field is not None:
            column, own = self._column(item.id), self._own(item.id)
        found = Coded.of(self.write, below, own, table.ids, table.ledger.entries)
        found.column = None if below else column
        return found

    def _own(self, name: str) -> tuple[int, int, list[bool]]:
        """Register of the answer to a question, how many there are, and which occur."""
        count, least = len(self.program.answers[name]), FIRST if name not in self.shape.incomplete else 0
        return self.write.placed(self._column(name)), count, [place >= least for place in range(count)]

    def _conditional(self, item: PlannedQuestion) -> None:
        """A question of few answers whose condition rests on measured numbers."""
        if item.applies_when is None:
            raise Uncovered
        plain, reading = replace(item, applies_when=None), self.reading
        below = dict.fromkeys(self.program.inputs[item.id], _SOME)  # which nothing asks any more
        entries = [outcome(reading.plan, plain, below, answer) for answer in self.program.answers[item.id]]
        own = self._own(item.id)
        applies = reading.truth(item.applies_when)
        found = Coded.of(self.write, [], own, None, entries)
        found.column = self._column(item.id)
        reading.conditional[item.id] = found, applies
        for kept, of, status in (
            (reading.numbers, "number", _why_no_number),
            (reading.worths, "value", partial(status_of, of="value")),
        ):
            number = found.looked_up(self.write, partial(number_of, of=of))
            there = replace(number, status=found.looked_up_small(self.write, status))
            kept[item.id] = reading.settled(reading.where_it_applies(there, applies))

    def _typed(self, item: PlannedQuestion) -> Real:
        name = item.id
        if name not in self.numbers:
            self.numbers.append(name)
        source, places = self.numbers.index(name), self.shape.places[name]
        scale = 10**places
        low, high = float(-LARGEST), float(LARGEST)
        own = self.program.fields[name]
        if isinstance(own, NumberField):
            least, most = limits(own, places)
            low = low if least is None else max(low, float(least))
            high = high if most is None else min(high, float(most))
        self.reading.typed.add(name)
        digits = self.write.real(Code.LOAD, (source,), (), Real(0, low, high, 0.0, 0.0, 1))
        number = self.write.line(digits, Fraction(1, scale), Fraction(0))
        self._note_answered(name, name)
        if name not in self.shape.incomplete:
            return number
        return replace(number, status=self._answered(name, ANY - 1))

    def _answered(self, column: str, states: int) -> int:
        """The status of a question by its first byte, of which so many mean that there is an answer."""
        status = [3, 1, *([0] * (states - 2)), *([3] * (ANY - states))]
        return self.write.small(Code.LOOK_UP_SMALL, self.write.placed(self._column(column)), table=status)

    def _several(self, item: PlannedQuestion, field: ChoicesField | GridField) -> Real:
        """The value of an answer of several bytes."""
        own, write = Bytes(self.write, self._column), self.write
        told = choices(item, field, own) if isinstance(field, ChoicesField) else grid(item, field, own)
        self.reading.several[item.id] = Several(item, field, own)
        self.reading.rows[item.id] = told.rows
        status = None
        if told.nothing is not None:
            status = write.small(Code.CHOOSE_SMALL, told.nothing, write.fixed(NONE), write.fixed(THERE))
        first = byte(item.id, 0)
        self._note_answered(item.id, first)
        if first in self.shape.incomplete:
            states = FIRST + (1 if isinstance(field, ChoicesField) else len(field.options))
            answered = self._answered(first, states)
            own_status = write.fixed(THERE) if status is None else status
            status = write.small(Code.CHOOSE_SMALL, self.reading.is_there(answered), own_status, answered)
        return replace(told.value, status=status)

    def _note_answered(self, name: str, column: str) -> None:
        """Note of a question whether it was answered, if only to say that it does not apply."""
        here = self.write.always()
        if column in self.shape.incomplete:
            table = [0, *([1] * (ANY - 1))]
            here = self.write.small(Code.LOOK_UP_SMALL, self.write.placed(self._column(column)), table=table)
        self.reading.answered[name] = here

    def _computed(self, item: PlannedQuestion) -> Real:
        if item.formula is None:
            raise Uncovered
        found = self.reading.number(item.formula)
        if isinstance(item.asked, ComputedQuestion):
            least, most = (None if end is None else exactly(point(end)) for end in (item.asked.least, item.asked.most))
            if least is not None or most is not None:
                found = replace(self.write.clamped(found, least, most), status=found.status)
        return found

    def _measured(self, item: PlannedQuestion, number: Real) -> None:
        reading = self.reading
        value = number if item.curve is None else worth(reading, item.curve, number)
        applies = None if item.applies_when is None else reading.truth(item.applies_when)
        if applies is not None:
            reading.applying[item.id] = applies
        rated = reading.where_it_applies(value, applies)
        reading.numbers[item.id] = reading.settled(reading.where_it_applies(number, applies))
        reading.worths[item.id] = rated
        if rated.status is not None and value.status != number.status:
            own = reading.numbers[item.id].status
            there = self.write.always() if own is None else reading.is_there(own)
            lost = self.write.small(Code.IS, rated.status, numbers=(UNDEFINED,))
            reading.unrated[item.id] = self.write.small(Code.BOTH, there, lost)
