"""The kinds of refusal every room shares; rooms subclass them with a ``code`` and ``room`` of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from itti.errors import FieldMistake, HttpFault


class MalformedRequest(HttpFault):
    """The request cannot be read at all."""

    code = "malformed-request"
    status: ClassVar[int] = 400


class SignInNeeded(HttpFault):
    """Nobody has signed in, and the door is not public."""

    code = "sign-in-needed"
    status: ClassVar[int] = 401

    def __init__(self, **details: object) -> None:
        super().__init__(**details)
        self.headers["WWW-Authenticate"] = "Bearer"


class Forbidden(HttpFault):
    """The person may see this, yet not do that."""

    code = "forbidden"
    status: ClassVar[int] = 403


class CrossSiteRequest(Forbidden):
    """A page of another site tries to act in the name of a person who is signed in here."""

    code = "cross-site-request"


class NotFound(HttpFault):
    """No such thing, or none that this person may know of."""

    code = "not-found"
    status: ClassVar[int] = 404


class MethodNotAllowed(HttpFault):
    """The address exists, but not for this method."""

    code = "method-not-allowed"
    status: ClassVar[int] = 405


class NotAcceptable(HttpFault):
    """None of the media types asked for can be given."""

    code = "not-acceptable"
    status: ClassVar[int] = 406


class Conflict(HttpFault):
    """The state of things forbids it."""

    code = "conflict"
    status: ClassVar[int] = 409


class Taken(Conflict):
    """A value that must be unique is in use; details: ``field`` (its name in the body) and ``value``."""

    code = "taken"
    example: ClassVar[Mapping[str, object]] = {"field": "name", "value": "Gulf Industrial Assessors"}

    def __init__(self, *, field: str, value: str) -> None:
        super().__init__(field=field, value=value)
        self.mistakes = (FieldMistake(f"/{field}", "taken", {"value": value}),)


class Stale(HttpFault):
    """Somebody else has changed the thing since it was read; nothing was written.

    The problem document carries ``current``, the state in force, where the room gives it, and the response
    its entity tag.
    """

    code = "stale"
    status: ClassVar[int] = 412

    @classmethod
    def against(cls, *, version: int | None = None, current: object = None) -> Self:
        """The fault with the version in force and the state that the reader can compare with."""
        fault = cls()
        if version is not None:
            fault.headers["ETag"] = f'"{version}"'
        if current is not None:
            fault.members["current"] = current
        return fault


class TooLarge(HttpFault):
    """The body is larger than this door takes."""

    code = "too-large"
    status: ClassVar[int] = 413


class UnsupportedType(HttpFault):
    """The body is of a kind that this door does not take."""

    code = "unsupported-type"
    status: ClassVar[int] = 415


class InvalidInput(HttpFault):
    """Fields of the request cannot be taken as they are; ``mistakes`` names each of them."""

    code = "invalid-input"
    status: ClassVar[int] = 422

    @classmethod
    def of(cls, *mistakes: FieldMistake) -> Self:
        """The fault for mistakes that only a service can see."""
        fault = cls()
        fault.mistakes = mistakes
        return fault


class PreconditionRequired(HttpFault):
    """A write to something that others may edit has to say which state it is based on."""

    code = "precondition-required"
    status: ClassVar[int] = 428


class TooManyRequests(HttpFault):
    """Slow down; details: ``seconds`` until the next try."""

    code = "too-many-requests"
    status: ClassVar[int] = 429
    example: ClassVar[Mapping[str, object]] = {"seconds": 540}

    def __init__(self, *, seconds: int) -> None:
        super().__init__(seconds=seconds)
        self.headers["Retry-After"] = str(seconds)


class InternalError(HttpFault):
    """A mistake of ours; details: ``request_id``, under which the log tells more."""

    code = "internal-error"
    status: ClassVar[int] = 500
    example: ClassVar[Mapping[str, object]] = {"request_id": "6d1c0f1e8f6b4c0f9b0f4a53c9a3f5f1"}


class Busy(HttpFault):
    """The database does not answer in time; nothing was written."""

    code = "busy"
    status: ClassVar[int] = 503

    def __init__(self, **details: object) -> None:
        super().__init__(**details)
        self.headers["Retry-After"] = "2"
