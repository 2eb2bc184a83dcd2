"""What programs get of an event: small, and the same at every door."""

from datetime import datetime
from typing import Self
from urllib.parse import quote
from uuid import UUID

from pydantic import BaseModel, Field

from itti.events.feed import Happening, Stretch
from itti.events.kinds import EventKind


class EventDataView(BaseModel):
    """What an event is about: names and addresses, nobody's words and nothing of what was found."""

    assessment_id: UUID = Field(
        description="Name of the assessment.", examples=["0b9f6d0e-53a4-4f0e-9f2c-0d6f5f0f7a11"]
    )
    factory_id: UUID = Field(description="Name of its factory.", examples=["5d0c7d6c-3d42-4a52-8a3e-2a3a7a0b6f21"])
    state: str | None = Field(
        description="State of the assessment right after a move; null where nothing moved.", examples=["review"]
    )
    certificate: str | None = Field(
        description="Number of the certificate; null where the event is not one of a certificate.",
        examples=["TI-2026-00001"],
    )
    assessment_url: str = Field(
        description="Where to read the assessment, from the root of the service.",
        examples=["/api/v1/assessments/0b9f6d0e-53a4-4f0e-9f2c-0d6f5f0f7a11"],
    )
    certificate_url: str | None = Field(
        description="Where to read the certificate.", examples=["/api/v1/certificates/TI-2026-00001"]
    )


class EventView(BaseModel):
    """One event."""

    id: str = Field(
        description="Its name, the same however often it is given out: who has seen it may leave it out.",
        examples=["evt_417"],
    )
    sequence: int = Field(
        description="Rises with each event of the service, with gaps; tells which of two was first.", examples=[417]
    )
    type: EventKind = Field(
        description="What happened; later releases add some, leave out what you do not know.",
        examples=["assessment.submitted"],
    )
    timestamp: datetime = Field(description="When it happened (UTC).", examples=["2026-11-22T08:00:00Z"])
    data: EventDataView

    @classmethod
    def of(cls, event: Happening) -> Self:
        """As programs get it."""
        one = event.act.assessment_id
        assert one is not None  # noqa: S101 - events belong to assessments
        number = event.certificate if event.kind.is_of_certificate else None  # so that it says the same at any time
        return cls(
            id=f"evt_{event.place}",
            sequence=event.place,
            type=event.kind,
            timestamp=event.act.at,
            data=EventDataView(
                assessment_id=one,
                factory_id=event.factory_id,
                state=event.act.details.get("to"),
                certificate=number,
                assessment_url=f"/api/v1/assessments/{one}",
                certificate_url=None if number is None else f"/api/v1/certificates/{quote(number)}",
            ),
        )


class EventFeedView(BaseModel):
    """Part of the feed."""

    items: list[EventView] = Field(description="The events, the oldest first.")
    after: str = Field(
        description="The cursor for the next request. Keep it once you have dealt with `items`; it never runs out.",
        examples=["418"],
    )
    more: bool = Field(description="Whether there is more to read at once; otherwise ask again in a while.")

    @classmethod
    def of(cls, found: Stretch) -> Self:
        """As the API gives it."""
        return cls(items=[EventView.of(each) for each in found.events], after=str(found.after), more=found.more)
