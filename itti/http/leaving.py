"""Operations that will go: one declaration at the route says so everywhere (RFC 9745, RFC 8594)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any

from fastapi import Depends, Request


def leaving(since: date, until: date, instead: str) -> dict[str, Any]:
    """What a route that will go takes as further arguments.

    Every answer of it, refusals too, then carries ``Deprecation``, ``Sunset`` and a link to what to use instead; in the
    description the operation is marked, with these fields.

    Args:
        since: from which day it is not to be used any more.
        until: from which day it may be gone.
        instead: address of the operation to use.
    """
    fields = {
        "Deprecation": f"@{int(_moment(since).timestamp())}",
        "Sunset": format_datetime(_moment(until), usegmt=True),
        "Link": f'<{instead}>; rel="successor-version"',
    }
    return {"deprecated": True, "dependencies": [Depends(_noting(fields))]}


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _noting(fields: dict[str, str]) -> Callable[[Request], None]:
    def note(request: Request) -> None:
        say(request, fields)

    return note


def say(request: Request, fields: dict[str, str]) -> None:
    """Let whatever answers this request carry these header fields; the outermost layer adds them."""
    noted: dict[str, str] = getattr(request.state, "fields", {})
    request.state.fields = noted | fields
