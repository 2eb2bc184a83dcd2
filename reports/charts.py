"""Charts as inline SVG, the same on a page and on paper.

Each function returns markup that is safe to place as it is: real text (no outlines), ``role="img"`` with a title
and a description that says the same in words, mirrored for Arabic, the same bytes for the same scorecard.
Colours are attributes, so paper needs no style sheet; on the web a rule for the classes (``chart-area``,
``chart-line``, ``chart-mark``, ``chart-grid``, ``chart-text``, ``chart-quiet``, ``chart-fill``, ``chart-track``,
``chart-compare``, ``chart-level-0`` to ``-5`` and ``chart-on-0`` to ``-5``) overrides them.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from markupsafe import Markup

from questionnaires import wording
from questionnaires.model import Definition
from reports import gauge as gauge_parts
from reports import numbers, palette
from reports import radar as radar_parts
from reports.beside import Sector
from reports.drawing import drawn
from reports.geometry import Circle, Point, spread, wrap
from reports.outline import Dimension, Item, Measure, Outline, Part, outline, said
from reports.palette import STANDARD, Palette
from reports.radar import SIZE, WIDTH, Label
from reports.scales import Scale
from reports.templating import environment
from scoring.scorecard import Scorecard

Compare = Scorecard | Mapping[str, int]
"""What to draw beside a scorecard: another one (of the self-assessment), or question id → another level."""

_MOST_SPOKES: Final = 32
"""More names than that do not find room around a radar."""

_LEAST_SPOKES: Final = 3

_COLUMNS: Final = 6
"""Cells beside one another in the table of levels; a longer category goes on in the next row."""


def radar(  # noqa: PLR0913 - what is not given is not drawn
    definition: Definition,
    scorecard: Scorecard,
    language: str,
    *,
    compare: Compare | None = None,
    sector: Sector | None = None,
    colours: Palette = STANDARD,
) -> Markup:
    """All dimensions as spokes in reading order, grouped by category on the rim, each by the share of its scale.

    Dimensions without ends of their scale (figures) are left out. Where there are too many for a radar the
    categories are its spokes; where there are less than three spokes, bars are drawn instead.

    Args:
        definition: the definition that was answered.
        scorecard: the result to draw; a dimension without a value leaves a gap, it is never drawn as zero.
        language: ``en`` (clockwise) or ``ar`` (the other way).
        compare: another result to draw beside it, such as the self-assessment.
        sector: figures of a group to draw in place of that, where they name what the spokes stand for.
        colours: the look.
    """
    content = outline(definition, scorecard, language)
    things = radar_parts.spokes(content, _MOST_SPOKES)
    if len(things) < _LEAST_SPOKES:
        return bars(definition, scorecard, language, compare=compare, colours=colours)
    circle = Circle(Point(WIDTH / 2, 268), 160, 1 if content.rightward else -1)
    labels = radar_parts.labels(circle, content, things)
    lowest = min((label.at.y for label in labels), default=0) - SIZE * 1.3
    height = max((label.at.y for label in labels), default=0) + SIZE
    others, key = _beside(definition, content, things, compare, sector)
    return _draw(
        "radar",
        content,
        box=(0.0, lowest, WIDTH, height - lowest + (30 if others else 0)),
        labels=labels,
        label_size=SIZE,
        ring_size=8.5,
        bottom=height,
        description=_in_words(content, things),
        colours=colours,
        compared=wording.say("reports", key, language),
        **radar_parts.web(circle, things, others),
    )


def numbered_radar(  # noqa: PLR0913 - as above
    definition: Definition,
    scorecard: Scorecard,
    language: str,
    *,
    compare: Compare | None = None,
    sector: Sector | None = None,
    colours: Palette = STANDARD,
) -> tuple[Markup, Sequence[radar_parts.Spoke]]:
    """The radar for a narrow screen: its spokes by their numbers, in type large enough there, and the spokes.

    What the numbers stand for has to be told beside it, with the values. Empty where :func:`radar` draws bars.
    """
    content = outline(definition, scorecard, language)
    things = radar_parts.spokes(content, _MOST_SPOKES)
    if len(things) < _LEAST_SPOKES:
        return Markup(), ()
    circle = Circle(Point(WIDTH / 2, 220), 160, 1 if content.rightward else -1)
    size, count = 17.0, len(things)
    spots = [circle.at(place / count, beyond=30) for place in range(count)]
    others, key = _beside(definition, content, things, compare, sector)
    drawing = _draw(
        "radar",
        content,
        box=(WIDTH / 2 - 215, 14.0, 430.0, 412.0 + (34 if others else 0)),
        labels=[Label(each.number, Point(at.x, at.y + size / 3)) for each, at in zip(things, spots, strict=True)],
        label_size=size,
        ring_size=13.0,
        bottom=424.0,
        description="",
        colours=colours,
        compared=wording.say("reports", key, language),
        **radar_parts.web(circle, things, others),
    )
    return drawing, things


def _beside(
    definition: Definition,
    content: Outline,
    things: Sequence[radar_parts.Spoke],
    compare: Compare | None,
    sector: Sector | None,
) -> tuple[Mapping[str, Fraction | None], str]:
    """What is drawn beside a radar, and the word for it."""
    medians = medians_of(things, sector)
    return medians or _others(definition, content, things, compare), "chart.median" if medians else "chart.compare"


def bars(  # noqa: PLR0913 - what is not given is not drawn
    definition: Definition,
    scorecard: Scorecard,
    language: str,
    node: str | None = None,
    *,
    compare: Compare | None = None,
    colours: Palette = STANDARD,
) -> Markup:
    """One bar a category, or with the id of a category as ``node`` one bar a dimension of it.

    Filled as far as the value, against the whole scale; the value is written at the end, with the end of its scale
    where scales differ. What has no ends of its scale is left out; empty where nothing can be drawn. ``compare``
    puts a second mark (a hollow square) on dimensions. A definition of one category has its dimensions drawn.
    """
    content = outline(definition, scorecard, language)
    category = next((each for each in content.categories if each.id == node), None)
    if category is None and len(content.categories) == 1:
        category = content.categories[0]
    every: Sequence[Measure | Dimension] = category.dimensions if category else content.categories
    things = [thing for thing in every if thing.scale.is_bounded]
    if not things:
        return Markup()
    differ = len({thing.scale.high for thing in things}) > 1
    others = _others(definition, content, things, compare)
    label, tail, tall = 236.0, 104.0 if differ else 60.0, 26.0
    rows = [
        {
            "y": rank * tall,
            "lines": wrap(f"{thing.number} {thing.title}", SIZE * 1.1, label),
            "share": None if thing.share is None else float(thing.share),
            "text": _out_of(content, thing) if differ else said(thing, language),
            "provisional": thing.is_provisional,
            "other": float(others[thing.id]) if thing.id in others else None,
            "steps": _ticks(thing.scale),
        }
        for rank, thing in enumerate(things)
    ]
    return _draw(
        "bars",
        content,
        box=(0.0, 0.0, WIDTH, tall * len(rows)),
        rows=rows,
        label=label,
        track=WIDTH - label - tail,
        tail=tail,
        tall=tall,
        of=category.title if category else "",
        description=_in_words(content, things),
        colours=colours,
    )


def _out_of(content: Outline, thing: Measure | Dimension) -> str:
    """The value with the end of its scale, as scales differ; words where there is no value."""
    if thing.brief is None or thing.less_is_better:
        return said(thing, content.language)
    return wording.say("reports", "chart.out-of", content.language, value=thing.brief, highest=thing.highest)


def _others(
    definition: Definition, content: Outline, things: Sequence[Measure | Dimension], compare: Compare | None
) -> dict[str, Fraction]:
    """Id → share of the scale in the result to compare with; of dimensions only."""
    if not compare:
        return {}
    if isinstance(compare, Scorecard):
        other = outline(definition, compare, content.language)
        shares = {dimension.id: dimension.share for dimension in other.dimensions}
    else:
        levels = {name: Fraction(level) for name, level in compare.items()}
        shares = {each.id: each.scale.share(levels.get(each.id)) for each in content.dimensions if each.is_level}
    dimensions = {thing.id for thing in things if isinstance(thing, Dimension)}
    return {name: share for name, share in shares.items() if share is not None and name in dimensions}


def medians_of(things: Sequence[Measure | Dimension], sector: Sector | None) -> dict[str, Fraction]:
    """Id → how much of the way to the best end of its scale the median of the group reaches."""
    figures = sector.figures if sector else {}
    shares = {each.id: each.reach(Fraction(figures[each.id].median)) for each in things if each.id in figures}
    return {name: share for name, share in shares.items() if share is not None}


def _ticks(scale: Scale) -> list[float]:
    count = scale.levels or 0
    return [step / count for step in range(1, count)]


def steps(dimension: Part, language: str, *, colours: Palette = STANDARD) -> Markup:
    """A short strip for table rows: one cell a level and filled up to the level reached, or filled by the share."""
    count = dimension.scale.levels or 0
    own = dimension.of if isinstance(dimension, Dimension) else dimension
    stepped = isinstance(own, Item) and own.level_counts
    cells = [(start, length, 0.0) for start, length in spread(count if stepped else 1, 120, 3)]
    share = float(dimension.share or 0)
    filled = [min(max(share * len(cells) - rank, 0.0), 1.0) for rank in range(len(cells))]
    rightward = language not in wording.RIGHT_TO_LEFT
    return drawn(
        "steps",
        language,
        title=_in_figures(dimension, language),
        description="",
        box=(0.0, 0.0, 120.0, 12.0),
        cells=[
            {
                "x": start if rightward else 120 - start - length,
                "length": length,
                "filled": round(part) if stepped else part,
            }
            for (start, length, _), part in zip(cells, filled, strict=True)
        ],
        unknown=dimension.share is None,
        colours=colours,
    )


def steps_as_image(dimension: Part, language: str, *, colours: Palette = STANDARD) -> Markup:
    """The same strip as an image of its own for paper, where the typesetter reads each different one only once."""
    return Markup('<img class="steps-image" alt="{}" src="data:image/svg+xml;base64,{}"/>').format(
        _in_figures(dimension, language),
        base64.b64encode(steps(dimension, language, colours=colours).encode()).decode(),
    )


def heat(definition: Definition, scorecard: Scorecard, language: str, *, colours: Palette = STANDARD) -> Markup:
    """Categories as rows, their dimensions as cells with the value written in them; figures are left out."""
    content = outline(definition, scorecard, language)
    drawn = [
        (category, [each for each in category.dimensions if each.scale.is_bounded]) for category in content.categories
    ]
    columns = min(max(len(dimensions) for _, dimensions in drawn), _COLUMNS)
    if not columns:
        return Markup()
    label, tall, gap = 150.0, 44.0, 4.0
    places = spread(columns, WIDTH - label, gap)
    rows = []
    y = 0.0
    for category, dimensions in drawn:
        cells = []
        for rank, dimension in enumerate(dimensions):
            start, length = places[rank % columns]
            cells.append(
                {
                    "x": start + label if content.rightward else WIDTH - label - start - length,
                    "y": y + rank // columns * (tall + gap),
                    "length": length,
                    "shade": palette.shade(dimension.share),
                    "known": dimension.share is not None,
                    "level": said(dimension, language),
                    "lines": wrap(dimension.title, 9, length - 10, 2),
                }
            )
        rows.append(
            {
                "y": y,
                "lines": wrap(f"{category.number} {category.title}", SIZE * 1.1, label - 12, 2),
                "value": said(category, language),
                "cells": cells,
            }
        )
        y += max(1, -(-len(cells) // columns)) * (tall + gap)
    return _draw(
        "heat",
        content,
        box=(0.0, 0.0, WIDTH, y - gap),
        rows=rows,
        tall=tall,
        description=_in_words(content, content.drawn),
        colours=colours,
    )


def gauge(
    definition: Definition,
    scorecard: Scorecard,
    language: str,
    node: str | None = None,
    *,
    colours: Palette = STANDARD,
) -> Markup:
    """The bands of the headline (or of ``node``) as a strip with the value marked; a plain scale without bands.

    Without ends of the scale the bands are drawn alike, and without bands nothing is.
    """
    content = outline(definition, scorecard, language)
    measure = content.headline
    if node is not None:
        measure = next(each for each in (*content.sub_indices, *content.categories, measure) if each.id == node)
    pieces = gauge_parts.pieces(measure, definition.words(language).bands, rightward=content.rightward)
    if not pieces:
        return Markup()
    share = gauge_parts.marked(measure)
    at = None if share is None else min(max((share if content.rightward else 1 - share) * WIDTH, 7.0), WIDTH - 7)
    return _draw(
        "gauge",
        content,
        box=(0.0, -28.0, WIDTH, 86.0),
        of=measure.title,
        pieces=pieces,
        at=at,
        value=said(measure, language),
        value_at=None if at is None else min(max(at, 16.0), WIDTH - 16),
        highest=measure.highest,
        provisional=measure.is_provisional,
        description=_in_words(content, [measure]),
        colours=colours,
    )


def pattern(definition: Definition, scorecard: Scorecard, language: str, *, colours: Palette = STANDARD) -> str:
    """The factory's own radar without words, as an image address: the quiet pattern of the cover."""
    content = outline(definition, scorecard, language)
    circle = Circle(Point(100, 100), 98, 1 if content.rightward else -1)
    shares = [dimension.share for dimension in content.drawn]
    count = max(len(shares), 3)
    drawn = (
        environment()
        .get_template("charts/pattern.svg.j2")
        .render(
            rings=[circle.ring(count, step / 5) for step in range(1, 6)],
            spokes=[circle.at(place / count) for place in range(count)],
            own=" ".join(str(circle.at(place / count, float(s))) for place, s in enumerate(shares) if s is not None),
            centre=circle.centre,
            colour=colours,
        )
    )
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()


