"""A roadmap laid out as a time line: what is done when, what it brings, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass

from questionnaires.model import Definition
from reports import numbers
from reports.beside import MeasuresPlan
from reports.comparison import signed
from reports.parts import titles
from scoring.proposals import Reason


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One measure of the plan."""

    title: str
    first: int
    last: int
    """Periods, counted from 1."""

    starts: str
    finishes: str
    """Their names."""

    value: str | None
    """The node's value once it and everything before it is finished."""


@dataclass(frozen=True, slots=True)
class PlannedPeriod:
    """One period and where the node stands at its end."""

    name: str
    cost: str
    effort: str
    value: str | None
    change: str | None
    """Since the period before, signed; None where it stays."""

    band: str | None


@dataclass(frozen=True, slots=True)
class NotPlanned:
    """A measure outside the plan."""

    title: str
    reason: Reason
    because: tuple[str, ...]
    """Names of the measures that the reason speaks of."""


@dataclass(frozen=True, slots=True)
class TimeLine:
    """The whole plan."""

    node: str
    value: str
    final: str
    change: str | None
    band: str | None
    final_band: str | None
    steps: tuple[PlannedStep, ...]
    periods: tuple[PlannedPeriod, ...]
    left_out: tuple[NotPlanned, ...]
    proven: bool
    cost: str | None
    effort: str | None
    """Of the whole plan; None where nothing was said of it."""


def time_line(given: MeasuresPlan, definition: Definition, language: str) -> TimeLine:
    """The roadmap in the words of the measures and of the definition."""
    found = given.roadmap
    words = definition.words(language)
    named = {name: measure.called(language) for name, measure in given.measures.items()}
    names = [period.period for period in found.periods]
    before = [found.value, *(period.value for period in found.periods)]
    return TimeLine(
        node=titles(definition, words, found.node),
        value=found.value,
        final=found.final_value,
        change=signed(found.final_value, found.value) if found.final_value != found.value else None,
        band=words.bands[found.band].title if found.band else None,
        final_band=words.bands[found.final_band].title if found.final_band else None,
        steps=tuple(
            PlannedStep(
                title=named[step.measure],
                first=step.starts,
                last=step.finishes,
                starts=names[step.starts - 1],
                finishes=names[step.finishes - 1],
                value=step.value,
            )
            for step in sorted(found.steps, key=lambda step: (step.starts, step.finishes))
        ),
        periods=tuple(
            PlannedPeriod(
                name=period.period,
                cost=_amount(period.cost) or "0",
                effort=_amount(period.effort) or "0",
                value=period.value,
                change=signed(period.value, earlier) if period.value != earlier else None,
                band=words.bands[period.band].title if period.band else None,
            )
            for earlier, period in zip(before, found.periods, strict=False)
        ),
        left_out=tuple(
            NotPlanned(named[each.measure], each.reason, tuple(named[name] for name in each.because))
            for each in found.left_out
        ),
        proven=found.proven,
        cost=_amount(found.cost),
        effort=_amount(found.effort),
    )


def _amount(exact: str) -> str | None:
    number = numbers.fraction(exact)
    return numbers.grouped(numbers.plain(number)) if number else None
