"""When a session or a token was last used, to the hour.

Most requests only read. So the use is noted with the request, and stored after the answer has left, when the request
holds the database no more: at most once an hour for each session and token.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from fastapi import Request
from sqlmodel import Session, col, update
from starlette.types import ASGIApp, Receive, Scope, Send

from itti.accounts.tables import ApiToken, SignIn
from itti.acts import Proof
from itti.http.transactions import turnstile
from itti.settings import Settings

COARSE: Final = timedelta(hours=1)
"""Two uses less than this apart count as one."""

_logger = logging.getLogger("itti")


def note(request: Request, row: SignIn | ApiToken, at: datetime) -> None:
    """Note that ``row`` let somebody in with this request."""
    request.state.let_in_by = row.id
    if row.last_used_at is None or at - row.last_used_at >= COARSE:
        request.state.used = (type(row), row.id, at)


def proof(settings: Settings, row: SignIn | ApiToken) -> Proof:
    """When the owner of ``row`` last proved who they are, and how long that is fresh."""
    return replace(proof_at(settings, row.proven_at or row.created_at), vouched=row.vouched)


def proof_at(settings: Settings, at: datetime) -> Proof:
    """A proof of that moment."""
    fresh = timedelta(minutes=settings.fresh_minutes)
    return Proof(at, at + fresh if fresh else None)


def let_in_by(request: Request) -> UUID | None:
    """The session or token that let this request in; None: nobody is signed in."""
    found: UUID | None = getattr(request.state, "let_in_by", None)
    return found


class LastUse:
    """The layer that stores what was noted."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        await self.app(scope, receive, send)
        used = scope.get("state", {}).get("used")
        if used is None:
            return
        try:
            await turnstile(Request(scope)).write(partial(_store, used))
        except Exception:
            # The answer has left, and nobody waits for this: the next request notes it again.
            _logger.exception("the last use of a session or token could not be stored")


def _store(used: tuple[type[SignIn | ApiToken], UUID, datetime], session: Session) -> None:
    table, identifier, at = used
    session.exec(update(table).where(col(table.id) == identifier).values(last_used_at=at))
