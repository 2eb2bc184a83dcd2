"""Webhooks as pages: added, tried, paused, given other secrets; and what became of each event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from itti.acts import Act
from itti.errors import FieldMistake
from itti.events.kinds import OF_MOVES, EventKind
from itti.http.errors import InvalidInput, Stale
from itti.http.paging import Paging, PagingOf
from itti.queue.rows import JobState
from itti.web.forms import Form, Posted, day_text, taken, typed, version_in
from itti.web.visits import Member, Visit
from itti.webhooks import service
from itti.webhooks.errors import ROOM, WebhookAddressUnsafe
from itti.webhooks.schemas import TEST, DeliveryView, ReplayInput, WebhookInput
from itti.webhooks.tables import Webhook
from questionnaires.errors import Fault

router = APIRouter()

PAGE: Final = "/webhooks"
_ONE: Final = f"{PAGE}/{{webhook_id}}"
_NEW: Final = ("address", "label")
_SPAN: Final = ("first", "last")
_KIND: Final = "type."
_AGAIN: Final = frozenset({JobState.FAILED, JobState.WAITING, JobState.DONE})
_FIRST_PAGE: Final = Paging(50, None)
_EARLIEST: Final = date(2000, 1, 1)
_LATEST: Final = date(2999, 12, 31)

_AS_IN_HISTORY: Final = {EventKind.PLANNED.value: "past.planned"} | {
    kind.value: f"past.{move.value}" for move, kind in OF_MOVES.items()
}
"""What happened to an assessment is called as in its history."""


@router.get(PAGE)
def list_webhooks(visit: Member) -> Response:
    """Those of one's own office, body or factory, and a form for another one."""
    return _list(visit)


@router.post(PAGE)
def add_webhook(posted: Posted, visit: Member) -> Response:
    """Add one; its secret is shown on the page that answers, and never again."""
    chosen = _chosen(posted)
    try:
        given = taken(WebhookInput, posted, _NEW, defaults={"types": chosen})
        made = service.add(visit.session, visit.act, visit.settings, given)
    except Fault as fault:
        visit.undo(fault)
        form = Form.refused(typed(posted, _NEW) | {"types": chosen}, fault, visit.language)
        return _list(visit, getattr(fault, "status", 422), form)
    return _one(visit, made.webhook, 201, secret=made.secret)


@router.get(_ONE)
def show_webhook(webhook_id: UUID, visit: Member, paging: PagingOf, state: JobState | None = None) -> Response:
    """One of them, with what was, is and could not be delivered to it."""
    return _one(visit, service.webhook(visit.session, visit.act, webhook_id), paging=paging, state=state)


@router.get(f"{_ONE}/change")
def webhook_form(webhook_id: UUID, visit: Member) -> Response:
    """The form to change where it leads, what it is called and of what it tells."""
    row = service.webhook(visit.session, visit.act, webhook_id)
    entered = {"address": row.address, "label": row.label, "types": row.kinds, "version": row.version}
    return _change(visit, row, Form(entered))


@router.post(f"{_ONE}/change")
def change_webhook(webhook_id: UUID, posted: Posted, visit: Member) -> Response:
    """Change it. Its secret stays."""
    chosen = _chosen(posted)
    try:
        given = taken(WebhookInput, posted, _NEW, defaults={"types": chosen})
        expected = version_in(posted) or 0
        service.change(visit.session, visit.act, visit.settings, webhook_id, given, expected=expected)
    except (InvalidInput, Stale, WebhookAddressUnsafe) as fault:
        visit.undo(fault)
        row = service.webhook(visit.session, visit.act, webhook_id)
        form = Form.refused(typed(posted, _NEW) | {"types": chosen}, fault, visit.language)
        # Whoever sends the form again has seen the sentence that somebody else changed it.
        return _change(visit, row, Form({**form.values, "version": row.version}, form.errors), fault.status)
    return visit.go(f"{PAGE}/{webhook_id}", "webhook-changed")


@router.post(f"{_ONE}/secret")
def renew_secret(webhook_id: UUID, visit: Member) -> Response:
    """Give it another secret; shown on the page that answers, and never again."""
    made = service.rotate(visit.session, visit.act, visit.settings, webhook_id)
    return _one(visit, made.webhook, 201, secret=made.secret)


@router.post(f"{_ONE}/test")
def test_webhook(webhook_id: UUID, visit: Member) -> Response:
    """Send an event that says nothing."""
    return _done(visit, webhook_id, service.test, "webhook-test-sent")


@router.post(f"{_ONE}/pause")
def pause_webhook(webhook_id: UUID, visit: Member) -> Response:
    """Let it rest."""
    return _done(visit, webhook_id, service.pause, "webhook-paused")


@router.post(f"{_ONE}/resumption")
def resume_webhook(webhook_id: UUID, visit: Member) -> Response:
    """Let it go on."""
    return _done(visit, webhook_id, service.resume, "webhook-resumed")


