"""What time demands: deadlines that have passed are entered as moves, by nobody and exactly once.

Run as often as one likes, and by several processes at once: each assessment is held, looked at again and moved in a
transaction of its own, and what another process has moved meanwhile is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from itti.acts import Act
from itti.assessments import conditions, following
from itti.assessments.deadlines import Ending, deadlines
from itti.assessments.moves import MoveName, rule_of
from itti.database import Database
from itti.programme import day_of, rules

_MOVES: Final = {Ending.REPLY: MoveName.LET_REPLY_LAPSE, Ending.CERTIFICATE: MoveName.EXPIRE}
"""What ends → the move that time makes then; that nobody appealed needs none."""


@dataclass(frozen=True)
class Due:
    """A move that time makes."""

    assessment_id: UUID
    move: MoveName
    last: date
    """The day that has passed."""


def due(session: Session, today: date) -> list[Due]:
    """The moves that are due, the longest overdue first."""
    found = deadlines(session, last=today - timedelta(days=1))
    return [Due(each.assessment_id, _MOVES[each.ending], each.last) for each in found if each.ending in _MOVES]


def work_off(database: Database, at: datetime) -> Sequence[Due]:
    """Make all moves that are due at that time; returns those that were made here."""
    with database.reading() as session:
        found = due(session, day_of(session, at))
    return [each for each in found if _made(database, each, at)]


def _made(database: Database, each: Due, at: datetime) -> bool:
    with database.writing() as session:
        return enter(session, each, at)


def enter(session: Session, each: Due, at: datetime) -> bool:
    """Make one move that is due. False: it is not, or not any more, since somebody was faster."""
    one = following.held(session, each.assessment_id)
    act, rule = Act(None, at, zone=rules(session).zone), rule_of(each.move)
    facts = conditions.Circumstances(session, act, one)
    if one.state not in rule.sources or facts.failing(rule.conditions) is not None:
        return False
    following.enter(session, act, one, rule)
    return True
