"""Challenges: what an authenticator has to sign, so that no earlier answer of it can be sent again.

A challenge travels under lock and key, as a *ticket*, with whoever asked for it. It is good for one purpose and one
holder (a browser session, a token, a browser at the sign-in page), for a few minutes, and for one answer.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from sqlmodel import Session, col, delete

from itti import locks
from itti.acts import Act
from itti.database import flush_unique
from itti.passkeys import base64url
from itti.passkeys.errors import ChallengeOver
from itti.passkeys.tables import SpentChallenge
from itti.settings import Settings

GOOD_FOR: Final = timedelta(minutes=5)
"""How long an answer may take: time to find the security key."""


class Purpose(StrEnum):
    """What the answer to a challenge is for."""

    REGISTER = "register"
    SIGN_IN = "sign-in"
    PROVE = "prove"


@dataclass(frozen=True)
class Challenge:
    """What is asked of an authenticator."""

    random: bytes
    ticket: str


@dataclass(frozen=True)
class Answer:
    """What a browser did: the ticket of what was asked, and what the authenticator answered."""

    ticket: str
    credential: Mapping[str, Any]
    holder: str
    """Who sends it: the id of the session or token that lets them in, the mark of a browser at the door."""


def make(settings: Settings, purpose: Purpose, holder: str) -> Challenge:
    """A new challenge. Nothing is stored until it is answered.

    Args:
        settings: with the secret.
        purpose: what for.
        holder: who may answer it.
    """
    random = secrets.token_bytes(32)
    return Challenge(random, locks.locked(settings, _key(purpose, holder), base64url.encoded(random)))


def spend(session: Session, act: Act, settings: Settings, answer: Answer, purpose: Purpose) -> bytes:
    """The challenge that an answer is to, used up by this.

    Raises:
        ChallengeOver: it is none of ours, for another purpose or holder, too old, or was answered before.
    """
    try:
        random = locks.unlocked(settings, _key(purpose, answer.holder), answer.ticket, GOOD_FOR)
    except locks.Unreadable as error:
        raise ChallengeOver from error
    use_up(session, act, random, 2 * GOOD_FOR)
    return base64url.decoded(random)


def use_up(session: Session, act: Act, random: str, keep: timedelta) -> None:
    """Note that something that is good once was used.

    Args:
        session: of the request.
        act: when.
        random: what; nobody else has the same.
        keep: how long it could be used again but for this.

    Raises:
        ChallengeOver: it was used before.
    """
    session.exec(delete(SpentChallenge).where(col(SpentChallenge.until) < act.at))
    digest = hashlib.sha256(random.encode()).hexdigest()
    session.add(SpentChallenge(digest=digest, until=act.at + keep))
    flush_unique(session, {"digest": ChallengeOver()})


def _key(purpose: Purpose, holder: str) -> str:
    return f"passkey {purpose.value} {holder}"
