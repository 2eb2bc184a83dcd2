"""Using one piece of evidence for several questions, and taking it away: in the assessor's hands."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlmodel import Session

from itti.acts import Act
from itti.assessments import answers, reading
from itti.assessments.tables import Phase
from itti.evidence import recording
from itti.evidence.attaching import check_question, hold
from itti.evidence.errors import NoSuchEvidence
from itti.evidence.reading import Proof, check_open, file
from itti.evidence.removing import take_away
from itti.evidence.removing import unlink as unlink_from
from itti.evidence.tables import EvidenceLink
from itti.settings import Settings


def link(  # noqa: PLR0913 - which of what to which
    session: Session, act: Act, settings: Settings, identifier: UUID, question: str, *, evidence_id: UUID
) -> Proof:
    """Use evidence of the same assessment for one more question. Done twice it is done once.

    Raises:
        NoSuchAssessment, NoSuchQuestion: as they say.
        NoSuchEvidence: none of this assessment.
        NotYourAnswers, AnswersClosed, NotAccredited: not this person, not now.
        TooManyFiles: the question has as much evidence as it may have.
    """
    held = _held(session, act, identifier, question, evidence_id)
    if question in held.questions:
        return held
    one = reading.assessment(session, act, identifier)
    check_question(session, act, settings, one, question)
    author = reading.person(act).id
    session.add(EvidenceLink(evidence_id=held.id, question=question, author_id=author, created_at=act.at))
    session.flush()
    made = replace(held, questions=tuple(sorted((*held.questions, question))))
    recording.enter(session, act, "evidence.linked", made, recording.standing(held), question=question)
    return made


def unlink(session: Session, act: Act, identifier: UUID, question: str, evidence_id: UUID) -> Proof:
    """Use evidence for a question no more. It stays with the assessment, for others and for later.

    Raises:
        NoSuchAssessment, NoSuchQuestion: as they say.
        NoSuchEvidence: none of this assessment.
        NotYourAnswers, AnswersClosed, NotAccredited: not this person, not now.
    """
    held = _held(session, act, identifier, question, evidence_id)
    return unlink_from(session, act, held, question) if question in held.questions else held


def _held(session: Session, act: Act, identifier: UUID, question: str, evidence_id: UUID) -> Proof:
    one = reading.assessment(session, act, identifier)
    check_open(act, one)
    reading.asked_of(session, one, Phase.ASSESSED).question(question)
    answers.check_hands(session, act, one, Phase.ASSESSED)
    if file(session, act, evidence_id).row.assessment_id != identifier:
        raise NoSuchEvidence(evidence=str(evidence_id))
    return hold(session, act, evidence_id)


def remove(session: Session, act: Act, identifier: UUID) -> Proof:
    """Take evidence away from its assessment, and so from all its questions. Rows and contents stay, for the record.

    Raises:
        NoSuchEvidence: none, or none for this person.
        NotYourAnswers, AnswersClosed, NotAccredited: not this person, not now.
    """
    held = hold(session, act, identifier)
    take_away(session, act, held)
    return held