def _in_figures(part: Part, language: str) -> str:
    """What a strip shows, in words: level 3 of 5, 12.5 of 30, or why there is no value."""
    if part.share is None or part.brief is None:
        return wording.say("reports", f"state.{part.score.state.value}", language)
    own = part.of if isinstance(part, Dimension) else part
    if isinstance(own, Item) and own.level_counts:
        return wording.say("reports", "chart.level", language, level=own.score.level, highest=own.score.highest)
    highest = numbers.plain(part.scale.high) if part.scale.high is not None else ""
    return wording.say("reports", "chart.out-of", language, value=part.brief, highest=highest)


def _in_words(content: Outline, things: Sequence[Measure | Dimension]) -> str:
    pairs = (
        wording.say("reports", "chart.pair", content.language, name=thing.title, value=said(thing, content.language))
        for thing in things
    )
    return wording.say("reports", "chart.separator", content.language).join(pairs)


def _draw(
    kind: str, content: Outline, *, box: tuple[float, ...], description: str, of: str = "", **parts: Any
) -> Markup:
    key = f"chart.{kind}.of.title" if of and kind == "bars" else f"chart.{kind}.title"
    title = wording.say("reports", key, content.language, of=of or content.headline.title)
    return drawn(kind, content.language, title=title, description=description, box=box, **parts)
