"""Colleagues: the people of the programme office, who open accounts for one another."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from itti.accounts import invitations, service
from itti.accounts.errors import UserUnknown
from itti.accounts.roles import require
from itti.accounts.schemas import PersonInput
from itti.accounts.service import NewUser, OpenedAccount
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.settings import Settings


def colleagues(session: Session, act: Act) -> Sequence[User]:
    """Everybody of the programme office, by name. Programme office."""
    require(act, Role.PROGRAMME)
    return service.people(session, Role.PROGRAMME)


def colleague(session: Session, act: Act, user_id: UUID) -> User:
    """One of the programme office. Programme office.

    Raises:
        UserUnknown: there is none of that id.
    """
    require(act, Role.PROGRAMME)
    found = service.user_by_id(session, user_id)
    if found.role is not Role.PROGRAMME:
        raise UserUnknown(user=user_id)
    return found


def register_colleague(session: Session, act: Act, settings: Settings, new: PersonInput) -> OpenedAccount:
    """Open an account of the programme office. Programme office (or the CLI, as nobody).

    Raises:
        Taken: somebody has this e-mail address.
        LinksNotSent: none is set that takes the invitation.
    """
    if act.actor is not None:
        require(act, Role.PROGRAMME)
    return invitations.open_account(
        session,
        act,
        settings,
        NewUser(
            email=new.email,
            name=new.name,
            name_ar=new.name_ar,
            password=new.password,
            invited=new.invite,
            role=Role.PROGRAMME,
        ),
    )
