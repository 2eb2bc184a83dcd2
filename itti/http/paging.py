"""Lists in pages that stay right while others add rows: keyset cursors and ``Link`` headers (RFC 8288)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Final, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Query, Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query as QueryParameter
from pydantic import BaseModel, Field
from sqlmodel import Session
from sqlmodel.sql.expression import SelectOfScalar

from itti.errors import FieldMistake
from itti.http.errors import InvalidInput, MalformedRequest
from itti.http.problems import API
from questionnaires import wording

ViewT = TypeVar("ViewT", bound=BaseModel)
RowT = TypeVar("RowT")

MOST: Final = 200


class MalformedCursor(MalformedRequest):
    """``after`` is not a cursor that this service gave."""

    code = "malformed-cursor"


class Page(BaseModel, Generic[ViewT]):
    """Part of a list; the header ``Link`` with ``rel="next"`` leads on."""

    items: list[ViewT] = Field(description="The entries of this page, in order.")


@dataclass(frozen=True)
class Paging:
    """Which part of a list is asked for: ``limit`` rows after the row that ``after`` names (None: from the first)."""

    limit: int
    after: str | None


PAGED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "headers": {
            "Link": {
                "description": wording.say("itti.http", "openapi.link"),
                "schema": {"type": "string", "example": '</api/v1/factories?after=WyJB…>; rel="next"'},
            }
        }
    }
}
"""What a route adds to ``responses=`` when its list comes in pages."""


def paging(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Most entries in one page.")] = 50,
    after: Annotated[
        str | None, Query(max_length=1000, description="Where the page begins; taken from a `Link` header.")
    ] = None,
) -> Paging:
    """The paging parameters of a request.

    Raises:
        InvalidInput: a request of the API has a parameter that the list does not know: it would get more than it asked
            for. Pages bear with what stands in an address.
    """
    if request.url.path.startswith(API):
        _refuse_unknown(request)
    return Paging(limit, after)


def _refuse_unknown(request: Request) -> None:
    parameters = get_flat_params(request.scope["route"].dependant)
    known = sorted(each.alias for each in parameters if isinstance(each.field_info, QueryParameter))
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if unknown:
        details = {"limit": ", ".join(known)}
        raise InvalidInput.of(*(FieldMistake(f"?{name[:80]}", "not-a-parameter", details) for name in unknown))


PagingOf = Annotated[Paging, Depends(paging)]

SORT: Final[Any] = Query(description=wording.say("itti.http", "openapi.sort"))
"""What a route says of the parameter ``sort``, whose words are an enumeration of the list."""


@dataclass(frozen=True)
class Slice(Generic[RowT]):
    """Rows of one page, and the cursor of the next one (None: this is the last)."""

    rows: Sequence[RowT]
    after: str | None


@dataclass(frozen=True)
class _Order:
    """By which columns a list goes, and how that order is called where there are several."""

    keys: Sequence[Any]
    descending: bool = False
    name: str = ""


def sorted_cut(
    session: Session,
    statement: SelectOfScalar[RowT],
    sort: str,
    columns: Mapping[str, Sequence[Any]],
    paging: Paging,
) -> Slice[RowT]:
    """One page of ``statement`` in the order that the reader chose.

    ``sort`` is a key of ``columns``, with a minus in front for the other way round; the columns are as for :func:`cut`.

    Raises:
        MalformedCursor: ``paging.after`` was not made for this order.
    """
    order = _Order(columns[sort.removeprefix("-")], sort.startswith("-"), str(sort))
    return _cut(session, statement, order, paging)


def cut(
    session: Session,
    statement: SelectOfScalar[RowT],
    keys: Sequence[Any],
    paging: Paging,
    *,
    descending: bool = False,
) -> Slice[RowT]:
    """One page of ``statement``, ordered by ``keys``.

    ``keys`` are columns of the selected table, not null, and together unique (end with the id).

    Raises:
        MalformedCursor: ``paging.after`` was not made for these keys.
    """
    return _cut(session, statement, _Order(keys, descending), paging)


def _cut(session: Session, statement: SelectOfScalar[RowT], order: _Order, paging: Paging) -> Slice[RowT]:
    keys = order.keys
    if paging.after is not None:
        position = sa.tuple_(*_decode(paging.after, order))
        here = sa.tuple_(*keys)
        statement = statement.where(here < position if order.descending else here > position)
    ordered = [sa.desc(key) if order.descending else sa.asc(key) for key in keys]
    rows = session.exec(statement.order_by(*ordered).limit(paging.limit + 1)).all()
    if len(rows) <= paging.limit:
        return Slice(rows, None)
    rows = rows[: paging.limit]
    named = [order.name] if order.name else []
    return Slice(rows, _encode([*named, *(getattr(rows[-1], key.key) for key in keys)]))


def link_next(request: Request, response: Response, after: str | None) -> None:
    """Add the ``Link`` to the next page, if there is one."""
    if after is not None:
        kept = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
        address = request.url.replace(scheme="", netloc="", query=urlencode([*kept, ("after", after)]))
        response.headers["Link"] = f'<{address}>; rel="next"'


def _encode(values: Sequence[object]) -> str:
    plain = [value.isoformat() if isinstance(value, date) else _plain(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).rstrip(b"=").decode()


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value


def _decode(cursor: str, order: _Order) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        named = [order.name] if order.name else []
        if not isinstance(values, list) or values[: len(named)] != named:
            raise MalformedCursor
        return [
            sa.bindparam(None, _typed(value, _kind(key)), type_=key.type, unique=True)
            for value, key in zip(values[len(named) :], order.keys, strict=True)
        ]
    except (binascii.Error, UnicodeError, ValueError, TypeError, RecursionError) as error:
        raise MalformedCursor from error


def _kind(key: Any) -> type:
    """The Python type of a column; SQLModel's own column types hide theirs one level down."""
    kind = key.type.impl_instance if isinstance(key.type, sa.TypeDecorator) else key.type
    python_type: type = kind.python_type
    return python_type


def _typed(value: Any, kind: type) -> Any:
    if kind in {datetime, date}:
        return kind.fromisoformat(value)
    if kind is UUID:
        return UUID(value)
    if not isinstance(value, kind):
        raise MalformedCursor
    return value
