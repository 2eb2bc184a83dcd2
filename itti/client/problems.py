"""What the service refuses: typed errors that carry the problem document (RFC 9457).

The sentences come from the service, in the language of the client; nothing is worded here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from itti.client.exact import from_json
from itti.client.faults import ClientFault


@dataclass(frozen=True)
class Mistake:
    """What is wrong with one field of a request."""

    pointer: str
    """JSON Pointer into the body; ``?name`` for a parameter, ``header:name`` for a header."""

    code: str
    detail: str
    """What to send instead, in the language of the client."""


class Refused(ClientFault):
    """The service answered that it will not; its subclasses say in which way.

    ``str()`` is the code with the service's sentence.
    """

    status: int
    kind: str
    """Machine-readable kind of the problem (``answer-invalid``); stable."""

    detail: str
    """What is wrong and what to do about it, in the language of the client."""

    mistakes: tuple[Mistake, ...]
    current: Any
    """With :class:`Stale`: the state in force, to compare with; else None."""

    tag: str | None
    """Entity tag of the state in force, where it was told."""

    request_id: str
    wait: int | None
    """Seconds after which to try again, where they were told."""

    def __init__(self, status: int, document: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        self.status = status
        self.kind = str(document.get("code", f"http-{status}"))
        self.detail = str(document.get("detail", ""))
        self.mistakes = tuple(Mistake(*map(str, _of(each))) for each in document.get("errors") or ())
        self.current = document.get("current")
        self.tag = headers.get("etag")
        self.request_id = str(document.get("request_id", headers.get("x-request-id", "")))
        after = headers.get("retry-after", "")
        self.wait = int(after) if after.isdecimal() else None
        super().__init__(f"{self.kind}: {self.detail}")


class SignInNeeded(Refused):
    """401: no token, one that ended, or an act that asks for a fresh proof."""

    code = "sign-in-needed"


class Forbidden(Refused):
    """403: seen, yet not allowed."""

    code = "forbidden"


class NotFound(Refused):
    """404: no such thing, or none that the account may know of."""

    code = "not-found"


class Conflict(Refused):
    """409: the state of things forbids it."""

    code = "conflict"


class Stale(Refused):
    """412: somebody changed it since it was read. Nothing was written; ``current`` is the state in force."""

    code = "stale"


class Invalid(Refused):
    """422: ``mistakes`` names every field that cannot be taken."""

    code = "invalid"


class Busy(Refused):
    """429 or 503: asked too often, or the service is busy; ``wait`` says how long."""

    code = "busy"


_BY_STATUS: Final[Mapping[int, type[Refused]]] = {
    401: SignInNeeded,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: Stale,
    422: Invalid,
    429: Busy,
    503: Busy,
}


def refusal(status: int, content: bytes, headers: Mapping[str, str]) -> Refused:
    """The typed error for a response that is none of 2xx; what a proxy says in another form has only its status."""
    document: Any = None
    if headers.get("content-type", "").startswith("application/problem+json"):
        document = from_json(content)
    return _BY_STATUS.get(status, Refused)(status, document if isinstance(document, dict) else {}, headers)


def _of(mistake: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    return mistake.get("pointer", ""), mistake.get("code", ""), mistake.get("detail", "")
