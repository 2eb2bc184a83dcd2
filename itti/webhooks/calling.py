"""One call to the outside: to an address that was looked at, within a time, and with no more read than is needed."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cache
from typing import Final

from itti.webhooks.addresses import Target, resolved

SECONDS: Final = 15.0
"""How long the exchange may take in all; before that the connection and its TLS may take as long."""

_CONNECTING: Final = 5.0


def call(target: Target, content: bytes, headers: Mapping[str, str], *, private: bool, seconds: float = SECONDS) -> int:
    """Send an event; returns the HTTP status. Redirects are not followed, and the body of the answer is not read.

    Raises:
        WebhookAddressUnsafe: its name leads to where nobody may be called.
        OSError, http.client.HTTPException: nothing came back, or nothing that is HTTP.
    """
    return exchange(target, content, headers, private=private, seconds=seconds, most=0)[0]


def exchange(  # noqa: PLR0913 - what a call is made of
    target: Target,
    content: bytes,
    headers: Mapping[str, str],
    *,
    private: bool,
    most: int,
    seconds: float = SECONDS,
) -> tuple[int, bytes]:
    """Send something; returns the HTTP status, and ``most`` bytes of the answer. Redirects are not followed.

    Raises:
        WebhookAddressUnsafe: its name leads to where nobody may be called.
        OSError, http.client.HTTPException: nothing came back, or nothing that is HTTP.
    """
    sent = {"Content-Type": "application/json", "Content-Length": str(len(content)), "User-Agent": "itti-webhooks/1"}
    with _reached(target, private=private, seconds=seconds) as connection:
        answer = _asked(connection, "POST", target, sent | dict(headers), content)
        return answer.status, answer.read(most) if most else b""


def fetch(target: Target, *, private: bool, most: int, seconds: float = SECONDS) -> bytes:
    """A document that lies there, ``most`` bytes of it at most. Redirects are not followed.

    Raises:
        WebhookAddressUnsafe: its name leads to where nobody may be called.
        OSError, http.client.HTTPException: nothing came back, something else than a document, or too large a one.
    """
    sent = {"Accept": "application/json", "User-Agent": "itti/1"}
    with _reached(target, private=private, seconds=seconds) as connection:
        answer = _asked(connection, "GET", target, sent, None)
        found = answer.read(most + 1)
    if answer.status != http.HTTPStatus.OK or len(found) > most:
        raise http.client.HTTPException(f"HTTP {answer.status}, {len(found)} bytes")
    return found


@contextmanager
def _reached(target: Target, *, private: bool, seconds: float) -> Iterator[http.client.HTTPConnection]:
    plain = _connected(target, private=private)
    with closing(plain), _within(plain, seconds):
        sock = _trusted().wrap_socket(plain, server_hostname=target.host) if target.secure else plain
        with closing(sock), _within(sock, seconds):
            connection = http.client.HTTPConnection(target.host, target.port, timeout=seconds)
            connection.sock = sock
            yield connection


def _asked(
    connection: http.client.HTTPConnection,
    method: str,
    target: Target,
    headers: Mapping[str, str],
    content: bytes | None,
) -> http.client.HTTPResponse:
    connection.putrequest(method, target.path, skip_host=True, skip_accept_encoding=True)
    for name, value in ({"Host": target.authority, "Connection": "close"} | dict(headers)).items():
        connection.putheader(name, value)
    connection.endheaders(content)
    return connection.getresponse()


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def _connected(target: Target, *, private: bool) -> socket.socket:
    failure = OSError()
    for address in resolved(target, private=private)[:2]:
        try:
            return socket.create_connection((address, target.port), _CONNECTING)
        except OSError as error:
            failure = error
    raise failure


@contextmanager
def _within(sock: socket.socket, seconds: float) -> Iterator[None]:
    """Cut a connection that takes longer in all: who sends a byte now and then never runs into a timeout."""

    def cut() -> None:
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not that of TLS, which the waiting thread would trip over

    sock.settimeout(seconds)
    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
