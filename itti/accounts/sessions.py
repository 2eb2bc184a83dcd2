"""Who looks at a page: by a session cookie."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from itti.accounts import service, uses
from itti.accounts.admission import admit, admit_by_code, admit_by_passkey, admit_vouched
from itti.accounts.agents import agent_of
from itti.accounts.tables import User
from itti.acts import Act
from itti.factors import service as factors
from itti.http.bearer import SettingsOf, stranger
from itti.http.errors import SignInNeeded
from itti.http.transactions import Transaction
from itti.passkeys.challenges import Answer
from itti.settings import Settings


def cookie_name(settings: Settings) -> str:
    """Name of the session cookie. ``__Host-`` (only over https) binds it to this very host."""
    return "__Host-itti" if settings.base_url.startswith("https:") else "itti"


def entrant(request: Request, session: Transaction, settings: SettingsOf) -> Act:
    """The act of whoever looks: of a person when the cookie lets them in, else of a stranger.

    For the few doors that are open before a second factor was set up; all others take :func:`visitor`.
    """
    act = stranger(request)
    secret = request.cookies.get(cookie_name(settings))
    found = service.owner_of_sign_in(session, act, settings, secret) if secret else None
    if found is None:
        return act
    user, row = found
    uses.note(request, row, act.at)
    return act.by(user, uses.proof(settings, row))


def visitor(request: Request, session: Transaction, settings: SettingsOf) -> Act:
    """The act of whoever looks: of a person when the cookie lets them in, else of a stranger.

    Raises:
        SecondFactorMissing: the programme asks for one; the page for that problem leads to where it is set up.
    """
    act = entrant(request, session, settings)
    if act.actor is not None:
        factors.demand_if_required(session, settings, act)
    return act


def person(act: Annotated[Act, Depends(visitor)]) -> Act:
    """The act of the person who is signed in.

    Raises:
        SignInNeeded: nobody is; the page for that problem leads to the sign-in page.
    """
    if act.actor is None:
        raise SignInNeeded
    return act


Entrant = Annotated[Act, Depends(entrant)]
Visitor = Annotated[Act, Depends(visitor)]
Person = Annotated[Act, Depends(person)]


async def sign_in(request: Request, response: Response, email: str, password: str) -> None:
    """Check a password and set the session cookie on ``response``. Call it before any transaction of the request.

    Raises:
        TooManyRequests: too many tries.
        WrongCredentials: no such account and password.
        CodeNeeded: the account has a second factor; :func:`sign_in_by_code` goes on with the fault's ticket.
    """
    _let_in(request, response, await admit(request, email, password, _beginning(request)))


async def sign_in_by_code(request: Request, response: Response, ticket: str, code: str) -> None:
    """Check the code of a second factor after the password, and set the session cookie on ``response``.

    Raises:
        TooManyRequests: too many tries.
        SignInOver: the ticket is not good (any more).
        WrongCode: the code is wrong or used up.
    """
    _let_in(request, response, await admit_by_code(request, ticket, code, _beginning(request)))


async def sign_in_by_passkey(request: Request, response: Response, answer: Answer, ticket: str | None) -> None:
    """Check a passkey, alone or after the password, and set the session cookie on ``response``.

    Raises:
        Fault: as :func:`itti.accounts.admission.admit_by_passkey` says.
    """
    _let_in(request, response, await admit_by_passkey(request, answer, _beginning(request), ticket))


async def sign_in_vouched(
    request: Request, response: Response, welcome: Callable[[Session, Act], User], *, strong: bool
) -> None:
    """Let somebody in whom a provider has signed in elsewhere, and set the session cookie on ``response``.

    Raises:
        Fault: as :func:`itti.accounts.admission.admit_vouched` says.
    """
    _let_in(request, response, await admit_vouched(request, welcome, _beginning(request), strong=strong))


def _beginning(request: Request) -> Callable[[Session, Act, Settings], str]:
    """How a session of this browser begins."""
    return partial(service.start_sign_in, agent=agent_of(request.headers.get("user-agent", "")))


def _let_in(request: Request, response: Response, secret: str) -> None:
    settings: Settings = request.app.state.settings
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
