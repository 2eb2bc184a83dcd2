"""Taking acts into the tree: in one order, under one lock, a little after they were committed.

An act is a row that its own transaction commits; nobody waits for the tree. Soon after, a sequencer takes all rows that
are committed and not in the tree yet, in the order of their numbers, and signs a new head. It runs in every serving
process at short intervals, and within the transactions that need an act in the tree: before a paper is sealed, when a
certificate is issued, when a head is exported. Whoever runs it holds the lock until the transaction ends, so it comes
last in a transaction that does more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from itti.acts import Act, now
from itti.audit.service import record
from itti.audit.tables import Event, RecordHead
from itti.audit.tiles import Tiles
from itti.programme import rules
from reports.merkle import head, kept_above, leaf_hash
from reports.notes import Signer
from reports.recorded import Leaf

_LOCK: Final = 4885
"""Our number among the advisory locks of PostgreSQL. SQLite lets one writer in at a time anyway."""

_AT_A_TIME: Final = 2_000

_SET_BACK: Final = timedelta(seconds=2)
"""So much a clock may go back unnoticed: clocks of several machines are never the same."""

CLOCK_SET_BACK: Final = "clock.set-back"
"""The act of noticing that a clock went backwards."""

_ACTS: Final = SQLModel.metadata.tables["event"]

_logger = logging.getLogger("itti")


def newest_head(session: Session) -> RecordHead | None:
    """The newest signed head; None before the first act was taken in."""
    return session.exec(select(RecordHead).order_by(col(RecordHead.size).desc()).limit(1)).one_or_none()


def waiting(session: Session) -> tuple[int, datetime | None]:
    """How many acts wait for the tree, and the time of the oldest of them. For a session that only reads, too."""
    statement = select(sa.func.count(col(Event.id)), sa.func.min(Event.at)).where(col(Event.position).is_(None))
    count, oldest = session.exec(statement).one()
    return count, oldest


def is_anything_waiting(session: Session) -> bool:
    """Whether an act waits for the tree, so that who is idle never writes."""
    return session.exec(select(Event.id).where(col(Event.position).is_(None)).limit(1)).first() is not None


def sequence(session: Session, signer: Signer, clock: Callable[[], datetime] = now) -> RecordHead:
    """Take all acts that wait into the tree, those of this transaction too, and sign its head.

    Returns:
        the head that covers them: the newest one, if nothing waited.

    Raises:
        RecordKeyUnusable: nobody can sign.
    """
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    before = newest_head(session)
    if before is not None and not is_anything_waiting(session):
        return before
    moment = clock()
    if before is not None and moment < before.clock - _SET_BACK:
        _notice(session, before, moment)
    size, tiles = 0 if before is None else before.size, Tiles(session)
    while rows := _next(session):
        leaves = [leaf_hash(leaf_of(row).to_json()) for row in rows]
        tiles.add(0, size, leaves)
        _place(session, rows, size)
        size += len(leaves)
        for level, start, hashes in kept_above(size, len(leaves), tiles.hashes):
            tiles.add(level, start, hashes)
    root = head(size, tiles.hashes)
    at = moment if before is None else max(moment, before.signed_at)  # heads never go back in time
    at = at.replace(microsecond=0)
    made = RecordHead(size=size, root=root.hex(), note=signer.sign(size, root, at), signed_at=at, clock=moment)
    session.add(made)
    session.flush()
    return made


def leaf_of(row: Any) -> Leaf:
    """The leaf of an act."""
    return Leaf(
        id=row.id,
        at=row.at,
        actor=None if row.actor_id is None else str(row.actor_id),
        role=row.actor_role,
        act=row.action,
        subject=row.subject,
        subject_id=row.subject_id,
        assessment=None if row.assessment_id is None else str(row.assessment_id),
        details=row.details_digest,
        request=row.request_id,
    )


def _next(session: Session) -> Sequence[Any]:
    """Acts that wait, by their numbers, as they are in the database; without their details."""
    columns = [each for each in _ACTS.c if each.name not in {"details", "salt"}]
    statement = sa.select(*columns).where(_ACTS.c.position.is_(None)).order_by(_ACTS.c.id)
    return session.execute(statement.limit(_AT_A_TIME)).all()


def _place(session: Session, rows: Sequence[Any], first: int) -> None:
    """Enter the places of acts, the first of them at ``first``."""
    if session.get_bind().dialect.name == "sqlite":  # which cannot name the columns of VALUES, and needs no round trips
        places = [{"number": row.id, "place": first + at} for at, row in enumerate(rows)]
        update = sa.update(_ACTS).where(_ACTS.c.id == sa.bindparam("number")).values(position=sa.bindparam("place"))
        session.connection().execute(update, places)
        return
    columns = sa.column("number", sa.Integer), sa.column("place", sa.Integer)
    placed = sa.values(*columns, name="placed").data([(row.id, first + at) for at, row in enumerate(rows)])
    session.execute(sa.update(_ACTS).where(_ACTS.c.id == placed.c.number).values(position=placed.c.place))


def _notice(session: Session, before: RecordHead, moment: datetime) -> None:
    """Record that the clock shows less than it did."""
    _logger.warning("the clock was set back from %s to %s", before.clock, moment)
    told = {"before": before.clock.isoformat(), "now": moment.isoformat()}
    act = Act(None, moment, zone=rules(session).zone)
    record(session, act, CLOCK_SET_BACK, "record_head", str(before.size), **told)
    session.flush()
