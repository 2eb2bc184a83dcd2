"""Recovery: a link for who forgot the password, by e-mail, in a way that tells nobody who has an account.

The answer is the same for every address and leaves before the address is looked up, so that neither its words nor its
time tell the one from the other.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from fastapi import Request
from sqlmodel import Session
from starlette.background import BackgroundTask

from itti.accounts import links, service
from itti.accounts.errors import LinksNotSent
from itti.accounts.tables import Purpose
from itti.acts import Act
from itti.audit.service import record
from itti.http.limits import AttemptLimit
from itti.http.transactions import turnstile
from itti.settings import Settings

ATTEMPTS: Final = 5
"""How often a link may be asked for, for one address and by one sender, within 15 minutes."""


def begin(request: Request, email: str) -> BackgroundTask:
    """Count a request for a link; what is returned does the work, once the answer has left.

    Raises:
        LinksNotSent: none is set: the programme office has to be asked.
        TooManyRequests: too many for this address or by this sender.
    """
    settings: Settings = request.app.state.settings
    if not settings.mail_host:
        raise LinksNotSent
    limit: AttemptLimit = request.app.state.recovery_limit
    sender = request.client.host if request.client else "unknown"
    account = email.strip().casefold()
    limit.begin(account, sender)
    limit.failed(sender)
    act = Act(actor=None, request_id=request.state.request_id, zone=settings.zone)
    return BackgroundTask(turnstile(request).write, partial(_send, act, settings, account, sender))


def _send(act: Act, settings: Settings, email: str, sender: str, session: Session) -> None:
    user = service.user_by_email(session, email)
    # Somebody invited has proved nothing yet: a withdrawn invitation must not come back by this door.
    if user is None or user.disabled_at is not None or user.invited:
        record(session, act, "recovery.refused", "account_link", "-", address=sender)
        return
    made = links.make(session, act, settings, user, Purpose.RECOVERY)
    links.send(session, act, settings, user, made)
    record(session, act, "recovery.asked", "account_link", made.link.id, user=str(user.id))
