"""Reading what is there already: ``HEAD`` for every address that ``GET`` opens, and 304 to who has the answer.

RFC 9110, 9.3.2: whatever answers ``GET`` answers ``HEAD`` with the same header fields and nothing else. 13.1.2: an
answer whose entity tag the reader names (``If-None-Match``) is not sent again.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from itti.http.problems import API

_OF_THE_BODY: Final = ("content-length", "content-type", "content-encoding", "content-disposition")


class Reading:
    """The layer that leaves out what need not be sent."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"
        known = Headers(scope=scope).get("if-none-match", "") if scope["path"].startswith(API) else ""
        bare = is_head

        async def send_less(message: Message) -> None:
            nonlocal bare
            if message["type"] == "http.response.start" and known and _has(known, message):
                bare, message = True, _unchanged(message)
            elif message["type"] == "http.response.body" and bare:
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"} if is_head else scope, receive, send_less)


def _has(known: str, message: Message) -> bool:
    """Whether the reader has named the tag of this answer (compared weakly, as for reading)."""
    tag = Headers(raw=message["headers"]).get("etag")
    if tag is None or message["status"] != HTTPStatus.OK:
        return False
    named = {one.strip().removeprefix("W/") for one in known.split(",")}
    return "*" in named or tag.removeprefix("W/") in named


def _unchanged(message: Message) -> Message:
    headers = MutableHeaders(raw=list(message["headers"]))
    for name in _OF_THE_BODY:
        del headers[name]
    return {**message, "status": HTTPStatus.NOT_MODIFIED, "headers": headers.raw}
