"""The door where passwords and second factors are looked at: the only place, for the API and for pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, TypeVar
from uuid import UUID

from fastapi import Request
from sqlmodel import Session

from itti import locks
from itti.accounts import passwords, service, uses
from itti.accounts.errors import WrongCredentials
from itti.accounts.tables import User
from itti.acts import Act
from itti.audit.service import record
from itti.errors import HttpFault
from itti.factors import service as factors
from itti.factors.errors import CodeNeeded, SignInOver, WrongCode
from itti.http.transactions import turnstile
from itti.passkeys import service as passkeys
from itti.passkeys.challenges import Answer, Purpose
from itti.passkeys.errors import PasskeyCopied, PasskeyRefused
from itti.retries.service import attempt_of, meet
from itti.settings import Settings
from questionnaires.errors import Fault

ResultT = TypeVar("ResultT")

TICKET_GOOD_FOR: Final = timedelta(minutes=10)
"""How long after the password the code of a second factor may come."""

_TICKET: Final = "sign-in ticket"


@dataclass(frozen=True)
class _Known:
    """An account whose password was right."""

    user_id: UUID
    account: str
    """What tries are counted for."""

    first: Callable[[User], None]
    """What is done with it, or looked at, before anything else."""


async def admit(
    request: Request,
    email: str,
    password: str,
    then: Callable[[Session, Act, Settings], ResultT],
    code: str | None = None,
) -> ResultT:
    """Check a password (and the code of a second factor) and, if right, do ``then`` as the owner of the account.

    ``then`` issues a token or begins a session. The slow look at the password happens in a reading transaction, so
    that a crowd at the door does not keep others from writing.

    Raises:
        TooManyRequests: too many tries for this account or from this address.
        WrongCredentials: no such account and password.
        CodeNeeded: the password is right, and the account has a second factor; carries a ticket for its code.
        WrongCode: the code is wrong or used up.
    """
    settings: Settings = request.app.state.settings
    account = email.strip().casefold()
    request.app.state.sign_in_limit.begin(account, _address(request))
    found = await turnstile(request).read(lambda session: service.authenticate(session, settings, account, password))
    if found is None:
        await _refused(request)
        raise WrongCredentials

    def renew_hash(user: User) -> None:
        if passwords.is_outdated(user.password_hash, settings.password_cost):
            user.password_hash = passwords.hashed(password, settings.password_cost)

    try:
        return await _enter(request, _Known(found.id, account, renew_hash), code, then)
    except CodeNeeded as fault:
        fault.ticket = locks.locked(settings, _TICKET, f"{found.id} {found.version} {account}")
        raise


async def admit_by_code(
    request: Request, ticket: str, code: str, then: Callable[[Session, Act, Settings], ResultT]
) -> ResultT:
    """Check the code of a second factor whose owner gave the password just before, and do ``then`` as them.

    Raises:
        TooManyRequests: too many tries for this account or from this address.
        SignInOver: the ticket is none of ours or too old, or the account was changed since.
        WrongCode: the code is wrong or used up.
    """
    known = _ticket_holder(request.app.state.settings, ticket)
    request.app.state.sign_in_limit.begin(known.account, _address(request))
    # What is sent as a code may be empty; it is then a wrong one, and not none.
    return await _enter(request, known, code.strip() or "-", then)


async def admit_by_passkey(
    request: Request,
    answer: Answer,
    then: Callable[[Session, Act, Settings], ResultT],
    ticket: str | None = None,
) -> ResultT:
    """Check a passkey, alone or after the password, and do ``then`` as its owner.

    Args:
        request: of somebody who is not signed in yet.
        answer: of the browser.
        then: issues a token or begins a session.
        ticket: of the password, where one was given before.

    Raises:
        TooManyRequests: too many tries with this passkey or from this address.
        SignInOver: the ticket is none of ours or too old, or the account was changed since.
        ChallengeOver: the challenge is not good (any more).
        PasskeyRefused: the answer proves nothing, or proves somebody else than the ticket.
        PasskeyCopied: there seems to be a copy of the key.
    """
    settings: Settings = request.app.state.settings
    before = None if ticket is None else _ticket_holder(settings, ticket)
    # Counted for the key and not for its owner, whom others could shut out else: they need no password for that.
    named = f"passkey {str(answer.credential.get('id'))[:1400]}"
    request.app.state.sign_in_limit.begin(named, _address(request))

    def enter(session: Session) -> ResultT:
        moment = Act(actor=None, request_id=request.state.request_id, zone=settings.zone)
        passkey = passkeys.proven(session, moment, settings, answer, Purpose.SIGN_IN)
        user = session.get(User, passkey.user_id)
        if user is None or user.disabled_at is not None:
            raise PasskeyRefused
        if before is not None:
            if before.user_id != user.id:
                raise PasskeyRefused  # somebody else's
            before.first(user)
        return then(session, moment.by(user), settings)

    try:
        entered = await turnstile(request).write(enter)
    except (PasskeyRefused, PasskeyCopied) as fault:
        await _refused(request, fault)
        raise
    request.app.state.sign_in_limit.succeeded(named)
    return entered


async def admit_vouched(
    request: Request,
    welcome: Callable[[Session, Act], User],
    then: Callable[[Session, Act, Settings], ResultT],
    *,
    strong: bool,
) -> ResultT:
    """Do ``then`` as somebody whom a provider has signed in elsewhere.

    Args:
        request: of somebody who is not signed in yet.
        welcome: finds the account, or refuses.
        then: begins a session.
        strong: whether that was as good as a second factor; else the account's own is asked for.

    Raises:
        Fault: as ``welcome`` says.
        CodeNeeded, PasskeyNeeded: the account has a second factor; carries a ticket for it.
    """
    settings: Settings = request.app.state.settings

    def enter(session: Session) -> ResultT | CodeNeeded:
        moment = Act(actor=None, request_id=request.state.request_id, zone=settings.zone)
        user = welcome(session, moment)
        act = moment.by(user)
        try:
            if not strong:
                factors.demand(session, act, settings, None)
        except CodeNeeded as fault:
            # Not raised here: that the account is linked now stays.
            fault.ticket = locks.locked(settings, _TICKET, f"{user.id} {user.version} {user.email}")
            return fault
        return then(session, moment.by(user, replace(uses.proof_at(settings, act.at), vouched=strong)), settings)

    try:
        entered = await turnstile(request).write(enter)
    except HttpFault:
        await _refused(request)
        raise
    if isinstance(entered, CodeNeeded):
        raise entered
    return entered


def _ticket_holder(settings: Settings, ticket: str) -> _Known:
    """Whose password was right.

    Raises:
        SignInOver: the ticket is none of ours, or too old.
    """
    try:
        user_id, version, account = locks.unlocked(settings, _TICKET, ticket, TICKET_GOOD_FOR).split(" ", 2)
    except locks.Unreadable as error:
        raise SignInOver from error

    def is_as_it_was(user: User) -> None:
        if user.version != int(version):
            raise SignInOver  # another password since, say

    return _Known(UUID(user_id), account, is_as_it_was)


async def _enter(
    request: Request, known: _Known, code: str | None, then: Callable[[Session, Act, Settings], ResultT]
) -> ResultT:
    """What follows once the password was right: the second factor, then ``then``."""
    settings: Settings = request.app.state.settings

    def enter(session: Session) -> ResultT:
        user = session.get(User, known.user_id)
        if user is None or user.disabled_at is not None:
            raise WrongCredentials  # shut out in this very moment
        known.first(user)
        # Before the second factor, whose code is good once: who sends the same again has sent that too.
        meet(session, attempt_of(request), user.id)
        act = Act(actor=user, request_id=request.state.request_id, zone=settings.zone)
        factors.demand(session, act, settings, code)
        return then(session, act, settings)

    try:
        entered = await turnstile(request).write(enter)
    except WrongCode:
        await _refused(request)
        raise
    # Not before: a known password must not forgive wrong codes.
    request.app.state.sign_in_limit.succeeded(known.account)
    return entered


async def _refused(request: Request, fault: Fault | None = None) -> None:
    """Charge the address for a failed try and enter it in the record."""
    address = _address(request)
    request.app.state.sign_in_limit.failed(address)
    settings: Settings = request.app.state.settings
    stranger = Act(actor=None, request_id=request.state.request_id, zone=settings.zone)
    what = "passkey.copied" if isinstance(fault, PasskeyCopied) else "sign-in.refused"
    # The address in the details, where it can be erased: what an act is about stays in the record for ever.
    await turnstile(request).write(lambda session: record(session, stranger, what, "sign_in", "-", address=address))


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
