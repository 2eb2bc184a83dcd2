"""Charts as inline SVG, the same on a page and on paper.

Each function returns markup that is safe to place as it is: real text (no outlines), ``role="img"`` with a title
and a description that says the same in words, mirrored for Arabic, the same bytes for the same scorecard.
Colours are attributes, so paper needs no style sheet; on the web a rule for the classes (``chart-area``,
``chart-line``, ``chart-mark``, ``chart-grid``, ``chart-text``, ``chart-quiet``, ``chart-fill``, ``chart-track``,
``chart-compare``, ``chart-level-0`` to ``-5`` and ``chart-on-0`` to ``-5``) overrides them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from questionnaires import wording
from questionnaires.model import Definition
from reports import palette
from reports import radar as radar_parts
from reports.geometry import Circle, Point, spread, wrap
from reports.outline import Dimension, Measure, Outline, outline
from reports.radar import SIZE, WIDTH, Label
from reports.templating import environment
from scoring.scorecard import Scorecard, State


def radar(
    definition: Definition,
    scorecard: Scorecard,
    language: str,
    *,
    compare: Mapping[str, int] | None = None,
) -> Markup:
    """All dimensions as spokes in reading order, grouped by category on the rim.

    Args:
        definition: the definition that was answered.
        scorecard: the result to draw; a dimension without a level leaves a gap, it is never drawn as zero.
        language: ``en`` (clockwise) or ``ar`` (the other way).
        compare: question id → another level to draw beside it, such as the self-assessment.
    """
    content = outline(definition, scorecard, language)
    dimensions = content.dimensions
    circle = Circle(Point(WIDTH / 2, 268), 160, 1 if content.rightward else -1)
    labels = radar_parts.labels(circle, content)
    lowest = min((label.at.y for label in labels), default=0) - SIZE * 1.3
    height = max((label.at.y for label in labels), default=0) + SIZE
    shares = {dimension.id: dimension.share for dimension in dimensions}
    others = {
        dimension.id: Fraction(compare[dimension.id] - dimension.score.lowest)
        / (dimension.score.highest - dimension.score.lowest)
        for dimension in dimensions
        if compare and dimension.id in compare
    }
    scales = {(dimension.score.lowest, dimension.score.highest) for dimension in dimensions}
    steps = range(scales.pop()[1]) if len(scales) == 1 else range(5)
    return _draw(
        "radar",
        content,
        box=(0.0, lowest, WIDTH, height - lowest + (30 if others else 0)),
        circle=circle,
        count=len(dimensions),
        rings=[circle.ring(len(dimensions), (step + 1) / len(steps)) for step in steps],
        ring_labels=[
            Label(str(step + 1), circle.at(0.5 / len(dimensions), (step + 1) / len(steps) * 0.985)) for step in steps
        ],
        spokes=[circle.at(place / len(dimensions)) for place in range(len(dimensions))],
        arcs=radar_parts.rim(circle, content),
        own=radar_parts.trace(circle, [shares[dimension.id] for dimension in dimensions]),
        other=radar_parts.trace(circle, [others.get(dimension.id) for dimension in dimensions]) if others else None,
        labels=labels,
        bottom=height,
        description=_in_words(content, dimensions),
    )


def bars(
    definition: Definition,
    scorecard: Scorecard,
    language: str,
    node: str | None = None,
    *,
    compare: Mapping[str, int] | None = None,
) -> Markup:
    """One bar a category, or with the id of a category as ``node`` one bar a dimension of it.

    Filled as far as the value, against the whole scale; the value is written at the end. ``compare`` puts a
    second mark (a hollow square) on dimensions.
    """
    content = outline(definition, scorecard, language)
    rows: list[dict[str, Any]] = []
    things: Sequence[Measure | Dimension] = content.categories
    of = ""
    if node is not None:
        category = next(each for each in content.categories if each.id == node)
        things, of = category.dimensions, category.title
    label, track, tail, tall = 236.0, 384.0, 60.0, 26.0
    for rank, thing in enumerate(things):
        lines = wrap(f"{thing.number} {thing.title}", SIZE * 1.1, label)
        rows.append(
            {
                "y": rank * tall,
                "lines": lines,
                "share": None if thing.share is None else float(thing.share),
                "text": _value(content, thing),
                "provisional": isinstance(thing, Measure) and thing.is_provisional,
                "other": _other(thing, compare),
                "steps": _steps(thing),
            }
        )
    return _draw(
        "bars",
        content,
        box=(0.0, 0.0, WIDTH, tall * len(rows)),
        rows=rows,
        label=label,
        track=track,
        tail=tail,
        tall=tall,
        of=of,
        description=_in_words(content, things),
    )


def _other(thing: Measure | Dimension, compare: Mapping[str, int] | None) -> float | None:
    if not isinstance(thing, Dimension) or not compare or thing.id not in compare:
        return None
    score = thing.score
    return float(Fraction(compare[thing.id] - score.lowest, score.highest - score.lowest))


def _steps(thing: Measure | Dimension) -> list[float]:
    lowest, highest = (
        (thing.lowest, thing.highest) if isinstance(thing, Measure) else (thing.score.lowest, thing.score.highest)
    )
    count = int(highest - lowest)
    return [step / count for step in range(1, count)] if 2 <= count <= 12 else []


def steps(dimension: Dimension, language: str) -> Markup:
    """A short strip with one cell a level, filled up to the level reached: for table rows."""
    score = dimension.score
    cells = spread(score.highest - score.lowest, 120, 3)
    filled = 0 if score.level is None else score.level - score.lowest
    if language in wording.RIGHT_TO_LEFT:
        cells = [(120 - start - length, length) for start, length in cells]
    return _drawn(
        "steps",
        language,
        title=_level_words(dimension, language),
        description="",
        box=(0.0, 0.0, 120.0, 12.0),
        cells=[(start, length, rank < filled) for rank, (start, length) in enumerate(cells)],
        unknown=score.level is None,
    )


def heat(definition: Definition, scorecard: Scorecard, language: str) -> Markup:
    """Categories as rows, their dimensions as cells with the level written in them."""
    content = outline(definition, scorecard, language)
    columns = max(len(category.dimensions) for category in content.categories)
    label, tall, gap = 150.0, 44.0, 4.0
    cells = spread(columns, WIDTH - label, gap)
    rows = []
    for rank, category in enumerate(content.categories):
        drawn = []
        for (start, length), dimension in zip(cells, category.dimensions, strict=False):
            drawn.append(
                {
                    "x": start + label if content.rightward else WIDTH - label - start - length,
                    "length": length,
                    "shade": palette.shade(dimension.share),
                    "known": dimension.share is not None,
                    "level": _value(content, dimension),
                    "lines": wrap(dimension.title, 9, length - 10, 2),
                }
            )
        rows.append(
            {
                "y": rank * (tall + gap),
                "lines": wrap(f"{category.number} {category.title}", SIZE * 1.1, label - 12, 2),
                "value": _value(content, category),
                "cells": drawn,
            }
        )
    return _draw(
        "heat",
        content,
        box=(0.0, 0.0, WIDTH, len(rows) * (tall + gap) - gap),
        rows=rows,
        tall=tall,
        description=_in_words(content, content.dimensions),
    )


def gauge(definition: Definition, scorecard: Scorecard, language: str, node: str | None = None) -> Markup:
    """The bands of the headline (or of ``node``) as a strip with the value marked; a plain scale without bands."""
    content = outline(definition, scorecard, language)
    measure = content.headline
    if node is not None:
        measure = next(each for each in (*content.sub_indices, *content.categories, measure) if each.id == node)
    declared = definition.node(measure.id)
    bands = declared.bands if declared else ()
    words = definition.words(language).bands
    starts = [measure.share_of(band.lowest) for band in bands] or [Fraction(0)]
    pieces = []
    for rank, (start, end) in enumerate(zip(starts, [*starts[1:], Fraction(1)], strict=True)):
        left = float(start) * (WIDTH + 3)
        length = float(end - start) * (WIDTH + 3) - 3
        here = bool(bands) and measure.score.band == bands[rank].id
        pieces.append(
            {
                "x": left if content.rightward else WIDTH - left - length,
                "length": length,
                "shade": palette.shade(Fraction(rank, max(1, len(starts) - 1))),
                "lines": wrap(words[bands[rank].id].title, SIZE * (1.1 if here else 1), length - 6, 2) if bands else (),
                "here": here,
                "from": _plain(bands[rank].lowest if bands else measure.lowest),
            }
        )
    share = None if measure.share is None else float(measure.share)
    at = None if share is None else min(max((share if content.rightward else 1 - share) * WIDTH, 7.0), WIDTH - 7)
    return _draw(
        "gauge",
        content,
        box=(0.0, -28.0, WIDTH, 86.0),
        of=measure.title,
        pieces=pieces,
        at=at,
        value=_value(content, measure),
        value_at=None if at is None else min(max(at, 16.0), WIDTH - 16),
        highest=_plain(measure.highest),
        provisional=measure.is_provisional,
        description=_in_words(content, [measure]),
    )


def pattern(definition: Definition, scorecard: Scorecard, language: str) -> str:
    """The factory's own radar without words, as an image address: the quiet pattern of the cover."""
    content = outline(definition, scorecard, language)
    circle = Circle(Point(100, 100), 98, 1 if content.rightward else -1)
    count = len(content.dimensions)
    shares = [dimension.share for dimension in content.dimensions]
    drawn = (
        environment()
        .get_template("charts/pattern.svg.j2")
        .render(
            rings=[circle.ring(count, step / 5) for step in range(1, 6)],
            spokes=[circle.at(place / count) for place in range(count)],
            own=" ".join(str(circle.at(place / count, float(s))) for place, s in enumerate(shares) if s is not None),
            centre=circle.centre,
        )
    )
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()


