"""The record as people meet it: its head, its acts, and proofs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.accounts import service as accounts
from itti.accounts.roles import require
from itti.accounts.tables import Role
from itti.acts import Act
from itti.assessments import reading
from itti.audit.sequencing import newest_head, waiting
from itti.audit.tables import Event, RecordHead
from itti.certificates import register
from itti.certificates.office import Office
from itti.certificates.recorded import RecordedEntry, recorded
from itti.certificates.tables import Certificate
from itti.http.paging import Paging, Slice, sorted_cut


@dataclass(frozen=True)
class Standing:
    """How the record stands."""

    head: RecordHead | None
    """None: no act was ever taken in."""

    key: str
    """Its public key."""

    waiting: int
    oldest: datetime | None
    """How many acts wait to be taken into the tree, and the time of the oldest: what the promise is measured by."""


class ActSort(StrEnum):
    """Orders of the acts on record."""

    EARLIEST = "at"
    LATEST = "-at"


_ORDERS: Final = {"at": (col(Event.id),)}
"""Acts are numbered as they are done."""


@dataclass(frozen=True)
class Filters:
    """Which acts to show; None: all of them."""

    person: str | None = None
    """Id or e-mail address."""

    thing: str | None = None
    """Id of the thing, or of the assessment that the act belongs to."""

    action: str | None = None
    day: date | None = None
    """In UTC."""

    since: datetime | None = None
    """From this moment on."""

    until: datetime | None = None
    """Before this moment."""


def standing(session: Session, office: Office) -> Standing:
    """How the record stands; public.

    Raises:
        RecordKeyUnusable: the key cannot be read.
    """
    count, oldest = waiting(session)
    return Standing(newest_head(session), str(office.record_signer.verifier), count, oldest)


def entry(session: Session, office: Office, number: str) -> tuple[Certificate, RecordedEntry]:
    """A certificate with all acts on it, proven; public.

    Raises:
        NoSuchCertificate: there is none.
    """
    found = register.entry(session, number)
    return found, recorded(session, office, found)


def acts(session: Session, act: Act, filters: Filters, paging: Paging, sort: ActSort = ActSort.LATEST) -> Slice[Event]:
    """All acts, the newest first by default. Programme office.

    Raises:
        SignInNeeded, WrongRole: not for this person.
    """
    require(act, Role.PROGRAMME)
    statement = select(Event)
    if filters.person is not None:
        statement = statement.where(Event.actor_id == _person(session, filters.person))
    if filters.thing is not None:
        same = [col(Event.subject_id) == filters.thing]
        if (identifier := _identifier(filters.thing)) is not None:
            same.append(col(Event.assessment_id) == identifier)
        statement = statement.where(sa.or_(*same))
    if filters.action is not None:
        statement = statement.where(Event.action == filters.action)
    if filters.day is not None:
        start = datetime.combine(filters.day, time(), UTC)
        statement = statement.where(Event.at >= start, Event.at < start + timedelta(days=1))
    if filters.since is not None:
        statement = statement.where(Event.at >= filters.since)
    if filters.until is not None:
        statement = statement.where(Event.at < filters.until)
    return sorted_cut(session, statement, sort, _ORDERS, paging)


def acts_of_assessment(
    session: Session, act: Act, identifier: UUID, paging: Paging, sort: ActSort = ActSort.LATEST
) -> Slice[Event]:
    """The acts that belong to an assessment, the newest first by default; for whoever may read the assessment.

    Raises:
        SignInNeeded: a stranger asks.
        NoSuchAssessment: none, or none for this person.
    """
    one = reading.assessment(session, act, identifier)
    statement = select(Event).where(Event.assessment_id == one.id)
    return sorted_cut(session, statement, sort, _ORDERS, paging)


def _person(session: Session, text: str) -> UUID | None:
    """The id of a person; one that nobody has where there is no such person."""
    if (identifier := _identifier(text)) is not None:
        return identifier
    found = accounts.user_by_email(session, text)
    return UUID(int=0) if found is None else found.id


def _identifier(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None
