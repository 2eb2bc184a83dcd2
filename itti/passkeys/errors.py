"""What can go wrong with passkeys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from itti.errors import HttpFault
from itti.http.errors import Conflict, NotFound

ROOM: Final = "itti.passkeys"


class PasskeyRefused(HttpFault):
    """What the authenticator sent proves nothing here: unknown, for another site, not verified, changed on its way."""

    code = "passkey-refused"
    room = ROOM
    status = 401


class PasskeyCopied(HttpFault):
    """Its count went backwards: there seems to be a copy of the key; details: ``name``."""

    code = "passkey-copied"
    room = ROOM
    status = 401
    example: ClassVar[Mapping[str, object]] = {"name": "Blue key"}


class ChallengeOver(Conflict):
    """The challenge was answered before, or too late, or belongs to another browser or token."""

    code = "challenge-over"
    room = ROOM


class PasskeyThere(Conflict):
    """The authenticator's key is registered already."""

    code = "passkey-there"
    room = ROOM


class PasskeyUnknown(NotFound):
    """No such passkey of this person; details: ``passkey``."""

    code = "passkey-unknown"
    room = ROOM
    example: ClassVar[Mapping[str, object]] = {"passkey": "5f9c2d4e-8f0b-4b52-9b61-0f6f5f5a7f10"}


class TooManyPasskeys(Conflict):
    """Nobody needs more; details: ``most``."""

    code = "too-many-passkeys"
    room = ROOM
    example: ClassVar[Mapping[str, object]] = {"most": 20}


class NoPasskeysHere(Conflict):
    """Browsers make passkeys for names over https alone, and the service's public address is no such one."""

    code = "no-passkeys-here"
    room = ROOM
