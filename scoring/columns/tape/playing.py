"""Plays a tape on blocks of assessments, with NumPy alone."""

from __future__ import annotations

from typing import Final

import numpy as np

from scoring.columns.ledger import Flags
from scoring.columns.tape.operations import FLOATS, Tape
from scoring.columns.tape.turns import Inputs, Played, Reals, Results, Turn
from scoring.columns.tape.ways import WAYS

BLOCK: Final = 1 << 13
"""Assessments at once: what a tape has in hand of them stays in the processor's cache."""


def play(tape: Tape, inputs: Inputs, results: Results, count: int) -> Played:
    """Score ``count`` assessments into ``results``."""
    played = Played(np.zeros(count, np.bool_), np.zeros(count, np.bool_))
    desk = _Desk(tape, min(BLOCK, count))
    for start in range(0, count, BLOCK):
        desk.run(inputs, results, played, start, min(start + BLOCK, count), careful=False)
    return played


def look_again(tape: Tape, inputs: Inputs, results: Results, count: int) -> Flags:
    """Score assessments with the denominators that their answers have; which of them stay undecided."""
    played = Played(np.zeros(count, np.bool_), np.zeros(count, np.bool_))
    desk = _Desk(tape, min(BLOCK, count))
    for start in range(0, count, BLOCK):
        desk.run(inputs, results, played, start, min(start + BLOCK, count), careful=True)
    return played.left | played.near


class _Desk:
    """The registers, and the operations on them."""

    def __init__(self, tape: Tape, size: int) -> None:
        self.tape = tape
        self.floats = [np.empty(size) for _ in range(tape.floats)]
        self.spare = [np.empty(size) for _ in range(3)]
        self.parts: list[Reals | float] = [1.0] * tape.floats
        self.smalls = [np.empty(size, np.uint8) for _ in range(tape.smalls)]
        self.keys = [np.empty(size, np.intp) for _ in range(tape.keys)]

    def run(self, inputs: Inputs, results: Results, played: Played, start: int, stop: int, *, careful: bool) -> None:
        """One block."""
        size = stop - start
        here = slice(start, stop)
        with np.errstate(all="ignore"):
            turn = Turn(
                [each[:size] for each in self.floats],
                [each[:size] for each in self.smalls],
                [each[:size] for each in self.keys],
                [each[:size] for each in self.spare],
                self.parts,
                inputs,
                results,
                here,
                played.left[here],
                played.near[here],
                careful,
            )
            for operation in self.tape.operations:
                WAYS[operation.code](turn, operation)
                if careful and operation.code in FLOATS:
                    turn.parts[operation.into] = turn.part
