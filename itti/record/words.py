"""Acts in words."""

from __future__ import annotations

from typing import Final

from itti.record.troubles import ROOM
from questionnaires.wording import catalogue, say

ACTS: Final = tuple(sorted(key.removeprefix("act.") for key in catalogue(ROOM, "en") if key.startswith("act.")))
"""The kinds of acts that have words of their own."""


def act_words(action: str, language: str) -> str:
    """What was done, in words; for a kind without any, its own name."""
    return say(ROOM, f"act.{action}", language) if action in ACTS else action
