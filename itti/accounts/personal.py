"""Personal tokens: those that people make for tools of theirs, limited in what they open and in how long."""

from __future__ import annotations

from typing import Final

from sqlmodel import Session

from itti.accounts.errors import TooManyTokens
from itti.accounts.roles import require, require_fresh
from itti.accounts.schemas import PersonalTokenInput
from itti.accounts.scopes import Limits, joined, open_to
from itti.accounts.service import IssuedToken, issue_token, tokens_of
from itti.accounts.telling import Change, tell
from itti.acts import Act
from itti.errors import FieldMistake
from itti.http.errors import InvalidInput
from itti.settings import Settings

ROOM: Final = "itti.accounts"

MOST: Final = 50
"""Tokens of one person that let in."""


def make(session: Session, act: Act, settings: Settings, new: PersonalTokenInput) -> IssuedToken:
    """A token for a tool of the person who acts; its secret is in the answer, and nowhere else.

    Its owner is told of it by letter, so that nobody gets one behind their back.

    Raises:
        FreshSignInNeeded: the proof of who asks is too old.
        InvalidInput: it would live too long, or one of its scopes opens nothing to this person.
        TooManyTokens: there are enough.
    """
    user = require(act)
    require_fresh(act)
    mistakes = []
    most = most_days(settings, limited=new.scopes is not None)
    if new.days > most:
        mistakes.append(FieldMistake("/days", "too-many-days", {"most": most}, room=ROOM))
    idle = sorted(set(new.scopes or ()) - set(open_to(user.role)))
    if idle:
        mistakes.append(FieldMistake("/scopes", "scope-opens-nothing", {"scopes": ", ".join(idle)}, room=ROOM))
    if mistakes:
        raise InvalidInput.of(*mistakes)
    if len(tokens_of(session, act)) >= MOST:
        raise TooManyTokens(most=MOST)
    limits = Limits(None if new.scopes is None else joined(new.scopes), new.days)
    issued = issue_token(session, act, settings, new.label, limits)
    tell(session, act, user, Change.TOKEN_MADE, name=new.label)
    return issued


def most_days(settings: Settings, *, limited: bool) -> int:
    """How many days a token may live: without limits no longer than one that a password gives."""
    return settings.personal_token_days if limited else settings.token_days
