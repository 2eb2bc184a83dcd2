"""Whether somebody is accredited for an assessment: its questionnaire, its version, the sector of its factory."""

from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col

from itti.accounts.tables import User
from itti.accreditation import granting
from itti.accreditation.validity import Scope, of_person
from itti.assessments.move_errors import NotAccredited
from itti.assessments.tables import Assessment
from itti.factories.tables import Factory, Sector

_SECTOR: Final = sa.select(col(Factory.sector)).where(col(Factory.id) == sa.bindparam("factory"))


def lacking(session: Session, user: User, one: Assessment, on: date) -> NotAccredited | None:
    """Why ``user`` may not act in an assessment on that day; None: they may."""
    sector = session.scalars(_SECTOR, {"factory": one.factory_id}).one()
    return refusal(session, user, one.family, one.definition_version, sector, on)


def refusal(  # noqa: PLR0913, PLR0917 - a scope and who asks for it
    session: Session, user: User, family: str, version: str, sector: Sector, on: date, *, told: User | None = None
) -> NotAccredited | None:
    """Why ``user`` may not act in that scope on that day; None: they may. ``told`` reads the reason, if not they."""
    found = granting.lacking(session, user, Scope.of(family, version, sector), on)
    if found is None:
        return None
    own = told is None or told.id == user.id
    holder = ("body" if own else "their-body") if found.body else ("person" if own else "other")
    return NotAccredited(family=family, day=on.isoformat(), holder=holder, why=found.why.value)


def last_day(session: Session, user: User, one: Assessment, on: date) -> date | None:
    """The last day on which ``user`` may act in an assessment by what holds on that day; None: they may not now.

    A suspension or withdrawal may come before it, and a further accreditation take it on.
    """
    if lacking(session, user, one, on) is not None:
        return None
    scope = Scope.of(one.family, one.definition_version, session.get_one(Factory, one.factory_id).sector)
    held = of_person(session, user)
    return min(
        max(each.accreditation.valid_until for each in grants if each.lack(on, scope) is None) for grants in held
    )
