"""What can be wrong with a key."""

from __future__ import annotations

from itti.http.errors import Conflict, InvalidInput, MalformedRequest


class MalformedKey(MalformedRequest):
    """An ``Idempotency-Key`` that is none."""

    code = "malformed-key"
    room = "itti.retries"


class RequestInFlight(Conflict):
    """A request with this key is being answered."""

    code = "request-in-flight"
    room = "itti.retries"

    def __init__(self, **details: object) -> None:
        super().__init__(**details)
        self.headers["Retry-After"] = "1"


class AnswerNotKept(Conflict):
    """The request has acted, and its answer is not there any more (too large, or the process was ended)."""

    code = "answer-not-kept"
    room = "itti.retries"


class KeyReused(InvalidInput):
    """The key was used with another request."""

    code = "key-reused"
    room = "itti.retries"


FAULTS = (MalformedKey, RequestInFlight, AnswerNotKept, KeyReused)
"""What every POST may answer."""
