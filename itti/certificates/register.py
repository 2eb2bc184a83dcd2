"""The register: what it says of a certificate, who may read what behind it, and revocation."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.accounts.roles import require, require_fresh
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.assessments.following import follow, held
from itti.assessments.moves import MoveName
from itti.assessments.tables import Assessment
from itti.audit.service import record
from itti.certificates.errors import AlreadyRevoked, NoShortPaper, NoSuchCertificate, NotYourCertificate
from itti.certificates.office import Office
from itti.certificates.tables import ArchiveCopy, Certificate, CertificateFile, CertificateState
from itti.http.paging import Paging, Slice, sorted_cut
from itti.programme import day_of, rules
from itti.targets.reading import targets_of
from questionnaires import Definition, load
from reports import spreadsheet, table
from reports.attached import AttachedAnswers
from reports.beside import Targets
from reports.lists import asked_in
from reports.report import Form
from scoring import Scorecard

_TYPED: Final = re.compile(
    r"(?P<prefix>[A-Z]{1,8})[ \u2010-\u2015-]*(?P<year>\d{4})[ \u2010-\u2015-]+(?P<count>\d{1,9})", re.ASCII
)
_WESTERN: Final = {ord(digit): str(value) for value, digit in enumerate("٠١٢٣٤٥٦٧٨٩")} | {
    ord(digit): str(value) for value, digit in enumerate("۰۱۲۳۴۵۶۷۸۹")
}


class Standing(StrEnum):
    """What the register says of a certificate on a day; words under ``standing.<name>``."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Download:
    """A file of a certificate."""

    read: Callable[[], bytes]
    """Its content, fetched when somebody does not have it already.

    Raises:
        FileLost: the shelf no longer holds it, or something else under its name.
    """

    media_type: str
    name: str
    sha256: str
    """Of the content: the same for as long as that is the same."""


def standing(certificate: Certificate, on: date) -> Standing:
    """What the register says of a certificate on a day. Revoked comes first, then superseded, then expired."""
    if certificate.state is CertificateState.REVOKED:
        return Standing.REVOKED
    if certificate.state is CertificateState.SUPERSEDED:
        return Standing.SUPERSEDED
    return Standing.EXPIRED if on > certificate.expires_on else Standing.VALID


def tidy(number: str) -> str:
    """A certificate number as the register writes it, from one that somebody typed: ``ti 2026 5`` is TI-2026-00005."""
    typed = number.translate(_WESTERN).upper().strip()
    parts = _TYPED.fullmatch(typed)
    if parts:
        return f"{parts['prefix']}-{parts['year']}-{int(parts['count']):05d}"
    return "".join(typed.split())[:40]


def entry(session: Session, number: str) -> Certificate:
    """The entry of a number; public.

    Raises:
        NoSuchCertificate: there is none.
    """
    wanted = tidy(number)
    found = session.exec(select(Certificate).where(Certificate.number == wanted)).one_or_none()
    if found is None:
        raise NoSuchCertificate(number=wanted)
    return found


def of_assessment(session: Session, act: Act, one: Assessment) -> Certificate | None:
    """The certificate of an assessment that the actor may read, if there is one already."""
    require(act)
    return entry_of_assessment(session, one.id)


def entry_of_assessment(session: Session, assessment_id: UUID) -> Certificate | None:
    """The certificate of an assessment, once it is issued. Checks no rights."""
    return session.exec(select(Certificate).where(Certificate.assessment_id == assessment_id)).one_or_none()


def certified_before(session: Session, factory_id: UUID, family: str) -> list[tuple[Certificate, date]]:
    """The certificates of a factory in a family that were not revoked, each with the day its assessment was handed in.

    Checks no rights.
    """
    statement = (
        select(Certificate, Assessment)
        .join(Assessment, col(Assessment.id) == Certificate.assessment_id)
        .where(
            Certificate.factory_id == factory_id,
            Certificate.family == family,
            Certificate.state != CertificateState.REVOKED,
        )
    )
    return [(row, one.assessed_on(rules(session).zone)) for row, one in session.exec(statement).all()]


