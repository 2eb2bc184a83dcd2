"""The register, the papers behind it, and verification over HTTP."""

from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as PathParameter
from sqlmodel import Session

from itti.accounts.errors import WrongRole
from itti.certificates import office_api, service
from itti.certificates.errors import (
    AlreadyRevoked,
    ExaminationFailed,
    NoCredential,
    NoShortPaper,
    NoSuchCertificate,
    NoSuchStatusList,
    NotYourCertificate,
    PressBusy,
)
from itti.certificates.office import OfficeOf
from itti.certificates.register import CertificateSort, Download
from itti.certificates.schemas import CertificateView, RevocationInput, VerificationView
from itti.certificates.tables import Certificate
from itti.certificates.verification import Verification
from itti.files.downloads import attachment, published
from itti.files.errors import FileLost, FileMissing, FileTooLarge, MalformedUpload, NotMultipart
from itti.files.uploads import form_schema, receive
from itti.http.accepting import preferred
from itti.http.bearer import ENTRY, FRESH_ENTRY, ReadsCertificates, SettingsOf, SignedIn, Stranger
from itti.http.errors import NotAcceptable
from itti.http.languages import request_language
from itti.http.openapi import problems
from itti.http.paging import PAGED, SORT, MalformedCursor, Page, PagingOf, link_next
from itti.http.sparse import Fields, fields_of
from itti.http.transactions import Transaction, TurnstileOf
from reports import credential as credentials
from reports import spreadsheet
from reports.errors import SealTokenUnavailable
from reports.report import Form

router = APIRouter(tags=["certificates"])

CertificateFields = Annotated[Fields, Depends(fields_of(CertificateView))]
router.include_router(office_api.router)

_LANGUAGE_NOTE: Final = "Language of the paper; else the header `Accept-Language` decides."
NumberOf = Annotated[
    str, PathParameter(max_length=60, description="Number of the certificate.", examples=["TI-2026-00001"])
]
ListOf = Annotated[
    str,
    PathParameter(max_length=20, description="A year, or a year and `-superseded`.", examples=["2026"]),
]
LanguageOf = Annotated[Literal["en", "ar"] | None, Query(description=_LANGUAGE_NOTE)]
_lists: Final = service.StatusLists()
_BEHIND: Final = problems(*ENTRY, NoSuchCertificate, NotYourCertificate)


_FORMS: Final = ("application/json", "text/csv", spreadsheet.MEDIA_TYPE, "application/pdf")


