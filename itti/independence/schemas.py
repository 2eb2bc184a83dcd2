"""What the API takes and gives about engagements and declarations."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from itti.http.fields import Input, Prose, RequiredProse
from itti.independence.tables import Declaration, Engagement, Tie

_ID = "5f9c2d4e-8f0b-4b52-9b61-0f6f5f5a7f10"


class Whose(StrEnum):
    """Whose tie is declared."""

    PERSON = "person"
    BODY = "body"


class TieInput(Input):
    """One thing that ties the person, or their body, to the factory."""

    tie: Tie = Field(description="What it is.", examples=["advised"])
    whose: Whose = Field(Whose.PERSON, description="The person's own, or their assessment body's.")
    until: date | None = Field(None, description="Last day of it; null: it goes on.", examples=["2026-03-31"])


class DeclarationInput(Input):
    """What somebody declares before acting in an assessment."""

    ties: Annotated[tuple[TieInput, ...], Field(max_length=50)] = Field(
        description="Everything that ties one or one's body to the factory; an empty list says: nothing does."
    )


class DeclarationView(BaseModel):
    """A declaration as it was given."""

    id: UUID = Field(description="Id.", examples=[_ID])
    user_id: UUID = Field(description="Who declared.", examples=[_ID])
    at: datetime = Field(description="When (UTC).", examples=["2026-11-22T08:15:00Z"])
    ties: list[TieInput] = Field(description="What was declared; empty: nothing ties them.")

    @classmethod
    def of(cls, declaration: Declaration, engagements: list[Engagement]) -> Self:
        """As the API shows a declaration."""
        ties = [
            TieInput(tie=each.tie, whose=Whose.BODY if each.body_id else Whose.PERSON, until=each.until)
            for each in engagements
        ]
        return cls(id=declaration.id, user_id=declaration.user_id, at=declaration.at, ties=ties)


class EngagementInput(Input):
    """Something that ties an assessor or a body to a factory."""

    user_id: UUID | None = Field(None, description="The assessor; or", examples=[_ID])
    body_id: UUID | None = Field(None, description="the assessment body.", examples=[None])
    tie: Tie = Field(description="What it is.", examples=["advised"])
    until: date | None = Field(None, description="Last day of it; null: it goes on.", examples=["2026-03-31"])
    note: Annotated[Prose, Field(max_length=2000)] = Field(
        "", description="Where this is known from.", examples=["Contract shown by the factory."]
    )


class StrikeInput(Input):
    """Why an engagement is taken back."""

    reason: Annotated[RequiredProse, Field(max_length=2000)] = Field(
        description="For the record.", examples=["Somebody of the same name."]
    )


class EngagementView(BaseModel):
    """Something that ties an assessor or a body to a factory."""

    id: UUID = Field(description="Id.", examples=[_ID])
    factory_id: UUID = Field(description="The factory.", examples=[_ID])
    user_id: UUID | None = Field(description="The assessor; null: it is a body's.", examples=[_ID])
    body_id: UUID | None = Field(description="The body; null: it is an assessor's.", examples=[None])
    tie: Tie = Field(description="What it is.", examples=["advised"])
    until: date | None = Field(description="Last day of it; null: it goes on.", examples=["2026-03-31"])
    note: str = Field(description="Where this is known from.", examples=[""])
    declared: bool = Field(description="True where it was declared; false where the office entered it.")
    created_at: datetime = Field(description="When it was entered (UTC).", examples=["2026-11-22T08:15:00Z"])
    struck_at: datetime | None = Field(description="When it was taken back (UTC).", examples=[None])
    strike_reason: str | None = Field(description="Why.", examples=[None])

    @classmethod
    def of(cls, engagement: Engagement) -> Self:
        """As the API shows an engagement."""
        return cls.model_validate({**engagement.model_dump(), "declared": engagement.declaration_id is not None})
