"""What can go wrong with accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from itti.errors import HttpFault
from itti.http.errors import Conflict, Forbidden, NotFound, SignInNeeded


class WrongCredentials(HttpFault):
    """No account with this e-mail address and password; which of the two is wrong is not told."""

    code = "wrong-credentials"
    room = "itti.accounts"
    status = 401


class TokenInvalid(SignInNeeded):
    """The token is unknown or revoked, or its owner was shut out."""

    code = "token-invalid"
    room = "itti.accounts"

    def __init__(self, **details: object) -> None:
        super().__init__(**details)
        self.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'


class TokenExpired(TokenInvalid):
    """The token was good until ``expired_at``."""

    code = "token-expired"
    example: ClassVar[Mapping[str, object]] = {"expired_at": "2026-11-22T08:00:00+00:00"}


class WrongRole(Forbidden):
    """People of this role may not do that; details: ``role``, ``allowed``."""

    code = "wrong-role"
    room = "itti.accounts"
    example: ClassVar[Mapping[str, object]] = {"role": "factory", "allowed": "programme"}


class ScopeMissing(Forbidden):
    """The token is limited, and not to what is asked for; details: ``scope``, what it would need."""

    code = "scope-missing"
    room = "itti.accounts"
    example: ClassVar[Mapping[str, object]] = {"scope": "assessments:write"}

    def __init__(self, *, scope: str) -> None:
        super().__init__(scope=scope)
        self.headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{scope}"'


class PeopleOnly(Forbidden):
    """No scope allows it: it asks for a person, signed in without limits."""

    code = "people-only"
    room = "itti.accounts"

    def __init__(self, **details: object) -> None:
        super().__init__(**details)
        self.headers["WWW-Authenticate"] = 'Bearer error="insufficient_scope"'


class UserUnknown(NotFound):
    """No such person; details: ``user``."""

    code = "user-unknown"
    room = "itti.accounts"
    example: ClassVar[Mapping[str, object]] = {"user": "5f9c2d4e-8f0b-4b52-9b61-0f6f5f5a7f10"}


class TokenUnknown(NotFound):
    """No such token of this person; details: ``token``."""

    code = "token-unknown"
    room = "itti.accounts"
    example: ClassVar[Mapping[str, object]] = {"token": "8f0b5f9c-2d4e-4b52-9b61-0f6f5f5a7f10"}


class TooManyTokens(Conflict):
    """Nobody needs more; details: ``most``."""

    code = "too-many-tokens"
    room = "itti.accounts"
    example: ClassVar[Mapping[str, object]] = {"most": 50}


class SessionUnknown(NotFound):
    """No such session of this person; details: ``session``."""

    code = "session-unknown"
    room = "itti.accounts"
    example: ClassVar[Mapping[str, object]] = {"session": "2d9f5f9c-8f0b-4b52-9b61-0f6f5f5a7f10"}


class UserDisabled(Conflict):
    """The person was shut out already; details: ``user``."""

    code = "user-disabled"
    room = "itti.accounts"
    example: ClassVar[Mapping[str, object]] = {"user": "mariam@gulf-foods.example"}


class AccountClosed(Conflict):
    """The account is closed for good, so nothing about it can be renewed; details: ``user``."""

    code = "account-closed"
    room = "itti.accounts"
    example: ClassVar[Mapping[str, object]] = {"user": "mariam@gulf-foods.example"}


class OwnPassword(Forbidden):
    """One's own password is changed at another door, which asks for the present one."""

    code = "own-password"
    room = "itti.accounts"


class LastProgrammeUser(Conflict):
    """Without this person nobody of the programme office could sign in any more."""

    code = "last-programme-user"
    room = "itti.accounts"


class NotOfABody(Conflict):
    """Only people of an assessment body see to its machines; details: ``user``."""

    code = "not-of-a-body"
    room = "itti.accounts"
    example: ClassVar[Mapping[str, object]] = {"user": "mariam@gulf-foods.example"}


class LinkOver(HttpFault):
    """The link to set a password is unknown, expired, used or withdrawn; which of them is not told."""

    code = "link-over"
    room = "itti.accounts"
    status = 410


class HasPassword(Conflict):
    """Somebody who has chosen a password needs no invitation; details: ``user``."""

    code = "has-password"
    room = "itti.accounts"
    example: ClassVar[Mapping[str, object]] = {"user": "mariam@gulf-foods.example"}


class NoInvitation(Conflict):
    """There is no invitation of this person to withdraw; details: ``user``."""

    code = "no-invitation"
    room = "itti.accounts"
    example: ClassVar[Mapping[str, object]] = {"user": "mariam@gulf-foods.example"}


class LinksNotSent(HttpFault):
    """No mail server is set, so no link can be sent to anybody."""

    code = "links-not-sent"
    room = "itti.accounts"
    status = 503


class FreshSignInNeeded(HttpFault):
    """What is asked for weighs much, and the proof of who asks is too old (RFC 9470)."""

    code = "fresh-sign-in-needed"
    room = "itti.accounts"
    status = 401

    def __init__(self, **details: object) -> None:
        super().__init__(**details)
        self.headers["WWW-Authenticate"] = 'Bearer error="insufficient_user_authentication"'
