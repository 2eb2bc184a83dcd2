"""Issuing a certificate: everything or nothing, in the transaction of the approval.

The papers are made and stored first, the register's rows are written last, and the request commits once. If
anything fails in between, no number is used up and no certificate exists; at most a file lies on the shelf
under its digest that nothing refers to.
"""

import hashlib
import io
from collections.abc import Mapping, Sequence
from typing import TypedDict, TypeVar, Unpack

from sqlmodel import Session, col, select

from itti.acts import Act
from itti.assessments import library, reading
from itti.assessments.errors import IndexWithheld
from itti.assessments.parties import Parties
from itti.assessments.standing import answer_of, scorecard_of
from itti.assessments.tables import Answer, Assessment, Phase
from itti.audit.service import record
from itti.certificates import jobs
from itti.certificates.dates import last_day
from itti.certificates.numbers import next_number
from itti.certificates.office import Office
from itti.certificates.tables import Certificate, CertificateFile, CertificateState
from itti.evidence.reading import of_assessment
from itti.evidence.tables import EvidenceFile
from questionnaires.wording import LANGUAGES
from reports import signs
from reports.attached import ANSWERS, SCORECARD, attachments
from reports.report import AnswerDetail, AssessedFactory, EvidenceItem, Party, Report
from scoring import Scorecard

ValueT = TypeVar("ValueT")


class _Facts(TypedDict):
    """What a report states beside the parties and dates of its assessment."""

    scorecard: Scorecard
    number: str
    before: Certificate | None


def issue(session: Session, act: Act, office: Office, one: Assessment) -> Certificate:
    """Issue the certificate of an approved assessment and supersede the valid one before it.

    Takes some seconds. Whoever calls has checked that the actor may approve.

    Raises:
        DefinitionChanged: the library no longer holds the pinned questionnaire.
        IndexWithheld: no index can be stated.
        PressFailed, PressBusy, reports.errors.ReportFault: the papers could not be made.
    """
    scorecard = _scorecard(session, one)
    # The number first: its lock makes approvals take turns, so each sees the certificate issued before it.
    number = next_number(session, office.settings.certificate_prefix, act.today.year)
    before = _before(session, one)
    report = _report(session, act, office, one, scorecard=scorecard, number=number, before=before)
    papers = office.press.run_all(
        jobs.make, [jobs.Paper(report, language, office.key, act.at) for language in LANGUAGES]
    )
    certificate = _enter(session, one, report)
    for language, pdf in zip(LANGUAGES, papers, strict=True):
        kept = office.shelf.keep(io.BytesIO(pdf))
        session.add(
            CertificateFile(certificate_id=certificate.id, language=language, sha256=kept.sha256, size=kept.size)
        )
    if before is not None:
        _supersede(session, act, before, number)
    session.flush()
    record(
        session,
        act,
        "certificate.issued",
        "certificate",
        certificate.id,
        number=number,
        assessment=str(one.id),
        index=certificate.index_value,
        scorecard_sha256=certificate.scorecard_sha256,
    )
    return certificate


def _scorecard(session: Session, one: Assessment) -> Scorecard:
    answers = reading.answers_of(session, one.id, Phase.ASSESSED)
    scorecard = scorecard_of(library.pinned(one), answers.values())
    if not scorecard.complete or not scorecard.headline.is_stated:
        raise IndexWithheld
    return scorecard


def _before(session: Session, one: Assessment) -> Certificate | None:
    """The newest certificate of the same factory and family that was not revoked, held until we are done."""
    statement = (
        select(Certificate)
        .where(
            Certificate.factory_id == one.factory_id,
            Certificate.family == one.family,
            Certificate.state != CertificateState.REVOKED,
        )
        .order_by(col(Certificate.issued_on).desc(), col(Certificate.number).desc())
        .limit(1)
        .with_for_update()
    )
    return session.exec(statement).one_or_none()


