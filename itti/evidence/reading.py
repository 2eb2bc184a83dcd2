"""Reading evidence: rows without rights for other rooms, with rights for people."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from itti.acts import Act
from itti.assessments import reading
from itti.assessments.errors import NoSuchAssessment, NotOpenToYou
from itti.assessments.tables import Assessment, Phase
from itti.evidence.errors import NoSuchEvidence
from itti.evidence.tables import EvidenceFile


def of_assessment(session: Session, identifier: UUID) -> Mapping[str, Sequence[EvidenceFile]]:
    """Question id → its files, oldest first, without those removed. Checks no rights."""
    statement = (
        select(EvidenceFile)
        .where(EvidenceFile.assessment_id == identifier, col(EvidenceFile.removed_at).is_(None))
        .order_by(col(EvidenceFile.created_at), col(EvidenceFile.id))
    )
    found: dict[str, list[EvidenceFile]] = {}
    for row in session.exec(statement).all():
        found.setdefault(row.question, []).append(row)
    return found


def files(session: Session, act: Act, one: Assessment) -> Mapping[str, Sequence[EvidenceFile]]:
    """The files of an assessment that the actor may read, by question.

    Raises:
        NotOpenToYou: the factory, before its certificate.
    """
    reading.check_open(act, one)
    return of_assessment(session, one.id)


def listed(session: Session, act: Act, identifier: UUID, question: str) -> Sequence[EvidenceFile]:
    """The files of one question.

    Raises:
        NoSuchAssessment, NoSuchQuestion, NotOpenToYou: as they say.
    """
    one = reading.assessment(session, act, identifier)
    reading.asked_of(session, one, Phase.ASSESSED).question(question)
    return files(session, act, one).get(question, ())


def file(session: Session, act: Act, identifier: UUID) -> EvidenceFile:
    """One file that the actor may read.

    Raises:
        NoSuchEvidence: none, none for this person, or removed.
    """
    found = session.get(EvidenceFile, identifier)
    if found is None or found.removed_at is not None:
        raise NoSuchEvidence(evidence=str(identifier))
    try:
        reading.check_open(act, reading.assessment(session, act, found.assessment_id))
    except (NoSuchAssessment, NotOpenToYou) as fault:
        raise NoSuchEvidence(evidence=str(identifier)) from fault
    return found
