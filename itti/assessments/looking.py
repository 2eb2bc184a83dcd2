"""Saying of a carried answer that one has looked at it: the answer stays, its mark goes."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from itti.acts import Act
from itti.assessments import library, reading
from itti.assessments.answers import Saved, check_hands
from itti.assessments.errors import AnswerStale, NotAnswered
from itti.assessments.marks import marked
from itti.assessments.schemas import AnswerView
from itti.assessments.standing import scorecard_of
from itti.assessments.tables import Answer, Phase
from itti.audit.service import record
from itti.database import flush_checked


def looked_at(  # noqa: PLR0913 - an answer is named by all of these
    session: Session, act: Act, identifier: UUID, question: str, phase: Phase, *, expected: int | None
) -> Saved:
    """Clear the mark of an answer; where it has none (any more) nothing is done.

    Args:
        session: a writing session.
        act: by whoever may change the answer.
        identifier: which assessment.
        question: id of the question in the pinned questionnaire.
        phase: whose answers.
        expected: the version of the answer that was looked at.

    Raises:
        NoSuchAssessment, NoSuchQuestion, NotAnswered: as they say.
        NotYourAnswers, AnswersClosed, NotAccredited: not this person, not now.
        DefinitionChanged: the library no longer holds the pinned questionnaire.
        AnswerStale: the answer was changed meanwhile, and is still marked.
    """
    one = reading.assessment(session, act, identifier, lock="share")
    check_hands(session, act, one, phase)
    answers = reading.answers_of(session, one.id, phase)
    asked = library.pinned(one).asked(answers.values())
    asked.question(question)
    answer = answers.get(question)
    if answer is None:
        raise NotAnswered(question=question)
    if answer.look_again is not None:
        _clear(session, act, answer, expected)
    return Saved(answer, scorecard_of(asked, answers.values()), created=False, look_again=marked(answers.values()))


def _clear(session: Session, act: Act, answer: Answer, expected: int | None) -> None:
    if answer.version != expected:
        raise AnswerStale.against(version=answer.version, current=_shown(answer))
    was = answer.look_again or {}
    answer.look_again = None
    session.add(answer)
    flush_checked(session, answer, _shown)
    record(
        session,
        act,
        "answer.looked-at",
        "answer",
        answer.id,
        assessment=str(answer.assessment_id),
        phase=answer.phase.value,
        question=answer.question,
        why=was.get("why"),
    )


def _shown(answer: Answer) -> object:
    return AnswerView.of(answer).model_dump(mode="json")
