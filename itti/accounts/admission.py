"""The door where passwords are looked at: the only place, for the API and for pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fastapi import Request
from sqlmodel import Session

from itti.accounts import passwords, service
from itti.accounts.errors import WrongCredentials
from itti.accounts.tables import User
from itti.acts import Act
from itti.audit.service import record
from itti.http.limits import AttemptLimit
from itti.http.transactions import turnstile
from itti.settings import Settings

ResultT = TypeVar("ResultT")


async def admit(
    request: Request, email: str, password: str, then: Callable[[Session, Act, Settings], ResultT]
) -> ResultT:
    """Check a password and, if it is right, do ``then`` (issue a token, begin a session) as its owner.

    The slow look at the password happens in a reading transaction, so that a crowd at the door does not keep
    others from writing.

    Raises:
        TooManyRequests: too many tries for this account or from this address.
        WrongCredentials: no such account and password.
    """
    settings: Settings = request.app.state.settings
    limit: AttemptLimit = request.app.state.sign_in_limit
    gate = turnstile(request)
    account = email.strip().casefold()
    address = request.client.host if request.client else "unknown"
    stranger = Act(actor=None, request_id=request.state.request_id)

    limit.begin(account, address)
    found = await gate.read(lambda session: service.authenticate(session, settings, account, password))
    if found is None:
        limit.failed(address)
        # The address in the details, where it can be erased: what an act is about stays in the record for ever.
        await gate.write(lambda session: record(session, stranger, "sign-in.refused", "sign_in", "-", address=address))
        raise WrongCredentials
    limit.succeeded(account)

    def enter(session: Session) -> ResultT:
        user = session.get(User, found.id)
        if user is None or user.disabled_at is not None:
            raise WrongCredentials  # shut out in this very moment
        if passwords.is_outdated(user.password_hash, settings.password_cost):
            user.password_hash = passwords.hashed(password, settings.password_cost)
        act = Act(actor=user, at=stranger.at, request_id=stranger.request_id)
        return then(session, act, settings)

    return await gate.write(enter)
