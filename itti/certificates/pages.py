"""Certificates as pages: one's own, the register entry with downloads, and the public verification."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from itti.accounts.sessions import visitor
from itti.accounts.tables import Role
from itti.assessments import service as assessments
from itti.assessments.errors import NoSuchAssessment
from itti.certificates import archive_page, badges, service
from itti.certificates.errors import NoSuchCertificate
from itti.certificates.office import OfficeOf
from itti.certificates.recorded import recorded
from itti.certificates.schemas import RevocationInput
from itti.certificates.tables import Certificate
from itti.certificates.verification_page import answers_of, entry_answer, heading_of
from itti.files import names
from itti.files.downloads import attachment, published
from itti.files.uploads import receive
from itti.http.bearer import SettingsOf
from itti.http.paging import PagingOf
from itti.http.transactions import TurnstileOf
from itti.web import forms
from itti.web.forms import Posted, taken, typed
from itti.web.languages import language_of
from itti.web.visits import Anyone, Member, Reader, Visit, draw
from questionnaires import load
from questionnaires.errors import Fault
from questionnaires.wording import LANGUAGES
from reports.report import Form
from reports.verify import Examination

router = APIRouter()
router.include_router(archive_page.router)


@dataclass(frozen=True)
class Entry:
    """What the register says in public, in the reader's language."""

    number: str
    factory: str
    index_value: str | None
    """None: the questionnaire states a profile and no overall figure."""

    band: str | None
    issued_on: date
    expires_on: date
    state: str
    revocation_reason: str | None
    superseded_by: str | None
    is_demonstration: bool
    href: str
    content_sha256: str | None
    """Digest of exactly what was approved."""


def shown(certificate: Certificate, today: date, language: str) -> Entry:
    """A register entry as pages show it."""
    texts = load(certificate.family, certificate.definition_version).words(language)
    arabic = certificate.factory_name_ar if language == "ar" else None
    return Entry(
        number=certificate.number,
        factory=arabic or certificate.factory_name,
        index_value=certificate.index_value,
        band=texts.bands[certificate.band].title if certificate.band else None,
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        state=service.standing(certificate, today).value,
        revocation_reason=certificate.revocation_reason,
        superseded_by=certificate.superseded_by,
        is_demonstration=certificate.standing == "demonstration",
        href=f"/certificates/{quote(certificate.number)}",
        content_sha256=certificate.content_sha256,
    )


@router.get("/certificates")
def list_certificates(visit: Member, paging: PagingOf) -> Response:
    """The certificates whose reports this person may read."""
    found = service.listed(visit.session, visit.act, paging)
    return visit.show(
        "certificates/list.html",
        rows=[shown(row, visit.act.today, visit.language) for row in found.rows],
        next_page=f"/certificates?after={found.after}" if found.after else None,
    )


@router.get("/certificates/{number}")
def show_certificate(number: str, visit: Member) -> Response:
    """One certificate with its downloads; for others than its people, the public entry."""
    return _show(visit, number)


def _show(visit: Visit, number: str, status: int = 200, form: forms.Form | None = None) -> Response:
    certificate = service.entry(visit.session, number)
    if not service.may_read(visit.session, visit.act, certificate):
        return visit.go(f"/verify/{quote(certificate.number)}")
    entry = shown(certificate, visit.act.today, visit.language)
    return visit.show(
        "certificates/show.html",
        status,
        entry=entry,
        certificate=certificate,
        verify_url=f"{visit.settings.base_url.rstrip('/')}/verify/{certificate.number}",
        has_short=service.has_short_papers(visit.session, certificate),
        scorecard_href=_scorecard(visit, certificate),
        may_revoke=visit.role is Role.PROGRAMME and entry.state != "revoked",
        form=form or forms.Form(),
    )


def _scorecard(visit: Visit, certificate: Certificate) -> str | None:
    try:
        one = assessments.assessment(visit.session, visit.act, certificate.assessment_id)
    except NoSuchAssessment:
        return None
    return f"/assessments/{one.id}/scorecard"


@router.post("/certificates/{number}/revocation")
def revoke(number: str, posted: Posted, visit: Member) -> Response:
    """Take a certificate back."""
    try:
        reason = taken(RevocationInput, posted, ("reason",)).reason
        revoked = service.revoke(visit.session, visit.act, number, reason)
    except Fault as fault:
        visit.undo(fault)
        form = forms.Form.refused(typed(posted, ("reason",)), fault, visit.language)
        return _show(visit, number, getattr(fault, "status", 422), form)
    return visit.go(f"/certificates/{quote(revoked.number)}", "certificate-revoked")


@router.get("/certificates/{number}/report.pdf")
def report(
    number: str, request: Request, visit: Member, office: OfficeOf, language: Annotated[str, Query()] = ""
) -> Response:
    """The sealed report."""
    spoken = language if language in LANGUAGES else visit.language
    return _give(request, service.paper(visit.session, visit.act, office, number, spoken))


@router.get("/certificates/{number}/short.pdf")
def short_report(
    number: str, request: Request, visit: Member, office: OfficeOf, language: Annotated[str, Query()] = ""
) -> Response:
    """The sealed scorecard on two pages."""
    spoken = language if language in LANGUAGES else visit.language
    return _give(request, service.paper(visit.session, visit.act, office, number, spoken, form=Form.SHORT))


