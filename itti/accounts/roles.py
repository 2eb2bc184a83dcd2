"""Who may do what, by role."""

from __future__ import annotations

from itti.accounts.errors import FreshSignInNeeded, WrongRole
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.http.errors import SignInNeeded


def require(act: Act, *roles: Role) -> User:
    """The person who acts, if of one of ``roles`` (of any role where none is named).

    Raises:
        SignInNeeded: a stranger acts.
        WrongRole: the person's role is another.
    """
    if act.actor is None:
        raise SignInNeeded
    if roles and act.actor.role not in roles:
        raise WrongRole(role=act.actor.role.value, allowed=", ".join(role.value for role in roles))
    return act.actor


def require_fresh(act: Act) -> None:
    """Let nobody do what weighs much at a browser that was left open, or with a token that was found.

    Raises:
        FreshSignInNeeded: who acts has to prove again who they are (:mod:`itti.proofs`).
    """
    if act.is_stale:
        raise FreshSignInNeeded
