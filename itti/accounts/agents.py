"""What somebody signed in with: browser and system as coarse words, which tell one's own sessions apart and no more.

What a browser says of itself names many others for old times' sake; the first mark that is found counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

OTHER: Final = "other"
"""Stands for whatever is not known by name."""

_BROWSERS: Final = (
    ("Edg", "edge"),
    ("OPR/", "opera"),
    ("SamsungBrowser/", "samsung"),
    ("Firefox/", "firefox"),
    ("FxiOS/", "firefox"),
    ("CriOS/", "chrome"),
    ("Chrome/", "chrome"),
    ("Safari/", "safari"),
)
_SYSTEMS: Final = (
    ("Windows", "windows"),
    ("iPhone", "iphone"),
    ("iPad", "ipad"),
    ("Android", "android"),
    ("CrOS", "chromeos"),
    ("Macintosh", "macos"),
    ("Linux", "linux"),
)
BROWSERS: Final = (*dict.fromkeys(word for _, word in _BROWSERS), OTHER)
SYSTEMS: Final = (*dict.fromkeys(word for _, word in _SYSTEMS), OTHER)
"""All words there are; pages name them by ``browser.<word>`` and ``system.<word>``."""


@dataclass(frozen=True)
class Agent:
    """A browser and the system it runs on."""

    browser: str
    """One of :data:`BROWSERS`."""

    system: str
    """One of :data:`SYSTEMS`."""


UNKNOWN: Final = Agent(OTHER, OTHER)


def agent_of(header: str) -> Agent:
    """What a ``User-Agent`` header says (RFC 9110, section 10.1.5); none of its text is kept."""
    return Agent(_first(header, _BROWSERS), _first(header, _SYSTEMS))


def _first(header: str, marks: tuple[tuple[str, str], ...]) -> str:
    return next((word for mark, word in marks if mark in header), OTHER)
