"""Messages over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from itti.accounts.errors import WrongRole
from itti.http.bearer import ENTRY, SignedIn
from itti.http.languages import request_language
from itti.http.openapi import problems
from itti.http.paging import PAGED, MalformedCursor, Page, PagingOf, link_next
from itti.http.sparse import Fields, fields_of
from itti.http.transactions import Transaction
from itti.mail import service
from itti.mail.errors import MessageNotWaiting, MessageTooLate, NoSuchMessage
from itti.mail.schemas import MessageView
from itti.queue.rows import JobState

router = APIRouter(tags=["messages"])

MessageFields = Annotated[Fields, Depends(fields_of(MessageView))]


@router.get(
    "/messages",
    operation_id="listMessages",
    summary="List the messages that the service has sent or is going to send",
    responses=problems(*ENTRY, WrongRole, MalformedCursor) | PAGED,
    response_model=Page[MessageView],
)
def list_messages(
    request: Request,
    response: Response,
    session: Transaction,
    act: SignedIn,
    paging: PagingOf,
    fields: MessageFields,
    state: Annotated[JobState | None, Query(description="Only those in this state.")] = None,
) -> Page[MessageView] | Response:
    """Programme office. The newest first."""
    found = service.outbox(session, act, paging, state)
    link_next(request, response, found.after)
    language = request_language(request)
    return fields.shown(Page[MessageView](items=[MessageView.of(row, language) for row in found.rows]), response)


@router.post(
    "/messages/{message_id}/retry",
    operation_id="retryMessage",
    summary="Have a message sent again that was given up or waits for its next try",
    responses=problems(*ENTRY, WrongRole, NoSuchMessage, MessageNotWaiting, MessageTooLate),
)
def retry_message(message_id: UUID, request: Request, session: Transaction, act: SignedIn) -> MessageView:
    """Programme office. It counts from now on as if it had been posted today."""
    return MessageView.of(service.retry(session, act, message_id), request_language(request))
