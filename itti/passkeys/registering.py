"""One's own passkeys: registered, listed, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from itti.accounts import own_sessions
from itti.accounts.roles import require, require_fresh
from itti.accounts.telling import Change, tell
from itti.acts import Act
from itti.audit.service import record
from itti.database import flush_unique
from itti.factors import service as factors
from itti.passkeys import ceremonies, challenges
from itti.passkeys.challenges import Answer, Purpose
from itti.passkeys.errors import PasskeyThere, PasskeyUnknown, TooManyPasskeys
from itti.passkeys.service import Asked
from itti.passkeys.tables import Passkey
from itti.settings import Settings

MOST: Final = 20
"""Passkeys of one person."""


def own(session: Session, act: Act) -> Sequence[Passkey]:
    """One's own passkeys, the oldest first."""
    user = require(act)
    return session.exec(
        select(Passkey).where(Passkey.user_id == user.id).order_by(col(Passkey.created_at), col(Passkey.id))
    ).all()


def begin(session: Session, act: Act, settings: Settings, here: UUID | None) -> Asked:
    """Ask one's own browser for a new passkey.

    Args:
        session: of the request.
        act: of the owner.
        settings: in force.
        here: the session or token that the owner acts by, which alone may answer.

    Raises:
        FreshSignInNeeded: else a browser left open would be enough to get in for ever.
        NoPasskeysHere: browsers make none for the public address.
        TooManyPasskeys: there are enough.
    """
    user = require(act)
    require_fresh(act)
    known = own(session, act)
    if len(known) >= MOST:
        raise TooManyPasskeys(most=MOST)
    challenge = challenges.make(settings, Purpose.REGISTER, str(here))
    return Asked(challenge.ticket, ceremonies.creation(settings, user, challenge.random, known))


def add(session: Session, act: Act, settings: Settings, answer: Answer, name: str) -> Passkey:
    """Register the passkey that the browser made.

    The first second factor ends all other sessions and tokens: they were let in by the password alone.

    Raises:
        FreshSignInNeeded: the proof of who asks is too old.
        ChallengeOver: the challenge is not good (any more).
        PasskeyRefused: the answer is not what was asked for.
        PasskeyThere: the key is registered already.
        TooManyPasskeys: there are enough.
    """
    user = require(act)
    require_fresh(act)
    random = challenges.spend(session, act, settings, answer, Purpose.REGISTER)
    made = ceremonies.made(settings, random, answer.credential)
    if len(own(session, act)) >= MOST:
        raise TooManyPasskeys(most=MOST)
    armed = factors.armed(session, user)
    passkey = Passkey(
        user_id=user.id,
        credential=made.credential,
        public_key=made.public_key,
        sign_count=made.sign_count,
        synchronised=made.synchronised,
        name=name,
        created_at=act.at,
    )
    session.add(passkey)
    flush_unique(session, {"credential": PasskeyThere()})
    record(session, act, "passkey.added", "passkey", passkey.id, name=name)
    tell(session, act, user, Change.PASSKEY_ADDED, name=name)
    if not armed:
        own_sessions.end_others(session, act, UUID(answer.holder))
    return passkey


def remove(session: Session, act: Act, passkey_id: UUID) -> None:
    """Take one of one's own passkeys away.

    Raises:
        FreshSignInNeeded: the proof of who asks is too old.
        PasskeyUnknown: there is none of that id.
    """
    user = require(act)
    passkey = session.get(Passkey, passkey_id)
    if passkey is None or passkey.user_id != user.id:
        raise PasskeyUnknown(passkey=passkey_id)
    require_fresh(act)
    session.delete(passkey)
    session.flush()
    record(session, act, "passkey.removed", "passkey", passkey_id, name=passkey.name)
    tell(session, act, user, Change.PASSKEY_REMOVED, name=passkey.name)
