"""A population: the answers of many assessments in columns, and what each node came out as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.answers import Answers
from scoring.checking import check_answer
from scoring.columns import program, taped
from scoring.columns.decimals import Decimals, Measured, checked, unpacked, within
from scoring.columns.distinct import once_each_of
from scoring.columns.ledger import (
    MOST,
    NO_BAND,
    SCORED,
    STATES,
    UNDECIDED,
    Coded,
    Column,
    Small,
    narrow,
    narrowest,
)
from scoring.columns.measured import typed
from scoring.columns.program import Given, Program, Typed
from scoring.columns.scores import NodeColumn, Scores
from scoring.columns.tape.recording import LARGEST
from scoring.columns.taped import Block, Tapes, Taping
from scoring.errors import PackedUnreadable
from scoring.exact import score
from scoring.packing import FORM, pack, unpack
from scoring.packing.fields import (
    ELSEWHERE,
    FIRST,
    INAPPLICABLE,
    ChoicesField,
    CodedField,
    Field,
    NumberField,
    Unreadable,
    fields_of,
    width_of,
)
from scoring.plan import Plan, PlannedNode
from scoring.scorecard import NodeScore

BLOCK: Final = 1 << 16
"""Assessments that are worked on at once: their columns stay in the processor's cache."""

_SAMPLE: Final = 1 << 10
"""Assessments that tell, as a rule, whether many different numbers were typed."""

_BYTES: Final = 7
"""Bytes that one whole number has room for."""

_ROOM: Final = 32
"""More than a number's first byte can say, unless the number stands elsewhere."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The compact answers of many assessments to one version of a questionnaire, question by question.

    ``codes`` has for each question that people answer an array of bytes (:mod:`scoring.packing.fields`): one for each
    assessment, or as many rows of bytes where an answer takes more than one.
    """

    count: int
    codes: Mapping[str, Small]
    further: Mapping[int, bytes]
    """Whole vectors of the assessments with a number that does not fit into the fixed bytes."""

    numbers: Mapping[str, Decimals] = field(default_factory=dict)
    """Question answered with a number → its column of numbers, where there is one instead of its bytes."""

    @classmethod
    def of(cls, plan: Plan, population: Iterable[Answers]) -> Columns:
        """The columns of answers.

        Raises:
            AnswersRefused: some answers are not what the questionnaire allows.
        """
        return cls.read(plan, [pack(plan, answers) for answers in population])

    @classmethod
    def read(cls, plan: Plan, vectors: Sequence[bytes]) -> Columns:
        """The columns of packed answers (:func:`scoring.packing.pack`), one vector for each assessment.

        Raises:
            PackedUnreadable: some vector is none of this version of the questionnaire.
        """
        fields = fields_of(plan)
        width = width_of(fields)
        further = {}
        if set(map(len, vectors)) - {width}:
            further = {place: vector for place, vector in enumerate(vectors) if len(vector) != width}
            for vector in further.values():
                unpack(plan, vector)
            vectors = [vector[:width] for vector in vectors]
        rows = np.frombuffer(b"".join(vectors), np.uint8).reshape(len(vectors), width)
        if vectors and (rows[:, 0] != FORM).any():
            raise PackedUnreadable(questionnaire=f"{plan.family}@{plan.version}", question="–")
        codes = {
            each.question.id: rows[:, each.offset]
            if isinstance(each, CodedField)
            else rows[:, each.offset : each.offset + each.width]
            for each in fields
        }
        return cls(len(vectors), codes, further)

    def block(self, start: int, stop: int) -> Columns:
        """The assessments from ``start`` to before ``stop``."""
        further = {place - start: vector for place, vector in self.further.items() if start <= place < stop}
        numbers = {name: each.part(start, stop) for name, each in self.numbers.items()}
        return Columns(stop - start, {name: codes[start:stop] for name, codes in self.codes.items()}, further, numbers)

    def packed(self) -> Columns:
        """The same with all numbers in their bytes."""
        if not self.numbers:
            return self
        return replace(
            self, codes={**self.codes, **{name: each.packed() for name, each in self.numbers.items()}}, numbers={}
        )

    def taken(self, places: NDArray[Any]) -> Columns:
        """The assessments at these places, numbers in their bytes."""
        further = {new: self.further[old] for new, old in enumerate(places.tolist()) if old in self.further}
        codes = {name: codes[places] for name, codes in self.codes.items()}
        codes |= {name: each.taken(places).packed() for name, each in self.numbers.items()}
        return Columns(len(places), codes, further)

    def vector(self, plan: Plan, place: int) -> bytes:
        """The packed answers of one assessment."""
        if place in self.further:
            return self.further[place]
        here = self.taken(np.array([place])) if self.numbers else self.block(place, place + 1)
        return bytes([FORM]) + b"".join(here.codes[each.question.id][0].tobytes() for each in fields_of(plan))


