"""Reading assessments: who may see which, lists, and the parts of one assessment.

What nobody may read does not exist for them: the answer is "no such assessment", not "forbidden".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from itti.accounts.tables import Role, User
from itti.accreditation.validity import families as families_of
from itti.acts import Act
from itti.assessments import asked, library
from itti.assessments.errors import NoSuchAssessment, NotAnswered, NotOpenToYou
from itti.assessments.library import Questionnaire
from itti.assessments.moves import TOLD
from itti.assessments.parties import Parties, by_id, parties
from itti.assessments.standing import scorecard_of
from itti.assessments.tables import (
    IN_REVIEW,
    OPEN_TO_FACTORY,
    Answer,
    Assessment,
    AssessmentState,
    Comment,
    Move,
    Phase,
)
from itti.audit import service as audit
from itti.http.errors import SignInNeeded
from itti.http.paging import Paging, Slice, sorted_cut
from itti.seconds.tables import Chosen
from questionnaires import published

_ANSWERS: Final = select(Answer).where(
    col(Answer.assessment_id) == sa.bindparam("assessment"), col(Answer.phase) == sa.bindparam("phase")
)
"""The answers of a phase: asked with every answer that is saved, so it is put together once."""

Lock = Literal["share", "update"]
"""How an assessment is held until the transaction ends: with others who do the same, or alone."""


class AssessmentSort(StrEnum):
    """Orders of the list of assessments."""

    CREATED = "created_at"
    CREATED_LATEST = "-created_at"
    PLANNED = "planned_for"
    PLANNED_LATEST = "-planned_for"


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; None does not narrow."""

    states: tuple[AssessmentState, ...] | None = None
    factory_id: UUID | None = None
    assessor_id: UUID | None = None
    reviewer_id: UUID | None = None
    family: str | None = None
    body_id: UUID | None = None
    planned_from: date | None = None
    planned_to: date | None = None


@dataclass(frozen=True)
class Line:
    """One assessment as a list shows it."""

    assessment: Assessment
    parties: Parties
    answered: int
    """Questions the assessor has answered, as not applicable too."""

    total: int


@dataclass(frozen=True)
class Remark:
    """A review comment, or a reply to one, with the name of who wrote it."""

    comment: Comment
    author: User
    resolver: User | None = None
    """Who resolved it; None: it is open."""


@dataclass(frozen=True)
class Passage:
    """A past move with the name of who made it."""

    move: Move
    actor: User | None
    """None: time did, or the register."""

    note: str
    """The note given, as far as this reader may see it."""

    left: User | None = None
    came: User | None = None
    """Of a change of assessor: who it was until then, and who it is from then on."""


def person(act: Act) -> User:
    """Who acts.

    Raises:
        SignInNeeded: a stranger.
    """
    if act.actor is None:
        raise SignInNeeded
    return act.actor


def readable(session: Session, act: Act) -> sa.ColumnElement[bool]:
    """Which assessments the actor may read, as a condition.

    The programme reads all; factory people those of their factory; an assessor those they assess or review or whose
    appeal they hear, and those in review or under appeal that they could take: of a blind second assessment nobody but
    its assessor, and of its first nobody of the second's body, nor anybody new before the second is planned.
    """
    actor = person(act)
    if actor.role is Role.PROGRAMME:
        return sa.true()
    if actor.role is Role.FACTORY:
        return col(Assessment.factory_id) == actor.factory_id
    own = [col(role) == actor.id for role in (Assessment.assessor_id, Assessment.reviewer_id, Assessment.hearer_id)]
    return sa.or_(*own, _open_to_take(session, act))


def _open_to_take(session: Session, act: Act) -> sa.ColumnElement[bool]:
    """Which assessments an assessor reads without having anything to do with them yet."""
    actor = person(act)
    families = sorted(families_of(session, actor, act.today) & {family for family, _ in published()})
    in_review = sa.and_(col(Assessment.state).in_(IN_REVIEW), col(Assessment.reviewer_id).is_(None))
    under_appeal = sa.and_(col(Assessment.state) == AssessmentState.APPEAL, col(Assessment.hearer_id).is_(None))
    # The states once more by themselves, so that the database goes by their index.
    waiting = col(Assessment.state).in_([*IN_REVIEW, AssessmentState.APPEAL])
    return sa.and_(waiting, col(Assessment.family).in_(families), sa.or_(in_review, under_appeal), _is_apart(actor))


def _is_open(session: Session, act: Act, one: Assessment) -> bool:
    """Whether the actor may read an assessment: :func:`readable`, which is asked only where the row does not say it."""
    actor = person(act)
    if actor.role is not Role.ASSESSOR:
        return actor.role is Role.PROGRAMME or one.factory_id == actor.factory_id
    if actor.id in {one.assessor_id, one.reviewer_id, one.hearer_id}:
        return True
    statement = select(Assessment.id).where(col(Assessment.id) == one.id, _open_to_take(session, act))
    return session.exec(statement).first() is not None


