"""The templates of this room. Everything is escaped, whatever a file is called, and an unknown name is an error."""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

import unicodedata
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.directions import typeset
from reports.geometry import place

TEMPLATES: Final = Path(__file__).parent / "templates"

DATE_LOCALES: Final = {"en": "en_GB", "ar": "ar_AE"}


@cache
def environment() -> Environment:
    """The one environment of this room (compiled templates are kept)."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    made.filters["place"] = place
    made.filters["way"] = way
    made.filters["lines"] = lines
    made.filters["long_date"] = long_date
    made.filters["typeset"] = typeset
    return made


def way(text: str) -> str:
    """``rtl`` or ``ltr``: the direction of a text by its first letter (the typesetter does not look itself)."""
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def lines(text: str) -> list[str]:
    """The lines of a text that are not empty: each is set as a paragraph in its own direction."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def long_date(day: date, language: str) -> str:
    """A date in words, such as 22 November 2026; with the month names of the Gulf and Western digits in Arabic."""
    from babel.dates import format_date

    return format_date(day, "d MMMM y", locale=DATE_LOCALES[language])
