"""What partners sent, and what became of it: which answer a request got, and which request an answer was to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.accounts.roles import require
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.footprints.errors import NoSuchEvent
from itti.footprints.service import owned
from itti.footprints.shown import Received
from itti.footprints.tables import EventName, FootprintEvent, FootprintMessage, Partner
from itti.http.paging import Paging, Slice, cut

_ANSWERS = (EventName.FULFILLED, EventName.REJECTED)


def received(session: Session, act: Act, paging: Paging, partner: UUID | None = None) -> Slice[Received]:
    """What one's partners sent, the newest first; ``partner``: that one alone.

    Raises:
        WrongRole, MalformedCursor: as they say.
    """
    user = require(act, Role.ASSESSOR, Role.FACTORY)
    statement = select(FootprintEvent).where(_sent_to(user))
    if partner is not None:
        statement = statement.where(FootprintEvent.partner_id == partner)
    keys = (col(FootprintEvent.received_at), col(FootprintEvent.id))
    found = cut(session, statement, keys, paging, descending=True)
    return Slice(_shown(session, found.rows), found.after)


def event(session: Session, act: Act, identifier: UUID) -> Received:
    """One event.

    Raises:
        WrongRole: the programme office.
        NoSuchEvent: none, or none of one's own partners.
    """
    user = require(act, Role.ASSESSOR, Role.FACTORY)
    row = session.exec(select(FootprintEvent).where(FootprintEvent.id == identifier, _sent_to(user))).one_or_none()
    if row is None:
        raise NoSuchEvent(event=str(identifier))
    return _shown(session, [row])[0]


def data_of(row: FootprintEvent | FootprintMessage) -> Mapping[str, Any]:
    """What an event holds that came or is sent."""
    found: Mapping[str, Any] = json.loads(row.content)["data"]
    return found


def _sent_to(user: User) -> sa.ColumnElement[bool]:
    return col(FootprintEvent.partner_id).in_(select(Partner.id).where(owned(user, Partner)))


def _shown(session: Session, rows: Sequence[FootprintEvent]) -> list[Received]:
    """Events with what belongs to them, by three queries however many they are."""
    read = {row.id: data_of(row) for row in rows}
    partners = {
        each.id: each
        for each in session.exec(select(Partner).where(col(Partner.id).in_({row.partner_id for row in rows}))).all()
    }
    answers = _answers(session, [row for row in rows if row.name is EventName.REQUESTED])
    requests = _requests(session, [data for data in read.values() if "requestEventId" in data])
    found = []
    for row in rows:
        request = requests.get(str(read[row.id].get("requestEventId")))
        found.append(
            Received(
                row,
                partners[row.partner_id],
                read[row.id],
                answers.get((row.partner_id, row.event, row.received_at)),
                request if request is not None and request.partner_id == row.partner_id else None,
            )
        )
    return found


def _answers(session: Session, rows: Sequence[FootprintEvent]) -> Mapping[tuple[UUID, str, datetime], FootprintMessage]:
    """Answers by partner, name of the request and moment: each is written in the transaction that takes the request."""
    if not rows:
        return {}
    statement = select(FootprintMessage).where(
        col(FootprintMessage.partner_id).in_({row.partner_id for row in rows}),
        col(FootprintMessage.created_at).in_({row.received_at for row in rows}),
        col(FootprintMessage.name).in_(_ANSWERS),
    )
    return {
        (each.partner_id, str(data_of(each)["requestEventId"]), each.created_at): each
        for each in session.exec(statement).all()
    }


def _requests(session: Session, found: Sequence[Mapping[str, Any]]) -> Mapping[str, FootprintMessage]:
    """Our requests by the names that answers give them."""
    names = {name for data in found if (name := _name(data["requestEventId"])) is not None}
    if not names:
        return {}
    statement = select(FootprintMessage).where(
        col(FootprintMessage.id).in_(names), FootprintMessage.name == EventName.REQUESTED
    )
    return {str(each.id): each for each in session.exec(statement).all()}


def _name(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
