"""What a tape reads and writes, and one block of it in work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.columns.ledger import Flags, Small, Whole
from scoring.columns.tape.operations import FOLLOWS, Operation

Reals = NDArray[np.float64]
TOLD: Final = 2.0**31
"""Whole numbers up to which common multiples are looked for."""


@dataclass(slots=True)
class Results:
    """What a stretch of assessments came out as, by the number of the node."""

    state: list[Small]
    units: list[NDArray[Any]]
    band: list[NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Played:
    """Which assessments the tape has not decided."""

    left: Flags
    """Those left to other columns."""

    near: Flags
    """Those where something lies so near a limit that only the denominators tell whether it lies on it."""

    fits: bool = True
    """Whether all are answers, and of the kind that the tape was written for; else the results mean nothing."""


class Inputs:
    """The columns that a tape reads."""

    def __init__(self, codes: Sequence[Small], digits: Sequence[Whole], scales: Sequence[float]) -> None:
        self.codes = codes
        self.digits = digits
        self.scales = scales

    def taken(self, places: NDArray[Any]) -> Inputs:
        """The same of the assessments at these places."""
        return Inputs([each[places] for each in self.codes], [each[places] for each in self.digits], self.scales)


@dataclass(frozen=True, slots=True)
class Held:
    """The columns that a compiled loop takes: those it reads, then those it only looks at."""

    codes: Sequence[Small]
    digits: Sequence[Whole]
    scales: Sequence[float]
    limits: Sequence[tuple[int, int]]
    """The least and the greatest digits of each number that are an answer and not too long."""

    strides: Sequence[tuple[int, int]]
    """One of the digits that each number may have, and how far apart they are."""

    def taken(self, places: NDArray[Any]) -> Held:
        """The same of the assessments at these places."""
        codes, digits = [each[places] for each in self.codes], [each[places] for each in self.digits]
        return Held(codes, digits, self.scales, self.limits, self.strides)


@dataclass(slots=True)
class Turn:
    """One block in work."""

    floats: list[Reals]
    smalls: list[Small]
    keys: list[NDArray[np.intp]]
    spare: list[Reals]
    parts: list[Reals | float]
    """Of which each number is a multiple of one part (looking again)."""

    inputs: Inputs
    results: Results
    here: slice
    left: Flags
    near: Flags
    careful: bool
    part: Reals | float = 1.0

    def known_part(self, operation: Operation, *sources: int) -> bool:
        """Note the denominator of a result where it does not depend on the answers, or is that of all its sources."""
        if not self.careful:
            return True
        self.part = operation.denominator
        if self.part != FOLLOWS:
            return True
        self.part = 1.0
        for source in sources:
            self.part = together(self.part, self.parts[source])
        self.part = self.part * operation.numbers[-1]
        return False


def together(one: Reals | float, other: Reals | float) -> Reals | float:
    """A common multiple of whole numbers, the least where they are told exactly."""
    most = max(float(np.max(one, initial=1.0)), float(np.max(other, initial=1.0)))
    if not most < TOLD:
        return one * other
    return np.lcm(np.rint(one).astype(np.int64), np.rint(other).astype(np.int64)).astype(np.float64)
