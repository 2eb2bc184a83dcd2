"""The compact form of answers: a fixed stretch of bytes for each question, the same for every assessment.

The bytes of one assessment follow one another in the order of the questionnaire, after one byte that names the
form. A whole population is then a table of bytes, which is read without looking at a single answer. A byte of 0
always says that nothing has been answered, a byte of 1 that the question does not apply:

- level, choice, yes/no: one byte, 2 for the lowest level, the first option, or no; rising from there;
- several choices: a byte of 2, then a bit for each option;
- grid: a byte for each row, 2 for the first option;
- date: a byte of 2, then the day's number (1 is the first day of year 1) in three bytes;
- list of items: a byte of 2 plus how many there are (a list that may have more than 252 items: a byte of 2, then
  their number in two bytes); behind it what is asked of the first item, of the second, and so on for as many as the
  list may have, where items that are not there leave 0. Their ids and names are not kept: they are called
  ``item-1``, ``item-2``;
- number: a byte of 2 plus the decimal places, then its digits as a signed whole number of eight bytes. A number that
  does not fit is written out after the fixed bytes (see :mod:`scoring.packing.vectors`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Final

from questionnaires.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    GridQuestion,
    Item,
    ItemsQuestion,
    LevelQuestion,
    NotApplicable,
    NumberQuestion,
    YesNoQuestion,
)
from questionnaires.unrolling import key
from scoring.answers import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    DateAnswer,
    GridAnswer,
    ItemsAnswer,
    LevelAnswer,
    NotApplicableAnswer,
    NumberAnswer,
    YesNoAnswer,
)
from scoring.plan import Plan, PlannedQuestion

MISSING: Final = 0
INAPPLICABLE: Final = 1
FIRST: Final = 2
ELSEWHERE: Final = 255
"""A number that does not fit and is written out after the fixed bytes."""

MOST_PLACES: Final = 18
MOST_DIGITS: Final = (1 << 62) - 1
"""Greatest digits, positive or negative, that stand among the fixed bytes: room is left to reckon with them."""

_DIGITS: Final = 8
_LONG: Final = 2
"""Bytes of the number of items of a long list."""

_UNTOLD: Final = NotApplicableAnswer(reason="–")
"""The compact form keeps that a question does not apply, not why: that stands in the rows that people edit."""


class Unreadable(ValueError):
    """Bytes that are no answer to the question."""


@dataclass(frozen=True, slots=True)
class Field(ABC):
    """Where one question's answer lies, and how it is written."""

    question: PlannedQuestion
    offset: int
    """First byte, counted from the start of the assessment's bytes."""

    @property
    def deniable(self) -> bool:
        """Whether the answer may be that the question does not apply."""
        return getattr(self.question.asked, "not_applicable", None) is NotApplicable.ALLOWED

    @property
    @abstractmethod
    def width(self) -> int:
        """Number of bytes."""

    @abstractmethod
    def of(self, answer: Answer) -> bytes | None:
        """The bytes of a (checked) answer on the scale; None: it does not fit."""

    @abstractmethod
    def read(self, code: bytes) -> Answer:
        """The answer that bytes state, where the first is neither 0 nor 1.

        Raises:
            Unreadable: they state none.
        """

    def written(self, answer: Answer | None) -> bytes | None:
        """The bytes of a (checked) answer, or of none; None: it does not fit."""
        if answer is None:
            return bytes(self.width)
        if isinstance(answer, NotApplicableAnswer):
            return bytes([INAPPLICABLE]).ljust(self.width, b"\0")
        return self.of(answer)

    def answer(self, code: bytes) -> Answer | None:
        """The answer that bytes state; None: nothing has been answered.

        Raises:
            Unreadable: they are not the compact form of an answer.
        """
        if code[0] in (MISSING, INAPPLICABLE):
            if any(code[1:]) or (code[0] == INAPPLICABLE and not self.deniable):
                raise Unreadable
            return None if code[0] == MISSING else _UNTOLD
        return self.read(code)


