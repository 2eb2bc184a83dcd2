"""Reading evidence: without rights for other rooms, with rights for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select

from itti.accounts.tables import Role
from itti.acts import Act
from itti.assessments import reading
from itti.assessments.errors import NoSuchAssessment, NotOpenToYou
from itti.assessments.tables import Assessment, Phase
from itti.evidence.errors import EvidenceNotOpen, NoSuchEvidence
from itti.evidence.tables import Evidence, EvidenceKind, EvidenceLink, EvidenceRevision


@dataclass(frozen=True)
class Proof:
    """A piece of evidence with all that belongs to it."""

    row: Evidence
    revisions: tuple[EvidenceRevision, ...]
    """By number; at least one."""

    questions: tuple[str, ...]
    """The questions it is used for, by id; may be none."""

    @property
    def id(self) -> UUID:
        """Its id."""
        return self.row.id

    @property
    def newest(self) -> EvidenceRevision:
        """The revision in force."""
        return self.revisions[-1]

    @property
    def is_note(self) -> bool:
        """Whether it is a note and no file."""
        return self.row.kind is not EvidenceKind.FILE

    @property
    def created_at(self) -> datetime:
        """When it was first attached."""
        return self.row.created_at

    def revision(self, number: int | None) -> EvidenceRevision:
        """One revision; None: the one in force.

        Raises:
            NoSuchEvidence: there is none of that number.
        """
        if number is None:
            return self.newest
        found = next((each for each in self.revisions if each.number == number), None)
        if found is None:
            raise NoSuchEvidence(evidence=str(self.id))
        return found


def proofs(session: Session, *where: ColumnElement[bool] | bool) -> list[Proof]:
    """Evidence with its revisions and links, oldest first, in three queries. Checks no rights."""
    found = select(Evidence).where(*where).order_by(col(Evidence.created_at), col(Evidence.id))
    rows = session.exec(found.execution_options(populate_existing=True)).all()
    ids = select(Evidence.id).where(*where)
    revisions: dict[UUID, list[EvidenceRevision]] = {row.id: [] for row in rows}
    kept = select(EvidenceRevision).where(col(EvidenceRevision.evidence_id).in_(ids))
    for revision in session.exec(kept.order_by(col(EvidenceRevision.number))).all():
        revisions[revision.evidence_id].append(revision)
    questions: dict[UUID, list[str]] = {row.id: [] for row in rows}
    links = select(EvidenceLink.evidence_id, EvidenceLink.question).where(col(EvidenceLink.evidence_id).in_(ids))
    for evidence_id, question in session.exec(links.order_by(col(EvidenceLink.question))).all():
        questions[evidence_id].append(question)
    return [Proof(row, tuple(revisions[row.id]), tuple(questions[row.id])) for row in rows]


def all_of(session: Session, identifier: UUID) -> list[Proof]:
    """All evidence of an assessment but what was taken away, oldest first. Checks no rights."""
    return proofs(session, col(Evidence.assessment_id) == identifier, col(Evidence.removed_at).is_(None))


def by_question(found: Sequence[Proof]) -> Mapping[str, Sequence[Proof]]:
    """Question id → what proves its answer, in the order given; evidence used for no question is left out."""
    sorted_out: dict[str, list[Proof]] = {}
    for proof in found:
        for question in proof.questions:
            sorted_out.setdefault(question, []).append(proof)
    return sorted_out


def of_assessment(session: Session, identifier: UUID) -> Mapping[str, Sequence[Proof]]:
    """Question id → its evidence, oldest first, without what was taken away. Checks no rights."""
    return by_question(all_of(session, identifier))


def check_open(act: Act, one: Assessment) -> None:
    """Whether the actor, who may read the assessment, may see its evidence: those who take part in it, and the office.

    Raises:
        NotOpenToYou: the factory, before the reviewer agreed.
        EvidenceNotOpen: somebody who could take the review, or hear the appeal, and has not taken it.
    """
    reading.check_open(act, one)
    actor = reading.person(act)
    if actor.role is Role.ASSESSOR and actor.id not in {one.assessor_id, one.reviewer_id, one.hearer_id}:
        raise EvidenceNotOpen


def is_open(act: Act, one: Assessment) -> bool:
    """Whether :func:`check_open` lets the actor see."""
    try:
        check_open(act, one)
    except (NotOpenToYou, EvidenceNotOpen):
        return False
    return True


def files(session: Session, act: Act, one: Assessment) -> Mapping[str, Sequence[Proof]]:
    """The evidence of an assessment that the actor may see, by question.

    Raises:
        NotOpenToYou, EvidenceNotOpen: as :func:`check_open` says.
    """
    check_open(act, one)
    return of_assessment(session, one.id)


def whole(session: Session, act: Act, identifier: UUID) -> tuple[Assessment, list[Proof]]:
    """All evidence of an assessment, with what is used for no question at present.

    Raises:
        NoSuchAssessment, NotOpenToYou, EvidenceNotOpen: as they say.
    """
    one = reading.assessment(session, act, identifier)
    check_open(act, one)
    return one, all_of(session, one.id)


def listed(session: Session, act: Act, identifier: UUID, question: str) -> Sequence[Proof]:
    """The evidence of one question.

    Raises:
        NoSuchAssessment, NoSuchQuestion, NotOpenToYou, EvidenceNotOpen: as they say.
    """
    one = reading.assessment(session, act, identifier)
    reading.asked_of(session, one, Phase.ASSESSED).question(question)
    return files(session, act, one).get(question, ())


def file(session: Session, act: Act, identifier: UUID) -> Proof:
    """One piece of evidence that the actor may see.

    Raises:
        NoSuchEvidence: none, none for this person, or taken away.
    """
    found = proofs(session, col(Evidence.id) == identifier, col(Evidence.removed_at).is_(None))
    if not found:
        raise NoSuchEvidence(evidence=str(identifier))
    try:
        check_open(act, reading.assessment(session, act, found[0].row.assessment_id))
    except (NoSuchAssessment, NotOpenToYou, EvidenceNotOpen) as fault:
        raise NoSuchEvidence(evidence=str(identifier)) from fault
    return found[0]
