"""Tables of the papers on their way."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.queue.rows import JobState, QueuedRow
from itti.schema import Row, enum_column
from reports.report import Form


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

    content_sha256: str | None = Field(default=None, max_length=64)
    """Digest of exactly what was approved (:mod:`itti.review.content`); None: approved before there was one."""

    settled_at: datetime | None = Field(default=None)
    """When that was settled which takes too long for an approval, once for all papers; None: not yet."""

    levers: str | None = Field(default=None, sa_type=sa.Text)
    """What would lift the headline, as JSON (:class:`~scoring.proposals.Levers`); None: none yet, or none to be had."""

    credential: str | None = Field(default=None, sa_type=sa.Text)
    """The signed credential that the papers carry; None: not settled, or a key that signs none."""

    approved_by: UUID = Field(foreign_key="user_account.id")
    approved_at: datetime
    request_id: str = Field(max_length=64)
    """Of the approval; the record of the certificate names it too."""


class PaperJob(QueuedRow, table=True):
    """One paper of a preparation, in one form and language."""

    __tablename__ = "paper_job"
    __table_args__ = (sa.UniqueConstraint("preparation_id", "language", "form"),)

    preparation_id: UUID = Field(foreign_key="preparation.id", index=True)
    language: str = Field(max_length=8)
    form: Form = Field(default=Form.FULL, sa_column=enum_column(Form))
    state: JobState = Field(sa_column=enum_column(JobState, index=True))
    sha256: str | None = Field(default=None, max_length=64)
    """Of the sealed paper on the shelf, once it is done."""

    size: int | None = Field(default=None)
