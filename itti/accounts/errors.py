"""What can go wrong with accounts."""

from __future__ import annotations

from itti.http.errors import Conflict, Forbidden, HttpFault, NotFound, SignInNeeded


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


class WrongRole(Forbidden):
    """People of this role may not do that; details: ``role``, ``allowed``."""

    code = "wrong-role"
    room = "itti.accounts"


class UserUnknown(NotFound):
    """No such person; details: ``user``."""

    code = "user-unknown"
    room = "itti.accounts"


class TokenUnknown(NotFound):
    """No such token of this person; details: ``token``."""

    code = "token-unknown"
    room = "itti.accounts"


class UserDisabled(Conflict):
    """The person was shut out already; details: ``user``."""

    code = "user-disabled"
    room = "itti.accounts"


class LastProgrammeUser(Conflict):
    """Without this person nobody of the programme office could sign in any more."""

    code = "last-programme-user"
    room = "itti.accounts"
