"""The front door of this room: webhooks of one's own office, body or factory, and what is delivered to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti import locks
from itti.accounts.roles import require, require_fresh
from itti.accounts.tables import User
from itti.acts import Act
from itti.audit.service import record
from itti.audit.tables import Event
from itti.events.feed import length, stretch
from itti.http.errors import Stale
from itti.http.paging import Paging, Slice, cut
from itti.queue.claims import ask_again
from itti.queue.rows import JobState
from itti.settings import Settings
from itti.webhooks.addresses import check_host, target_of
from itti.webhooks.errors import (
    DeliveryUnderWay,
    NoSuchDelivery,
    NoSuchWebhook,
    TooManyWebhooks,
)
from itti.webhooks.schemas import TEST, ReplayInput, TestContent, WebhookInput, WebhookView
from itti.webhooks.sending import PURPOSE, concerned, enqueue, hasten, wanted_by
from itti.webhooks.signing import new_secret
from itti.webhooks.tables import Delivery, Webhook

MOST: Final = 10
"""Webhooks of one office, body or factory."""

OVERLAP: Final = timedelta(hours=24)
"""How long the secret before a rotation signs beside the new one."""

_PAGE: Final = 200


@dataclass(frozen=True)
class Secret:
    """A webhook with its secret, which is told this once."""

    webhook: Webhook
    secret: str


def add(session: Session, act: Act, settings: Settings, given: WebhookInput) -> Secret:
    """Have an address told of what happens from now on.

    Raises:
        SignInNeeded: a stranger.
        FreshSignInNeeded: the proof of who asks is too old.
        TooManyWebhooks: there are as many as there may be.
        WebhookAddressUnsafe: the address may not be called.
    """
    actor = require(act)
    require_fresh(act)
    check_host(target_of(given.address, private=settings.webhook_private), private=settings.webhook_private)
    count = session.exec(select(sa.func.count(col(Webhook.id))).where(_own(actor))).one()
    if count >= MOST:
        raise TooManyWebhooks(most=MOST)
    secret = new_secret()
    row = Webhook(
        role=actor.role,
        body_id=actor.body_id,
        factory_id=actor.factory_id,
        label=given.label,
        address=given.address,
        kinds=sorted({kind.value for kind in given.types}),
        secret=locks.locked(settings, PURPOSE, secret),
        place=length(session),
        created_by=actor.id,
        created_at=act.at,
    )
    session.add(row)
    session.flush()
    record(session, act, "webhook.added", "webhook", row.id, host=_host(row), types=row.kinds)
    return Secret(row, secret)


def webhooks(session: Session, act: Act) -> Sequence[Webhook]:
    """Those of one's own office, body or factory, the oldest first."""
    own = select(Webhook).where(_own(require(act)))
    return session.exec(own.order_by(col(Webhook.created_at), col(Webhook.id))).all()


def webhook(session: Session, act: Act, identifier: UUID, *, hold: bool = False) -> Webhook:
    """One of one's own.

    Raises:
        SignInNeeded: a stranger.
        NoSuchWebhook: none, or none of one's own.
    """
    statement = select(Webhook).where(col(Webhook.id) == identifier, _own(require(act)))
    if hold:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NoSuchWebhook(webhook=str(identifier))
    return found


def _host(row: Webhook) -> str:
    """What the record keeps of an address: the rest of it may let somebody in."""
    return urlsplit(row.address).hostname or ""


def _own(actor: User) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(Webhook.role) == actor.role,
        col(Webhook.body_id).is_not_distinct_from(actor.body_id),
        col(Webhook.factory_id).is_not_distinct_from(actor.factory_id),
    )


def change(  # noqa: PLR0913 - what a change is made of
    session: Session, act: Act, settings: Settings, identifier: UUID, given: WebhookInput, *, expected: int
) -> Webhook:
    """Put another address, name or choice of events in the place of those that the writer saw in ``expected``.

    Its secret stays. What waits to be delivered goes to the new address, and at once, as if for the first time; a call
    that is being made is not called back.

    Raises:
        NoSuchWebhook: none, or none of one's own.
        Stale: it has another version by now.
        FreshSignInNeeded: the address is another one, and the proof of who asks is too old.
        WebhookAddressUnsafe: the address may not be called.
    """
    row = webhook(session, act, identifier, hold=True)
    if row.version != expected:
        raise Stale.against(version=row.version, current=WebhookView.of(row))
    moves = given.address != row.address
    if moves:
        require_fresh(act)
        check_host(target_of(given.address, private=settings.webhook_private), private=settings.webhook_private)
    before = _host(row)
    row.address, row.label = given.address, given.label
    row.kinds = sorted({kind.value for kind in given.types})
    row.version += 1
    session.add(row)
    session.flush()
    if moves:
        hasten(session, row.id, act.at)
    record(session, act, "webhook.changed", "webhook", row.id, host=_host(row), host_before=before, types=row.kinds)
    return row


def pause(session: Session, act: Act, identifier: UUID) -> Webhook:
    """Let a webhook rest. What happens meanwhile is delivered once it goes on."""
    row = webhook(session, act, identifier, hold=True)
    if row.paused_at is None:
        row.paused_at = act.at
        row.version += 1
        session.add(row)
        record(session, act, "webhook.paused", "webhook", row.id)
    return row


