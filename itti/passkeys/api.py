"""Passkeys over HTTP: for programs that can ask an authenticator themselves."""

from __future__ import annotations

from functools import partial
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, status
from sqlmodel import Session

from itti.accounts import service as accounts
from itti.accounts import uses
from itti.accounts.admission import admit_by_passkey
from itti.accounts.errors import FreshSignInNeeded
from itti.accounts.schemas import IssuedTokenView
from itti.acts import Act
from itti.http.bearer import UNARMED_ENTRY, Entrant, SettingsOf
from itti.http.errors import TooManyRequests
from itti.http.openapi import problems
from itti.http.transactions import Transaction
from itti.passkeys import registering, service
from itti.passkeys.challenges import Purpose
from itti.passkeys.errors import (
    ChallengeOver,
    NoPasskeysHere,
    PasskeyCopied,
    PasskeyRefused,
    PasskeyThere,
    PasskeyUnknown,
    TooManyPasskeys,
)
from itti.passkeys.schemas import ChallengeView, PasskeyInput, PasskeyTokenInput, PasskeyView
from itti.settings import Settings

router = APIRouter(tags=["accounts"])

_OWN: Final = "/me/passkeys"
_PROGRAM: Final = "api"
"""Who holds a challenge here: whoever has its ticket; pages bind theirs to the browser as well."""


def _issue(label: str, session: Session, act: Act, settings: Settings) -> IssuedTokenView:
    return IssuedTokenView.issued(accounts.issue_token(session, act, settings, label))


@router.post(
    "/tokens/passkey/challenge",
    operation_id="beginPasskeyToken",
    summary="Get a challenge, to sign in with a passkey",
    responses=problems(NoPasskeysHere),
)
def ask(settings: SettingsOf) -> ChallengeView:
    """Any passkey of this service answers it; which one, its holder picks."""
    return ChallengeView.of(service.ask(settings, Purpose.SIGN_IN, _PROGRAM))


@router.post(
    "/tokens/passkey",
    status_code=status.HTTP_201_CREATED,
    operation_id="createTokenByPasskey",
    summary="Get a bearer token for a passkey",
    responses=problems(ChallengeOver, PasskeyRefused, PasskeyCopied, TooManyRequests),
)
async def create_token(request: Request, given: PasskeyTokenInput) -> IssuedTokenView:
    """Without a password: a passkey proves that its holder was looked at."""
    return await admit_by_passkey(request, given.answer(_PROGRAM), partial(_issue, given.label))


@router.get(_OWN, operation_id="listPasskeys", summary="List one's own passkeys", responses=problems(*UNARMED_ENTRY))
def list_own(session: Transaction, act: Entrant) -> list[PasskeyView]:
    """The oldest first."""
    return [PasskeyView.of(passkey) for passkey in registering.own(session, act)]


@router.post(
    f"{_OWN}/challenge",
    operation_id="beginPasskey",
    summary="Get a challenge, to register a passkey",
    responses=problems(*UNARMED_ENTRY, FreshSignInNeeded, NoPasskeysHere, TooManyPasskeys),
)
def begin(request: Request, session: Transaction, act: Entrant, settings: SettingsOf) -> ChallengeView:
    """For this token alone."""
    return ChallengeView.of(registering.begin(session, act, settings, uses.let_in_by(request)))


@router.post(
    _OWN,
    status_code=status.HTTP_201_CREATED,
    operation_id="addPasskey",
    summary="Register a passkey",
    responses=problems(*UNARMED_ENTRY, FreshSignInNeeded, ChallengeOver, PasskeyRefused, PasskeyThere, TooManyPasskeys),
)
def add(request: Request, given: PasskeyInput, session: Transaction, act: Entrant, settings: SettingsOf) -> PasskeyView:
    """The first second factor of an account ends its other sessions and tokens."""
    answer = given.answer(uses.let_in_by(request))
    return PasskeyView.of(registering.add(session, act, settings, answer, given.name))


@router.delete(
    f"{_OWN}/{{passkey_id}}",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="removePasskey",
    summary="Take one of one's own passkeys away",
    responses=problems(*UNARMED_ENTRY, FreshSignInNeeded, PasskeyUnknown),
)
def remove(passkey_id: UUID, session: Transaction, act: Entrant) -> None:
    """It lets nobody in from now on."""
    registering.remove(session, act, passkey_id)
