"""Where things go in a chart: coordinates rounded to a tenth, so that the same scorecard draws the same bytes.

Drawing may use floats; nothing that is printed as a number comes from here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Anchor = Literal["start", "middle", "end"]

_NARROW: Final = frozenset("iljtfrI.,;:'|!()[] ابدذرزوأإآلنيىئ")
_WIDE: Final = frozenset("mwMWGOQ@%—صضشسظطكغ")


def place(number: float) -> str:
    """A coordinate as written into the drawing."""
    text = f"{number:.1f}"
    return "0" if text in {"-0.0", "0.0"} else text.removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a drawing."""

    x: float
    y: float

    def __str__(self) -> str:
        return f"{place(self.x)},{place(self.y)}"


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle on which spokes stand, the first one at the top; ``turn`` is 1 clockwise, -1 the other way."""

    centre: Point
    radius: float
    turn: int = 1

    def at(self, turned: float, share: float = 1.0, beyond: float = 0.0) -> Point:
        """The point ``turned`` (0 to 1, a whole turn) around and ``share`` of the radius out, plus ``beyond``."""
        angle = self.turn * turned * 2 * math.pi
        distance = self.radius * share + beyond
        return Point(self.centre.x + distance * math.sin(angle), self.centre.y - distance * math.cos(angle))

    def ring(self, spokes: int, share: float) -> str:
        """The polygon through all spokes at ``share`` of the radius."""
        return " ".join(str(self.at(spoke / spokes, share)) for spoke in range(spokes))

    def arc(self, start: float, end: float, inner: float, outer: float) -> str:
        """Path of a piece of ring between two turns, ``inner`` and ``outer`` units beyond the radius."""
        wide = 1 if end - start > 0.5 else 0
        sweep = 1 if self.turn > 0 else 0
        far, near = self.radius + outer, self.radius + inner
        a, b = self.at(start, beyond=outer), self.at(end, beyond=outer)
        c, d = self.at(end, beyond=inner), self.at(start, beyond=inner)
        return (
            f"M{a}A{place(far)},{place(far)} 0 {wide} {sweep} {b}"
            f"L{c}A{place(near)},{place(near)} 0 {wide} {1 - sweep} {d}Z"
        )


def width(text: str, size: float) -> float:
    """A fair guess at the width of a text, in the unit of ``size``; fonts are not asked."""
    ems = sum(0.32 if sign in _NARROW else 0.82 if sign in _WIDE else 0.56 for sign in text)
    return ems * size


def wrap(text: str, size: float, limit: float, lines: int = 3) -> tuple[str, ...]:
    """``text`` in up to ``lines`` lines of about ``limit`` units; an ellipsis ends what does not fit."""
    words = text.split()
    rows: list[str] = []
    while words and len(rows) < lines:
        row = words.pop(0)
        while words and width(f"{row} {words[0]}", size) <= limit:
            row = f"{row} {words.pop(0)}"
        rows.append(row)
    if words:
        rows[-1] = f"{rows[-1]}…"
    return tuple(rows)


def spread(count: int, total: float, gap: float) -> Sequence[tuple[float, float]]:
    """Start and length of ``count`` equal pieces along ``total`` with ``gap`` between them."""
    length = (total - gap * (count - 1)) / count
    return [(piece * (length + gap), length) for piece in range(count)]
