"""Signed notes and the heads of logs in them, as other tools for transparency logs read and write them.

Formats: C2SP ``signed-note``, ``tlog-checkpoint`` (a head: origin, size, root), ``tlog-cosignature`` (a signature that
states its time). A head of ours carries two signatures of one Ed25519 key: the plain one, which every tool knows, and
one with the time in it, so that a head cannot be dated otherwise afterwards.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_PLAIN: Final = b"\x01"
_TIMED: Final = b"\x04"
"""Types of signatures by the C2SP signed-note format."""

_LONGEST: Final = 20_000
"""Signs of the longest note that is read."""

_LINE: Final = re.compile(r"— (?P<name>\S+) (?P<signature>[A-Za-z0-9+/]+={0,2})")
_NAME: Final = re.compile(r"[^\s+]{1,200}")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)


class NoteMalformedError(ValueError):
    """A text is no signed note, no head, or no key. Built into findings; never shown to people."""


@dataclass(frozen=True)
class Verifier:
    """The public key of a log, under its name."""

    name: str
    public: bytes
    """The 32 bytes of an Ed25519 key."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``name+id+key``, as other tools write it.

        Raises:
            NoteMalformedError: it is something else.
        """
        name, _, rest = text.strip().partition("+")
        number, _, encoded = rest.partition("+")
        key = _decoded(encoded)
        if not _NAME.fullmatch(name) or len(key) != 33 or key[:1] != _PLAIN:
            raise NoteMalformedError(text[:80])
        found = cls(name, key[1:])
        if number != found.plain_id.hex():
            raise NoteMalformedError(text[:80])
        return found

    def __str__(self) -> str:
        """The key as text; :meth:`parse` reads it."""
        return f"{self.name}+{self.plain_id.hex()}+{_encoded(_PLAIN + self.public)}"

    @property
    def plain_id(self) -> bytes:
        """Names the key in plain signatures: four bytes."""
        return self._id(_PLAIN)

    @property
    def timed_id(self) -> bytes:
        """Names the key in signatures with a time."""
        return self._id(_TIMED)

    def _id(self, kind: bytes) -> bytes:
        return sha256(self.name.encode() + b"\n" + kind + self.public).digest()[:4]

    def made(self, signature: bytes, data: bytes) -> bool:
        """Whether the key made ``signature`` over ``data``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, data)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """The private key of a log, under its name."""

    name: str
    key: Ed25519PrivateKey

    @classmethod
    def new(cls, name: str) -> Self:
        """A key made now."""
        if not _NAME.fullmatch(name):
            raise NoteMalformedError(name)
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``PRIVATE+KEY+name+id+key``, as other tools write it.

        Raises:
            NoteMalformedError: it is something else.
        """
        parts = text.strip().split("+", 4)
        key = _decoded(parts[-1])
        if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"] or len(key) != 33 or key[:1] != _PLAIN:
            raise NoteMalformedError("PRIVATE+KEY")
        found = cls(parts[2], Ed25519PrivateKey.from_private_bytes(key[1:]))
        if parts[3] != found.verifier.plain_id.hex():
            raise NoteMalformedError("PRIVATE+KEY")
        return found

    def dumped(self) -> str:
        """The key as text; :meth:`parse` reads it. Whoever has it can sign heads."""
        encoded = _encoded(_PLAIN + self.key.private_bytes_raw())
        return f"PRIVATE+KEY+{self.name}+{self.verifier.plain_id.hex()}+{encoded}"

    @property
    def verifier(self) -> Verifier:
        """The public key."""
        return Verifier(self.name, self.key.public_key().public_bytes_raw())

    def sign(self, size: int, root: bytes, at: datetime) -> str:
        """The signed head of a tree, as a note; ``at`` in whole seconds is stated by the second signature."""
        text = f"{self.name}\n{size}\n{_encoded(root)}\n"
        who, seconds = self.verifier, int(at.timestamp())
        plain = who.plain_id + self.key.sign(text.encode())
        timed = who.timed_id + seconds.to_bytes(8, "big") + self.key.sign(_timed(text, seconds))
        return f"{text}\n— {self.name} {_encoded(plain)}\n— {self.name} {_encoded(timed)}\n"


@dataclass(frozen=True)
class Head:
    """The head of a tree in a note, with the signatures that came with it: nobody has looked at those yet."""

    origin: str
    size: int
    root: bytes
    text: str
    """What is signed."""

    signatures: tuple[tuple[str, bytes], ...]
    """Name of a key, and its signature with the id before it."""

    @classmethod
    def parse(cls, note: str) -> Self:
        """Read a note.

        Raises:
            NoteMalformedError: it is no head of a log.
        """
        text, blank, lines = note.rpartition("\n\n")
        if len(note) > _LONGEST or not blank or any(sign < " " and sign != "\n" for sign in note):
            raise NoteMalformedError(note[:80])
        text += "\n"
        origin, *rest = text.split("\n")
        if len(rest) < 3 or not origin or not _SIZE.fullmatch(rest[0]) or not all([*rest[:-1]]):
            raise NoteMalformedError(note[:80])
        root = _decoded(rest[1])
        found = [_LINE.fullmatch(line) for line in lines.removesuffix("\n").split("\n")]
        if len(root) != 32 or not lines.endswith("\n") or None in found:
            raise NoteMalformedError(note[:80])
        signatures = tuple((each["name"], _decoded(each["signature"])) for each in found if each is not None)
        return cls(origin, int(rest[0]), root, text, signatures)

    def signed_by(self, key: Verifier) -> bool:
        """Whether ``key`` signed it. A second signature of the key that does not hold makes it false, too."""
        plain = [signature for _, signature in self._of(key, key.plain_id)]
        holds = bool(plain) and all(key.made(each, self.text.encode()) for each in plain)
        return holds and self.origin == key.name and all(self._time_holds(key, each) for each in self._timed(key))

    def time_by(self, key: Verifier) -> datetime | None:
        """The time at which ``key`` says it signed; None: it does not say, or the signature does not hold."""
        for each in self._timed(key):
            if self._time_holds(key, each):
                return datetime.fromtimestamp(int.from_bytes(each[:8], "big"), UTC)
        return None

    def signer_among(self, keys: Iterable[Verifier]) -> Verifier | None:
        """The first of ``keys`` that signed it."""
        return next((key for key in keys if self.signed_by(key)), None)

    def _of(self, key: Verifier, number: bytes) -> list[tuple[str, bytes]]:
        return [(name, each[4:]) for name, each in self.signatures if name == key.name and each[:4] == number]

    def _timed(self, key: Verifier) -> list[bytes]:
        return [signature for _, signature in self._of(key, key.timed_id)]

    def _time_holds(self, key: Verifier, signature: bytes) -> bool:
        seconds = int.from_bytes(signature[:8], "big")
        return seconds < 1 << 36 and key.made(signature[8:], _timed(self.text, seconds))


def _timed(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteMalformedError(text[:80]) from error
