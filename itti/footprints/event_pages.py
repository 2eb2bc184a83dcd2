"""The exchange with partners as pages: what each sent and what became of it, and what was sent to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from itti.footprints import partners, received, receiving
from itti.footprints.errors import NoSuchMessage
from itti.footprints.schemas import MessageView
from itti.footprints.shown import Received
from itti.footprints.tables import EventName, FootprintMessage
from itti.http.paging import Paging, PagingOf
from itti.queue.rows import JobState
from itti.web.visits import Member
from questionnaires import wording

router = APIRouter()

EVENTS: Final = "/footprint-events"
_PARTNER: Final = "/footprint-partners/{partner_id}"
_AGAIN: Final = frozenset({JobState.FAILED, JobState.WAITING, JobState.DONE})
_FEW: Final = Paging(10, None)
_LONGEST: Final = 200
_FILTERS: Final = (
    "productId",
    "companyId",
    "geography",
    "classification",
    "status",
    "validOn",
    "validAfter",
    "validBefore",
)
_SHOWN: Final = {"product": "productNameCompany", "company": "companyName", "id": "id"}


@router.get(EVENTS)
def list_events(visit: Member, paging: PagingOf) -> Response:
    """What partners sent, the newest first."""
    found = received.received(visit.session, visit.act, paging)
    more = None if found.after is None else f"{EVENTS}?after={found.after}"
    return visit.show("footprints/events.html", rows=[_became(each) for each in found.rows], next_page=more)


@router.get(f"{EVENTS}/{{event_id}}")
def show_event(event_id: UUID, visit: Member) -> Response:
    """One event: what it holds, what does not hold in it, and what was sent back."""
    found = received.event(visit.session, visit.act, event_id)
    wrong = [
        (each.pointer, wording.say(each.room, f"field.{each.key}", visit.language, **each.details))
        for each in receiving.warnings(found.row)
    ]
    return visit.show(
        "footprints/event.html",
        one=_became(found),
        wrong=wrong,
        footprints=[_footprint(each) for each in _sent(found.data)],
        filters=[(name, _texts(found.data[name])) for name in _FILTERS if found.data.get(name)],
        answer=None if found.answer is None else MessageView.of(found.answer, visit.language),
    )


@router.get(_PARTNER)
def show_partner(partner_id: UUID, visit: Member, paging: PagingOf) -> Response:
    """A partner: what was, is and could not be sent to it, and what it sent last."""
    row = partners.partner(visit.session, visit.act, partner_id)
    found = partners.messages(visit.session, visit.act, partner_id, paging)
    last = received.received(visit.session, visit.act, _FEW, partner_id)
    address = f"/footprint-partners/{row.id}"
    return visit.show(
        "footprints/partner.html",
        partner=row,
        address=address,
        rows=[MessageView.of(each, visit.language) for each in found.rows],
        again={each.value for each in _AGAIN},
        next_page=None if found.after is None else f"{address}?after={found.after}",
        sent=[_became(each) for each in last.rows],
    )


@router.post(f"{_PARTNER}/messages/{{message_id}}/retry")
def retry_message(partner_id: UUID, message_id: UUID, visit: Member) -> Response:
    """Send an event again, or before its next try."""
    try:
        partners.retry(visit.session, visit.act, partner_id, message_id)
    except NoSuchMessage:
        row = visit.session.get(FootprintMessage, message_id)
        if row is None or row.partner_id != partner_id:
            raise
        return visit.go(f"/footprint-partners/{partner_id}", "delivery-under-way")
    return visit.go(f"/footprint-partners/{partner_id}", "event-sent-again")


def _became(found: Received) -> Mapping[str, Any]:
    """An event in few words: how many footprints it names or brings, and how many its answer brought."""
    count = len(found.data["pfIds"]) if found.row.name is EventName.PUBLISHED else len(_sent(found.data))
    answer = found.answer
    return {
        "shown": found,
        "count": count,
        "warnings": sum(1 for _ in receiving.warnings(found.row)),
        "answered": None if answer is None else answer.state.value,
        "given": _given(answer),
        "error": found.data["error"] if found.row.name is EventName.REJECTED else None,
    }


def _given(answer: FootprintMessage | None) -> int | None:
    """How many footprints an answer brought; None: there is none."""
    return None if answer is None else len(_sent(received.data_of(answer)))


def _sent(data: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = data.get("pfs", ())
    return found


def _footprint(sent: Mapping[str, Any]) -> Mapping[str, str]:
    """What somebody else's footprint says of itself; whatever is no text there is left out."""
    pcf = sent.get("pcf")
    inner: Mapping[str, Any] = pcf if isinstance(pcf, dict) else {}
    told = {name: sent.get(field) for name, field in _SHOWN.items()}
    told |= {"total": inner.get("pcfExcludingBiogenicUptake"), "amount": inner.get("declaredUnitAmount")}
    told |= {"unit": inner.get("declaredUnitOfMeasurement")}
    return {name: value[:_LONGEST] if isinstance(value, str) else "" for name, value in told.items()}


def _texts(value: object) -> Sequence[str]:
    return [str(each)[:_LONGEST] for each in (value if isinstance(value, list) else [value])]
