"""A client that asks an application in this process, and hands each request over to its event loop once."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import unquote

import anyio
import httpx2
from starlette.testclient import TestClient
from starlette.types import Message, Scope

_PORTS: Final = {"http": 80, "https": 443}


class Client(TestClient):
    """Starlette's client, which goes to and fro between two threads eight times for each request, and this one once.

    Each change of threads takes about as long as a short piece of work. The answer arrives whole: what reads one that
    goes on and on, or none to its end, needs Starlette's own.
    """

    __test__ = False

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._transport = _Whole(self)


class _Whole(httpx2.BaseTransport):
    def __init__(self, client: Client) -> None:
        self._client = client

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The whole answer of the application; what it raises is raised here."""
        exchange = _Exchange(request.read())
        scope = _scope(request)
        with self._client._portal_factory() as portal:
            portal.call(self._serve, scope, exchange)
        assert exchange.status is not None, "no answer"
        content = b"" if request.method == "HEAD" else b"".join(exchange.parts)
        stream = httpx2.ByteStream(content)
        return httpx2.Response(exchange.status, headers=exchange.headers, stream=stream, request=request)

    async def _serve(self, scope: Scope, exchange: _Exchange) -> None:
        exchange.ended = anyio.Event()
        scope["state"] = self._client.app_state.copy()
        await self._client.app(scope, exchange.receive, exchange.send)


class _Exchange:
    """What goes to the application and what comes back."""

    ended: anyio.Event

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body
        self.status: int | None = None
        self.headers: list[tuple[str, str]] = []
        self.parts: list[bytes] = []

    async def receive(self) -> Message:
        if self._body is None:
            await self.ended.wait()
            return {"type": "http.disconnect"}
        body, self._body = self._body, None
        return {"type": "http.request", "body": body}

    async def send(self, message: Message) -> None:
        assert not self.ended.is_set(), "something was sent after the end of the answer"
        if message["type"] == "http.response.start":
            assert self.status is None, "two answers"
            self.status = message["status"]
            self.headers = [(key.decode(), value.decode()) for key, value in message.get("headers", [])]
        elif message["type"] == "http.response.body":
            assert self.status is not None, "a body before its answer"
            self.parts.append(bytes(message.get("body", b"")))
            if not message.get("more_body", False):
                self.ended.set()


def _scope(request: httpx2.Request) -> Scope:
    """What a server would tell the application about a request, as Starlette's client tells it."""
    url = request.url
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "path": unquote(url.path),
        "raw_path": url.raw_path.split(b"?", 1)[0],
        "root_path": "",
        "scheme": url.scheme,
        "query_string": url.query,
        "headers": [(key.lower().encode(), value.encode()) for key, value in request.headers.multi_items()],
        "client": ("testclient", 50000),
        "server": [url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme]],
        "extensions": {},
    }
