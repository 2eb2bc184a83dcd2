"""The table of evidence files. Contents lie in the data folder under their SHA-256, never under a given name."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from itti.schema import LONGEST_KEY, Row


class EvidenceFile(Row, table=True):
    """A file attached to one question of one assessment."""

    __tablename__ = "evidence_file"

    assessment_id: UUID = Field(foreign_key="assessment.id", index=True, ondelete="CASCADE")
    question: str = Field(max_length=LONGEST_KEY)
    file_name: str = Field(max_length=200)
    """The name as given, cleaned of folders and control characters; for people only."""

    media_type: str = Field(max_length=100)
    """Decided from the content, not from the name."""

    size: int
    sha256: str = Field(max_length=64, index=True)
    author_id: UUID = Field(foreign_key="user_account.id")
    created_at: datetime
    removed_at: datetime | None = None
