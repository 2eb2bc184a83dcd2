"""What the API gives about evidence."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from itti.evidence.tables import EvidenceFile

_ID = "0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11"


class EvidenceView(BaseModel):
    """A file attached to a question."""

    id: UUID = Field(description="Id of the file.", examples=[_ID])
    assessment_id: UUID = Field(description="The assessment.", examples=[_ID])
    question: str = Field(description="Id of the question.", examples=["maintenance"])
    file_name: str = Field(description="Name as sent, cleaned.", examples=["work orders, line 2.pdf"])
    media_type: str = Field(description="Type, decided from the content.", examples=["application/pdf"])
    size: int = Field(description="Size in bytes.", examples=[183_204])
    sha256: str = Field(description="SHA-256 of the content, hexadecimal.", examples=["9f2c" * 16])
    author_id: UUID = Field(description="Who attached it.", examples=[_ID])
    created_at: datetime = Field(description="When (UTC).", examples=["2026-11-22T08:15:00Z"])

    @classmethod
    def of(cls, row: EvidenceFile) -> Self:
        """As the API shows ``row``."""
        return cls.model_validate(row, from_attributes=True)
