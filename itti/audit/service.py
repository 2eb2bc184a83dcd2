"""Writing and reading the audit record."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.acts import Act
from itti.audit.tables import Event
from reports.recorded import details_digest

FORGOTTEN = "record.forgotten"
"""The act by which details of other acts were erased; its details name them."""

_ENTERED: Final = sa.insert(Event)


def record(session: Session, act: Act, action: str, subject: str, subject_id: UUID | str, **details: object) -> None:
    """Add an act to the record, in the same transaction as what it records; see :func:`entry`."""
    session.add(Event(**entry(act, action, subject, subject_id, **details)))


def record_all(session: Session, entries: Sequence[Mapping[str, Any]]) -> None:
    """Add several acts, each made by :func:`entry`, in their order and in one statement."""
    if entries:
        session.connection().execute(_ENTERED, list(entries))


def entry(act: Act, action: str, subject: str, subject_id: UUID | str, **details: object) -> dict[str, Any]:
    """What a row of the record holds of an act.

    ``action`` is ``noun.past-participle``, ``subject`` the table of the thing. ``details`` are JSON values and
    never secrets; ``assessment`` among them is the id of the assessment that the act belongs to. What names people or
    comes from them stands in the details: they can be erased, everything else is in the tree for ever. Where a machine
    acts for the person, ``machine`` among the details says which, and of which body or factory.
    """
    if act.machine is not None:
        named = {"id": str(act.machine.id), "name": act.machine.name}
        for whose, owner in (("body", act.machine.body_id), ("factory", act.machine.factory_id)):
            named |= {} if owner is None else {whose: str(owner)}
        details = {**details, "machine": named}
    told = json.loads(json.dumps(details))
    salt = secrets.token_hex(16)
    return {
        "at": act.at,
        "actor_id": None if act.actor is None else act.actor.id,
        "actor_role": None if act.actor is None else act.actor.role.value,
        "action": action,
        "subject": subject,
        "subject_id": str(subject_id),
        "assessment_id": _assessment(subject, subject_id, details),
        "details": told,
        "salt": salt,
        "details_digest": details_digest(salt, told),
        "request_id": act.request_id,
    }


def _assessment(subject: str, subject_id: UUID | str, details: dict[str, object]) -> UUID | None:
    found = subject_id if subject == "assessment" else details.get("assessment")
    return None if found is None else UUID(str(found))


def machine_of(event: Event) -> str | None:
    """What the machine is called by which somebody did it; None: the person did, or the details were erased."""
    named = event.details.get("machine")
    return str(named["name"]) if isinstance(named, dict) else None


def history(session: Session, subject: str, subject_id: UUID | str) -> Sequence[Event]:
    """All that was done to one thing, oldest first."""
    statement = (
        select(Event).where(Event.subject == subject, Event.subject_id == str(subject_id)).order_by(col(Event.id))
    )
    return session.exec(statement).all()


def forget(session: Session, act: Act, events: Sequence[Event]) -> None:
    """Erase the details of acts for good, and record that. The acts themselves stay, and so does the tree.

    For the erasure of a person's data: who acted is a pseudonym already, names and texts stand in the details alone.
    """
    numbers = [event.id for event in events]
    for event in events:
        event.details, event.salt = {}, None
        session.add(event)
    record(session, act, FORGOTTEN, "event", "-", events=numbers)