def entry_of_file(session: Session, sha256: str) -> Certificate | None:
    """The certificate whose sealed paper, or an archive copy of it, has that digest, if any; public."""
    copied = select(ArchiveCopy.file_id).where(ArchiveCopy.sha256 == sha256)
    statement = (
        select(Certificate)
        .join(CertificateFile, col(CertificateFile.certificate_id) == Certificate.id)
        .where(sa.or_(col(CertificateFile.sha256) == sha256, col(CertificateFile.id).in_(copied)))
    )
    return session.exec(statement).one_or_none()


def files(session: Session, certificates: Sequence[Certificate]) -> dict[UUID, list[CertificateFile]]:
    """Certificate id → its papers by form and language; for many in one query."""
    identifiers = [certificate.id for certificate in certificates]
    if not identifiers:
        return {}
    statement = (
        select(CertificateFile)
        .where(col(CertificateFile.certificate_id).in_(identifiers))
        .order_by(col(CertificateFile.form), col(CertificateFile.language))
    )
    found: dict[UUID, list[CertificateFile]] = {identifier: [] for identifier in identifiers}
    for row in session.exec(statement).all():
        found[row.certificate_id].append(row)
    return found


def has_short_papers(session: Session, certificate: Certificate) -> bool:
    """Whether it has short papers too: not if it was issued before there were any."""
    return any(each.form is Form.SHORT for each in files(session, [certificate])[certificate.id])


