"""The tables of the audit record: acts, the tree over them, and its signed heads. All are append only.

Of a row of acts two things change after it was written: its place in the tree is entered, once; and its details may be
erased (:func:`itti.audit.service.forget`), which the tree survives.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

TOLD: Final = "event.action IN ('assessment.planned', 'assessment.moved', 'certificate.issued', 'papers.failed')"
"""Acts that programs are told of (:mod:`itti.events`). Spelled as in the index below, so that it serves."""


class Event(SQLModel, table=True):
    """One act: who did what to which subject, when, and in which request."""

    __tablename__ = "event"
    __table_args__ = (
        sa.Index("ix_event_position", "position", unique=True),
        sa.Index("ix_event_at", "at"),
        sa.Index(
            "ix_event_waiting",
            "id",
            sqlite_where=sa.text("position IS NULL"),
            postgresql_where=sa.text("position IS NULL"),
        ),
        sa.Index(
            "ix_event_told",
            "position",
            sqlite_where=sa.text(TOLD.removeprefix("event.")),
            postgresql_where=sa.text(TOLD.removeprefix("event.")),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    actor_id: UUID | None = Field(default=None, index=True)
    actor_role: str | None = Field(default=None, max_length=24)
    action: str = Field(max_length=64)
    """``noun.past-participle``, e.g. ``factory.registered``."""

    subject: str = Field(max_length=64)
    """Table name of the thing acted on."""

    subject_id: str = Field(max_length=64, index=True)
    assessment_id: UUID | None = Field(default=None, index=True)
    """The assessment that the act belongs to, if it does: so people find the acts on their own."""

    details: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    salt: str | None = Field(default=None, max_length=32)
    """Random, hexadecimal: keeps the details from being guessed by their digest. None: the details were erased."""

    details_digest: str = Field(max_length=64)
    """:func:`reports.recorded.details_digest`; the tree holds this and not the details."""

    request_id: str = Field(max_length=64)
    position: int | None = Field(default=None)
    """Place in the tree, from 0; None until the act is taken into it."""


class RecordTile(SQLModel, table=True):
    """Up to 256 hashes of complete subtrees, side by side; a full tile never changes again."""

    __tablename__ = "record_tile"

    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """0: hashes of leaves; each level stands for 256 times as many leaves as the one below."""

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hashes: bytes = Field(sa_type=sa.LargeBinary)


class RecordHead(SQLModel, table=True):
    """A signed head of the tree."""

    __tablename__ = "record_head"

    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """How many acts it covers."""

    root: str = Field(max_length=64)
    """Hexadecimal."""

    note: str = Field(sa_type=sa.Text)
    """The head as it is given out (:mod:`reports.notes`)."""

    signed_at: datetime
    """The time in the signature, in whole seconds; never before that of the head before."""

    clock: datetime
    """What the clock of the machine showed: it may have been set back."""