@router.post(f"{_ONE}/removal")
def remove_webhook(webhook_id: UUID, visit: Member) -> Response:
    """Remove it, with what was not delivered."""
    service.end(visit.session, visit.act, webhook_id)
    return visit.go(PAGE, "webhook-removed")


@router.post(f"{_ONE}/deliveries/{{delivery_id}}/retry")
def retry_delivery(webhook_id: UUID, delivery_id: UUID, visit: Member) -> Response:
    """Send one event again, or before its next try."""
    try:
        service.retry(visit.session, visit.act, webhook_id, delivery_id)
    except Fault as fault:
        if getattr(fault, "status", 500) != 409:
            raise
        return visit.go(f"{PAGE}/{webhook_id}", "delivery-under-way")
    return visit.go(f"{PAGE}/{webhook_id}", "event-sent-again")


@router.post(f"{_ONE}/replay")
def replay_events(webhook_id: UUID, posted: Posted, visit: Member) -> Response:
    """Send the events of a span of days again."""
    try:
        asked = _span(posted, visit)
        service.replay(visit.session, visit.act, webhook_id, asked)
    except InvalidInput as fault:
        visit.undo(fault)
        values = typed(posted, _SPAN) | {"failed": bool(posted.get("failed"))}
        form = Form.refused(values, fault, visit.language)
        return _one(visit, service.webhook(visit.session, visit.act, webhook_id), fault.status, form)
    return visit.go(f"{PAGE}/{webhook_id}", "events-sent-again")


def _span(posted: dict[str, str], visit: Visit) -> ReplayInput:
    """The days asked for, from the first moment of the first to the last of the last, on the reader's clock.

    Raises:
        InvalidInput: one of them is none, or they stand the wrong way round.
    """
    texts = {name: day_text(posted.get(name, "")) for name in _SPAN}
    written = {name: date.fromisoformat(text) for name, text in texts.items() if text is not None}
    days = {name: day for name, day in written.items() if _EARLIEST <= day <= _LATEST}
    wrong = [FieldMistake(f"/{name}", "no-day", {}, ROOM) for name in _SPAN if name not in days]
    if not wrong and days["last"] < days["first"]:
        wrong = [FieldMistake("/last", "before-first-day", {}, ROOM)]
    if wrong:
        raise InvalidInput.of(*wrong)
    zone = visit.reckoning.zone
    since, until = (datetime.combine(day, time(), zone) for day in (days["first"], days["last"] + timedelta(days=1)))
    return ReplayInput(since=since, until=until, failed=bool(posted.get("failed")))


def _chosen(posted: dict[str, str]) -> list[str]:
    """The events that are ticked."""
    return [name.removeprefix(_KIND) for name in posted if name.startswith(_KIND)]


def _kinds(visit: Visit) -> list[tuple[str, str]]:
    return [(kind.value, _called(visit, kind.value)) for kind in EventKind]


def _change(visit: Visit, webhook: Webhook, form: Form, status: int = 200) -> Response:
    return visit.show("webhooks/change.html", status, webhook=webhook, kinds=_kinds(visit), form=form)


def _called(visit: Visit, kind: str) -> str:
    return visit.say(_AS_IN_HISTORY.get(kind, f"event.{kind}")) if kind in {TEST, *EventKind} else kind


def _done(visit: Visit, webhook_id: UUID, work: Callable[[Session, Act, UUID], object], notice: str) -> Response:
    work(visit.session, visit.act, webhook_id)
    return visit.go(f"{PAGE}/{webhook_id}", notice)


def _list(visit: Visit, status: int = 200, form: Form | None = None) -> Response:
    shown = service.webhooks(visit.session, visit.act)
    return visit.show(
        "webhooks/list.html",
        status,
        webhooks=shown,
        given_up=service.given_up(visit.session, visit.act),
        kinds=_kinds(visit),
        form=form or Form({"types": []}),
    )


def _one(
    visit: Visit,
    webhook: Webhook,
    status: int = 200,
    form: Form | None = None,
    *,
    secret: str | None = None,
    paging: Paging = _FIRST_PAGE,
    state: JobState | None = None,
) -> Response:
    found = service.deliveries(visit.session, visit.act, webhook.id, paging, state)
    address = f"{PAGE}/{webhook.id}"
    query = "" if state is None else f"state={state.value}&"
    overlaps = webhook.earlier_until is not None and visit.act.at < webhook.earlier_until
    return visit.show(
        "webhooks/one.html",
        status,
        webhook=webhook,
        address=address,
        new_secret=secret,
        earlier_until=webhook.earlier_until if overlaps else None,
        rows=[DeliveryView.of(row, visit.language) for row in found.rows],
        kind_words=partial(_called, visit),
        again={each.value for each in _AGAIN},
        chosen=None if state is None else state.value,
        states=[each.value for each in JobState],
        next_page=f"{address}?{query}after={found.after}" if found.after else None,
        form=form or Form(),
    )
