"""Which pages of other sites may call the API from a browser (CORS): those that the settings name, and no others.

Never with credentials: the API takes a token in a header, which the page has to hold itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from itti.http.problems import API

SENT: Final = (
    "Authorization",
    "Content-Type",
    "Accept-Language",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Prefer",
    "X-Request-Id",
)
"""Header fields that such a page may send."""

SHOWN: Final = (
    "Content-Disposition",
    "Deprecation",
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "Preference-Applied",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Sunset",
    "X-Request-Id",
)
"""Header fields that it may read."""


class Origins:
    """The layer that lets them in; pages of our own are out of reach for others."""

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        self.app = app
        self._shared = CORSMiddleware(
            app,
            allow_origins=allowed,
            allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
            allow_headers=SENT,
            expose_headers=SHOWN,
            allow_credentials=False,
        )
        self._any = bool(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        shared = self._any and scope["type"] == "http" and scope["path"].startswith(API)
        await (self._shared if shared else self.app)(scope, receive, send)
