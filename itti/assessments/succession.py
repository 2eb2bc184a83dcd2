"""Who takes an assessment over, when its assessor falls out or must not go on.

The successor is judged as an assessor who would start on the day of the act; only the declaration comes later, since
nobody declares for what they cannot read yet: until it is given, no answer is taken from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from itti.accounts.tables import Role, User
from itti.accreditation.tables import AssessmentBody
from itti.acts import Act
from itti.assessments import neutrality, reading
from itti.assessments.errors import SuccessorRefused
from itti.assessments.following import Change
from itti.assessments.involvement import involved
from itti.assessments.move_errors import SameBody
from itti.assessments.permission import refusal as unaccredited
from itti.assessments.tables import Assessment
from itti.errors import HttpFault
from itti.factories.tables import Factory
from itti.programme import rules

_IN_USE: Final = (col(User.role) == Role.ASSESSOR, col(User.disabled_at).is_(None))


def refusal(session: Session, act: Act, one: Assessment, successor: UUID | None) -> HttpFault | None:
    """Why a person may not take an assessment over on the day of the act; None: they may."""
    if successor is None:
        return SuccessorRefused.because("successor-missing")
    person = session.exec(select(User).where(User.id == successor, *_IN_USE)).one_or_none()
    if person is None:
        return SuccessorRefused.because("no-such-assessor", id=successor)
    return _unfit(session, act, one, person) or _unsuited(session, act, one, person)


def _unfit(session: Session, act: Act, one: Assessment, person: User) -> HttpFault | None:
    """What stands between this person and this assessment."""
    if person.body_id is None:
        return SuccessorRefused.because("assessor-without-body")
    if person.id == one.assessor_id:
        return SuccessorRefused.because("successor-same", person=person.name)
    if person.id == one.reviewer_id:
        return SuccessorRefused.because("successor-reviews", person=person.name)
    if reading.person(act).role is not Role.PROGRAMME and person.body_id != one.body_id:
        return SuccessorRefused.because("successor-elsewhere", person=person.name)
    if one.revision_of is not None:
        revised = session.get_one(Assessment, one.revision_of)
        if involved(session, revised).took_part(person):
            return SuccessorRefused.because("successor-took-part", person=person.name)
    return None


def _unsuited(session: Session, act: Act, one: Assessment, person: User) -> HttpFault | None:
    """What the programme's rules say of the person on that day."""
    factory = session.get_one(Factory, one.factory_id)
    scope = one.family, one.definition_version, factory.sector, act.today
    return (
        unaccredited(session, person, *scope, told=act.actor)
        or neutrality.tied(session, person, factory.id, act.today)
        or neutrality.due_for_rotation(session, person, factory.id, one.id)
        or neutrality.of_both(session, person, one)
        or _of_reviewers_body(session, one, person)
    )


def _of_reviewers_body(session: Session, one: Assessment, person: User) -> SameBody | None:
    """The reviewer who has returned the assessment will review it again."""
    if not rules(session).separate_bodies or one.reviewer_id is None:
        return None
    if session.get_one(User, one.reviewer_id).body_id != person.body_id:
        return None
    return SameBody(body=session.get_one(AssessmentBody, person.body_id).name)


def candidates(session: Session, act: Act, one: Assessment) -> Sequence[User]:
    """Everybody who may take an assessment over on the day of the act, by name."""
    statement = select(User).where(*_IN_USE, User.id != one.assessor_id)
    if reading.person(act).role is not Role.PROGRAMME:
        statement = statement.where(User.body_id == one.body_id)
    people = session.exec(statement.order_by(col(User.name), col(User.id))).all()
    return [each for each in people if refusal(session, act, one, each.id) is None]


def hand_over(session: Session, one: Assessment, successor: UUID | None) -> Change:
    """Let an assessment be the successor's, who may take it over; what was answered keeps its authors."""
    person = session.get_one(User, successor)
    assert person.body_id is not None  # noqa: S101 - a condition of the move
    change = Change(one.assessor_id, person.id)
    one.assessor_id, one.body_id = person.id, person.body_id
    return change
