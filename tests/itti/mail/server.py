"""A real mail server on loopback (aiosmtpd), in the clear, with STARTTLS or TLS, that does as it is told."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "office", "a password for the mail server"


@dataclass
class Post:
    """What a server has taken, and what it answers."""

    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    to_recipient: str = ""
    to_data: str = ""

    async def handle_RCPT(  # noqa: N802 - the name is the server's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer to a recipient."""
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a message."""
        if self.to_data:
            return self.to_data
        content = cast("bytes", envelope.content)
        self.taken.append(message_from_bytes(content, policy=SMTPUTF8))
        self.recipients.extend(envelope.rcpt_tos)
        return "250 Message accepted"


class _Server(Controller):
    @property
    def taken_port(self) -> int:
        """The port that the system has given."""
        port: int = cast("Any", self.server).sockets[0].getsockname()[1]
        return port

    def _trigger_server(self) -> None:
        """Connect once, as the base class does, but to the port that the system has given."""
        socket.create_connection(("127.0.0.1", self.taken_port), 5).close()


@contextmanager
def running(certificate: Path | None = None, *, tls: bool = False, **options: Any) -> Iterator[tuple[Post, int]]:
    """A server with its port, for as long as the block lasts; ``certificate`` is a PEM file with its key."""
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    post = Post()
    secured = {"ssl_context": context} if tls else {"tls_context": context, "require_starttls": context is not None}
    server = _Server(post, "127.0.0.1", 0, enable_SMTPUTF8=True, **secured, **options)
    server.start()
    try:
        yield post, server.taken_port
    finally:
        server.stop()


def authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: object) -> AuthResult:
    """Lets in :data:`USER` with :data:`PASSWORD`."""
    given = cast("LoginPassword", data)
    return AuthResult(success=(given.login, given.password) == (USER.encode(), PASSWORD.encode()))


def certified(path: Path, address: str = "127.0.0.1") -> Path:
    """A PEM file with a self-signed certificate for ``address`` and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server of the tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    packed = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + packed)
    return path
