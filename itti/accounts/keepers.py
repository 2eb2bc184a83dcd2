"""Who sees to the machines of an assessment body, for colleagues too: said by the programme office."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from itti.accounts.errors import AccountClosed, NotOfABody
from itti.accounts.roles import require, require_fresh
from itti.accounts.service import user_by_id
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.audit.service import record
from itti.database import flush_checked


def set_keeper(session: Session, act: Act, user_id: UUID, *, keeps: bool) -> User:
    """Let somebody see to the machines of their body, or not any more. Programme office.

    Raises:
        WrongRole: somebody else asks.
        UserUnknown: there is no such person.
        FreshSignInNeeded: the proof of who asks is too old, and more is to be allowed.
        NotOfABody: the person is of no assessment body.
        AccountClosed: the person was shut out.
        Stale: the account was changed at the same moment.
    """
    require(act, Role.PROGRAMME)
    user = user_by_id(session, user_id)
    if keeps:
        require_fresh(act)
    if user.role is not Role.ASSESSOR:
        raise NotOfABody(user=user.email)
    if user.disabled_at is not None:
        raise AccountClosed(user=user.email)
    if user.keeps_tools != keeps:
        user.keeps_tools_of = user.body_id if keeps else None
        flush_checked(session, user)
        record(session, act, f"user.tools-{'entrusted' if keeps else 'withdrawn'}", "user_account", user.id)
    return user
