"""The lines of the answer sheet: which question stands in which row, and what may be answered there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from questionnaires.formula.items import place_in
from questionnaires.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    ComputedQuestion,
    Definition,
    GridQuestion,
    LevelQuestion,
    NotApplicable,
    Question,
    Texts,
)
from questionnaires.workbook.listed import Slot, Slots
from questionnaires.workbook.numerals import folded

COLUMNS: Final = (
    "id",
    "category",
    "dimension",
    "question",
    "meaning",
    "answer",
    "unit",
    "not-applicable",
    "reason",
    "evidence",
    "guidance",
)
"""Columns of the answer sheet in the order they are written; they are read by their headings."""

COVER_FIELDS: Final = (
    "factory.name",
    "factory.name_ar",
    "factory.licence",
    "factory.sector",
    "factory.region",
    "factory.employees",
    "assessor.name",
    "assessor.name_ar",
    "assessor.body",
    "assessor.body_ar",
    "assessed_on",
)
"""What is asked on the cover."""

_NONE: Final[Slots] = MappingProxyType({})


@dataclass(frozen=True)
class Line:
    """One row: a question, or one row of a grid, one option of several, or the name of one item of a list."""

    question: Question
    group: str
    """Id of the category or section; empty where there is none."""

    dimension: str
    """Id of the dimension; empty where there is none."""

    part: str = ""
    """Id of the grid's row, of the option or of the item; empty: the row of the question itself."""

    slot: Slot | None = None
    """Of the name of an item, and of what is asked of it: its place in the list."""

    around: str = ""
    """Of an item of a list within a list: what the item is called, or numbered, that has this list."""

    @property
    def id(self) -> str:
        """The id in the first column: ``question`` or ``question/part``."""
        return f"{self.question.id}/{self.part}" if self.part else self.question.id

    @property
    def answers(self) -> bool:
        """Whether the answer cell of this row is open: not in the heading row of a grid or of several options."""
        return bool(self.part) or not isinstance(self.question, (GridQuestion, ChoicesQuestion))

    @property
    def may_not_apply(self) -> bool:
        """Whether the row may say that the question does not apply."""
        return not self.part and getattr(self.question, "not_applicable", None) is NotApplicable.ALLOWED


def lines(definition: Definition, slots: Slots = _NONE) -> tuple[Line, ...]:
    """Every row in reading order: by category, then the sections, then what else is asked.

    Below a list each of its items stands with all that is asked of it. ``slots``: the places of every list, for which
    ``definition`` is written out (:mod:`questionnaires.workbook.listed`).
    """
    return tuple(_lines(definition, slots))


def _lines(definition: Definition, slots: Slots) -> Iterator[Line]:
    seen: set[str] = set()
    asked = {question.id: question for question in definition.questions}
    places: list[tuple[str, str, Question]] = []
    facts = {one for section in definition.sections for one in section.questions}
    for category in definition.categories:
        for dimension in definition.dimensions(category):
            below = (asked[dimension],) if dimension in asked else definition.questions_below(dimension)
            places += [(category, dimension, question) for question in below if question.id not in facts]
    for section in definition.sections:
        places += [(section.id, "", asked[one]) for one in section.questions if one in asked]
    places += [("", "", question) for question in definition.questions]
    for group, dimension, question in places:
        if question.id in seen or isinstance(question, ComputedQuestion) or "." in question.id:
            continue
        seen.add(question.id)
        yield Line(question, group, dimension)
        for part in _parts(question):
            yield Line(question, group, dimension, part)
        if question.id in slots:
            yield from _items(_Asked(asked, slots, _by_item(definition), group), question, dimension, "")


@dataclass(frozen=True)
class _Asked:
    """What is asked of items."""

    questions: Mapping[str, Question]
    slots: Slots
    of_items: Mapping[tuple[str, str] | None, Sequence[str]]
    group: str


def _by_item(definition: Definition) -> Mapping[tuple[str, str] | None, Sequence[str]]:
    """List and item → the ids of what is asked of it."""
    found: dict[tuple[str, str] | None, list[str]] = {}
    for question in definition.questions:
        found.setdefault(place_in(question.id), []).append(question.id)
    return found


def _items(asked: _Asked, of: Question, dimension: str, around: str) -> Iterator[Line]:
    """The rows of a list's items: the name of each, then what is asked of it; ``around``: see :attr:`Line.around`."""
    for slot in asked.slots.get(of.id, ()):
        yield Line(of, asked.group, dimension, slot.item.id, slot, around)
        for name in asked.of_items.get((of.id, slot.item.id), ()):
            question = asked.questions[name]
            if not isinstance(question, ComputedQuestion):
                for part in ("", *_parts(question)):
                    yield Line(question, asked.group, "", part, slot, around)
            yield from _items(asked, question, "", slot.item.name if slot.is_named else f"{slot.number}")


def _parts(question: Question) -> tuple[str, ...]:
    if isinstance(question, GridQuestion):
        return tuple(row.id for row in question.rows)
    if isinstance(question, ChoicesQuestion):
        return tuple(option.id for option in question.options)
    return ()


def labels(question: Question, texts: Texts) -> dict[str, str]:
    """What the list of a level, choice or grid offers: level or option id → text, in their order."""
    words = texts.questions.get(question.id)
    if isinstance(question, LevelQuestion):
        levels = words.levels if words else {}
        named = {str(level): levels.get(str(level)) for level in question.levels}
        return {level: f"{level} – {text.name}" if text else level for level, text in named.items()}
    if isinstance(question, (ChoiceQuestion, GridQuestion)):
        options = words.options if words else {}
        names = {
            option.id: options[option.id].name if option.id in options else option.id for option in question.options
        }
        same = Counter(folded(name) for name in names.values())
        return {one: f"{name} [{one}]" if same[folded(name)] > 1 else name for one, name in names.items()}
    return {}


def recognised(question: Question, definition: Definition) -> Mapping[str, frozenset[str]]:
    """What may be typed (folded) → the levels or options it can mean, in all languages of the definition."""
    found: dict[str, set[str]] = {}
    for texts in definition.texts.values():
        for key, label in labels(question, texts).items():
            names = {key, label, f"[{key}]"}
            words = texts.questions.get(question.id)
            if isinstance(question, LevelQuestion):
                names |= {words.levels[key].name} if words and key in words.levels else set()
            elif words and key in words.options:
                names |= {words.options[key].name, f"{words.options[key].name} [{key}]"}
            for name in names:
                found.setdefault(folded(name), set()).add(key)
    return {name: frozenset(keys) for name, keys in found.items()}
