"""Factories and their people.

The programme office writes and sees all; assessors see all factories, since they may assess any of them;
people of a factory see their own and each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from itti.accounts import invitations
from itti.accounts.errors import UserUnknown
from itti.accounts.roles import require
from itti.accounts.schemas import PersonInput
from itti.accounts.service import NewUser, OpenedAccount
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.audit.service import record
from itti.database import expect_version, flush_unique
from itti.factories.errors import FactoryUnknown
from itti.factories.schemas import FactoryInput, FactorySort, FactoryView
from itti.factories.tables import Factory, Sector
from itti.http.errors import Taken
from itti.http.paging import Paging, Slice, sorted_cut
from itti.settings import Settings


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; None does not narrow."""

    sector: Sector | None = None
    region: str | None = None
    licence: str | None = None


def factories(
    session: Session, act: Act, paging: Paging, filters: Filters | None = None, sort: FactorySort = FactorySort.NAME
) -> Slice[Factory]:
    """The factories the person may see."""
    user = require(act)
    statement = select(Factory).filter_by(**_set(filters or Filters()))
    if user.role is Role.FACTORY:
        statement = statement.where(Factory.id == user.factory_id)
    orders = {"name": (col(Factory.name), col(Factory.id)), "created_at": (col(Factory.created_at), col(Factory.id))}
    return sorted_cut(session, statement, sort, orders, paging)


def _set(filters: Filters) -> dict[str, object]:
    """The filters that narrow, by column."""
    return {name: value for name, value in asdict(filters).items() if value is not None}


def factory(session: Session, act: Act, factory_id: UUID) -> Factory:
    """One factory.

    Raises:
        FactoryUnknown: none of that id that the person may see.
    """
    user = require(act)
    found = session.get(Factory, factory_id)
    if found is None or (user.role is Role.FACTORY and user.factory_id != found.id):
        raise FactoryUnknown(factory=factory_id)
    return found


def register_factory(session: Session, act: Act, new: FactoryInput) -> Factory:
    """Register a factory.

    Raises:
        Taken: another has its licence number.
    """
    require(act, Role.PROGRAMME)
    made = Factory(**new.model_dump(), created_at=act.at)
    session.add(made)
    flush_unique(session, _taken(new))
    record(session, act, "factory.registered", "factory", made.id)
    return made


def change_factory(session: Session, act: Act, factory_id: UUID, change: FactoryInput, *, expected: int) -> Factory:
    """Change the entry of a factory that the writer saw in version ``expected``.

    Raises:
        FactoryUnknown: there is none of that id.
        Stale: it has another version by now.
        Taken: another has its new licence number.
    """
    require(act, Role.PROGRAMME)
    found = factory(session, act, factory_id)
    expect_version(found, expected, FactoryView.of)
    found.sqlmodel_update(change.model_dump())
    flush_unique(session, _taken(change), found, FactoryView.of)
    record(session, act, "factory.changed", "factory", found.id)
    return found


def _taken(given: FactoryInput) -> dict[str, Taken]:
    return {"licence": Taken(field="licence", value=given.licence)}


def people(session: Session, act: Act, factory_id: UUID) -> Sequence[User]:
    """The people of a factory, by name. Programme office and the factory itself.

    Raises:
        FactoryUnknown: none of that id that the person may see.
    """
    require(act, Role.PROGRAMME, Role.FACTORY)
    found = factory(session, act, factory_id)
    return session.exec(select(User).where(User.factory_id == found.id).order_by(col(User.name), col(User.id))).all()


def one_of_people(session: Session, act: Act, factory_id: UUID, user_id: UUID) -> User:
    """One of the people of a factory. Programme office and the factory itself.

    Raises:
        FactoryUnknown: none of that id that the person may see.
        UserUnknown: the factory has nobody of that id.
    """
    for user in people(session, act, factory_id):
        if user.id == user_id:
            return user
    raise UserUnknown(user=user_id)


def register_person(
    session: Session, act: Act, settings: Settings, factory_id: UUID, new: PersonInput
) -> OpenedAccount:
    """Open an account for somebody of a factory.

    Raises:
        FactoryUnknown: there is none of that id.
        Taken: somebody has this e-mail address.
        LinksNotSent: none is set that takes the invitation.
    """
    require(act, Role.PROGRAMME)
    found = factory(session, act, factory_id)
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
            role=Role.FACTORY,
            factory_id=found.id,
        ),
    )
