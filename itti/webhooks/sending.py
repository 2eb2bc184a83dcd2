"""From the record to receivers: events become deliveries, deliveries are claimed, called and marked.

At least once: an event is marked as delivered after its receiver has said so; a process that is killed in between
calls once more under the same name. One call at a time for each webhook, so that a receiver that hangs keeps one
worker busy and holds nobody else up.
"""

from __future__ import annotations

import http.client
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from itti import locks
from itti.accounts.tables import Role, User
from itti.acts import Act, now
from itti.assessments.tables import Assessment
from itti.audit.service import record
from itti.database import Database
from itti.events.feed import Happening, Wanted, length, stretch
from itti.events.kinds import EventKind
from itti.events.schemas import EventView
from itti.programme import rules
from itti.queue.claims import Patience, Queue, ask_again
from itti.queue.rows import JobState
from itti.queue.worker import Trade, Worker
from itti.settings import Settings
from itti.webhooks.addresses import target_of
from itti.webhooks.calling import call
from itti.webhooks.errors import ReceiverFailed, WebhookSecretUnreadable
from itti.webhooks.signing import headers
from itti.webhooks.tables import Delivery, Webhook
from questionnaires.errors import Fault

PURPOSE: Final = "webhook"
"""What secrets are locked for."""

TRIES: Final = 16
"""After so many tries an event is given up: about three days, with waits that double from half a minute to 12 hours."""

_AT_A_TIME: Final = 200
_GONE: Final = 410
_TAKEN: Final = range(200, 300)

Clock = Callable[[], datetime]

_logger = logging.getLogger("itti")


def _is_free(at: datetime) -> sa.ColumnElement[bool]:
    """A delivery whose webhook does not rest, and is not being called."""
    busy = aliased(Delivery)
    called = sa.exists().where(
        col(busy.webhook_id) == col(Delivery.webhook_id),
        col(busy.state) == JobState.WORKING,
        col(busy.claimed_until) >= at,
    )
    rests = sa.exists().where(col(Webhook.id) == col(Delivery.webhook_id), col(Webhook.paused_at).is_not(None))
    return sa.and_(sa.not_(called), sa.not_(rests))


QUEUE: Final = Queue(
    Delivery,
    lambda: ReceiverFailed(host="–", reason="killed", retryable=False),
    (col(Delivery.place).asc(),),
    Patience(first=timedelta(seconds=30), longest=timedelta(hours=12)),
    _is_free,
)
"""All deliveries; of those due at once the oldest event comes first."""


@dataclass(frozen=True)
class InHand:
    """A delivery that this process has claimed."""

    claim: UUID
    row: Delivery
    webhook: Webhook


def concerned(webhook: Webhook) -> sa.ColumnElement[bool]:
    """The assessments of which a webhook is told: all, those of its factory, or those its body has a part in."""
    if webhook.role is Role.PROGRAMME:
        return sa.true()
    if webhook.role is Role.FACTORY:
        return col(Assessment.factory_id) == webhook.factory_id
    members = select(User.id).where(User.body_id == webhook.body_id)
    parts = [col(part).in_(members) for part in (Assessment.reviewer_id, Assessment.hearer_id)]
    return sa.or_(col(Assessment.body_id) == webhook.body_id, *parts)


def take_up(database: Database, clock: Clock = now) -> int:
    """Make deliveries of the events that came since; returns how many."""
    with database.reading() as session:
        if session.exec(_behind(length(session)).limit(1)).first() is None:
            return 0
    with database.writing() as session:
        rows = session.exec(_behind(length(session)).with_for_update(skip_locked=True)).all()
        return sum(_take_up(session, row, clock()) for row in rows)


def _behind(end: int) -> SelectOfScalar[Webhook]:
    return select(Webhook).where(col(Webhook.paused_at).is_(None), col(Webhook.place) < end)


def _take_up(session: Session, webhook: Webhook, at: datetime) -> int:
    found = stretch(session, concerned(webhook), webhook.place, _AT_A_TIME, wanted_by(webhook))
    for event in found.events:
        enqueue(session, webhook, event, at)
    webhook.place = found.after
    session.add(webhook)
    session.flush()
    return len(found.events)


def wanted_by(webhook: Webhook) -> Wanted:
    """The events that a webhook asked for."""
    return Wanted(frozenset(EventKind(kind) for kind in webhook.kinds))


