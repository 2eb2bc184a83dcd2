"""The programme's rules of independence, each with its refusal; asked on the day of each act."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.accounts.tables import User
from itti.accreditation.tables import AssessmentBody
from itti.assessments.errors import GOES_ON
from itti.assessments.involvement import former_assessors, involved
from itti.assessments.move_errors import DeclarationMissing, NotApart, NotIndependent, RotationDue, SameBody
from itti.assessments.tables import Assessment, AssessmentState
from itti.independence import service as independence
from itti.programme import rules


def undeclared(session: Session, user: User, one: Assessment) -> DeclarationMissing | None:
    """The refusal for somebody who has not declared for an assessment, where the programme asks for it."""
    if rules(session).independence_months == 0:
        return None
    declared = any(independence.has_declared(session, user, each) for each in _declared_for(one))
    return None if declared else DeclarationMissing()


def declared(session: Session, ones: Collection[Assessment]) -> Collection[tuple[UUID, UUID]] | None:
    """Who has declared for which of several assessments (:func:`is_declared`); None: the programme asks nobody to."""
    if rules(session).independence_months == 0:
        return None
    return independence.declared(session, [each for one in ones for each in _declared_for(one)])


def is_declared(declared: Collection[tuple[UUID, UUID]] | None, user: User, one: Assessment) -> bool:
    """Whether somebody has declared for an assessment, or need not, by what was read before."""
    return declared is None or any((user.id, each) in declared for each in _declared_for(one))


def _declared_for(one: Assessment) -> list[UUID]:
    # Who has upheld an appeal has declared for what they now revise, which is about the same factory.
    return [one.id] if one.revision_of is None else [one.id, one.revision_of]


def tied(session: Session, user: User, factory: UUID, on: date) -> NotIndependent | None:
    """The refusal for somebody who is, or whose body is, tied to a factory on a day or was within the period."""
    months = rules(session).independence_months
    found = None if months == 0 else independence.binding(session, user, factory, on, months)
    if found is None:
        return None
    return NotIndependent(
        months=months,
        person=user.name,
        tied="body" if found.body_id else "person",
        tie=found.tie.value,
        until=found.until.isoformat() if found.until else GOES_ON,
    )


def due_for_rotation(
    session: Session, user: User, factory: UUID, leaving_out: UUID | None = None
) -> RotationDue | None:
    """The refusal for an assessor who made the last assessments of a factory, as many as the programme allows."""
    most = rules(session).rotation_after
    if most == 0:
        return None
    statement = (
        select(Assessment.assessor_id)
        .where(
            Assessment.factory_id == factory,
            Assessment.id != leaving_out,
            Assessment.state != AssessmentState.WITHDRAWN,
            col(Assessment.submitted_at).is_not(None),
            col(Assessment.revision_of).is_(None),
            col(Assessment.second_of).is_(None),
        )
        .order_by(col(Assessment.submitted_at).desc(), col(Assessment.id))
        .limit(most)
    )
    last = session.exec(statement).all()
    if len(last) == most and set(last) == {user.id}:
        return RotationDue(count=most, person=user.name)
    return None


def of_same_body(session: Session, user: User, one: Assessment) -> SameBody | None:
    """The refusal for a reviewer of the assessor's body, where the programme demands another.

    The body of an assessor from whom the present one took over counts as well.
    """
    if not rules(session).separate_bodies or user.body_id is None:
        return None
    before = select(User.body_id).where(col(User.id).in_(former_assessors(session, one)))
    if user.body_id not in {one.body_id, *session.exec(before).all()}:
        return None
    return SameBody(body=session.get_one(AssessmentBody, user.body_id).name)


def of_first(session: Session, user: User, first: Assessment) -> NotApart | None:
    """The refusal for somebody who takes part, or whose body does, in what is to be assessed a second time."""
    return NotApart() if involved(session, first).took_part(user) else None


def of_both(session: Session, user: User, one: Assessment) -> NotApart | None:
    """The refusal for somebody of an assessment who, or whose body, takes part in its second one, or in its first."""
    if one.second_of is not None and of_first(session, user, session.get_one(Assessment, one.second_of)) is not None:
        return NotApart()
    second = select(Assessment.id).where(
        Assessment.second_of == one.id,
        sa.or_(col(Assessment.assessor_id) == user.id, col(Assessment.body_id) == user.body_id),
    )
    return None if session.exec(second).first() is None else NotApart()
