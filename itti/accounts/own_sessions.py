"""One's own browser sessions: seen, and ended one by one or all at once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from itti.accounts import service
from itti.accounts.errors import SessionUnknown
from itti.accounts.roles import require
from itti.accounts.tables import SignIn
from itti.acts import Act
from itti.audit.service import record


def sessions_of(session: Session, act: Act) -> Sequence[SignIn]:
    """The sessions of the person who acts that still let in, newest first."""
    user = require(act)
    return session.exec(
        select(SignIn)
        .where(SignIn.user_id == user.id, col(SignIn.ended_at).is_(None), SignIn.expires_at > act.at)
        .order_by(col(SignIn.created_at).desc(), col(SignIn.id))
    ).all()


def end_session(session: Session, act: Act, session_id: UUID) -> None:
    """End one of one's own sessions.

    Raises:
        SessionUnknown: there is none of that id that still lets in.
    """
    user = require(act)
    row = session.get(SignIn, session_id)
    if row is None or row.user_id != user.id or row.ended_at is not None:
        raise SessionUnknown(session=session_id)
    _end(session, act, row)


def end_others(session: Session, act: Act, keep: UUID | None) -> None:
    """End all of one's own sessions and tokens but ``keep``, the one that lets this request in."""
    for row in sessions_of(session, act):
        if row.id != keep:
            _end(session, act, row)
    for token in service.tokens_of(session, act):
        if token.id != keep:
            service.revoke_token(session, act, token.id)


def _end(session: Session, act: Act, row: SignIn) -> None:
    row.ended_at = act.at
    session.flush()
    record(session, act, "sign-in.ended", "sign_in", row.id)