def _plain(number: Fraction) -> str:
    return str(number) if number.denominator == 1 else f"{float(number):g}"


def _value(content: Outline, thing: Measure | Dimension) -> str:
    if isinstance(thing, Dimension):
        known = None if thing.score.level is None else str(thing.score.level)
    else:
        known = thing.printed
    return known or wording.say("reports", f"state.{_state(thing)}.short", content.language)


def _state(thing: Measure | Dimension) -> str:
    state: State = thing.score.state
    return state.value


def _level_words(dimension: Dimension, language: str) -> str:
    if dimension.score.level is None:
        return wording.say("reports", f"state.{dimension.score.state.value}", language)
    return wording.say("reports", "chart.level", language, level=dimension.score.level, highest=dimension.score.highest)


def _in_words(content: Outline, things: Sequence[Measure | Dimension]) -> str:
    pairs = (
        wording.say("reports", "chart.pair", content.language, name=thing.title, value=_value(content, thing))
        for thing in things
    )
    return wording.say("reports", "chart.separator", content.language).join(pairs)


def _draw(
    kind: str, content: Outline, *, box: tuple[float, ...], description: str, of: str = "", **parts: Any
) -> Markup:
    key = f"chart.{kind}.of.title" if of and kind == "bars" else f"chart.{kind}.title"
    title = wording.say("reports", key, content.language, of=of or content.headline.title)
    return _drawn(kind, content.language, title=title, description=description, box=box, **parts)


def _drawn(kind: str, language: str, *, title: str, description: str, box: tuple[float, ...], **parts: Any) -> Markup:
    mark = hashlib.sha256(repr((kind, language, title, description)).encode()).hexdigest()[:10]
    template = environment().get_template(f"charts/{kind}.svg.j2")
    text = template.render(
        id=f"chart-{mark}",
        kind=kind,
        title=title,
        description=description,
        box=box,
        width=box[2],
        rtl=language in wording.RIGHT_TO_LEFT,
        direction="rtl" if language in wording.RIGHT_TO_LEFT else "ltr",
        size=SIZE,
        ramp=palette.RAMP,
        ramp_ink=palette.RAMP_INK,
        colour=palette.COLOURS,
        say=lambda key, **details: wording.say("reports", key, language, **details),
        **parts,
    )
    return Markup(text)  # noqa: S704 - made by our own autoescaped templates
