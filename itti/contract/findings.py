"""What a comparison of two descriptions finds."""

from __future__ import annotations

from dataclasses import dataclass

from questionnaires import wording
from questionnaires.versions import Step


@dataclass(frozen=True)
class Finding:
    """One difference between the released description and another."""

    code: str
    """Stable name of the kind; its sentence is in the catalogue under ``difference.<code>``."""

    place: str
    """Where: the operation, then the way to the part: ``GET /api/v1/me: 200: /items/*/role``."""

    step: Step
    """Which step of the version number it demands; what breaks tools that exist is a major."""

    def sentence(self, language: str = "en") -> str:
        """What it means for tools that exist."""
        return wording.say("itti.contract", f"difference.{self.code}", language)


def breaking(code: str, place: str) -> Finding:
    """A difference that a tool made for the released description may fail at."""
    return Finding(code, place, Step.MAJOR)
