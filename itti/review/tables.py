"""The table of contents that were fixed: what exactly stood there when an assessment was submitted, or approved."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.schema import Row, enum_column


class ContentMoment(StrEnum):
    """When a content was fixed."""

    SUBMITTED = "submitted"
    APPROVED = "approved"


class FixedContent(Row, table=True):
    """Everything that a decision rests on, as short digests, at one moment."""

    __tablename__ = "fixed_content"

    assessment_id: UUID = Field(foreign_key="assessment.id", index=True, ondelete="CASCADE")
    moment: ContentMoment = Field(sa_column=enum_column(ContentMoment))
    digest: str = Field(max_length=64)
    """SHA-256 of the manifest, hexadecimal."""

    manifest: str = Field(sa_type=sa.Text)
    """The manifest in canonical JSON (:class:`itti.review.content.Content`)."""

    fixed_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    at: datetime
