"""Evidence over HTTP: attaching it to questions, linking, revising, reading and removing it."""

from typing import Any, Final
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response, status
from sqlmodel import Session

from itti.assessments.answers_api import QuestionOf
from itti.assessments.errors import AnswersClosed, NoSuchAssessment, NoSuchQuestion, NotOpenToYou, NotYourAnswers
from itti.assessments.move_errors import DeclarationMissing, NotAccredited
from itti.certificates.errors import PressBusy
from itti.evidence import notes, previews, service
from itti.evidence.errors import (
    EvidenceExpired,
    EvidenceNotOpen,
    NoSuchEvidence,
    NotThatKind,
    TooManyFiles,
    TooMuchEvidence,
)
from itti.evidence.schemas import EvidenceView, NoteInput, WordingInput
from itti.evidence.service import KeptFile
from itti.evidence.tables import EvidenceRevision
from itti.files.downloads import attachment, shown_small
from itti.files.errors import (
    FileIncomplete,
    FileLost,
    FileMissing,
    FileTooLarge,
    FileTypeRefused,
    FileUnsafe,
    MalformedUpload,
    NotMultipart,
    PictureTooLarge,
    StorageUnreachable,
)
from itti.files.uploads import form_schema, receive
from itti.http.bearer import ENTRY, AssessmentsReader, EvidenceWriter, ReadsAssessments, SettingsOf, WritesEvidence
from itti.http.openapi import problems
from itti.http.transactions import Transaction, TurnstileOf

router = APIRouter(tags=["evidence"])

UPLOAD_FAULTS: Final = (
    NotMultipart,
    MalformedUpload,
    FileMissing,
    FileTooLarge,
)
_REFUSED_CONTENT: Final = (FileTypeRefused, FileIncomplete, FileUnsafe, PictureTooLarge, StorageUnreachable)
_WRITE: Final = (NotYourAnswers, AnswersClosed, NotAccredited, DeclarationMissing)
_OF_QUESTION: Final = (NoSuchAssessment, NoSuchQuestion, NotOpenToYou, EvidenceNotOpen)
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The content, as an attachment.", "content": {"application/octet-stream": {}}},
    304: {"description": "The caller has it already."},
}
_UPLOAD: Final = form_schema(
    "file",
    keep_metadata={
        "type": "boolean",
        "default": False,
        "description": "Leave in a picture what the camera wrote into it: place, time, device.",
    },
)
_PREVIEW: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The preview.", "content": {"image/webp": {}}},
    204: {"description": "It has none."},
    304: {"description": "The caller has it already."},
}


@router.get(
    "/assessments/{assessment_id}/evidence",
    operation_id="listAssessmentEvidence",
    summary="List the evidence of an assessment",
    responses=problems(*ENTRY, NoSuchAssessment, NotOpenToYou, EvidenceNotOpen),
)
def list_all(assessment_id: UUID, session: Transaction, act: ReadsAssessments) -> list[EvidenceView]:
    """Oldest first, with what is used for no question at present, without what was taken away."""
    return [EvidenceView.shown(proof) for proof in service.whole(session, act, assessment_id)[1]]


@router.get(
    "/assessments/{assessment_id}/answers/{question}/evidence",
    operation_id="listEvidence",
    summary="List the evidence of a question",
    responses=problems(*ENTRY, *_OF_QUESTION),
)
def list_evidence(
    assessment_id: UUID, question: QuestionOf, session: Transaction, act: ReadsAssessments
) -> list[EvidenceView]:
    """Oldest first, without what was taken away."""
    return [EvidenceView.shown(proof) for proof in service.listed(session, act, assessment_id, question)]


