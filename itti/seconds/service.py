"""Choosing assessments for a second one, planning it with another body, and listing where all of them stand.

Everything here is the programme office's. Neither assessor ever sees the other's answers through this service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from itti.accounts.roles import require
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.assessments import library, neutrality, planning, reading
from itti.assessments.following import held
from itti.assessments.parties import Parties, parties
from itti.assessments.schemas import PlanInput
from itti.assessments.tables import Assessment, AssessmentState
from itti.audit.service import record
from itti.database import flush_unique
from itti.seconds.errors import AssignedAlready, ChosenAlready, NoSuchChoice, NotChoosable
from itti.seconds.pairs import Pair
from itti.seconds.schemas import AssignInput, ChooseInput
from itti.seconds.tables import Choice, Chosen

_MOST: Final = 500
"""The newest so many are listed."""

_OPEN: Final = (
    AssessmentState.REVIEW,
    AssessmentState.REPLY,
    AssessmentState.DECISION,
    AssessmentState.CERTIFIED,
    AssessmentState.APPEAL,
)
"""Submitted, and still of use to compare with."""


def listed(session: Session, act: Act) -> list[Pair]:
    """All chosen assessments, the newest first. Programme office.

    Raises:
        SignInNeeded, WrongRole: not for this person.
    """
    require(act, Role.PROGRAMME)
    statement = select(Chosen).order_by(col(Chosen.chosen_at).desc(), col(Chosen.id)).limit(_MOST)
    return pairs(session, session.exec(statement).all())


def pairs(session: Session, chosen: Sequence[Chosen]) -> list[Pair]:
    """The same for these, in a few queries. Checks no rights."""
    ids = [each.assessment_id for each in chosen]
    firsts = {each.id: each for each in session.exec(select(Assessment).where(col(Assessment.id).in_(ids))).all()}
    found = select(Assessment).where(col(Assessment.second_of).in_(ids), Assessment.state != AssessmentState.WITHDRAWN)
    seconds = {each.second_of: each for each in session.exec(found).all()}
    involved = parties(session, [*firsts.values(), *seconds.values()])
    return [_pair(each, firsts[each.assessment_id], seconds.get(each.assessment_id), involved) for each in chosen]


def _pair(chosen: Chosen, first: Assessment, second: Assessment | None, of: Mapping[UUID, Parties]) -> Pair:
    return Pair(chosen, first, of[first.id], second, None if second is None else of[second.id])


def choosable(session: Session, act: Act) -> list[tuple[Assessment, Parties]]:
    """Assessments that the office may choose, the newest first. Programme office."""
    require(act, Role.PROGRAMME)
    statement = (
        select(Assessment)
        .where(
            col(Assessment.state).in_(_OPEN),
            col(Assessment.second_of).is_(None),
            col(Assessment.revision_of).is_(None),
            col(Assessment.id).not_in(select(Chosen.assessment_id)),
        )
        .order_by(col(Assessment.submitted_at).desc(), col(Assessment.id))
        .limit(_MOST)
    )
    rows = session.exec(statement).all()
    of = parties(session, rows)
    return [(row, of[row.id]) for row in rows]


def choose(session: Session, act: Act, given: ChooseInput) -> Chosen:
    """Choose an assessment by hand. Programme office.

    Raises:
        SignInNeeded, WrongRole: not for this person.
        NoSuchAssessment: none of that id.
        NotChoosable: not submitted, ended, a revision, or a second assessment itself.
        ChosenAlready: it was chosen before.
    """
    actor = require(act, Role.PROGRAMME)
    one = reading.assessment(session, act, given.assessment_id, lock="share")
    if one.state not in _OPEN or one.second_of is not None or one.revision_of is not None:
        raise NotChoosable
    made = Chosen(assessment_id=one.id, choice=Choice.OFFICE, reason=given.reason, chosen_by=actor.id, chosen_at=act.at)
    session.add(made)
    flush_unique(session, {"assessment_id": ChosenAlready()})
    record(session, act, "second.chosen", "chosen_assessment", made.id, assessment=str(one.id), reason=given.reason)
    session.flush()
    return made


def assign(session: Session, act: Act, choice: UUID, given: AssignInput) -> Assessment:
    """Plan the second assessment, with the version of the questionnaire of the first. Programme office.

    Raises:
        SignInNeeded, WrongRole: not for this person.
        NoSuchChoice: nothing was chosen under that id.
        AssignedAlready: a second assessment is planned, or was made.
        NotApart: the assessor, or their body, takes part in the first.
        NotPlannable, NotAccredited, NotIndependent, RotationDue: as for every assessment.
    """
    require(act, Role.PROGRAMME)
    chosen = session.get(Chosen, choice)
    if chosen is None:
        raise NoSuchChoice(choice=str(choice))
    first = held(session, chosen.assessment_id)
    if pairs(session, [chosen])[0].second is not None:
        raise AssignedAlready
    assessor = session.get(User, given.assessor_id)
    if assessor is not None and (fault := neutrality.of_first(session, assessor, first)) is not None:
        raise fault
    library.pinned(first)
    wanted = PlanInput(
        factory_id=first.factory_id,
        family=first.family,
        version=first.definition_version,
        assessor_id=given.assessor_id,
        planned_for=given.planned_for,
    )
    made = planning.plan(session, act, wanted)
    made.second_of = first.id
    session.add(made)
    session.flush()
    record(
        session,
        act,
        "second.assigned",
        "chosen_assessment",
        chosen.id,
        assessment=str(made.id),
        first=str(first.id),
        assessor=str(given.assessor_id),
    )
    session.flush()
    return made


def chosen_of(session: Session, act: Act, choice: UUID) -> Pair:
    """One chosen assessment. Programme office.

    Raises:
        SignInNeeded, WrongRole, NoSuchChoice: as they say.
    """
    require(act, Role.PROGRAMME)
    found = session.get(Chosen, choice)
    if found is None:
        raise NoSuchChoice(choice=str(choice))
    return pairs(session, [found])[0]
