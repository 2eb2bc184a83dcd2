"""The front door of this room: posting messages, and the office's view of the outbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.accounts.roles import require
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.audit.service import record
from itti.calendar.zones import Calendar
from itti.http.paging import Paging, Slice, cut
from itti.mail.errors import MessageNotWaiting, MessageTooLate, NoSuchMessage
from itti.mail.letters import LETTERS, packed
from itti.mail.tables import OutgoingMail
from itti.programme import day_of
from itti.queue.claims import ask_again
from itti.queue.rows import JobState
from questionnaires.wording import LANGUAGES

LIFE: Final = timedelta(days=5)
"""How long a message is tried where its letter does not say."""

PATH: Final = "path"
"""The detail that holds where the link leads to, unless that is secret."""


@dataclass(frozen=True)
class Recipient:
    """Whom a message is for."""

    address: str
    name: str = ""
    language: str | None = None
    user_id: UUID | None = None
    time_zone: str | None = None
    calendar: Calendar | None = None

    @classmethod
    def of(cls, user: User) -> Recipient:
        """Somebody with an account, by the name of the language read."""
        arabic = user.name_ar if user.language == "ar" else None
        return cls(user.email, arabic or user.name, user.language, user.id, user.time_zone, user.calendar)


@dataclass(frozen=True)
class Letter:
    """What a message says, but for its words."""

    name: str
    """One of :data:`itti.mail.letters.LETTERS`."""

    details: Mapping[str, object] = field(default_factory=dict)
    """What fills its placeholders: text, whole numbers, dates and moments, ``{"en": …, "ar": …}``. No secrets."""

    path: str | None = None
    """Where its link leads to, from the root of the service."""

    secret: str | None = None
    """The same, for a link that lets its reader in (:func:`itti.mail.secrets.locked`)."""

    about: str | None = None
    """What it tells of, so that nobody is told the same thing twice; None: each telling counts."""

    life: timedelta = LIFE
    """How long it is of use."""


def post(session: Session, act: Act, to: Recipient, letter: Letter) -> OutgoingMail | None:
    """Put a message into the outbox, in the transaction of what it tells of: both happen, or neither.

    Returns:
        the message; None: this was told before.
    """
    assert letter.name in LETTERS, letter.name  # noqa: S101 - a mistake in this project
    told = select(OutgoingMail.id).where(OutgoingMail.about == letter.about)
    if letter.about is not None and session.exec(told).first() is not None:
        return None
    details = {key: packed(value) for key, value in letter.details.items()}
    row = OutgoingMail(
        state=JobState.WAITING,
        next_try=act.at,
        recipient_id=to.user_id,
        address=to.address,
        name=to.name,
        language=to.language if to.language in LANGUAGES else LANGUAGES[0],
        time_zone=to.time_zone,
        calendar=to.calendar,
        letter=letter.name,
        details=details if letter.path is None else {**details, PATH: letter.path},
        has_secret=letter.secret is not None,
        secret=letter.secret,
        about=letter.about,
        until=act.at + letter.life,
        created_at=act.at,
        request_id=act.request_id,
    )
    session.add(row)
    session.flush()
    return row


def outbox(session: Session, act: Act, paging: Paging, state: JobState | None = None) -> Slice[OutgoingMail]:
    """The messages, the newest first. Programme office.

    Raises:
        SignInNeeded, WrongRole: not for this person.
        MalformedCursor: ``paging`` was not made here.
    """
    require(act, Role.PROGRAMME)
    statement = select(OutgoingMail)
    if state is not None:
        statement = statement.where(OutgoingMail.state == state)
    keys = (col(OutgoingMail.created_at), col(OutgoingMail.id))
    return cut(session, statement, keys, paging, descending=True)


def failures(session: Session, act: Act) -> int:
    """How many messages were given up. Programme office."""
    require(act, Role.PROGRAMME)
    statement = select(sa.func.count(col(OutgoingMail.id)))
    return session.exec(statement.where(col(OutgoingMail.state) == JobState.FAILED)).one()


def retry(session: Session, act: Act, identifier: UUID) -> OutgoingMail:
    """Have a message tried again that was given up, or waits for its next try; it gets a life anew.

    Raises:
        SignInNeeded, WrongRole: not for this person.
        NoSuchMessage: there is none.
        MessageNotWaiting: it is sent, or on its way.
        MessageTooLate: its link lets nobody in any more.
    """
    require(act, Role.PROGRAMME)
    row = session.get(OutgoingMail, identifier, with_for_update=True)
    if row is None:
        raise NoSuchMessage(message=str(identifier))
    if row.state not in {JobState.FAILED, JobState.WAITING}:
        raise MessageNotWaiting(address=row.address)
    if row.has_lost_its_secret:
        raise MessageTooLate(until=day_of(session, row.until).isoformat())
    ask_again(row, act.at)
    row.until = max(row.until, act.at + LIFE)
    session.add(row)
    record(session, act, "message.retried", "outgoing_mail", row.id, letter=row.letter)
    session.flush()
    return row


def message(session: Session, identifier: UUID) -> OutgoingMail:
    """One message; for the command line.

    Raises:
        NoSuchMessage: there is none.
    """
    row = session.get(OutgoingMail, identifier)
    if row is None:
        raise NoSuchMessage(message=str(identifier))
    return row


def waiting(session: Session) -> Sequence[OutgoingMail]:
    """What is not sent yet, the oldest first; for the command line."""
    statement = select(OutgoingMail).where(col(OutgoingMail.state) != JobState.DONE)
    return session.exec(statement.order_by(col(OutgoingMail.created_at))).all()