@router.get("/certificates/{number}/scorecard.json")
def scorecard_json(number: str, request: Request, visit: Member) -> Response:
    """The certified scorecard for machines."""
    return _give(request, service.scorecard_json(visit.session, visit.act, number))


@router.get("/certificates/{number}/scorecard.csv")
def scorecard_csv(number: str, request: Request, visit: Member) -> Response:
    """The certified scorecard for spreadsheets."""
    return _give(request, service.scorecard_csv(visit.session, visit.act, number, visit.language))


@router.get("/certificates/{number}/scorecard.xlsx")
def scorecard_xlsx(number: str, request: Request, visit: Member) -> Response:
    """The certified scorecard as a workbook."""
    return _give(request, service.scorecard_xlsx(visit.session, visit.act, number, visit.language))


def _give(request: Request, file: service.Download) -> Response:
    return attachment(request, file.read, media_type=file.media_type, name=file.name, sha256=file.sha256)


@router.get("/.well-known/did.json")
@router.get("/did.json")
def issuer_document(request: Request, visit: Anyone, office: OfficeOf) -> Response:
    """The issuer's public keys, where ``did:web`` looks for them."""
    document = json.dumps(service.issuer_document(visit.session, office), ensure_ascii=False).encode()
    return published(request, document, "application/did+json")


# Verification, for everybody


@router.get("/verify")
def show_verify(visit: Anyone, number: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The box for a number or a file; a number leads on to its page."""
    if number.strip():
        return visit.go(f"/verify/{quote(service.tidy(number), safe='')}")
    return _box(visit)


def _box(visit: Visit, status: int = 200, mistake: str | None = None, number: str = "") -> Response:
    return visit.show(
        "certificates/verify.html",
        status,
        mistake=mistake,
        asked_number=number,
        example_number=f"{visit.settings.certificate_prefix}-2026-00001",
    )


@router.get("/verify/{number}")
def verify_number(number: str, visit: Anyone, office: OfficeOf) -> Response:
    """What the register says of a number: where the QR code leads."""
    try:
        certificate = service.entry(visit.session, number)
    except NoSuchCertificate as fault:
        return _box(visit, 404, fault.sentence(visit.language), service.tidy(number))
    return visit.show(
        "certificates/verify_number.html",
        entry=shown(certificate, visit.act.today, visit.language),
        example_number=certificate.number,
        badges=badges.snippets(certificate, visit.settings),
        record=entry_answer(recorded(visit.session, office, certificate), visit.language, visit.reckoning),
    )


@router.get("/verify/{number}/badge.svg")
def show_badge(number: str, request: Request, visit: Anyone, language: Literal["en", "ar"] = "en") -> Response:
    """The badge for other people's pages; the same for everybody, so that every cache on the way may keep it."""
    certificate = service.entry(visit.session, number)
    return badges.given(request, certificate, visit.act.today, visit.settings, language)


@router.post("/verify")
async def verify_file(request: Request, gate: TurnstileOf, settings: SettingsOf, office: OfficeOf) -> Response:
    """The three answers about a file. Nothing of it is kept."""
    refused: Fault | None = None
    examination: Examination | None = None
    file_name = ""
    try:
        upload = await receive(request, settings.upload_bytes)
        file_name = names.clean(upload.name)
        with upload.content:
            pdf = upload.content.read()
        examination = await run_sync(service.examine, office, pdf)
    except Fault as fault:
        refused = fault

    def answer(session: Session) -> Response:
        if examination is None:
            return _unexamined(request, session, settings, refused)
        return _examined(request, session, settings, examination, file_name)

    return await gate.read(answer)


def _reader(request: Request, session: Session, settings: SettingsOf) -> tuple[Reader | None, str]:
    act = visitor(request, session, settings)
    reader = Reader.of(act.actor) if act.actor else None
    return reader, language_of(request, reader.language if reader else None)


def _unexamined(request: Request, session: Session, settings: SettingsOf, fault: Fault | None) -> Response:
    reader, language = _reader(request, session, settings)
    return draw(
        request, reader, language, "certificates/verify.html", getattr(fault, "status", 422),
        mistake=fault.sentence(language) if fault else None, asked_number="",
        example_number=f"{settings.certificate_prefix}-2026-00001",
    )  # fmt: skip


def _examined(
    request: Request, session: Session, settings: SettingsOf, examination: Examination, file_name: str
) -> Response:
    reader, language = _reader(request, session, settings)
    today = visitor(request, session, settings).today
    found = service.combine(examination, service.ask_register(session, examination, today), session)
    number = found.register.number if found.register.issued_on else None  # else it is no entry of ours
    return draw(
        request, reader, language, "certificates/verify_file.html", 200,
        heading=heading_of(found, language),
        is_demonstration=found.is_demonstration,
        answers=answers_of(found, language, settings.reckoning.chosen_by(reader)),
        entry=None if number is None else shown(service.entry(session, number), today, language),
        file_name=file_name,
        example_number=f"{settings.certificate_prefix}-2026-00001",
    )  # fmt: skip
