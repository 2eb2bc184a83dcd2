"""A population scored by a tape (:mod:`scoring.columns.tape`), as far as that decides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.columns.ledger import Flags
from scoring.columns.program import Program
from scoring.columns.reading import Block
from scoring.columns.scores import NodeColumn
from scoring.columns.tape.playing import look_again, play
from scoring.columns.tape.reals import Uncovered
from scoring.columns.tape.recording import Recorded, Shape, coverable, record
from scoring.columns.tape.turns import Inputs, Played, Results

LEAST: int = 1 << 11
"""Assessments from which on writing a tape takes less time than it saves."""

COMPILED: int = 1 << 19
"""Assessments of a plan, all calls taken together, from which on it is worth while to compile its tapes."""

TABLES_ALONE: bool = False
"""Whether NumPy plays tapes without measured numbers too: other columns take less time for those."""

_TAPES: Final = 4
"""Different shapes of populations for which tapes are written; further ones share one that fits them all."""

_WAITING: Final = 1 << 13
"""Assessments near a limit that are looked at again together."""


class Tapes:
    """The tapes of one plan and of one choice of nodes."""

    def __init__(self, program: Program, nodes: Sequence[str]) -> None:
        self.program = program
        self.nodes = tuple(nodes)
        """Those asked for; once a tape was made, those that tapes know."""

        self._made: list[Recorded] = []
        self.covered = True
        self.expected = 0
        """Assessments that were asked for so far."""

    def fit(self, shape: Shape) -> Recorded | None:
        """A tape for answers of this shape; None: the plan is not covered."""
        if not self.covered:
            return None
        for made in self._made:
            if made.shape == shape:
                return made
        if len(self._made) >= _TAPES:
            for made in self._made:
                if made.shape.joined(shape) == made.shape:
                    return made
            for made in self._made:
                shape = shape.joined(made.shape)
            self._made.pop()
        if not self._made:
            self.nodes = coverable(self.program, shape, self.nodes)
            self.covered = bool(self.nodes)
        try:
            found = record(self.program, shape, self.nodes)
        except Uncovered:
            self.covered = False
        if not self.covered:
            return None
        self._made.append(found)
        return found


@dataclass(slots=True)
class _Waiting:
    """Assessments that are looked at again."""

    recorded: Recorded
    places: list[NDArray[Any]]
    inputs: list[Inputs]
    count: int = 0


class Taping:
    """Plays block after block into columns of results."""

    def __init__(self, tapes: Tapes, found: Mapping[str, NodeColumn], left: Flags) -> None:
        """Take the columns to write to.

        Args:
            tapes: the tapes of the plan and its nodes.
            found: the results, by the node.
            left: where to note the assessments that no tape decided.
        """
        self.tapes = tapes
        self.all = found
        self.left = left
        self.compiled = tapes.expected >= COMPILED
        self.found: list[NodeColumn] = []
        self._last: Recorded | None = None
        self._waiting: _Waiting | None = None

    def block(self, block: Block, start: int) -> bool:
        """Score a block whose first assessment has this place; False: the plan is not covered.

        Raises:
            PackedUnreadable: some of it is no answer.
        """
        recorded = self._last
        if recorded is None or not self.compiled or block.least_shape.joined(recorded.shape) != recorded.shape:
            block.look_closely()
            recorded = self.tapes.fit(block.shape)
        elif recorded.unlooked:
            block.look_closely()
        played = None if recorded is None else self._played(recorded, block, start)
        if played is not None and not played.fits:
            block.look_closely()
            before, recorded = recorded, self.tapes.fit(block.shape)
            if recorded is not before:
                played = None if recorded is None else self._played(recorded, block, start)
            too_long = None if recorded is None else block.too_long(recorded)
            if played is not None and too_long is not None:
                played.left[too_long] = True
        if recorded is None or played is None:
            return False
        self._last = recorded
        left, near = played.left, played.near
        beyond = block.beyond()
        if beyond is not None:
            left |= beyond
        self.left[start : start + block.count] |= left
        again = np.flatnonzero(near & ~left)
        if again.size:
            self._wait(recorded, again + start, block.inputs(recorded).taken(again))
        return True

    def _played(self, recorded: Recorded, block: Block, start: int) -> Played | None:
        """Play a tape; None: other columns are quicker."""
        machine = recorded.machine if self.compiled else None
        if not (machine or recorded.tape.numbers or recorded.several or TABLES_ALONE):
            return None
        self.found = [self.all[name] for name in recorded.tape.nodes]
        for node, name in zip(self.found, recorded.tape.nodes, strict=True):
            node.widen(np.dtype(np.int16 if name in recorded.tape.narrow else np.int32))
        here = slice(start, start + block.count)
        own = Results(
            [node.state[here] for node in self.found],
            [node.units[here] for node in self.found],
            [node.band[here] for node in self.found],
        )
        if machine is not None:
            return machine.play(block.held(recorded), own, block.count)
        played = play(recorded.tape, block.inputs(recorded), own, block.count)
        too_long = block.too_long(recorded)
        if too_long is not None:
            played.left[too_long] = True
        return played

    def _wait(self, recorded: Recorded, places: NDArray[Any], inputs: Inputs) -> None:
        if self._waiting is not None and (
            self._waiting.recorded is not recorded or self._waiting.inputs[0].scales != inputs.scales
        ):
            self.finish()
        if self._waiting is None:
            self._waiting = _Waiting(recorded, [], [])
        self._waiting.places.append(places)
        self._waiting.inputs.append(inputs)
        self._waiting.count += len(places)
        if self._waiting.count >= _WAITING:
            self.finish()

    def finish(self) -> None:
        """Look again at those that lie near a limit; what stays undecided is left."""
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        places = np.concatenate(waiting.places)
        first = waiting.inputs[0]
        inputs = Inputs(
            [np.concatenate([each.codes[n] for each in waiting.inputs]) for n in range(len(first.codes))],
            [np.concatenate([each.digits[n] for each in waiting.inputs]) for n in range(len(first.digits))],
            first.scales,
        )
        count = len(places)
        nodes = waiting.recorded.tape.nodes
        spare = Results(
            [np.zeros(count, np.uint8) for _ in nodes],
            [np.zeros(count, np.int64) for _ in nodes],
            [np.zeros(count, np.int16) for _ in nodes],
        )
        undecided = look_again(waiting.recorded.tape, inputs, spare, count)
        self.left[places[undecided]] = True
        for own, (node, name) in enumerate(zip(self.found, nodes, strict=True)):
            if name not in waiting.recorded.tape.plain:
                node.state[places] = spare.state[own]
            node.units[places] = spare.units[own]
            if node.bands:
                node.band[places] = spare.band[own]
