"""The table of messages: an outbox."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.calendar.zones import Calendar
from itti.queue.rows import JobState, QueuedRow
from itti.schema import enum_column


class OutgoingMail(QueuedRow, table=True):
    """One message to one person, written in the transaction of the act that it tells of.

    Its words are set when it is sent, in the language it was posted in. ``done`` means: a server has accepted it.
    """

    __tablename__ = "outgoing_mail"

    state: JobState = Field(sa_column=enum_column(JobState, index=True))
    recipient_id: UUID | None = Field(default=None, foreign_key="user_account.id", index=True, ondelete="SET NULL")
    """Whom it is for; None: somebody without an account."""

    address: str = Field(max_length=254)
    """Where it goes; of somebody with an account the address at the time of posting."""

    name: str = Field(default="", max_length=200)
    """How it addresses the reader."""

    language: str = Field(max_length=8)
    time_zone: str | None = Field(default=None, max_length=64)
    """In which zone its reader reads; None: the programme's."""

    calendar: Calendar | None = Field(default=None, sa_column=enum_column(Calendar, nullable=True))
    """By which calendars; None: as the programme has it."""

    letter: str = Field(max_length=64)
    """Which one of :mod:`itti.mail.letters`."""

    details: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    """What fills its placeholders (:func:`itti.mail.letters.packed`); never a secret."""

    has_secret: bool = Field(default=False)
    """Whether its link lets its reader in."""

    secret: str | None = Field(default=None, max_length=1000)
    """Path with a secret in it, encrypted; gone once the message is sent or too late."""

    about: str | None = Field(default=None, max_length=200, unique=True)
    """What it tells of, so that nobody is told the same thing twice; None: each telling counts."""

    until: datetime
    """Later than this it is of no use, and is not sent any more."""

    created_at: datetime
    request_id: str = Field(max_length=64)

    @property
    def has_lost_its_secret(self) -> bool:
        """Whether it cannot be written any more, since its link is gone."""
        return self.has_secret and self.secret is None
