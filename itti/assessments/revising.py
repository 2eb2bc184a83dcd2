"""The revision that an upheld appeal opens: a new assessment beside the old one, which stays as it was decided."""

from typing import Final

from sqlmodel import Session, col, select

from itti.acts import Act
from itti.assessments import reading
from itti.assessments.tables import Answer, Assessment, AssessmentState, Comment, PackedAnswers
from itti.audit.service import record
from itti.evidence.reading import all_of
from itti.evidence.tables import Evidence, EvidenceLink, EvidenceRevision
from itti.targets import reading as targets

_OWN: Final = {"id", "assessment_id"}


def revise(session: Session, act: Act, one: Assessment, reasons: str) -> Assessment:
    """Open the revision of an assessment whose appeal the actor has just upheld.

    The hearer becomes its assessor, since who made the first decision does not correct it. It begins with everything
    that was answered and proven, by whoever did it; the reasons of the appeal stand with it as a remark. What the
    factory said of itself is fixed there as it is here. The certificate of the first decision stands until that of
    the revision takes its place, unless the programme office revokes it.
    """
    hearer = reading.person(act)
    assert hearer.body_id is not None  # noqa: S101 - assessors belong to a body
    made = Assessment(
        factory_id=one.factory_id,
        family=one.family,
        definition_version=one.definition_version,
        digest=one.digest,
        state=AssessmentState.ASSESSMENT,
        body_id=hearer.body_id,
        assessor_id=hearer.id,
        planned_for=act.today,
        created_at=act.at,
        self_submitted_at=one.self_submitted_at,
        revision_of=one.id,
    )
    session.add(made)
    session.flush()
    for kind in (Answer, PackedAnswers):
        _copy(session, kind, one, made)
    _copy_files(session, one, made)
    targets.take_over(session, one, made)
    session.add(Comment(assessment_id=made.id, question=None, author_id=hearer.id, text=reasons, created_at=act.at))
    record(
        session,
        act,
        "assessment.planned",
        "assessment",
        made.id,
        factory=str(made.factory_id),
        assessor=str(hearer.id),
        questionnaire=f"{made.family}@{made.definition_version}",
        digest=made.digest,
        planned_for=made.planned_for.isoformat(),
        revision_of=str(one.id),
    )
    session.flush()
    return made


def _copy(session: Session, kind: type[Answer] | type[PackedAnswers], one: Assessment, made: Assessment) -> None:
    for row in session.exec(select(kind).where(col(kind.assessment_id) == one.id)).all():
        values = row.model_dump(exclude={*_OWN, "version"})
        session.add(kind(assessment_id=made.id, **values))


def _copy_files(session: Session, one: Assessment, made: Assessment) -> None:
    """The same contents with all their revisions, for the same questions."""
    for proof in all_of(session, one.id):
        row = Evidence(assessment_id=made.id, **proof.row.model_dump(exclude=_OWN))
        session.add(row)
        session.flush()
        links = session.exec(select(EvidenceLink).where(EvidenceLink.evidence_id == proof.id)).all()
        own = {"id", "evidence_id"}
        session.add_all(EvidenceLink(evidence_id=row.id, **each.model_dump(exclude=own)) for each in links)
        session.add_all(
            EvidenceRevision(evidence_id=row.id, **each.model_dump(exclude=own)) for each in proof.revisions
        )


def revision_of(session: Session, one: Assessment) -> Assessment | None:
    """The revision that corrects an assessment, if an appeal against it was upheld. Checks no rights."""
    return session.exec(select(Assessment).where(Assessment.revision_of == one.id)).one_or_none()
