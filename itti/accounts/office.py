"""What the programme office does with the accounts of others: a new password for who forgot theirs.

Closing an account is :func:`itti.accounts.service.disable_user`, which the command line shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from itti.accounts import service
from itti.accounts.errors import AccountClosed, OwnPassword
from itti.accounts.roles import require
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.settings import Settings


@dataclass(frozen=True)
class RenewedPassword:
    """A password that was made up for ``user``; it is shown this once."""

    user: User
    password: str


def renew_password(session: Session, act: Act, settings: Settings, user_id: UUID) -> RenewedPassword:
    """Make up a new password for somebody else; all sessions and tokens of that person end.

    Raises:
        UserUnknown: there is no such person.
        OwnPassword: it is the one who asks; one's own password takes the present one.
        AccountClosed: the person was shut out, for good.
        Stale: the account was changed at the same moment.
    """
    actor = require(act, Role.PROGRAMME)
    user = service.user_by_id(session, user_id)
    if user.id == actor.id:
        # Else a browser left open would be enough to take the account over.
        raise OwnPassword
    if user.disabled_at is not None:
        raise AccountClosed(user=user.email)
    made_up = service.set_password(session, act, settings, user)
    assert made_up is not None  # noqa: S101 - none was given
    return RenewedPassword(user, made_up)
