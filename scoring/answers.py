"""Answers as the scoring engine takes them: one form for each kind of question."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from questionnaires.questions import MOST_ITEMS, Item
from questionnaires.words import Day, Identifier, exact_number


def decimal_text(value: Fraction) -> str:
    """A finite decimal where there is one (``12.5``), else ``"n/d"``."""
    denominator, places = value.denominator, 0
    for prime in (2, 5):
        count = 0
        while denominator % prime == 0:
            denominator, count = denominator // prime, count + 1
        places = max(places, count)
    if denominator != 1:
        return str(value)
    digits = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}d}"
    whole, part = (digits[:-places], digits[-places:]) if places else (digits, "")
    return f"{'-' if value < 0 else ''}{whole}{'.' + part if part else ''}"


Measured = Annotated[Fraction, BeforeValidator(exact_number), PlainSerializer(decimal_text, return_type=str)]
"""An exact number of an answer, written as a decimal where it is one."""


class _Given(BaseModel, ABC):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    @abstractmethod
    def text(self) -> str:
        """The answer as one line, for records: ``3``, ``option``, ``yes``, ``12.5``."""


class LevelAnswer(_Given):
    """A level picked for a question."""

    level: Annotated[int, Field(strict=True)]

    @property
    def text(self) -> str:
        """The level."""
        return str(self.level)


class ChoiceAnswer(_Given):
    """The one option that holds."""

    choice: Identifier

    @property
    def text(self) -> str:
        """The option's id."""
        return self.choice


class ChoicesAnswer(_Given):
    """All options that hold; none is an answer too."""

    choices: Annotated[tuple[Identifier, ...], Field(max_length=200)]

    @property
    def text(self) -> str:
        """The options' ids, in alphabetical order: however they were picked."""
        return ", ".join(sorted(self.choices))


class GridAnswer(_Given):
    """One option for every row."""

    grid: Annotated[Mapping[Identifier, Identifier], Field(max_length=100)]

    @property
    def text(self) -> str:
        """Row and option, pair by pair, in the order of the rows' ids: however they were given."""
        return ", ".join(f"{row}: {option}" for row, option in sorted(self.grid.items()))


class YesNoAnswer(_Given):
    """Yes or no."""

    yes: Annotated[bool, Field(strict=True)]

    @property
    def text(self) -> str:
        """``yes`` or ``no``."""
        return "yes" if self.yes else "no"


class NumberAnswer(_Given):
    """A measured number, in the question's unit."""

    number: Measured

    @property
    def text(self) -> str:
        """The number as a decimal where it is one."""
        return decimal_text(self.number)


class DateAnswer(_Given):
    """A day of the calendar."""

    date: Day

    @property
    def text(self) -> str:
        """Year, month and day: ``2026-01-31``."""
        return self.date.isoformat()


_JSON: Final = json.JSONDecoder()
_MISREAD: Final = re.compile(r'^"|[,\x00-\x1f]')
"""What keeps a name from standing in a line as it is: a comma, a quotation mark at its start, a line break."""


def _plain(name: str) -> str:
    return json.dumps(name, ensure_ascii=False) if _MISREAD.search(name) else name


class ItemsAnswer(_Given):
    """The items of a list, in the order in which people named them."""

    items: Annotated[tuple[Item, ...], Field(max_length=MOST_ITEMS)]

    @property
    def text(self) -> str:
        """Id and name, pair by pair, in that order; a name that could be misread stands as a string of JSON."""
        return ", ".join(f"{item.id}: {_plain(item.name)}" for item in self.items)

    @classmethod
    def of_text(cls, text: str) -> ItemsAnswer:
        """The answer that reads so in one line.

        Raises:
            ValueError: no list reads so.
        """
        found: list[Item] = []
        place = 0
        while place < len(text):
            begin = text.index(": ", place) + 2
            if text.startswith('"', begin):
                name, end = _JSON.raw_decode(text, begin)
            else:
                name = text[begin:].partition(",")[0]
                end = begin + len(name)
            found.append(Item(id=text[place : begin - 2], name=name))
            place = end + 2
        answer = cls(items=tuple(found))
        if answer.text != text:
            raise ValueError(text)
        return answer


class NotApplicableAnswer(_Given):
    """The question does not apply to this factory, and why."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]

    @property
    def text(self) -> str:
        """Empty: it is no answer on the scale."""
        return ""


Answer = (
    LevelAnswer
    | ChoiceAnswer
    | ChoicesAnswer
    | GridAnswer
    | YesNoAnswer
    | NumberAnswer
    | DateAnswer
    | ItemsAnswer
    | NotApplicableAnswer
)
Answers = Mapping[str, Answer]
"""Question id, or ``list.item.question`` for what is asked of an item → answer. What is not in it is missing."""
