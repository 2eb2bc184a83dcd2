"""Secrets that let their bearer in: made here, stored only as keyed hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from itti.settings import Settings

PREFIX: Final = "itti_"
"""Lets people and secret scanners recognise a token of ours."""


def make_secret() -> str:
    """A new secret of 32 random bytes."""
    return PREFIX + secrets.token_urlsafe(32)


def keyed_hash(settings: Settings, purpose: str, secret: str) -> str:
    """What is stored of a secret: HMAC-SHA256 under the key of this installation, apart by purpose.

    A copy of the database lets nobody in, nor does a row of it that was put there by somebody without the key.
    """
    key = settings.secret.get_secret_value().encode()
    return hmac.new(key, f"{purpose}:{secret}".encode(), hashlib.sha256).hexdigest()
