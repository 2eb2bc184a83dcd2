"""Tokens, and what people may do with their own account."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response, status
from fastapi.security import HTTPAuthorizationCredentials
from sqlmodel import Session

from itti.accounts import keepers, link_api, office, own_sessions, personal, service, uses
from itti.accounts.admission import admit
from itti.accounts.errors import (
    AccountClosed,
    LastProgrammeUser,
    NotOfABody,
    OwnPassword,
    SessionUnknown,
    TokenUnknown,
    TooManyTokens,
    UserDisabled,
    UserUnknown,
    WrongCredentials,
    WrongRole,
)
from itti.accounts.schemas import (
    Credentials,
    IssuedTokenView,
    KeeperInput,
    LanguageChoice,
    NewPasswordView,
    PasswordChange,
    PersonalTokenInput,
    PersonView,
    SessionView,
    TimeChoice,
    TokenView,
)
from itti.acts import Act
from itti.factors.errors import CodeNeeded, PasskeyNeeded, WrongCode
from itti.http.bearer import ENTRY, FRESH_ENTRY, UNARMED_ENTRY, Entrant, SettingsOf, SignedIn, scheme
from itti.http.errors import InvalidInput, Stale, TooManyRequests
from itti.http.openapi import problems
from itti.http.transactions import Transaction
from itti.settings import Settings

router = APIRouter(tags=["accounts"])
router.include_router(link_api.router)


def _issue(label: str, session: Session, act: Act, settings: Settings) -> IssuedTokenView:
    return IssuedTokenView.issued(service.issue_token(session, act, settings, label))


@router.post(
    "/tokens",
    status_code=status.HTTP_201_CREATED,
    operation_id="createToken",
    summary="Get a bearer token for an e-mail address and a password",
    responses=problems(WrongCredentials, CodeNeeded, PasskeyNeeded, WrongCode, TooManyRequests),
)
async def create_token(request: Request, credentials: Credentials) -> IssuedTokenView:
    """Tokens expire; how many tries there are is limited by account and by address.

    Who has a second factor sends its `code` too; without it the answer is `code-needed`.
    """
    return await admit(
        request, credentials.email, credentials.password, partial(_issue, credentials.label), credentials.code
    )


@router.post(
    "/me/tokens",
    status_code=status.HTTP_201_CREATED,
    operation_id="makePersonalToken",
    summary="Make a token for a tool of one's own",
    responses=problems(*FRESH_ENTRY, TooManyTokens),
)
def make_personal_token(
    new: PersonalTokenInput, response: Response, session: Transaction, act: SignedIn, settings: SettingsOf
) -> IssuedTokenView:
    """Limited to scopes, and to what you may do yourself. It is shown in this answer alone; you are told by letter."""
    issued = personal.make(session, act, settings, new)
    response.headers["Cache-Control"] = "no-store"
    return IssuedTokenView.issued(issued)


@router.get("/tokens", operation_id="listTokens", summary="List one's own tokens", responses=problems(*ENTRY))
def list_tokens(session: Transaction, act: SignedIn) -> list[TokenView]:
    """Those that still let in, newest first, without their secrets."""
    return [TokenView.of(token) for token in service.tokens_of(session, act)]


@router.delete(
    "/tokens/current",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="revokeCurrentToken",
    summary="Revoke the token sent with this request",
    responses=problems(*UNARMED_ENTRY),
)
def revoke_current(
    session: Transaction,
    act: Entrant,
    settings: SettingsOf,
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(scheme)],
) -> None:
    """It lets nobody in from now on."""
    service.revoke_secret(session, act, settings, credentials.credentials)


@router.delete(
    "/tokens/{token_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="revokeToken",
    summary="Revoke one of one's own tokens",
    responses=problems(*ENTRY, TokenUnknown),
)
def revoke_token(token_id: UUID, session: Transaction, act: SignedIn) -> None:
    """It lets nobody in from now on."""
    service.revoke_token(session, act, token_id)


@router.get(
    "/sessions", operation_id="listSessions", summary="List one's own browser sessions", responses=problems(*ENTRY)
)
def list_sessions(session: Transaction, act: SignedIn) -> list[SessionView]:
    """Those that still let in, newest first."""
    return [SessionView.of(row) for row in own_sessions.sessions_of(session, act)]


@router.delete(
    "/sessions",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="endOthers",
    summary="End all of one's own sessions and all tokens but this one",
    responses=problems(*ENTRY),
)
def end_others(request: Request, session: Transaction, act: SignedIn) -> None:
    """What is left is the token sent with this request."""
    own_sessions.end_others(session, act, uses.let_in_by(request))


@router.delete(
    "/sessions/{session_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="endSession",
    summary="End one of one's own browser sessions",
    responses=problems(*ENTRY, SessionUnknown),
)
def end_session(session_id: UUID, session: Transaction, act: SignedIn) -> None:
    """It lets nobody in from now on."""
    own_sessions.end_session(session, act, session_id)


@router.get("/me", operation_id="readMe", summary="Who am I?", responses=problems(*ENTRY))
def me(act: SignedIn) -> PersonView:
    """The person the token stands for."""
    assert act.actor is not None  # noqa: S101 - `SignedIn` promises it
    return PersonView.of(act.actor)


@router.put(
    "/me/time",
    operation_id="changeTime",
    summary="Choose one's own time zone and calendar",
    responses=problems(*ENTRY, InvalidInput, Stale),
)
def change_time(choice: TimeChoice, session: Transaction, act: SignedIn) -> PersonView:
    """For pages and letters. What this API takes and gives stays in UTC."""
    return PersonView.of(service.change_time(session, act, choice.time_zone, choice.calendar))


@router.put(
    "/me/language",
    operation_id="changeLanguage",
    summary="Choose one's own language",
    responses=problems(*ENTRY, InvalidInput, Stale),
)
def change_language(choice: LanguageChoice, session: Transaction, act: SignedIn) -> PersonView:
    """For pages and letters, on every device. Answers of this API go by `Accept-Language`."""
    return PersonView.of(service.change_language(session, act, choice.language))


@router.post(
    "/me/password",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="changePassword",
    summary="Change one's own password",
    responses=problems(*ENTRY, WrongCredentials, TooManyRequests),
)
def change_password(
    request: Request, change: PasswordChange, session: Transaction, act: SignedIn, settings: SettingsOf
) -> Response:
    """Ends all sessions and tokens of the account, this one too."""
    assert act.actor is not None  # noqa: S101 - `SignedIn` promises it
    with request.app.state.sign_in_limit.attempt(act.actor.email):
        service.change_password(session, act, settings, change.current, change.new)
    return Response(status_code=status.HTTP_204_NO_CONTENT)


@router.post(
    "/people/{user_id}/password",
    operation_id="renewPassword",
    summary="Set a new password for somebody",
    responses=problems(*ENTRY, WrongRole, OwnPassword, UserUnknown, AccountClosed, Stale),
)
def renew_password(user_id: UUID, session: Transaction, act: SignedIn, settings: SettingsOf) -> NewPasswordView:
    """Programme office. The password is made up and shown in this answer only; all sessions and tokens end."""
    return NewPasswordView(password=office.renew_password(session, act, settings, user_id).password)


@router.post(
    "/people/{user_id}/closure",
    operation_id="closeAccount",
    summary="Close somebody's account",
    responses=problems(*ENTRY, WrongRole, UserUnknown, UserDisabled, LastProgrammeUser, Stale),
)
def close_account(user_id: UUID, session: Transaction, act: SignedIn) -> PersonView:
    """Programme office. At once and for good: all sessions and tokens end; what the person did stays theirs."""
    return PersonView.of(service.disable_user(session, act, user_id))


@router.put(
    "/people/{user_id}/tool-keeping",
    operation_id="setToolKeeper",
    summary="Let somebody see to the machines of their assessment body",
    responses=problems(*FRESH_ENTRY, WrongRole, UserUnknown, NotOfABody, AccountClosed, Stale),
)
def set_keeper(user_id: UUID, given: KeeperInput, session: Transaction, act: SignedIn) -> PersonView:
    """Programme office. They register, change and revoke machines that act for colleagues, who are told of it."""
    return PersonView.of(keepers.set_keeper(session, act, user_id, keeps=given.keeps))
