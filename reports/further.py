"""What a scorecard says beyond its numbers, for paper and page alike: the past, targets and sector, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from questionnaires.model import Definition
from reports import strips
from reports.comparison import Compared, Moment, any_best, compared, moments
from reports.drawing import Once
from reports.lists import asked_by
from reports.outline import Dimension, Outline, outline
from reports.palette import Palette
from reports.planned import PlannedStep, TimeLine, time_line
from reports.report import Report
from reports.steps import NextStep, next_steps
from reports.weights import weight_in_index

MOST_STEPS: Final = 4
"""Next steps told at length."""


@dataclass(frozen=True, slots=True)
class Further:
    """See the module."""

    content: Outline
    compared: tuple[Compared, ...]
    """What has a target or figures of the sector."""

    has_best: bool
    """True where best in class is known of any of them."""

    moments: tuple[Moment, ...]
    """The headline through time; none where nothing came before."""

    weights: Mapping[str, Fraction]
    """Dimension → its weight in the headline."""

    known: tuple[Dimension, ...]
    """Each drawn dimension that has a share of its scale, once."""

    weakest: tuple[Dimension, ...]
    """The same, least share of its scale first; of equal ones, the one that weighs more in the headline."""

    steps: tuple[NextStep, ...]
    """The first of the next steps at length: from which answer to which, and what that alone changes."""

    time_line: TimeLine | None


def further(report: Report, published: Definition, language: str) -> Further:
    """Put it together.

    Args:
        report: what is told.
        published: the questionnaire as published, with its lists not yet rolled out.
        language: ``en`` or ``ar``.

    Raises:
        PartUnknown: a target or a figure of the sector stands for something the questionnaire does not have.
    """
    definition = asked_by(published, report)
    content = outline(definition, report.scorecard, language)
    known = _once([dimension for dimension in content.drawn if dimension.share is not None])
    weights = weight_in_index(report.scorecard, definition)
    weakest = _weakest_first(known, weights)
    beside = compared(report, content)
    return Further(
        content=content,
        compared=beside,
        has_best=any_best(beside),
        moments=moments(report),
        weights=weights,
        known=tuple(known),
        weakest=weakest,
        steps=next_steps(report, published, language, weakest, MOST_STEPS),
        time_line=time_line(report.plan, definition, language) if report.plan else None,
    )


class FurtherCharts:
    """The drawings that go with it, as a template calls them."""

    def __init__(self, told: Further, definition: Definition, language: str, colours: Palette) -> None:
        self._told, self._language, self._colours = told, language, colours
        self._bands = definition.words(language).bands
        self._once = Once()

    def gap(self, row: Compared) -> Markup:
        """One part beside its target and its sector."""
        return self._once(strips.gap(row, self._language, colours=self._colours))

    def key(self, kind: str) -> Markup:
        """The sign of one kind of mark."""
        return self._once(strips.key(kind, self._language, colours=self._colours))

    def trend(self) -> Markup:
        """The headline through time; empty where there is nothing to draw."""
        headline, moments = self._told.content.headline, self._told.moments
        return self._once(strips.trend(headline, moments, self._bands, self._language, colours=self._colours))

    def stretch(self, step: PlannedStep) -> Markup:
        """When one measure of the plan is done."""
        periods = len(self._told.time_line.periods) if self._told.time_line else 1
        return self._once(strips.stretch(step, periods, self._language, colours=self._colours))


def _once(dimensions: Sequence[Dimension]) -> list[Dimension]:
    """Each dimension once, though it may stand in several categories."""
    found: dict[str, Dimension] = {}
    for dimension in dimensions:
        found.setdefault(dimension.id, dimension)
    return list(found.values())


def share_of(dimension: Dimension) -> Fraction:
    """How much of its scale it reaches; nothing counts as none."""
    return dimension.share if dimension.share is not None else Fraction(0)


def _weakest_first(known: Sequence[Dimension], weights: Mapping[str, Fraction]) -> tuple[Dimension, ...]:
    return tuple(sorted(known, key=lambda each: (share_of(each), -weights.get(each.id, Fraction(0)))))
