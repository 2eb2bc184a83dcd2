"""The front door of this room: one's own data, and the erasure of somebody's."""

from __future__ import annotations

import json
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.accounts import service as accounts
from itti.accounts.roles import require, require_fresh
from itti.accounts.tables import ERASED, AccountLink, ApiToken, Role, SignIn, User
from itti.acts import Act
from itti.audit.service import forget, record
from itti.audit.tables import Event
from itti.database import flush_checked
from itti.factors.tables import RecoveryCode, SecondFactor
from itti.machines.tables import Machine
from itti.mail.tables import OutgoingMail
from itti.passkeys.tables import Passkey
from itti.privacy.errors import AlreadyErased, StillOpen
from itti.privacy.exporting import held_about
from itti.providers.tables import LinkedIdentity
from itti.retries.tables import KeyedRequest


def own_data(session: Session, act: Act) -> bytes:
    """Everything held about the actor, as JSON.

    Raises:
        SignInNeeded: a stranger asks.
    """
    return as_json(session, require(act))


def as_json(session: Session, user: User) -> bytes:
    """Everything held about a person, as JSON. Checks no rights."""
    return (json.dumps(held_about(session, user), ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def pseudonym(user_id: UUID) -> str:
    """What stands in a person's place from now on."""
    return f"P-{user_id.hex[:8].upper()}"


def erase(session: Session, act: Act, user_id: UUID) -> User:
    """Erase who a person was, and keep what they did under a pseudonym. Programme office (or the CLI, as nobody).

    Name, address, language, password, sessions, tokens and messages go; so do the details of acts in the record that
    hold the name or the address, which the record survives by design. Issued papers state who assessed and reviewed,
    and stay as they are.

    Raises:
        SignInNeeded, WrongRole: not for this person.
        UserUnknown: there is no such person.
        StillOpen: the account has to be closed first.
        AlreadyErased: it was done before.
        FreshSignInNeeded: who asks proved themselves too long ago.
        Stale: the account was changed at the same moment.
    """
    if act.actor is not None:
        require(act, Role.PROGRAMME)
    user = accounts.user_by_id(session, user_id)
    if user.is_erased:
        raise AlreadyErased(user=user.name)
    if user.disabled_at is None:
        raise StillOpen(user=user.email)
    require_fresh(act)
    _forget_acts(session, act, user)
    user.name, user.name_ar, user.language = pseudonym(user.id), None, None
    user.time_zone, user.calendar = None, None
    user.email, user.password_hash = f"{pseudonym(user.id).lower()}-{user.id.hex}{ERASED}", ""
    for table, column in (
        (SignIn, SignIn.user_id),
        (ApiToken, ApiToken.user_id),
        (Machine, Machine.assessor_id),
        (SecondFactor, SecondFactor.user_id),
        (RecoveryCode, RecoveryCode.user_id),
        (Passkey, Passkey.user_id),
        (LinkedIdentity, LinkedIdentity.user_id),
        (AccountLink, AccountLink.user_id),
        (KeyedRequest, KeyedRequest.user_id),
        (OutgoingMail, OutgoingMail.recipient_id),
    ):
        session.execute(sa.delete(table).where(col(column) == user.id))
    flush_checked(session, user)
    record(session, act, "user.erased", "user_account", user.id)
    return user


def _forget_acts(session: Session, act: Act, user: User) -> None:
    """Erase the details of acts that say who the person was."""
    about = sa.and_(col(Event.subject) == "user_account", col(Event.subject_id) == str(user.id))
    details = sa.cast(col(Event.details), sa.Text)
    said = [_stored(text) for text in (user.email, user.name, user.name_ar) if text]
    held = session.exec(select(Event).where(sa.or_(about, *(details.contains(text, autoescape=True) for text in said))))
    rows = [event for event in held.all() if event.details]
    if rows:
        forget(session, act, rows)


def _stored(text: str) -> str:
    """A text as it stands in stored JSON."""
    return json.dumps(text)[1:-1]
