"""What the bytes and digits of a block say: whether they are answers, and what programs and tapes take of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.checking import check_answer
from scoring.columns import program
from scoring.columns.answered import Columns
from scoring.columns.decimals import Measured, checked, dated, on_the_scale, possible, stride, unpacked, within
from scoring.columns.distinct import once_each_of
from scoring.columns.ledger import MOST, Flags, Small, narrow
from scoring.columns.measured import typed
from scoring.columns.program import Given, Program, Typed
from scoring.columns.tape.recording import LARGEST, Recorded, Shape, bits_of, columns_of
from scoring.columns.tape.several import byte
from scoring.columns.tape.turns import Held, Inputs
from scoring.errors import PackedUnreadable
from scoring.packing.fields import (
    ELSEWHERE,
    FIRST,
    INAPPLICABLE,
    ChoicesField,
    CodedField,
    DateField,
    Field,
    GridField,
    NumberField,
    Unreadable,
)
from scoring.plan import Plan

_SAMPLE: Final = 1 << 10
"""Assessments that tell, as a rule, whether many different numbers were typed."""

_BYTES: Final = 7
"""Bytes that one whole number has room for."""

_FEW: Final = 3
"""Bytes of an answer up to which a table says of all of them which were found to be answers."""

_ROOM: Final = 32
"""More than a number's first byte can say, unless the number stands elsewhere."""


@dataclass(frozen=True, slots=True)
class Block:
    """The answers of a stretch of assessments as tapes take them."""

    ready: Program
    codes: Mapping[str, Small]
    """Bytes that are below 2 where there is no answer."""

    bits: Mapping[str, Small]
    """Bytes that say which options were picked."""

    numbers: Mapping[str, Measured]
    columns: Columns
    """All of them, as they were given."""

    @property
    def count(self) -> int:
        """How many assessments there are."""
        return self.columns.count

    def look_closely(self) -> None:
        """Look whether all bytes are answers, and all numbers on the scales of their questions.

        Raises:
            PackedUnreadable: some are none.
        """
        for name, field in self.ready.fields.items():
            if isinstance(field, CodedField):
                _check(self.ready.plan, field, self.codes[name])
            elif isinstance(field, GridField):
                _check_rows(self.ready.plan, field, [self.codes[each] for each in columns_of(field)])
            elif isinstance(field, ChoicesField) and bits_of(field):
                _look_at_bytes(self.ready, field, self.columns)
            elif isinstance(field, NumberField) and _stride(self.ready, field, self.numbers[name].places) is not None:
                _look_at_scale(self.ready.plan, field, self.numbers[name])

    @property
    def shape(self) -> Shape:
        """What is known of all of them."""
        incomplete = {name for name, codes in self.codes.items() if int(codes.min(initial=FIRST)) < FIRST}
        return self.least_shape.joined(Shape(frozenset(incomplete), self.least_shape.places))

    @property
    def least_shape(self) -> Shape:
        """What is known of the numbers alone."""
        incomplete = {name for name, each in self.numbers.items() if each.given is not None}
        return Shape(frozenset(incomplete), {name: each.places for name, each in self.numbers.items()})

    def inputs(self, recorded: Recorded) -> Inputs:
        """The columns that a tape reads."""
        numbers = [self.numbers[name] for name in recorded.tape.numbers]
        return Inputs(
            [self._codes(name) for name in recorded.tape.codes],
            [each.digits for each in numbers],
            [10.0 ** self._shorter(recorded, name) for name in recorded.tape.numbers],
        )

    def _shorter(self, recorded: Recorded, name: str) -> int:
        """How many decimal places fewer a column has than the tape was written for."""
        return recorded.shape.places[name] - self.numbers[name].places

    def held(self, recorded: Recorded) -> Held:
        """The columns that its compiled loop takes: those it reads, and those it only looks at."""
        numbers = [self.numbers[name] for name in recorded.numbers]
        return Held(
            [self._codes(look.question) for look in recorded.looks],
            [each.digits for each in numbers],
            [10.0 ** self._shorter(recorded, name) for name in recorded.numbers],
            [self._possible(recorded, name) for name in recorded.numbers],
            [self._stride(name) for name in recorded.numbers],
        )

    def _stride(self, name: str) -> tuple[int, int]:
        field = self.ready.fields[name]
        found = _stride(self.ready, field, self.numbers[name].places) if isinstance(field, NumberField) else None
        return (0, 1) if found is None else found

    def _possible(self, recorded: Recorded, name: str) -> tuple[int, int]:
        own = self.numbers[name].places
        known = recorded.possible
        if (name, own) not in known:
            field = self.ready.fields[name]
            largest = LARGEST // 10 ** self._shorter(recorded, name)
            known[name, own] = possible(field, own, largest) if isinstance(field, NumberField) else (-largest, largest)
        return known[name, own]

    def _codes(self, name: str) -> Small:
        own = self.codes.get(name, self.bits.get(name))
        if own is not None:
            return own
        given = self.numbers[name].given
        return np.full(self.count, FIRST, np.uint8) if given is None else given

    def beyond(self) -> Flags | None:
        """Assessments with a number that is too long."""
        found = None
        for each in self.numbers.values():
            if each.beyond is not None:
                found = each.beyond if found is None else found | each.beyond
        return found

    def too_long(self, recorded: Recorded) -> Flags | None:
        """Assessments with a number that is too long for a tape, by its digits; None: there are none.

        Raises:
            PackedUnreadable: some are no answers.
        """
        found = None
        for name, numbers in self.numbers.items():
            field = self.ready.fields[name]
            if isinstance(field, NumberField) and self.count:
                largest = LARGEST // 10 ** self._shorter(recorded, name)
                long = _within(self.ready.plan, field, numbers, largest)
                if long is not None:
                    found = long if found is None else found | long
        return found


