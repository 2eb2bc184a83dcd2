"""The templates of this room. Everything is escaped, whatever a file is called, and an unknown name is an error."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

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
    made.filters["code"] = isolated
    made.filters["long_date"] = long_date
    return made


def isolated(text: object) -> Markup:
    """A code, number or address that keeps its own order from left to right inside any line."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(escape(text))


def long_date(day: date, language: str) -> str:
    """A date in words: 22 November 2026, ٢٢ نوفمبر with Western digits in Arabic."""
    from babel.dates import format_date

    return format_date(day, "d MMMM y", locale=DATE_LOCALES[language])