def _file(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {
        200: {"description": "The file, as an attachment.", "content": {media_type: {}}},
        304: {"description": "The caller has it already."},
    }


@router.get(
    "/certificates",
    operation_id="listCertificates",
    summary="List the certificates whose reports one may read",
    responses=problems(*ENTRY, MalformedCursor) | PAGED,
    response_model=Page[CertificateView],
)
def list_certificates(
    request: Request,
    response: Response,
    session: Transaction,
    act: ReadsCertificates,
    paging: PagingOf,
    *,
    fields: CertificateFields,
    sort: Annotated[CertificateSort, SORT] = CertificateSort.ISSUED_LATEST,
    family: Annotated[
        str | None, Query(max_length=64, description="Only those by questionnaires of this family.")
    ] = None,
    issued_from: Annotated[date | None, Query(description="Only those issued on this day or later.")] = None,
    issued_to: Annotated[date | None, Query(description="Only those issued on this day or earlier.")] = None,
    expires_from: Annotated[date | None, Query(description="Only those whose last day is this or a later one.")] = None,
    expires_to: Annotated[
        date | None, Query(description="Only those whose last day is this or an earlier one.")
    ] = None,
    factory_id: Annotated[UUID | None, Query(description="Only those of this factory.")] = None,
) -> Page[CertificateView] | Response:
    """Newest first. All for the programme office; else one's factory's, or those one assessed or reviewed."""
    filters = service.Filters(factory_id, family, issued_from, issued_to, expires_from, expires_to)
    found = service.listed(session, act, paging, filters, sort)
    link_next(request, response, found.after)
    papers = service.files(session, found.rows)
    return fields.shown(
        Page[CertificateView](items=[CertificateView.of(row, papers[row.id], act) for row in found.rows]), response
    )


@router.get(
    "/certificates/{number}",
    operation_id="readCertificate",
    summary="Read an entry of the register",
    responses=problems(NoSuchCertificate),
)
def read_certificate(number: NumberOf, session: Transaction, act: Stranger) -> CertificateView:
    """Public: what the programme says of this certificate today."""
    found = service.entry(session, number)
    return CertificateView.of(found, service.files(session, [found])[found.id], act)


@router.get(
    "/certificates/status-lists/{name}",
    operation_id="readStatusList",
    summary="Read which certificates of a year were revoked or superseded, for tools that check verifiable credentials",
    response_class=Response,
    responses=problems(NoSuchStatusList, SealTokenUnavailable) | _file(credentials.MEDIA_TYPE),
)
async def read_status_list(name: ListOf, request: Request, gate: TurnstileOf, office: OfficeOf) -> Response:
    """Public. A Bitstring Status List 1.0, signed as a credential. Which bit is meant stands in each credential.

    `2026` says what was revoked; the same bits of `2026-superseded` (purpose `superseded`) say in whose place a later
    certificate stands, which takes nothing from the older one.
    """
    told = await gate.read(lambda session: service.status_of(session, name, office.settings.seal_struck))
    return published(request, await run_sync(_lists.signed, office, told), credentials.MEDIA_TYPE)


@router.get(
    "/certificates/{number}/credential",
    operation_id="downloadCredential",
    summary="Download the certificate as a verifiable credential",
    response_class=Response,
    responses=problems(NoSuchCertificate, NoCredential) | _file(credentials.MEDIA_TYPE),
)
def download_credential(number: NumberOf, request: Request, session: Transaction) -> Response:
    """Public. Verifiable Credentials Data Model 2.0 in the shape of Open Badges 3.0, signed (JOSE).

    It says what the register says, byte for byte as attached to the papers.
    """
    return _sent(request, service.credential(session, number))


@router.get(
    "/certificates/{number}/answers.json",
    operation_id="downloadAnswersJson",
    summary="Download the answers that the score rests on as JSON",
    response_class=Response,
    responses=_BEHIND | _file("application/json"),
)
def download_answers_json(number: NumberOf, request: Request, session: Transaction, act: ReadsCertificates) -> Response:
    """Canonical JSON (RFC 8785), byte for byte as attached to the paper."""
    return _sent(request, service.answers_json(session, act, number))


@router.get(
    "/certificates/{number}/report.pdf",
    operation_id="downloadReport",
    summary="Download the sealed report",
    response_class=Response,
    responses=_BEHIND | problems(FileLost) | _file("application/pdf"),
)
def download_report(
    number: NumberOf,
    request: Request,
    session: Transaction,
    act: ReadsCertificates,
    office: OfficeOf,
    *,
    language: LanguageOf = None,
) -> Response:
    """PDF/A-3, sealed, with answers and scorecard inside."""
    chosen = language or request_language(request)
    return _sent(request, service.paper(session, act, office, number, chosen))


@router.get(
    "/certificates/{number}/short.pdf",
    operation_id="downloadShortReport",
    summary="Download the sealed scorecard on two pages",
    response_class=Response,
    responses=_BEHIND | problems(NoShortPaper, FileLost) | _file("application/pdf"),
)
def download_short_report(
    number: NumberOf,
    request: Request,
    session: Transaction,
    act: ReadsCertificates,
    office: OfficeOf,
    *,
    language: LanguageOf = None,
) -> Response:
    """PDF/A-3, sealed, with the same files inside as the report."""
    chosen = language or request_language(request)
    return _sent(request, service.paper(session, act, office, number, chosen, form=Form.SHORT))


@router.get(
    "/certificates/{number}/scorecard",
    operation_id="downloadCertifiedScorecard",
    summary="Download the certified scorecard in the form that `Accept` names: JSON, CSV, workbook or PDF",
    response_class=Response,
    responses=_BEHIND
    | problems(NotAcceptable, NoShortPaper, FileLost)
    | {
        200: {"description": "The file, as an attachment.", "content": {media: {} for media in _FORMS}},
        304: {"description": "The caller has it already."},
    },
)
def download_certified_scorecard(
    number: NumberOf,
    request: Request,
    session: Transaction,
    act: ReadsCertificates,
    office: OfficeOf,
    *,
    language: LanguageOf = None,
) -> Response:
    """One address for all forms; each has one of its own too. The PDF is the sealed scorecard on two pages."""
    chosen = language or request_language(request)
    match preferred(request.headers.get("accept", ""), _FORMS):
        case None:
            raise NotAcceptable
        case "application/json":
            found = service.scorecard_json(session, act, number)
        case "text/csv":
            found = service.scorecard_csv(session, act, number, chosen)
        case "application/pdf":
            found = service.paper(session, act, office, number, chosen, form=Form.SHORT)
        case _:
            found = service.scorecard_xlsx(session, act, number, chosen)
    response = _sent(request, found)
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


@router.get(
    "/certificates/{number}/scorecard.json",
    operation_id="downloadScorecardJson",
    summary="Download the certified scorecard as JSON",
    response_class=Response,
    responses=_BEHIND | _file("application/json"),
)
def download_scorecard_json(
    number: NumberOf, request: Request, session: Transaction, act: ReadsCertificates
) -> Response:
    """Canonical JSON (RFC 8785), byte for byte as attached to the paper."""
    return _sent(request, service.scorecard_json(session, act, number))


@router.get(
    "/certificates/{number}/scorecard.csv",
    operation_id="downloadScorecardCsv",
    summary="Download the certified scorecard as a table",
    response_class=Response,
    responses=_BEHIND | _file("text/csv"),
)
def download_scorecard_csv(
    number: NumberOf, request: Request, session: Transaction, act: ReadsCertificates, language: LanguageOf = None
) -> Response:
    """UTF-8 with a byte order mark, for spreadsheets."""
    chosen = language or request_language(request)
    return _sent(request, service.scorecard_csv(session, act, number, chosen))


@router.get(
    "/certificates/{number}/scorecard.xlsx",
    operation_id="downloadScorecardXlsx",
    summary="Download the certified scorecard as a workbook",
    response_class=Response,
    responses=_BEHIND | _file(spreadsheet.MEDIA_TYPE),
)
def download_scorecard_xlsx(
    number: NumberOf, request: Request, session: Transaction, act: ReadsCertificates, language: LanguageOf = None
) -> Response:
    """For analysts: the table, every share, and what each column means."""
    chosen = language or request_language(request)
    return _sent(request, service.scorecard_xlsx(session, act, number, chosen))


@router.post(
    "/certificates/{number}/revocation",
    operation_id="revokeCertificate",
    summary="Revoke a certificate",
    responses=problems(*FRESH_ENTRY, WrongRole, NoSuchCertificate, AlreadyRevoked),
)
def revoke(number: NumberOf, revocation: RevocationInput, session: Transaction, act: SignedIn) -> CertificateView:
    """Programme office. The reason is public, and it cannot be undone."""
    revoked: Certificate = service.revoke(session, act, number, revocation.reason)
    return CertificateView.of(revoked, service.files(session, [revoked])[revoked.id], act)


@router.post(
    "/verifications",
    operation_id="verifyPaper",
    summary="Verify a paper: is its seal intact, does the register stand behind it, does its score come out again, "
    "is its order in the record?",
    responses=problems(NotMultipart, MalformedUpload, FileMissing, FileTooLarge, ExaminationFailed, PressBusy),
    openapi_extra=form_schema("pdf"),
)
async def verify(
    request: Request, gate: TurnstileOf, office: OfficeOf, settings: SettingsOf, act: Stranger
) -> VerificationView:
    """Public. The file is looked at and not kept. Whatever is wrong with it is a finding, not an error."""
    upload = await receive(request, settings.upload_bytes, "pdf")
    with upload.content:
        pdf = upload.content.read()
    examination = await run_sync(service.examine, office, pdf)

    def ask(session: Session) -> Verification:
        return service.combine(examination, service.ask_register(session, examination, act.today), session)

    return VerificationView.of(await gate.read(ask), request_language(request))


def _sent(request: Request, download: Download) -> Response:
    return attachment(
        request, download.read, media_type=download.media_type, name=download.name, sha256=download.sha256
    )
