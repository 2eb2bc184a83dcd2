"""The words of these commands, in the language of the terminal; numbers as people copy them down."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Final

from itti.commands.words import language
from questionnaires import wording
from scoring.answers import decimal_text

_LONGEST: Final = 14
_DIGITS: Final = 10


def words(key: str, **details: object) -> str:
    """A sentence in the terminal's language."""
    return wording.say("itti.commands.footprints", key, language(), **details)


def number(exact: str | Fraction) -> str:
    """An exact number as a decimal where that is short, else its first ten digits after ``≈``."""
    value = Fraction(exact)
    text = decimal_text(value)
    if "/" not in text and len(text) <= _LONGEST:
        return text
    with localcontext(prec=_DIGITS):
        return f"≈{Decimal(value.numerator) / Decimal(value.denominator):f}"
