"""Who works on which row of a queue, and what becomes of a try.

A row is claimed by a conditional update, so that of many processes on one database exactly one gets it. A claim ends
by itself unless it is renewed: what a killed process had in hand is free again within half a minute. A claim has a
name, and whoever lost it hands in for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.queue.rows import JobState, QueuedRow
from questionnaires import wording
from questionnaires.errors import Fault

CLAIM: Final = timedelta(seconds=30)
"""How long a claim holds unless it is renewed."""

_SET_BACK: Final = timedelta(minutes=10)
"""Clocks of machines that share a database are less far apart; a time further ahead is of a clock that was wrong."""

_AT_A_TIME: Final = 8

RowT = TypeVar("RowT", bound=QueuedRow)


@dataclass(frozen=True)
class Patience:
    """How a queue goes on after a try that failed."""

    breakdowns: int = 3
    """So many tries without an answer, or with one that nobody foresaw, and the job has failed."""

    first: timedelta = timedelta(seconds=10)
    longest: timedelta = timedelta(minutes=15)
    """Time to the next try after a temporary fault; it doubles from the first to the longest."""

    def wait(self, attempts: int) -> timedelta:
        """Time to the next try after so many of them."""
        doublings: int = min(max(attempts - 1, 0), 20)
        return min(self.first * (1 << doublings), self.longest)


@dataclass(frozen=True)
class Queue(Generic[RowT]):
    """The rows of one table as a queue."""

    table: type[RowT]
    died: Callable[[], Fault]
    """What is noted with a job whose process was killed too often."""

    order: tuple[sa.ColumnElement[Any], ...] = ()
    """Which of several rows that are due since the same time comes first."""

    patience: Patience = field(default=Patience())

    free: Callable[[datetime], sa.ColumnElement[bool]] = field(default=lambda _at: sa.true())
    """What else has to hold for a row to be taken at a moment."""

    def claim(self, session: Session, at: datetime) -> RowT | None:
        """Take the row that has been due longest, if any is. To be committed before work on it begins."""
        statement = select(self.table).where(self._due(at)).order_by(col(self.table.next_try), *self.order)
        for row in session.exec(statement.limit(_AT_A_TIME).with_for_update(skip_locked=True)).all():
            left_behind = row.state is JobState.WORKING
            if left_behind and row.breakdowns + 1 >= self.patience.breakdowns:
                self._end(session, row.id, JobState.FAILED, at, stored(self.died()))
                continue
            claimed = self._update(col(self.table.id) == row.id, self._due(at)).values(
                state=JobState.WORKING,
                claim=uuid4(),
                claimed_until=at + CLAIM,
                attempts=self.table.attempts + 1,
                breakdowns=row.breakdowns + left_behind,
                started_at=at,
            )
            if _count(session.execute(claimed)) == 1:
                session.refresh(row)
                return row
        return None

    def is_anything_due(self, session: Session, at: datetime) -> bool:
        """Whether some row waits to be claimed; for a reading session, so that who is idle never writes."""
        return session.exec(select(self.table.id).where(self._due(at)).limit(1)).first() is not None

    def renew(self, session: Session, claims: Collection[UUID], at: datetime) -> None:
        """Hold claims for longer, since their work goes on."""
        session.execute(self._held(claims).values(claimed_until=at + CLAIM))

    def give_up(self, session: Session, claims: Collection[UUID], at: datetime) -> None:
        """Leave rows to others at once, since this process ends."""
        waits = {"state": JobState.WAITING, "claim": None, "claimed_until": None, "next_try": at}
        session.execute(self._held(claims).values(**waits))

    def finish(self, session: Session, claim: UUID, at: datetime, **more: object) -> bool:
        """Note that a row is done. False: the claim was lost meanwhile, and nothing was noted."""
        done = {"state": JobState.DONE, "claim": None, "claimed_until": None, "ended_at": at, "reason": sa.null()}
        return _count(session.execute(self._held([claim]).values(**done, **more))) == 1

    def put_off(
        self, session: Session, claim: UUID, fault: Fault, at: datetime, *, broke_down: bool = False
    ) -> JobState | None:
        """Note that a try failed, and what comes next; None: somebody else has the row by now.

        A fault that says it is ``retryable`` (a server is down, a disk is full) is tried again and again, after
        longer and longer waits. One that ``broke_down`` gets a few tries. Any other fault would come back each
        time: the job has failed until the programme office asks for it again.
        """
        row = session.exec(
            select(self.table)
            .where(col(self.table.claim) == claim)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
        if row is None:
            return None
        breakdowns = row.breakdowns + broke_down
        again = getattr(fault, "retryable", False) or (broke_down and breakdowns < self.patience.breakdowns)
        state = JobState.WAITING if again else JobState.FAILED
        next_try = at + self.patience.wait(row.attempts)
        self._end(session, row.id, state, at, stored(fault), next_try=next_try, breakdowns=breakdowns)
        return state

    def _due(self, at: datetime) -> sa.ColumnElement[bool]:
        state = col(self.table.state)
        next_try, until = col(self.table.next_try), col(self.table.claimed_until)
        # Nothing is put off or claimed for longer: the clock was set back since, and nobody waits for it to catch up.
        longest, held = at + self.patience.longest + _SET_BACK, at + CLAIM + _SET_BACK
        waiting = sa.and_(state == JobState.WAITING, sa.or_(next_try <= at, next_try > longest))
        left = sa.and_(state == JobState.WORKING, sa.or_(until < at, until > held))
        return sa.and_(sa.or_(waiting, left), self.free(at))

    def _held(self, claims: Collection[UUID]) -> sa.Update:
        return self._update(col(self.table.claim).in_(claims), col(self.table.state) == JobState.WORKING)

    def _update(self, *which: sa.ColumnElement[bool]) -> sa.Update:
        return sa.update(self.table).where(*which).execution_options(synchronize_session=False)

    def _end(
        self, session: Session, row: UUID, state: JobState, at: datetime, reason: dict[str, object], **more: object
    ) -> None:
        ended = {"state": state, "claim": None, "claimed_until": None, "ended_at": at, "reason": reason}
        session.execute(self._update(col(self.table.id) == row).values(**ended, **more))


def ask_again(row: QueuedRow, at: datetime) -> None:
    """Let a row that failed, or waits for its next try, be taken at once, as if for the first time."""
    row.state, row.next_try = JobState.WAITING, at
    row.attempts = row.breakdowns = 0
    row.reason = None


def stored(fault: Fault) -> dict[str, object]:
    """A fault as it is stored: enough to say its sentence in any language."""
    return {
        "room": fault.room,
        "code": fault.code,
        "details": {name: value if isinstance(value, int) else str(value) for name, value in fault.details.items()},
    }


def said(reason: dict[str, object] | None, language: str) -> str | None:
    """A stored fault as a sentence; None: there is none."""
    if reason is None:
        return None
    details = reason["details"]
    assert isinstance(details, dict)  # noqa: S101 - as `stored` wrote it
    return wording.say(str(reason["room"]), f"fault.{reason['code']}", language, **details)


def _count(result: sa.Result[tuple[object, ...]]) -> int:
    assert isinstance(result, sa.CursorResult)  # noqa: S101 - an update has a count of rows
    return result.rowcount
