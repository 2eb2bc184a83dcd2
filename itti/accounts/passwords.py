"""Passwords: argon2id (RFC 9106), a steady time for every refusal, and never too many at once."""

from __future__ import annotations

import secrets
from functools import cache
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from itti.settings import PasswordCost

_AT_ONCE: Final = BoundedSemaphore(4)
"""Each hash takes 64 MiB; a crowd at the door must not take all memory."""

_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""For passwords that people copy by hand: no characters that look like others."""


@cache
def _hasher(cost: PasswordCost) -> PasswordHasher:
    match cost:
        case PasswordCost.FULL:
            return PasswordHasher()  # the library's defaults follow RFC 9106's second recommendation
        case PasswordCost.CHEAP:
            return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def _nobodys_hash(cost: PasswordCost) -> str:
    return _hasher(cost).hash(secrets.token_hex())


def hashed(password: str, cost: PasswordCost) -> str:
    """The hash to store for ``password``."""
    with _AT_ONCE:
        return _hasher(cost).hash(password)


def matches(password: str, stored: str | None, cost: PasswordCost) -> bool:
    """Whether ``password`` belongs to ``stored``.

    With None (no such account) the same work is done in vain, so that the time does not tell who has one.
    """
    with _AT_ONCE:
        try:
            _hasher(cost).verify(stored or _nobodys_hash(cost), password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None


def is_outdated(stored: str, cost: PasswordCost) -> bool:
    """Whether ``stored`` was made with other parameters than today's."""
    return _hasher(cost).check_needs_rehash(stored)


def made_up() -> str:
    """A random password of 16 characters in groups of four: about 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
