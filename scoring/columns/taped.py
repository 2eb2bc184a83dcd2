"""A population scored by a tape (:mod:`scoring.columns.tape`), as far as that decides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.columns.decimals import Measured, within
from scoring.columns.ledger import Flags, Small
from scoring.columns.program import Program
from scoring.columns.scores import NodeColumn
from scoring.columns.tape.playing import look_again, play
from scoring.columns.tape.reals import Uncovered
from scoring.columns.tape.recording import LARGEST, Recorded, Shape, record
from scoring.columns.tape.turns import Inputs, Played, Results
from scoring.errors import PackedUnreadable
from scoring.packing.fields import FIRST, NumberField, Unreadable

LEAST: int = 1 << 11
"""Assessments from which on writing a tape takes less time than it saves."""

COMPILED: int = 1 << 18
"""Assessments from which on it is worth while to have compiled loops made ready, where they are installed."""

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
        self._made: list[Recorded] = []
        self.covered = True

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
        try:
            found = record(self.program, shape, self.nodes)
        except Uncovered:
            self.covered = False
            return None
        self._made.append(found)
        return found


@dataclass(frozen=True, slots=True)
class Block:
    """The answers of a stretch of assessments as tapes take them."""

    codes: dict[str, Small]
    numbers: dict[str, Measured]
    count: int

    @property
    def shape(self) -> Shape:
        """What is known of all of them."""
        incomplete = {name for name, codes in self.codes.items() if int(codes.min(initial=FIRST)) < FIRST}
        incomplete |= {name for name, each in self.numbers.items() if each.given is not None}
        return Shape(frozenset(incomplete), {name: each.places for name, each in self.numbers.items()})

    def inputs(self, recorded: Recorded) -> Inputs:
        """The columns that a tape reads."""
        codes = []
        for name in recorded.tape.codes:
            own = self.codes.get(name)
            if own is None:
                given = self.numbers[name].given
                own = np.full(self.count, FIRST, np.uint8) if given is None else given
            codes.append(own)
        numbers = [self.numbers[name] for name in recorded.tape.numbers]
        return Inputs(codes, [each.digits for each in numbers], [1.0 / 10**each.places for each in numbers])

    def beyond(self) -> Flags | None:
        """Assessments with a number that is too long."""
        found = None
        for each in self.numbers.values():
            if each.beyond is not None:
                found = each.beyond if found is None else found | each.beyond
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

    def __init__(self, tapes: Tapes, found: Sequence[NodeColumn], left: Flags) -> None:
        """Take the columns to write to.

        Args:
            tapes: the tapes of the plan and its nodes.
            found: the results, node by node.
            left: where to note the assessments that no tape decided.
        """
        self.tapes = tapes
        self.found = found
        self.left = left
        self.compiled = len(left) >= COMPILED
        self._waiting: _Waiting | None = None

    def block(self, block: Block, start: int) -> bool:
        """Score a block whose first assessment has this place; False: the plan is not covered."""
        recorded = self.tapes.fit(block.shape)
        machine = recorded.machine if recorded is not None and self.compiled else None
        if recorded is None or not (machine or recorded.tape.numbers or TABLES_ALONE):
            return False
        stop = start + block.count
        inputs = block.inputs(recorded)
        for node, name in zip(self.found, recorded.tape.nodes, strict=True):
            node.widen(np.dtype(np.int16 if name in recorded.tape.narrow else np.int32))
        own = Results(
            [node.state[start:stop] for node in self.found],
            [node.units[start:stop] for node in self.found],
            [node.band[start:stop] for node in self.found],
        )
        if machine is None:
            played = play(recorded.tape, inputs, own, block.count)
        else:
            played = machine.play(inputs, own, block.count)
        left = played.left
        self._within(recorded, block, played, left)
        beyond = block.beyond()
        if beyond is not None:
            left |= beyond
        self.left[start:stop] |= left
        again = np.flatnonzero(played.near & ~left)
        if again.size:
            self._wait(recorded, again + start, inputs.taken(again))
        return True

    def _within(self, recorded: Recorded, block: Block, played: Played, left: Flags) -> None:
        """Look at the size of all numbers, and leave the assessments where one is too long for a tape."""
        ends = {}
        if played.ends is not None:
            ends = dict(zip(recorded.tape.numbers, played.ends.tolist(), strict=True))
        for name, numbers in block.numbers.items():
            field = self.tapes.program.fields[name]
            if not isinstance(field, NumberField) or not block.count:
                continue
            own = ends.get(name) or self._ends(recorded, numbers)
            try:
                long = within(field, numbers, (own[0], own[1]), LARGEST)
            except Unreadable:
                plan = self.tapes.program.plan
                raise PackedUnreadable(questionnaire=f"{plan.family}@{plan.version}", question=name) from None
            if long is not None:
                left |= long

    def _ends(self, recorded: Recorded, numbers: Measured) -> list[int]:
        """The least and the greatest digits."""
        if self.compiled and recorded.machine is not None:
            return recorded.machine.extremes(numbers.digits)
        return [int(numbers.digits.min()), int(numbers.digits.max())]

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
