"""What can go wrong with machines. What OAuth says of it is in :mod:`itti.machines.oauth`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from itti.errors import HttpFault
from itti.http.errors import Conflict, NotFound

ROOM: Final = "itti.machines"


class MachineUnknown(NotFound):
    """No such machine, or none that this person may know of; details: ``machine``."""

    code = "machine-unknown"
    room = ROOM
    example: ClassVar[Mapping[str, object]] = {"machine": "5f9c2d4e-8f0b-4b52-9b61-0f6f5f5a7f10"}


class MachineRevoked(Conflict):
    """It was revoked, for good; details: ``name``."""

    code = "machine-revoked"
    room = ROOM
    example: ClassVar[Mapping[str, object]] = {"name": "Tablets"}


class TooManyMachines(Conflict):
    """No assessor needs more; details: ``most``."""

    code = "too-many-machines"
    room = ROOM
    example: ClassVar[Mapping[str, object]] = {"most": 20}


class GrantRefused(HttpFault):
    """No token is given; ``error`` is the word of RFC 6749, section 5.2."""

    code = "grant-refused"
    room = ROOM
    status = 400
    example: ClassVar[Mapping[str, object]] = {"error": "invalid_scope"}

    def __init__(self, error: str) -> None:
        super().__init__(error=error)
        self.error = error
