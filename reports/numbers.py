"""Numbers as people read them, from exact ones: as a decimal where that is one, else rounded for reading."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from questionnaires.model import Rounding, RoundingMode
from scoring.answers import decimal_text
from scoring.rounding import stated

GROUP: Final = "\u00a0"
"""Between groups of three digits: a space that does not break."""

_SIGNIFICANT: Final = 4

MOST_PLACES: Final = 9
"""As many as a definition may declare; what is smaller reads as 0."""


def fraction(text: str | None) -> Fraction | None:
    """The number a scorecard writes (``"n"``, ``"n/d"``, digits cut off by "…"); None for None."""
    return None if text is None else Fraction(text.removesuffix("…"))


def plain(number: Fraction, places: int = 2) -> str:
    """A decimal of up to ``places`` places (more where a small number would vanish), without idle zeros."""
    text = decimal_text(number)
    if "/" not in text and len(text.partition(".")[2]) <= places:
        return text
    size = abs(number)
    while size and size < Fraction(10) ** (_SIGNIFICANT - 1 - places) and size < 1 and places < MOST_PLACES:
        places += 1
    rounded = stated(number, Rounding(places=places, mode=RoundingMode.HALF_UP))
    return rounded.rstrip("0").removesuffix(".") if "." in rounded else rounded


def grouped(text: str) -> str:
    """A decimal with its whole digits in groups of three, from five digits on."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, part = digits.partition(".")
    if len(whole) < 5 or not whole.isdecimal():
        return text
    head = len(whole) % 3
    groups = [whole[:head]] * bool(head) + [whole[place : place + 3] for place in range(head, len(whole), 3)]
    return f"{sign}{GROUP.join(groups)}{point}{part}"


def with_unit(number: str, unit: str | None) -> str:
    """The number with its unit after it, not broken between them."""
    return number if unit is None else f"{number}{GROUP}{unit.replace(' ', GROUP)}"


def reading(exact: str | None, unit: str | None = None, places: int = 4) -> str | None:
    """An exact number for reading, with its unit."""
    number = fraction(exact)
    return None if number is None else with_unit(grouped(plain(number, places)), unit)
