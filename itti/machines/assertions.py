"""What a machine signs to prove itself instead of sending a secret (RFC 7523, sections 2.2 and 3)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError

from itti.machines.errors import GrantRefused
from itti.machines.keys import ALGORITHMS, PublicKey

KIND: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

LIFE: Final = timedelta(minutes=10)
"""How far ahead an assertion may say that it ends: so long its name is remembered."""

LEEWAY: Final = timedelta(seconds=60)
"""How far the clocks of both may be apart."""

_LONGEST: Final = 8000
_LONGEST_NAME: Final = 255
_LATEST: Final = 2**35
_BROKEN: Final = (JoseError, ValueError, TypeError, KeyError, RecursionError)


@dataclass(frozen=True)
class Unproven:
    """An assertion of which nothing was checked: what it says of itself only leads to the keys that may check it."""

    text: str
    machine: str
    kid: str | None
    algorithm: str

    def candidates(self, known: Sequence[PublicKey]) -> list[PublicKey]:
        """The keys that may have signed it; without a name, the only one."""
        fitting = [key for key in known if self.algorithm in key.algorithms]
        if self.kid is None:
            return fitting if len(known) == 1 else []
        return [key for key in fitting if key.kid == self.kid]


@dataclass(frozen=True)
class Proven:
    """An assertion that holds; its name must not come again before ``until``."""

    name: str
    until: datetime


def read(text: str) -> Unproven:
    """An assertion taken apart.

    Raises:
        GrantRefused: ``invalid_client``: it is none.
    """
    try:
        if len(text) > _LONGEST:
            raise GrantRefused("invalid_client")
        found = jws.extract_compact(text.encode("ascii"))
        header, claims = found.headers(), json.loads(found.payload)
        subject, kid, algorithm = claims["sub"], header.get("kid"), header["alg"]
    except _BROKEN as error:
        raise GrantRefused("invalid_client") from error
    plain = isinstance(subject, str) and isinstance(algorithm, str) and isinstance(kid, str | None)
    if not plain or algorithm not in ALGORITHMS:
        raise GrantRefused("invalid_client")
    return Unproven(text, subject, kid, algorithm)


def proven(unproven: Unproven, known: Sequence[PublicKey], audience: str, at: datetime) -> Proven:
    """The assertion, if one of the ``known`` keys signed it, for ``audience`` alone, and it is good at that time.

    Raises:
        GrantRefused: ``invalid_client``: it does not hold.
    """
    for key in unproven.candidates(known):
        claims = _claims(unproven, key)
        if claims is not None:
            return _held(unproven, claims, audience, at)
    raise GrantRefused("invalid_client")


def _claims(unproven: Unproven, key: PublicKey) -> Mapping[str, Any] | None:
    """What it claims, if ``key`` signed it."""
    try:
        found: Mapping[str, Any] = jwt.decode(unproven.text, key.key, algorithms=[unproven.algorithm]).claims
    except _BROKEN:
        return None
    return found


def _held(unproven: Unproven, claims: Mapping[str, Any], audience: str, at: datetime) -> Proven:
    ends, begins = _moment(claims.get("exp")), _moment(claims.get("nbf", 0))
    made, name = _moment(claims.get("iat", 0)), claims.get("jti")
    holds = (
        claims.get("iss") == claims.get("sub") == unproven.machine
        # One audience alone: who is named beside us could send it on to us.
        and claims.get("aud") in (audience, [audience])
        and ends is not None
        and at - LEEWAY < ends <= at + LIFE + LEEWAY
        and begins is not None
        and begins <= at + LEEWAY
        and made is not None
        and made <= at + LEEWAY
        and isinstance(name, str)
        and 0 < len(name) <= _LONGEST_NAME
    )
    if not holds or ends is None or not isinstance(name, str):
        raise GrantRefused("invalid_client")
    return Proven(name, ends + LEEWAY)


def _moment(value: object) -> datetime | None:
    """A moment in seconds since 1970 (RFC 7519, section 2); None: it is none."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < _LATEST:
        return None
    return datetime.fromtimestamp(value, UTC)
