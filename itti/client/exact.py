"""JSON without binary floats: what comes in with a point is a Decimal, and no float goes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from itti.client.faults import InexactNumber, UnreadableAnswer


def from_json(content: bytes) -> Any:
    """The document in ``content``.

    Raises:
        UnreadableAnswer: it is not JSON.
    """
    try:
        return json.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise UnreadableAnswer(repr(content[:80])) from error


def plain(value: object) -> object:
    """``value`` as JSON can say it: numbers with a point as text, days by ISO 8601, ids as text.

    Raises:
        InexactNumber: there is a float in it.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return format(value, "f")
        case date() | UUID():
            return value.isoformat() if isinstance(value, date) else str(value)
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
        case _:
            raise InexactNumber(repr(value))


def given(**fields: object) -> dict[str, object]:
    """The fields that say something, made plain: what is None was not given."""
    return {name: plain(value) for name, value in fields.items() if value is not None}
