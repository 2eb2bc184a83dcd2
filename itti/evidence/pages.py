"""Evidence on pages: attach it to a question, write notes, use it for others, see all of it, open, revise, remove.

The form's script sends and removes in the background, follows the redirect that answers, and takes the new list out
of the page it leads to; without a script the same redirect shows the page.
"""

from __future__ import annotations

from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from itti.accounts.sessions import visitor
from itti.acts import Act
from itti.assessments import reading, wayfinding
from itti.assessments import service as assessments
from itti.assessments.tables import Phase
from itti.evidence import notes, previews, service
from itti.evidence.errors import NoSuchEvidence
from itti.evidence.schemas import NoteInput, WordingInput
from itti.evidence.showing import shown
from itti.evidence.tables import EvidenceRevision
from itti.files.downloads import attachment, shown_small
from itti.files.uploads import megabytes, receive
from itti.http.bearer import SettingsOf
from itti.http.errors import SignInNeeded
from itti.http.transactions import TurnstileOf
from itti.web.forms import Posted, taken
from itti.web.visits import Member

router = APIRouter()


@router.post("/assessments/{identifier}/answers/{question}/evidence")
async def attach(
    identifier: UUID, question: str, request: Request, gate: TurnstileOf, settings: SettingsOf
) -> Response:
    """Attach a file. No transaction waits for the sender or for the disk."""

    def check(session: Session) -> None:
        service.check(session, _person(request, session, settings), settings, identifier, question)

    def store(session: Session) -> None:
        # Asked again: while the file was on its way the session may have ended, or the assessment been submitted.
        act = _person(request, session, settings)
        service.attach(session, act, settings, identifier, question, kept=kept)

    await gate.read(check)
    upload = await receive(request, settings.upload_bytes)
    with upload.content:
        kept = await run_sync(service.keep, service.shelf_of(settings), upload)
    await gate.write(store)
    return RedirectResponse(_form(identifier, question), status_code=303)


def _person(request: Request, session: Session, settings: SettingsOf) -> Act:
    """The act of whoever is signed in. Unlike ``Person`` it needs no transaction of the whole request."""
    act = visitor(request, session, settings)
    if act.actor is None:
        raise SignInNeeded
    return act


@router.post("/assessments/{identifier}/answers/{question}/notes")
def write_note(identifier: UUID, question: str, posted: Posted, visit: Member) -> Response:
    """Write a note from an interview or a walk."""
    given = taken(NoteInput, posted, ("kind", "seen_on", "text"))
    notes.write(visit.session, visit.act, visit.settings, identifier, question, note=given.note(given.kind))
    return visit.go(_form(identifier, question))


@router.post("/assessments/{identifier}/answers/{question}/evidence/links")
def link(identifier: UUID, question: str, posted: Posted, visit: Member) -> Response:
    """Use evidence that the assessment has for this question too."""
    try:
        evidence_id = UUID(posted.get("evidence", ""))
    except ValueError as error:
        raise NoSuchEvidence(evidence="–") from error
    service.link(visit.session, visit.act, visit.settings, identifier, question, evidence_id=evidence_id)
    return visit.go(_form(identifier, question))


@router.post("/assessments/{identifier}/answers/{question}/evidence/{evidence_id}/removal")
def unlink(identifier: UUID, question: str, evidence_id: UUID, visit: Member) -> Response:
    """Use evidence for this question no more."""
    service.unlink(visit.session, visit.act, identifier, question, evidence_id)
    return visit.go(_form(identifier, question))


