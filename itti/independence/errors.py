"""What the room of independence refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from itti.http.errors import Conflict, Forbidden, InvalidInput, NotFound

ROOM: Final = "itti.independence"


class EngagementUnknown(NotFound):
    """No such engagement; details: ``engagement``."""

    code = "engagement-unknown"
    room = ROOM
    example: ClassVar[Mapping[str, object]] = {"engagement": "b7c1a0de-93f0-4d0f-a7e5-3d3c8d0c2f11"}


class EngagementStruck(Conflict):
    """It was struck before."""

    code = "engagement-struck"
    room = ROOM


class HolderUnknown(InvalidInput):
    """Exactly one of an assessor and a body that exist has to be named."""

    code = "holder-unknown"
    room = ROOM


class DeclarationForbidden(Forbidden):
    """Only assessors declare, each for themselves."""

    code = "declaration-forbidden"
    room = ROOM
