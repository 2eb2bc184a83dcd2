"""Second factors over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from fastapi import APIRouter, Request, status

from itti.accounts import uses
from itti.accounts.errors import FreshSignInNeeded, UserUnknown, WrongCredentials, WrongRole
from itti.acts import Act
from itti.factors import service
from itti.factors.errors import NoSecondFactor, OwnSecondFactor, SecondFactorThere, SetUpOver, WrongCode
from itti.factors.schemas import AppCode, BegunView, Code, OwnPassword, RecoveryCodesView, SecondFactorView
from itti.http.bearer import FRESH_ENTRY, UNARMED_ENTRY, Entrant, SettingsOf, SignedIn
from itti.http.errors import TooManyRequests
from itti.http.openapi import problems
from itti.http.transactions import Transaction

router = APIRouter(tags=["accounts"])

_OWN = "/me/second-factor"


@contextmanager
def _counted(request: Request, act: Act) -> Iterator[None]:
    """Counts a try with a password or code of the person who acts."""
    assert act.actor is not None  # noqa: S101 - `Entrant` promises it
    with request.app.state.sign_in_limit.attempt(act.actor.email):
        yield


@router.get(
    _OWN,
    operation_id="readSecondFactor",
    summary="How it stands with one's own second factor",
    responses=problems(*UNARMED_ENTRY),
)
def read(session: Transaction, act: Entrant, settings: SettingsOf) -> SecondFactorView:
    """Whether there is one, how many recovery codes are left, and whether the programme asks for one."""
    assert act.actor is not None  # noqa: S101 - `Entrant` promises it
    return SecondFactorView.of(service.standing(session, settings, act.actor))


@router.post(
    _OWN,
    status_code=status.HTTP_201_CREATED,
    operation_id="beginSecondFactor",
    summary="Begin to set up a second factor",
    responses=problems(*UNARMED_ENTRY, WrongCredentials, FreshSignInNeeded, SecondFactorThere, TooManyRequests),
)
def begin(request: Request, given: OwnPassword, session: Transaction, act: Entrant, settings: SettingsOf) -> BegunView:
    """A secret for an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds). In force once it is confirmed."""
    with _counted(request, act):
        return BegunView.of(service.begin(session, act, settings, given.password))


@router.post(
    f"{_OWN}/confirmation",
    operation_id="confirmSecondFactor",
    summary="Put a second factor in force by its first code",
    responses=problems(*UNARMED_ENTRY, WrongCode, SetUpOver, TooManyRequests),
)
def confirm(
    request: Request, given: AppCode, session: Transaction, act: Entrant, settings: SettingsOf
) -> RecoveryCodesView:
    """Gives the recovery codes. All other sessions and tokens of the account end."""
    with _counted(request, act):
        made = service.confirm(session, act, settings, given.code, uses.let_in_by(request))
    return RecoveryCodesView(recovery_codes=list(made))


@router.post(
    f"{_OWN}/recovery-codes",
    operation_id="renewRecoveryCodes",
    summary="Make one's recovery codes anew",
    responses=problems(*UNARMED_ENTRY, WrongCode, NoSecondFactor, TooManyRequests),
)
def renew_codes(
    request: Request, given: Code, session: Transaction, act: Entrant, settings: SettingsOf
) -> RecoveryCodesView:
    """Earlier codes let nobody in any more."""
    with _counted(request, act):
        return RecoveryCodesView(recovery_codes=list(service.renew_codes(session, act, settings, given.code)))


@router.post(
    f"{_OWN}/removal",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="removeSecondFactor",
    summary="Take one's own second factor away",
    responses=problems(*UNARMED_ENTRY, WrongCode, NoSecondFactor, TooManyRequests),
)
def remove(request: Request, given: Code, session: Transaction, act: Entrant, settings: SettingsOf) -> None:
    """For another phone, say. Where the programme asks for one, nothing else is open until there is another."""
    with _counted(request, act):
        service.remove(session, act, settings, given.code)


@router.post(
    "/people/{user_id}/second-factor/reset",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="resetSecondFactor",
    summary="Take away the second factor of somebody who lost it",
    responses=problems(*FRESH_ENTRY, WrongRole, UserUnknown, OwnSecondFactor, NoSecondFactor),
)
def reset(user_id: UUID, session: Transaction, act: SignedIn) -> None:
    """Programme office, which has made sure who asks. All sessions and tokens of the person end."""
    service.reset(session, act, user_id)
