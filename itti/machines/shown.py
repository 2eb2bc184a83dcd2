"""A machine as its owners see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from itti.accounts.tables import User
from itti.machines.tables import Machine, MachineSecret


@dataclass(frozen=True)
class Shown:
    """A machine as its owners see it."""

    machine: Machine
    assessor: User
    secrets: Sequence[MachineSecret]
    """Those that are good, the newest first."""


@dataclass(frozen=True)
class Given:
    """A machine with a new secret, shown this once."""

    shown: Shown
    secret: str
