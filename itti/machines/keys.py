"""Public keys of machines (RFC 7517): what is taken of a set that was sent or read, and what verifies with each."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

MOST: Final = 10
"""Keys of one machine: those in use, and those that come next."""

_LONGEST: Final = 2000
_LEAST_BITS: Final = 2048
_MOST_BITS: Final = 8192
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_PUBLIC: Final[Mapping[str, tuple[str, ...]]] = {
    "EC": ("kty", "crv", "x", "y"),
    "RSA": ("kty", "n", "e"),
    "OKP": ("kty", "crv", "x"),
}
_BY_CURVE: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("OKP", "Ed25519"): ("Ed25519",),
}
_RSA: Final = ("PS256", "RS256")

ALGORITHMS: Final = ("ES256", "ES384", "Ed25519", *_RSA)
"""What may sign: with a pair of keys alone, since a shared one would be a secret again.

``EdDSA``, which leaves open on which curve, was deprecated by RFC 9864.
"""


class Unusable(Exception):
    """The set cannot be taken; ``why`` is the key of the sentence ``field.<why>``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class PublicKey:
    """One key."""

    members: Mapping[str, str]
    """As it is kept: what makes up the public key, and ``kid`` and ``alg`` where it has them."""

    key: Key
    algorithms: tuple[str, ...]

    @property
    def kid(self) -> str | None:
        """What signatures name it by; None: it is the only one."""
        return self.members.get("kid")

    @property
    def thumbprint(self) -> str:
        """What tells it from any other (RFC 7638)."""
        return self.key.thumbprint()


def taken(document: object) -> list[PublicKey]:
    """The usable keys of a set; others in it, of kinds that later times may bring, are left out.

    Raises:
        Unusable: ``keys-private``: somebody sent what no other may know; ``keys-unusable``: there is no usable key;
            ``keys-too-many``.
    """
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise Unusable("keys-unusable")
    if any(_PRIVATE & each.keys() for each in listed):
        raise Unusable("keys-private")
    if len(listed) > MOST:
        raise Unusable("keys-too-many")
    found = [key for key in map(_usable, listed) if key is not None]
    if not found:
        raise Unusable("keys-unusable")
    return found


def kept(stored: Sequence[Mapping[str, str]]) -> list[PublicKey]:
    """Keys as they are stored."""
    return [key for key in map(_usable, stored) if key is not None]


def _usable(sent: Mapping[str, Any]) -> PublicKey | None:
    names = _PUBLIC.get(str(sent.get("kty")))
    if names is None or sent.get("use", "sig") != "sig":
        return None
    members = {name: sent[name] for name in (*names, "kid", "alg") if name in sent}
    if not all(isinstance(value, str) and len(value) <= _LONGEST for value in members.values()):
        return None
    try:
        algorithms = _algorithms(members)
        if not algorithms:
            return None
        key = JWKRegistry.import_key({name: members[name] for name in names})
        key.get_op_key("verify")  # refuses a point that is not on its curve
    except (JoseError, ValueError, TypeError, KeyError):  # whatever a library makes of a key that is none
        return None
    if "alg" in members:
        algorithms = tuple(each for each in algorithms if each == members["alg"])
    return PublicKey(members, key, algorithms) if algorithms else None


def _algorithms(members: Mapping[str, str]) -> tuple[str, ...]:
    if members["kty"] == "RSA":
        modulus = urlsafe_b64decode(members["n"] + "==")
        bits = int.from_bytes(modulus).bit_length()
        return _RSA if _LEAST_BITS <= bits <= _MOST_BITS else ()
    return _BY_CURVE.get((members["kty"], members["crv"]), ())
