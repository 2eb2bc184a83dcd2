"""The front door of this room: what is over its time, and letting it go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session

from itti.acts import Act
from itti.audit.service import record
from itti.database import Database
from itti.programme import rules
from itti.retention.rules import RULES, Rule
from itti.retries.service import forget

AT_A_TIME: Final = 500
"""So many go in one transaction at most, so that nobody waits long for the database."""


def due(session: Session, at: datetime, of: Sequence[Rule] = RULES) -> Mapping[str, int]:
    """How many of each kind are over their time, kinds of which none is included. Checks no rights."""
    found: dict[str, int] = {}
    for rule in of:
        before = rule.before(rules(session), at)
        found[rule.name] = 0 if before is None else rule.due(session, before)
    return found


def apply(database: Database, at: datetime, of: Sequence[Rule] = RULES) -> Mapping[str, int]:
    """Let everything go that is over its time; returns how many of each kind went.

    Answers that were kept for requests sent again go too, without an entry in the record: they are hours old.
    Killed at any moment, what is left goes the next time. Of two processes at once each lets go what it still finds.
    """
    with database.reading() as session:
        waiting = due(session, at, of)
    forget(database, at)
    return {rule.name: _apply(database, rule, at) if waiting[rule.name] else 0 for rule in of}


def _apply(database: Database, rule: Rule, at: datetime) -> int:
    gone = 0
    while True:
        with database.writing() as session:
            some = _some(session, rule, at)
        gone += some
        if some < AT_A_TIME:
            return gone


def _some(session: Session, rule: Rule, at: datetime) -> int:
    act, before = Act(None, at, zone=rules(session).zone), rule.before(rules(session), at)
    gone = 0 if before is None else rule.remove(session, act, before, AT_A_TIME)
    if gone and before is not None:
        record(session, act, "retention.applied", rule.table, "-", kind=rule.name, rows=gone, before=before.isoformat())
    return gone
