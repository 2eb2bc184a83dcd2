"""Making exports: one after the other, since each has to know what those before it have told."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.acts import now
from itti.database import Database
from itti.programme import day_of
from itti.queue.claims import Queue
from itti.queue.rows import JobState
from itti.queue.worker import Trade, Worker
from itti.results.errors import ExportBrokeDown
from itti.results.history import Shown
from itti.results.service import Export, Terms, export
from itti.results.tables import ResultExport
from questionnaires import load
from questionnaires.errors import Fault
from reports.report import Standing

QUEUE: Final = Queue(ResultExport, lambda: ExportBrokeDown(reason="killed"), (col(ResultExport.created_at).asc(),))
"""All exports; of those due at once the oldest comes first."""

Clock = Callable[[], datetime]

_logger = logging.getLogger("itti")


@dataclass(frozen=True)
class InHand:
    """An export that this process has claimed."""

    claim: UUID
    family: str
    version: str


def work_off(database: Database, least: int, standing: Callable[[], Standing], clock: Clock = now) -> int:
    """Make all exports that are due; returns how many tries it took."""
    tries = 0
    while (taken := take(database, clock)) is not None:
        make(database, least, standing, taken, clock)
        tries += 1
    return tries


def take(database: Database, clock: Clock = now) -> InHand | None:
    """Claim the next export, if any is due."""
    with database.reading() as session:
        if not QUEUE.is_anything_due(session, clock()):
            return None
    with database.writing() as session:
        row = QUEUE.claim(session, clock())
        return None if row is None or row.claim is None else InHand(row.claim, row.family, row.version)


def make(database: Database, least: int, standing: Callable[[], Standing], taken: InHand, clock: Clock = now) -> None:
    """Make one export and hand it in; a failure is noted with it.

    If another process handed one in meanwhile, it is made anew: it has to know what that one told.
    """
    try:
        definition = load(taken.family, taken.version)
        with database.reading() as session:
            past = _past(session, taken)
            terms = Terms(day_of(session, clock()), least, standing=standing())
            made = export(session, definition, terms, [shown for _, shown in past])
    except Exception as error:  # noqa: BLE001 - whatever it was, it has to be seen with the export
        fault = error if isinstance(error, Fault) else _unforeseen(error)
        with database.writing() as session:
            QUEUE.put_off(session, taken.claim, fault, clock(), broke_down=isinstance(fault, ExportBrokeDown))
        return
    with database.writing() as session:
        same = select(ResultExport.id).where(_of(taken))
        session.exec(same.with_for_update()).all()  # of two at the same moment one comes later, and sees the other
        if [identifier for identifier, _ in _past(session, taken)] == [identifier for identifier, _ in past]:
            _hand_in(session, taken, terms, made, clock())
        else:
            QUEUE.give_up(session, [taken.claim], clock())


def _hand_in(session: Session, taken: InHand, terms: Terms, made: Export, at: datetime) -> None:
    QUEUE.finish(
        session,
        taken.claim,
        at,
        on=terms.on,
        least=terms.least,
        rows=made.rows,
        withheld=made.withheld,
        sha256=hashlib.sha256(made.parquet).hexdigest(),
        parquet=made.parquet,
        dictionary=made.dictionary,
        shown=made.shown.stored(),
    )


def _of(taken: InHand) -> sa.ColumnElement[bool]:
    return sa.and_(col(ResultExport.family) == taken.family, col(ResultExport.version) == taken.version)


def _past(session: Session, taken: InHand) -> list[tuple[UUID, Shown]]:
    """What was exported of the same questionnaire before, the earliest first."""
    statement = (
        select(ResultExport.id, ResultExport.shown)
        .where(_of(taken), ResultExport.state == JobState.DONE)
        .order_by(col(ResultExport.ended_at), col(ResultExport.id))
    )
    return [(identifier, Shown.read(shown)) for identifier, shown in session.exec(statement) if shown is not None]


def _unforeseen(error: Exception) -> Fault:
    _logger.error("an export could not be made, in a way nobody foresaw", exc_info=error)
    return ExportBrokeDown(reason=type(error).__name__)


def worker(database: Database, least: int, standing: Callable[[], Standing]) -> Worker[InHand]:
    """Who makes exports, from its start to its stop."""
    trade = Trade("exports", QUEUE, partial(take, database), partial(make, database, least, standing))
    return Worker(database, trade, 1)