def enqueue(session: Session, webhook: Webhook, event: Happening, at: datetime) -> Delivery:
    """Have an event delivered: for the first time, or once more under the same name."""
    view = EventView.of(event)
    held = select(Delivery).where(Delivery.webhook_id == webhook.id, Delivery.event == view.id)
    row = session.exec(held.with_for_update()).one_or_none()
    if row is None:
        row = Delivery(
            state=JobState.WAITING,
            next_try=at,
            webhook_id=webhook.id,
            event=view.id,
            place=event.place,
            kind=view.type.value,
            content=view.model_dump_json(),
            created_at=at,
        )
    elif row.state is not JobState.WORKING:
        ask_again(row, at)
    session.add(row)
    return row


def hasten(session: Session, webhook: UUID, at: datetime) -> None:
    """Let all that waits for its next try be due at once, as if for the first time."""
    afresh = {"next_try": at, "attempts": 0, "breakdowns": 0, "reason": sa.null()}
    waiting = sa.update(Delivery).where(col(Delivery.webhook_id) == webhook, col(Delivery.state) == JobState.WAITING)
    session.execute(waiting.values(**afresh).execution_options(synchronize_session=False))


def take(database: Database, clock: Clock = now) -> InHand | None:
    """Take up what is new, and claim the next delivery, if any is due."""
    take_up(database, clock)
    with database.reading() as session:
        if not QUEUE.is_anything_due(session, clock()):
            return None
    with database.writing() as session:
        row = QUEUE.claim(session, clock())
        if row is None or row.claim is None:
            return None
        webhook = session.get_one(Webhook, row.webhook_id)
        session.expunge_all()
        return InHand(row.claim, row, webhook)


def send(database: Database, settings: Settings, taken: InHand, clock: Clock = now) -> None:
    """Call a receiver and mark the delivery; a failure is noted with it."""
    status: int | None = None
    fault: Fault | None = None
    try:
        status = _called(settings, taken, clock())
        if status not in _TAKEN:
            fault = _failed(taken, f"HTTP {status}", again=status != _GONE)
    except Fault as error:
        fault = error if taken.row.attempts < TRIES else _failed(taken, error.code)
    except (OSError, http.client.HTTPException) as error:
        fault = _failed(taken, getattr(error, "strerror", None) or str(error) or type(error).__name__)
    with database.writing() as session:
        noted = sa.update(Delivery).where(col(Delivery.claim) == taken.claim).values(status=status)
        session.execute(noted.execution_options(synchronize_session=False))
        if fault is None:
            QUEUE.finish(session, taken.claim, clock())
        elif QUEUE.put_off(session, taken.claim, fault, clock()) is not None:
            _logger.warning("an event was not delivered to a webhook (%s)", fault.code)
        if status == _GONE:
            _rest(session, taken.webhook.id, clock())


def _rest(session: Session, identifier: UUID, at: datetime) -> None:
    """Let a webhook rest whose receiver says that it is gone for good."""
    row = session.get(Webhook, identifier, with_for_update=True)
    if row is not None and row.paused_at is None:
        row.paused_at = at
        row.version += 1
        session.add(row)
        record(session, Act(None, at, zone=rules(session).zone), "webhook.paused", "webhook", row.id, status=_GONE)


def _failed(taken: InHand, reason: str, *, again: bool = True) -> ReceiverFailed:
    host = taken.webhook.address.split("/")[2]
    return ReceiverFailed(host=host, reason=reason[:200], retryable=again and taken.row.attempts < TRIES)


def _called(settings: Settings, taken: InHand, at: datetime) -> int:
    private = settings.webhook_private
    content = taken.row.content.encode()
    signed = headers(_secrets(settings, taken.webhook, at), taken.row.event, at, content)
    return call(target_of(taken.webhook.address, private=private), content, signed, private=private)


def _secrets(settings: Settings, webhook: Webhook, at: datetime) -> list[str]:
    kept = [webhook.secret]
    if webhook.earlier_secret and webhook.earlier_until and at < webhook.earlier_until:
        kept.append(webhook.earlier_secret)
    try:
        return [locks.unlocked(settings, PURPOSE, each) for each in kept]
    except locks.Unreadable as error:
        raise WebhookSecretUnreadable from error


def worker(database: Database, settings: Settings) -> Worker[InHand]:
    """Who calls, several receivers at a time, from its start to its stop."""
    trade = Trade("webhooks", QUEUE, partial(take, database), partial(send, database, settings))
    return Worker(database, trade, settings.webhook_hands)