@router.get("/assessments/{identifier}/evidence")
def list_all(identifier: UUID, visit: Member) -> Response:
    """All evidence of an assessment, with what is used for no question at present."""
    one, found = service.whole(visit.session, visit.act, identifier)
    questionnaire = reading.asked_of(visit.session, one, Phase.ASSESSED)
    asked = frozenset(wayfinding.order(questionnaire))

    def title_of(question: str) -> str:
        return wayfinding.title_of(questionnaire, question, visit.language)

    def address_of(question: str) -> str:
        if question not in asked:
            return ""
        return wayfinding.address(one, questionnaire, question, Phase.ASSESSED, visit)

    return visit.show(
        "evidence/list.html",
        assessment=one,
        factory=assessments.parties_of(visit.session, one).factory,
        rows=[shown(proof, title_of, removable=False) for proof in found],
        writable=assessments.may_write(visit.session, visit.act, one, Phase.ASSESSED),
        address_of=address_of,
        today=visit.act.today,
        upload_limit=megabytes(visit.settings.upload_bytes),
    )


@router.get("/evidence/{evidence_id}")
def download(evidence_id: UUID, request: Request, visit: Member) -> Response:
    """The content in force, to be saved; it is never shown inside a page of ours."""
    row, content = service.content(visit.session, visit.act, service.shelf_of(visit.settings), evidence_id)
    return attachment(request, content, media_type=row.media_type, name=row.file_name, sha256=row.sha256)


@router.get("/evidence/{evidence_id}/preview")
async def preview(evidence_id: UUID, request: Request, gate: TurnstileOf, settings: SettingsOf) -> Response:
    """The preview; a drawing of a sheet where there is none. No transaction waits for it to be drawn."""

    def find(session: Session) -> EvidenceRevision:
        return service.file(session, _person(request, session, settings), evidence_id).newest

    drawn = await run_sync(previews.preview, settings, service.shelf_of(settings), await gate.read(find))
    return shown_small(request, drawn) if drawn else RedirectResponse("/static/no-preview.svg", status_code=303)


@router.get("/evidence/{evidence_id}/revisions/{revision}")
def download_revision(evidence_id: UUID, revision: int, request: Request, visit: Member) -> Response:
    """One of its contents, to be saved."""
    row, content = service.content(visit.session, visit.act, service.shelf_of(visit.settings), evidence_id, revision)
    return attachment(request, content, media_type=row.media_type, name=row.file_name, sha256=row.sha256)


@router.post("/evidence/{evidence_id}/revisions")
async def revise(evidence_id: UUID, request: Request, gate: TurnstileOf, settings: SettingsOf) -> Response:
    """Put a later file in the place of one."""

    def check(session: Session) -> UUID:
        act = _person(request, session, settings)
        return service.check_revision(session, act, settings, evidence_id).row.assessment_id

    def store(session: Session) -> None:
        service.revise(session, _person(request, session, settings), settings, evidence_id, kept=kept)

    assessment = await gate.read(check)
    upload = await receive(request, settings.upload_bytes)
    with upload.content:
        kept = await run_sync(service.keep, service.shelf_of(settings), upload)
    await gate.write(store)
    return RedirectResponse(_all(assessment, evidence_id), status_code=303)


@router.post("/evidence/{evidence_id}/note")
def rewrite_note(evidence_id: UUID, posted: Posted, visit: Member) -> Response:
    """Put another wording in the place of a note."""
    row = service.file(visit.session, visit.act, evidence_id).row
    given = taken(WordingInput, posted, ("seen_on", "text"))
    notes.rewrite(visit.session, visit.act, visit.settings, evidence_id, given.note(row.kind))
    return visit.go(_all(row.assessment_id, evidence_id))


@router.post("/evidence/{evidence_id}/removal")
def remove(evidence_id: UUID, visit: Member) -> Response:
    """Take evidence away from its assessment."""
    proof = service.remove(visit.session, visit.act, evidence_id)
    return visit.go(f"/assessments/{proof.row.assessment_id}/evidence", "evidence-removed")


def _form(identifier: UUID, question: str) -> str:
    return f"/assessments/{identifier}/answers/{question}#files-{question}"


def _all(identifier: UUID, evidence_id: UUID) -> str:
    return f"/assessments/{identifier}/evidence#evidence-{evidence_id}"
