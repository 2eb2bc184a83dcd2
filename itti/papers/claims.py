"""The queue: who works on which paper, and what becomes of a try.

A job is claimed by a conditional update, so that of many processes on one database exactly one gets it. A claim ends
by itself unless it is renewed: what a killed process had in hand is free again within half a minute. A claim has a
name, and whoever lost it hands in for nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.certificates.errors import PressFailed
from itti.papers.tables import JobState, PaperJob, Preparation
from questionnaires.errors import Fault

CLAIM: Final = timedelta(seconds=30)
"""How long a claim holds unless it is renewed."""

BREAKDOWNS: Final = 3
"""So many tries without an answer, or with one that nobody foresaw, and the job has failed."""

_FIRST_WAIT: Final = timedelta(seconds=10)
_LONGEST_WAIT: Final = timedelta(minutes=15)
"""Time to the next try after a temporary fault; it doubles from the first to the longest."""

_AT_A_TIME: Final = 8

_logger = logging.getLogger("itti")


@dataclass(frozen=True)
class Claimed:
    """A job in hand."""

    job: UUID
    claim: UUID
    preparation: UUID
    language: str
    frozen: str
    """JSON of what its paper is made from (:class:`itti.papers.freezing.Frozen`)."""


def claim(session: Session, at: datetime) -> Claimed | None:
    """Take the job that has been due longest, if any is. The transaction has to be committed before work begins."""
    statement = select(PaperJob).where(_due(at)).order_by(col(PaperJob.next_try), col(PaperJob.language).desc())
    for row in session.exec(statement.limit(_AT_A_TIME).with_for_update(skip_locked=True)).all():
        if row.state is JobState.WORKING and row.breakdowns + 1 >= BREAKDOWNS:
            _end(session, row.id, JobState.FAILED, at, _words(PressFailed(reason="died")))
            continue
        name = uuid4()
        changed = session.execute(
            sa.update(PaperJob)
            .where(col(PaperJob.id) == row.id, _due(at))
            .values(
                state=JobState.WORKING,
                claim=name,
                claimed_until=at + CLAIM,
                attempts=PaperJob.attempts + 1,
                breakdowns=row.breakdowns + (row.state is JobState.WORKING),
                started_at=at,
            )
        )
        if _count(changed) == 1:
            preparation = session.get_one(Preparation, row.preparation_id)
            return Claimed(row.id, name, preparation.id, row.language, preparation.frozen)
    return None


def is_anything_due(session: Session, at: datetime) -> bool:
    """Whether some job waits to be claimed; for a reading session, so that who is idle never writes."""
    return session.exec(select(PaperJob.id).where(_due(at)).limit(1)).first() is not None


def _due(at: datetime) -> sa.ColumnElement[bool]:
    waiting = sa.and_(col(PaperJob.state) == JobState.WAITING, col(PaperJob.next_try) <= at)
    left = sa.and_(col(PaperJob.state) == JobState.WORKING, col(PaperJob.claimed_until) < at)
    return sa.or_(waiting, left)


def renew(session: Session, claims: Collection[UUID], at: datetime) -> None:
    """Hold claims for longer, since their work goes on."""
    session.execute(_held(claims).values(claimed_until=at + CLAIM))


def give_up(session: Session, claims: Collection[UUID], at: datetime) -> None:
    """Leave jobs to others at once, since this process ends."""
    session.execute(_held(claims).values(state=JobState.WAITING, claim=None, claimed_until=None, next_try=at))


def _held(claims: Collection[UUID]) -> sa.Update:
    return sa.update(PaperJob).where(col(PaperJob.claim).in_(claims), col(PaperJob.state) == JobState.WORKING)


def finish(session: Session, claimed: Claimed, sha256: str, size: int, at: datetime) -> bool:
    """Note that a paper lies on the shelf. False: the claim was lost meanwhile, and nothing was noted."""
    done = _held([claimed.claim]).values(
        state=JobState.DONE,
        claim=None,
        claimed_until=None,
        ended_at=at,
        reason=sa.null(),
        sha256=sha256,
        size=size,
    )
    return _count(session.execute(done)) == 1


def put_off(session: Session, claimed: Claimed, fault: Fault, at: datetime) -> None:
    """Note that a try failed, and what comes next.

    A fault that says it is ``retryable`` (the time-stamp authority is down, the disk is full) is tried again and
    again, after longer and longer waits. A press that broke down gets a few tries. Any other fault would come back
    each time: the job has failed until the programme office asks for it again.
    """
    row = session.exec(
        select(PaperJob)
        .where(PaperJob.id == claimed.job, PaperJob.claim == claimed.claim)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return  # somebody else has it by now
    broke_down = isinstance(fault, PressFailed)
    breakdowns = row.breakdowns + broke_down
    tries_again = getattr(fault, "retryable", False) or (broke_down and breakdowns < BREAKDOWNS)
    _logger.warning("a paper in %s was not made (%s)", claimed.language, fault.code)
    state = JobState.WAITING if tries_again else JobState.FAILED
    wait = min(_FIRST_WAIT * 2 ** min(row.attempts - 1, 10), _LONGEST_WAIT)
    _end(session, row.id, state, at, _words(fault), next_try=at + wait, breakdowns=breakdowns)


def _end(session: Session, job: UUID, state: JobState, at: datetime, reason: dict[str, object], **more: object) -> None:
    ended = {"state": state, "claim": None, "claimed_until": None, "ended_at": at, "reason": reason, **more}
    session.execute(sa.update(PaperJob).where(col(PaperJob.id) == job).values(**ended))


def _words(fault: Fault) -> dict[str, object]:
    """A fault as it is stored: enough to say its sentence in any language."""
    return {
        "room": fault.room,
        "code": fault.code,
        "details": {name: value if isinstance(value, int) else str(value) for name, value in fault.details.items()},
    }


def _count(result: sa.Result[tuple[object, ...]]) -> int:
    assert isinstance(result, sa.CursorResult)  # noqa: S101 - an update has a count of rows
    return result.rowcount
