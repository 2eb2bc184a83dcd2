"""What the API gives about messages."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from itti.mail.tables import OutgoingMail
from itti.queue.claims import said
from itti.queue.rows import JobState


class MessageView(BaseModel):
    """A message of the outbox, without its words."""

    id: UUID = Field(description="Its name.", examples=["0b9f6d0e-53a4-4f0e-9f2c-0d6f5f0f7a11"])
    letter: str = Field(description="Which letter it is.", examples=["test"])
    address: str = Field(description="Where it goes.", examples=["noura@factory.example"])
    language: str = Field(description="In which language.", examples=["ar"])
    state: JobState = Field(
        description="`waiting`, `working`, `done` (a server has accepted it), `failed` (given up).", examples=["done"]
    )
    attempts: int = Field(description="How often sending was tried.", examples=[1])
    created_at: datetime = Field(description="When it was posted (UTC).", examples=["2026-11-22T08:00:00Z"])
    ended_at: datetime | None = Field(description="When the last try ended (UTC).", examples=["2026-11-22T08:00:01Z"])
    next_try: datetime | None = Field(
        description="Not before this time (UTC); null unless it waits.", examples=["2026-11-22T08:00:30Z"]
    )
    until: datetime = Field(description="It is not sent any more after this (UTC).", examples=["2026-11-27T08:00:00Z"])
    code: str | None = Field(description="Code of the fault that ended the last try.", examples=["mail-server-away"])
    reason: str | None = Field(description="What that fault says, in the language of the reader.", examples=[None])

    @classmethod
    def of(cls, row: OutgoingMail, language: str) -> Self:
        """As the API shows ``row``."""
        return cls(
            id=row.id,
            letter=row.letter,
            address=row.address,
            language=row.language,
            state=row.state,
            attempts=row.attempts,
            created_at=row.created_at,
            ended_at=row.ended_at,
            next_try=row.next_try if row.state is JobState.WAITING else None,
            until=row.until,
            code=row.reason["code"] if row.reason else None,
            reason=said(row.reason, language),
        )
