"""What is known of a request that is sent again.

The row is claimed in the transaction of the act: if that is undone, or the process dies before it commits, the key is
free again; once it has committed, the request never acts a second time. The answer follows in a transaction of its own.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import Request
from sqlmodel import Session, col, select

from itti import locks
from itti.accounts.tokens import keyed_hash
from itti.acts import now
from itti.database import Database, ReadingSession
from itti.retries.errors import AnswerNotKept, KeyReused, RequestInFlight
from itti.retries.tables import KeyedRequest
from itti.settings import Settings

ANSWER_BYTES: Final = 64 * 1024
"""Longest body of an answer that is kept."""

TOO_LARGE: Final = ""
"""Stands for an answer that is longer."""

ON_THE_WAY: Final = timedelta(seconds=30)
"""How long after the act its answer may still come."""

AT_A_TIME: Final = 500
"""So many rows go in one transaction at most."""


@dataclass(frozen=True)
class Answer:
    """An answer as it was sent."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass
class Attempt:
    """A request with a key, on its way through the house."""

    settings: Settings
    key: str
    address: str
    """Method, path and query."""

    body: Callable[[], str]
    """Digest of the body, as far as it was read."""

    claimed: UUID | None = None
    """The row that was claimed for it."""

    @property
    def request_hash(self) -> str:
        """What tells this request from others."""
        return keyed_hash(self.settings, "request", f"{self.key} {self.address} {self.body()}")

    def key_hash(self, user_id: UUID) -> str:
        """What names the key of an account."""
        return keyed_hash(self.settings, "request key", f"{user_id} {self.key}")

    def locked(self, answer: Answer) -> str:
        """The answer under lock and key."""
        told = [answer.status, answer.headers, base64.b64encode(answer.body).decode()]
        return locks.locked(self.settings, self._purpose, json.dumps(told))

    def unlocked(self, text: str) -> Answer:
        """The answer again.

        Raises:
            Unreadable: of another secret or key.
        """
        status, headers, body = json.loads(locks.unlocked(self.settings, self._purpose, text))
        return Answer(status, tuple((name, value) for name, value in headers), base64.b64decode(body))

    @property
    def _purpose(self) -> str:
        return f"answer {self.key}"


class Met(Exception):
    """The key was used before: how the request was told then, and its answer."""

    def __init__(self, row: KeyedRequest) -> None:
        super().__init__()
        self.request_hash = row.request_hash
        self.answer = row.answer
        self.until = row.until


def attempt_of(request: Request) -> Attempt | None:
    """What is known of a request with a key; None: it has none."""
    found: Attempt | None = getattr(request.state, "attempt", None)
    return found


def meet(session: Session, attempt: Attempt | None, user_id: UUID) -> None:
    """Claim the key of a request for its account; whoever finds out who asks calls this, before anything is done.

    In a session that only reads nothing is claimed.

    Raises:
        Met: the request has acted before; the layer answers it.
        RequestInFlight: another process is about to answer it.
    """
    if attempt is None:
        return
    named, moment = attempt.key_hash(user_id), now()
    if not isinstance(session, ReadingSession):
        _hold(session, named)
        ended = sa.and_(col(KeyedRequest.key_hash) == named, col(KeyedRequest.until) <= moment)
        session.execute(sa.delete(KeyedRequest).where(ended))
    found = session.exec(select(KeyedRequest).where(KeyedRequest.key_hash == named)).first()
    if found is not None and found.until > moment and found.id != attempt.claimed:
        raise Met(found)
    if found is None and not isinstance(session, ReadingSession):
        until = moment + timedelta(hours=attempt.settings.replay_hours)
        row = KeyedRequest(user_id=user_id, key_hash=named, request_hash=attempt.request_hash, until=until)
        session.add(row)
        session.flush()
        attempt.claimed = row.id


def _hold(session: Session, named: str) -> None:
    """Where several write at the same time, let one in with a key and turn the others away."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(sha256(named.encode()).digest()[:8], signed=True)
        if not session.execute(sa.select(sa.func.pg_try_advisory_xact_lock(number))).scalar_one():
            raise RequestInFlight


def keep(session: Session, attempt: Attempt, answer: Answer | None) -> None:
    """Keep the answer of a request that has acted; None: it was too large, which is kept instead."""
    row = sa.update(KeyedRequest).where(col(KeyedRequest.id) == attempt.claimed)
    session.execute(row.values(answer=TOO_LARGE if answer is None else attempt.locked(answer)))


def kept(attempt: Attempt, met: Met) -> Answer:
    """The answer that was kept.

    Raises:
        KeyReused: of another request.
        RequestInFlight: it has acted a moment ago, and its answer is on the way.
        AnswerNotKept: there is none.
    """
    if met.request_hash != attempt.request_hash:
        raise KeyReused
    if met.answer is None and met.until - now() > timedelta(hours=attempt.settings.replay_hours) - ON_THE_WAY:
        raise RequestInFlight
    if not met.answer:
        raise AnswerNotKept
    try:
        return attempt.unlocked(met.answer)
    except locks.Unreadable as error:  # the secret of the installation was changed
        raise AnswerNotKept from error


def forget(database: Database, at: datetime) -> int:
    """Let go what is over its time; returns how many went."""
    gone = 0
    while True:
        with database.writing() as session:
            over = select(KeyedRequest.id).where(KeyedRequest.until <= at).limit(AT_A_TIME)
            some = session.exec(over).all()
            session.execute(sa.delete(KeyedRequest).where(col(KeyedRequest.id).in_(some)))
        gone += len(some)
        if len(some) < AT_A_TIME:
            return gone
