"""The front door of this room for others: who has passkeys, and what proves one.

One's own are registered and taken away in :mod:`itti.passkeys.registering`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, delete, select

from itti.accounts.tables import User
from itti.acts import Act
from itti.passkeys import ceremonies, challenges
from itti.passkeys.challenges import Answer, Purpose
from itti.passkeys.errors import PasskeyRefused
from itti.passkeys.tables import Passkey
from itti.settings import Settings


@dataclass(frozen=True)
class Asked:
    """What a browser is to do, and the ticket that comes back with its answer."""

    ticket: str
    options: Mapping[str, Any]


def has_any(session: Session, user: User) -> bool:
    """Whether somebody has a passkey. Checks no rights."""
    return session.exec(select(Passkey.id).where(Passkey.user_id == user.id).limit(1)).first() is not None


def remove_all(session: Session, user: User) -> bool:
    """Take all passkeys of somebody away; returns whether there were any. Whoever calls decides whether they may."""
    return bool(session.exec(delete(Passkey).where(col(Passkey.user_id) == user.id)).rowcount)


def ask(settings: Settings, purpose: Purpose, holder: str) -> Asked:
    """Ask a browser for any passkey of this site.

    Args:
        settings: in force.
        purpose: what for.
        holder: who may answer: a browser session, a token, a browser at the sign-in page.

    Raises:
        NoPasskeysHere: browsers have none for the public address.
    """
    challenge = challenges.make(settings, purpose, holder)
    return Asked(challenge.ticket, ceremonies.asking(settings, challenge.random))


def proven(session: Session, act: Act, settings: Settings, answer: Answer, purpose: Purpose) -> Passkey:
    """The passkey that an answer to :func:`ask` proves, used by this.

    Raises:
        ChallengeOver: the challenge is not good (any more).
        PasskeyRefused: the answer proves nothing.
        PasskeyCopied: the count of the key went backwards.
    """
    random = challenges.spend(session, act, settings, answer, purpose)
    named = answer.credential.get("id")
    # Locked, so that of two answers with the same count only one gets in.
    statement = select(Passkey).where(Passkey.credential == (named if isinstance(named, str) else ""))
    passkey = session.exec(statement.with_for_update()).one_or_none()
    if passkey is None:
        raise PasskeyRefused
    passkey.sign_count = ceremonies.count_after(settings, random, answer.credential, passkey)
    passkey.last_used_at = act.at
    session.flush()
    return passkey
