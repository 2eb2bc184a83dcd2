"""Which signs the shipped fonts can print, asked before a page is set so that the fault can name the field.

PDF/A forbids the empty box that stands for a missing sign, and a name with a hole in it is no name.
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel

from reports.errors import UnprintableSigns
from reports.typesetting import FONTS

_KEPT = {"\n"}
_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad")
"""Signs that only steer the direction of a line; the page isolates every text itself."""


@cache
def printable() -> frozenset[int]:
    """Code points that the shipped fonts have."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    found: set[int] = set()
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)


def tidied(text: str) -> str:
    """The text without control signs, composed (NFC); tabs become spaces, line ends stay."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(
        sign for sign in plain if sign in _KEPT or (unicodedata.category(sign) != "Cc" and sign not in _STEERING)
    )


def check(model: BaseModel) -> None:
    """See that every text of ``model`` can be printed.

    Raises:
        UnprintableSigns: the first text that cannot, with its field and the signs that are missing.
    """
    for field, text in _texts(model.model_dump(), ()):
        missing = sorted({sign for sign in tidied(text) if sign not in _KEPT and ord(sign) not in printable()})
        if missing:
            shown = text if len(text) <= 60 else f"{text[:57]}…"
            signs = " ".join(f"{sign} (U+{ord(sign):04X})" for sign in missing[:8])
            raise UnprintableSigns(text=shown, field=field, signs=signs)


def tidy(value: Any) -> Any:
    """``value`` (as dumped by a model) with every text in it tidied."""
    if isinstance(value, str):
        return tidied(value)
    if isinstance(value, dict):
        return {key: tidy(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(tidy(part) for part in value)
    return value


def _texts(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield ".".join(path), value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(part, (*path, str(key)))
    elif isinstance(value, (list, tuple)):
        for place, part in enumerate(value):
            yield from _texts(part, (*path, str(place)))
