"""What can go wrong with sign-ins elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from itti.errors import HttpFault
from itti.http.errors import Conflict, Forbidden, NotFound

ROOM: Final = "itti.providers"
_NAMED: Final[Mapping[str, object]] = {"provider": "UAE PASS"}


class ProviderUnknown(NotFound):
    """No provider of that name is set."""

    code = "provider-unknown"
    room = ROOM


class ProviderDown(HttpFault):
    """The provider cannot be reached or makes no sense; details: ``provider``."""

    code = "provider-down"
    room = ROOM
    status = 503
    example: ClassVar[Mapping[str, object]] = _NAMED


class ProviderRefused(HttpFault):
    """The provider did not sign the person in: cancelled there, say; details: ``provider``."""

    code = "provider-refused"
    room = ROOM
    status = 401
    example: ClassVar[Mapping[str, object]] = _NAMED


class ProviderMistrusted(HttpFault):
    """What the provider sent does not prove that it says so, here and now; details: ``provider``, ``finding``."""

    code = "provider-mistrusted"
    room = ROOM
    status = 401
    example: ClassVar[Mapping[str, object]] = {**_NAMED, "finding": "nonce"}


class ProviderAnswerOver(Conflict):
    """The answer came too late, twice, or to another browser than the one that asked."""

    code = "provider-answer-over"
    room = ROOM


class NobodyHere(Forbidden):
    """Nobody here is known by that sign-in, and accounts do not make themselves; details: ``provider``."""

    code = "nobody-here"
    room = ROOM
    example: ClassVar[Mapping[str, object]] = _NAMED


class IdentityTaken(Conflict):
    """That sign-in belongs to another account here; details: ``provider``."""

    code = "identity-taken"
    room = ROOM
    example: ClassVar[Mapping[str, object]] = _NAMED


class IdentityUnknown(NotFound):
    """No such link of this person; details: ``identity``."""

    code = "identity-unknown"
    room = ROOM
    example: ClassVar[Mapping[str, object]] = {"identity": "5f9c2d4e-8f0b-4b52-9b61-0f6f5f5a7f10"}


class LastWayIn(Conflict):
    """Without it the person could not sign in any more."""

    code = "last-way-in"
    room = ROOM
