"""Issuing a certificate: the entry in the public register, once all its papers are stored.

Nothing here computes: what is written rests on the report that was frozen at the approval and on papers that lie on
the shelf. Whoever calls does so in the transaction that ends the making of the papers, so that the certificate, what
it supersedes and the record of both come into the world together or not at all.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import rfc8785
import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.acts import Act
from itti.assessments.following import follow, held_all
from itti.assessments.moves import MoveName
from itti.audit.service import record
from itti.certificates.tables import Certificate, CertificateFile, CertificateState
from itti.files.shelf import Kept
from reports.attached import ANSWERS, SCORECARD, attachments
from reports.report import Form, Report

ValueT = TypeVar("ValueT")


@dataclass(frozen=True)
class Paper:
    """A sealed paper on the shelf."""

    form: Form
    language: str
    kept: Kept


@dataclass(frozen=True)
class Finished:
    """All that a certificate is made of."""

    report: Report
    assessment_id: UUID
    factory_id: UUID
    papers: Sequence[Paper]
    content_sha256: str | None = None
    """Digest of exactly what was approved."""


def enter(session: Session, act: Act, finished: Finished) -> Certificate:
    """Enter a certificate in the register, valid from its own day of issue, and put it in order with its siblings.

    Of several certificates of one factory and family the latest one stands, whichever was finished first: an earlier
    one that is still valid is superseded, and one whose papers were finished late is superseded as soon as it is
    entered. Whoever calls lets no two of them be entered at once.
    """
    _hold_assessments(session, finished)
    certificate = _row(finished)
    session.add(certificate)
    session.flush()
    for paper in finished.papers:
        session.add(
            CertificateFile(
                certificate_id=certificate.id,
                language=paper.language,
                form=paper.form,
                sha256=paper.kept.sha256,
                size=paper.kept.size,
            )
        )
    record(
        session,
        act,
        "certificate.issued",
        "certificate",
        certificate.id,
        number=certificate.number,
        assessment=str(certificate.assessment_id),
        index=certificate.index_value,
        scorecard_sha256=certificate.scorecard_sha256,
        entry_sha256=entry_digest(certificate),
        papers={f"{paper.form.value}-{paper.language}": paper.kept.sha256 for paper in finished.papers},
    )
    _put_in_order(session, act, certificate)
    session.flush()
    return certificate


def _hold_assessments(session: Session, finished: Finished) -> None:
    """Hold the assessments that may move now, before any certificate is held (decision 6)."""
    statement = select(Certificate.assessment_id).where(
        *_standing(finished.factory_id, finished.report.scorecard.family)
    )
    held_all(session, {finished.assessment_id, *session.exec(statement).all()})


def _standing(factory_id: UUID, family: str) -> tuple[sa.ColumnElement[bool], ...]:
    """The certificates of a factory in a family that were neither revoked nor superseded."""
    return (
        col(Certificate.factory_id) == factory_id,
        col(Certificate.family) == family,
        col(Certificate.state) == CertificateState.ISSUED,
    )


def _row(finished: Finished) -> Certificate:
    report = finished.report
    attached = attachments(report)
    card = report.scorecard
    return Certificate(
        number=_given(report.number),
        assessment_id=finished.assessment_id,
        factory_id=finished.factory_id,
        factory_name=report.factory.name,
        factory_name_ar=report.factory.name_ar,
        family=card.family,
        definition_version=card.version,
        digest=card.digest,
        standing=report.standing.value,
        state=CertificateState.ISSUED,
        issued_on=_given(report.issued_on),
        expires_on=_given(report.expires_on),
        index_value=card.headline.value,
        band=card.headline.band,
        scorecard=attached[SCORECARD].decode(),
        answers=attached[ANSWERS].decode(),
        scorecard_sha256=hashlib.sha256(attached[SCORECARD]).hexdigest(),
        credential=report.credential,
        content_sha256=finished.content_sha256,
    )


def entry_digest(certificate: Certificate) -> str:
    """SHA-256 of what an entry states for ever: everything but what may still become of it."""
    changing = {"state", "revoked_at", "revocation_reason", "superseded_by"}
    if certificate.content_sha256 is None:  # entries that are older than this column
        changing.add("content_sha256")
    return hashlib.sha256(rfc8785.dumps(certificate.model_dump(mode="json", exclude=changing))).hexdigest()


def _put_in_order(session: Session, act: Act, new: Certificate) -> None:
    statement = (
        select(Certificate)
        .where(*_standing(new.factory_id, new.family), Certificate.id != new.id)
        .order_by(col(Certificate.issued_on), col(Certificate.number))
        .with_for_update()
    )
    for other in session.exec(statement.execution_options(populate_existing=True)).all():
        if (other.issued_on, other.number) > (new.issued_on, new.number):
            _supersede(session, act, new, other)
        else:
            _supersede(session, act, other, new)


def _supersede(session: Session, act: Act, before: Certificate, after: Certificate) -> None:
    if before.state is not CertificateState.ISSUED or before.expires_on < act.today:
        return  # what has expired stays expired; what was superseded stays so by the one that did it
    before.state = CertificateState.SUPERSEDED
    before.superseded_by = after.number
    session.add(before)
    record(session, act, "certificate.superseded", "certificate", before.id, number=before.number, by=after.number)
    follow(session, act.by(None), before.assessment_id, MoveName.SUPERSEDE, after.number)


def _given(value: ValueT | None) -> ValueT:
    """A fact that a report has once it was approved."""
    assert value is not None  # noqa: S101 - set where the report is frozen
    return value
