"""Which language a page speaks, and how numbers are written in it; days and moments: :mod:`itti.calendar`."""

from __future__ import annotations

from typing import Final

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
"""CLDR locales: Arabic with the digits that papers in the Gulf use."""


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


def number_words(number: int, language: str) -> str:
    """A whole number with the language's separators."""
    return format_decimal(number, locale=_LOCALES[language])
