"""Lines that fit a terminal: broken between words, and what is broken stands a little further in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

WIDTH: Final = 100
"""Columns of a line."""

_FURTHER: Final = "    "
_WHOLE: Final = "\u00a0"


def wrapped(line: str, width: int = WIDTH) -> Iterator[str]:
    """The line in as many as it takes; a word that is longer than a line stands alone."""
    words = line.split(" ")
    depth = next((place for place, word in enumerate(words) if word), 0)
    indent = " " * depth
    told = indent
    started = False
    for word in words[depth:]:
        longer = f"{told} {word}" if started else f"{told}{word}"
        if started and columns(longer) > width:
            yield told.replace(_WHOLE, " ")
            longer = f"{indent}{_FURTHER}{word}"
        told, started = longer, True
    yield told.replace(_WHOLE, " ").rstrip()


def columns(text: str) -> int:
    """How many columns a text takes: marks above letters and signs of direction take none."""
    return sum(unicodedata.category(sign) not in {"Mn", "Cf"} for sign in text)
