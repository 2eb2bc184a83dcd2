"""What doors show of partners: one that was just entered, and what one of them sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from itti.footprints.tables import FootprintEvent, FootprintMessage, Partner


@dataclass(frozen=True)
class NewPartner:
    """A partner with its secret, which is told this once."""

    partner: Partner
    secret: str | None
    address: str


@dataclass(frozen=True)
class Received:
    """An event of a partner."""

    row: FootprintEvent
    partner: Partner
    """Who sent it; it may have been removed since."""

    data: Mapping[str, Any]
    """What it holds, as it came: of a shape that PACT knows, but in the footprints it brings anything may stand."""

    answer: FootprintMessage | None
    """What was sent back to a request; None: it is none, or its answer was over its time and is not kept any more."""

    request: FootprintMessage | None
    """Our request that it answers; None: it answers none, or none that is kept."""
