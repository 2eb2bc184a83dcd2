"""Who looks at a page: by a session cookie."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from itti.accounts import service, uses
from itti.accounts.admission import admit
from itti.accounts.agents import agent_of
from itti.acts import Act
from itti.http.bearer import SettingsOf, stranger
from itti.http.errors import SignInNeeded
from itti.http.transactions import Transaction
from itti.settings import Settings


def cookie_name(settings: Settings) -> str:
    """Name of the session cookie. ``__Host-`` (only over https) binds it to this very host."""
    return "__Host-itti" if settings.base_url.startswith("https:") else "itti"


def visitor(request: Request, session: Transaction, settings: SettingsOf) -> Act:
    """The act of whoever looks: of a person when the cookie lets them in, else of a stranger."""
    act = stranger(request)
    secret = request.cookies.get(cookie_name(settings))
    found = service.owner_of_sign_in(session, act, settings, secret) if secret else None
    if found is None:
        return act
    user, row = found
    uses.note(request, row, act.at)
    return Act(actor=user, at=act.at, request_id=act.request_id)


def person(act: Annotated[Act, Depends(visitor)]) -> Act:
    """The act of the person who is signed in.

    Raises:
        SignInNeeded: nobody is; the page for that problem leads to the sign-in page.
    """
    if act.actor is None:
        raise SignInNeeded
    return act


Visitor = Annotated[Act, Depends(visitor)]
Person = Annotated[Act, Depends(person)]


async def sign_in(request: Request, response: Response, email: str, password: str) -> None:
    """Check a password and set the session cookie on ``response``. Call it before any transaction of the request.

    Raises:
        TooManyRequests: too many tries.
        WrongCredentials: no such account and password.
    """
    settings: Settings = request.app.state.settings
    agent = agent_of(request.headers.get("user-agent", ""))
    secret = await admit(request, email, password, partial(service.start_sign_in, agent=agent))
    response.set_cookie(
        cookie_name(settings),
        secret,
        max_age=settings.session_hours * 3600,
        path="/",
        secure=settings.base_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )


def sign_out(request: Request, response: Response, session: Transaction, act: Act, settings: Settings) -> None:
    """End the browser session of ``request`` and take its cookie back."""
    name = cookie_name(settings)
    secret = request.cookies.get(name)
    if secret:
        service.end_sign_in(session, act, settings, secret)
    response.delete_cookie(name, path="/", secure=settings.base_url.startswith("https:"), httponly=True, samesite="lax")
