"""Assessment bodies, their assessors, and who may assess what and when.

The programme office writes and sees all; assessors see their own body and its people; factories see none of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from itti.accounts import service as accounts
from itti.accounts.roles import require
from itti.accounts.service import NewUser, OpenedAccount
from itti.accounts.tables import Role, User
from itti.accreditation.errors import (
    AccreditationEnded,
    AccreditationOverlaps,
    AccreditationUnknown,
    AssessorUnknown,
    BodyUnknown,
)
from itti.accreditation.schemas import AccreditationInput, AssessorInput, BodyInput, BodyView
from itti.accreditation.tables import Accreditation, AssessmentBody
from itti.acts import Act
from itti.audit.service import record
from itti.database import expect_version, flush_unique
from itti.errors import FieldMistake
from itti.http.errors import InvalidInput, Taken
from itti.http.paging import Paging, Slice, cut
from itti.settings import Settings

# Bodies


def bodies(session: Session, act: Act, paging: Paging) -> Slice[AssessmentBody]:
    """The bodies the person may see, by name."""
    user = require(act, Role.PROGRAMME, Role.ASSESSOR)
    statement = select(AssessmentBody)
    if user.role is Role.ASSESSOR:
        statement = statement.where(AssessmentBody.id == user.body_id)
    return cut(session, statement, (col(AssessmentBody.name), col(AssessmentBody.id)), paging)


def body(session: Session, act: Act, body_id: UUID) -> AssessmentBody:
    """One body.

    Raises:
        BodyUnknown: none of that id that the person may see.
    """
    user = require(act, Role.PROGRAMME, Role.ASSESSOR)
    found = session.get(AssessmentBody, body_id)
    if found is None or (user.role is Role.ASSESSOR and user.body_id != found.id):
        raise BodyUnknown(body=body_id)
    return found


def register_body(session: Session, act: Act, new: BodyInput) -> AssessmentBody:
    """Register an assessment body.

    Raises:
        Taken: another has its name or registration number.
    """
    require(act, Role.PROGRAMME)
    made = AssessmentBody(**new.model_dump(), created_at=act.at)
    session.add(made)
    flush_unique(session, _taken(new))
    record(session, act, "body.registered", "assessment_body", made.id)
    return made


def change_body(session: Session, act: Act, body_id: UUID, change: BodyInput, *, expected: int) -> AssessmentBody:
    """Change the entry of a body that the writer saw in version ``expected``.

    Raises:
        BodyUnknown: there is none of that id.
        Stale: it has another version by now.
        Taken: another has its new name or registration number.
    """
    require(act, Role.PROGRAMME)
    found = body(session, act, body_id)
    expect_version(found, expected, BodyView.of)
    found.sqlmodel_update(change.model_dump())
    flush_unique(session, _taken(change), found, BodyView.of)
    record(session, act, "body.changed", "assessment_body", found.id)
    return found


def _taken(given: BodyInput) -> dict[str, Taken]:
    return {
        "name": Taken(field="name", value=given.name),
        "registration": Taken(field="registration", value=given.registration),
    }


# Assessors


def assessors(session: Session, act: Act, paging: Paging, body_id: UUID | None = None) -> Slice[User]:
    """The assessors the person may see (of one body), by name."""
    user = require(act, Role.PROGRAMME, Role.ASSESSOR)
    statement = select(User).where(User.role == Role.ASSESSOR)
    if user.role is Role.ASSESSOR:
        statement = statement.where(User.body_id == user.body_id)
    if body_id is not None:
        statement = statement.where(User.body_id == body_id)
    return cut(session, statement, (col(User.name), col(User.id)), paging)


def assessor(session: Session, act: Act, user_id: UUID) -> User:
    """One assessor.

    Raises:
        AssessorUnknown: none of that id that the person may see.
    """
    user = require(act, Role.PROGRAMME, Role.ASSESSOR)
    found = session.get(User, user_id)
    if found is None or found.role is not Role.ASSESSOR:
        raise AssessorUnknown(assessor=user_id)
    if user.role is Role.ASSESSOR and user.body_id != found.body_id:
        raise AssessorUnknown(assessor=user_id)
    return found


def register_assessor(session: Session, act: Act, settings: Settings, new: AssessorInput) -> OpenedAccount:
    """Open an account for an assessor of a body.

    Raises:
        InvalidInput: there is no such body.
        Taken: somebody has this e-mail address.
    """
    require(act, Role.PROGRAMME)
    if session.get(AssessmentBody, new.body_id) is None:
        raise InvalidInput.of(
            FieldMistake("/body_id", "body-unknown", {"body": new.body_id}, room="itti.accreditation")
        )
    return accounts.create_user(
        session,
        act,
        settings,
        NewUser(
            email=new.email,
            name=new.name,
            name_ar=new.name_ar,
            password=new.password,
            role=Role.ASSESSOR,
            body_id=new.body_id,
        ),
    )


# Accreditations


def accreditations(session: Session, act: Act, user_id: UUID) -> Sequence[Accreditation]:
    """All accreditations an assessor ever had, latest first.

    Raises:
        AssessorUnknown: none of that id that the person may see.
    """
    found = assessor(session, act, user_id)
    return session.exec(
        select(Accreditation)
        .where(Accreditation.user_id == found.id)
        .order_by(col(Accreditation.valid_from).desc(), col(Accreditation.id))
    ).all()


def accredit(session: Session, act: Act, user_id: UUID, new: AccreditationInput) -> Accreditation:
    """Permit an assessor to assess and review with one family of questionnaires.

    Raises:
        AssessorUnknown: there is none of that id.
        AccreditationOverlaps: one for the family is in force on some of the days.
    """
    require(act, Role.PROGRAMME)
    found = assessor(session, act, user_id)
    # Locking the person's row lets two who accredit at the same moment see each other.
    session.exec(select(User.id).where(User.id == found.id).with_for_update())
    other = session.exec(
        select(Accreditation).where(
            Accreditation.user_id == found.id,
            Accreditation.family == new.family,
            col(Accreditation.withdrawn_at).is_(None),
            Accreditation.valid_from <= new.valid_until,
            Accreditation.valid_until >= new.valid_from,
        )
    ).first()
    if other is not None:
        raise AccreditationOverlaps(family=new.family, since=other.valid_from, until=other.valid_until)
    made = Accreditation(**new.model_dump(), user_id=found.id, created_at=act.at)
    session.add(made)
    session.flush()
    record(session, act, "accreditation.granted", "accreditation", made.id, family=new.family)
    return made


def withdraw(session: Session, act: Act, accreditation_id: UUID, reason: str) -> Accreditation:
    """End an accreditation from now on.

    Raises:
        AccreditationUnknown: there is none of that id.
        AccreditationEnded: it was withdrawn before.
    """
    require(act, Role.PROGRAMME)
    found = session.get(Accreditation, accreditation_id, with_for_update=True)
    if found is None:
        raise AccreditationUnknown(accreditation=accreditation_id)
    if found.withdrawn_at is not None:
        raise AccreditationEnded(withdrawn_at=found.withdrawn_at.isoformat(timespec="seconds"))
    found.withdrawn_at = act.at
    found.withdrawal_reason = reason
    session.flush()
    record(session, act, "accreditation.withdrawn", "accreditation", found.id, reason=reason)
    return found


def accredited(session: Session, user: User, family: str, on: date) -> bool:
    """Whether ``user`` may assess and review with ``family`` on that day.

    A withdrawal ends an accreditation at once, for days before it as well: what somebody did while accredited
    is judged by the day on which they did it, and asked then.
    """
    return family in families_of(session, user, on)


def families_of(session: Session, user: User, on: date) -> frozenset[str]:
    """The families with which ``user`` may assess and review on that day, in one query; see :func:`accredited`."""
    if user.role is not Role.ASSESSOR or user.disabled_at is not None:
        return frozenset()
    statement = select(Accreditation.family).where(
        Accreditation.user_id == user.id,
        col(Accreditation.withdrawn_at).is_(None),
        Accreditation.valid_from <= on,
        Accreditation.valid_until >= on,
    )
    return frozenset(session.exec(statement).all())


def accredited_people(session: Session, act: Act, family: str, on: date) -> Sequence[User]:
    """Everybody who may assess with ``family`` on that day, by name; for planning. Programme office."""
    require(act, Role.PROGRAMME)
    return session.exec(
        select(User)
        .join(Accreditation, col(Accreditation.user_id) == User.id)
        .where(
            User.role == Role.ASSESSOR,
            col(User.disabled_at).is_(None),
            Accreditation.family == family,
            col(Accreditation.withdrawn_at).is_(None),
            Accreditation.valid_from <= on,
            Accreditation.valid_until >= on,
        )
        .order_by(col(User.name), col(User.id))
    ).all()
