"""What can go wrong with footprints and their exchange."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from itti.errors import FieldMistake, HttpFault
from itti.http.errors import Conflict, Forbidden, InvalidInput, MalformedRequest, NotFound
from questionnaires.errors import Fault

ROOM: Final = "itti.footprints"
_ID: Final = "5d0c7d6c-3d42-4a52-8a3e-2a3a7a0b6f21"


class FootprintUnknown(NotFound):
    """There is no such footprint, or none that was shared with who asks; details: ``footprint``."""

    code = "footprint-unknown"
    room: ClassVar[str] = ROOM
    example: ClassVar[Mapping[str, object]] = {"footprint": _ID}


class FootprintNotShared(Forbidden):
    """There is such a footprint, and its owner does not share it with who asks: what PACT wants to be told."""

    code = "footprint-not-shared"
    room: ClassVar[str] = ROOM
    example: ClassVar[Mapping[str, object]] = {"footprint": _ID}

    def __init__(self, *, footprint: str) -> None:
        super().__init__(footprint=footprint)


class FootprintInvalid(InvalidInput):
    """A footprint cannot be taken; ``mistakes`` names each place of it."""

    code = "footprint-invalid"
    room: ClassVar[str] = ROOM


class FootprintDeprecated(Conflict):
    """It is not the one to use any more, so nothing takes its place; details: ``footprint``."""

    code = "footprint-deprecated"
    room: ClassVar[str] = ROOM
    example: ClassVar[Mapping[str, object]] = {"footprint": _ID}


class NotComputed(NotFound):
    """The footprint was entered and not computed here; details: ``footprint``."""

    code = "footprint-not-computed"
    room: ClassVar[str] = ROOM
    example: ClassVar[Mapping[str, object]] = {"footprint": _ID}


class PartnerUnknown(NotFound):
    """There is no such partner, or none of one's own; details: ``partner``."""

    code = "partner-unknown"
    room: ClassVar[str] = ROOM
    example: ClassVar[Mapping[str, object]] = {"partner": _ID}


class PartnerUnreachable(Conflict):
    """The partner has no address that events could be sent to; details: ``partner``."""

    code = "partner-unreachable"
    room: ClassVar[str] = ROOM
    example: ClassVar[Mapping[str, object]] = {"partner": "Gulf Builders"}


class TooManyPartners(Conflict):
    """A body or factory has as many partners as it may; details: ``most``."""

    code = "too-many-partners"
    room: ClassVar[str] = ROOM
    example: ClassVar[Mapping[str, object]] = {"most": 15}


class NoSuchMessage(NotFound):
    """The partner was sent no such message; details: ``message``."""

    code = "no-such-footprint-message"
    room: ClassVar[str] = ROOM
    example: ClassVar[Mapping[str, object]] = {"message": _ID}


class NoSuchEvent(NotFound):
    """No partner sent such an event; details: ``event``."""

    code = "no-such-footprint-event"
    room: ClassVar[str] = ROOM
    example: ClassVar[Mapping[str, object]] = {"event": _ID}


class PartnersAlone(Forbidden):
    """Events are taken from partners, by the machines that their owner gave them."""

    code = "partners-alone"
    room: ClassVar[str] = ROOM


class PlainConnection(Forbidden):
    """The request came without TLS."""

    code = "plain-connection"
    room: ClassVar[str] = ROOM


class EventInvalid(MalformedRequest):
    """The event cannot be read; ``mistakes`` names each place of it."""

    code = "event-invalid"
    room: ClassVar[str] = ROOM

    def __init__(self, *mistakes: FieldMistake) -> None:
        super().__init__()
        self.mistakes = mistakes


class NoAnswerPossible(MalformedRequest):
    """Footprints were asked for by a partner whom nothing can be sent to."""

    code = "no-answer-possible"
    room: ClassVar[str] = ROOM


class FilterInvalid(MalformedRequest):
    """A filter of the list cannot be read; details: ``name``."""

    code = "filter-invalid"
    room: ClassVar[str] = ROOM
    example: ClassVar[Mapping[str, object]] = {"name": "validOn"}


class PartnerAddressUnsafe(HttpFault):
    """An address of a partner is none that may be called; ``mistakes`` names it."""

    code = "partner-address-unsafe"
    room: ClassVar[str] = ROOM
    status: ClassVar[int] = 422

    def __init__(self, field: str) -> None:
        super().__init__()
        self.mistakes = (FieldMistake(f"/{field}", "address-unsafe", {}, ROOM),)


class PartnerFailed(Fault):
    """A partner did not take an event; ``reason`` is what came back. It is tried again while ``retryable``."""

    code = "partner-failed"
    room: ClassVar[str] = ROOM

    def __init__(self, *, reason: str, retryable: bool) -> None:
        super().__init__(reason=reason)
        self.retryable = retryable


class PartnerSecretUnreadable(Fault):
    """The secret of a partner's service was encrypted under another secret of this service."""

    code = "partner-secret-unreadable"
    room: ClassVar[str] = ROOM
