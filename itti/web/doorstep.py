"""A mark by which a browser is known before anybody has signed in, so that what begins here also ends here."""

from __future__ import annotations

import secrets
from typing import Final

from fastapi import Request
from starlette.responses import Response

from itti.settings import Settings

_LIFE: Final = 3600


def mark_of(request: Request) -> str | None:
    """The mark of the browser; None: it has none yet."""
    found = request.cookies.get(_name(request.app.state.settings), "")
    return found if len(found) == 43 else None


def new_mark() -> str:
    """A mark for a browser that has none: 32 random bytes."""
    return secrets.token_urlsafe(32)


def set_mark(request: Request, response: Response, mark: str) -> None:
    """Let the browser keep its mark for an hour; no script can read it."""
    settings: Settings = request.app.state.settings
    secure = settings.base_url.startswith("https:")
    response.set_cookie(_name(settings), mark, max_age=_LIFE, path="/", secure=secure, httponly=True, samesite="lax")


def _name(settings: Settings) -> str:
    return "__Host-itti-doorstep" if settings.base_url.startswith("https:") else "itti_doorstep"
