"""Where the lines and the names of a radar go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any, Final

from reports import numbers
from reports.geometry import Anchor, Circle, Point, wrap
from reports.outline import Dimension, Measure, Outline
from reports.scales import Scale

WIDTH: Final = 680.0
"""Width of every large chart in its own units; 4 units are a millimetre on paper."""

SIZE: Final = 11.0
"""Size of the labels in those units: 7.8 points on paper."""


LINE: Final = SIZE * 1.22
"""From one line of a name to the next."""

_BEYOND: Final = 21.0
"""How far outside the rim the names stand."""

_GAP: Final = 4.0


@dataclass(frozen=True, slots=True)
class Label:
    """A text at a place."""

    text: str
    at: Point
    anchor: Anchor = "middle"
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """A line around the radar: its filled pieces, its edges and its points."""

    pieces: tuple[str, ...]
    edges: tuple[tuple[Point, Point], ...]
    points: tuple[Point, ...]
    closed: str | None
    """The whole polygon, when every dimension has a level."""


def trace(circle: Circle, shares: Sequence[Fraction | None]) -> Trace:
    """The line through the shares of all spokes; where a share is unknown there is a gap."""
    count = len(shares)
    at = [None if share is None else circle.at(place / count, float(share)) for place, share in enumerate(shares)]
    edges = [(one, two) for one, two in zip(at, at[1:] + at[:1], strict=True) if one is not None and two is not None]
    whole = all(point is not None for point in at)
    return Trace(
        pieces=() if whole else tuple(f"{circle.centre} {one} {two}" for one, two in edges),
        edges=tuple(edges),
        points=tuple(point for point in at if point is not None),
        closed=" ".join(str(point) for point in at) if whole else None,
    )


Spoke = Dimension | Measure


def spokes(content: Outline, most: int) -> Sequence[Spoke]:
    """What stands around the radar: the dimensions that have a scale, or the categories if those are too many."""
    drawn = content.drawn
    if len(drawn) <= most:
        return drawn
    return [category for category in content.categories if category.scale.is_bounded]


def rings(every: Iterable[Scale]) -> list[tuple[Fraction, str]]:
    """Share of the radius and what stands there: values of the one scale, per cent where scales differ."""
    scales = set(every)
    one = next(iter(scales)) if len(scales) == 1 else None
    if one is None or one.low is None or one.span is None or one.levels == 1:
        return [(Fraction(step, 5), f"{step * 20} %") for step in range(1, 6)]
    count = one.levels or 5
    parts = [Fraction(step, count) for step in range(1, count + 1)]
    return [(part, numbers.plain(one.low + part * one.span)) for part in parts]


def rim(circle: Circle, things: Sequence[Spoke]) -> list[str]:
    """One piece of the rim for each category, as paths."""
    count = len(things)
    start, found = 0, []
    for _, group in groupby(things, key=lambda thing: thing.number.partition(".")[0]):
        end = start + len(list(group))
        found.append(circle.arc((start - 0.42) / count, (end - 0.58) / count, 7, 11))
        start = end
    return found


def web(circle: Circle, things: Sequence[Spoke], others: Mapping[str, Fraction | None]) -> dict[str, Any]:
    """Rings, spokes and lines as the template asks for them; ``others`` are the shares of what is drawn beside."""
    every = rings(thing.scale for thing in things)
    count = len(things)
    return {
        "circle": circle,
        "count": count,
        "rings": [circle.ring(count, float(share)) for share, _ in every],
        "ring_labels": [Label(text, circle.at(0.5 / count, float(share) * 0.985)) for share, text in every],
        "spokes": [circle.at(place / count) for place in range(count)],
        "arcs": rim(circle, things),
        "own": trace(circle, [thing.share for thing in things]),
        "other": trace(circle, [others.get(thing.id) for thing in things]) if others else None,
    }


@dataclass(slots=True)
class _Block:
    """The lines of one name: where they stand and how they hang on their spoke."""

    rows: tuple[str, ...]
    spot: Point
    anchor: Anchor
    top: float

    @property
    def height(self) -> float:
        return len(self.rows) * LINE

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def labels(self) -> list[Label]:
        return [
            Label(row, Point(self.spot.x, self.top + SIZE * 0.92 + rank * LINE), self.anchor)
            for rank, row in enumerate(self.rows)
        ]


def labels(circle: Circle, content: Outline, things: Sequence[Spoke]) -> list[Label]:
    """The names around the rim, pushed up or down so that none covers another."""
    count = len(things)
    blocks = [
        _block(circle, circle.at(place / count, beyond=_BEYOND), f"{each.number} {each.title}", content, count)
        for place, each in enumerate(things)
    ]
    for side in (-1, 1):
        beside = [block for block in blocks if block.anchor == "middle" or side * (block.spot.x - circle.centre.x) > 0]
        _push(sorted((b for b in beside if b.spot.y <= circle.centre.y), key=lambda b: -b.spot.y), upwards=True)
        _push(sorted((b for b in beside if b.spot.y > circle.centre.y), key=lambda b: b.spot.y), upwards=False)
    return [label for block in blocks for label in block.labels()]


def _block(circle: Circle, spot: Point, name: str, content: Outline, count: int) -> _Block:
    aside = spot.x - circle.centre.x
    anchor: Anchor = "middle" if abs(aside) < 8 else "start" if (aside > 0) == content.rightward else "end"
    room = min(140.0, WIDTH / 2 - abs(aside) - 2)
    if anchor == "middle" and count > 4:  # between its neighbours
        room = min(150.0, 2 * abs(circle.at(1 / count, beyond=_BEYOND).x - circle.centre.x) - 14)
    rows = wrap(name, SIZE, room)
    lift = (circle.centre.y - spot.y) / (circle.radius + _BEYOND)  # above the spot at the top, below it at the bottom
    return _Block(rows, spot, anchor, spot.y - (1 + lift) * len(rows) * LINE / 2)


def _push(blocks: Sequence[_Block], *, upwards: bool) -> None:
    """From the middle of the height outwards: each block clear of the one before. The one at the pole stays."""
    for before, block in pairwise(blocks):
        if block.anchor != "middle":
            block.top = (
                min(block.top, before.top - block.height - _GAP) if upwards else max(block.top, before.bottom + _GAP)
            )
