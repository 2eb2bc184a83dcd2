"""Webhooks over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response, status

from itti.http.bearer import ENTRY, FRESH_ENTRY, SettingsOf, SignedIn
from itti.http.errors import PreconditionRequired, Stale
from itti.http.etags import ExpectedVersion, MalformedTag, etag, tagged
from itti.http.languages import request_language
from itti.http.openapi import problems
from itti.http.paging import PAGED, MalformedCursor, Page, PagingOf, link_next
from itti.http.sparse import Fields, fields_of
from itti.http.transactions import Transaction
from itti.queue.rows import JobState
from itti.webhooks import service
from itti.webhooks.errors import (
    DeliveryUnderWay,
    NoSuchDelivery,
    NoSuchWebhook,
    TooManyWebhooks,
    WebhookAddressUnsafe,
)
from itti.webhooks.schemas import DeliveryView, ReplayInput, ReplayView, WebhookInput, WebhookSecretView, WebhookView
from itti.webhooks.tables import Webhook

router = APIRouter(tags=["events"])

DeliveryFields = Annotated[Fields, Depends(fields_of(DeliveryView))]

_OWN = problems(*ENTRY, NoSuchWebhook)


def _tagged(response: Response, row: Webhook) -> WebhookView:
    """A webhook as it is shown, with the entity tag that a change has to name."""
    response.headers["ETag"] = etag(row.version)
    return WebhookView.of(row)


@router.get(
    "/webhooks",
    operation_id="listWebhooks",
    summary="List the webhooks of one's own office, body or factory",
    responses=problems(*ENTRY),
)
def list_webhooks(session: Transaction, act: SignedIn) -> list[WebhookView]:
    """The oldest first."""
    return [WebhookView.of(row) for row in service.webhooks(session, act)]


@router.post(
    "/webhooks",
    status_code=status.HTTP_201_CREATED,
    operation_id="addWebhook",
    summary="Have an address told of events from now on",
    responses=problems(*FRESH_ENTRY, TooManyWebhooks, WebhookAddressUnsafe),
)
def add_webhook(
    given: WebhookInput, response: Response, session: Transaction, act: SignedIn, settings: SettingsOf
) -> WebhookSecretView:
    """The office hears of all assessments, a factory of its own, a body of those it makes, reviews or hears.

    Everybody of the same office, body or factory may see to it. The secret is shown this once.
    """
    made = service.add(session, act, settings, given)
    response.headers["Cache-Control"] = "no-store"
    return WebhookSecretView.with_secret(made.webhook, made.secret)


@router.get(
    "/webhooks/{webhook_id}", operation_id="readWebhook", summary="Read a webhook", responses=_OWN | tagged(200)
)
def read_webhook(webhook_id: UUID, response: Response, session: Transaction, act: SignedIn) -> WebhookView:
    """One of one's own office, body or factory, with its entity tag, which a change has to name."""
    return _tagged(response, service.webhook(session, act, webhook_id))


@router.put(
    "/webhooks/{webhook_id}",
    operation_id="changeWebhook",
    summary="Change where a webhook leads, and of what it tells",
    responses=problems(*FRESH_ENTRY, NoSuchWebhook, WebhookAddressUnsafe, Stale, PreconditionRequired, MalformedTag)
    | tagged(200),
)
def change_webhook(
    webhook_id: UUID,
    given: WebhookInput,
    response: Response,
    session: Transaction,
    act: SignedIn,
    settings: SettingsOf,
    expected: ExpectedVersion,
) -> WebhookView:
    """All fields are replaced; its secret stays. What waits to be delivered goes to the new address, at once.

    Another choice of events holds for those that happen from now on, and for those that wait while it rests.
    """
    return _tagged(response, service.change(session, act, settings, webhook_id, given, expected=expected))


@router.delete(
    "/webhooks/{webhook_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="removeWebhook",
    summary="Remove a webhook",
    responses=_OWN,
)
def remove_webhook(webhook_id: UUID, session: Transaction, act: SignedIn) -> None:
    """What was not delivered goes with it."""
    service.end(session, act, webhook_id)