@router.post(
    "/assessments/{assessment_id}/answers/{question}/evidence",
    status_code=status.HTTP_201_CREATED,
    operation_id="attachEvidence",
    summary="Attach a file to a question",
    responses=problems(
        *ENTRY,
        NoSuchAssessment,
        NoSuchQuestion,
        *_WRITE,
        TooManyFiles,
        TooMuchEvidence,
        *UPLOAD_FAULTS,
        *_REFUSED_CONTENT,
    ),
    openapi_extra=_UPLOAD,
)
async def attach(
    assessment_id: UUID,
    question: QuestionOf,
    request: Request,
    gate: TurnstileOf,
    settings: SettingsOf,
    *,
    who: EvidenceWriter,
) -> EvidenceView:
    """PDF, PNG, JPEG, WebP, XLSX, DOCX, CSV or TXT, told by content. While the assessment is with its assessor.

    The same content attached twice is attached once. Place, time, device and captions are taken out of pictures, unless
    `keep_metadata` is true; pixels and orientation stay as they are, and the digest is of what is kept.
    """

    def check(session: Session) -> None:
        act = who(session)
        service.check(session, act, settings, assessment_id, question)

    def store(session: Session) -> EvidenceView:
        # Asked again: while the file was on its way the token may have been revoked, or the assessment submitted.
        act = who(session)
        return EvidenceView.shown(service.attach(session, act, settings, assessment_id, question, kept=kept))

    await gate.read(check)
    upload = await receive(request, settings.upload_bytes)
    with upload.content:
        kept: KeptFile = await run_sync(service.keep, service.shelf_of(settings), upload)
    return await gate.write(store)


@router.put(
    "/assessments/{assessment_id}/answers/{question}/evidence/{evidence_id}",
    operation_id="linkEvidence",
    summary="Use evidence for one more question",
    responses=problems(*ENTRY, *_OF_QUESTION, NoSuchEvidence, *_WRITE, TooManyFiles),
)
def link(
    assessment_id: UUID,
    question: QuestionOf,
    evidence_id: UUID,
    session: Transaction,
    act: WritesEvidence,
    settings: SettingsOf,
) -> EvidenceView:
    """Evidence of the same assessment. Done twice it is done once."""
    return EvidenceView.shown(service.link(session, act, settings, assessment_id, question, evidence_id=evidence_id))


@router.delete(
    "/assessments/{assessment_id}/answers/{question}/evidence/{evidence_id}",
    operation_id="unlinkEvidence",
    summary="Use evidence for a question no more",
    responses=problems(*ENTRY, *_OF_QUESTION, NoSuchEvidence, *_WRITE),
)
def unlink(
    assessment_id: UUID, question: QuestionOf, evidence_id: UUID, session: Transaction, act: WritesEvidence
) -> EvidenceView:
    """It stays with the assessment, for other questions and for later."""
    return EvidenceView.shown(service.unlink(session, act, assessment_id, question, evidence_id))


@router.post(
    "/assessments/{assessment_id}/answers/{question}/notes",
    status_code=status.HTTP_201_CREATED,
    operation_id="writeNote",
    summary="Write a note that proves an answer",
    responses=problems(*ENTRY, NoSuchAssessment, NoSuchQuestion, *_WRITE, TooManyFiles, TooMuchEvidence),
)
def write_note(
    assessment_id: UUID,
    question: QuestionOf,
    given: NoteInput,
    session: Transaction,
    act: WritesEvidence,
    settings: SettingsOf,
) -> EvidenceView:
    """From an interview or a walk; counts as evidence as a file does."""
    made = notes.write(session, act, settings, assessment_id, question, note=given.note(given.kind))
    return EvidenceView.shown(made)


@router.put(
    "/evidence/{evidence_id}/note",
    operation_id="rewriteNote",
    summary="Put another wording in the place of a note",
    responses=problems(*ENTRY, NoSuchEvidence, NotThatKind, *_WRITE, TooMuchEvidence),
)
def rewrite_note(
    evidence_id: UUID, given: WordingInput, session: Transaction, act: WritesEvidence, settings: SettingsOf
) -> EvidenceView:
    """Earlier wordings stay readable. The same again changes nothing."""
    kind = service.file(session, act, evidence_id).row.kind
    return EvidenceView.shown(notes.rewrite(session, act, settings, evidence_id, given.note(kind)))


