"""From the queue to partners: a token from their service, then the event, until it is taken or three days are over."""

from __future__ import annotations

import base64
import http.client
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from urllib.parse import quote_plus
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from itti import locks
from itti.acts import now
from itti.database import Database
from itti.footprints.errors import PartnerFailed, PartnerSecretUnreadable
from itti.footprints.messages import MEDIA_TYPE
from itti.footprints.partners import PURPOSE
from itti.footprints.tables import FootprintMessage, Partner
from itti.queue.claims import Patience, Queue
from itti.queue.worker import Trade, Worker
from itti.settings import Settings
from itti.webhooks.addresses import target_of
from itti.webhooks.calling import exchange
from questionnaires.errors import Fault

PATIENCE: Final = timedelta(hours=72)
"""After that an event is given up."""

HANDS: Final = 2

_EVENTS: Final = "/3/events"
_TOKEN_BYTES: Final = 16 * 1024
_TAKEN: Final = range(200, 300)

Clock = Callable[[], datetime]

_logger = logging.getLogger("itti")

QUEUE: Final = Queue(
    FootprintMessage,
    lambda: PartnerFailed(reason="killed", retryable=False),
    (col(FootprintMessage.created_at).asc(),),
    Patience(first=timedelta(seconds=30), longest=timedelta(hours=12)),
)
"""All messages to partners; waits double from half a minute to twelve hours."""


@dataclass(frozen=True)
class InHand:
    """A message that this process has claimed."""

    claim: UUID
    row: FootprintMessage
    partner: Partner


def take(database: Database, clock: Clock = now) -> InHand | None:
    """Claim the next message, if any is due."""
    with database.reading() as session:
        if not QUEUE.is_anything_due(session, clock()):
            return None
    with database.writing() as session:
        row = QUEUE.claim(session, clock())
        if row is None or row.claim is None:
            return None
        partner = session.get_one(Partner, row.partner_id)
        session.expunge_all()
        return InHand(row.claim, row, partner)


def send(database: Database, settings: Settings, taken: InHand, clock: Clock = now) -> None:
    """Send a message and mark it; a failure is noted with it."""
    status: int | None = None
    fault: Fault | None = None
    try:
        status = _sent(settings, taken)
        if status not in _TAKEN:
            fault = _failed(taken, f"HTTP {status}", clock())
    except PartnerFailed as error:
        fault = _failed(taken, str(error.details["reason"]), clock())
    except Fault as error:
        fault = error if _may_wait(taken, clock()) else _failed(taken, error.code, clock())
    except (OSError, http.client.HTTPException) as error:
        told = getattr(error, "strerror", None) or str(error) or type(error).__name__
        fault = _failed(taken, told, clock())
    with database.writing() as session:
        noted = sa.update(FootprintMessage).where(col(FootprintMessage.claim) == taken.claim).values(status=status)
        session.execute(noted.execution_options(synchronize_session=False))
        if fault is None:
            QUEUE.finish(session, taken.claim, clock())
        elif QUEUE.put_off(session, taken.claim, fault, clock()) is not None:
            _logger.warning("an event was not sent to a partner (%s)", fault.code)


def _may_wait(taken: InHand, at: datetime) -> bool:
    return at < taken.row.created_at + PATIENCE


def _failed(taken: InHand, reason: str, at: datetime) -> PartnerFailed:
    return PartnerFailed(reason=reason[:200], retryable=_may_wait(taken, at))


def _sent(settings: Settings, taken: InHand) -> int:
    private = settings.webhook_private
    headers = {"Content-Type": f"{MEDIA_TYPE}; charset=UTF-8", "User-Agent": "itti-pact/1"}
    headers["Authorization"] = f"Bearer {_token(settings, taken.partner)}"
    target = target_of(taken.partner.base_url + _EVENTS, private=private)
    return exchange(target, taken.row.content.encode(), headers, private=private, most=0)[0]


def _token(settings: Settings, partner: Partner) -> str:
    """A token of the partner's service, asked for anew each time: messages are few.

    Raises:
        PartnerFailed: it gave none.
        PartnerSecretUnreadable: we do not know the secret any more.
    """
    private = settings.webhook_private
    try:
        secret = locks.unlocked(settings, PURPOSE, partner.client_secret) if partner.client_secret else ""
    except locks.Unreadable as error:
        raise PartnerSecretUnreadable from error
    proof = f"{quote_plus(partner.client_id)}:{quote_plus(secret)}"
    headers = {
        "Authorization": "Basic " + base64.b64encode(proof.encode()).decode(),
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
        "User-Agent": "itti-pact/1",
    }
    target = target_of(partner.token_url, private=private)
    status, answer = exchange(target, b"grant_type=client_credentials", headers, private=private, most=_TOKEN_BYTES)
    try:
        token = json.loads(answer)["access_token"] if status in _TAKEN else None
    except (ValueError, TypeError, LookupError, RecursionError):
        token = None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
        raise PartnerFailed(reason=f"token: HTTP {status}", retryable=True)
    return token


def worker(database: Database, settings: Settings) -> Worker[InHand]:
    """Who sends, from its start to its stop."""
    trade = Trade("footprints", QUEUE, partial(take, database), partial(send, database, settings))
    return Worker(database, trade, HANDS)
