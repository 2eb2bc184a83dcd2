"""The layer that lets every POST of the API be sent again (draft-ietf-httpapi-idempotency-key-header)."""

from __future__ import annotations

import re
from functools import partial
from hashlib import sha256
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from itti.http.problems import API, fault_of_exception, respond
from itti.http.transactions import turnstile
from itti.retries.errors import MalformedKey, RequestInFlight
from itti.retries.service import ANSWER_BYTES, Answer, Attempt, Met, keep, kept
from itti.retries.words import PATTERN, REPLAYED
from itti.settings import Settings
from questionnaires.errors import Fault

_KEY: Final = re.compile(PATTERN, re.ASCII)
_BOUNDARY: Final = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_REFUSED: Final = 400
"""From this status on an answer is a refusal: the request has done nothing, and its key stays free."""


class Fingerprint:
    """Digest of a body as it comes in. The boundary of a form does not count: every try makes up another."""

    def __init__(self, content_type: str) -> None:
        found = _BOUNDARY.search(content_type)
        self._boundary = found[1].encode() if found else b""
        self._sum = sha256(_BOUNDARY.sub("", content_type).encode())
        self._rest = b""

    def add(self, chunk: bytes) -> None:
        """Take in the next part."""
        if not self._boundary:
            self._sum.update(chunk)
            return
        held = (self._rest + chunk).replace(self._boundary, b"")
        sure = max(0, len(held) - len(self._boundary) + 1)
        self._sum.update(held[:sure])
        self._rest = held[sure:]

    def hexdigest(self) -> str:
        """The digest of what was taken in."""
        whole = self._sum.copy()
        whole.update(self._rest)
        return whole.hexdigest()


class Retries:
    """Answers a request that has acted before as it was answered then."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self._in_flight: set[tuple[str, str]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(API):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("idempotency-key")
        if given is None:
            await self.app(scope, receive, send)
            return
        try:
            await self._once(_Try(scope, receive, send), _key(given), headers)
        except (Fault, HTTPException) as error:
            request = Request(scope)
            await respond(request, fault_of_exception(request, error))(scope, receive, send)

    async def _once(self, tried: _Try, key: str, headers: Headers) -> None:
        # Known before anybody is: who sent it is told by what lets them in.
        flight = (sha256(headers.get("authorization", "").encode()).hexdigest(), key)
        if flight in self._in_flight:
            raise RequestInFlight
        self._in_flight.add(flight)
        try:
            await tried.go(self.app, self.settings, key)
        finally:
            self._in_flight.discard(flight)


class _Try:
    """One request with a key."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self._receive, self._send = scope, receive, send
        content_type = Headers(scope=scope).get("content-type", "")
        self._is_form = content_type.lower().startswith("multipart/")
        self._sum = Fingerprint(content_type)
        self._read: list[Message] = []
        self._whole = False
        self._attempt: Attempt
        self._start: Message | None = None
        self._body = b""
        self._passing = False

    async def go(self, app: ASGIApp, settings: Settings, key: str) -> None:
        """Let it act, or answer it as before."""
        query = self.scope["query_string"].decode("latin-1")
        address = f"POST {self.scope['path']}?{query}"
        self._attempt = self.scope["state"]["attempt"] = Attempt(settings, key, address, self._sum.hexdigest)
        if not self._is_form:  # small; files are counted as they come by
            await self._read_on()
        try:
            await app(self.scope, self._next, self._sent)
        except Met as met:
            await self._read_on()
            await self._replay(met)

    async def _read_on(self) -> None:
        while not self._whole:
            self._read.append(await self._take())

    async def _take(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._sum.add(message.get("body", b""))
        self._whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def _next(self) -> Message:
        if self._read:
            return self._read.pop(0)
        return await (self._receive() if self._whole else self._take())

    async def _sent(self, message: Message) -> None:
        """Hold an answer back until it is kept."""
        if message["type"] == "http.response.start":
            self._start = message
            self._passing = self._attempt.claimed is None or message["status"] >= _REFUSED
            if self._passing:
                await self._send(message)
            return
        if self._passing or message["type"] != "http.response.body" or self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        over = len(self._body) > ANSWER_BYTES
        if message.get("more_body", False) and not over:
            return
        answer = None if over else Answer(self._start["status"], _plain(self._start), self._body)
        await turnstile(Request(self.scope)).write(partial(keep, attempt=self._attempt, answer=answer))
        self._passing = True
        await self._send(self._start)
        await self._send({**message, "body": self._body})

    async def _replay(self, met: Met) -> None:
        answer = kept(self._attempt, met)
        response = Response(answer.body, answer.status)
        response.raw_headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        response.headers[REPLAYED] = "true"
        await response(self.scope, self._receive, self._send)


def _key(given: str) -> str:
    """The key that a header names.

    Raises:
        MalformedKey: it names none.
    """
    key = given.strip()
    if not _KEY.fullmatch(key):
        raise MalformedKey
    return key.strip('"')


def _plain(start: Message) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"])
