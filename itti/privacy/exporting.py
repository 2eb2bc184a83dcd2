"""Everything that is held about a person, complete by construction: every row of every table that points to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from itti.accounts.tables import User

WITHHELD: Final = frozenset(
    {
        "user_account.password_hash",
        "sign_in.token_hash",
        "api_token.token_hash",
        "account_link.token_hash",
        "outgoing_mail.secret",
        "keyed_request.key_hash",
        "keyed_request.request_hash",
        "keyed_request.answer",
        "second_factor.secret",
        "recovery_code.code_hash",
        "preparation.frozen",
        "event.salt",
        "footprint_partner.client_secret",
        "product_footprint.content",
        "product_footprint.inventory",
        "product_footprint.calculation",
    }
)
"""Columns that are not given out: what lets somebody in, and what is whole of a factory: papers, footprints."""

_WITHOUT_KEY: Final = {"user_account": ["id"], "event": ["actor_id"]}
"""Tables that name people without a foreign key: the account itself, and the record of acts, which outlives it."""


def held_about(session: Session, user: User) -> dict[str, Any]:
    """All rows about a person as JSON values: table → rows, each with the columns by which it points to them.

    Checks no rights.
    """
    found: dict[str, Any] = {}
    for table, pointers in pointing():
        rows = _plain(session, table, sa.or_(*(table.c[name] == user.id for name in pointers)))
        if rows:
            found[table.name] = [
                {"as": [name for name in pointers if row[name] == str(user.id)], **row} for row in rows
            ]
    return found


def pointing() -> Iterator[tuple[sa.Table, list[str]]]:
    """Every table that names people, with the columns that do, by name."""
    for table in sorted(SQLModel.metadata.tables.values(), key=lambda each: each.name):
        pointers = [
            column.name for column in table.c for key in column.foreign_keys if key.column.table.name == "user_account"
        ]
        pointers = _WITHOUT_KEY.get(table.name, pointers)
        if pointers:
            yield table, pointers


def _plain(session: Session, table: sa.Table, which: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    columns = [column for column in table.c if str(column) not in WITHHELD]
    rows = session.execute(sa.select(*columns).where(which)).mappings().all()
    return [{name: _json(value) for name, value in row.items()} for row in rows]


def _json(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str | dict | list):
        return getattr(value, "value", value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
