"""The front door of this room: who signs in here by which provider, linking and unlinking."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from itti.accounts import service as accounts
from itti.accounts.roles import require, require_fresh
from itti.accounts.tables import User
from itti.accounts.telling import Change, tell
from itti.acts import Act
from itti.audit.service import record
from itti.database import flush_unique
from itti.passkeys import service as passkeys
from itti.providers.claims import Vouched
from itti.providers.errors import IdentityTaken, IdentityUnknown, LastWayIn, NobodyHere
from itti.providers.tables import LinkedIdentity
from itti.settings import Provider, Settings


def own(session: Session, act: Act) -> Sequence[LinkedIdentity]:
    """One's own sign-ins elsewhere, the oldest first."""
    user = require(act)
    return session.exec(
        select(LinkedIdentity)
        .where(LinkedIdentity.user_id == user.id)
        .order_by(col(LinkedIdentity.created_at), col(LinkedIdentity.id))
    ).all()


def welcome(session: Session, act: Act, vouched: Vouched, provider: Provider) -> User:
    """Whose account a sign-in elsewhere opens.

    That it was linked with before; else the open account with the e-mail address that the provider says is verified,
    which is linked by this. Nobody gets an account by signing in.

    Raises:
        NobodyHere: there is no such account, or it is closed.
    """
    found = _linked(session, vouched)
    if found is not None:
        found.last_used_at = act.at
        user = session.get(User, found.user_id)
    else:
        user = accounts.user_by_email(session, vouched.email) if vouched.email else None
    if user is None or user.disabled_at is not None:
        raise NobodyHere(provider=provider.name)
    if found is None:
        _link(session, act.by(user), vouched, provider, user)
    session.flush()
    return user


def link(session: Session, act: Act, vouched: Vouched, provider: Provider) -> LinkedIdentity:
    """Let the person who acts sign in by a provider from now on.

    Raises:
        FreshSignInNeeded: else a browser left open would be enough to get in for ever.
        IdentityTaken: somebody else signs in by it.
    """
    user = require(act)
    require_fresh(act)
    found = _linked(session, vouched)
    if found is None:
        return _link(session, act, vouched, provider, user)
    if found.user_id != user.id:
        raise IdentityTaken(provider=provider.name)
    return found


def unlink(session: Session, act: Act, settings: Settings, identity_id: UUID) -> None:
    """Take one of one's own sign-ins elsewhere away.

    Raises:
        IdentityUnknown: there is none of that id.
        FreshSignInNeeded: the proof of who asks is too old.
        LastWayIn: there is neither a password nor a passkey nor another one.
    """
    user = require(act)
    found = session.get(LinkedIdentity, identity_id)
    if found is None or found.user_id != user.id:
        raise IdentityUnknown(identity=identity_id)
    require_fresh(act)
    if not user.password_hash and len(own(session, act)) < 2 and not passkeys.has_any(session, user):
        raise LastWayIn
    known = settings.providers.get(found.provider)  # it may not be set any more
    name = known.name if known else found.provider
    session.delete(found)
    session.flush()
    record(session, act, "identity.unlinked", "linked_identity", identity_id, provider=found.provider)
    tell(session, act, user, Change.IDENTITY_UNLINKED, provider=name)


def _linked(session: Session, vouched: Vouched) -> LinkedIdentity | None:
    return session.exec(
        select(LinkedIdentity).where(
            LinkedIdentity.provider == vouched.provider, LinkedIdentity.subject == vouched.subject
        )
    ).one_or_none()


def _link(session: Session, act: Act, vouched: Vouched, provider: Provider, user: User) -> LinkedIdentity:
    row = LinkedIdentity(
        user_id=user.id, provider=vouched.provider, subject=vouched.subject, created_at=act.at, last_used_at=act.at
    )
    session.add(row)
    flush_unique(session, {"provider_subject": IdentityTaken(provider=provider.name)})
    record(session, act, "identity.linked", "linked_identity", row.id, provider=vouched.provider)
    tell(session, act, user, Change.IDENTITY_LINKED, provider=provider.name)
    return row
