"""A PEM file with certificates and their keys, made at first use: whole or not at all, and by one process only.

It is written under a temporary name and then linked into place, so that two processes starting at once end up with
the same file and never with half of one.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from reports.errors import SealKeyUnusable

Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


class KeyFile:
    """``count`` certificates with their keys in the file ``path``; ``make`` makes them when it is not there.

    Raises:
        SealKeyUnusable: the file is there and cannot be read, or the folder cannot be written.
    """

    def __init__(self, path: Path, count: int, make: Callable[[], Sequence[Pair]]) -> None:
        self.path, self._count = path, count
        if not path.exists():
            self._write(make())

    @cached_property
    def pairs(self) -> list[Pair]:
        """The certificates with their keys, in the order in which they were made."""
        return list(zip(self.certificates, self._keys, strict=True))

    @cached_property
    def certificates(self) -> list[x509.Certificate]:
        """The certificates alone."""
        try:
            found = x509.load_pem_x509_certificates(self._text)
        except ValueError as error:
            raise SealKeyUnusable(path=self.path, reason="damaged") from error
        if len(found) != self._count:
            raise SealKeyUnusable(path=self.path, reason="damaged")
        return found

    @cached_property
    def _text(self) -> bytes:
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise SealKeyUnusable(path=self.path, reason="missing") from error

    @cached_property
    def _keys(self) -> list[ec.EllipticCurvePrivateKey]:
        mark = b"-----END PRIVATE KEY-----\n"
        parts = [part + mark for part in self._text.split(mark)[:-1]]
        keys = [serialization.load_pem_private_key(part[part.index(b"-----BEGIN PRIV") :], None) for part in parts]
        found = [key for key in keys if isinstance(key, ec.EllipticCurvePrivateKey)]
        if len(found) != self._count:
            raise SealKeyUnusable(path=self.path, reason="damaged")
        return found

    def _write(self, pairs: Sequence[Pair]) -> None:
        text = b"".join([_pem(certificate) for certificate, _ in pairs] + [_pem(key) for _, key in pairs])
        passing = self.path.with_name(f".{self.path.name}.{secrets.token_hex(8)}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            try:
                os.link(passing, self.path)
            except FileExistsError:
                pass  # another process was first: its file is the one
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
