"""Who calls the API: by a bearer token (RFC 6750). Cookies mean nothing here, so no other site can misuse them.

A token may be limited to scopes. What they open is said where a route says who acts: :data:`ReadsAssessments` and its
like name the scope they ask for, :data:`SignedIn` and :data:`Entrant` name none, and so limited tokens never pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes
from sqlmodel import Session

from itti.accounts import uses
from itti.accounts.bearers import owner_of_token
from itti.accounts.errors import FreshSignInNeeded, PeopleOnly, ScopeMissing, TokenExpired, TokenInvalid
from itti.accounts.scopes import Scope
from itti.accounts.tables import ApiToken
from itti.acts import Act
from itti.factors import service as factors
from itti.factors.errors import SecondFactorMissing
from itti.http.errors import SignInNeeded, TooManyRequests
from itti.http.limits import count
from itti.http.transactions import Transaction
from itti.machines import acting
from itti.retries.service import attempt_of, meet
from itti.settings import Settings

scheme = HTTPBearer(
    scheme_name="bearer",
    description="A token from `POST /api/v1/tokens`, or of a machine from `POST /api/v1/oauth/token`.",
    auto_error=False,
)
"""How the token travels."""


def settings_of(request: Request) -> Settings:
    """The settings of the application that serves ``request``."""
    found: Settings = request.app.state.settings
    return found


async def _settings(request: Request) -> Settings:
    """Asked without a thread, which would take longer than the answer."""
    return settings_of(request)


SettingsOf = Annotated[Settings, Depends(_settings)]


def entrant(
    request: Request,
    session: Transaction,
    settings: SettingsOf,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(scheme)],
    asked: SecurityScopes,
) -> Act:
    """The act of the person whose token was sent, or of the machine that acts for them.

    For the few doors that are open before a second factor was set up; all others take :func:`signed_in`.

    Raises:
        SignInNeeded: no token was sent.
        TokenInvalid: unknown or revoked, or its owner was shut out.
        TokenExpired: it has expired.
        ScopeMissing: the token is limited to something else.
        PeopleOnly: the token is limited, and this is not for such.
        TooManyRequests: the account has used up what it may send within a minute.
        Met: the request has acted before, and is answered as it was then.
    """
    if credentials is None:
        raise SignInNeeded
    act = stranger(request)
    user, token = owner_of_token(session, act, settings, credentials.credentials)
    _demand_scopes(token, asked.scopes)
    uses.note(request, token, act.at)
    count(request, str(user.id))
    meet(session, attempt_of(request), user.id)
    proof = uses.proof(settings, token)
    if token.scopes is not None:
        proof = replace(proof, fresh_until=act.at)  # what a limited token does is never proof of a person
    return act.by(user, proof, acting.by_token(session, token))


def _demand_scopes(token: ApiToken, asked: list[str]) -> None:
    if token.scopes is None:
        return
    if not asked:
        raise PeopleOnly
    if not set(asked) <= set(token.scopes.split()):
        raise ScopeMissing(scope=" ".join(asked))


def signed_in(
    request: Request,
    session: Transaction,
    settings: SettingsOf,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(scheme)],
    asked: SecurityScopes,
) -> Act:
    """The act of the person whose token was sent, or of the machine that acts for them.

    Raises:
        SignInNeeded: no token was sent.
        TokenInvalid: unknown or revoked, or its owner was shut out.
        TokenExpired: it has expired.
        ScopeMissing: the token is limited to something else.
        PeopleOnly: the token is limited, and this is not for such.
        SecondFactorMissing: the programme asks this person for one.
    """
    act = entrant(request, session, settings, credentials, asked)
    if act.machine is None:
        factors.demand_if_required(session, settings, act)
    return act


async def caller(
    request: Request,
    settings: SettingsOf,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(scheme)],
    asked: SecurityScopes,
) -> Callable[[Session], Act]:
    """Who calls, for doors that begin their transactions themselves: asks :func:`signed_in` in each of them."""

    def act(session: Session) -> Act:
        return signed_in(request, session, settings, credentials, asked)

    return act


def stranger(request: Request) -> Act:
    """The act of somebody unknown, for public doors."""
    return Act(actor=None, request_id=request.state.request_id, zone=settings_of(request).zone)


UNARMED_ENTRY = (SignInNeeded, TokenInvalid, TokenExpired, PeopleOnly, TooManyRequests)
"""What a door may answer that is open before a second factor was set up; for its ``responses=``."""

ENTRY = (*UNARMED_ENTRY, ScopeMissing, SecondFactorMissing)
"""What every other door that asks for a token may answer; for its ``responses=``."""

FRESH_ENTRY = (*ENTRY, FreshSignInNeeded)
"""What a door may answer whose act weighs much; for its ``responses=``."""

Entrant = Annotated[Act, Depends(entrant)]
"""Somebody whose second factor may still be missing; people alone."""

SignedIn = Annotated[Act, Depends(signed_in)]
"""Somebody signed in; people alone."""

ReadsAssessments = Annotated[Act, Security(signed_in, scopes=[Scope.ASSESSMENTS_READ.value])]
WritesAnswers = Annotated[Act, Security(signed_in, scopes=[Scope.ASSESSMENTS_WRITE.value])]
WritesEvidence = Annotated[Act, Security(signed_in, scopes=[Scope.EVIDENCE_WRITE.value])]
ReadsCertificates = Annotated[Act, Security(signed_in, scopes=[Scope.CERTIFICATES_READ.value])]
ReadsRegister = Annotated[Act, Security(signed_in, scopes=[Scope.REGISTER_READ.value])]
ComputesScores = Annotated[Act, Security(signed_in, scopes=[Scope.SCORES_COMPUTE.value])]
ReadsFootprints = Annotated[Act, Security(signed_in, scopes=[Scope.FOOTPRINTS_READ.value])]
WritesFootprints = Annotated[Act, Security(signed_in, scopes=[Scope.FOOTPRINTS_WRITE.value])]
"""Somebody signed in, or a token that is limited to that."""

AssessmentsReader = Annotated[Callable[[Session], Act], Security(caller, scopes=[Scope.ASSESSMENTS_READ.value])]
EventsReader = Annotated[Callable[[Session], Act], Security(caller, scopes=[Scope.EVENTS_READ.value])]
EvidenceWriter = Annotated[Callable[[Session], Act], Security(caller, scopes=[Scope.EVIDENCE_WRITE.value])]
"""The same for doors that begin their transactions themselves."""

Stranger = Annotated[Act, Depends(stranger)]
