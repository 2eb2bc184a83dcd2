"""What would become of the answers of an earlier assessment, as a page: old answers, and below each the new ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from itti.assessments import answer_words, wayfinding
from itti.assessments import service as assessments
from itti.assessments.marks import note_words, why_words
from itti.carrying.service import Line, Preview
from itti.carrying.words import in_words, title
from itti.web.visits import Visit
from questionnaires.upgrading import Mark

_LOOKS: Final = {
    Mark.CARRIED: ("good", "check"),
    Mark.BY_RULE: ("info", "info"),
    Mark.LOOK_AGAIN: ("warn", "eye"),
    Mark.DROPPED: ("", "dash"),
    Mark.NEW: ("", "pen"),
    Mark.UNANSWERED: ("", "dash"),
}
"""Colour and sign of each mark; the word is always there too."""

_CHOICE: Final = "take-"
"""What the names of the fields begin with that say what happens to an answer in the way."""


@dataclass(frozen=True)
class Chip:
    """A mark with its colour and sign."""

    name: str
    tone: str
    sign: str
    count: int = 0


@dataclass(frozen=True)
class Before:
    """An old answer in words."""

    title: str
    words: str
    reason: str


@dataclass(frozen=True)
class Becomes:
    """What arrives at one question of the new version (or none)."""

    question: str
    title: str
    words: str
    chip: Chip
    why: str
    note: str
    reworded: bool
    own_reason: str
    """The reason that would stand there, where it is not simply the old one."""

    there: str
    """The answer in the way in words; empty where nothing is."""

    there_reason: str
    version: int | None
    replace: bool
    """Whether the reader chose to replace it."""

    href: str


@dataclass(frozen=True)
class Group:
    """Old answers, and all that comes of them."""

    olds: tuple[Before, ...]
    files: int
    rows: tuple[Becomes, ...]


@dataclass(frozen=True)
class Why:
    """A reason to look again, with how many answers it concerns."""

    words: str
    note: str
    count: int


def show(
    visit: Visit, plan: Preview, status: int = 200, mistake: str | None = None, posted: Mapping[str, str] | None = None
) -> Response:
    """Draw the page; ``posted`` are the choices made before, when it is drawn again with a mistake."""
    free = [line for line in plan.lines if line.to_write and line.in_the_way is None]
    marks = [line.mark for line in plan.lines]
    reasons = _reasons(visit, plan)
    return visit.show(
        "carrying/preview.html",
        status,
        assessment=plan.assessment,
        source=plan.source,
        factory=assessments.parties_of(visit.session, plan.assessment).factory,
        chips=[_chip(mark, marks.count(mark)) for mark in _LOOKS if mark in marks],
        reasons=reasons,
        reasons_beside=len(reasons) > 1,
        groups=_groups(visit, plan, posted or {}),
        open_titles=_open(visit, plan),
        conflicts=len(plan.conflicts),
        count=len(free),
        looks=sum(line.mark is Mark.LOOK_AGAIN for line in free),
        mistake=mistake,
    )


def choices(posted: Mapping[str, str]) -> tuple[dict[str, int], list[str]]:
    """What the form says about answers in the way: question → version to replace, and questions to keep."""
    overwrite: dict[str, int] = {}
    keep: list[str] = []
    for name, value in posted.items():
        if name.startswith(_CHOICE):
            question = name.removeprefix(_CHOICE)
            if value.isascii() and value.isdigit() and len(value) < 19:
                overwrite[question] = int(value)
            else:
                keep.append(question)
    return overwrite, keep


def _chip(mark: Mark, count: int = 0) -> Chip:
    return Chip(mark.value, *_LOOKS[mark], count)


def _answered(line: Line) -> bool:
    return any(old.answer.answered or old.answer.reason for old in line.carried.olds)


def _open(visit: Visit, plan: Preview) -> list[str]:
    """Titles of the questions to which nothing was answered before."""
    return [
        title(plan.new, visit.language, line.carried.question)
        for line in plan.lines
        if line.carried.question is not None and not _answered(line)
    ]


def _groups(visit: Visit, plan: Preview, posted: Mapping[str, str]) -> list[Group]:
    """By old answers, in the order of the new questionnaire; what is asked no more comes last."""
    places = {name: place for place, name in enumerate(wayfinding.order(plan.asked))}
    lines = sorted(filter(_answered, plan.lines), key=lambda line: places.get(line.carried.question or "", len(places)))
    found: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        found.setdefault(tuple(old.question for old in line.carried.olds), []).append(line)
    return [_group(visit, plan, members, posted) for members in found.values()]


def _group(visit: Visit, plan: Preview, lines: Sequence[Line], posted: Mapping[str, str]) -> Group:
    olds = tuple(
        Before(
            title(plan.old, visit.language, old.question),
            in_words(plan.old, visit.language, old.question, old.answer),
            old.answer.reason,
        )
        for old in lines[0].carried.olds
    )
    rows = tuple(_becomes(visit, plan, line, {old.reason for old in olds}, posted) for line in lines)
    return Group(olds, lines[0].files, rows)


def _becomes(visit: Visit, plan: Preview, line: Line, reasons: Iterable[str], posted: Mapping[str, str]) -> Becomes:
    carried, name = line.carried, line.carried.question or ""
    there = line.in_the_way
    return Becomes(
        question=name,
        title=title(plan.new, visit.language, name) if name else "",
        words=in_words(plan.new, visit.language, name, line.answer) if name else "",
        chip=_chip(line.mark),
        why="" if line.why is None else why_words(line.why, visit.language),
        note=note_words(carried.note or {}, visit.language),
        reworded=carried.reworded,
        own_reason="" if not name or line.answer.reason in reasons else line.answer.reason,
        there="" if there is None else answer_words.stored_words(plan.new, visit.language, there),
        there_reason="" if there is None else there.reason,
        version=None if there is None else there.version,
        replace=there is not None and posted.get(f"{_CHOICE}{name}") == str(there.version),
        href=_href(visit, plan, name) if name else "",
    )


def _href(visit: Visit, plan: Preview, name: str) -> str:
    """Where a question is answered; of an item that is not named yet the list in which it will be."""
    now = assessments.asked_of(visit.session, plan.assessment, plan.which.phase)
    shown = name if now.definition.question(name) is not None else name.partition(".")[0]
    return wayfinding.address(plan.assessment, now, shown, plan.which.phase, visit)


def _reasons(visit: Visit, plan: Preview) -> list[Why]:
    """Why answers have to be looked at, each reason once, the commonest first."""
    found: dict[tuple[str, str], int] = {}
    for line in plan.lines:
        if line.mark is Mark.LOOK_AGAIN and line.why is not None:
            key = (why_words(line.why, visit.language), note_words(line.carried.note or {}, visit.language))
            found[key] = found.get(key, 0) + 1
    whys = [Why(words, note, count) for (words, note), count in found.items()]
    return sorted(whys, key=lambda why: -why.count)