def score_population(plan: Plan, columns: Columns, nodes: Sequence[str] | None = None) -> Scores:
    """Score many assessments at once; each comes out, to the last digit, as :func:`scoring.score` has it.

    Args:
        plan: the compiled questionnaire.
        columns: the answers.
        nodes: ids of the nodes wanted; None: all of them. Nodes of the items of a list are not among them.

    Raises:
        PackedUnreadable: some codes are no answers to the question.
        KeyError: there is no such node.
    """
    if plan.unrolling is not None:
        return _one_by_one(plan, columns, nodes)
    made = _made_ready(plan)
    ready = made.program
    wanted = [_node(plan, name) for name in nodes] if nodes is not None else list(plan.nodes)
    found = {node.id: _empty(node, columns.count) for node in wanted}
    left = _by_tape(made, columns, found) if columns.count >= taped.LEAST else None
    singly = 0
    if left is None:
        _look_at(ready, columns)
        found = {node.id: _empty(node, columns.count) for node in wanted}
        for start in range(0, columns.count, BLOCK):
            places = np.arange(start, min(start + BLOCK, columns.count))
            singly += _by_columns(ready, columns.block(start, start + len(places)).packed(), wanted, found, places)
        return Scores(found, singly)
    places = np.flatnonzero(left)
    for column in found.values() if places.size else ():
        column.state[places] = SCORED  # whatever the tape made of them
    for start in range(0, len(places), BLOCK):
        own = places[start : start + BLOCK]
        singly += _by_columns(ready, columns.taken(own), wanted, found, own)
    return Scores(found, singly)


def _by_tape(made: _Ready, columns: Columns, found: Mapping[str, NodeColumn]) -> NDArray[np.bool_] | None:
    """Score by a tape; which assessments are left. None: the questionnaire has words that are not done so."""
    ready, tapes = made.program, made.tapes_of(tuple(found))
    left = np.zeros(columns.count, np.bool_)
    left[list(columns.further)] = True
    taping = Taping(tapes, list(found.values()), left)
    for start in range(0, columns.count, BLOCK):
        block = columns.block(start, min(start + BLOCK, columns.count))
        if not taping.block(_read(ready, block), start):
            return None
    taping.finish()
    return left


def _read(ready: Program, block: Columns) -> Block:
    """The answers of a block, each looked at: whether it is one."""
    codes: dict[str, Small] = {}
    numbers: dict[str, Measured] = {}
    for name, own in ready.fields.items():
        if isinstance(own, CodedField):
            _check(ready.plan, own, block.codes[name])
            codes[name] = block.codes[name]
        elif isinstance(own, NumberField):
            try:
                given = block.numbers.get(name)
                numbers[name] = unpacked(own, block.codes[name], LARGEST) if given is None else checked(own, given)
            except Unreadable:
                raise _refused(ready.plan, own) from None
        else:
            _distinct(ready.plan, own, block)
    return Block(codes, numbers, block.count)


def _look_at(ready: Program, columns: Columns) -> None:
    """Look whether numbers are answers before they are packed."""
    for name, numbers in columns.numbers.items():
        own = ready.fields[name]
        if isinstance(own, NumberField) and columns.count:
            try:
                held = checked(own, numbers)
                within(own, held, (int(held.digits.min()), int(held.digits.max())), LARGEST)
            except Unreadable:
                raise _refused(ready.plan, own) from None


def _by_columns(
    ready: Program, block: Columns, wanted: Sequence[PlannedNode], found: Mapping[str, NodeColumn], places: NDArray[Any]
) -> int:
    """Score a block by columns into these places of the results; how many had to be scored by themselves."""
    start, count = int(places[0]), len(places)
    into = slice(start, start + count) if int(places[-1]) - start == count - 1 else places
    results = ready.run(_given(ready, block), block.count)
    undecided = np.zeros(block.count, np.bool_)
    undecided[list(block.further)] = True
    for node in wanted:
        _keep(found[node.id], results[node.id], into, undecided)
    alone = np.flatnonzero(undecided).tolist()
    for place, nodes_of_one in zip(alone, _singly(ready.plan, block, alone), strict=True):
        for node in wanted:
            _put(found[node.id], int(places[place]), nodes_of_one[node.id])
    return len(alone)


def _one_by_one(plan: Plan, columns: Columns, nodes: Sequence[str] | None) -> Scores:
    """A questionnaire with lists: each assessment has nodes of its own, so each is scored by itself."""
    plan = plan.unrolled({})
    wanted = [_node(plan, name) for name in nodes] if nodes is not None else list(plan.nodes)
    found = {node.id: _empty(node, columns.count) for node in wanted}
    for place, scored in enumerate(_singly(plan, columns, range(columns.count))):
        for node in wanted:
            _put(found[node.id], place, scored[node.id])
    return Scores(found, columns.count)