@router.post(
    "/webhooks/{webhook_id}/pause",
    operation_id="pauseWebhook",
    summary="Let a webhook rest",
    responses=_OWN | tagged(200),
)
def pause_webhook(webhook_id: UUID, response: Response, session: Transaction, act: SignedIn) -> WebhookView:
    """What happens meanwhile is sent once it goes on."""
    return _tagged(response, service.pause(session, act, webhook_id))


@router.post(
    "/webhooks/{webhook_id}/resumption",
    operation_id="resumeWebhook",
    summary="Let a webhook go on",
    responses=_OWN | tagged(200),
)
def resume_webhook(webhook_id: UUID, response: Response, session: Transaction, act: SignedIn) -> WebhookView:
    """It is sent all that happened while it rested."""
    return _tagged(response, service.resume(session, act, webhook_id))


@router.post(
    "/webhooks/{webhook_id}/secret",
    operation_id="renewWebhookSecret",
    summary="Give a webhook a new secret",
    responses=problems(*FRESH_ENTRY, NoSuchWebhook),
)
def renew_secret(
    webhook_id: UUID, response: Response, session: Transaction, act: SignedIn, settings: SettingsOf
) -> WebhookSecretView:
    """For 24 hours calls carry a signature by each of both secrets. The new one is shown this once."""
    made = service.rotate(session, act, settings, webhook_id)
    response.headers["Cache-Control"] = "no-store"
    return WebhookSecretView.with_secret(made.webhook, made.secret)


@router.post(
    "/webhooks/{webhook_id}/test",
    status_code=status.HTTP_202_ACCEPTED,
    operation_id="testWebhook",
    summary="Send an event that says nothing",
    responses=_OWN,
)
def test_webhook(webhook_id: UUID, request: Request, session: Transaction, act: SignedIn) -> DeliveryView:
    """Its type is `webhook.test`. The deliveries of the webhook tell what became of it."""
    return DeliveryView.of(service.test(session, act, webhook_id), request_language(request))


@router.get(
    "/webhooks/{webhook_id}/deliveries",
    operation_id="listDeliveries",
    summary="List what was, is and could not be delivered to a webhook",
    responses=problems(*ENTRY, NoSuchWebhook, MalformedCursor) | PAGED,
    response_model=Page[DeliveryView],
)
def list_deliveries(
    webhook_id: UUID,
    request: Request,
    response: Response,
    session: Transaction,
    act: SignedIn,
    paging: PagingOf,
    fields: DeliveryFields,
    state: Annotated[JobState | None, Query(description="Only those in this state; `failed`: given up.")] = None,
) -> Page[DeliveryView] | Response:
    """The newest event first."""
    found = service.deliveries(session, act, webhook_id, paging, state)
    link_next(request, response, found.after)
    language = request_language(request)
    return fields.shown(Page[DeliveryView](items=[DeliveryView.of(row, language) for row in found.rows]), response)


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/retry",
    operation_id="retryDelivery",
    summary="Send one event again, or before its next try",
    responses=problems(*ENTRY, NoSuchWebhook, NoSuchDelivery, DeliveryUnderWay),
)
def retry_delivery(
    webhook_id: UUID, delivery_id: UUID, request: Request, session: Transaction, act: SignedIn
) -> DeliveryView:
    """Under the same name and with the same content, signed anew."""
    return DeliveryView.of(service.retry(session, act, webhook_id, delivery_id), request_language(request))


@router.post(
    "/webhooks/{webhook_id}/replay",
    status_code=status.HTTP_202_ACCEPTED,
    operation_id="replayEvents",
    summary="Send the events of a span of time again",
    responses=_OWN,
)
def replay_events(webhook_id: UUID, given: ReplayInput, session: Transaction, act: SignedIn) -> ReplayView:
    """Under the same names. Also for events of before the webhook was added, and with `failed` for all given up."""
    count = service.replay(session, act, webhook_id, given)
    return ReplayView(events=count)
