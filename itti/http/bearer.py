"""Who calls the API: by a bearer token (RFC 6750). Cookies mean nothing here, so no other site can misuse them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from itti.accounts import service, uses
from itti.accounts.errors import FreshSignInNeeded, TokenExpired, TokenInvalid
from itti.acts import Act
from itti.factors import service as factors
from itti.factors.errors import SecondFactorMissing
from itti.http.errors import SignInNeeded
from itti.http.transactions import Transaction
from itti.retries.service import attempt_of, meet
from itti.settings import Settings

scheme = HTTPBearer(scheme_name="bearer", description="A token from `POST /api/v1/tokens`.", auto_error=False)
"""How the token travels."""


def settings_of(request: Request) -> Settings:
    """The settings of the application that serves ``request``."""
    found: Settings = request.app.state.settings
    return found


SettingsOf = Annotated[Settings, Depends(settings_of)]


def entrant(
    request: Request,
    session: Transaction,
    settings: SettingsOf,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(scheme)],
) -> Act:
    """The act of the person whose token was sent.

    For the few doors that are open before a second factor was set up; all others take :func:`signed_in`.

    Raises:
        SignInNeeded: no token was sent.
        TokenInvalid: unknown or revoked, or its owner was shut out.
        TokenExpired: it has expired.
        Met: the request has acted before, and is answered as it was then.
    """
    if credentials is None:
        raise SignInNeeded
    act = stranger(request)
    user, token = service.owner_of_token(session, act, settings, credentials.credentials)
    uses.note(request, token, act.at)
    meet(session, attempt_of(request), user.id)
    return act.by(user, uses.proof(settings, token))


def signed_in(
    request: Request,
    session: Transaction,
    settings: SettingsOf,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(scheme)],
) -> Act:
    """The act of the person whose token was sent.

    Raises:
        SignInNeeded: no token was sent.
        TokenInvalid: unknown or revoked, or its owner was shut out.
        TokenExpired: it has expired.
        SecondFactorMissing: the programme asks this person for one.
    """
    act = entrant(request, session, settings, credentials)
    factors.demand_if_required(session, settings, act)
    return act


def stranger(request: Request) -> Act:
    """The act of somebody unknown, for public doors."""
    return Act(actor=None, request_id=request.state.request_id, zone=settings_of(request).zone)


UNARMED_ENTRY = (SignInNeeded, TokenInvalid, TokenExpired)
"""What a door may answer that is open before a second factor was set up; for its ``responses=``."""

ENTRY = (*UNARMED_ENTRY, SecondFactorMissing)
"""What every other door that asks for a token may answer; for its ``responses=``."""

FRESH_ENTRY = (*ENTRY, FreshSignInNeeded)
"""What a door may answer whose act weighs much; for its ``responses=``."""

Entrant = Annotated[Act, Depends(entrant)]
SignedIn = Annotated[Act, Depends(signed_in)]
Stranger = Annotated[Act, Depends(stranger)]
