"""The front door of this room: proving again who one is, in the session or by the token that lets one in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session

from itti.accounts import passwords
from itti.accounts.errors import WrongCredentials
from itti.accounts.roles import require
from itti.accounts.tables import ApiToken, SignIn, User
from itti.acts import Act
from itti.audit.service import record
from itti.factors import service as factors
from itti.passkeys import service as passkeys
from itti.passkeys.challenges import Answer, Purpose
from itti.passkeys.errors import PasskeyRefused
from itti.settings import Settings


class Way(StrEnum):
    """What proves somebody."""

    PASSWORD = "password"  # noqa: S105 - a way, not a secret
    """Only while there is no second factor: who has one proves by it."""

    CODE = "code"
    """Of the authenticator app, or a recovery code."""

    PASSKEY = "passkey"


@dataclass(frozen=True)
class Standing:
    """How fresh the last proof is."""

    proven_at: datetime
    fresh_until: datetime | None
    """None: for ever."""

    ways: tuple[Way, ...]
    """What is taken as a new proof."""


@dataclass(frozen=True)
class Given:
    """What somebody proves themselves by: one of these."""

    password: str = ""
    code: str = ""
    passkey: Answer | None = None


def ways(session: Session, settings: Settings, user: User) -> tuple[Way, ...]:
    """What is taken as a proof of ``user``. Checks no rights."""
    how = factors.standing(session, settings, user)
    found = ((Way.CODE, how.since is not None), (Way.PASSKEY, how.passkeys))
    return tuple(way for way, is_there in found if is_there) or (Way.PASSWORD,)


def standing(session: Session, act: Act, settings: Settings) -> Standing:
    """How fresh one's own last proof is."""
    user = require(act)
    proof = act.proof
    return Standing(
        proven_at=proof.at if proof else act.at,
        fresh_until=proof.fresh_until if proof else None,
        ways=ways(session, settings, user),
    )


def prove(session: Session, act: Act, settings: Settings, given: Given, here: UUID | None) -> None:
    """Prove again who one is; acts by ``here`` are fresh from now on.

    Callers limit how often this may be tried.

    Args:
        session: of the request.
        act: of the person.
        settings: in force.
        given: what proves them.
        here: the session or token they act by.

    Raises:
        WrongCredentials: it is not the password.
        CodeNeeded, PasskeyNeeded: there is a second factor, and the password does not do.
        WrongCode: the code is wrong or used up.
        ChallengeOver, PasskeyRefused, PasskeyCopied: the passkey proves nothing.
    """
    user = require(act)
    if given.passkey is not None:
        passkey = passkeys.proven(session, act, settings, given.passkey, Purpose.PROVE)
        if passkey.user_id != user.id:
            raise PasskeyRefused
    elif factors.armed(session, user):
        factors.demand(session, act, settings, given.code)
    elif not passwords.matches(given.password, user.password_hash or None, settings.password_cost):
        raise WrongCredentials
    row = session.get(SignIn, here) or session.get(ApiToken, here)
    assert row is not None  # noqa: S101 - it let this very act in
    row.proven_at = act.at
    session.flush()
    record(session, act, "sign-in.renewed", row.__tablename__, row.id)
