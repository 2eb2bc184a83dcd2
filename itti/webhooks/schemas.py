"""What the API takes and gives about webhooks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from itti.events.kinds import EventKind
from itti.queue.claims import said
from itti.queue.rows import JobState
from itti.webhooks.tables import Delivery, Webhook

TEST: Final = "webhook.test"

_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(3000, 1, 1, tzinfo=UTC)
"""Beyond them no database can reckon in every zone."""


class WebhookInput(BaseModel):
    """A webhook to be added, or what is to stand in the place of what was entered."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    address: str = Field(
        min_length=10,
        max_length=500,
        description="Where events are sent: an https address in the open network, without name and password.",
        examples=["https://example.com/itti"],
    )
    label: str = Field(default="", max_length=100, description="What you call it.", examples=["ERP"])
    types: list[EventKind] = Field(
        default_factory=list,
        max_length=100,
        description="Which events are sent; empty: all, those of later releases too.",
        examples=[["certificate.issued"]],
    )


class WebhookView(BaseModel):
    """A webhook, without its secret."""

    id: UUID = Field(description="Its name.", examples=["0b9f6d0e-53a4-4f0e-9f2c-0d6f5f0f7a11"])
    version: int = Field(description="Rises with each change; the entity tag.", examples=[1])
    address: str = Field(description="Where events are sent.", examples=["https://example.com/itti"])
    label: str = Field(description="What it is called.", examples=["ERP"])
    types: list[str] = Field(description="Which events are sent; empty: all.", examples=[["certificate.issued"]])
    created_at: datetime = Field(description="When it was added (UTC).", examples=["2026-11-22T08:00:00Z"])
    paused_at: datetime | None = Field(
        description="Since when it rests (UTC); null: it is called.", examples=["2026-11-22T09:00:00Z"]
    )
    earlier_secret_until: datetime | None = Field(
        description="How long the secret before the last rotation signs too (UTC).", examples=["2026-11-23T08:00:00Z"]
    )

    @classmethod
    def of(cls, row: Webhook) -> Self:
        """As the API shows ``row``."""
        return cls(**_fields(row))


class WebhookSecretView(WebhookView):
    """A webhook with a new secret, shown this once."""

    secret: str = Field(
        description="What signs (Standard Webhooks 1.0.0). It is not shown again.",
        examples=["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="],
    )

    @classmethod
    def with_secret(cls, row: Webhook, secret: str) -> Self:
        """As the API shows it."""
        return cls(**_fields(row), secret=secret)


def _fields(row: Webhook) -> dict[str, object]:
    return {
        "id": row.id,
        "version": row.version,
        "address": row.address,
        "label": row.label,
        "types": row.kinds,
        "created_at": row.created_at,
        "paused_at": row.paused_at,
        "earlier_secret_until": row.earlier_until,
    }


class TestContent(BaseModel):
    """An event that says nothing."""

    __test__ = False

    id: str
    type: Literal["webhook.test"] = "webhook.test"
    timestamp: datetime
    data: dict[str, str] = Field(default_factory=dict)


class DeliveryView(BaseModel):
    """One event on its way to a webhook."""

    id: UUID = Field(description="Name of the delivery.", examples=["5d0c7d6c-3d42-4a52-8a3e-2a3a7a0b6f21"])
    event: str = Field(description="Name of the event, the header `webhook-id`.", examples=["evt_417"])
    type: str = Field(description="What happened.", examples=["certificate.issued"])
    state: JobState = Field(
        description="`waiting`, `working`, `done` (the receiver has said so), `failed` (given up).", examples=["done"]
    )
    attempts: int = Field(description="How often it was tried.", examples=[1])
    status: int | None = Field(description="HTTP status of the last answer; null: there was none.", examples=[204])
    created_at: datetime = Field(description="When it was first due (UTC).", examples=["2026-11-22T08:00:02Z"])
    ended_at: datetime | None = Field(description="When the last try ended (UTC).", examples=["2026-11-22T08:00:03Z"])
    next_try: datetime | None = Field(
        description="Not before this time (UTC); null unless it waits.", examples=["2026-11-22T08:00:33Z"]
    )
    code: str | None = Field(description="Code of the fault that ended the last try.", examples=["receiver-failed"])
    reason: str | None = Field(description="What that fault says, in the language of the reader.", examples=[None])

    @classmethod
    def of(cls, row: Delivery, language: str) -> Self:
        """As the API shows ``row``."""
        return cls(
            id=row.id,
            event=row.event,
            type=row.kind,
            state=row.state,
            attempts=row.attempts,
            status=row.status,
            created_at=row.created_at,
            ended_at=row.ended_at,
            next_try=row.next_try if row.state is JobState.WAITING else None,
            code=row.reason["code"] if row.reason else None,
            reason=said(row.reason, language),
        )


class ReplayInput(BaseModel):
    """Which events are sent again."""

    model_config = ConfigDict(extra="forbid")

    since: AwareDatetime = Field(
        ge=_EARLIEST, le=_LATEST, description="From this moment on.", examples=["2026-11-20T00:00:00Z"]
    )
    until: AwareDatetime = Field(
        ge=_EARLIEST, le=_LATEST, description="Before this moment.", examples=["2026-11-22T00:00:00Z"]
    )
    failed: bool = Field(
        default=False, description="Only those that were given up, by the time at which they were first due."
    )


class ReplayView(BaseModel):
    """What is sent again."""

    events: int = Field(description="How many events are on their way again.", examples=[12])
