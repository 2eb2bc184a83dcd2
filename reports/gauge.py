"""Where the bands of a gauge lie, and which of their names find room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Final

from questionnaires.model import Titled
from reports import numbers, palette
from reports.geometry import width, wrap
from reports.outline import Measure
from reports.radar import SIZE, WIDTH

GAP: Final = 3.0


@dataclass(frozen=True, slots=True)
class Piece:
    """One band on the strip."""

    start: float
    """Where it begins in reading direction."""

    length: float
    x: float
    shade: int
    here: bool
    lowest: str
    """The value it begins at; empty where that finds no room."""

    lines: tuple[str, ...]
    """Its name; empty where that finds no room."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of the scale: from one share of it to another."""

    start: Fraction
    end: Fraction
    lowest: Fraction | None
    """None: where it begins is not known."""

    band: int | None


def pieces(measure: Measure, words: Mapping[str, Titled], *, rightward: bool) -> tuple[Piece, ...]:
    """The strip of ``measure``: its bands, or one piece without bands; empty where it has neither bands nor ends."""
    stretches = _stretches(measure)
    bands = measure.node.bands
    found = []
    for each in stretches:
        here = each.band is not None and bands[each.band].id == measure.score.band
        start = float(each.start) * (WIDTH + GAP)
        length = float(each.end - each.start) * (WIDTH + GAP) - GAP
        title = words[bands[each.band].id].title if each.band is not None else ""
        found.append(
            Piece(
                start=start,
                length=length,
                x=start if rightward else WIDTH - start - length,
                shade=palette.shade(_goodness(each.band or 0, len(bands), less_is_better=measure.less_is_better)),
                here=here,
                lowest="" if each.lowest is None else numbers.grouped(numbers.plain(each.lowest)),
                lines=wrap(title, SIZE * (1.1 if here else 1), max(length, 64) - 6, 2) if title else (),
            )
        )
    return _fitted(found, measure.highest)


def _goodness(band: int, bands: int, *, less_is_better: bool) -> Fraction:
    """How good a band is, 0 to 1."""
    place = Fraction(band, max(1, bands - 1))
    return 1 - place if less_is_better and bands else place


def marked(measure: Measure) -> float | None:
    """Where the value stands on the strip, 0 to 1; in the middle of its band where the scale has no ends."""
    if measure.scale.is_bounded and None not in measure.limits:
        return None if measure.place is None else float(measure.place)
    names = [band.id for band in measure.node.bands]
    if measure.score.band is None:
        return None
    return (names.index(measure.score.band) + 0.5) / len(names)


def _stretches(measure: Measure) -> list[_Stretch]:
    """Each band where it lies on the scale; all of one length where the scale has no ends, or a limit no number."""
    limits, scale = measure.limits, measure.scale
    if not scale.is_bounded or scale.low is None or None in limits:
        parts = [Fraction(place, len(limits)) for place in range(len(limits) + 1)] if limits else []
        return [_Stretch(a, b, limits[place], place) for place, (a, b) in enumerate(pairwise(parts))]
    if not limits:
        return [_Stretch(Fraction(0), Fraction(1), scale.low, None)]
    starts = [scale.share(limit) or Fraction(0) for limit in limits]
    found = [] if not starts[0] else [_Stretch(Fraction(0), starts[0], scale.low, None)]
    for place, (start, end) in enumerate(pairwise([*starts, Fraction(1)])):
        if start < end:
            found.append(_Stretch(start, end, limits[place], place))
    return found


def _fitted(found: list[Piece], highest: str | None) -> tuple[Piece, ...]:
    """Names and limits only where they do not run into one another: the band reached first, then from the end on."""
    names: list[tuple[float, float]] = []
    limits = [(WIDTH - width(highest, 9.5) - 4, WIDTH)] if highest else []
    fitted = {}
    for piece in sorted(found, key=lambda each: (not each.here, -each.start)):
        size = SIZE * (1.1 if piece.here else 1)
        broad = max((width(line, size) for line in piece.lines), default=0.0)
        start = min(piece.start, WIDTH - broad) if piece.here else piece.start
        room = bool(piece.lines) and _free(names, start, start + broad)
        limit = _free(limits, piece.start, piece.start + width(piece.lowest, 9.5) + 4)
        fitted[piece.start] = replace(piece, lines=piece.lines if room else (), lowest=piece.lowest if limit else "")
    return tuple(fitted[piece.start] for piece in found)


def _free(taken: list[tuple[float, float]], start: float, end: float) -> bool:
    """True, and taken from now on, where nothing stands between the two."""
    if any(start < other_end and end > other_start for other_start, other_end in taken):
        return False
    taken.append((start, end))
    return True