def resume(session: Session, act: Act, identifier: UUID) -> Webhook:
    """Let a webhook go on."""
    row = webhook(session, act, identifier, hold=True)
    if row.paused_at is not None:
        row.paused_at = None
        row.version += 1
        session.add(row)
        record(session, act, "webhook.resumed", "webhook", row.id)
    return row


def rotate(session: Session, act: Act, settings: Settings, identifier: UUID) -> Secret:
    """Give a webhook a new secret; the one before signs beside it for a day.

    Raises:
        NoSuchWebhook: none, or none of one's own.
        FreshSignInNeeded: the proof of who asks is too old.
    """
    row = webhook(session, act, identifier, hold=True)
    require_fresh(act)
    secret = new_secret()
    row.earlier_secret, row.earlier_until = row.secret, act.at + OVERLAP
    row.secret = locks.locked(settings, PURPOSE, secret)
    row.version += 1
    session.add(row)
    record(session, act, "webhook.secret-renewed", "webhook", row.id)
    return Secret(row, secret)


def end(session: Session, act: Act, identifier: UUID) -> None:
    """Remove a webhook, and with it what was and was not delivered."""
    row = webhook(session, act, identifier, hold=True)
    session.delete(row)
    session.flush()
    record(session, act, "webhook.removed", "webhook", identifier, host=_host(row))


def test(session: Session, act: Act, identifier: UUID) -> Delivery:
    """Have an event delivered that says nothing, to see whether it arrives."""
    row = webhook(session, act, identifier)
    content = TestContent(id=f"evt_test_{uuid4().hex}", timestamp=act.at)
    made = Delivery(
        state=JobState.WAITING,
        next_try=act.at,
        webhook_id=row.id,
        event=content.id,
        place=row.place,
        kind=TEST,
        content=content.model_dump_json(),
        created_at=act.at,
    )
    session.add(made)
    session.flush()
    return made


def deliveries(
    session: Session, act: Act, identifier: UUID, paging: Paging, state: JobState | None = None
) -> Slice[Delivery]:
    """What was, is and could not be delivered to a webhook, the newest event first.

    Raises:
        NoSuchWebhook: none, or none of one's own.
        MalformedCursor: ``paging`` was not made here.
    """
    statement = select(Delivery).where(Delivery.webhook_id == webhook(session, act, identifier).id)
    if state is not None:
        statement = statement.where(Delivery.state == state)
    keys = (col(Delivery.place), col(Delivery.created_at), col(Delivery.id))
    return cut(session, statement, keys, paging, descending=True)


def given_up(session: Session, act: Act) -> dict[UUID, int]:
    """How many events were given up, by webhook; those of one's own that have any."""
    count = sa.func.count(col(Delivery.id))
    statement = (
        select(Delivery.webhook_id, count)
        .join(Webhook, col(Webhook.id) == Delivery.webhook_id)
        .where(_own(require(act)), Delivery.state == JobState.FAILED)
        .group_by(col(Delivery.webhook_id))
    )
    return dict(session.exec(statement).all())


def retry(session: Session, act: Act, identifier: UUID, delivery: UUID) -> Delivery:
    """Have one event delivered now: again, or before its next try.

    Raises:
        NoSuchWebhook, NoSuchDelivery: as they say.
        DeliveryUnderWay: it is being made.
    """
    row = session.get(Delivery, delivery, with_for_update=True)
    if row is None or row.webhook_id != webhook(session, act, identifier).id:
        raise NoSuchDelivery(delivery=str(delivery))
    if row.state is JobState.WORKING:
        raise DeliveryUnderWay(delivery=str(delivery))
    ask_again(row, act.at)
    session.add(row)
    record(session, act, "webhook.sent-again", "webhook", identifier, event=row.event)
    return row


def replay(session: Session, act: Act, identifier: UUID, asked: ReplayInput) -> int:
    """Have the events of a span of time delivered again, under their old names; returns how many.

    Those that were given up alone, or all that the webhook wants, of before it was there, too.

    Raises:
        NoSuchWebhook: none, or none of one's own.
    """
    row = webhook(session, act, identifier, hold=True)
    send_again = _again if asked.failed else _all
    count = send_again(session, act, row, asked.since, asked.until)
    span = {"since": asked.since.isoformat(), "until": asked.until.isoformat()}
    record(session, act, "webhook.replayed", "webhook", identifier, **span, events=count, failed=asked.failed)
    return count


def _again(session: Session, act: Act, row: Webhook, since: datetime, until: datetime) -> int:
    statement = select(Delivery).where(
        Delivery.webhook_id == row.id,
        Delivery.state == JobState.FAILED,
        col(Delivery.created_at) >= since,
        col(Delivery.created_at) < until,
    )
    given_up = session.exec(statement.with_for_update()).all()
    for each in given_up:
        ask_again(each, act.at)
        session.add(each)
    return len(given_up)


def _all(session: Session, act: Act, row: Webhook, since: datetime, until: datetime) -> int:
    span = sa.and_(concerned(row), col(Event.at) >= since, col(Event.at) < until, col(Event.position) < row.place)
    count, after, more = 0, 0, True
    while more:
        found = stretch(session, span, after, _PAGE, wanted_by(row))
        for event in found.events:
            enqueue(session, row, event, act.at)
        session.flush()
        count, after, more = count + len(found.events), found.after, found.more
    return count
