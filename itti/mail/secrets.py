"""Secrets of messages that wait, such as the link of an invitation: encrypted, so that the database tells nobody."""

from __future__ import annotations

from typing import Final

from itti import locks
from itti.mail.errors import MessageUnreadable
from itti.settings import Settings

_PURPOSE: Final = "outgoing mail"


def locked(settings: Settings, text: str) -> str:
    """``text`` under a key that follows from ``ITTI_SECRET``."""
    return locks.locked(settings, _PURPOSE, text)


def unlocked(settings: Settings, token: str) -> str:
    """The text again.

    Raises:
        MessageUnreadable: it was encrypted under another secret.
    """
    try:
        return locks.unlocked(settings, _PURPOSE, token)
    except locks.Unreadable as error:
        raise MessageUnreadable from error
