"""Codes of six digits that follow from a secret and the time (RFC 6238), and how people write codes down.

SHA-1, six digits and thirty seconds are what every authenticator app understands; the shared secret has the 160 bits
that RFC 4226 recommends.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_SECONDS: Final = 30
DIGITS: Final = 6
DRIFT_STEPS: Final = 1
"""How many steps the clock of the phone may be ahead or behind (RFC 6238 section 5.2 recommends one at most)."""


def make_secret() -> str:
    """A new shared secret of 160 random bits, in base 32 as apps take it typed."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def step_of(secret: str, code: str, at: datetime, after: int | None) -> int | None:
    """The step of time whose code ``code`` is; None if it is of none near ``at``.

    Args:
        secret: as :func:`make_secret` made it.
        code: as :func:`plain` gives it.
        at: the time here.
        after: the last step whose code was used; it and those before it are used up.
    """
    now = int(at.timestamp()) // STEP_SECONDS
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if (after is None or step > after) and bytes_eq(_totp(secret).generate(step * STEP_SECONDS), code.encode()):
            return step
    return None


def address(secret: str, account: str, programme: str) -> str:
    """What the QR code for an authenticator app holds: an ``otpauth://`` address."""
    return _totp(secret).get_provisioning_uri(account, programme)


def plain(typed: str) -> str:
    """A code as typed, without spaces and hyphens, in small letters, with the digits 0 to 9 whatever the keyboard's."""
    kept = (sign for sign in typed.casefold() if sign.isalnum())
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in kept)


def is_from_app(code: str) -> bool:
    """Whether a plain code has the form of an app's, not of a recovery code."""
    return len(code) == DIGITS and code.isdecimal()


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - HMAC-SHA-1, as apps expect
