"""Footprints and partners over HTTP, for their owner; partners read at :mod:`itti.footprints.exchange`."""

from __future__ import annotations

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from itti.accounts.errors import WrongRole
from itti.engine.errors import EngineBusy
from itti.footprints import partners, receiving, service
from itti.footprints.errors import (
    FootprintDeprecated,
    FootprintInvalid,
    FootprintUnknown,
    NoSuchEvent,
    NoSuchMessage,
    NotComputed,
    PartnerAddressUnsafe,
    PartnerUnknown,
    PartnerUnreachable,
    TooManyPartners,
)
from itti.footprints.product import Standing
from itti.footprints.received import event, received
from itti.footprints.schemas import (
    FiltersInput,
    FootprintInput,
    FootprintView,
    InventoryInput,
    MessageView,
    NewPartnerView,
    PartnerInput,
    PartnerView,
    ReceivedEventView,
    RecipientsInput,
    WarningView,
)
from itti.footprints.shown import Received
from itti.http.bearer import ENTRY, FRESH_ENTRY, ReadsFootprints, SettingsOf, SignedIn, WritesFootprints
from itti.http.languages import request_language
from itti.http.openapi import problems
from itti.http.paging import PAGED, MalformedCursor, Page, PagingOf, link_next
from itti.http.transactions import Transaction
from itti.machines.errors import TooManyMachines
from questionnaires import wording

router = APIRouter(tags=["footprints"])

_KEPT = problems(*ENTRY, WrongRole, FootprintInvalid, FootprintUnknown, FootprintDeprecated)
_PARTNER = problems(*ENTRY, WrongRole, PartnerUnknown)


def _view(found: service.Shown) -> FootprintView:
    return FootprintView.of(found.row, own=found.own, partners=found.partners)


@router.get(
    "/footprints",
    operation_id="listFootprints",
    summary="List product carbon footprints",
    responses=problems(*ENTRY, WrongRole, MalformedCursor) | PAGED,
)
def list_footprints(
    request: Request,
    response: Response,
    session: Transaction,
    act: ReadsFootprints,
    paging: PagingOf,
    status: Annotated[Standing | None, Query(description="Only those of this status.")] = None,
) -> Page[FootprintView]:
    """The newest first: those of one's own body or factory, and those that were shared with it.

    Its owner says who reads a footprint; the programme office reads none.
    """
    found = service.footprints(session, act, paging, status)
    link_next(request, response, found.after)
    return Page[FootprintView](items=[_view(each) for each in found.rows])


@router.post(
    "/footprints",
    status_code=status.HTTP_201_CREATED,
    operation_id="enterFootprint",
    summary="Enter a product carbon footprint",
    responses=_KEPT,
)
def enter_footprint(
    given: FootprintInput, response: Response, session: Transaction, act: WritesFootprints
) -> FootprintView:
    """In the fields of PACT 3.0. Sums have to be exact. Nobody else reads it before it is shared.

    One that takes the place of another is shared with the same partners, and they are told.
    """
    made = service.enter(session, act, given)
    response.headers["Location"] = f"/api/v1/footprints/{made.row.id}"
    return _view(made)


@router.post(
    "/footprints/computed",
    status_code=status.HTTP_201_CREATED,
    operation_id="computeFootprint",
    summary="Compute a product carbon footprint from an inventory",
    responses=_KEPT | problems(EngineBusy),
)
def compute_footprint(
    given: InventoryInput, request: Request, response: Response, session: Transaction, act: WritesFootprints
) -> FootprintView:
    """Counted exactly, with published factors; inventory and calculation are kept, for the owner alone."""
    made = service.compute(session, act, given, request_language(request))
    response.headers["Location"] = f"/api/v1/footprints/{made.row.id}"
    return _view(made)


@router.get(
    "/footprints/{footprint_id}",
    operation_id="readFootprint",
    summary="Read a product carbon footprint",
    responses=problems(*ENTRY, WrongRole, FootprintUnknown),
)
def read_footprint(footprint_id: UUID, session: Transaction, act: ReadsFootprints) -> FootprintView:
    """One's own, or one that was shared."""
    return _view(service.one(session, act, footprint_id))


@router.get(
    "/footprints/{footprint_id}/calculation",
    operation_id="readFootprintCalculation",
    summary="Read how a footprint was counted",
    responses=problems(*ENTRY, WrongRole, FootprintUnknown, NotComputed),
)
def read_calculation(footprint_id: UUID, session: Transaction, act: ReadsFootprints) -> dict[str, Any]:
    """Every line with its factor, as `itti footprint --json` prints it. For the owner alone."""
    found: dict[str, Any] = json.loads(service.calculation(session, act, footprint_id))
    return found


@router.put(
    "/footprints/{footprint_id}/partners",
    operation_id="shareFootprint",
    summary="Say who may read a footprint",
    responses=problems(*ENTRY, WrongRole, FootprintUnknown, PartnerUnknown),
)
def share_footprint(footprint_id: UUID, given: RecipientsInput, session: Transaction, act: SignedIn) -> FootprintView:
    """In place of those before. Who could not read it before is told of it."""
    return _view(service.share(session, act, footprint_id, given.partners))


