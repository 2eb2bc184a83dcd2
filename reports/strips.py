"""Small drawings that stand in the rows of a table: a value with its marks, a stretch of time; and the trend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from questionnaires import wording
from questionnaires.model import Titled
from reports import numbers
from reports.comparison import Compared, Mark, Moment
from reports.drawing import drawn
from reports.geometry import width, wrap
from reports.outline import Measure
from reports.palette import STANDARD, Palette
from reports.planned import PlannedStep
from reports.radar import SIZE, WIDTH
from reports.templating import long_date

_LENGTH: Final = 140.0
_NEAR: Final = 92.0
"""Two dates nearer than that stand in two rows."""

_PLOT: Final = (96.0, 626.0)
"""Where the trend is drawn, in reading direction: names of bands before it, room for the last value after it."""

_TOP, _BOTTOM = 26.0, 176.0


@dataclass(frozen=True, slots=True)
class _Point:
    """A moment where it is drawn."""

    x: float
    y: float
    moment: Moment
    date: str
    row: int
    """Row of its date below the drawing."""


@dataclass(frozen=True, slots=True)
class _Stripe:
    """A band behind the trend."""

    y: float
    height: float
    lines: tuple[str, ...]
    lowest: str
    """Where it begins."""

    shaded: bool

    @property
    def bottom(self) -> float:
        return self.y + self.height


def gap(row: Compared, language: str, *, colours: Palette = STANDARD) -> Markup:
    """A bar as far as the value, with a flag at the target, a diamond at the median and a ring at best in class."""
    say = _say(language)
    told = [say("chart.pair", name=say("chart.own"), value=row.printed or "–")]
    marks: list[tuple[str, Mark | None]] = [("target", row.target), ("median", row.median), ("best", row.best)]
    told += [_told(say, f"chart.{kind}", mark, language) for kind, mark in marks if mark]
    places = {kind: mark.share * _LENGTH for kind, mark in marks if mark is not None and mark.share is not None}
    rightward = language not in wording.RIGHT_TO_LEFT
    return drawn(
        "gap",
        language,
        title=say("chart.pair", name=row.part.title, value=say("chart.separator").join(told)),
        description="",
        box=(-6.0, 0.0, _LENGTH + 12, 18.0),
        length=_LENGTH,
        filled=None if row.share is None else row.share * _LENGTH,
        marks={kind: place if rightward else _LENGTH - place for kind, place in places.items()},
        colours=colours,
    )


def _told(say: Callable[..., str], name: str, mark: Mark, language: str) -> str:
    if mark.by is None:
        return say("chart.pair", name=say(name), value=mark.printed)
    return say("chart.pair-by", name=say(name), value=mark.printed, date=long_date(mark.by, language))


def key(kind: str, language: str, *, colours: Palette = STANDARD) -> Markup:
    """The sign of a mark, for the head of its column."""
    return drawn(
        "key",
        language,
        title=_say(language)(f"chart.{kind}"),
        description="",
        box=(-8.0, 0.0, 16.0, 18.0),
        mark=kind,
        colours=colours,
    )


def stretch(step: PlannedStep, periods: int, language: str, *, colours: Palette = STANDARD) -> Markup:
    """A stretch on the line of all periods, which runs in reading direction."""
    say = _say(language)
    piece = _LENGTH / periods
    start, length = (step.first - 1) * piece, (step.last - step.first + 1) * piece
    rightward = language not in wording.RIGHT_TO_LEFT
    return drawn(
        "stretch",
        language,
        title=say("chart.stretch", title=step.title, start=step.starts, finish=step.finishes),
        description="",
        box=(0.0, 0.0, _LENGTH, 14.0),
        ticks=[number * piece for number in range(periods + 1)],
        x=(start if rightward else _LENGTH - start - length) + 1,
        length=length - 2,
        end=start + length - 5 if rightward else _LENGTH - start - length + 5,
        colours=colours,
    )


def trend(
    measure: Measure,
    moments: Sequence[Moment],
    bands: Mapping[str, Titled],
    language: str,
    *,
    colours: Palette = STANDARD,
) -> Markup:
    """The headline through time, on its bands; empty where its scale has no ends or there is nothing to compare.

    Time runs in reading direction, from right to left in Arabic. A point made with a version that scores otherwise is
    hollow, and no line is drawn to it.
    """
    low, high = measure.scale.low, measure.scale.high
    if low is None or high is None or not measure.scale.is_bounded or len(moments) < 2:
        return Markup()
    say = _say(language)
    rightward = language not in wording.RIGHT_TO_LEFT
    days = [moment.on.toordinal() for moment in moments]
    whole = max(days[-1] - days[0], 1)
    places = [_PLOT[0] + 24 + (day - days[0]) / whole * (_PLOT[1] - _PLOT[0] - 48) for day in days]
    heights = [float((numbers.fraction(moment.value) or low) - low) / float(high - low) for moment in moments]
    points = [
        _Point(
            x=at if rightward else WIDTH - at,
            y=_BOTTOM - min(max(height, 0.0), 1.0) * (_BOTTOM - _TOP),
            moment=moment,
            date=long_date(moment.on, language),
            row=row,
        )
        for moment, at, height, row in zip(moments, places, heights, _rows(places), strict=True)
    ]
    pairs = [say("chart.pair", name=point.date, value=point.moment.value) for point in points]
    return drawn(
        "trend",
        language,
        title=say("chart.trend.title", of=measure.title),
        description=say("chart.separator").join(pairs),
        box=(0.0, 0.0, WIDTH, _BOTTOM + 24 + 15 * max(_rows(places))),
        stripes=_stripes(measure, bands, low, high),
        plot=_PLOT if rightward else (WIDTH - _PLOT[1], WIDTH - _PLOT[0]),
        top=_TOP,
        bottom=_BOTTOM,
        points=points,
        edges=[(a, b) for a, b in pairwise(points) if a.moment.is_comparable and b.moment.is_comparable],
        colours=colours,
    )


def _rows(places: Sequence[float]) -> list[int]:
    """In which row the date of each point stands: the next one where it would run into the one before."""
    found: list[int] = []
    last: dict[int, float] = {}
    for at in places:
        row = next(number for number in range(len(places) + 1) if at - last.get(number, -_NEAR) >= _NEAR)
        last[row] = at
        found.append(row)
    return found


def _stripes(measure: Measure, bands: Mapping[str, Titled], low: Fraction, high: Fraction) -> list[_Stripe]:
    """The bands as stripes from below, each with its name where there is room for it; one stripe without bands."""
    if not measure.limits or None in measure.limits:
        return [_Stripe(_TOP, _BOTTOM - _TOP, (), numbers.plain(low), shaded=True)]
    starts = [max(limit, low) for limit in measure.limits if limit is not None]
    found: list[_Stripe] = []
    for band, (start, end) in zip(measure.node.bands, pairwise([*starts, high]), strict=True):
        if start >= end:
            continue
        bottom, top = (_BOTTOM - float((each - low) / (high - low)) * (_BOTTOM - _TOP) for each in (start, end))
        lines = wrap(bands[band.id].title, SIZE * 0.9, _PLOT[0] - 12, 2)
        room = bottom - top >= 11 * len(lines) and max(width(line, SIZE * 0.9) for line in lines) < _PLOT[0]
        found.append(
            _Stripe(top, bottom - top, lines if room else (), numbers.plain(start), shaded=len(found) % 2 == 0)
        )
    return found


def _say(language: str) -> Callable[..., str]:
    def say(key: str, /, **details: object) -> str:
        return wording.say("reports", key, language, **details)

    return say
