"""Which footprints a partner asks for: the filters of PACT 3.0, of a list and of an event alike.

Within one filter any of the values will do, and all filters must hold; case does not count. A filter without a value
is none. A value that no footprint has, or could have, finds nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session, col, select

from itti.footprints.errors import FilterInvalid
from itti.footprints.product import Moment, Standing
from itti.footprints.tables import FootprintKey, KeyKind, StoredFootprint
from itti.http.paging import MalformedCursor

MOST: Final = 200
"""Footprints in one answer."""

_VALUES: Final = 100
_LISTS: Final = {
    "productId": KeyKind.PRODUCT,
    "companyId": KeyKind.COMPANY,
    "classification": KeyKind.CLASSIFICATION,
}
_TIMES: Final = ("validOn", "validAfter", "validBefore")
_MOMENT: Final = TypeAdapter[datetime](Moment)


@dataclass(frozen=True)
class Filters:
    """What is asked for."""

    keys: Mapping[KeyKind, Sequence[str]] = field(default_factory=dict)
    geographies: Sequence[str] = ()
    statuses: Sequence[str] = ()
    times: Mapping[str, datetime] = field(default_factory=dict)

    @classmethod
    def read(cls, given: Mapping[str, Sequence[str]]) -> Filters:
        """The filters among the fields of a query or an event.

        Raises:
            FilterInvalid: a time that is none, several of them, or very many values.
        """
        asked = {name: [each for each in values if each] for name, values in given.items()}
        for name, values in asked.items():
            if len(values) > (1 if name in _TIMES else _VALUES):
                raise FilterInvalid(name=name)
        return cls(
            {kind: asked[name] for name, kind in _LISTS.items() if asked.get(name)},
            asked.get("geography", ()),
            asked.get("status", ()),
            {name: _moment(name, asked[name][0]) for name in _TIMES if asked.get(name)},
        )

    def where(self) -> list[sa.ColumnElement[bool]]:
        """As conditions."""
        row = StoredFootprint
        found: list[sa.ColumnElement[bool]] = []
        for kind, values in self.keys.items():
            wanted = col(FootprintKey.value).in_({value.casefold() for value in values})
            keys = select(FootprintKey.footprint_id).where(FootprintKey.kind == kind, wanted)
            found.append(col(row.id).in_(keys))
        if self.geographies:
            found.append(col(row.geography).in_({value.casefold() for value in self.geographies}))
        if self.statuses:
            wanted_status = {value.casefold() for value in self.statuses}
            found.append(col(row.status).in_([one for one in Standing if one.value.casefold() in wanted_status]))
        if (on := self.times.get("validOn")) is not None:
            found += [col(row.valid_from) <= on, col(row.valid_until) >= on]
        if (after := self.times.get("validAfter")) is not None:
            found.append(col(row.valid_from) > after)
        if (before := self.times.get("validBefore")) is not None:
            found.append(col(row.valid_until) < before)
        return found


def _moment(name: str, text: str) -> datetime:
    try:
        return _MOMENT.validate_python(text).astimezone(UTC)
    except ValidationError as error:
        raise FilterInvalid(name=name) from error


@dataclass(frozen=True)
class Stretch:
    """Some footprints, and where to go on (None: these are the last)."""

    rows: Sequence[StoredFootprint]
    after: str | None


def stretch(
    session: Session, which: sa.ColumnElement[bool], filters: Filters, limit: int, after: str | None
) -> Stretch:
    """Footprints that fulfil a condition, the oldest first, so that what comes later stands behind every link.

    Raises:
        MalformedCursor: ``after`` was not made here.
    """
    keys: tuple[Any, ...] = (col(StoredFootprint.created_at), col(StoredFootprint.id))
    statement = select(StoredFootprint).where(which, *filters.where())
    if after is not None:
        pairs = zip(_place(after), keys, strict=True)
        begin = [sa.bindparam(None, value, type_=key.type, unique=True) for value, key in pairs]
        statement = statement.where(sa.tuple_(*keys) > sa.tuple_(*begin))
    rows = session.exec(statement.order_by(*keys).limit(limit + 1)).all()
    if len(rows) <= limit:
        return Stretch(rows, None)
    last = rows[limit - 1] if limit else None
    return Stretch(rows[:limit], after or "" if last is None else _cursor(last))


def _cursor(row: StoredFootprint) -> str:
    told = json.dumps([row.created_at.astimezone(UTC).isoformat(), str(row.id)])
    return base64.urlsafe_b64encode(told.encode()).rstrip(b"=").decode()


def _place(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, identifier = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return datetime.fromisoformat(at), UUID(identifier)
    except (binascii.Error, UnicodeError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise MalformedCursor from error
