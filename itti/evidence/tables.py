"""The tables of evidence. Contents lie on the shelf under their SHA-256, never under a given name; notes lie here.

A piece of evidence belongs to one assessment, proves the answers to any number of its questions, and is kept in all
its revisions: a later file or wording takes the place of an earlier one and does not remove it.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.schema import Row, enum_column
from questionnaires.words import LONGEST_KEY

LONGEST_NOTE: Final = 10_000
"""Most characters of a note."""


class EvidenceKind(StrEnum):
    """What a piece of evidence is; its words are in the catalogue under ``evidence-kind.<name>``."""

    FILE = "file"
    INTERVIEW = "interview"
    """A note of what somebody said."""

    WALK = "walk"
    """A note of what was seen on the floor."""


class Evidence(Row, table=True):
    """A file or note that answers of one assessment rest on."""

    __tablename__ = "evidence"

    assessment_id: UUID = Field(foreign_key="assessment.id", index=True, ondelete="CASCADE")
    kind: EvidenceKind = Field(sa_column=enum_column(EvidenceKind))
    author_id: UUID = Field(foreign_key="user_account.id")
    created_at: datetime
    removed_at: datetime | None = None
    """When it was taken away from the assessment; rows and contents stay, for the record."""


class EvidenceRevision(Row, table=True):
    """One content that a piece of evidence had or has: the one with the highest number is in force."""

    __tablename__ = "evidence_revision"
    __table_args__ = (sa.UniqueConstraint("evidence_id", "number"),)

    evidence_id: UUID = Field(foreign_key="evidence.id", ondelete="CASCADE")
    number: int
    """From 1 on."""

    file_name: str = Field(max_length=200)
    """The name as given, cleaned of folders and control characters; for people only. Of notes, the name of the copy."""

    media_type: str = Field(max_length=100)
    """Decided from the content, not from the name."""

    size: int
    """In bytes."""

    sha256: str = Field(max_length=64, index=True)
    """Of the content as it is kept: of a photo, without what was stripped from it; of a note, of its text in UTF-8."""

    is_stripped: bool = False
    """Whether place, time and camera were removed from it."""

    text: str | None = Field(default=None, max_length=LONGEST_NOTE)
    """The text of a note; None: a file, or gone after its time."""

    seen_on: date | None = None
    """The day of the interview or walk that a note is of."""

    author_id: UUID = Field(foreign_key="user_account.id")
    created_at: datetime
    expired_at: datetime | None = Field(default=None, index=True)
    """When its time to be kept ended: from then on nobody gets the content any more."""

    erased_at: datetime | None = None
    """When its content was seen to be gone from the shelf."""


class EvidenceLink(Row, table=True):
    """That a piece of evidence is used for a question; the row goes when it is used for it no more."""

    __tablename__ = "evidence_link"
    __table_args__ = (sa.UniqueConstraint("evidence_id", "question"),)

    evidence_id: UUID = Field(foreign_key="evidence.id", ondelete="CASCADE")
    question: str = Field(max_length=LONGEST_KEY)
    author_id: UUID = Field(foreign_key="user_account.id")
    created_at: datetime
