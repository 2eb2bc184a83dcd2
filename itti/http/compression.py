"""Which answers travel compressed (gzip), and which never do.

Pages do not: a browser sends its cookie with them whoever asked it to, and the length of a compressed page tells a
stranger what stands in it (BREACH). The API knows no cookies. Answers to what changes something may hold a token or a
first password; they are short, and go as they are. So does what carries a strong entity tag: it names bytes.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from itti.http.problems import API

LEAST_BYTES: Final = 1024
"""Shorter answers would gain nothing."""

_STATIC: Final = "/static/"
_COMPRESSED_ALREADY: Final = (
    *DEFAULT_EXCLUDED_CONTENT_TYPES,
    "application/pdf",
    "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)


class _Responder(GZipResponder):
    """Leaves alone what a strong entity tag names."""

    _tagged = False

    async def send_with_compression(self, message: Message) -> None:
        """Pass one message of the answer on."""
        if message["type"] == "http.response.start":
            self._tagged = not _may_change(MutableHeaders(raw=message.setdefault("headers", [])))
        if self._tagged:
            await self.send(message)
        else:
            await super().send_with_compression(message)


def _may_change(headers: MutableHeaders) -> bool:
    return headers.get("etag", "W/").startswith("W/")


class Compression:
    """The layer that compresses."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if not _open_to_it(scope):
            await self.app(scope, receive, send)
            return
        app = self._static if scope["path"].startswith(_STATIC) else self.app
        responder = _Responder(app, LEAST_BYTES, compresslevel=6, exclude_content_types=_COMPRESSED_ALREADY)
        await responder(scope, receive, send)

    async def _static(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Files of pages: their tags are made weak, since nobody writes against them."""

        async def send_weak(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers.add_vary_header("Accept-Encoding")
                if not _may_change(headers):
                    headers["ETag"] = f"W/{headers['etag']}"
            await send(message)

        # The responder gave us its own `send`; the file goes through it.
        await self.app(scope, receive, send_weak)


def _open_to_it(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return False
    if not scope["path"].startswith((API, _STATIC)):
        return False
    return _takes_gzip(Headers(scope=scope).get("accept-encoding", ""))


def _takes_gzip(header: str) -> bool:
    """Whether ``Accept-Encoding`` names gzip, and not to refuse it."""
    for one in header.lower().split(","):
        coding, _, weight = one.partition(";")
        if coding.strip() == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