@dataclass(frozen=True, slots=True)
class _Ready:
    """What was made ready for a plan."""

    plan: Plan
    program: Program
    tapes: dict[tuple[str, ...], Tapes] = field(default_factory=dict)
    """By the nodes that are asked for."""

    def tapes_of(self, nodes: tuple[str, ...]) -> Tapes:
        """The tapes of these nodes."""
        if nodes not in self.tapes:
            while len(self.tapes) >= _MOST_PROGRAMS:
                self.tapes.pop(next(iter(self.tapes)), None)
            self.tapes[nodes] = Tapes(self.program, nodes)
        return self.tapes[nodes]


_PROGRAMS: Final[dict[int, _Ready]] = {}
_MOST_PROGRAMS: Final = 16


def _made_ready(plan: Plan) -> _Ready:
    """The program of a plan, made once."""
    known = _PROGRAMS.get(id(plan))
    if known is None or known.plan is not plan:
        while len(_PROGRAMS) >= _MOST_PROGRAMS:
            _PROGRAMS.pop(next(iter(_PROGRAMS)), None)
        known = _PROGRAMS[id(plan)] = _Ready(plan, Program(plan))
    return known


def _node(plan: Plan, name: str) -> PlannedNode:
    for node in plan.nodes:
        if node.id == name:
            return node
    raise KeyError(name)


def _empty(node: PlannedNode, count: int) -> NodeColumn:
    """Room for a node's results: as narrow as the values turn out to be, and nothing is written that stays 0."""
    band = np.empty(count, np.int16) if node.standings else np.broadcast_to(np.array(NO_BAND, np.int16), count)
    return NodeColumn(
        np.zeros(count, np.uint8),
        np.zeros(count, np.int16),
        node.rounding.places,
        band,
        node.standings,
    )


def _given(ready: Program, block: Columns) -> dict[str, Given | Typed]:
    return {
        name: _coded(ready, field, block.codes[name])
        if isinstance(field, CodedField)
        else _distinct(ready.plan, field, block)
        for name, field in ready.fields.items()
    }


def _coded(ready: Program, field: CodedField, codes: Small) -> Given:
    _check(ready.plan, field, codes)
    return Given(codes, ready.answers[field.question.id])


def _check(plan: Plan, field: CodedField, codes: Small) -> None:
    strange = int(codes.max(initial=0)) >= field.states
    if strange or (not field.deniable and int(codes.min(initial=FIRST)) < FIRST and (codes == INAPPLICABLE).any()):
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
        whole = np.zeros(len(codes), np.int64)
        for byte in range(field.width):
            whole = whole * 256 + codes[:, byte]
        return whole
    return np.ascontiguousarray(codes).view(f"V{field.width}").reshape(-1)


def _typed(plan: Plan, field: Field, codes: Small) -> Typed:
    assert isinstance(field, NumberField)  # noqa: S101 – held by the caller
    try:
        return Typed(typed(field, codes))
    except Unreadable:
        raise _refused(plan, field) from None


def _keep(found: NodeColumn, column: Column, into: slice | NDArray[Any], undecided: NDArray[np.bool_]) -> None:
    """Write one block's results to their places."""
    if isinstance(column, Coded):
        arrays, ids = column.ledger.arrays, column.ids
        found.widen(arrays.wide)
        units = arrays.stated.astype(found.units.dtype).take(ids)
        band = arrays.band.take(ids) if found.bands else column.ledger.arrays.band
        state = None if arrays.all_plain(ids) else arrays.state.take(ids)
    else:
        found.widen(narrowest(int(np.abs(column.stated).max(initial=0))))
        units, band = column.stated, column.band
        state = column.state if column.state.any() else None
    if state is not None:
        units = np.where(state == SCORED, units, 0)
        undecided |= state == UNDECIDED
    found.units[into] = units
    if found.bands:
        found.band[into] = band
    if state is not None:
        found.state[into] = state


def _singly(plan: Plan, block: Columns, places: Sequence[int]) -> Iterator[Mapping[str, NodeScore]]:
    """The assessments that columns could not decide, by the exact engine, equal ones once."""
    known: dict[bytes, dict[str, NodeScore]] = {}
    for place in places:
        vector = block.vector(plan, place)
        if vector not in known:
            known[vector] = {node.id: node for node in score(plan, unpack(plan, vector)).nodes}
        yield known[vector]


def _put(found: NodeColumn, place: int, scored: NodeScore) -> None:
    units = 0 if scored.value is None else int(Fraction(scored.value) * 10**found.places)
    found.widen(narrowest(abs(units)))
    found.state[place] = STATES.index(scored.state)
    found.units[place] = units
    if found.bands:
        found.band[place] = NO_BAND if scored.band is None else found.bands.index(scored.band)


def scored_in_blocks(
    plan: Plan, blocks: Iterable[Sequence[bytes]], nodes: Sequence[str] | None = None
) -> Iterator[Scores]:
    """Score a stream of blocks of packed answers, one after another: memory holds no more than one block."""
    for vectors in blocks:
        yield score_population(plan, Columns.read(plan, vectors), nodes)
