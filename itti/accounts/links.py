"""Links by which somebody sets the password of an account: of an invitation, or of a recovery.

Opening one changes nothing (programs that look through mail open links, too); the form behind it does, once. It signs
nobody in: the new password does that, with whatever else signing in asks for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from urllib.parse import quote

from sqlmodel import Session, col, select, update

from itti.accounts import service
from itti.accounts.errors import LinkOver
from itti.accounts.tables import AccountLink, Purpose, User
from itti.accounts.tokens import keyed_hash, make_secret
from itti.acts import Act
from itti.audit.service import record
from itti.mail.secrets import locked
from itti.mail.service import Letter, Recipient, post
from itti.settings import Settings

LIFE: Final[Mapping[Purpose, timedelta]] = {
    Purpose.INVITATION: timedelta(days=7),
    Purpose.RECOVERY: timedelta(hours=1),
}
"""How long a link can be used."""

PAGE: Final = "/set-password"
_HASHED: Final = "account-link"


@dataclass(frozen=True)
class MadeLink:
    """A new link; ``path`` holds its secret and is told this once."""

    link: AccountLink
    path: str


def make(session: Session, act: Act, settings: Settings, user: User, purpose: Purpose) -> MadeLink:
    """A link for ``user``. Whoever calls decides whether ``act`` may."""
    secret = make_secret()
    link = AccountLink(
        user_id=user.id,
        purpose=purpose,
        token_hash=keyed_hash(settings, _HASHED, secret),
        created_at=act.at,
        expires_at=act.at + LIFE[purpose],
    )
    session.add(link)
    session.flush()
    return MadeLink(link, f"{PAGE}?link={quote(secret)}")


def send(session: Session, act: Act, settings: Settings, user: User, made: MadeLink) -> None:
    """Post the letter with the link, in the language of ``user``, else of the person who acts."""
    language = user.language or (act.actor.language if act.actor else None)
    arabic = user.name_ar if language == "ar" else None
    purpose = made.link.purpose
    letter = Letter(
        purpose.value,
        {"email": user.email, "until": made.link.expires_at},
        # In the language of the letter: what the browser would choose may be another.
        secret=locked(settings, made.path + (f"&language={language}" if language else "")),
        life=LIFE[purpose],
    )
    to = replace(Recipient.of(user), name=arabic or user.name, language=language)
    post(session, act, to, letter)


def opened(session: Session, act: Act, settings: Settings, secret: str) -> tuple[User, AccountLink]:
    """Whose password a link sets, while it does.

    Raises:
        LinkOver: it does not (any more).
    """
    digest = keyed_hash(settings, _HASHED, secret)
    link = session.exec(select(AccountLink).where(AccountLink.token_hash == digest)).one_or_none()
    if link is None or link.ended_at is not None or link.expires_at <= act.at:
        raise LinkOver
    user = session.get(User, link.user_id)
    if user is None or user.disabled_at is not None:
        raise LinkOver
    return user, link


def set_password(session: Session, act: Act, settings: Settings, secret: str, password: str) -> User:
    """Set the password of the account that a link stands for; all its sessions, tokens and links end.

    Raises:
        LinkOver: the link does it not (any more).
        Stale: the account was changed at the same moment.
    """
    user, link = opened(session, act, settings, secret)
    still = update(AccountLink).where(col(AccountLink.id) == link.id, col(AccountLink.ended_at).is_(None))
    if session.exec(still.values(ended_at=act.at)).rowcount != 1:
        raise LinkOver  # used in this very moment
    own = act.by(user)
    record(session, own, f"{link.purpose.value}.used", "account_link", link.id)
    service.set_password(session, own, settings, user, password)
    return user
