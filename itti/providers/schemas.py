"""What the API gives about sign-ins elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from itti.providers.tables import LinkedIdentity


class IdentityView(BaseModel):
    """One of one's own sign-ins elsewhere."""

    id: UUID = Field(description="Its id.", examples=["5f9c2d4e-8f0b-4b52-9b61-0f6f5f5a7f10"])
    provider: str = Field(description="Name of the provider in the settings.", examples=["uae-pass"])
    created_at: datetime = Field(description="When it was linked.", examples=["2026-11-22T08:00:00Z"])
    last_used_at: datetime | None = Field(
        description="When it last let its owner in.", examples=["2026-11-22T09:00:00Z"]
    )

    @classmethod
    def of(cls, row: LinkedIdentity) -> Self:
        """As the API shows it."""
        return cls.model_validate(row, from_attributes=True)
