"""A provider on loopback, written from OpenID Connect Core and Discovery alone, that can also lie in every way."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

CLIENT: Final = "itti"
SECRET: Final = "a secret of the client"
BASIC: Final = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()

Claims = dict[str, Any]


@dataclass
class Elsewhere:
    """The provider and what it is made to say."""

    home: str = ""
    """Its address."""

    issuer: str = ""
    subject: str = "person-1"
    claims: Claims = field(default_factory=dict)
    """Beside what every token says, or instead of it; None takes a claim away."""

    key: RSAKey | ECKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    algorithm: str = "RS256"
    published: list[Any] | None = None
    """Keys that it shows; None: the one it signs with."""

    token: Callable[[Claims], str] | None = None
    """Makes the ID token instead."""

    page: Claims | None = None
    """What its page about the person says beside; None: its description names no such page."""

    status: int = 200
    """Of all its answers."""

    asked: list[str] = field(default_factory=list)
    """Paths, in order."""

    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def sign_in(self, address: str) -> str:
        """Somebody signs in at the page that a browser was led to: the query that the browser brings back."""
        given = dict(parse_qsl(urlsplit(address).query))
        assert given["client_id"] == CLIENT
        assert given["response_type"] == "code"
        code = secrets.token_urlsafe(8)
        self._codes[code] = given
        return f"code={code}&state={given['state']}"

    def answer(self, method: str, path: str, sent: str, authorization: str) -> tuple[int, Claims]:
        """The answer to one request."""
        self.asked.append(path)
        if self.status != 200:
            return self.status, {}
        if path == "/.well-known/openid-configuration":
            names = {"authorization_endpoint": "in", "token_endpoint": "token", "jwks_uri": "keys"}
            if self.page is not None:
                names["userinfo_endpoint"] = "me"
            return 200, {"issuer": self.issuer} | {key: f"{self.issuer}/{name}" for key, name in names.items()}
        if path == "/keys":
            shown = [self.key] if self.published is None else self.published
            return 200, {"keys": [each.as_dict(private=False) for each in shown]}
        if path == "/me":
            return (200, self._said({}) | (self.page or {})) if authorization == "Bearer access" else (401, {})
        if (method, path, authorization) != ("POST", "/token", BASIC):
            return 401, {}
        return self._token({name: values[0] for name, values in parse_qs(sent).items()})

    def _token(self, sent: dict[str, str]) -> tuple[int, Claims]:
        given = self._codes.pop(sent["code"], None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if (
            given is None
            or given["redirect_uri"] != sent["redirect_uri"]
            or given["code_challenge"] != proof
            or given["code_challenge_method"] != "S256"
        ):
            return 400, {"error": "invalid_grant"}
        said = self._said(given)
        header = {"alg": self.algorithm, "kid": self.key.kid}
        made = self.token(said) if self.token else jwt.encode(header, said, self.key, [self.algorithm])
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": made}

    def _said(self, given: dict[str, str]) -> Claims:
        now = int(time.time())
        said: Claims = {"iss": self.issuer, "aud": CLIENT, "sub": self.subject, "iat": now, "exp": now + 60}
        said |= ({"nonce": given["nonce"]} if "nonce" in given else {}) | self.claims
        return {name: value for name, value in said.items() if value is not None}


def unsigned(said: Claims) -> str:
    """A token that nobody has signed."""
    parts = ({"alg": "none"}, said)
    return ".".join(base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode() for each in parts) + "."


def by_shared_secret(said: Claims) -> str:
    """A token that whoever knows the client's secret can make."""
    return jwt.encode({"alg": "HS256"}, said, OctKey.import_key(SECRET), ["HS256"])


@contextmanager
def running() -> Iterator[Elsewhere]:
    """The provider, on a free port."""
    elsewhere = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            authorization = self.headers.get("authorization", "")
            status, body = elsewhere.answer(self.command, urlsplit(self.path).path, sent, authorization)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    elsewhere.home = elsewhere.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield elsewhere
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
