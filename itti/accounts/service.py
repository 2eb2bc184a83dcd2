"""People and what lets them in. Functions that take no ``act`` check of their own say who has to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select, update

from itti.accounts import passwords
from itti.accounts.agents import UNKNOWN, Agent
from itti.accounts.bearers import digest_of
from itti.accounts.errors import (
    LastProgrammeUser,
    TokenUnknown,
    UserDisabled,
    UserUnknown,
    WrongCredentials,
)
from itti.accounts.roles import require
from itti.accounts.scopes import Limits
from itti.accounts.tables import AccountLink, ApiToken, Role, SignIn, User
from itti.accounts.telling import Change, tell
from itti.accounts.tokens import keyed_hash, make_secret
from itti.acts import Act
from itti.audit.service import record
from itti.calendar.zones import Calendar, zone_names
from itti.database import flush_checked, flush_unique
from itti.errors import FieldMistake
from itti.http.errors import InvalidInput, Taken
from itti.settings import Settings

_SIGN_IN: Final = "sign-in"
_SET_BACK: Final = timedelta(minutes=10)
"""Clocks of machines that share a database are less far apart than this."""


@dataclass(frozen=True)
class NewUser:
    """What is needed to open an account. Without a password one is made up, unless the person is invited."""

    email: str
    name: str
    role: Role
    name_ar: str | None = None
    password: str | None = None
    body_id: UUID | None = None
    factory_id: UUID | None = None
    language: str | None = None
    demonstration: bool = False
    invited: bool = False
    """Whether the person chooses the first password (:mod:`itti.accounts.invitations`)."""


@dataclass(frozen=True)
class OpenedAccount:
    """A new account; ``initial_password`` is the one made up, and shown this once."""

    user: User
    initial_password: str | None


@dataclass(frozen=True)
class IssuedToken:
    """A new token; ``secret`` is shown this once."""

    token: ApiToken
    secret: str


# People


def create_user(session: Session, act: Act, settings: Settings, new: NewUser) -> OpenedAccount:
    """Open an account. Whoever calls decides whether ``act`` may: the rooms of assessors and factories, the CLI.

    Raises:
        Taken: somebody has this e-mail address.
    """
    made_up = passwords.made_up() if new.password is None and not new.invited else None
    given = new.password or made_up
    user = User(
        email=new.email.strip().casefold(),
        name=new.name,
        name_ar=new.name_ar,
        password_hash=passwords.hashed(given, settings.password_cost) if given else "",
        # On the command line people type their own, and everybody's is the same in the demonstration.
        password_handed_over=act.actor is not None and given is not None and not new.demonstration,
        role=new.role,
        body_id=new.body_id,
        factory_id=new.factory_id,
        language=new.language,
        demonstration=new.demonstration,
        created_at=act.at,
    )
    session.add(user)
    flush_unique(session, {"email": Taken(field="email", value=user.email)})
    record(session, act, "user.created", "user_account", user.id, role=user.role.value)
    return OpenedAccount(user, made_up)


def user_by_id(session: Session, user_id: UUID) -> User:
    """The person of that id, whoever asks.

    Raises:
        UserUnknown: there is none.
    """
    user = session.get(User, user_id)
    if user is None:
        raise UserUnknown(user=user_id)
    return user


def user_by_email(session: Session, email: str) -> User | None:
    """The person who signs in with ``email``, or None."""
    return session.exec(select(User).where(User.email == email.strip().casefold())).one_or_none()


def people(session: Session, role: Role | None = None) -> Sequence[User]:
    """All people (of one role), by name; for the CLI and the programme office."""
    statement = select(User).order_by(col(User.name), col(User.id))
    return session.exec(statement if role is None else statement.where(User.role == role)).all()


def people_of_body(session: Session, body_id: UUID) -> Sequence[User]:
    """The people of an assessment body, by name. Checks no rights."""
    return session.exec(select(User).where(User.body_id == body_id).order_by(col(User.name), col(User.id))).all()


def people_of_factory(session: Session, factory_id: UUID) -> Sequence[User]:
    """The people of a factory, by name. Checks no rights."""
    return session.exec(select(User).where(User.factory_id == factory_id).order_by(col(User.name), col(User.id))).all()


def demonstration_accounts(session: Session) -> Sequence[User]:
    """Accounts of the demonstration data that can sign in; real use refuses to start while there is one."""
    return session.exec(select(User).where(User.demonstration, col(User.disabled_at).is_(None))).all()


def change_time(session: Session, act: Act, time_zone: str | None, calendar: Calendar | None) -> User:
    """Read moments in another zone, and days by other calendars, from now on; None: as the programme has it.

    Raises:
        InvalidInput: there is no such zone.
    """
    user = require(act)
    if time_zone is not None and time_zone not in zone_names():
        raise InvalidInput.of(FieldMistake("/time_zone", "zone-unknown", {"zone": time_zone}, room="itti.accounts"))
    user.time_zone, user.calendar = time_zone, calendar
    flush_checked(session, user)
    return user


def change_language(session: Session, act: Act, language: str) -> User:
    """Let the person who acts read ``language`` from now on."""
    user = require(act)
    user.language = language
    flush_checked(session, user)
    return user


def change_password(session: Session, act: Act, settings: Settings, current: str, new: str) -> None:
    """Change one's own password; all one's sessions and tokens end, whoever may hold them.

    Raises:
        WrongCredentials: ``current`` is not the password.
    """
    user = require(act)
    if not passwords.matches(current, user.password_hash, settings.password_cost):
        raise WrongCredentials
    set_password(session, act, settings, user, new)


def set_password(session: Session, act: Act, settings: Settings, user: User, password: str | None = None) -> str | None:
    """Set a password (or make one up and return it) and end all sessions, tokens and links of ``user``.

    Whoever calls decides whether ``act`` may.
    """
    made_up = passwords.made_up() if password is None else None
    if user.password_hash:
        tell(session, act, user, Change.PASSWORD)
    user.password_hash = passwords.hashed(password or made_up or "", settings.password_cost)
    user.password_handed_over = act.actor is not None and act.actor.id != user.id
    end_everything(session, user, act.at)
    flush_checked(session, user)
    record(session, act, "user.password-changed", "user_account", user.id)
    return made_up


def disable_user(session: Session, act: Act, user_id: UUID) -> User:
    """Shut somebody out, at once and for good; what they did stays theirs. Programme office (or the CLI, as nobody).

    Raises:
        UserUnknown: there is no such person.
        UserDisabled: it was done before.
        LastProgrammeUser: nobody else of the programme office could sign in.
    """
    if act.actor is not None:
        require(act, Role.PROGRAMME)
    user = user_by_id(session, user_id)
    if user.disabled_at is not None:
        raise UserDisabled(user=user.email)
    if user.role is Role.PROGRAMME:
        others = select(User).where(
            User.role == Role.PROGRAMME,
            col(User.disabled_at).is_(None),
            User.id != user.id,
            User.password_hash != "",  # somebody invited who may never come is of no help
        )
        # Locked, so that two who shut each other out at the same moment do not both succeed.
        if not session.exec(others.with_for_update()).all():
            raise LastProgrammeUser
    user.disabled_at = act.at
    end_everything(session, user, act.at)
    flush_checked(session, user)
    record(session, act, "user.disabled", "user_account", user.id)
    return user


def end_everything(session: Session, user: User, at: datetime) -> None:
    """End all sessions and tokens of ``user``. Whoever calls decides whether they may."""
    session.exec(
        update(SignIn).where(col(SignIn.user_id) == user.id, col(SignIn.ended_at).is_(None)).values(ended_at=at)
    )
    session.exec(
        update(ApiToken)
        .where(col(ApiToken.user_id) == user.id, col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=at)
    )
    session.exec(
        update(AccountLink)
        .where(col(AccountLink.user_id) == user.id, col(AccountLink.ended_at).is_(None))
        .values(ended_at=at)
    )


def authenticate(session: Session, settings: Settings, email: str, password: str) -> User | None:
    """The person with this address and password, or None; both take the same time. Reads only.

    Callers limit how often this may be tried: see :func:`itti.accounts.admission.admit`.
    """
    user = user_by_email(session, email)
    known = user if user is not None and user.disabled_at is None else None
    right = passwords.matches(password, (known.password_hash or None) if known else None, settings.password_cost)
    return known if right else None


# Bearer tokens


def issue_token(
    session: Session, act: Act, settings: Settings, label: str, limits: Limits | None = None
) -> IssuedToken:
    """A new bearer token for the person who acts.

    :mod:`itti.accounts.personal` holds the rules for limited ones.
    """
    user = require(act)
    used_at = act.at if limits is None else None  # signing in is a use; what is made for later waits for its first
    limits = limits or Limits(None, settings.token_days)
    secret = make_secret()
    token = ApiToken(
        user_id=user.id,
        label=label,
        token_hash=digest_of(settings, secret),
        created_at=act.at,
        last_used_at=used_at,
        proven_at=act.proof.at if act.proof else None,  # no fresher than the session it is made in
        vouched=act.proof is not None and act.proof.vouched,
        expires_at=act.at + timedelta(days=limits.days),
        scopes=limits.scopes,
    )
    session.add(token)
    session.flush()
    record(session, act, "token.issued", "api_token", token.id, label=label, scopes=limits.scopes)
    return IssuedToken(token, secret)


def tokens_of(session: Session, act: Act) -> Sequence[ApiToken]:
    """The tokens of the person who acts that still let in, newest first; not those of machines that act for them."""
    user = require(act)
    return session.exec(
        select(ApiToken)
        .where(
            ApiToken.user_id == user.id,
            col(ApiToken.revoked_at).is_(None),
            ApiToken.expires_at > act.at,
            col(ApiToken.machine_id).is_(None),
        )
        .order_by(col(ApiToken.created_at).desc(), col(ApiToken.id))
    ).all()


def revoke_token(session: Session, act: Act, token_id: UUID) -> None:
    """Revoke one of one's own tokens.

    Raises:
        TokenUnknown: there is none of that id that still lets in.
    """
    user = require(act)
    token = session.get(ApiToken, token_id)
    if token is None or token.user_id != user.id or token.revoked_at is not None:
        raise TokenUnknown(token=token_id)
    _revoke(session, act, token)


def revoke_secret(session: Session, act: Act, settings: Settings, secret: str) -> None:
    """Revoke the token that was sent with this very request."""
    require(act)
    token = _token_of(session, settings, secret)
    if token is not None and token.revoked_at is None:
        _revoke(session, act, token)


def _token_of(session: Session, settings: Settings, secret: str) -> ApiToken | None:
    digest = digest_of(settings, secret)
    return session.exec(select(ApiToken).where(ApiToken.token_hash == digest)).one_or_none()


def _revoke(session: Session, act: Act, token: ApiToken) -> None:
    token.revoked_at = act.at
    session.flush()
    record(session, act, "token.revoked", "api_token", token.id)


# Browser sessions


def start_sign_in(session: Session, act: Act, settings: Settings, agent: Agent = UNKNOWN) -> str:
    """Begin a browser session for the person who acts, with ``agent``; returns the secret for the cookie."""
    user = require(act)
    secret = make_secret()
    row = SignIn(
        user_id=user.id,
        token_hash=keyed_hash(settings, _SIGN_IN, secret),
        created_at=act.at,
        last_used_at=act.at,
        vouched=act.proof is not None and act.proof.vouched,
        browser=agent.browser,
        system=agent.system,
        expires_at=act.at + timedelta(hours=settings.session_hours),
    )
    session.add(row)
    session.flush()
    record(session, act, "sign-in.started", "sign_in", row.id)
    return secret


def owner_of_sign_in(session: Session, act: Act, settings: Settings, secret: str) -> tuple[User, SignIn] | None:
    """The person a session cookie stands for at the time of ``act``, and the session.

    None when it lets nobody in (any more).
    """
    row = _sign_in_of(session, settings, secret)
    if row is None or row.ended_at is not None or row.expires_at <= act.at:
        return None
    if row.created_at > act.at + _SET_BACK:
        return None  # begun by a clock that was ahead: it would let in for longer than a session may
    user = session.get(User, row.user_id)
    return None if user is None or user.disabled_at is not None else (user, row)


def end_sign_in(session: Session, act: Act, settings: Settings, secret: str) -> None:
    """End a browser session; nothing happens when it has ended before."""
    row = _sign_in_of(session, settings, secret)
    if row is not None and row.ended_at is None:
        row.ended_at = act.at
        session.flush()
        record(session, act, "sign-in.ended", "sign_in", row.id)


def _sign_in_of(session: Session, settings: Settings, secret: str) -> SignIn | None:
    digest = keyed_hash(settings, _SIGN_IN, secret)
    return session.exec(select(SignIn).where(SignIn.token_hash == digest)).one_or_none()
