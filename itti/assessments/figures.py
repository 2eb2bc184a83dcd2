"""Exact numbers as pages show them; more exactly than here they stand in the JSON file."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from itti.web.languages import number_words

_PLACES: Final = 4
_UNGROUPED: Final = 4
"""Digits up to which a number is easily read without separators; years are among them."""


def decimal(exact: str, places: int, *, percent: bool = False) -> str:
    """``exact`` (``"n"``, ``"n/d"`` or the digits of an irrational number cut off by "…") with few decimal places."""
    value = Fraction(exact.rstrip("…")) * (100 if percent else 1)
    scaled = value * 10**places
    whole = int(scaled + Fraction(1, 2)) if scaled >= 0 else -int(-scaled + Fraction(1, 2))
    sign = "-" if whole < 0 else ""
    whole = abs(whole)
    text = f"{sign}{whole // 10**places}.{whole % 10**places:0{places}d}" if places else f"{sign}{whole}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure(exact: str, language: str, unit: str | None = None) -> str:
    """A measured or computed number with the language's separators, and its unit."""
    whole, point, part = decimal(exact, _PLACES).partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole.lstrip("-")
    if len(digits) > _UNGROUPED:
        digits = number_words(int(digits), language)
    shown = f"{sign}{digits}{point}{part}"
    return f"{shown} {unit}" if unit else shown
