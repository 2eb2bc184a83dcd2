"""What happens to every request before and after its room sees it.

Request ids, security headers, refusal of requests that other sites make in the name of a signed-in person, and
the last catch for mistakes of ours, so that a failure carries the same headers as everything else.
"""

from __future__ import annotations

import logging
import re
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from itti.http.errors import CrossSiteRequest, InternalError
from itti.http.problems import API, respond
from itti.settings import Settings

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

CONTENT_SECURITY_POLICY: Final = "; ".join(  # noqa: FLY002 - one directive a line
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Everything from here, nothing inline: a script in a comment stays text even if a template forgot to escape it."""

_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
}

_logger = logging.getLogger("itti")


class Front:
    """The outermost layer that is ours."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        public = urlsplit(settings.base_url)
        self.origin = f"{public.scheme}://{public.netloc}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = headers.get("x-request-id", "")
        if not _REQUEST_ID.fullmatch(request_id):
            request_id = uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._complete(MutableHeaders(scope=message), scope, request_id)
            await send(message)

        request = Request(scope, receive)
        if self._is_cross_site(scope, headers):
            await respond(request, CrossSiteRequest())(scope, receive, send_with_headers)
            return
        try:
            await self.app(scope, receive, send_with_headers)
        except Exception:
            _logger.exception("request %s failed", request_id)
            if begun:
                raise
            await respond(request, InternalError(request_id=request_id))(scope, receive, send_with_headers)

    def _complete(self, headers: MutableHeaders, scope: Scope, request_id: str) -> None:
        headers["X-Request-Id"] = request_id
        for name, value in scope["state"].get("fields", {}).items():
            # Each of them is a list: what a room has said itself comes first.
            listed = name in {"Link", "RateLimit", "RateLimit-Policy"} and name in headers
            headers[name] = f"{headers[name]}, {value}" if listed else value
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", _caching(scope))
        if self.origin.startswith("https:"):
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")

    def _is_cross_site(self, scope: Scope, headers: Headers) -> bool:
        """Whether another site may be behind a request that changes something.

        The API is not asked: it knows no cookies, so another site has nothing to misuse. Browsers since 2023 say
        where a request comes from (``Sec-Fetch-Site``); older ones send ``Origin``; what sends neither is refused.
        """
        if scope["method"] in _SAFE or scope["path"].startswith(API):
            return False
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site not in {"same-origin", "none"}
        origin = headers.get("origin", "")
        return origin not in {self.origin, f"{scope['scheme']}://{headers.get('host', '')}"}


def _caching(scope: Scope) -> str:
    """How long a response may be kept where its room does not say: static files whose address names their content."""
    if not scope["path"].startswith("/static/"):
        return "no-store"
    return "public, max-age=31536000, immutable" if scope["query_string"].startswith(b"v=") else "no-cache"
