"""Which language a page speaks, and how numbers and days are written in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from starlette.requests import Request

from itti.http.languages import request_language
from questionnaires.wording import LANGUAGES, RIGHT_TO_LEFT

COOKIE: Final = "itti_language"
"""Remembers the reader's choice for a year; holds a language code and nothing else."""

COOKIE_SECONDS: Final = 366 * 24 * 3600

NAMES: Final = {"en": "English", "ar": "العربية"}
"""Each language in its own words, as a language switch names it."""

_LOCALES: Final = {"en": "en_GB", "ar": "ar_AE"}
"""CLDR locales: day before month; Arabic with the digits that papers in the Gulf use."""


def language_of(request: Request, preferred: str | None = None) -> str:
    """The language to answer in.

    First the address (``?language=``), then the reader's choice kept in the cookie, then ``preferred`` (the
    person's own setting), then what the browser asks for.
    """
    for code in (request.query_params.get("language"), request.cookies.get(COOKIE), preferred):
        if code in LANGUAGES:
            return str(code)
    return request_language(request)


def direction(language: str) -> str:
    """``rtl`` or ``ltr``, as the ``dir`` attribute takes it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def day_words(day: date, language: str) -> str:
    """A day as people write it: 22 November 2026."""
    return format_date(day, "d MMMM y", locale=_LOCALES[language])


def moment_words(moment: datetime, language: str) -> str:
    """A moment in UTC, and said to be so: 22 November 2026, 10:42 UTC."""
    comma = "،" if language == "ar" else ","
    return format_datetime(moment, f"d MMMM y{comma} HH:mm 'UTC'", locale=_LOCALES[language])


def number_words(number: int, language: str) -> str:
    """A whole number with the language's separators."""
    return format_decimal(number, locale=_LOCALES[language])
