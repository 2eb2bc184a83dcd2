"""Tables of webhooks and of what is delivered to them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.accounts.tables import Role
from itti.queue.rows import JobState, QueuedRow
from itti.schema import Row, enum_column


class Webhook(Row, table=True):
    """An address that is told of events: of the programme office, of an assessment body or of a factory."""

    __tablename__ = "webhook"

    role: Role = Field(sa_column=enum_column(Role))
    body_id: UUID | None = Field(default=None, foreign_key="assessment_body.id", index=True)
    factory_id: UUID | None = Field(default=None, foreign_key="factory.id", index=True)
    """Whose it is; of the programme office where both are None."""

    label: str = Field(max_length=100)
    address: str = Field(max_length=500)
    kinds: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    """Names of the events it wants (:class:`itti.events.kinds.EventKind`); empty: all."""

    secret: str = Field(max_length=500)
    """What signs, encrypted (:mod:`itti.locks`)."""

    earlier_secret: str | None = Field(default=None, max_length=500)
    earlier_until: datetime | None = None
    """The secret before a rotation, which signs too until then."""

    place: int
    """Events of the record before this place have become deliveries."""

    paused_at: datetime | None = None
    """None: it is called. While it rests nothing is lost: events wait in the record."""

    version: int = 1
    """Rises with each change that its readers see, and not with ``place``."""

    created_by: UUID = Field(foreign_key="user_account.id")
    created_at: datetime


class Delivery(QueuedRow, table=True):
    """One event on its way to one webhook."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (sa.UniqueConstraint("webhook_id", "event"),)

    state: JobState = Field(sa_column=enum_column(JobState, index=True))
    webhook_id: UUID = Field(foreign_key="webhook.id", index=True, ondelete="CASCADE")
    event: str = Field(max_length=64)
    """Name of the event: ``webhook-id`` of every try."""

    place: int
    """Of the event in the record."""

    kind: str = Field(max_length=64)
    content: str = Field(sa_type=sa.Text)
    """What is sent, byte for byte at every try."""

    status: int | None = None
    """HTTP status of the last answer; None: there was none."""

    created_at: datetime
