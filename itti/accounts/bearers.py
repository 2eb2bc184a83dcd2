"""Whose bearer token it is that came with a request: asked with every request of the API."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from itti.accounts.errors import TokenExpired, TokenInvalid
from itti.accounts.tables import ApiToken, User
from itti.accounts.tokens import keyed_hash
from itti.acts import Act
from itti.settings import Settings

_TOKEN: Final = "api-token"  # noqa: S105 - a purpose, not a secret
_OWNED: Final = select(ApiToken, User).join(User, col(User.id) == col(ApiToken.user_id))
_BEARER: Final = _OWNED.where(col(ApiToken.token_hash) == bindparam("digest"))
"""A token with its owner: asked with every request of the API, so it is put together once."""

_BEARERS: Final = _OWNED.where(col(ApiToken.token_hash).in_(bindparam("digests", expanding=True)))
"""The same for several."""


def digest_of(settings: Settings, secret: str) -> str:
    """What is stored of the secret of a token."""
    return keyed_hash(settings, _TOKEN, secret)


def owner_of_token(session: Session, act: Act, settings: Settings, secret: str) -> tuple[User, ApiToken]:
    """The person a bearer token stands for at the time of ``act``, and the token.

    Raises:
        TokenInvalid: unknown or revoked, or its owner was shut out.
        TokenExpired: it has expired.
    """
    found = session.execute(_BEARER, {"digest": digest_of(settings, secret)}).one_or_none()
    if found is None:
        raise TokenInvalid
    token, user = found
    _check_bearer(token, user, act.at)
    return user, token


def owners_of_tokens(
    session: Session, at: datetime, settings: Settings, secrets: Collection[str]
) -> Mapping[str, tuple[User, ApiToken]]:
    """The same for several tokens in one query: secret → person and token, where it lets somebody in at that moment."""
    digests = {digest_of(settings, secret): secret for secret in secrets}
    found: dict[str, tuple[User, ApiToken]] = {}
    for token, user in session.execute(_BEARERS, {"digests": list(digests)}):
        with suppress(TokenInvalid, TokenExpired):
            _check_bearer(token, user, at)
            found[digests[token.token_hash]] = (user, token)
    return found


def _check_bearer(token: ApiToken, user: User, at: datetime) -> None:
    if token.revoked_at is not None or user.disabled_at is not None:
        raise TokenInvalid
    if token.expires_at <= at:
        raise TokenExpired(expired_at=token.expires_at.isoformat(timespec="seconds"))
