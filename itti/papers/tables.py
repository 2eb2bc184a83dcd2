"""Tables of the papers on their way."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.schema import Row, enum_column


class PreparationState(StrEnum):
    """Whether the certificate of an approved assessment is in the register yet."""

    PREPARING = "preparing"
    """Its papers are being made; the register does not know the number."""

    ISSUED = "issued"
    """All papers are stored, and the certificate is in the register."""


class Preparation(Row, table=True):
    """What an approval stores: everything its papers state, so that they are the same whenever they are made."""

    __tablename__ = "preparation"

    number: str = Field(max_length=40, unique=True)
    """Number of the certificate to come."""

    assessment_id: UUID = Field(foreign_key="assessment.id", unique=True)
    factory_id: UUID = Field(foreign_key="factory.id", index=True)
    family: str = Field(max_length=64)
    state: PreparationState = Field(sa_column=enum_column(PreparationState, index=True))
    frozen: str = Field(sa_type=sa.Text)
    """What the papers are made from as JSON: :class:`itti.papers.freezing.Frozen`."""

    approved_by: UUID = Field(foreign_key="user_account.id")
    approved_at: datetime
    request_id: str = Field(max_length=64)
    """Of the approval; the record of the certificate names it too."""


class JobState(StrEnum):
    """How far one paper is; words under ``job.<name>``."""

    WAITING = "waiting"
    """For its turn, or for the time of the next try."""

    WORKING = "working"
    """Some process has claimed it, until the claim ends."""

    DONE = "done"
    """Sealed and stored."""

    FAILED = "failed"
    """Nothing more happens before the programme office asks for it."""


class PaperJob(Row, table=True):
    """One paper of a preparation, in one language."""

    __tablename__ = "paper_job"
    __table_args__ = (sa.UniqueConstraint("preparation_id", "language"),)

    preparation_id: UUID = Field(foreign_key="preparation.id", index=True)
    language: str = Field(max_length=8)
    state: JobState = Field(sa_column=enum_column(JobState, index=True))
    attempts: int = Field(default=0)
    """How often it was claimed since the approval, or since the office last asked for it."""

    breakdowns: int = Field(default=0)
    """How many of these tries ended without an answer, or in a way nobody foresaw."""

    next_try: datetime
    """Not before; of a job that waits."""

    claim: UUID | None = Field(default=None)
    """Name of the claim of whoever works on it; whoever else finishes it, hands in for nothing."""

    claimed_until: datetime | None = Field(default=None)
    """The claim ends then unless it is renewed."""

    started_at: datetime | None = Field(default=None)
    ended_at: datetime | None = Field(default=None)
    """Of the last try."""

    reason: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    """Why the last try failed: ``room``, ``code`` and ``details`` of the fault; None: it did not."""

    sha256: str | None = Field(default=None, max_length=64)
    """Of the sealed paper on the shelf, once it is done."""

    size: int | None = Field(default=None)
