"""The front door of this room: set up, ask for, renew and take away second factors.

Callers limit how often codes may be tried: see :mod:`itti.accounts.admission`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, delete, func, select

from itti import locks
from itti.accounts import own_sessions, passwords
from itti.accounts import service as accounts
from itti.accounts.errors import WrongCredentials
from itti.accounts.roles import require, require_fresh
from itti.accounts.tables import Role, User
from itti.accounts.telling import Change, tell
from itti.accounts.tokens import keyed_hash
from itti.acts import Act
from itti.audit.service import record
from itti.factors import codes
from itti.factors.errors import (
    CodeNeeded,
    NoSecondFactor,
    OwnSecondFactor,
    PasskeyNeeded,
    SecondFactorMissing,
    SecondFactorThere,
    SetUpOver,
    WrongCode,
)
from itti.factors.tables import RecoveryCode, SecondFactor
from itti.passkeys import service as passkeys
from itti.settings import SecondFactorRule, Settings

SET_UP_WITHIN: Final = timedelta(minutes=15)
"""How long a secret that was shown may wait for its first code."""

RECOVERY_CODES: Final = 10
_SECRET: Final = "second factor"  # noqa: S105 - a purpose, not a secret
_RECOVERY: Final = "recovery-code"


@dataclass(frozen=True)
class Standing:
    """How it stands with somebody's second factor."""

    since: datetime | None
    """Since when an authenticator app is in force; None: there is none."""

    codes_left: int
    """Recovery codes that were not used yet."""

    required: bool
    """Whether the programme asks this person for a second factor."""

    passkeys: bool
    """Whether there are passkeys, which are a second factor as well."""


@dataclass(frozen=True)
class Begun:
    """What an authenticator app needs; shown this once."""

    secret: str
    address: str


def required(settings: Settings, user: User) -> bool:
    """Whether the programme asks ``user`` for a second factor."""
    return settings.second_factor is SecondFactorRule.OFFICE and user.role is Role.PROGRAMME


def standing(session: Session, settings: Settings, user: User) -> Standing:
    """How it stands with the second factor of ``user``. Checks no rights."""
    found = _in_force(session, user)
    left = select(func.count()).where(RecoveryCode.user_id == user.id, col(RecoveryCode.used_at).is_(None))
    return Standing(
        since=found.confirmed_at if found else None,
        codes_left=session.exec(left).one() if found else 0,
        required=required(settings, user),
        passkeys=passkeys.has_any(session, user),
    )


def armed(session: Session, user: User) -> bool:
    """Whether somebody has a second factor of any kind. Checks no rights."""
    return _in_force(session, user) is not None or passkeys.has_any(session, user)


def demand_if_required(session: Session, settings: Settings, act: Act) -> None:
    """Let nobody pass who needs a second factor and has none.

    Raises:
        SecondFactorMissing: it has to be set up first.
    """
    user = require(act)
    vouched = act.proof is not None and act.proof.vouched
    if required(settings, user) and not vouched and not armed(session, user):
        raise SecondFactorMissing


def begin(session: Session, act: Act, settings: Settings, password: str) -> Begun:
    """Make a secret for one's own authenticator app; it is not asked for until :func:`confirm`.

    The password is asked for, so that nobody shuts an owner out at a browser left open.

    Raises:
        WrongCredentials: it is not the password.
        FreshSignInNeeded: there are passkeys, and the last proof is too old.
        SecondFactorThere: there is one in force.
    """
    user = require(act)
    if passkeys.has_any(session, user):
        require_fresh(act)
    if not passwords.matches(password, user.password_hash, settings.password_cost):
        raise WrongCredentials
    if _in_force(session, user) is not None:
        raise SecondFactorThere
    secret = codes.make_secret()
    _take_away(session, user)
    session.add(SecondFactor(user_id=user.id, secret=locks.locked(settings, _SECRET, secret), begun_at=act.at))
    session.flush()
    return _shown(settings, user, secret)


def begun(session: Session, act: Act, settings: Settings) -> Begun:
    """What :func:`begin` gave, for a page that shows it again after a wrong code.

    Raises:
        SetUpOver: nothing was begun, or too long ago.
    """
    user = require(act)
    return _shown(settings, user, _secret(settings, _waiting(session, act, user)))


def confirm(session: Session, act: Act, settings: Settings, code: str, here: UUID | None) -> Sequence[str]:
    """Put one's new second factor in force by a first code of the app.

    All other sessions and tokens of the account end: they were let in by the password alone.

    Args:
        session: of the request.
        act: of the owner.
        settings: in force.
        code: as typed.
        here: the session or token that the owner acts by, which stays.

    Returns:
        The recovery codes, shown this once.

    Raises:
        SetUpOver: nothing was begun, or too long ago.
        WrongCode: the app shows another one.
    """
    user = require(act)
    factor = _waiting(session, act, user)
    if not _takes(settings, factor, codes.plain(code), act.at):
        raise WrongCode
    factor.confirmed_at = act.at
    made = _make_recovery_codes(session, settings, user)
    own_sessions.end_others(session, act, here)
    session.flush()
    record(session, act, "second-factor.set-up", "user_account", user.id)
    tell(session, act, user, Change.APP_ADDED)
    return made


