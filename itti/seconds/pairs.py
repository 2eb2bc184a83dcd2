"""First and second assessments side by side, and how far they agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from itti.accounts.tables import User
from itti.assessments.parties import Parties
from itti.assessments.tables import Assessment
from itti.seconds.tables import Chosen

if TYPE_CHECKING:
    from scoring.agreement import Estimate, Leniency


@dataclass(frozen=True)
class Pair:
    """A chosen assessment with its second one."""

    chosen: Chosen
    first: Assessment
    first_parties: Parties
    second: Assessment | None
    """The second assessment that was not withdrawn; None: nobody has it yet."""

    second_parties: Parties | None

    @property
    def is_complete(self) -> bool:
        """Whether both are submitted, so that they can be compared."""
        return self.second is not None and self.second.submitted_at is not None


@dataclass(frozen=True)
class Compared:
    """Figures over one kind of answers."""

    scale: tuple[int, int] | None
    """The levels there are; None: answers that have no order."""

    rated: int
    """Questions that both assessors answered so."""

    figures: Mapping[str, Estimate]
    leniencies: tuple[tuple[User, Leniency], ...] = ()


@dataclass(frozen=True)
class Agreement:
    """How far first and second assessments of a family agree."""

    family: str
    pairs: int
    kinds: tuple[Compared, ...]
