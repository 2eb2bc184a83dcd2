"""Evidence over HTTP: attaching files to questions, reading and removing them."""

from typing import Annotated, Any, Final
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response, status
from fastapi.security import HTTPAuthorizationCredentials
from sqlmodel import Session

from itti.assessments.answers_api import QuestionOf
from itti.assessments.errors import (
    AnswersClosed,
    NoSuchAssessment,
    NoSuchQuestion,
    NotAccredited,
    NotOpenToYou,
    NotYourAnswers,
)
from itti.evidence import service
from itti.evidence.errors import NoSuchEvidence, TooManyFiles
from itti.evidence.schemas import EvidenceView
from itti.evidence.service import KeptFile
from itti.files.downloads import attachment
from itti.files.errors import (
    FileIncomplete,
    FileLost,
    FileMissing,
    FileTooLarge,
    FileTypeRefused,
    FileUnsafe,
    MalformedUpload,
    NotMultipart,
)
from itti.files.uploads import form_schema, receive
from itti.http.bearer import ENTRY, SettingsOf, SignedIn, scheme, signed_in
from itti.http.openapi import problems
from itti.http.transactions import Transaction, TurnstileOf

router = APIRouter(tags=["evidence"])

UPLOAD_FAULTS: Final = (
    NotMultipart,
    MalformedUpload,
    FileMissing,
    FileTooLarge,
)
_REFUSED_CONTENT: Final = (FileTypeRefused, FileIncomplete, FileUnsafe)
_WRITE: Final = (NotYourAnswers, AnswersClosed, NotAccredited)
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file, as an attachment.", "content": {"application/octet-stream": {}}},
    304: {"description": "The caller has it already."},
}


@router.get(
    "/assessments/{assessment_id}/answers/{question}/evidence",
    operation_id="listEvidence",
    summary="List the files of a question",
    responses=problems(*ENTRY, NoSuchAssessment, NoSuchQuestion, NotOpenToYou),
)
def list_evidence(assessment_id: UUID, question: QuestionOf, session: Transaction, act: SignedIn) -> list[EvidenceView]:
    """Oldest first, without those that were removed."""
    return [EvidenceView.of(row) for row in service.listed(session, act, assessment_id, question)]


@router.post(
    "/assessments/{assessment_id}/answers/{question}/evidence",
    status_code=status.HTTP_201_CREATED,
    operation_id="attachEvidence",
    summary="Attach a file to a question",
    responses=problems(
        *ENTRY, NoSuchAssessment, NoSuchQuestion, *_WRITE, TooManyFiles, *UPLOAD_FAULTS, *_REFUSED_CONTENT
    ),
    openapi_extra=form_schema("file"),
)
async def attach(
    assessment_id: UUID,
    question: QuestionOf,
    request: Request,
    gate: TurnstileOf,
    settings: SettingsOf,
    *,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(scheme)],
) -> EvidenceView:
    """PDF, PNG, JPEG, WebP, XLSX, DOCX, CSV or TXT, told by content. While the assessment is with its assessor.

    The same content attached twice is attached once.
    """

    def check(session: Session) -> None:
        act = signed_in(request, session, settings, credentials)
        service.check(session, act, settings, assessment_id, question)

    def store(session: Session) -> EvidenceView:
        # Asked again: while the file was on its way the token may have been revoked, or the assessment submitted.
        act = signed_in(request, session, settings, credentials)
        return EvidenceView.of(service.attach(session, act, settings, assessment_id, question, kept=kept))

    await gate.read(check)
    upload = await receive(request, settings.upload_bytes)
    with upload.content:
        kept: KeptFile = await run_sync(service.keep, service.shelf_of(settings), upload)
    return await gate.write(store)


@router.get(
    "/evidence/{evidence_id}",
    operation_id="readEvidence",
    summary="Read what is known of a file",
    responses=problems(*ENTRY, NoSuchEvidence),
)
def read_evidence(evidence_id: UUID, session: Transaction, act: SignedIn) -> EvidenceView:
    """Whoever reads the answers reads their evidence."""
    return EvidenceView.of(service.file(session, act, evidence_id))


@router.get(
    "/evidence/{evidence_id}/content",
    operation_id="downloadEvidence",
    summary="Download a file",
    response_class=Response,
    responses=problems(*ENTRY, NoSuchEvidence, FileLost) | _FILE,
)
def download(
    evidence_id: UUID, request: Request, session: Transaction, act: SignedIn, settings: SettingsOf
) -> Response:
    """Always as an attachment; its content is checked against its digest before it leaves."""
    row, content = service.content(session, act, service.shelf_of(settings), evidence_id)
    return attachment(request, content, media_type=row.media_type, name=row.file_name, sha256=row.sha256)


@router.delete(
    "/evidence/{evidence_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="removeEvidence",
    summary="Take a file away from its question",
    responses=problems(*ENTRY, NoSuchEvidence, *_WRITE),
)
def remove(evidence_id: UUID, session: Transaction, act: SignedIn) -> None:
    """The record keeps that it was there."""
    service.remove(session, act, evidence_id)
