"""Tools that work offline: the answers they send back hours later, and what became of them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from itti.acts import Act
from itti.assessments import reading
from itti.assessments.answers import check_hands
from itti.assessments.batch import save_many
from itti.assessments.batch_schemas import BatchInput, BatchView
from itti.assessments.errors import BatchDiffers, OtherQuestionnaire
from itti.assessments.parties import by_id
from itti.assessments.schemas import PartyView
from itti.assessments.tables import AnswerBatch, Assessment, Phase


def send(  # noqa: PLR0913 - who sends what for which answers
    session: Session, act: Act, identifier: UUID, phase: Phase, batch: BatchInput, *, language: str
) -> BatchView:
    """Save a batch that was made offline, or tell again what became of it.

    Raises:
        NoSuchAssessment: none, or none for this person.
        BatchDiffers: something else was sent under the same id.
        OtherQuestionnaire: it was made with another questionnaire than the assessment was planned with.
        NotYourAnswers, AnswersClosed, NotAccredited, DeclarationMissing, DefinitionChanged: none can be saved now.
    """
    one = reading.assessment(session, act, identifier)
    row = AnswerBatch(
        assessment_id=one.id,
        author_id=reading.person(act).id,
        batch_id=batch.batch_id,
        digest=batch.content(phase),
        result={},
        at=act.at,
    )
    earlier = _earlier(session, row) or _claimed(session, row)
    if earlier is not None:
        if earlier.digest != row.digest:
            raise BatchDiffers(batch=str(batch.batch_id))
        return _told(session, BatchView.model_validate(earlier.result))
    check_hands(session, act, one, phase)
    _check_questionnaire(one, batch.digest)
    sent = [each.sent(batch.batch_id) for each in batch.answers]
    done = save_many(session, act, identifier, phase, sent, atomic=batch.atomic)
    shown = BatchView.of(batch, done, language)
    row.result = shown.model_dump(mode="json")
    session.add(row)
    session.flush()
    return _told(session, shown)


def _earlier(session: Session, like: AnswerBatch) -> AnswerBatch | None:
    """The batch of the same id that the same person sent before."""
    statement = select(AnswerBatch).where(
        AnswerBatch.assessment_id == like.assessment_id,
        AnswerBatch.author_id == like.author_id,
        AnswerBatch.batch_id == like.batch_id,
    )
    return session.exec(statement).one_or_none()


def _claimed(session: Session, row: AnswerBatch) -> AnswerBatch | None:
    """Take the id for this batch; returns the other one where it was sent twice at the same moment."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        return _earlier(session, row)
    return None


def _check_questionnaire(one: Assessment, digest: str) -> None:
    if digest != one.digest:
        name = f"{one.family}@{one.definition_version}"
        raise OtherQuestionnaire(questionnaire=name, pinned=one.digest[:12], sent=digest[:12])


def _told(session: Session, shown: BatchView) -> BatchView:
    """The same with the names of the authors, which are not kept with it."""
    people = by_id(session, (each.in_force.author_id for each in shown.results if each.in_force))
    results = [
        each.model_copy(update={"author": PartyView.of(people[each.in_force.author_id])}) if each.in_force else each
        for each in shown.results
    ]
    return shown.model_copy(update={"results": results})
