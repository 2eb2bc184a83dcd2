"""Reading events in their order, from where one stopped.

Events are the acts on record that programs want to hear of: written in the transaction of the act itself, so that
neither happens without the other. Their order is that of the record (:mod:`itti.audit.sequencing`): a place is given
after an act is committed, under one lock, one after the other without gaps. So whatever is committed later stands
behind whatever anybody has read, however long its transaction was open: a cursor can skip nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.acts import Act
from itti.assessments import reading
from itti.assessments.moves import MoveName
from itti.assessments.tables import Assessment
from itti.audit.tables import TOLD, Event
from itti.certificates.tables import Certificate
from itti.events.kinds import MOVED, OF_MOVES, EventKind, kind_of
from itti.http.paging import MalformedCursor

_CURSOR: Final = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True)
class Happening:
    """One event, as everybody gets it who may."""

    act: Event
    kind: EventKind
    factory_id: UUID
    certificate: str | None
    """Number of the certificate of the assessment, once there is one."""

    @property
    def place(self) -> int:
        """Its place in the record: later events have greater ones; there are others between."""
        assert self.act.position is not None  # noqa: S101 - only acts with a place are read
        return self.act.position


@dataclass(frozen=True)
class Wanted:
    """Which events somebody asks for."""

    kinds: Collection[EventKind] = ()
    """Empty: all of them."""

    assessment_id: UUID | None = None


@dataclass(frozen=True)
class Stretch:
    """Some events in their order, and where to go on."""

    events: Sequence[Happening]
    after: int
    """How many acts of the record have been looked at: the cursor for what follows."""

    more: bool
    """Whether there is more to read now."""


def feed(session: Session, act: Act, after: str | None, limit: int, wanted: Wanted | None = None) -> Stretch:
    """Events of the assessments that the actor may read now, after the cursor; without one from the first.

    Raises:
        SignInNeeded: a stranger.
        MalformedCursor: the cursor is not one of this service, or of a record that was longer than this one.
    """
    readable = reading.readable(session, act)
    return stretch(session, readable, _place(after), limit, wanted or Wanted())


def stretch(session: Session, readable: sa.ColumnElement[bool], after: int, limit: int, wanted: Wanted) -> Stretch:
    """Events of the assessments that fulfil a condition, from the place ``after`` on. Checks no rights.

    Raises:
        MalformedCursor: the record is shorter than that.
    """
    end = length(session)
    if after > end:
        raise MalformedCursor
    place = col(Event.position)
    statement = (
        select(Event, Assessment, Certificate.number)
        .join(Assessment, col(Assessment.id) == col(Event.assessment_id))
        .join(Certificate, col(Certificate.assessment_id) == col(Assessment.id), isouter=True)
        .where(sa.text(TOLD), place >= after, place < end, readable, *_narrowing(wanted))
    )
    rows = session.exec(statement.order_by(place).limit(limit + 1)).all()
    events = [Happening(event, kind_of(event), one.factory_id, number) for event, one, number in rows[:limit]]
    more = len(rows) > limit
    return Stretch(events, events[-1].place + 1 if more else max(after, end), more)


def length(session: Session) -> int:
    """How many acts the record holds in their order."""
    last = session.exec(select(sa.func.max(Event.position))).one()
    return 0 if last is None else last + 1


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not _CURSOR.fullmatch(cursor):
        raise MalformedCursor
    return int(cursor)


def _narrowing(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.assessment_id is not None:
        found.append(col(Event.assessment_id) == wanted.assessment_id)
    if wanted.kinds:
        found.append(_is_one_of(wanted.kinds))
    return found


def _is_one_of(kinds: Collection[EventKind]) -> sa.ColumnElement[bool]:
    moves: list[MoveName] = [move for move, kind in OF_MOVES.items() if kind in kinds]
    moved = col(Event.action) == MOVED
    move = col(Event.details)["move"].as_string()
    choices = [col(Event.action).in_([kind.value for kind in kinds]), sa.and_(moved, move.in_(moves))]
    if EventKind.CHANGED in kinds:
        choices.append(sa.and_(moved, move.is_(None)))
    return sa.or_(*choices)