def read(ready: Program, block: Columns) -> Block:
    """The answers of a block; of most nobody has looked yet whether they are any (:meth:`Block.look_closely`).

    Raises:
        PackedUnreadable: other bytes are no answers to the question.
    """
    codes: dict[str, Small] = {}
    bits: dict[str, Small] = {}
    numbers: dict[str, Measured] = {}
    for name, own in ready.fields.items():
        if isinstance(own, CodedField):
            codes[name] = block.codes[name]
        elif isinstance(own, GridField):
            codes |= {each: block.codes[name][:, row] for row, each in enumerate(columns_of(own))}
        elif isinstance(own, NumberField | DateField):
            try:
                numbers[name] = _measured(own, block)
            except Unreadable:
                raise _refused(ready.plan, own) from None
            if isinstance(own, NumberField) and _stride(ready, own, numbers[name].places) is None:
                _look_at_scale(ready.plan, own, numbers[name])
        elif not isinstance(own, ChoicesField) or not bits_of(own):
            _look_at_bytes(ready, own, block)
        if isinstance(own, ChoicesField):
            codes[byte(name, 0)] = block.codes[name][:, 0]
            bits |= {byte(name, place): block.codes[name][:, place] for place in range(1, own.width)}
    return Block(ready, codes, bits, numbers, block)


def _stride(ready: Program, field: NumberField, places: int) -> tuple[int, int] | None:
    """What digits have to be, where a compiled loop can look whether they are; worked out once."""
    key = field.question.id, places
    if key not in ready.strides:
        ready.strides[key] = stride(field, places)
    return ready.strides[key]


def _look_at_scale(plan: Plan, field: NumberField, numbers: Measured) -> None:
    if not on_the_scale(field, numbers.digits, numbers.places, numbers.given):
        raise _refused(plan, field)


def _measured(field: NumberField | DateField, block: Columns) -> Measured:
    name = field.question.id
    if isinstance(field, DateField):
        return dated(field, block.codes[name])
    given = block.numbers.get(name)
    return unpacked(field, block.codes[name], LARGEST) if given is None else checked(field, given)


def _look_at_bytes(ready: Program, field: Field, block: Columns) -> None:
    """Look whether answers of several bytes are any; of few options, each combination once."""
    codes = block.codes[field.question.id]
    if not isinstance(field, ChoicesField) or field.width > _FEW:
        _distinct(ready.plan, field, block)
        return
    keys = _keys(field, codes)
    known = ready.accepted.get(field.question.id)
    if known is None:
        known = ready.accepted[field.question.id] = np.zeros(1 << 8 * field.width, np.bool_)
    if not known.take(keys).all():
        _distinct(ready.plan, field, block)
        known[keys[codes[:, 0] != ELSEWHERE]] = True


