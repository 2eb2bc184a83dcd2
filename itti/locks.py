"""Texts under lock and key (links of messages, secrets of second factors): a copy of the database tells nobody."""

from __future__ import annotations

import base64
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from itti.settings import Settings


class Unreadable(Exception):
    """Encrypted under another secret or for another purpose, or too old; callers say what that means."""


def locked(settings: Settings, purpose: str, text: str) -> str:
    """``text`` under a key that follows from ``ITTI_SECRET`` and ``purpose``."""
    return _lock(settings, purpose).encrypt(text.encode()).decode()


def unlocked(settings: Settings, purpose: str, token: str, within: timedelta | None = None) -> str:
    """The text again.

    Args:
        settings: with the secret.
        purpose: what it was locked for.
        token: as :func:`locked` gave it.
        within: how long it is good for; None: for ever.

    Raises:
        Unreadable: it cannot be read with this secret and for this purpose, or not any more.
    """
    try:
        ttl = None if within is None else int(within.total_seconds())
        return _lock(settings, purpose).decrypt(token.encode(), ttl).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _lock(settings: Settings, purpose: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=f"itti {purpose}".encode()).derive(
        settings.secret.get_secret_value().encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))
