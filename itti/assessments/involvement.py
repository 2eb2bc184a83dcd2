"""Who took part in an assessment, and so cannot hear an appeal against it or review its revision."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from itti.accounts.tables import Role, User
from itti.assessments.moves import MoveName
from itti.assessments.tables import Assessment, AssessmentState, Move

_NO_PART: Final = tuple(
    move.value
    for move in (
        MoveName.HAND_OVER,
        MoveName.TAKE_APPEAL,
        MoveName.RELEASE_APPEAL,
        MoveName.REJECT_APPEAL,
        MoveName.UPHOLD_APPEAL,
    )
)
"""Hearing an appeal is no part in the assessment that it is about; in its revision the hearer is the assessor. Nor is
handing over what one has not begun."""


def former_assessors(session: Session, one: Assessment) -> frozenset[UUID]:
    """Who began the assessment before its assessor took it over; not who was replaced before it began."""
    statement = select(Move.from_person_id).where(
        Move.assessment_id == one.id,
        Move.move == MoveName.HAND_OVER.value,
        Move.from_state == AssessmentState.ASSESSMENT.value,
    )
    return frozenset(each for each in session.exec(statement).all() if each is not None)


@dataclass(frozen=True)
class Involved:
    """The people who assessed, reviewed or approved, and the bodies they did it for."""

    people: frozenset[UUID]
    bodies: frozenset[UUID]

    def took_part(self, person: User) -> bool:
        """Whether the person, or their body, did."""
        return person.id in self.people or person.body_id in self.bodies


def involved(session: Session, one: Assessment) -> Involved:
    """Everybody of assessment bodies who assessed, or made a move of, the assessment or one that it revises."""
    people: set[UUID] = set()
    bodies: set[UUID] = set()
    revised: Assessment | None = one
    while revised is not None:
        made = select(Move.actor_id).where(Move.assessment_id == revised.id, col(Move.move).not_in(_NO_PART))
        named = {revised.assessor_id, revised.reviewer_id, *session.exec(made).all()} - {None}
        named |= former_assessors(session, revised)
        found = session.exec(select(User).where(col(User.id).in_(named), User.role == Role.ASSESSOR)).all()
        people |= {each.id for each in found}
        bodies |= {revised.body_id} | {each.body_id for each in found if each.body_id is not None}
        revised = None if revised.revision_of is None else session.get_one(Assessment, revised.revision_of)
    return Involved(frozenset(people), frozenset(bodies))
