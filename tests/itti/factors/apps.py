"""An authenticator app, written from RFC 6238 and RFC 4226 alone, and people who have one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx2
from sqlmodel import Session

from itti.accounts.tables import User
from itti.acts import Act
from itti.factors import service
from tests.itti.conftest import PASSWORD, World


def shown(secret: str, at: float) -> str:
    """What an app with ``secret`` shows at a moment."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


@dataclass(frozen=True)
class Armed:
    """Somebody with a second factor that was set up an hour ago."""

    user: User
    secret: str
    recovery_codes: Sequence[str]

    def code(self, steps: int = 0) -> str:
        """What their app shows now, or that many half minutes from now."""
        return shown(self.secret, time.time() + 30 * steps)

    def ask(self, world: World, code: str | None, password: str = PASSWORD) -> httpx2.Response:
        """The answer to asking for a token."""
        body = {"email": self.user.email, "password": password} | ({} if code is None else {"code": code})
        return world.api().post("/tokens", json=body)


def armed(world: World, user: User) -> Armed:
    """``user`` with a second factor."""
    earlier = datetime.now(UTC) - timedelta(hours=1)

    def set_up(session: Session) -> Armed:
        act = Act(actor=session.get(User, user.id), at=earlier)
        secret = service.begin(session, act, world.settings, PASSWORD).secret
        codes = service.confirm(session, act, world.settings, shown(secret, earlier.timestamp()), None)
        return Armed(user, secret, codes)

    return world.write(set_up)
