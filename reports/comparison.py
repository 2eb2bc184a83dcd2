"""Where the factory stands beside its sector, its targets and its own past, ready for table and drawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from reports.beside import Earlier, Targets
from reports.errors import PartUnknown
from reports.outline import Dimension, Measure, Outline
from reports.report import Report


@dataclass(frozen=True, slots=True)
class Mark:
    """Another value on the scale of a part."""

    printed: str
    share: float | None
    """How much of the way to the best end of the scale it is, 0 to 1; None without ends."""

    change: str | None
    """The factory's value less it, signed; None where the factory has none."""

    by: date | None = None
    """Of a target: its own day; None: that of all."""

    note: str = ""
    """Of a target: what is behind it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One part of the scorecard with what it is compared to."""

    part: Measure | Dimension
    printed: str | None
    share: float | None
    target: Mark | None
    median: Mark | None
    best: Mark | None

    @property
    def is_headline(self) -> bool:
        """True for indices, which have no number of a chapter."""
        return not self.part.number

    @property
    def is_dimension(self) -> bool:
        """True for dimensions, which stand below a category."""
        return isinstance(self.part, Dimension)


@dataclass(frozen=True, slots=True)
class Moment:
    """The headline at one time."""

    on: date
    value: str
    change: str | None
    """Since the moment before, signed; None where there is none, or where they cannot be compared."""

    version: str
    is_now: bool = False
    is_comparable: bool = True
    """False: made with a version that scores otherwise than the present one."""


def signed(after: str | None, before: str | None) -> str | None:
    """``after - before`` with its sign, exact in decimals; None where one is missing."""
    if before is None or after is None:
        return None
    change = Decimal(after) - Decimal(before)
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    return f"{sign}{abs(change)}"


def compared(report: Report, content: Outline) -> tuple[Compared, ...]:
    """Every index, category and dimension that has a target or figures of the sector; other parts are left out.

    Raises:
        PartUnknown: a target or a figure stands for something the questionnaire does not have.
    """
    aims = report.targets or Targets(values={})
    targets = aims.values
    figures = report.sector.figures if report.sector else {}
    card = report.scorecard
    known = {node.id for node in card.nodes} | {question.id for question in card.questions}
    if strangers := sorted({*targets, *aims.days, *aims.notes, *figures} - known):
        raise PartUnknown(part=strangers[0], questionnaire=f"{card.family}@{card.version}")
    found = []
    for part in _parts(content):
        own = part.printed if isinstance(part, Measure) else _plain(part)
        peer = figures.get(part.id)
        if part.id in targets or peer:
            found.append(
                Compared(
                    part=part,
                    printed=own,
                    share=_place(part, own),
                    target=_aimed(part, own, aims),
                    median=_mark(part, own, peer.median if peer else None),
                    best=_mark(part, own, peer.best if peer else None),
                )
            )
    return tuple(found)


def _parts(content: Outline) -> Iterator[Measure | Dimension]:
    seen: set[str] = set()
    for part in (content.headline, *content.sub_indices, *_by_category(content)):
        if part.id not in seen:
            seen.add(part.id)
            yield part


def _by_category(content: Outline) -> Iterator[Measure | Dimension]:
    for category in content.categories:
        yield category
        yield from category.dimensions


def _plain(dimension: Dimension) -> str | None:
    return dimension.points if dimension.measure is None else dimension.measure.printed


def _place(part: Measure | Dimension, value: str | None) -> float | None:
    share = None if value is None else part.reach(Fraction(value))
    return None if share is None else float(share)


def _mark(part: Measure | Dimension, own: str | None, value: str | None) -> Mark | None:
    return None if value is None else Mark(value, _place(part, value), signed(own, value))


def _aimed(part: Measure | Dimension, own: str | None, aims: Targets) -> Mark | None:
    mark = _mark(part, own, aims.values.get(part.id))
    return mark and replace(mark, by=aims.days.get(part.id), note=aims.notes.get(part.id, ""))


def moments(report: Report) -> tuple[Moment, ...]:
    """The headline through time, the present last; empty where nothing came before or there is no value now."""
    value, version = report.scorecard.headline.value, report.scorecard.version
    if value is None or not report.earlier:
        return ()
    today = report.assessed_on if report.history else report.issued_on or report.assessed_on
    found: list[Moment] = []
    for each in (*report.earlier, Earlier(on=today, value=value)):
        made = each.version or version
        comparable = made.partition(".")[0] == version.partition(".")[0]
        before = found[-1] if found else None
        alike = before is not None and before.is_comparable and comparable
        found.append(
            Moment(
                on=each.on,
                value=each.value,
                change=signed(each.value, before.value) if before is not None and alike else None,
                version=made,
                is_comparable=comparable,
            )
        )
    last = found.pop()
    return (*found, Moment(last.on, last.value, last.change, last.version, is_now=True))


def any_best(rows: Sequence[Compared]) -> bool:
    """True where best in class is known of anything."""
    return any(row.best for row in rows)
