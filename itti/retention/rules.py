"""What is kept for a time and then goes: one rule for each kind, in one table.

The record of acts itself stays. Of acts that hold a network address in their details, the details go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.accounts.tables import AccountLink, ApiToken, SignIn
from itti.acts import Act
from itti.assessments.tables import BATCHES_KEPT, AnswerBatch
from itti.audit.service import forget
from itti.audit.tables import Event
from itti.footprints.tables import FootprintMessage
from itti.mail.tables import OutgoingMail
from itti.queue.rows import JobState
from itti.schema import Row
from itti.settings import Settings
from itti.webhooks.tables import Delivery

ONCE_TOLD: Final = timedelta(days=400)
"""Messages that must not go out twice, such as reminders, stay so much longer: nothing is announced so long ahead."""

_WITH_ADDRESSES: Final = ("sign-in.refused", "recovery.refused", "passkey.copied")
"""Acts whose details hold the network address of whoever tried."""

Condition: TypeAlias = sa.ColumnElement[bool]


@dataclass(frozen=True)
class Rule:
    """One kind of thing that is kept for a time."""

    name: str
    """Words under ``kind.<name>``."""

    table: str
    """What the record calls it."""

    days: Callable[[Settings], int]
    """For how long it is kept; 0: for ever."""

    due: Callable[[Session, datetime], int]
    """How many are over their time, given the moment before which their time had to begin."""

    remove: Callable[[Session, Act, datetime, int], int]
    """Let so many of them go at most, in the transaction at hand; returns how many went."""

    def before(self, settings: Settings, at: datetime) -> datetime | None:
        """What was over before this moment is over its time; None: nothing ever is."""
        days = self.days(settings)
        return at - timedelta(days=days) if days else None


def _sign_ins(settings: Settings) -> int:
    return settings.keep_sign_ins_days


def _messages(settings: Settings) -> int:
    return settings.keep_messages_days


def _rows(name: str, table: type[Row], days: Callable[[Settings], int], over: Callable[[datetime], Condition]) -> Rule:
    """A rule for whole rows of a table."""

    def due(session: Session, before: datetime) -> int:
        return session.exec(select(sa.func.count(col(table.id))).where(over(before))).one()

    def remove(session: Session, _act: Act, before: datetime, most: int) -> int:
        some = session.exec(select(table.id).where(over(before)).limit(most)).all()
        session.execute(sa.delete(table).where(col(table.id).in_(some)))
        return len(some)

    return Rule(name, str(table.__tablename__), days, due, remove)


def _ended(table: type[SignIn | AccountLink]) -> Callable[[datetime], Condition]:
    return lambda before: sa.or_(col(table.ended_at) < before, col(table.expires_at) < before)


def _revoked(before: datetime) -> Condition:
    return sa.or_(col(ApiToken.revoked_at) < before, col(ApiToken.expires_at) < before)


def _settled(before: datetime) -> Condition:
    """Messages sent or given up before that moment. One that waits never goes, however old it is."""
    settled = col(OutgoingMail.state).in_([JobState.DONE, JobState.FAILED])
    once = sa.or_(col(OutgoingMail.about).is_(None), col(OutgoingMail.until) < before - ONCE_TOLD)
    return sa.and_(settled, col(OutgoingMail.ended_at) < before, once)


def _delivered(before: datetime) -> Condition:
    """Deliveries to webhooks that were made or given up before that moment. One that waits never goes."""
    return sa.and_(col(Delivery.state).in_([JobState.DONE, JobState.FAILED]), col(Delivery.ended_at) < before)


def _exchanged(before: datetime) -> Condition:
    """Events that were sent to partners, or given up, before that moment. One that waits never goes."""
    settled = col(FootprintMessage.state).in_([JobState.DONE, JobState.FAILED])
    return sa.and_(settled, col(FootprintMessage.ended_at) < before)


def _tried(before: datetime) -> Condition:
    held = sa.and_(col(Event.action).in_(_WITH_ADDRESSES), col(Event.salt).is_not(None))
    return sa.and_(held, col(Event.at) < before)


def _due_addresses(session: Session, before: datetime) -> int:
    return session.exec(select(sa.func.count(col(Event.id))).where(_tried(before))).one()


def _forget_addresses(session: Session, act: Act, before: datetime, most: int) -> int:
    some = session.exec(select(Event).where(_tried(before)).order_by(col(Event.id)).limit(most)).all()
    if some:
        forget(session, act, some)
    return len(some)


RULES: Final[Sequence[Rule]] = (
    _rows("sessions", SignIn, _sign_ins, _ended(SignIn)),
    _rows("tokens", ApiToken, _sign_ins, _revoked),
    _rows("links", AccountLink, _sign_ins, _ended(AccountLink)),
    Rule("addresses", "event", _sign_ins, _due_addresses, _forget_addresses),
    _rows("messages", OutgoingMail, _messages, _settled),
    _rows("batches", AnswerBatch, lambda _settings: BATCHES_KEPT.days, lambda before: col(AnswerBatch.at) < before),
    _rows("deliveries", Delivery, _messages, _delivered),
    _rows("footprint-messages", FootprintMessage, _messages, _exchanged),
)
"""All rules; a room whose things have a time to be kept adds its own, and it shows in the same list."""