def demand(session: Session, act: Act, settings: Settings, code: str | None) -> None:
    """Ask the person who acts for a code, if they have a second factor: of the app or a recovery code, used up by it.

    Raises:
        CodeNeeded: there is an authenticator app, and no code was sent.
        PasskeyNeeded: there are passkeys alone, for which no code stands.
        WrongCode: it is none that lets in (any more).
    """
    user = require(act)
    factor = _in_force(session, user, lock=True)
    if factor is None:
        if passkeys.has_any(session, user):
            raise PasskeyNeeded
        return
    if code is None or not code.strip():
        fault = CodeNeeded()
        fault.or_passkey = passkeys.has_any(session, user)
        raise fault
    typed = codes.plain(code)
    if codes.is_from_app(typed):
        right = _takes(settings, factor, typed, act.at)
    else:
        right = _takes_recovery_code(session, act, settings, user, typed)
    if not right:
        raise WrongCode
    session.flush()


def renew_codes(session: Session, act: Act, settings: Settings, code: str) -> Sequence[str]:
    """Make one's recovery codes anew; earlier ones let nobody in any more.

    Raises:
        NoSecondFactor: there is nothing to recover.
        WrongCode: the code is wrong or used up.
    """
    user = _proven(session, act, settings, code)
    made = _make_recovery_codes(session, settings, user)
    record(session, act, "second-factor.codes-renewed", "user_account", user.id)
    return made


def remove(session: Session, act: Act, settings: Settings, code: str) -> None:
    """Take one's own second factor away, for another phone say.

    Raises:
        NoSecondFactor: there is none.
        WrongCode: the code is wrong or used up.
    """
    user = _proven(session, act, settings, code)
    _take_away(session, user)
    record(session, act, "second-factor.removed", "user_account", user.id)
    tell(session, act, user, Change.FACTORS_REMOVED)


def reset(session: Session, act: Act, user_id: UUID) -> User:
    """Take away all second factors of somebody who lost them; all their sessions and tokens end.

    Programme office (or the CLI, as nobody), who has made sure who asks.

    Raises:
        UserUnknown: there is no such person.
        OwnSecondFactor: it is the one who asks.
        NoSecondFactor: there is none.
    """
    if act.actor is not None:
        require(act, Role.PROGRAMME)
    user = accounts.user_by_id(session, user_id)
    if act.actor is not None and act.actor.id == user.id:
        # Else a browser left open would be enough to take it away.
        raise OwnSecondFactor
    require_fresh(act)
    app = _in_force(session, user, lock=True) is not None
    if not passkeys.remove_all(session, user) and not app:
        raise NoSecondFactor(user=user.email)
    _take_away(session, user)
    accounts.end_everything(session, user, act.at)
    record(session, act, "second-factor.reset", "user_account", user.id)
    tell(session, act, user, Change.FACTORS_REMOVED)
    return user


def _proven(session: Session, act: Act, settings: Settings, code: str) -> User:
    user = require(act)
    if _in_force(session, user) is None:
        raise NoSecondFactor(user=user.email)
    if not code.strip():
        raise WrongCode
    demand(session, act, settings, code)
    return user


def _in_force(session: Session, user: User, *, lock: bool = False) -> SecondFactor | None:
    statement = select(SecondFactor).where(SecondFactor.user_id == user.id, col(SecondFactor.confirmed_at).is_not(None))
    # Locked where a code is used, so that of two who send the same one at the same moment only one gets in.
    return session.exec(statement.with_for_update() if lock else statement).one_or_none()


def _waiting(session: Session, act: Act, user: User) -> SecondFactor:
    found = session.exec(
        select(SecondFactor)
        .where(
            SecondFactor.user_id == user.id,
            col(SecondFactor.confirmed_at).is_(None),
            SecondFactor.begun_at > act.at - SET_UP_WITHIN,
        )
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise SetUpOver
    return found


def _secret(settings: Settings, factor: SecondFactor) -> str:
    return locks.unlocked(settings, _SECRET, factor.secret)


def _shown(settings: Settings, user: User, secret: str) -> Begun:
    return Begun(secret, codes.address(secret, user.email, settings.programme_name))


def _takes(settings: Settings, factor: SecondFactor, code: str, at: datetime) -> bool:
    try:
        step = codes.step_of(_secret(settings, factor), code, at, factor.last_step)
    except locks.Unreadable:
        return False  # `ITTI_SECRET` was changed: a recovery code does not help either, the office does
    if step is None:
        return False
    factor.last_step = step
    return True


def _takes_recovery_code(session: Session, act: Act, settings: Settings, user: User, code: str) -> bool:
    digest = keyed_hash(settings, _RECOVERY, code)
    found = session.exec(
        select(RecoveryCode).where(
            RecoveryCode.user_id == user.id, RecoveryCode.code_hash == digest, col(RecoveryCode.used_at).is_(None)
        )
    ).one_or_none()
    if found is None:
        return False
    found.used_at = act.at
    record(session, act, "second-factor.recovery-code-used", "user_account", user.id)
    return True


def _make_recovery_codes(session: Session, settings: Settings, user: User) -> Sequence[str]:
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))
    made = [passwords.made_up() for _ in range(RECOVERY_CODES)]
    for code in made:
        session.add(RecoveryCode(user_id=user.id, code_hash=keyed_hash(settings, _RECOVERY, codes.plain(code))))
    session.flush()
    return made


def _take_away(session: Session, user: User) -> None:
    for table, column in ((RecoveryCode, RecoveryCode.user_id), (SecondFactor, SecondFactor.user_id)):
        session.execute(delete(table).where(col(column) == user.id))
    session.flush()
