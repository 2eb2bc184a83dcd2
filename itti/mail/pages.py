"""Messages as a page for the programme office."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from itti.http.paging import PagingOf
from itti.mail import service
from itti.mail.errors import ROOM
from itti.mail.schemas import MessageView
from itti.queue.rows import JobState
from itti.web.visits import Member, Visit
from questionnaires.errors import Fault

router = APIRouter()

_TRIED_AGAIN: Final = frozenset({JobState.FAILED, JobState.WAITING})


@router.get("/messages")
def list_messages(visit: Member, paging: PagingOf, state: JobState | None = None) -> Response:
    """The outbox; programme office."""
    found = service.outbox(visit.session, visit.act, paging, state)
    query = "" if state is None else f"state={state.value}&"
    return visit.show(
        "mail/list.html",
        rows=[MessageView.of(row, visit.language) for row in found.rows],
        room=ROOM,
        chosen=None if state is None else state.value,
        states=[each.value for each in JobState],
        again={each.value for each in _TRIED_AGAIN},
        has_server=bool(visit.settings.mail_host),
        next_page=f"/messages?{query}after={found.after}" if found.after else None,
    )


@router.post("/messages/{identifier}/retry")
def retry(identifier: UUID, visit: Member) -> Response:
    """Have a message sent again."""
    return _answered(visit, identifier)


def _answered(visit: Visit, identifier: UUID) -> Response:
    try:
        service.retry(visit.session, visit.act, identifier)
    except Fault as fault:
        if getattr(fault, "status", 500) != 409:
            raise
        return visit.go("/messages", "message-not-waiting")
    return visit.go("/messages", "message-retried")
