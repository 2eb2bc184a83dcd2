"""Assessment bodies, their assessors, and who may assess what and when.

The programme office writes and sees all; assessors see their own body and its people; factories see none of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from itti.accounts import invitations
from itti.accounts.roles import require
from itti.accounts.service import NewUser, OpenedAccount
from itti.accounts.tables import Role, User
from itti.accreditation.errors import (
    AssessorUnknown,
    BodyUnknown,
)
from itti.accreditation.schemas import AssessorInput, BodyInput, BodyView, NameSort
from itti.accreditation.tables import AssessmentBody
from itti.acts import Act
from itti.audit.service import record
from itti.database import expect_version, flush_unique
from itti.errors import FieldMistake
from itti.http.errors import InvalidInput, Taken
from itti.http.paging import Paging, Slice, sorted_cut
from itti.settings import Settings

# Bodies


def bodies(session: Session, act: Act, paging: Paging, sort: NameSort = NameSort.NAME) -> Slice[AssessmentBody]:
    """The bodies the person may see, by name."""
    user = require(act, Role.PROGRAMME, Role.ASSESSOR)
    statement = select(AssessmentBody)
    if user.role is Role.ASSESSOR:
        statement = statement.where(AssessmentBody.id == user.body_id)
    return sorted_cut(session, statement, sort, {"name": (col(AssessmentBody.name), col(AssessmentBody.id))}, paging)


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


@dataclass(frozen=True)
class AssessorFilters:
    """What the list of assessors is narrowed to; None does not narrow."""

    body_id: UUID | None = None
    email: str | None = None


def assessors(
    session: Session,
    act: Act,
    paging: Paging,
    filters: AssessorFilters | None = None,
    sort: NameSort = NameSort.NAME,
) -> Slice[User]:
    """The assessors the person may see, by name."""
    wanted = filters or AssessorFilters()
    user = require(act, Role.PROGRAMME, Role.ASSESSOR)
    statement = select(User).where(User.role == Role.ASSESSOR)
    if user.role is Role.ASSESSOR:
        statement = statement.where(User.body_id == user.body_id)
    if wanted.body_id is not None:
        statement = statement.where(User.body_id == wanted.body_id)
    if wanted.email is not None:
        statement = statement.where(User.email == wanted.email.strip().casefold())
    return sorted_cut(session, statement, sort, {"name": (col(User.name), col(User.id))}, paging)


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
        LinksNotSent: none is set that takes the invitation.
    """
    require(act, Role.PROGRAMME)
    if session.get(AssessmentBody, new.body_id) is None:
        raise InvalidInput.of(
            FieldMistake("/body_id", "body-unknown", {"body": new.body_id}, room="itti.accreditation")
        )
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
            role=Role.ASSESSOR,
            body_id=new.body_id,
        ),
    )
