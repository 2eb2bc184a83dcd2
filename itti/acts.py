"""An act: who does something, when, and in which request. Every service function takes one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Self
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from itti.accounts.tables import User
from itti.calendar.zones import day_in


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Proof:
    """When somebody last proved who they are, in the session or by the token that lets them in."""

    at: datetime
    fresh_until: datetime | None
    """Until when that is enough for acts that weigh much; None: for ever."""

    vouched: bool = False
    """Whether a provider asked them for what counts as a second factor."""


@dataclass(frozen=True)
class Acting:
    """The machine that acts for a person (:mod:`itti.machines`), as the record names it."""

    id: UUID
    name: str
    body_id: UUID | None
    factory_id: UUID | None = None
    """Whose it is: of a body or of a factory."""


@dataclass(frozen=True)
class Act:
    """The circumstances of one call of a service; rules and the audit record read from it.

    ``actor`` is None for a stranger (public pages). Tests and demonstration data set ``at`` to act in the past.
    """

    actor: User | None
    at: datetime = field(default_factory=now)
    request_id: str = field(default_factory=lambda: uuid4().hex)
    zone: ZoneInfo = ZoneInfo("UTC")  # noqa: RUF009 - frozen
    """The zone of the programme (:attr:`itti.settings.Settings.zone`), in which its days begin and end."""
    proof: Proof | None = None
    """None where nobody was let in by a session or a token: jobs, the command line."""
    machine: Acting | None = None
    """What acts in the name of ``actor``; None: the person."""

    @property
    def is_stale(self) -> bool:
        """Whether who acts proved themselves too long ago for acts that weigh much."""
        return self.proof is not None and self.proof.fresh_until is not None and self.at >= self.proof.fresh_until

    @property
    def today(self) -> date:
        """The day of the act in the programme's zone; accreditations, deadlines and certificates are judged by it."""
        return day_in(self.zone, self.at)

    def by(self, actor: User | None, proof: Proof | None = None, machine: Acting | None = None) -> Self:
        """The same act in somebody's name, who proved who they are, or whose machine acts for them."""
        return replace(self, actor=actor, proof=proof, machine=machine)
