"""An authenticator, written from WebAuthn level 3 alone, that can also do what honest ones never do."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import cbor2
import httpx2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from starlette.testclient import TestClient

ORIGIN: Final = "http://localhost"

_PRESENT, _VERIFIED, _ATTESTED = 1, 4, 64


def b64(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes again."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Key:
    """One passkey in one authenticator; ``origin`` is where its browser believes to be."""

    origin: str = ORIGIN
    flags: int = _PRESENT | _VERIFIED
    count: int = 0
    counting: bool = True
    cross_origin: bool = False
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    identifier: bytes = field(default_factory=lambda: secrets.token_bytes(24))
    holder: bytes | None = None

    def create(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to ``navigator.credentials.create``."""
        self.holder = unb64(options["user"]["id"])
        numbers = self.private.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, **point})
        attested = b"\x01" * 16 + struct.pack(">H", len(self.identifier)) + self.identifier + public
        data = self._data(self.flags | _ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._said("webauthn.create", options["challenge"])
        return self._credential({"clientDataJSON": b64(said), "attestationObject": b64(attestation)})

    def get(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to ``navigator.credentials.get``."""
        self.count += self.counting
        said, data = self._said("webauthn.get", options["challenge"]), self._data(self.flags)
        signature = self.private.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        response = {"clientDataJSON": b64(said), "authenticatorData": b64(data), "signature": b64(signature)}
        return self._credential(response | ({} if self.holder is None else {"userHandle": b64(self.holder)}))

    def _said(self, kind: str, challenge: str) -> bytes:
        words = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.cross_origin}
        return json.dumps(words).encode()

    def _data(self, flags: int) -> bytes:
        site = hashlib.sha256((urlsplit(self.origin).hostname or "").encode()).digest()
        return site + bytes([flags]) + struct.pack(">I", self.count)

    def _credential(self, response: Mapping[str, str]) -> dict[str, Any]:
        name = b64(self.identifier)
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}


def register(client: TestClient, key: Key, name: str = "Blue key") -> httpx2.Response:
    """The answer to registering ``key`` at the API."""
    asked = client.post("/me/passkeys/challenge").json()
    answer = {"ticket": asked["ticket"], "credential": key.create(asked["options"]), "name": name}
    return client.post("/me/passkeys", json=answer)


def enter(client: TestClient, key: Key) -> httpx2.Response:
    """The answer to asking for a token by ``key``."""
    asked = client.post("/tokens/passkey/challenge").json()
    return client.post("/tokens/passkey", json={"ticket": asked["ticket"], "credential": key.get(asked["options"])})
