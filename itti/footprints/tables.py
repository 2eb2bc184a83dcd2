"""Tables of footprints, of the partners they are shared with, and of what is sent to and fro."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.footprints.product import Standing
from itti.queue.rows import JobState, QueuedRow
from itti.schema import Row, enum_column

_ONE_OWNER = "(body_id IS NULL) <> (factory_id IS NULL)"


class Origin(StrEnum):
    """Where a footprint comes from."""

    ENTERED = "entered"
    """Its owner declared it."""

    COMPUTED = "computed"
    """Counted here, from an inventory that is kept with it."""


class KeyKind(StrEnum):
    """By what lists of footprints are narrowed."""

    PRODUCT = "product"
    COMPANY = "company"
    CLASSIFICATION = "classification"


class EventName(StrEnum):
    """What an event between partners says."""

    PUBLISHED = "published"
    REQUESTED = "requested"
    FULFILLED = "fulfilled"
    REJECTED = "rejected"


class StoredFootprint(Row, table=True):
    """A footprint of a body or a factory. Of its columns only the status ever changes."""

    __tablename__ = "product_footprint"
    __table_args__ = (sa.CheckConstraint(_ONE_OWNER, name="one_owner"),)

    body_id: UUID | None = Field(default=None, foreign_key="assessment_body.id", index=True)
    factory_id: UUID | None = Field(default=None, foreign_key="factory.id", index=True)
    """Whose it is."""

    origin: Origin = Field(sa_column=enum_column(Origin))
    status: Standing = Field(sa_column=enum_column(Standing))
    geography: str | None = Field(default=None, max_length=64)
    """Region, country or part of one, in small letters; None: the world."""

    valid_from: datetime
    valid_until: datetime
    content: str = Field(sa_type=sa.Text)
    """As it travels, but for its status: :class:`itti.footprints.product.ProductFootprint` as JSON."""

    inventory: str | None = Field(default=None, sa_type=sa.Text)
    calculation: str | None = Field(default=None, sa_type=sa.Text)
    """Of a computed one: what it was counted from, and how (:class:`scoring.footprint.Footprint`), as JSON."""

    replaces: UUID | None = Field(default=None, foreign_key="product_footprint.id", unique=True)
    """Which one it took the place of."""

    created_by: UUID = Field(foreign_key="user_account.id")
    created_at: datetime = Field(index=True)
    deprecated_at: datetime | None = None


class FootprintKey(Row, table=True):
    """One id or class of a footprint, by which it is found."""

    __tablename__ = "footprint_key"
    __table_args__ = (sa.Index("ix_footprint_key_kind_value", "kind", "value"),)

    footprint_id: UUID = Field(foreign_key="product_footprint.id", index=True, ondelete="CASCADE")
    kind: KeyKind = Field(sa_column=enum_column(KeyKind))
    value: str = Field(max_length=500)
    """Case-folded."""


class Partner(Row, table=True):
    """Somebody whom a body or factory exchanges footprints with."""

    __tablename__ = "footprint_partner"
    __table_args__ = (
        sa.CheckConstraint(_ONE_OWNER, name="one_owner"),
        sa.CheckConstraint("party_body_id IS NULL OR party_factory_id IS NULL", name="one_party"),
    )

    body_id: UUID | None = Field(default=None, foreign_key="assessment_body.id", index=True)
    factory_id: UUID | None = Field(default=None, foreign_key="factory.id", index=True)
    """Whose partner it is."""

    name: str = Field(max_length=200)
    party_body_id: UUID | None = Field(default=None, foreign_key="assessment_body.id", index=True)
    party_factory_id: UUID | None = Field(default=None, foreign_key="factory.id", index=True)
    """The body or factory of the programme that it is; both None: somebody outside."""

    machine_id: UUID | None = Field(default=None, foreign_key="machine.id", unique=True, ondelete="SET NULL")
    """By which it signs in here. None: it does not, or the data of who entered it were erased."""

    base_url: str = Field(default="", max_length=500)
    token_url: str = Field(default="", max_length=500)
    client_id: str = Field(default="", max_length=200)
    client_secret: str = Field(default="", max_length=1000)
    """Its own service, and by what we sign in there; the secret is encrypted (:mod:`itti.locks`). Empty: none."""

    created_by: UUID = Field(foreign_key="user_account.id")
    created_at: datetime
    ended_at: datetime | None = None

    @property
    def reachable(self) -> bool:
        """Whether events can be sent to it."""
        return bool(self.base_url) and self.ended_at is None


class FootprintShare(Row, table=True):
    """That a partner may read a footprint."""

    __tablename__ = "footprint_share"
    __table_args__ = (sa.UniqueConstraint("footprint_id", "partner_id"),)

    footprint_id: UUID = Field(foreign_key="product_footprint.id", index=True, ondelete="CASCADE")
    partner_id: UUID = Field(foreign_key="footprint_partner.id", index=True, ondelete="CASCADE")
    shared_at: datetime


class FootprintEvent(Row, table=True):
    """An event that a partner sent."""

    __tablename__ = "footprint_event"
    __table_args__ = (sa.UniqueConstraint("partner_id", "source", "event"),)

    partner_id: UUID = Field(foreign_key="footprint_partner.id", index=True, ondelete="CASCADE")
    source: str = Field(max_length=500)
    event: str = Field(max_length=200)
    """Together the name of the event (CloudEvents 1.0)."""

    name: EventName = Field(sa_column=enum_column(EventName))
    content: str = Field(sa_type=sa.Text)
    """The event as it came, as JSON."""

    received_at: datetime


class FootprintMessage(QueuedRow, table=True):
    """An event on its way to a partner."""

    __tablename__ = "footprint_message"

    state: JobState = Field(sa_column=enum_column(JobState, index=True))
    partner_id: UUID = Field(foreign_key="footprint_partner.id", index=True, ondelete="CASCADE")
    name: EventName = Field(sa_column=enum_column(EventName))
    content: str = Field(sa_type=sa.Text)
    """What is sent, byte for byte at every try."""

    status: int | None = None
    """HTTP status of the last answer; None: there was none."""

    created_at: datetime
