"""JSON Web Signatures with the sealing key: the compact form (RFC 7515) of claims, and keys as JSON (RFC 7517).

What is signed names its certificates (``x5c``), so that whoever trusts the root of the seal can check it offline and
for ever, as the seal itself; the header ``kid`` is for those who look the key up at the issuer's.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import rfc8785
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from reports.sealers import Sealer
from reports.tokens import TokenKey

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
MOST_SIGNS: Final = 100_000
"""Longest text that is read as a signed one; ours have less than ten thousand signs."""

_MOST_CERTIFICATES: Final = 6


@dataclass(frozen=True)
class Algorithm:
    """A signature algorithm of JOSE (RFC 7518)."""

    name: str
    hash: hashes.HashAlgorithm
    curve: str = ""
    """Name of the curve; empty for RSA."""

    size: int = 0
    """Bytes of a coordinate."""


_RSA: Final = Algorithm("RS256", hashes.SHA256())
_CURVES: Final = {
    "secp256r1": Algorithm("ES256", hashes.SHA256(), "P-256", 32),
    "secp384r1": Algorithm("ES384", hashes.SHA384(), "P-384", 48),
    "secp521r1": Algorithm("ES512", hashes.SHA512(), "P-521", 66),
}


class Malformed(Exception):
    """What was handed in is no signed text of this kind."""


@dataclass(frozen=True)
class Signed:
    """A signed text taken apart; nothing of it is trusted yet."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    chain: tuple[x509.Certificate, ...]
    """The certificates it names, the signing one first; at least one."""

    holds: bool
    """Whether the key of the first certificate made the signature."""


def algorithm_of(sealer: Sealer) -> Algorithm | None:
    """How the key of ``sealer`` signs; None: JOSE knows no way (another curve, a token that hashes less)."""
    found = _algorithm(sealer.certificate.public_key())
    # Tokens are asked for SHA-256 alone (reports.tokens).
    return None if found and isinstance(sealer.key, TokenKey) and found.hash.name != "sha256" else found


def sign(claims: Mapping[str, Any], sealer: Sealer, *, kind: str, key_id: str) -> str:
    """``claims`` signed, in the compact form.

    Args:
        claims: what is said; written as canonical JSON, so that the same claims are the same bytes.
        sealer: whose key it is; one for which there is an :func:`algorithm_of`.
        kind: media type without ``application/``, for the header ``typ``.
        key_id: where the key is found, for the header ``kid``.

    Raises:
        SealTokenUnavailable, SealTokenUnusable: the key lies on a token, and that does not sign.
    """
    algorithm = algorithm_of(sealer)
    assert algorithm is not None  # noqa: S101 - whoever calls has asked
    named = sealer.chain[:-1] if len(sealer.chain) > 1 and _is_root(sealer.root) else sealer.chain
    header = {
        "alg": algorithm.name,
        "cty": "vc",
        "kid": key_id,
        "typ": kind,
        "x5c": [base64.b64encode(each.public_bytes(Encoding.DER)).decode() for each in named],
    }
    text = f"{packed(rfc8785.dumps(header))}.{packed(rfc8785.dumps(dict(claims)))}"
    return f"{text}.{packed(_signature(text.encode(), sealer, algorithm))}"


def key_of(text: str) -> tuple[str, datetime] | None:
    """The key that one of our own signed texts names (header ``kid``), and the time of signing that it states.

    Checks nothing. None: it names none.
    """
    parts = text.encode().split(b".")
    try:
        header, claims = (_object(part) for part in parts[:2])
        return str(header["kid"]), datetime.fromtimestamp(claims["iat"], UTC)
    except (Malformed, ValueError, KeyError, TypeError):
        return None


def read(text: bytes) -> Signed:
    """A signed text taken apart, its signature checked by the first of its certificates.

    For texts of strangers: call it where a crash and a waste of time are contained.

    Raises:
        Malformed: it is not in the compact form, or names no certificate or an algorithm that does not fit the key.
    """
    parts = text.strip().split(b".")
    if len(text) > MOST_SIGNS or len(parts) != 3:
        raise Malformed
    header, claims = (_object(part) for part in parts[:2])
    chain = _chain(header.get("x5c"))
    key = chain[0].public_key()
    algorithm = _algorithm(key)
    if algorithm is None or header.get("alg") != algorithm.name or header.get("crit") is not None:
        raise Malformed
    holds = _made_by(key, algorithm, _unpacked(parts[2]), parts[0] + b"." + parts[1])
    return Signed(header, claims, chain, holds)


def public_jwk(certificate: x509.Certificate) -> dict[str, str]:
    """The key of ``certificate`` as JSON (RFC 7517), with its thumbprint (RFC 7638) as ``kid``; for keys JOSE knows."""
    key = certificate.public_key()
    algorithm = _algorithm(key)
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        told = {"kty": "RSA", "n": _integer(numbers.n), "e": _integer(numbers.e)}
    else:
        assert algorithm is not None  # noqa: S101 - see above
        assert isinstance(key, ec.EllipticCurvePublicKey)  # noqa: S101
        point = key.public_numbers()
        told = {
            "kty": "EC",
            "crv": algorithm.curve,
            "x": _integer(point.x, algorithm.size),
            "y": _integer(point.y, algorithm.size),
        }
    return told | {"kid": packed(hashlib.sha256(rfc8785.dumps(dict(told))).digest())}


def packed(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _algorithm(key: object) -> Algorithm | None:
    if isinstance(key, rsa.RSAPublicKey):
        return _RSA
    return _CURVES.get(key.curve.name) if isinstance(key, ec.EllipticCurvePublicKey) else None


def _is_root(certificate: x509.Certificate) -> bool:
    return certificate.issuer == certificate.subject


def _signature(data: bytes, sealer: Sealer, algorithm: Algorithm) -> bytes:
    key = sealer.key
    if isinstance(key, TokenKey):
        made = key.sign(data)
    elif isinstance(key, rsa.RSAPrivateKey):
        made = key.sign(data, padding.PKCS1v15(), algorithm.hash)
    else:
        made = key.sign(data, ec.ECDSA(algorithm.hash))
    if not algorithm.size:
        return made
    return b"".join(number.to_bytes(algorithm.size, "big") for number in decode_dss_signature(made))


def _made_by(key: object, algorithm: Algorithm, signature: bytes, data: bytes) -> bool:
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), algorithm.hash)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            if len(signature) != 2 * algorithm.size:
                return False
            halves = signature[: algorithm.size], signature[algorithm.size :]
            der = encode_dss_signature(*(int.from_bytes(half, "big") for half in halves))
            key.verify(der, data, ec.ECDSA(algorithm.hash))
    except InvalidSignature:
        return False
    return True


def _chain(named: object) -> tuple[x509.Certificate, ...]:
    if not isinstance(named, list) or not 1 <= len(named) <= _MOST_CERTIFICATES:
        raise Malformed
    try:
        return tuple(x509.load_der_x509_certificate(base64.b64decode(each, validate=True)) for each in named)
    except (TypeError, ValueError) as error:
        raise Malformed from error


def _object(part: bytes) -> dict[str, Any]:
    try:
        found = json.loads(_unpacked(part))
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(found, dict):
        raise Malformed
    return found


def _unpacked(part: bytes) -> bytes:
    try:
        return base64.b64decode(part + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed from error


def _integer(number: int, size: int = 0) -> str:
    return packed(number.to_bytes(size or (number.bit_length() + 7) // 8, "big"))
