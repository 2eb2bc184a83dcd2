"""An act: who does something, when, and in which request. Every service function takes one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import uuid4

from itti.accounts.tables import User


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Act:
    """The circumstances of one call of a service; rules and the audit record read from it.

    ``actor`` is None for a stranger (public pages). Tests and demonstration data set ``at`` to act in the past.
    """

    actor: User | None
    at: datetime = field(default_factory=now)
    request_id: str = field(default_factory=lambda: uuid4().hex)

    @property
    def today(self) -> date:
        """The day of the act in UTC; accreditations and certificates are judged by it."""
        return self.at.date()
