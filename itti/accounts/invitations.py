"""Invitations: who gets an account chooses the first password, by a link that nobody else knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from itti.accounts import links, service
from itti.accounts.errors import AccountClosed, HasPassword, LinksNotSent, NoInvitation
from itti.accounts.links import MadeLink
from itti.accounts.roles import require
from itti.accounts.service import NewUser, OpenedAccount
from itti.accounts.tables import AccountLink, Purpose, Role, User
from itti.acts import Act
from itti.audit.service import record
from itti.errors import FieldMistake
from itti.http.errors import InvalidInput
from itti.settings import Settings


def open_account(session: Session, act: Act, settings: Settings, new: NewUser) -> OpenedAccount:
    """Open an account and invite its person, where ``new`` says so. Whoever calls decides whether ``act`` may.

    Raises:
        InvalidInput: a password is given to somebody who is invited to choose one.
        LinksNotSent: none is set that takes the invitation.
        Taken: somebody has this e-mail address.
    """
    if new.invited and new.password is not None:
        raise InvalidInput.of(FieldMistake("/password", "invited-has-none", {}, room="itti.accounts"))
    opened = service.create_user(session, act, settings, new)
    if new.invited:
        _invite(session, act, settings, opened.user)
    return opened


def invite(session: Session, act: Act, settings: Settings, user_id: UUID) -> MadeLink:
    """Send an invitation (again); the link of an earlier one ends. Programme office (or the CLI, as nobody).

    Raises:
        UserUnknown: there is no such person.
        AccountClosed: the person was shut out, for good.
        HasPassword: the person has chosen a password.
        LinksNotSent: none is set; the CLI, which prints the link, does without.
    """
    if act.actor is not None:
        require(act, Role.PROGRAMME)
    user = service.user_by_id(session, user_id)
    if user.disabled_at is not None:
        raise AccountClosed(user=user.email)
    if not user.invited:
        raise HasPassword(user=user.email)
    return _invite(session, act, settings, user)


def withdraw(session: Session, act: Act, user_id: UUID) -> None:
    """End the link of an invitation. Programme office.

    Raises:
        UserUnknown: there is no such person.
        NoInvitation: none waits to be used.
    """
    require(act, Role.PROGRAMME)
    user = service.user_by_id(session, user_id)
    if not _end(session, act, user):
        raise NoInvitation(user=user.email)


def waiting(session: Session, act: Act) -> Mapping[UUID, datetime]:
    """Who has an invitation that waits to be used, and until when it can be. Programme office."""
    require(act, Role.PROGRAMME)
    found = session.exec(_open(act)).all()
    return {link.user_id: link.expires_at for link in found}


def _invite(session: Session, act: Act, settings: Settings, user: User) -> MadeLink:
    if act.actor is not None and not settings.mail_host:
        raise LinksNotSent
    _end(session, act, user)
    made = links.make(session, act, settings, user, Purpose.INVITATION)
    if settings.mail_host:
        links.send(session, act, settings, user, made)
    record(session, act, "invitation.made", "account_link", made.link.id, user=str(user.id))
    return made


def _end(session: Session, act: Act, user: User) -> bool:
    rows = session.exec(_open(act).where(AccountLink.user_id == user.id)).all()
    for link in rows:
        link.ended_at = act.at
        session.flush()
        record(session, act, "invitation.withdrawn", "account_link", link.id, user=str(user.id))
    return bool(rows)


def _open(act: Act) -> SelectOfScalar[AccountLink]:
    return select(AccountLink).where(
        AccountLink.purpose == Purpose.INVITATION,
        col(AccountLink.ended_at).is_(None),
        AccountLink.expires_at > act.at,
    )
