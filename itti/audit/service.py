"""Writing and reading the audit record."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from itti.acts import Act
from itti.audit.tables import Event


def record(session: Session, act: Act, action: str, subject: str, subject_id: UUID | str, **details: object) -> None:
    """Add an act to the record, in the same transaction as what it records.

    ``action`` is ``noun.past-participle``, ``subject`` the table of the thing. ``details`` are JSON values and
    never secrets.
    """
    session.add(
        Event(
            at=act.at,
            actor_id=None if act.actor is None else act.actor.id,
            actor_role=None if act.actor is None else act.actor.role.value,
            action=action,
            subject=subject,
            subject_id=str(subject_id),
            details=details,
            request_id=act.request_id,
        )
    )


def history(session: Session, subject: str, subject_id: UUID | str) -> Sequence[Event]:
    """All that was done to one thing, oldest first."""
    statement = (
        select(Event).where(Event.subject == subject, Event.subject_id == str(subject_id)).order_by(col(Event.id))
    )
    return session.exec(statement).all()