@dataclass(frozen=True, slots=True)
class CodedField(Field):
    """A question with few answers: one byte says which."""

    answers: tuple[Answer, ...]
    codes: Mapping[str, bytes] = field(init=False, repr=False, compare=False)
    """Each answer's text → its byte: a look-up, where comparing with one after the other takes most of the time."""

    def __post_init__(self) -> None:
        """Write down the bytes."""
        codes = {answer.text: bytes([FIRST + place]) for place, answer in enumerate(self.answers)}
        object.__setattr__(self, "codes", codes)

    @property
    def width(self) -> int:
        """One byte."""
        return 1

    @property
    def states(self) -> int:
        """How many values the byte can have."""
        return FIRST + len(self.answers)

    def of(self, answer: Answer) -> bytes:
        """The answer's place among all of them."""
        return self.codes[answer.text]

    def read(self, code: bytes) -> Answer:
        """The answer at that place."""
        try:
            return self.answers[code[0] - FIRST]
        except IndexError:
            raise Unreadable from None


@dataclass(frozen=True, slots=True)
class ChoicesField(Field):
    """Several options: a bit for each."""

    options: tuple[str, ...]

    @property
    def width(self) -> int:
        """One byte, then enough for a bit an option."""
        return 1 + (len(self.options) + 7) // 8

    def of(self, answer: Answer) -> bytes | None:
        """The first option is the lowest bit of the last byte."""
        if not isinstance(answer, ChoicesAnswer):
            raise TypeError(answer)
        bits = sum(1 << self.options.index(option) for option in set(answer.choices))
        return bytes([FIRST]) + bits.to_bytes(self.width - 1)

    def read(self, code: bytes) -> Answer:
        """The options whose bits are set."""
        bits = int.from_bytes(code[1:])
        if code[0] != FIRST or bits >> len(self.options):
            raise Unreadable
        return ChoicesAnswer(choices=tuple(option for place, option in enumerate(self.options) if bits >> place & 1))


@dataclass(frozen=True, slots=True)
class GridField(Field):
    """One option for every row: a byte for each row."""

    rows: tuple[str, ...]
    options: tuple[str, ...]

    @property
    def width(self) -> int:
        """A byte a row."""
        return len(self.rows)

    def of(self, answer: Answer) -> bytes | None:
        """Each row's option by its place."""
        if not isinstance(answer, GridAnswer):
            raise TypeError(answer)
        return bytes(FIRST + self.options.index(answer.grid[row]) for row in self.rows)

    def read(self, code: bytes) -> Answer:
        """The option of each row."""
        if min(code) < FIRST or max(code) >= FIRST + len(self.options):
            raise Unreadable
        return GridAnswer(grid={row: self.options[each - FIRST] for row, each in zip(self.rows, code, strict=True)})


@dataclass(frozen=True, slots=True)
class DateField(Field):
    """A day of the calendar."""

    @property
    def width(self) -> int:
        """One byte and three."""
        return 4

    def of(self, answer: Answer) -> bytes | None:
        """The day's number; the first day of year 1 is 1."""
        if not isinstance(answer, DateAnswer):
            raise TypeError(answer)
        return bytes([FIRST]) + answer.date.toordinal().to_bytes(3)

    def read(self, code: bytes) -> Answer:
        """The day of that number."""
        number = int.from_bytes(code[1:])
        if code[0] != FIRST or not 1 <= number <= date.max.toordinal():
            raise Unreadable
        return DateAnswer(date=date.fromordinal(number))


@dataclass(frozen=True, slots=True)
class NumberField(Field):
    """A measured number: its decimal places, then its digits."""

    @property
    def width(self) -> int:
        """One byte and eight."""
        return 1 + _DIGITS

    def of(self, answer: Answer) -> bytes | None:
        """The fewest decimal places that hold it exactly, so that equal numbers have equal bytes."""
        if not isinstance(answer, NumberAnswer):
            raise TypeError(answer)
        places = _places(answer.number)
        digits = int(answer.number * 10**places) if places is not None else None
        if places is None or digits is None or abs(digits) > MOST_DIGITS:
            return None
        return bytes([FIRST + places]) + digits.to_bytes(_DIGITS, signed=True)

    def read(self, code: bytes) -> Answer:
        """The number."""
        if code[0] > FIRST + MOST_PLACES:
            raise Unreadable
        answer = NumberAnswer(number=Fraction(int.from_bytes(code[1:], signed=True), 10 ** (code[0] - FIRST)))
        if self.of(answer) != code:
            raise Unreadable
        return answer