def look_at(ready: Program, columns: Columns) -> None:
    """Look whether numbers are answers before they are packed.

    Raises:
        PackedUnreadable: some are none.
    """
    for name, numbers in columns.numbers.items():
        own = ready.fields[name]
        if isinstance(own, NumberField) and columns.count:
            try:
                held = checked(own, numbers)
            except Unreadable:
                raise _refused(ready.plan, own) from None
            _look_at_scale(ready.plan, own, held)
            _within(ready.plan, own, held, LARGEST)


def _within(plan: Plan, field: NumberField, numbers: Measured, largest: int) -> Flags | None:
    try:
        return within(field, numbers, (int(numbers.digits.min()), int(numbers.digits.max())), largest)
    except Unreadable:
        raise _refused(plan, field) from None


def given(ready: Program, block: Columns, wanted: frozenset[str]) -> dict[str, Given | Typed]:
    """The answers of a block to the questions that are wanted, as programs take them.

    Raises:
        PackedUnreadable: some are no answers to the question.
    """
    return {
        name: _coded(ready, field, block.codes[name])
        if isinstance(field, CodedField)
        else _distinct(ready.plan, field, block)
        for name, field in ready.fields.items()
        if name in wanted
    }


def _coded(ready: Program, field: CodedField, codes: Small) -> Given:
    _check(ready.plan, field, codes)
    return Given(codes, ready.answers[field.question.id])


def _check(plan: Plan, field: CodedField, codes: Small) -> None:
    strange = int(codes.max(initial=0)) >= field.states
    if strange or (not field.deniable and int(codes.min(initial=FIRST)) < FIRST and (codes == INAPPLICABLE).any()):
        raise _refused(plan, field)


def _check_rows(plan: Plan, field: GridField, rows: Sequence[Small]) -> None:
    """Whether each row of a grid has an option, or none has where there is no answer."""
    absent = rows[0] < FIRST
    most = FIRST + len(field.options)
    for row in rows:
        if int(row.max(initial=0)) >= most or ((row < FIRST) != absent).any():
            raise _refused(plan, field)
    if absent.any():
        denied = rows[0] == INAPPLICABLE
        if (denied.any() and not field.deniable) or any(row[absent].any() for row in rows[1:]):
            raise _refused(plan, field)


def _refused(plan: Plan, field: Field) -> PackedUnreadable:
    return PackedUnreadable(questionnaire=f"{plan.family}@{plan.version}", question=field.question.id)


def _distinct(plan: Plan, field: Field, block: Columns) -> Given | Typed:
    """The answers that take more than one byte: each distinct one is read once."""
    codes = block.codes[field.question.id]
    if not block.further.keys() >= set(np.flatnonzero(codes[:, 0] == ELSEWHERE).tolist()):
        raise _refused(plan, field)
    keys = _keys(field, codes)
    number = isinstance(field, NumberField)
    if number and len(np.unique(keys[:_SAMPLE])) > program.MANY:
        return _typed(plan, field, codes)
    first, ids = once_each_of(keys)
    if number and len(first) > program.MANY:
        return _typed(plan, field, codes)
    answers = []
    for code in codes[first]:
        try:
            answer = None if code[0] == ELSEWHERE else field.answer(code.tobytes())
        except Unreadable:
            raise _refused(plan, field) from None
        if answer is not None and check_answer(plan, field.question.id, answer) is not None:
            raise _refused(plan, field)
        answers.append(answer)
    return Given(narrow(ids.reshape(-1), len(first)), answers)


def _keys(field: Field, codes: Small) -> NDArray[Any]:
    """What is equal where the bytes are: of numbers one whole number where that has room, as it is sorted sooner."""
    if isinstance(field, NumberField):
        first, digits = codes[:, 0], np.ascontiguousarray(codes[:, 1:]).view(">i8").reshape(-1).astype(np.int64)
        room = MOST // _ROOM
        if first.max(initial=0) < _ROOM and -room < digits.min(initial=0) and digits.max(initial=0) < room:
            found: NDArray[Any] = digits * _ROOM + first
            return found
    if isinstance(field, ChoicesField) and field.width <= _BYTES:
        whole = codes[:, 0].astype(np.int64)
        for byte in range(1, field.width):
            whole <<= 8
            whole |= codes[:, byte]
        return whole
    return np.ascontiguousarray(codes).view(f"V{field.width}").reshape(-1)


def _typed(plan: Plan, field: Field, codes: Small) -> Typed:
    assert isinstance(field, NumberField)  # noqa: S101 – held by the caller
    try:
        return Typed(typed(field, codes))
    except Unreadable:
        raise _refused(plan, field) from None
