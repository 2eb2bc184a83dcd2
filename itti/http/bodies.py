"""The largest request body each kind of door takes.

The framework's own limit answers in plain text and past our headers, so the bytes are counted here.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES: Final = 256 * 1024
"""Largest body where no file is taken."""

_FORM_OVERHEAD: Final = 64 * 1024
_DRAINED: Final = 4
"""A file that is too large gets a better answer from its own room, which reads this many times its limit for it."""


class BodyLimit:
    """Ends requests that send more than their kind may: a multipart form so that files fit, others far less."""

    def __init__(self, app: ASGIApp, upload_bytes: int) -> None:
        self.app = app
        self.form_bytes = (_DRAINED + 1) * (upload_bytes + _FORM_OVERHEAD)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through, counting."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        kind = Headers(scope=scope).get("content-type", "").lower()
        limit = self.form_bytes if kind.startswith("multipart/form-data") else BODY_BYTES
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > limit:
                    # This kind of exception is the one that the framework passes on while it reads a body.
                    raise HTTPException(status_code=413)
            return message

        await self.app(scope, receive_counted, send)