def _is_apart(actor: User) -> sa.ColumnElement[bool]:
    """That an assessment is no blind second one, that none is still to be planned of it, nor made by the actor's body.

    So whoever assesses a second time, or a colleague of theirs, never reads what the first found.
    """
    second = aliased(Assessment)
    is_second = col(second.second_of) == col(Assessment.id)
    theirs = sa.exists().where(is_second, col(second.body_id) == actor.body_id)
    planned = sa.exists().where(is_second, col(second.state) != AssessmentState.WITHDRAWN)
    chosen = sa.exists().where(col(Chosen.assessment_id) == col(Assessment.id))
    return sa.and_(col(Assessment.second_of).is_(None), sa.not_(theirs), sa.or_(sa.not_(chosen), planned))


def assessment(session: Session, act: Act, identifier: UUID, *, lock: Lock | None = None) -> Assessment:
    """One assessment that the actor may read.

    ``lock``: ``"share"`` holds its state still until the transaction ends while others may do the same;
    ``"update"`` keeps everybody else out. SQLite needs neither: there, a writer is alone anyway.

    Raises:
        NoSuchAssessment: none, or none for this person.
    """
    if lock is None or session.get_bind().dialect.name == "sqlite":
        found = session.get(Assessment, identifier)
    else:
        statement = select(Assessment).where(col(Assessment.id) == identifier).with_for_update(read=lock == "share")
        found = session.exec(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None or not _is_open(session, act, found):
        raise NoSuchAssessment(assessment=str(identifier))
    return found


def listed(
    session: Session,
    act: Act,
    filters: Filters | None = None,
    paging: Paging | None = None,
    sort: AssessmentSort = AssessmentSort.CREATED_LATEST,
) -> Slice[Line]:
    """Assessments that the actor may read, newest first by default; a fixed number of queries whatever the length."""
    statement = select(Assessment).where(readable(session, act), *_narrowing(filters or Filters()))
    orders = {
        "created_at": (col(Assessment.created_at), col(Assessment.id)),
        "planned_for": (col(Assessment.planned_for), col(Assessment.id)),
    }
    found = sorted_cut(session, statement, sort, orders, paging or Paging(limit=50, after=None))
    return Slice(_lines(session, found.rows), found.after)


def counts(session: Session, act: Act) -> Mapping[AssessmentState, int]:
    """How many assessments the actor may read in each state (states without any are 0)."""
    statement = select(Assessment.state, sa.func.count()).where(readable(session, act)).group_by(col(Assessment.state))
    found = dict(session.exec(statement).all())
    return {state: found.get(state, 0) for state in AssessmentState}


def parties_of(session: Session, one: Assessment) -> Parties:
    """Who takes part in one assessment."""
    return parties(session, [one])[one.id]


def answers_of(session: Session, identifier: UUID, phase: Phase) -> Mapping[str, Answer]:
    """Question id → answer of one phase. Checks no rights."""
    found = session.scalars(_ANSWERS, {"assessment": identifier, "phase": phase})
    return {answer.question: answer for answer in found}


def asked_of(session: Session, one: Assessment, phase: Phase) -> Questionnaire:
    """The questionnaire as it is asked in a phase: with the questions of every item that its lists name there.

    Checks no rights, and not whether the library still holds the pinned questionnaire.
    """
    published = library.shown(one)
    return published.asked(answers_of(session, one.id, phase).values()) if published.lists else published


def open_answers(session: Session, act: Act, one: Assessment, phase: Phase) -> Mapping[str, Answer]:
    """The answers of a phase, for somebody who may read them.

    A factory reads its own answers always, and the assessor's once the reviewer agrees.

    Raises:
        NotOpenToYou: not yet.
    """
    if phase is Phase.ASSESSED:
        check_open(act, one)
    return answers_of(session, one.id, phase)


def open_answer(session: Session, act: Act, one: Assessment, phase: Phase, question: str) -> Answer:
    """One answer, for somebody who may read it.

    Raises:
        NoSuchQuestion, NotAnswered, NotOpenToYou: as they say.
    """
    asked_of(session, one, phase).question(question)
    if phase is Phase.ASSESSED:
        check_open(act, one)
    statement = select(Answer).where(Answer.assessment_id == one.id, Answer.phase == phase, Answer.question == question)
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotAnswered(question=question)
    return found


def check_open(act: Act, one: Assessment) -> None:
    """Whether the actor, who may read the assessment, may read what the assessor found.

    Raises:
        NotOpenToYou: the factory, before the reviewer agreed.
    """
    if person(act).role is Role.FACTORY and one.state not in OPEN_TO_FACTORY:
        raise NotOpenToYou


def comments(session: Session, act: Act, one: Assessment) -> Sequence[Remark]:
    """The remarks of reviewers and the replies to them, oldest first, as far as the actor may read them.

    They pass between assessor, reviewer and programme. The factory reads those that are open to it, once it reads what
    was found.

    Raises:
        NotOpenToYou: the factory, before.
    """
    check_open(act, one)
    statement = (
        select(Comment)
        .where(Comment.assessment_id == one.id)
        .order_by(col(Comment.created_at), col(Comment.position), col(Comment.id))
    )
    if person(act).role is Role.FACTORY:
        statement = statement.where(col(Comment.for_factory).is_(True))
    rows = session.exec(statement).all()
    people = by_id(session, (row.author_id for row in rows), (row.resolved_by for row in rows))
    return [
        Remark(row, people[row.author_id], people.get(row.resolved_by) if row.resolved_by else None) for row in rows
    ]


def unsettled(session: Session, identifier: UUID) -> Sequence[Comment]:
    """The remarks that demand a change and are not resolved, oldest first. Checks no rights."""
    statement = (
        select(Comment)
        .where(
            Comment.assessment_id == identifier,
            col(Comment.demands_change).is_(True),
            col(Comment.parent_id).is_(None),
            col(Comment.resolved_at).is_(None),
        )
        .order_by(col(Comment.created_at), col(Comment.position), col(Comment.id))
    )
    return session.exec(statement).all()


def history(session: Session, act: Act, one: Assessment) -> Sequence[Passage]:
    """All moves, oldest first. What the two assessors wrote to each other is kept from the factory."""
    kept_back = person(act).role is Role.FACTORY
    statement = select(Move).where(Move.assessment_id == one.id).order_by(col(Move.version))
    rows = session.exec(statement).all()
    people = by_id(session, (each for row in rows for each in (row.actor_id, row.from_person_id, row.to_person_id)))
    return [
        Passage(
            row,
            people[row.actor_id] if row.actor_id else None,
            "" if kept_back and row.move not in TOLD else row.note,
            people[row.from_person_id] if row.from_person_id else None,
            people[row.to_person_id] if row.to_person_id else None,
        )
        for row in rows
    ]


def planner(session: Session, one: Assessment) -> User | None:
    """Who planned an assessment, by the audit record; None where nobody signed in did. Checks no rights."""
    for event in audit.history(session, "assessment", one.id):
        if event.action == "assessment.planned":
            return session.get(User, event.actor_id) if event.actor_id is not None else None
    return None


def _narrowing(filters: Filters) -> list[Any]:
    found: list[Any] = []
    if filters.states is not None:
        found.append(col(Assessment.state).in_(filters.states))
    for column, value in (
        (Assessment.factory_id, filters.factory_id),
        (Assessment.assessor_id, filters.assessor_id),
        (Assessment.reviewer_id, filters.reviewer_id),
        (Assessment.family, filters.family),
        (Assessment.body_id, filters.body_id),
    ):
        if value is not None:
            found.append(col(column) == value)
    if filters.planned_from is not None:
        found.append(col(Assessment.planned_for) >= filters.planned_from)
    if filters.planned_to is not None:
        found.append(col(Assessment.planned_for) <= filters.planned_to)
    return found


def _lines(session: Session, rows: Sequence[Assessment]) -> list[Line]:
    involved = parties(session, rows)
    done = _progress(session, rows)
    return [Line(row, involved[row.id], *done[row.id]) for row in rows]


def _progress(session: Session, rows: Sequence[Assessment]) -> dict[UUID, tuple[int, int]]:
    """How many questions the assessor has answered, and of how many, in two queries for any number of assessments.

    Counting is enough unless a questionnaire asks some questions only where others are answered in a certain way.
    """
    asked_in = {row.id: library.shown(row) for row in rows}
    conditional = [name for name, questionnaire in asked_in.items() if questionnaire.asks_conditionally]
    counted = _answered(session, [name for name in asked_in if name not in conditional])
    weighed = _answers_to(session, conditional)
    return {
        name: _weighed(questionnaire, weighed[name])
        if name in weighed
        else (counted.get(name, 0), questionnaire.answerable)
        for name, questionnaire in asked_in.items()
    }


def _weighed(questionnaire: Questionnaire, answers: Sequence[Answer]) -> tuple[int, int]:
    return asked.progress(scorecard_of(questionnaire, answers))


def _answers_to(session: Session, identifiers: Sequence[UUID]) -> dict[UUID, list[Answer]]:
    """The assessor's answers of many assessments in one query."""
    found: dict[UUID, list[Answer]] = {identifier: [] for identifier in identifiers}
    if identifiers:
        statement = select(Answer).where(col(Answer.assessment_id).in_(identifiers), Answer.phase == Phase.ASSESSED)
        for answer in session.exec(statement).all():
            found[answer.assessment_id].append(answer)
    return found


def _answered(session: Session, identifiers: Sequence[UUID]) -> dict[UUID, int]:
    """How many questions the assessor has answered, for many assessments in one query."""
    if not identifiers:
        return {}
    statement = (
        select(Answer.assessment_id, sa.func.count())
        .where(
            col(Answer.assessment_id).in_(identifiers),
            Answer.phase == Phase.ASSESSED,
            col(Answer.given).is_not(None),
        )
        .group_by(col(Answer.assessment_id))
    )
    return dict(session.exec(statement).all())


def progress(session: Session, one: Assessment) -> tuple[int, int]:
    """How many questions the assessor has answered, and of how many."""
    return _progress(session, [one])[one.id]
