"""The table of the audit record: append only."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Event(SQLModel, table=True):
    """One act: who did what to which subject, when, and in which request."""

    __tablename__ = "event"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    actor_id: UUID | None = Field(default=None, index=True)
    actor_role: str | None = Field(default=None, max_length=24)
    action: str = Field(max_length=64)
    """``noun.past-participle``, e.g. ``factory.registered``."""

    subject: str = Field(max_length=64)
    """Table name of the thing acted on."""

    subject_id: str = Field(max_length=64, index=True)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    request_id: str = Field(max_length=64)
