"""Events for partners, written in the transaction of what they tell of; :mod:`itti.footprints.sending` sends them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any, Final
from uuid import uuid4

from sqlmodel import Session

from itti.acts import Act
from itti.footprints.tables import EventName, FootprintMessage, Partner, StoredFootprint
from itti.programme import rules
from itti.queue.rows import JobState

BASE: Final = "/api/pact"
"""Where partners read, from the root of the service."""

MEDIA_TYPE: Final = "application/cloudevents+json"

TYPES: Final[Mapping[EventName, str]] = {
    EventName.PUBLISHED: "org.wbcsd.pact.ProductFootprint.PublishedEvent.3",
    EventName.REQUESTED: "org.wbcsd.pact.ProductFootprint.RequestCreatedEvent.3",
    EventName.FULFILLED: "org.wbcsd.pact.ProductFootprint.RequestFulfilledEvent.3",
    EventName.REJECTED: "org.wbcsd.pact.ProductFootprint.RequestRejectedEvent.3",
}
"""What each event is called where it travels."""


def announce(session: Session, act: Act, row: StoredFootprint, partners: Sequence[Partner]) -> None:
    """Tell partners that a footprint is new for them, or not to be used any more."""
    for partner in partners:
        if partner.reachable:
            send(session, act, partner, EventName.PUBLISHED, {"pfIds": [str(row.id)]})


def send(session: Session, act: Act, partner: Partner, name: EventName, data: Mapping[str, Any]) -> FootprintMessage:
    """Have an event sent to a partner that is reachable."""
    identifier = uuid4()
    content = {
        "type": TYPES[name],
        "specversion": "1.0",
        "id": str(identifier),
        "source": rules(session).base_url.rstrip("/") + BASE,
        "time": act.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": data,
    }
    row = FootprintMessage(
        id=identifier,
        state=JobState.WAITING,
        next_try=act.at,
        partner_id=partner.id,
        name=name,
        content=json.dumps(content),
        created_at=act.at,
    )
    session.add(row)
    return row
