"""A population: the answers of many assessments in columns, and what each node came out as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.answers import Answers
from scoring.checking import check_answer
from scoring.columns import program
from scoring.columns.ledger import (
    MOST,
    NO_BAND,
    SCORED,
    STATES,
    UNDECIDED,
    Coded,
    Column,
    Small,
    Units,
    narrow,
    narrowest,
)
from scoring.columns.measured import typed
from scoring.columns.program import Given, Program, Typed
from scoring.errors import PackedUnreadable
from scoring.exact import score
from scoring.packing import FORM, pack, unpack
from scoring.packing.fields import (
    ELSEWHERE,
    INAPPLICABLE,
    CodedField,
    Field,
    NumberField,
    Unreadable,
    fields_of,
    width_of,
)
from scoring.plan import Plan, PlannedNode
from scoring.scorecard import NodeScore, State

BLOCK: Final = 1 << 16
"""Assessments that are worked on at once: their columns stay in the processor's cache."""

_SAMPLE: Final = 1 << 10
"""Assessments that tell, as a rule, whether many different numbers were typed."""

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
            field.question.id: rows[:, field.offset]
            if isinstance(field, CodedField)
            else rows[:, field.offset : field.offset + field.width]
            for field in fields
        }
        return cls(len(vectors), codes, further)

    def block(self, start: int, stop: int) -> Columns:
        """The assessments from ``start`` to before ``stop``."""
        further = {place - start: vector for place, vector in self.further.items() if start <= place < stop}
        return Columns(stop - start, {name: codes[start:stop] for name, codes in self.codes.items()}, further)

    def vector(self, plan: Plan, place: int) -> bytes:
        """The packed answers of one assessment."""
        if place in self.further:
            return self.further[place]
        return bytes([FORM]) + b"".join(self.codes[field.question.id][place].tobytes() for field in fields_of(plan))


@dataclass(slots=True)
class NodeColumn:
    """One node over a population."""

    state: Small
    """0 scored, 1 open, 2 insufficient, 3 does not apply, 4 states a profile."""

    units: Units
    """Stated value in units of its last place: 3 with two places stands for ``0.03``. 0 where there is none."""

    places: int
    band: NDArray[np.signedinteger[Any]]
    """Place of the band among the node's, lowest first; -1: none."""

    bands: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.state)

    def widen(self, wide: np.dtype[Any]) -> None:
        """Make room for whole numbers of this width."""
        if (common := np.result_type(self.units.dtype, wide)) != self.units.dtype:
            self.units = self.units.astype(common)

    def state_of(self, place: int) -> State:
        """How far the value is known for one assessment."""
        return STATES[self.state[place]]

    def value(self, place: int) -> str | None:
        """The stated value of one assessment as on its scorecard; None: it has none."""
        if self.state[place]:
            return None
        return f"{Decimal(int(self.units[place])).scaleb(-self.places):f}"

    def band_of(self, place: int) -> str | None:
        """The band of one assessment."""
        return None if self.band[place] == NO_BAND else self.bands[self.band[place]]


@dataclass(frozen=True, slots=True)
class Scores:
    """What a population came out as: one column for each node asked for."""

    nodes: Mapping[str, NodeColumn]
    singly: int
    """How many assessments had to be scored by themselves."""


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
    ready = _program(plan)
    wanted = [_node(plan, name) for name in nodes] if nodes is not None else list(plan.nodes)
    found = {node.id: _empty(node, columns.count) for node in wanted}
    singly = 0
    for start in range(0, columns.count, BLOCK):
        block = columns.block(start, min(start + BLOCK, columns.count))
        results = ready.run(_given(ready, block), block.count)
        undecided = np.zeros(block.count, np.bool_)
        undecided[list(block.further)] = True
        for node in wanted:
            _keep(found[node.id], results[node.id], start, undecided)
        places = np.flatnonzero(undecided).tolist()
        singly += len(places)
        for place, nodes_of_one in zip(places, _singly(plan, block, places), strict=True):
            for node in wanted:
                _put(found[node.id], start + place, nodes_of_one[node.id])
    return Scores(found, singly)


def _one_by_one(plan: Plan, columns: Columns, nodes: Sequence[str] | None) -> Scores:
    """A questionnaire with lists: each assessment has nodes of its own, so each is scored by itself."""
    plan = plan.unrolled({})
    wanted = [_node(plan, name) for name in nodes] if nodes is not None else list(plan.nodes)
    found = {node.id: _empty(node, columns.count) for node in wanted}
    for place, scored in enumerate(_singly(plan, columns, range(columns.count))):
        for node in wanted:
            _put(found[node.id], place, scored[node.id])
    return Scores(found, columns.count)


_PROGRAMS: Final[dict[int, tuple[Plan, Program]]] = {}
_MOST_PROGRAMS: Final = 16


def _program(plan: Plan) -> Program:
    """The program of a plan, made once."""
    known = _PROGRAMS.get(id(plan))
    if known is None or known[0] is not plan:
        while len(_PROGRAMS) >= _MOST_PROGRAMS:
            _PROGRAMS.pop(next(iter(_PROGRAMS)), None)
        known = _PROGRAMS[id(plan)] = plan, Program(plan)
    return known[1]


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
    strange = int(codes.max(initial=0)) >= field.states
    if strange or (not field.deniable and (codes == INAPPLICABLE).any()):
        raise _refused(ready.plan, field)
    return Given(codes, ready.answers[field.question.id])


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
    _, first, ids = np.unique(keys, return_index=True, return_inverse=True)
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
    return np.ascontiguousarray(codes).view(f"V{field.width}").reshape(-1)


def _typed(plan: Plan, field: Field, codes: Small) -> Typed:
    assert isinstance(field, NumberField)  # noqa: S101 – held by the caller
    try:
        return Typed(typed(field, codes))
    except Unreadable:
        raise _refused(plan, field) from None


def _keep(found: NodeColumn, column: Column, start: int, undecided: NDArray[np.bool_]) -> None:
    """Write one block's results to their place."""
    stop = start + len(undecided)
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
    found.units[start:stop] = units
    if found.bands:
        found.band[start:stop] = band
    if state is not None:
        found.state[start:stop] = state
        found.units[start:stop][state != SCORED] = 0
        undecided |= state == UNDECIDED


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
