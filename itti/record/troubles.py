"""What a verification of the record can find, each with its place and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from questionnaires.wording import say

ROOM: Final = "itti.record"

NOTICES: Final = frozenset({"acts-late", "acts-waiting", "demonstration"})
"""What is worth knowing and proves nothing bad."""


@dataclass(frozen=True)
class Trouble:
    """One thing that is not as the record says."""

    code: str
    place: dict[str, object] = field(default_factory=dict)
    """Where, by names and numbers of the database."""

    @property
    def is_notice(self) -> bool:
        """Whether the record holds all the same."""
        return self.code in NOTICES

    def sentence(self, language: str = "en") -> str:
        """What was found and what to do, in words."""
        return say(ROOM, f"trouble.{self.code}", language, **self.place)


class Troubles:
    """Gathers what is found; of each kind a few are told one by one, and the rest counted."""

    SHOWN: Final = 50

    def __init__(self) -> None:
        self.found: list[Trouble] = []
        self.counts: dict[str, int] = {}

    def add(self, code: str, **place: object) -> None:
        """One more."""
        self.counts[code] = self.counts.get(code, 0) + 1
        if self.counts[code] <= self.SHOWN:
            self.found.append(Trouble(code, place))

    @property
    def holds(self) -> bool:
        """Whether nothing but notices was found."""
        return set(self.counts) <= NOTICES