@router.post(
    "/footprints/{footprint_id}/deprecation",
    operation_id="deprecateFootprint",
    summary="Say that a footprint is not to be used any more",
    responses=problems(*ENTRY, WrongRole, FootprintUnknown, FootprintDeprecated),
)
def deprecate_footprint(footprint_id: UUID, session: Transaction, act: SignedIn) -> FootprintView:
    """For good, and with nothing in its place; who may read it still can, and is told."""
    return _view(service.deprecate(session, act, footprint_id))


@router.get(
    "/footprint-partners",
    operation_id="listFootprintPartners",
    summary="List one's partners",
    responses=problems(*ENTRY, WrongRole),
)
def list_partners(session: Transaction, act: SignedIn) -> list[PartnerView]:
    """Those of one's own body or factory, by name."""
    return [PartnerView.of(row) for row in partners.partners(session, act)]


@router.post(
    "/footprint-partners",
    status_code=status.HTTP_201_CREATED,
    operation_id="enterFootprintPartner",
    summary="Enter a partner to exchange footprints with",
    responses=problems(*FRESH_ENTRY, WrongRole, TooManyPartners, TooManyMachines, PartnerAddressUnsafe),
)
def enter_partner(
    given: PartnerInput, response: Response, session: Transaction, act: SignedIn, settings: SettingsOf
) -> NewPartnerView:
    """It reads what is shared with it, and nothing else. Its secret is shown in this answer alone."""
    made = partners.enter(session, act, settings, given)
    response.headers["Cache-Control"] = "no-store"
    return NewPartnerView.given(made)


@router.get(
    "/footprint-partners/{partner_id}",
    operation_id="readFootprintPartner",
    summary="Read a partner",
    responses=_PARTNER,
)
def read_partner(partner_id: UUID, session: Transaction, act: SignedIn) -> PartnerView:
    """One of one's own body or factory. Secrets are rotated where machines are."""
    return PartnerView.of(partners.partner(session, act, partner_id))


@router.delete(
    "/footprint-partners/{partner_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="removeFootprintPartner",
    summary="Have nothing to do with a partner any more",
    responses=_PARTNER,
)
def remove_partner(partner_id: UUID, session: Transaction, act: SignedIn) -> None:
    """At once: its tokens and its secret end, and what waits for it is not sent."""
    partners.end(session, act, partner_id)


@router.post(
    "/footprint-partners/{partner_id}/requests",
    status_code=status.HTTP_202_ACCEPTED,
    operation_id="requestFootprints",
    summary="Ask a partner for footprints",
    responses=problems(*ENTRY, WrongRole, PartnerUnknown, PartnerUnreachable),
)
def request_footprints(
    partner_id: UUID, given: FiltersInput, request: Request, session: Transaction, act: SignedIn
) -> MessageView:
    """Its answer comes as an event."""
    return MessageView.of(partners.ask(session, act, partner_id, given), request_language(request))


@router.get(
    "/footprint-partners/{partner_id}/messages",
    operation_id="listFootprintMessages",
    summary="List what was, is and could not be sent to a partner",
    responses=problems(*ENTRY, WrongRole, PartnerUnknown, MalformedCursor) | PAGED,
)
def list_messages(
    partner_id: UUID, request: Request, response: Response, session: Transaction, act: SignedIn, paging: PagingOf
) -> Page[MessageView]:
    """The newest first."""
    found = partners.messages(session, act, partner_id, paging)
    link_next(request, response, found.after)
    language = request_language(request)
    return Page[MessageView](items=[MessageView.of(row, language) for row in found.rows])


@router.post(
    "/footprint-partners/{partner_id}/messages/{message_id}/retry",
    operation_id="retryFootprintMessage",
    summary="Send an event again, or before its next try",
    responses=problems(*ENTRY, WrongRole, PartnerUnknown, NoSuchMessage),
)
def retry_message(
    partner_id: UUID, message_id: UUID, request: Request, session: Transaction, act: SignedIn
) -> MessageView:
    """Under the same id and with the same content."""
    return MessageView.of(partners.retry(session, act, partner_id, message_id), request_language(request))


@router.get(
    "/footprint-events",
    operation_id="listFootprintEvents",
    summary="List what partners sent",
    responses=problems(*ENTRY, WrongRole, MalformedCursor) | PAGED,
)
def list_events(
    request: Request, response: Response, session: Transaction, act: SignedIn, paging: PagingOf
) -> Page[ReceivedEventView]:
    """The newest first. Footprints of others are taken as they come; what does not hold in them is told."""
    found = received(session, act, paging)
    link_next(request, response, found.after)
    language = request_language(request)
    return Page[ReceivedEventView](items=[_event_view(each, language) for each in found.rows])


@router.get(
    "/footprint-events/{event_id}",
    operation_id="readFootprintEvent",
    summary="Read what a partner sent",
    responses=problems(*ENTRY, WrongRole, NoSuchEvent),
)
def read_event(event_id: UUID, request: Request, session: Transaction, act: SignedIn) -> ReceivedEventView:
    """With what was sent back to it, or which request it answers."""
    return _event_view(event(session, act, event_id), request_language(request))


def _event_view(found: Received, language: str) -> ReceivedEventView:
    told = [
        WarningView(
            pointer=each.pointer,
            code=each.key,
            detail=wording.say(each.room, f"field.{each.key}", language, **each.details),
        )
        for each in receiving.warnings(found.row)
    ]
    return ReceivedEventView.of(found, told, language)