def _report(session: Session, act: Act, office: Office, one: Assessment, **facts: Unpack[_Facts]) -> Report:
    parties = reading.parties_of(session, one)
    number, before = facts["number"], facts["before"]
    return Report(
        standing=office.standing,
        scorecard=facts["scorecard"],
        factory=_factory(parties),
        answers=_answers(session, one, facts["scorecard"]),
        programme=office.name,
        assessor=_party(parties.assessor),
        assessor_body=_party(parties.body),
        reviewer=_party(parties.reviewer),
        reviewer_body=_party(parties.reviewer_body),
        assessed_on=one.submitted_at.date() if one.submitted_at else one.planned_for,
        issued_on=act.today,
        expires_on=last_day(act.today, office.settings.certificate_months),
        number=number,
        verify_url=office.verify_url(number),
        previous_value=before.index_value if before else None,
        previous_on=before.issued_on if before else None,
    )


def _factory(parties: Parties) -> AssessedFactory:
    factory = parties.factory
    return AssessedFactory(
        name=factory.name,
        name_ar=factory.name_ar,
        licence=factory.licence,
        sector=factory.sector.value,
        region=factory.region,
        employees=factory.employees,
    )


def _party(row: object | None) -> Party | None:
    return (
        None
        if row is None
        else Party.model_validate(
            {"name": getattr(row, "name"), "name_ar": getattr(row, "name_ar")}  # noqa: B009 - a person or a body
        )
    )


def _answers(session: Session, one: Assessment, scorecard: Scorecard) -> tuple[AnswerDetail, ...]:
    assessed = reading.answers_of(session, one.id, Phase.ASSESSED)
    own = reading.answers_of(session, one.id, Phase.SELF)
    evidence = of_assessment(session, one.id)
    return tuple(
        _detail(assessed[question.id], own, evidence.get(question.id, ()))
        for question in scorecard.questions
        if question.id in assessed
    )


def _detail(answer: Answer, own: Mapping[str, Answer], files: Sequence[EvidenceFile]) -> AnswerDetail:
    self_answer = own.get(answer.question)
    return AnswerDetail(
        question=answer.question,
        answer=answer_of(answer),
        reason=answer.reason,
        evidence=tuple(EvidenceItem(file_name=_printable(each.file_name), sha256=each.sha256) for each in files),
        self_answer=answer_of(self_answer) if self_answer else None,
    )


def _printable(name: str) -> str:
    """A file name with an underscore for each sign that the fonts of the paper lack: names come from phones."""
    return "".join(sign if ord(sign) in signs.printable() else "_" for sign in signs.tidied(name))


def _enter(session: Session, one: Assessment, report: Report) -> Certificate:
    """The register's row for a report."""
    attached = attachments(report)
    headline = report.scorecard.headline
    certificate = Certificate(
        number=_given(report.number),
        assessment_id=one.id,
        factory_id=one.factory_id,
        factory_name=report.factory.name,
        factory_name_ar=report.factory.name_ar,
        family=one.family,
        definition_version=one.definition_version,
        digest=one.digest,
        standing=report.standing.value,
        state=CertificateState.ISSUED,
        issued_on=_given(report.issued_on),
        expires_on=_given(report.expires_on),
        index_value=headline.value,
        band=headline.band,
        scorecard=attached[SCORECARD].decode(),
        answers=attached[ANSWERS].decode(),
        scorecard_sha256=hashlib.sha256(attached[SCORECARD]).hexdigest(),
    )
    session.add(certificate)
    session.flush()
    return certificate


def _supersede(session: Session, act: Act, before: Certificate, number: str) -> None:
    if before.state is not CertificateState.ISSUED or before.expires_on < act.today:
        return  # what has expired stays expired; what was superseded stays so by the one that did it
    before.state = CertificateState.SUPERSEDED
    before.superseded_by = number
    session.add(before)
    record(session, act, "certificate.superseded", "certificate", before.id, number=before.number, by=number)


def _given(value: ValueT | None) -> ValueT:
    """A fact that a certificate has by now."""
    assert value is not None  # noqa: S101 - set by `_report`, checked by `_scorecard`
    return value
