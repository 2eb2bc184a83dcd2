"""Signatures of Standard Webhooks 1.0.0: HMAC-SHA-256 over name, time and content (``v1``)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
_BYTES: Final = 32


def new_secret() -> str:
    """A secret as receivers enter it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def headers(known: Iterable[str], name: str, at: datetime, content: bytes) -> Mapping[str, str]:
    """The three headers of a call; one signature for each of the ``known`` secrets."""
    moment = str(int(at.timestamp()))
    signed = b".".join((name.encode(), moment.encode(), content))
    return {
        "webhook-id": name,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{_signature(secret, signed)}" for secret in known),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