@router.post(
    "/evidence/{evidence_id}/revisions",
    status_code=status.HTTP_201_CREATED,
    operation_id="reviseEvidence",
    summary="Put a later file in the place of one",
    responses=problems(
        *ENTRY, NoSuchEvidence, NotThatKind, *_WRITE, TooMuchEvidence, *UPLOAD_FAULTS, *_REFUSED_CONTENT
    ),
    openapi_extra=_UPLOAD,
)
async def revise(
    evidence_id: UUID, request: Request, gate: TurnstileOf, settings: SettingsOf, *, who: EvidenceWriter
) -> EvidenceView:
    """For all questions that it proves. Earlier files stay readable. The same content again changes nothing."""

    def check(session: Session) -> None:
        service.check_revision(session, who(session), settings, evidence_id)

    def store(session: Session) -> EvidenceView:
        act = who(session)
        return EvidenceView.shown(service.revise(session, act, settings, evidence_id, kept=kept))

    await gate.read(check)
    upload = await receive(request, settings.upload_bytes)
    with upload.content:
        kept: KeptFile = await run_sync(service.keep, service.shelf_of(settings), upload)
    return await gate.write(store)


@router.get(
    "/evidence/{evidence_id}",
    operation_id="readEvidence",
    summary="Read what is known of a piece of evidence",
    responses=problems(*ENTRY, NoSuchEvidence),
)
def read_evidence(evidence_id: UUID, session: Transaction, act: ReadsAssessments) -> EvidenceView:
    """The programme office, the assessor, the reviewer, who hears an appeal; the factory once the reviewer agrees."""
    return EvidenceView.shown(service.file(session, act, evidence_id))


@router.get(
    "/evidence/{evidence_id}/content",
    operation_id="downloadEvidence",
    summary="Download evidence",
    response_class=Response,
    responses=problems(*ENTRY, NoSuchEvidence, EvidenceExpired, FileLost, StorageUnreachable) | _FILE,
)
def download(
    evidence_id: UUID, request: Request, session: Transaction, act: ReadsAssessments, settings: SettingsOf
) -> Response:
    """Always as an attachment; its content is checked against its digest before it leaves. A note comes as text."""
    row, content = service.content(session, act, service.shelf_of(settings), evidence_id)
    return attachment(request, content, media_type=row.media_type, name=row.file_name, sha256=row.sha256)


@router.get(
    "/evidence/{evidence_id}/revisions/{revision}/content",
    operation_id="downloadEvidenceRevision",
    summary="Download one revision of evidence",
    response_class=Response,
    responses=problems(*ENTRY, NoSuchEvidence, EvidenceExpired, FileLost, StorageUnreachable) | _FILE,
)
def download_revision(
    evidence_id: UUID,
    revision: int,
    request: Request,
    session: Transaction,
    act: ReadsAssessments,
    settings: SettingsOf,
) -> Response:
    """As it was before a later one took its place."""
    row, content = service.content(session, act, service.shelf_of(settings), evidence_id, revision)
    return attachment(request, content, media_type=row.media_type, name=row.file_name, sha256=row.sha256)


@router.get(
    "/evidence/{evidence_id}/preview",
    operation_id="previewEvidence",
    summary="See evidence small",
    response_class=Response,
    responses=problems(*ENTRY, NoSuchEvidence, FileLost, StorageUnreachable, PressBusy) | _PREVIEW,
)
async def preview(
    evidence_id: UUID, request: Request, gate: TurnstileOf, settings: SettingsOf, *, who: AssessmentsReader
) -> Response:
    """The picture, or the first page of the PDF, at most 480 pixels wide and high; drawn where there is no network."""

    def find(session: Session) -> EvidenceRevision:
        return service.file(session, who(session), evidence_id).newest

    drawn = await run_sync(previews.preview, settings, service.shelf_of(settings), await gate.read(find))
    return shown_small(request, drawn) if drawn else Response(status_code=status.HTTP_204_NO_CONTENT)


@router.delete(
    "/evidence/{evidence_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="removeEvidence",
    summary="Take evidence away from its assessment",
    responses=problems(*ENTRY, NoSuchEvidence, *_WRITE),
)
def remove(evidence_id: UUID, session: Transaction, act: WritesEvidence) -> None:
    """From all its questions. The record keeps that it was there."""
    service.remove(session, act, evidence_id)
