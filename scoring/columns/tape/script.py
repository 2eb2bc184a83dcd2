"""A tape that is being written as a loop: what each register holds, and what the bytes of columns may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from numpy.typing import NDArray

from scoring.columns.tape.assembly import (
    BYTE,
    REAL,
    Assembly,
    Small,
    whole,
)
from scoring.columns.tape.operations import Operation

ANY: Final = 1 << 8
"""A byte can have any value, or is looked at elsewhere."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the bytes of a column may be."""

    question: str
    states: int
    """How many values a byte can have."""

    complete: bool
    """Whether the tape was written for answers alone."""

    deniable: bool


@dataclass(frozen=True, slots=True)
class Picks:
    """What the bytes may be of a question that everybody answered with several options."""

    answered: int
    """The column of the byte that says whether there is an answer."""

    bits: tuple[int, ...]
    """The columns of a bit for each option, those of the first ones last."""

    options: int
    alone: int
    """The bits of options that stand alone."""

    least: int
    most: int
    """How many may be picked."""


@dataclass(slots=True)
class Script:
    """A tape that is being written as a loop: the loop, and what each register holds."""

    looks: Sequence[Look]
    narrow: Sequence[bool]
    """For each node, whether its column of results takes 16 bits a value; else 32."""

    lines: Assembly = field(default_factory=Assembly)
    reals: dict[int, str] = field(default_factory=dict)
    smalls: dict[int, Small] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)

    def truth(self, register: int) -> str:
        """A register of 0 and 1, as truths."""
        return self.lines.truths(self.smalls[register])

    def small(self, register: int) -> str:
        """A register of small numbers, as bytes."""
        return self.lines.bytes_of(self.smalls[register])

    def holds(self, into: int, truths: str) -> None:
        """Keep truths."""
        self.smalls[into] = Small(as_truths=truths)

    def keeps(self, into: int, numbers: str) -> None:
        """Keep bytes."""
        self.smalls[into] = Small(as_bytes=numbers)

    def code(self, column: int) -> str:
        """The bytes of a column of answers, none beyond what they can be."""
        found, states = self.lines.read("codes", column, BYTE, 1), self.looks[column].states
        if states >= ANY:
            return found
        most = whole(BYTE, states - 1)
        return self.lines.select(BYTE, self.lines.put(f"icmp ult {BYTE} {found}, {most}"), found, most)

    def compared(self, relation: str, a: str, b: str) -> str:
        """Truths of a comparison of numbers."""
        return self.lines.put(f"fcmp {relation} {REAL} {a}, {b}")

    def is_near(self, where: str) -> None:
        """Mark assessments to be looked at again."""
        self.lines.near = self.lines.either(self.lines.near, where)


Line = Callable[[Script, Operation], None]


def table_of(do: Operation) -> NDArray[Any]:
    """The table of an operation that has one."""
    assert do.table is not None  # noqa: S101 – held by the recorder
    return do.table
