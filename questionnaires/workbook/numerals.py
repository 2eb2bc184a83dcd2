"""Numbers, days, words and names as people type them: Arabic and Persian digits, separators, marks nobody sees."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Final

_DIGITS: Final = str.maketrans(
    {
        **{chr(0x660 + digit): str(digit) for digit in range(10)},  # Arabic-Indic
        **{chr(0x6F0 + digit): str(digit) for digit in range(10)},  # Eastern Arabic (Persian, Urdu)
        "٫": ".",
        "٬": "'",
        "،": ",",
        "٪": "%",
        "−": "-",
        "‐": "-",
        "‑": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "’": "'",
        "ـ": None,  # the stroke that only stretches a word
    }
)
_UNSEEN: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff]")
_NUMBER: Final = re.compile(r"([-+]?)([0-9]{1,18}|[0-9]{1,3}(?:[ '][0-9]{3}){1,5})(\.[0-9]{1,18})?", re.ASCII)
_GROUPED: Final = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[-+]?[0-9]{1,3}(,[0-9]{3}){2,}", re.ASCII)
_DAY: Final = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0{1,9})?)?Z?)?", re.ASCII)
_RAW: Final = re.compile(r"[-+]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][-+]?[0-9]{1,3})?", re.ASCII)


def western(text: str) -> str:
    """The text with Western digits and plain separators, without marks that only steer the direction of writing."""
    return _UNSEEN.sub("", text).translate(_DIGITS).strip()


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """The text reduced to what makes two names the same for a reader: case, spaces, dashes and digits aside."""
    plain = unicodedata.normalize("NFKC", western(text[:4200])).casefold()
    return " ".join(re.sub(r"[–—]", "-", plain).split())


def typed_number(text: str) -> str | None:
    """The exact decimal that a person typed as a text, or None.

    A single comma is refused: ``1,234`` is a thousand and more for one reader and a little over one for another.
    """
    plain = western(text)
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    found = _NUMBER.fullmatch(plain)
    if not found:
        return None
    whole = re.sub("[ ']", "", found[2]).lstrip("0") or "0"
    return _tidy(f"{'-' if found[1] == '-' else ''}{whole}{found[3] or ''}") if len(whole) <= 18 else None


def stored_number(text: str, *, percent: bool = False) -> str | None:
    """The decimal of a cell that holds a number, or None where it is out of reach.

    Spreadsheets keep binary numbers and write up to 17 digits of them (0.07 as ``7.0000000000000007E-2``); they
    show and promise 15. To those it is rounded, which gives back what was typed. ``percent``: the cell shows a
    hundred times the stored number, and what is shown is what is meant.
    """
    if not _RAW.fullmatch(text.strip()):
        return None
    try:
        number = Decimal(text.strip())
        if percent:
            number *= 100
        if number.adjusted() > 17 or (number and number.adjusted() < -18):
            return None
        number = Decimal(f"{number:.14E}")
    except (InvalidOperation, OverflowError):
        return None
    return _tidy(f"{number:f}")


def typed_day(text: str) -> date | None:
    """The day that a person typed as a text, year first: ``2026-01-31``, ``2026/1/31``; None for anything else.

    ``03/04/2026`` is refused: it is a day in March for one reader and in April for another.
    """
    found = _DAY.fullmatch(western(text))
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None


def stored_day(text: str, *, dated: bool, counts_from_1904: bool) -> date | None:
    """The day of a cell that counts days; None where programs do not agree on it (before March 1900), or for no day.

    ``dated``: the cell is shown as a date; where it is not, only a number that is likely to be a day is taken for one.
    """
    number = stored_number(text)
    if number is None or not number.isdecimal():
        return None
    days = int(number)
    if not 61 <= days <= (_LAST_DAY if dated else _LAST_LIKELY_DAY):
        return None
    return date(1904, 1, 1) + timedelta(days) if counts_from_1904 else date(1899, 12, 30) + timedelta(days)


_LAST_DAY: Final = 2_957_003
"""The end of the year 9999, or four years before it where days count from 1900."""

_LAST_LIKELY_DAY: Final = 80_000
"""In the year 2119, or 2123."""


def _tidy(text: str) -> str | None:
    """Without zeros that say nothing; None where it is longer than the language allows."""
    whole, _, places = text.partition(".")
    places = places.rstrip("0")
    if len(places) > 18:
        return None
    tidy = f"{whole}.{places}" if places else whole
    return "0" if tidy in {"-0", ""} else tidy


def decimal_text(value: Fraction) -> str:
    """A rational as a decimal, exact where that is possible in 18 places, else as ``n/d``."""
    for places in range(19):
        if (value * 10**places).denominator == 1:
            return f"{Decimal(int(value * 10**places)).scaleb(-places):f}"
    return str(value)
