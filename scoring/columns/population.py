"""A population scored: what each node of many assessments came out as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.columns import taped
from scoring.columns.answered import Columns
from scoring.columns.ledger import NO_BAND, SCORED, STATES, UNDECIDED, Coded, Column, narrowest
from scoring.columns.program import Program
from scoring.columns.reading import given, look_at, read
from scoring.columns.scores import NodeColumn, Scores
from scoring.columns.taped import Tapes, Taping
from scoring.exact import score
from scoring.packing import unpack
from scoring.plan import Plan, PlannedNode
from scoring.scorecard import NodeScore

BLOCK: Final = 1 << 16
"""Assessments that are worked on at once: their columns stay in the processor's cache."""


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
    if left is None:
        look_at(ready, columns)
        found = {node.id: _empty(node, columns.count) for node in wanted}
        return Scores(found, len(_all_by_columns(ready, columns, _Wanted(wanted, frozenset(ready.items)), found)))
    known = made.tapes_of(tuple(found)).nodes
    rest = [node for node in wanted if node.id not in known]
    singly = _all_by_columns(ready, columns, _Wanted(rest, ready.beneath([node.id for node in rest])), found)
    places = np.flatnonzero(left)
    for name in known if places.size else ():
        found[name].state[places] = SCORED  # whatever the tape made of them
    again = _Wanted([_node(plan, name) for name in known], ready.beneath(known))
    for start in range(0, len(places), BLOCK):
        own = places[start : start + BLOCK]
        singly |= _by_columns(ready, columns.taken(own), again, found, own)
    return Scores(found, len(singly))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Nodes that are scored without a tape, and all that is looked at for them."""

    nodes: Sequence[PlannedNode]
    beneath: frozenset[str]


def _all_by_columns(ready: Program, columns: Columns, wanted: _Wanted, found: Mapping[str, NodeColumn]) -> set[int]:
    """Score nodes of all assessments without a tape; which assessments had to be scored by themselves."""
    singly: set[int] = set()
    for start in range(0, columns.count if wanted.nodes else 0, BLOCK):
        places = np.arange(start, min(start + BLOCK, columns.count))
        singly |= _by_columns(ready, columns.block(start, start + len(places)).packed(), wanted, found, places)
    return singly


def _by_tape(made: _Ready, columns: Columns, found: Mapping[str, NodeColumn]) -> NDArray[np.bool_] | None:
    """Score by a tape, as many nodes as can be; which assessments are left. None: no node is done so."""
    ready, tapes = made.program, made.tapes_of(tuple(found))
    left = np.zeros(columns.count, np.bool_)
    left[list(columns.further)] = True
    tapes.expected += columns.count
    taping = Taping(tapes, found, left)
    for start in range(0, columns.count, BLOCK):
        block = columns.block(start, min(start + BLOCK, columns.count))
        if not taping.block(read(ready, block), start):
            return None
    taping.finish()
    return left


def _by_columns(
    ready: Program, block: Columns, wanted: _Wanted, found: Mapping[str, NodeColumn], places: NDArray[Any]
) -> set[int]:
    """Score a block by columns into these places of the results; which had to be scored by themselves."""
    start, count = int(places[0]), len(places)
    into = slice(start, start + count) if int(places[-1]) - start == count - 1 else places
    results = ready.run(given(ready, block, wanted.beneath), block.count, wanted.beneath)
    undecided = np.zeros(block.count, np.bool_)
    undecided[list(block.further)] = True
    for node in wanted.nodes:
        _keep(found[node.id], results[node.id], into, undecided)
    alone = np.flatnonzero(undecided).tolist()
    for place, nodes_of_one in zip(alone, _singly(ready.plan, block, alone), strict=True):
        for node in wanted.nodes:
            _put(found[node.id], int(places[place]), nodes_of_one[node.id])
    return set(places[alone].tolist())


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
