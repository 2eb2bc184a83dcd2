"""Invitations, recovery and colleagues over HTTP."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request, Response, status

from itti.accounts import colleagues, invitations, links, recovery
from itti.accounts.errors import (
    AccountClosed,
    HasPassword,
    LinkOver,
    LinksNotSent,
    NoInvitation,
    UserUnknown,
    WrongRole,
)
from itti.accounts.schemas import (
    ChosenPassword,
    ForgottenPassword,
    InvitationView,
    OpenedAccountView,
    PersonInput,
    PersonView,
)
from itti.http.bearer import ENTRY, SettingsOf, SignedIn, Stranger
from itti.http.errors import Stale, Taken, TooManyRequests
from itti.http.openapi import problems
from itti.http.transactions import Transaction

router = APIRouter()


@router.get(
    "/colleagues",
    operation_id="listColleagues",
    summary="List the people of the programme office",
    responses=problems(*ENTRY, WrongRole),
)
def list_colleagues(session: Transaction, act: SignedIn) -> list[PersonView]:
    """Programme office. By name."""
    return [PersonView.of(user) for user in colleagues.colleagues(session, act)]


@router.post(
    "/colleagues",
    status_code=status.HTTP_201_CREATED,
    operation_id="registerColleague",
    summary="Open an account of the programme office",
    responses=problems(*ENTRY, WrongRole, Taken, LinksNotSent),
)
def register_colleague(
    new: PersonInput, session: Transaction, act: SignedIn, settings: SettingsOf
) -> OpenedAccountView:
    """Programme office. With an invitation, or with a password given or made up; that is shown in this answer only."""
    return OpenedAccountView.opened(colleagues.register_colleague(session, act, settings, new))


@router.post(
    "/people/{user_id}/invitation",
    operation_id="invite",
    summary="Send an invitation again",
    responses=problems(*ENTRY, WrongRole, UserUnknown, AccountClosed, HasPassword, LinksNotSent),
)
def invite(user_id: UUID, session: Transaction, act: SignedIn, settings: SettingsOf) -> InvitationView:
    """Programme office. The link of an earlier invitation ends; the new one can be used once, within seven days."""
    made = invitations.invite(session, act, settings, user_id)
    return InvitationView(expires_at=made.link.expires_at)


@router.delete(
    "/people/{user_id}/invitation",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="withdrawInvitation",
    summary="Withdraw an invitation",
    responses=problems(*ENTRY, WrongRole, UserUnknown, NoInvitation),
)
def withdraw(user_id: UUID, session: Transaction, act: SignedIn) -> None:
    """Programme office. Its link ends at once; the account stays, and can be invited again or closed."""
    invitations.withdraw(session, act, user_id)


@router.post(
    "/passwords",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="choosePassword",
    summary="Set a password by the link of an invitation or of a recovery",
    responses=problems(LinkOver, Stale),
)
def choose_password(chosen: ChosenPassword, session: Transaction, act: Stranger, settings: SettingsOf) -> None:
    """Once. All sessions and tokens of the account end; get a token with the new password."""
    links.set_password(session, act, settings, chosen.link, chosen.new)


@router.post(
    "/recoveries",
    status_code=status.HTTP_202_ACCEPTED,
    operation_id="recoverPassword",
    summary="Have a link sent that sets a new password",
    responses=problems(LinksNotSent, TooManyRequests),
)
def recover(request: Request, forgotten: ForgottenPassword) -> Response:
    """The answer is the same whether the address has an account or not. The link can be used once, within an hour."""
    return Response(status_code=status.HTTP_202_ACCEPTED, background=recovery.begin(request, forgotten.email))
