"""The smallest words of the definition language: ids, exact numbers, sentences, formulas."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from questionnaires.days import iso_day

EXACT: Final = re.compile(r"-?\d{1,18}(\.\d{1,18}|/[1-9]\d{0,17})?", re.ASCII)
"""How an exact number is written."""


def exact_number(value: object) -> Fraction:
    """The rational that a definition or an answer states.

    Raises:
        PydanticCustomError: it is no whole number, decimal string or fraction; a binary float never is one.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, str) and EXACT.fullmatch(value):
        return Fraction(value)
    raise PydanticCustomError("exact-number", "not an exact number")


Exact = Annotated[
    Fraction,
    BeforeValidator(exact_number),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{EXACT.pattern}$"}]}),
]
"""A rational number, written as a whole number, a decimal (``12.5``) or ``"n/d"``."""


def finite_decimal(value: Fraction) -> Fraction:
    """The same number, if it can be written as a decimal: sums of thousands of them keep a small denominator.

    Raises:
        PydanticCustomError: it is a fraction like 2/3.
    """
    denominator = value.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator != 1:
        raise PydanticCustomError("not-decimal", "not a finite decimal")
    return value


Decimal = Annotated[Exact, AfterValidator(finite_decimal)]
"""An exact number that can be written as a decimal."""


def exact_day(value: object) -> date:
    """The day that a definition or an answer states.

    Raises:
        PydanticCustomError: it is not written as ``2026-01-31``; a whole number never is a day, nor is a moment.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and (day := iso_day(value)) is not None:
        return day
    raise PydanticCustomError("not-a-date", "not a date")


Day = Annotated[
    date,
    BeforeValidator(exact_day),
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}),
]
"""A day of the calendar, written as year, month and day: ``2026-01-31``."""

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=64, strict=True)]
"""Lower-case words joined by hyphens; given once and never derived from a text."""

LONGEST_KEY: Final = 5 * 64 + 4
"""Most signs of a :data:`QuestionKey`: five ids with dots between them."""

QuestionKey = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z][a-z0-9]*(-[a-z0-9]+)*\.[a-z][a-z0-9]*(-[a-z0-9]+)*){0,2}$",
        max_length=LONGEST_KEY,
        strict=True,
    ),
]
"""The id of a question, ``list.item.question`` for a question that is asked of an item of a list, or
``list.item.inner.item.question`` where that list is asked of the items of another one."""

VersionNumber = Annotated[
    str, StringConstraints(pattern=r"^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$", strict=True)
]
"""A semantic version number: major.minor.patch."""

LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?$", strict=True)]

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True, strict=True)]
"""A text for people: not empty."""

Formula = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True, strict=True)]
"""A calculation or condition over ids, such as ``energy / output`` or ``waste-kind = 'none'``; see
:mod:`questionnaires.formula`."""

Unit = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True, strict=True)]
"""A unit of measurement, such as ``MWh``, ``t / piece`` or ``%``; see :mod:`questionnaires.units`."""


class Word(BaseModel):
    """Base of all words of the language: frozen, and unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)


class RoundingMode(StrEnum):
    """How a value that lies between two printable ones is rounded."""

    HALF_UP = "half_up"
    """Halves go away from zero (commercial rounding)."""

    HALF_EVEN = "half_even"
    """Halves go to the even neighbour."""

    DOWN = "down"
    """Towards zero."""

    UP = "up"
    """Away from zero."""


class Rounding(Word):
    """The one rounding of a value, done when it is stated; parents always use the exact value."""

    places: Annotated[int, Field(ge=0, le=9, strict=True)]
    mode: RoundingMode
