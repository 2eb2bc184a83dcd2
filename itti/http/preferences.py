"""``Prefer: return=minimal`` (RFC 7240): writers who know what they wrote need not have it sent back."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from itti.http.problems import API

_WRITES: Final = frozenset({"POST", "PUT", "PATCH"})
_MINIMAL: Final = "return=minimal"


class Preferences:
    """The layer that leaves the body out where everything in it can be read again.

    That is where the answer says the entity tag of what was written; what is made new by POST has to say its place too.
    All else is sent whole, whatever was preferred: a token or a first password is shown once.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if not _asks(scope):
            await self.app(scope, receive, send)
            return
        bare = False

        async def send_bare(message: Message) -> None:
            nonlocal bare
            if message["type"] == "http.response.start":
                bare = _may_go(scope["method"], message)
                if bare:
                    message = _without_body(message)
            elif bare and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app(scope, receive, send_bare)


def _asks(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] not in _WRITES or not scope["path"].startswith(API):
        return False
    asked = ",".join(Headers(scope=scope).getlist("prefer")).lower().split(",")
    wanted = [one.partition(";")[0].replace(" ", "").replace('"', "") for one in asked]
    said = [one for one in wanted if one.startswith("return=")]
    return said[:1] == [_MINIMAL]  # of a preference that is stated twice the first counts


def _may_go(method: str, message: Message) -> bool:
    headers = Headers(raw=message["headers"])
    placed = message["status"] == 200 or method != "POST" or "location" in headers
    return message["status"] in {200, 201} and "etag" in headers and placed


def _without_body(message: Message) -> Message:
    headers = MutableHeaders(raw=list(message["headers"]))
    for name in ("content-type", "content-length"):
        del headers[name]
    headers["Preference-Applied"] = _MINIMAL
    status = 204 if message["status"] == 200 else message["status"]
    if status != 204:
        headers["Content-Length"] = "0"
    return {**message, "status": status, "headers": headers.raw}
