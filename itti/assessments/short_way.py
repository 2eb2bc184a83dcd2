"""The short way in for one answer: many assessors save at the same moment, and each change of an answer is a request.

An answer that comes in the plain form that programs send goes straight to those who wait to be saved together
(:mod:`itti.assessments.sets`), past the routes. Everything else goes on to its route (``saveAnswer`` in
:mod:`itti.assessments.answers_api`), and so does an answer with which something is out of the ordinary: the route sees
the request as it came, and says what there is to say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple
from uuid import UUID

from pydantic import ValidationError
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from itti.assessments.admitting import Sent
from itti.assessments.schemas import AnswerGiven
from itti.assessments.sets import Stored, fits, save_set
from itti.assessments.tables import Phase
from itti.http.errors import Busy, TooManyRequests
from itti.http.etags import etag, precondition
from itti.http.gathering import Gathering
from itti.http.problems import API, respond
from itti.http.transactions import Turnstile
from itti.settings import Settings
from questionnaires.errors import Fault
from questionnaires.words import LONGEST_KEY

Saving = Gathering[Sent, Stored | TooManyRequests]

_PATH: Final = re.compile(
    re.escape(API) + r"v1/assessments/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/answers/([A-Za-z0-9._-]+)", re.ASCII
)
_PHASES: Final = {b"": Phase.ASSESSED, b"phase=assessed": Phase.ASSESSED, b"phase=self": Phase.SELF}
_MEDIA: Final = frozenset({"application/json", "application/json; charset=utf-8"})
_SINGLE: Final = ("authorization", "content-type", "content-length", "if-match", "if-none-match")
_BEARER: Final = "Bearer "
_LONGEST: Final = 64 * 1024
"""Bytes of a body; the longest answer there can be is shorter unless it is written in an odd way."""

SETS_AT_ONCE: Final = 2
"""Where several can write: while one set waits for the database, another is worked off."""


def gathering(gate: Turnstile, settings: Settings) -> Saving:
    """Where the answers of an application are brought together."""
    return Gathering(gate, partial(save_set, settings), fits, 1 if gate.database.is_sqlite else SETS_AT_ONCE)


class _Asked(NamedTuple):
    """What the head of a request says."""

    secret: str
    assessment: UUID
    question: str
    phase: Phase
    expected: int | None


class ShortWay:
    """The layer that lets plain answers go it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        asked = _asked(scope)
        if asked is None:
            await self.app(scope, receive, send)
            return
        came = await _whole(receive)
        request = Request(scope)
        given = _given(came)
        saving: Saving = request.app.state.saving
        outcome: Stored | TooManyRequests | Busy | None
        try:
            outcome = None if given is None else await saving.join(_sent(request, asked, given))
        except Busy as fault:
            outcome = fault
        if outcome is None:
            await self.app(scope, _again(came, receive), send)
            return
        response = _response(outcome) if isinstance(outcome, Stored) else respond(request, outcome)
        await response(scope, receive, send)


def _asked(scope: Scope) -> _Asked | None:
    """What the head of a request asks, where it is a plain one to save an answer."""
    if scope["type"] != "http" or scope["method"] != "PUT":
        return None
    path = _PATH.fullmatch(scope["path"])
    phase = _PHASES.get(scope["query_string"])
    headers = Headers(scope=scope)
    if path is None or phase is None or len(path[2]) > LONGEST_KEY or not _is_plain(headers):
        return None
    try:
        expected = precondition(headers.get("if-match"), headers.get("if-none-match"))
    except Fault:
        return None
    secret = headers["authorization"].removeprefix(_BEARER)
    return _Asked(secret, UUID(path[1]), path[2], phase, expected.version)


def _is_plain(headers: Headers) -> bool:
    """Whether a request comes with one token and one short body in JSON."""
    if any(len(headers.getlist(name)) > 1 for name in _SINGLE) or "transfer-encoding" in headers:
        return False
    length, token = headers.get("content-length", ""), headers.get("authorization", "")
    if headers.get("content-type") not in _MEDIA or not token.startswith(_BEARER):
        return False
    return length.isascii() and length.isdigit() and 0 < int(length) <= _LONGEST


async def _whole(receive: Receive) -> list[Message]:
    """All messages of a body."""
    came = [await receive()]
    while came[-1]["type"] == "http.request" and came[-1].get("more_body", False):
        came.append(await receive())
    return came


def _again(came: Sequence[Message], receive: Receive) -> Receive:
    """The same messages for somebody else, and then what follows them."""
    left = iter(came)

    async def receive_again() -> Message:
        for message in left:
            return message
        return await receive()

    return receive_again


def _given(came: Sequence[Message]) -> AnswerGiven | None:
    """The answer in a body; None: there is none, or it is not one that can be taken."""
    if any(message["type"] != "http.request" for message in came):
        return None
    try:
        said = json.loads(b"".join(message.get("body", b"") for message in came))
        return AnswerGiven.model_validate(said) if isinstance(said, dict) else None
    except (ValueError, ValidationError, RecursionError):
        return None


def _sent(request: Request, asked: _Asked, given: AnswerGiven) -> Sent:
    return Sent(request, asked.secret, asked.assessment, asked.phase, asked.question, given, asked.expected)


def _response(stored: Stored) -> Response:
    return Response(
        stored.view,
        status_code=201 if stored.created else 200,
        headers={"ETag": etag(stored.version)},
        media_type="application/json",
    )