@dataclass(frozen=True, slots=True)
class ItemsField(Field):
    """A list: how many items it has."""

    most: int

    @property
    def width(self) -> int:
        """One byte, or one and two where a list may be too long for one."""
        return 1 if FIRST + self.most < ELSEWHERE else 1 + _LONG

    def of(self, answer: Answer) -> bytes | None:
        """The number of items."""
        if not isinstance(answer, ItemsAnswer):
            raise TypeError(answer)
        count = len(answer.items)
        return bytes([FIRST + count]) if self.width == 1 else bytes([FIRST]) + count.to_bytes(_LONG)

    def read(self, code: bytes) -> Answer:
        """So many items, told by their places."""
        count = code[0] - FIRST if self.width == 1 else int.from_bytes(code[1:])
        if count > self.most or (self.width > 1 and code[0] != FIRST):
            raise Unreadable
        return ItemsAnswer(items=tuple(slot(place) for place in range(count)))


def slot(place: int) -> Item:
    """The item at a place of a list whose ids and names are not kept, counted from 0."""
    return Item(id=f"item-{place + 1}", name=str(place + 1))


def _places(number: Fraction) -> int | None:
    """The fewest decimal places that hold a number exactly; None: no 18 do."""
    return next((places for places in range(MOST_PLACES + 1) if 10**places % number.denominator == 0), None)


_FIELDS: Final[dict[int, tuple[Plan, tuple[Field, ...]]]] = {}
_MOST_PLANS: Final = 16


def fields_of(plan: Plan) -> tuple[Field, ...]:
    """The fields of all questions that people answer, in the order of the questionnaire; made once for a plan."""
    known = _FIELDS.get(id(plan))
    if known is None or known[0] is not plan:
        while len(_FIELDS) >= _MOST_PLANS:
            _FIELDS.pop(next(iter(_FIELDS)), None)
        known = _FIELDS[id(plan)] = plan, _made(plan)
    return known[1]


def _made(plan: Plan) -> tuple[Field, ...]:
    """The same, made anew, item after item of a list."""
    plan = plan.unrolled({})
    patterns = {item.id: item for item in plan.order if isinstance(item, PlannedQuestion) and item.id in plan.patterns}
    asked = [each for question in plan.questions for each in (question, *_items(question, patterns))]
    found: list[Field] = []
    offset = 1
    for question in asked:
        if question.answerable:
            field = _field(question, offset)
            found.append(field)
            offset += field.width
    return tuple(found)


def _items(question: PlannedQuestion, patterns: Mapping[str, PlannedQuestion]) -> Iterator[PlannedQuestion]:
    """What a list asks of each of the items that it may have, and what lists among that ask of theirs."""
    if isinstance(question.asked, ItemsQuestion):
        for place in range(question.asked.most):
            for each in question.asked.asks:
                asked = replace(patterns[each], id=key(question.id, slot(place).id, each))
                yield from (asked, *_items(asked, patterns))


def width_of(fields: Sequence[Field]) -> int:
    """Number of fixed bytes of one assessment."""
    return fields[-1].offset + fields[-1].width if fields else 1


def _field(question: PlannedQuestion, offset: int) -> Field:
    match question.asked:
        case LevelQuestion() as asked:
            return CodedField(question, offset, tuple(LevelAnswer(level=level) for level in asked.levels))
        case YesNoQuestion():
            return CodedField(question, offset, (YesNoAnswer(yes=False), YesNoAnswer(yes=True)))
        case ChoiceQuestion(options=options):
            return CodedField(question, offset, tuple(ChoiceAnswer(choice=option.id) for option in options))
        case ChoicesQuestion(options=several):
            return ChoicesField(question, offset, tuple(option.id for option in several))
        case GridQuestion(rows=rows, options=options):
            return GridField(question, offset, tuple(row.id for row in rows), tuple(option.id for option in options))
        case DateQuestion():
            return DateField(question, offset)
        case NumberQuestion():
            return NumberField(question, offset)
        case ItemsQuestion(most=most):
            return ItemsField(question, offset, most)
    raise TypeError(f"nobody answers it: {question.id}")
