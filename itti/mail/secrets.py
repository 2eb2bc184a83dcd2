"""Secrets of messages that wait, such as the link of an invitation: encrypted, so that the database tells nobody."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from itti.mail.errors import MessageUnreadable
from itti.settings import Settings


def locked(settings: Settings, text: str) -> str:
    """``text`` under a key that follows from ``ITTI_SECRET``."""
    return _lock(settings).encrypt(text.encode()).decode()


def unlocked(settings: Settings, token: str) -> str:
    """The text again.

    Raises:
        MessageUnreadable: it was encrypted under another secret.
    """
    try:
        return _lock(settings).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise MessageUnreadable from error


def _lock(settings: Settings) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"itti outgoing mail").derive(
        settings.secret.get_secret_value().encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))
