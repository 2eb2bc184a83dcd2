"""A certificate authority for demonstrations, made at first use and plainly named so that nobody mistakes it.

One file holds both keys and both certificates. It is written whole under a temporary name and then linked into
place, so that two processes starting at once end up with the same authority and never with half of one.
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from reports.errors import SealKeyUnusable

DEMONSTRATION: Final = "Demonstration – not for real use"
"""Stands in the name of every certificate of a demonstration authority; by it they are known."""

_FILE: Final = "demonstration-authority.pem"
_FROM: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""Early enough for a demonstration whose history reaches back some years."""
_UNTIL: Final = datetime(2060, 1, 1, tzinfo=UTC)


def is_demonstration(certificate: x509.Certificate) -> bool:
    """True when subject or issuer of the certificate say that it is for demonstrations only."""
    names = (*certificate.subject, *certificate.issuer)
    return any(DEMONSTRATION in str(part.value) for part in names)


class DemonstrationAuthority:
    """Root and sealing certificate kept in a folder; made there when they do not exist yet.

    Raises:
        SealKeyUnusable: the file is there and cannot be read, or the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / _FILE
        if not self.path.exists():
            self._make()

    @property
    def root(self) -> x509.Certificate:
        """The root certificate: what a verifier of demonstration papers has to trust."""
        return self._certificates[0]

    @property
    def seal_certificate(self) -> x509.Certificate:
        """The certificate that seals papers."""
        return self._certificates[1]

    @property
    def seal_key(self) -> ec.EllipticCurvePrivateKey:
        """The key that seals papers."""
        return self._keys[1]

    @cached_property
    def _text(self) -> bytes:
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise SealKeyUnusable(path=self.path, reason="missing") from error

    @cached_property
    def _certificates(self) -> list[x509.Certificate]:
        try:
            return x509.load_pem_x509_certificates(self._text)
        except ValueError as error:
            raise SealKeyUnusable(path=self.path, reason="damaged") from error

    @cached_property
    def _keys(self) -> list[ec.EllipticCurvePrivateKey]:
        mark = b"-----END PRIVATE KEY-----\n"
        parts = [part + mark for part in self._text.split(mark)[:-1]]
        keys = [serialization.load_pem_private_key(part[part.index(b"-----BEGIN PRIV") :], None) for part in parts]
        found = [key for key in keys if isinstance(key, ec.EllipticCurvePrivateKey)]
        if len(found) != 2:
            raise SealKeyUnusable(path=self.path, reason="damaged")
        return found

    def _make(self) -> None:
        root_key, seal_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        root = _root(root_key)
        seal = _seal(seal_key, root, root_key)
        text = b"".join([_pem(root), _pem(seal), _pem(root_key), _pem(seal_key)])
        passing = self.path.with_name(f".{_FILE}.{secrets.token_hex(8)}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            try:
                os.link(passing, self.path)
            except FileExistsError:
                pass  # another process was first: its authority is the one
            finally:
                passing.unlink()
        except OSError as error:
            raise SealKeyUnusable(path=self.path, reason="folder") from error


def _pem(thing: x509.Certificate | ec.EllipticCurvePrivateKey) -> bytes:
    if isinstance(thing, x509.Certificate):
        return thing.public_bytes(serialization.Encoding.PEM)
    return thing.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, DEMONSTRATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, seals: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=seals,
        content_commitment=seals,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not seals,
        crl_sign=not seals,
        encipher_only=False,
        decipher_only=False,
    )


def _root(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _name("Demonstration root authority")
    return (
        _builder(name, name, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(_usage(seals=False), critical=True)
        .sign(key, hashes.SHA256())
    )


def _seal(
    key: ec.EllipticCurvePrivateKey, root: x509.Certificate, root_key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    return (
        _builder(_name("Demonstration seal"), root.subject, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(seals=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
