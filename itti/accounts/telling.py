"""Letters about what lets somebody in: whoever did not change it themselves learns of it, and what to do."""

from __future__ import annotations

from enum import StrEnum

from sqlmodel import Session

from itti.accounts.tables import User
from itti.acts import Act
from itti.mail.service import Letter, Recipient, post


class Change(StrEnum):
    """What changed, by the name of its letter."""

    PASSWORD = "password-changed"  # noqa: S105 - a letter
    APP_ADDED = "app-added"
    FACTORS_REMOVED = "second-factor-removed"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    IDENTITY_LINKED = "identity-linked"
    IDENTITY_UNLINKED = "identity-unlinked"
    MACHINE_ADDED = "machine-added"
    TOKEN_MADE = "token-made"  # noqa: S105 - a letter


def tell(session: Session, act: Act, user: User, change: Change, **details: object) -> None:
    """Post the letter, in the transaction of the change.

    Nobody with a closed account or one of a demonstration is written to.

    Args:
        session: of the change.
        act: of whoever made it: the owner, the office, or somebody who should not have been able to.
        user: whose account it is.
        change: what changed.
        details: what else the letter names.
    """
    if user.demonstration or user.disabled_at is not None:
        return
    letter = Letter(change.value, {"email": user.email, "at": act.at, **details}, path="/account")
    post(session, act, Recipient.of(user), letter)
