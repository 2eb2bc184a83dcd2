"""Accreditations of people and bodies: granted, suspended, withdrawn, and asked for on the day of an act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.accounts.roles import require, require_fresh
from itti.accounts.tables import Role, User
from itti.accreditation import service
from itti.accreditation.errors import (
    AccreditationEnded,
    AccreditationOverlaps,
    AccreditationUnknown,
    NotSuspended,
    SuspendedBefore,
)
from itti.accreditation.schemas import AccreditationInput, SuspensionInput
from itti.accreditation.tables import Accreditation, AssessmentBody, Suspension
from itti.accreditation.validity import Grant, Held, Lack, Scope, grants, of_person, why_not
from itti.acts import Act
from itti.audit.service import record
from itti.programme import day_of, rules
from itti.tidings.accreditations import News, Step, tell


def accreditations(session: Session, act: Act, user_id: UUID) -> list[Grant]:
    """All accreditations an assessor ever had, latest first.

    Raises:
        AssessorUnknown: none of that id that the person may see.
    """
    found = service.assessor(session, act, user_id)
    return grants(session, col(Accreditation.user_id) == found.id)


def accreditations_of_body(session: Session, act: Act, body_id: UUID) -> list[Grant]:
    """All accreditations a body ever had, latest first.

    Raises:
        BodyUnknown: none of that id that the person may see.
    """
    found = service.body(session, act, body_id)
    return grants(session, col(Accreditation.body_id) == found.id)


def accredit(session: Session, act: Act, user_id: UUID, new: AccreditationInput) -> Accreditation:
    """Permit an assessor to assess and review with one family of questionnaires, in some or all sectors and versions.

    Raises:
        AssessorUnknown: there is none of that id.
        AccreditationOverlaps: one of the same scope is in force on some of the days.
    """
    require(act, Role.PROGRAMME)
    found = service.assessor(session, act, user_id)
    # Locking the person's row lets two who accredit at the same moment see each other.
    session.exec(select(User.id).where(User.id == found.id).with_for_update())
    return _grant(session, act, Accreditation(**new.model_dump(mode="python"), user_id=found.id, created_at=act.at))


def accredit_body(session: Session, act: Act, body_id: UUID, new: AccreditationInput) -> Accreditation:
    """Permit an assessment body to let its accredited people assess and review.

    Raises:
        BodyUnknown: there is none of that id.
        AccreditationOverlaps: one of the same scope is in force on some of the days.
    """
    require(act, Role.PROGRAMME)
    found = service.body(session, act, body_id)
    session.exec(select(AssessmentBody.id).where(AssessmentBody.id == found.id).with_for_update())
    return _grant(session, act, Accreditation(**new.model_dump(mode="python"), body_id=found.id, created_at=act.at))


def _grant(session: Session, act: Act, made: Accreditation) -> Accreditation:
    others = session.exec(
        select(Accreditation).where(
            Accreditation.user_id == made.user_id,
            Accreditation.body_id == made.body_id,
            Accreditation.family == made.family,
            col(Accreditation.withdrawn_at).is_(None),
            Accreditation.valid_from <= made.valid_until,
            Accreditation.valid_until >= made.valid_from,
        )
    ).all()
    for other in others:
        if _meet(other.majors, made.majors) and _meet(other.sectors, made.sectors):
            raise AccreditationOverlaps(family=made.family, since=other.valid_from, until=other.valid_until)
    session.add(made)
    session.flush()
    holder = {"user": str(made.user_id)} if made.user_id else {"body": str(made.body_id)}
    scope = {"family": made.family, "majors": made.majors, "sectors": made.sectors}
    days = {"valid_from": made.valid_from.isoformat(), "valid_until": made.valid_until.isoformat()}
    record(session, act, "accreditation.granted", "accreditation", made.id, **holder, **scope, **days)
    return made


def _meet(one: Sequence[object] | None, other: Sequence[object] | None) -> bool:
    return one is None or other is None or not set(one).isdisjoint(other)


def withdraw(session: Session, act: Act, accreditation_id: UUID, reason: str) -> Accreditation:
    """End an accreditation from now on.

    Raises:
        AccreditationUnknown: there is none of that id.
        AccreditationEnded: it was withdrawn before.
        FreshSignInNeeded: who asks proved themselves too long ago.
    """
    found = _held(session, act, accreditation_id)
    require_fresh(act)
    found.withdrawn_at = act.at
    found.withdrawal_reason = reason
    session.flush()
    record(session, act, "accreditation.withdrawn", "accreditation", found.id, reason=reason)
    tell(session, act, News(Step.WITHDRAWN, found, holder_of(session, found)))
    return found


def suspend(session: Session, act: Act, accreditation_id: UUID, new: SuspensionInput) -> Accreditation:
    """Let an accreditation not hold from a day on, until a day or until it is lifted.

    Raises:
        AccreditationUnknown: there is none of that id.
        AccreditationEnded: it was withdrawn.
        SuspendedBefore: it is suspended on some of the days.
        FreshSignInNeeded: who asks proved themselves too long ago.
    """
    found = _held(session, act, accreditation_id)
    require_fresh(act)
    for other in _suspensions(session, found):
        ends = other.until or date.max
        if other.lifted_at is None and other.since <= (new.until or date.max) and new.since <= ends:
            raise SuspendedBefore(since=other.since, until=other.until or "…")
    session.add(Suspension(**new.model_dump(), accreditation_id=found.id, created_at=act.at))
    days = {"since": new.since.isoformat(), "until": new.until.isoformat() if new.until else None}
    record(session, act, "accreditation.suspended", "accreditation", found.id, reason=new.reason, **days)
    tell(session, act, News(Step.SUSPENDED, found, holder_of(session, found), new.since))
    session.flush()
    return found


def reinstate(session: Session, act: Act, accreditation_id: UUID, reason: str) -> Accreditation:
    """Lift the suspension of an accreditation that holds today or is to come.

    Raises:
        AccreditationUnknown: there is none of that id.
        AccreditationEnded: it was withdrawn.
        NotSuspended: nothing is to be lifted.
    """
    found = _held(session, act, accreditation_id)
    lifted = [
        each
        for each in _suspensions(session, found)
        if each.lifted_at is None and (each.until is None or each.until >= act.today)
    ]
    if not lifted:
        raise NotSuspended
    for each in lifted:
        each.lifted_at = act.at
        session.add(each)
    record(session, act, "accreditation.reinstated", "accreditation", found.id, reason=reason)
    tell(session, act, News(Step.RESTORED, found, holder_of(session, found)))
    session.flush()
    return found


def _held(session: Session, act: Act, accreditation_id: UUID) -> Accreditation:
    """An accreditation to be changed, held until the transaction ends."""
    require(act, Role.PROGRAMME)
    found = session.get(Accreditation, accreditation_id, with_for_update=True)
    if found is None:
        raise AccreditationUnknown(accreditation=accreditation_id)
    if found.withdrawn_at is not None:
        raise AccreditationEnded(withdrawn_on=day_of(session, found.withdrawn_at).isoformat())
    return found


def _suspensions(session: Session, of: Accreditation) -> Sequence[Suspension]:
    return session.exec(select(Suspension).where(Suspension.accreditation_id == of.id)).all()


def grant(session: Session, found: Accreditation) -> Grant:
    """An accreditation with its suspensions. Checks no rights."""
    return grants(session, col(Accreditation.id) == found.id)[0]


@dataclass(frozen=True)
class Lacking:
    """Why somebody may not act: by whose accreditation, and what is the matter with it."""

    body: bool
    """True: the body's; False: the person's own."""

    why: Lack


def lacking(session: Session, user: User, scope: Scope, on: date) -> Lacking | None:
    """Why ``user`` may not assess and review in that scope on that day; None: they may.

    A withdrawal ends an accreditation at once, for days before it as well: what somebody did while accredited
    is judged by the day on which they did it, and asked then.
    """
    if user.role is not Role.ASSESSOR or user.disabled_at is not None:
        return Lacking(body=False, why=Lack.NONE)
    return lacking_of(of_person(session, user), scope, on)


def lacking_of(held: Held, scope: Scope, on: date) -> Lacking | None:
    """The same for an assessor who is not shut out, by the accreditations that were read before."""
    if (why := why_not(held.own, on, scope)) is not None:
        return Lacking(body=False, why=why)
    if (why := why_not(held.of_body, on, scope)) is not None:
        return Lacking(body=True, why=why)
    return None


def accredited_people(session: Session, act: Act, family: str, on: date) -> Sequence[User]:
    """Everybody who may assess with ``family`` on that day in some sector, by name; for planning. Programme office."""
    require(act, Role.PROGRAMME)
    held = grants(session, col(Accreditation.family) == family)
    valid = [each.accreditation for each in held if each.lack(on) is None]
    people, of_bodies = {each.user_id for each in valid}, {each.body_id for each in valid}
    statement = select(User).where(
        User.role == Role.ASSESSOR,
        col(User.disabled_at).is_(None),
        col(User.id).in_(people - {None}),
        col(User.body_id).in_(of_bodies - {None}),
    )
    return session.exec(statement.order_by(col(User.name), col(User.id))).all()


@dataclass(frozen=True)
class Ending:
    """An accreditation that ends and has no successor, with its holder."""

    accreditation: Accreditation
    holder: User | AssessmentBody

    @property
    def family(self) -> str:
        """With which questionnaires it permits to act."""
        return self.accreditation.family

    @property
    def last(self) -> date:
        """Its last day."""
        return self.accreditation.valid_until


def ending_soon(session: Session, act: Act) -> list[Ending]:
    """The accreditations in force that end within the days of the programme's notice and have no successor.

    The office sees those of everybody; an assessor the own ones and those of the own body.

    Raises:
        SignInNeeded, WrongRole: not for this person.
    """
    user = require(act, Role.PROGRAMME, Role.ASSESSOR)
    last = act.today + timedelta(days=rules(session).notice_days)
    mine = sa.or_(col(Accreditation.user_id) == user.id, col(Accreditation.body_id) == user.body_id)
    return endings(session, act.today, last, sa.true() if user.role is Role.PROGRAMME else mine)


def endings(session: Session, first: date, last: date, condition: sa.ColumnElement[bool] | None = None) -> list[Ending]:
    """The accreditations that end on a day from ``first`` to ``last`` and have no successor, the earliest first.

    Withdrawn ones have ended otherwise, and whoever has left needs none. Checks no rights.
    """
    held = grants(session, sa.true() if condition is None else condition)
    living = [each.accreditation for each in held if each.accreditation.withdrawn_at is None]
    found: list[Ending] = []
    for each in sorted(living, key=lambda row: (row.valid_until, str(row.id))):
        followed = any(
            other.valid_until > each.valid_until
            and (other.user_id, other.body_id, other.family) == (each.user_id, each.body_id, each.family)
            for other in living
        )
        if first <= each.valid_until <= last and not followed:
            holder = holder_of(session, each)
            if not isinstance(holder, User) or holder.disabled_at is None:
                found.append(Ending(each, holder))
    return found


def holder_of(session: Session, accreditation: Accreditation) -> User | AssessmentBody:
    """The person or the body that has an accreditation. Checks no rights."""
    if accreditation.user_id is not None:
        return session.get_one(User, accreditation.user_id)
    return session.get_one(AssessmentBody, accreditation.body_id)


@dataclass(frozen=True)
class RegisteredBody:
    """A body as the public register shows it: with all accreditations it ever had, latest first."""

    body: AssessmentBody
    grants: tuple[Grant, ...]


def public_register(session: Session) -> list[RegisteredBody]:
    """The bodies that are or were accredited, by name; public."""
    held: dict[UUID, list[Grant]] = {}
    for each in grants(session, col(Accreditation.body_id).is_not(None)):
        if each.accreditation.body_id is not None:
            held.setdefault(each.accreditation.body_id, []).append(each)
    rows = session.exec(select(AssessmentBody).where(col(AssessmentBody.id).in_(held))).all()
    return [RegisteredBody(row, tuple(held[row.id])) for row in sorted(rows, key=lambda row: (row.name, str(row.id)))]
