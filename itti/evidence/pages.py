"""Evidence files on pages: attach to a question, open, remove.

The form's script sends and removes files in the background, follows the redirect that answers, and takes the new
list out of the page it leads to; without a script the same redirect shows the page.
"""

from __future__ import annotations

from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from itti.accounts.sessions import visitor
from itti.acts import Act
from itti.evidence import service
from itti.files.downloads import attachment
from itti.files.uploads import receive
from itti.http.bearer import SettingsOf
from itti.http.errors import SignInNeeded
from itti.http.transactions import TurnstileOf
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


@router.get("/evidence/{evidence_id}")
def download(evidence_id: UUID, request: Request, visit: Member) -> Response:
    """The file, to be saved; it is never shown inside a page of ours."""
    row, content = service.content(visit.session, visit.act, service.shelf_of(visit.settings), evidence_id)
    return attachment(request, content, media_type=row.media_type, name=row.file_name, sha256=row.sha256)


@router.post("/evidence/{evidence_id}/removal")
def remove(evidence_id: UUID, visit: Member) -> Response:
    """Take a file away from its question."""
    row = service.file(visit.session, visit.act, evidence_id)
    service.remove(visit.session, visit.act, evidence_id)
    return visit.go(_form(row.assessment_id, row.question))


def _form(identifier: UUID, question: str) -> str:
    return f"/assessments/{identifier}/answers/{question}#files-{question}"
