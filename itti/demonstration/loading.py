"""Loading the demonstration: all courses of events are told together, in the order of time."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from itti.accounts import service as accounts_service
from itti.accounts.tables import Role
from itti.assessments.service import questionnaire
from itti.certificates.office import Office
from itti.demonstration.data import Assessor, Course, Language, Person, courses, people, sites
from itti.demonstration.errors import DatabaseInUse
from itti.demonstration.reasons import Pen
from itti.demonstration.stage import FAMILY, Stage, body_joins, factory_joins, founding
from itti.demonstration.story import PLANNED, Story
from itti.settings import Settings

_JOINS_BEFORE: Final = 12
"""How many days before its first assessment is planned a factory is registered."""


@dataclass(frozen=True)
class DemonstrationAccount:
    """An account that can sign in."""

    email: str
    password: str
    role: Role
    name: str
    language: Language
    """What the pages speak after signing in."""

    lapsed: bool = False
    """True for an assessor who is no longer accredited, and so can neither assess nor review."""


def accounts() -> tuple[DemonstrationAccount, ...]:
    """All accounts of the demonstration: programme office, assessors, factories."""
    found = people()
    groups = (
        (Role.PROGRAMME, found.programme),
        (Role.ASSESSOR, [assessor for body in found.bodies for assessor in body.assessors]),
        (Role.FACTORY, [person for site in sites() for person in site.people]),
    )
    return tuple(
        DemonstrationAccount(person.email, found.password, role, person.name, person.language, _has_lapsed(person))
        for role, members in groups
        for person in members
    )


def _has_lapsed(person: Person) -> bool:
    return isinstance(person, Assessor) and all(span.until < 0 for span in person.accredited)


def is_loaded(session: Session) -> bool:
    """Whether the demonstration is in this database."""
    found = accounts_service.user_by_email(session, people().programme[0].email)
    return found is not None and found.demonstration


def load(session: Session, settings: Settings, today: date, report: Callable[[int, int], None]) -> None:
    """Fill an empty database; takes half a minute, nearly all of it for certificates.

    Args:
        session: a writing session; nothing is committed.
        settings: where files and keys lie, and how certificates are issued.
        today: the day the history leads up to; all of it lies before, apart from what is planned.
        report: is told how many assessments are done, of how many.

    Raises:
        DatabaseInUse: the database has people in it.
    """
    load_courses(session, settings, today, report, courses())


def load_courses(
    session: Session, settings: Settings, today: date, report: Callable[[int, int], None], chosen: Sequence[Course]
) -> None:
    """:func:`load` with all people and factories, and some of the assessments."""
    if accounts_service.people(session):
        raise DatabaseInUse
    stage = Stage(session, settings, Office(settings), today)
    arrivals, stories = _arrivals(stage), _stories(stage, chosen)
    report(0, len(stories))
    told = 0
    for number in _together([*arrivals, *(story.tell() for story in stories)]):
        if number >= len(arrivals):
            told += 1
            report(told, len(stories))


def _stories(stage: Stage, chosen: Sequence[Course]) -> list[Story]:
    by_id = {site.id: site for site in sites()}
    pen = Pen()
    made = []
    for number, course in enumerate(chosen):
        definition = questionnaire(FAMILY, course.version).definition
        story = Story(stage, by_id[course.factory], course, number, definition)
        story.choose_words(pen)
        made.append(story)
    return made


def _arrivals(stage: Stage) -> list[Iterator[datetime]]:
    first = {
        site.id: min(course.visit for course in courses() if course.factory == site.id) + PLANNED for site in sites()
    }
    return [
        founding(stage),
        *(body_joins(stage, body) for body in people().bodies),
        *(factory_joins(stage, site, first[site.id] - _JOINS_BEFORE) for site in sites()),
    ]


def _together(told: Sequence[Iterator[datetime]]) -> Iterator[int]:
    """Let all iterators go on in the order of the moments they yield; yields the number of each that has ended."""
    waiting = [(next(each), number) for number, each in enumerate(told)]
    heapq.heapify(waiting)
    while waiting:
        _, number = waiting[0]
        try:
            heapq.heapreplace(waiting, (next(told[number]), number))
        except StopIteration:
            heapq.heappop(waiting)
            yield number