class CertificateSort(StrEnum):
    """Orders of the list of certificates."""

    ISSUED = "issued_on"
    ISSUED_LATEST = "-issued_on"
    EXPIRES = "expires_on"
    EXPIRES_LATEST = "-expires_on"
    NUMBER = "number"
    NUMBER_REVERSED = "-number"


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; None does not narrow. Days are both included."""

    factory_id: UUID | None = None
    family: str | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    expires_from: date | None = None
    expires_to: date | None = None


def listed(
    session: Session,
    act: Act,
    paging: Paging | None = None,
    filters: Filters | None = None,
    sort: CertificateSort = CertificateSort.ISSUED_LATEST,
) -> Slice[Certificate]:
    """The certificates whose reports the actor may read, newest first by default; always as many queries."""
    statement = select(Certificate).where(_readable(require(act)), *_narrowing(filters or Filters()))
    number = col(Certificate.number)
    orders = {
        "issued_on": (col(Certificate.issued_on), number),
        "expires_on": (col(Certificate.expires_on), number),
        "number": (number,),
    }
    return sorted_cut(session, statement, sort, orders, paging or Paging(limit=50, after=None))


def _narrowing(filters: Filters) -> list[sa.ColumnElement[bool]]:
    issued, expires = col(Certificate.issued_on), col(Certificate.expires_on)
    conditions = (
        (filters.factory_id, col(Certificate.factory_id).__eq__),
        (filters.family, col(Certificate.family).__eq__),
        (filters.issued_from, issued.__ge__),
        (filters.issued_to, issued.__le__),
        (filters.expires_from, expires.__ge__),
        (filters.expires_to, expires.__le__),
    )
    return [holds(value) for value, holds in conditions if value is not None]


def may_read(session: Session, act: Act, certificate: Certificate) -> bool:
    """Whether the actor may read the report behind an entry."""
    if act.actor is None:
        return False
    statement = select(Certificate.id).where(col(Certificate.id) == certificate.id, _readable(act.actor))
    return session.exec(statement).first() is not None


def paper(  # noqa: PLR0913 - who asks for what
    session: Session, act: Act, office: Office, number: str, language: str, *, form: Form = Form.FULL
) -> Download:
    """A sealed paper: the stored file, never one that is made again.

    Raises:
        NoSuchCertificate, NotYourCertificate: as they say.
        NoShortPaper: it was issued before there were short ones.
    """
    certificate = _open(session, act, number)
    papers = {(each.form, each.language): each for each in files(session, [certificate])[certificate.id]}
    found = papers.get((form, language))
    if found is None:
        raise NoShortPaper(number=certificate.number)
    name = f"{certificate.number}-{'short-' if form is Form.SHORT else ''}{language}.pdf"
    return Download(partial(office.shelf.read, found.sha256), "application/pdf", name, found.sha256)


def scorecard(session: Session, act: Act, number: str) -> Scorecard:
    """The certified scorecard. Raises :class:`NoSuchCertificate`, :class:`NotYourCertificate`."""
    return Scorecard.from_json(_open(session, act, number).scorecard.encode())


def scorecard_json(session: Session, act: Act, number: str) -> Download:
    """The certified scorecard in canonical JSON, byte for byte as attached to the paper."""
    certificate = _open(session, act, number)
    name = f"{certificate.number}-scorecard.json"
    return Download(certificate.scorecard.encode, "application/json", name, certificate.scorecard_sha256)


def answers_json(session: Session, act: Act, number: str) -> Download:
    """The answers that the score rests on in canonical JSON, byte for byte as attached to the paper."""
    certificate = _open(session, act, number)
    content = certificate.answers.encode()
    name = f"{certificate.number}-answers.json"
    return Download(lambda: content, "application/json", name, hashlib.sha256(content).hexdigest())


def scorecard_csv(session: Session, act: Act, number: str, language: str) -> Download:
    """The certified scorecard as a table for spreadsheets."""
    certificate = _open(session, act, number)
    name = f"{certificate.number}-scorecard-{language}.csv"
    return _written(session, certificate, language, table.to_csv, table.MEDIA_TYPE, name)


def scorecard_xlsx(session: Session, act: Act, number: str, language: str) -> Download:
    """The certified scorecard as a workbook for analysts."""
    certificate = _open(session, act, number)
    name = f"{certificate.number}-scorecard-{language}.xlsx"
    return _written(session, certificate, language, spreadsheet.to_xlsx, spreadsheet.MEDIA_TYPE, name)


def _written(  # noqa: PLR0913, PLR0917 - all that a table is made of
    session: Session,
    certificate: Certificate,
    language: str,
    write: Callable[[Scorecard, Definition, str, Targets | None], bytes],
    media_type: str,
    name: str,
) -> Download:
    """A table of the certified scorecard, written now: a later release may write it otherwise, and names it anew."""
    published = load(certificate.family, certificate.definition_version)
    asked = asked_in(published, AttachedAnswers.model_validate_json(certificate.answers).for_scoring())
    aims = targets_of(session, session.get_one(Assessment, certificate.assessment_id))  # as approved: they stay since
    content = write(Scorecard.from_json(certificate.scorecard.encode()), asked, language, aims)
    return Download(lambda: content, media_type, name, hashlib.sha256(content).hexdigest())


def revoke(session: Session, act: Act, number: str, reason: str) -> Certificate:
    """Take a certificate back, with a reason that everybody may read. Programme office; cannot be undone.

    Raises:
        SignInNeeded, WrongRole: not for this person.
        NoSuchCertificate: no such number.
        AlreadyRevoked: it was revoked before.
        FreshSignInNeeded: who asks proved themselves too long ago.
    """
    require(act, Role.PROGRAMME)
    found = _held(session, entry(session, number))
    if found.state is CertificateState.REVOKED:
        day = day_of(session, found.revoked_at).isoformat() if found.revoked_at else ""
        raise AlreadyRevoked(number=found.number, day=day)
    require_fresh(act)
    before = found.state
    found.state = CertificateState.REVOKED
    found.revoked_at = act.at
    found.revocation_reason = reason
    session.add(found)
    session.flush()
    record(
        session,
        act,
        "certificate.revoked",
        "certificate",
        found.id,
        number=found.number,
        before=before.value,
        reason=reason,
    )
    follow(session, act, found.assessment_id, MoveName.REVOKE, reason)
    return found


def _held(session: Session, seen: Certificate) -> Certificate:
    """An entry as it is in the database, held until the transaction ends; its assessment first (decision 6)."""
    held(session, seen.assessment_id)
    statement = select(Certificate).where(col(Certificate.id) == seen.id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one()


def _open(session: Session, act: Act, number: str) -> Certificate:
    require(act)
    certificate = entry(session, number)
    if not may_read(session, act, certificate):
        raise NotYourCertificate(number=certificate.number)
    return certificate


def _readable(actor: User) -> sa.ColumnElement[bool]:
    """The certificates whose reports a person may read: all, the factory's own, or those one had a part in."""
    if actor.role is Role.PROGRAMME:
        return sa.true()
    if actor.role is Role.FACTORY:
        return col(Certificate.factory_id) == actor.factory_id
    involved = select(Assessment.id).where(
        sa.or_(
            col(Assessment.assessor_id) == actor.id,
            col(Assessment.reviewer_id) == actor.id,
            col(Assessment.hearer_id) == actor.id,
        )
    )
    return col(Certificate.assessment_id).in_(involved)
