"""Answers in the form of a sheet, as plain values: enough to carry them to another version, without scoring them.

One answer is a mapping with exactly one of the keys ``level``, ``choice``, ``choices``, ``grid``, ``yes``,
``number``, ``date``, ``items`` and ``not_applicable`` (a bare whole number is a level), beside it ``reason``,
``evidence`` and whatever else a tool wrote there; those travel along untouched. Without any of the keys the question is
still open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Final

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from questionnaires.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    ComputedQuestion,
    DateQuestion,
    GridQuestion,
    Item,
    ItemsQuestion,
    LevelQuestion,
    NotApplicable,
    NumberQuestion,
    Question,
    YesNoQuestion,
)
from questionnaires.words import exact_day, exact_number

FORMS: Final = {
    "level": "level",
    "choice": "choice",
    "choices": "choices",
    "grid": "grid",
    "yes": "yes_no",
    "number": "number",
    "date": "date",
    "items": "items",
}
"""Key of an answer → kind of question that is answered so."""

_NOT_APPLICABLE: Final = "not_applicable"


@dataclass(frozen=True)
class Given:
    """One answer, or what stands at a question that is still open."""

    form: str | None
    """One of the keys above; None: not answered."""

    value: object = None
    """Level, option id, tuple of option ids or of items, mapping of row to option id, truth, or number or day as it was
    written."""

    reason: str = ""
    evidence: tuple[object, ...] = ()
    further: Mapping[str, object] = field(default_factory=dict)
    """Keys of a sheet that this module does not know, kept as they are."""

    @property
    def answered(self) -> bool:
        """Whether there is an answer, be it "does not apply"."""
        return self.form is not None

    @property
    def inapplicable(self) -> bool:
        """Whether the answer is that the question does not apply."""
        return self.form == _NOT_APPLICABLE

    def emptied(self) -> Given:
        """The same entry without its answer: reason and evidence stay for whoever answers it anew."""
        return replace(self, form=None, value=None)

    def to_sheet(self) -> dict[str, object]:
        """The entry as a sheet holds it."""
        entry: dict[str, object] = {}
        if self.form is not None:
            entry[self.form] = list(self.value) if isinstance(self.value, tuple) else self.value
        if isinstance(self.value, Mapping):
            entry[str(self.form)] = dict(self.value)
        if self.reason:
            entry["reason"] = self.reason
        if self.evidence:
            entry["evidence"] = list(self.evidence)
        return entry | dict(self.further)


NOTHING: Final = Given(None)
"""A question nobody has touched."""


def given(entry: object) -> Given:
    """The answer that an entry of a sheet states; an entry of an unknown form stays open, with all it said kept."""
    if isinstance(entry, int) and not isinstance(entry, bool):
        return Given("level", entry)
    if not isinstance(entry, Mapping):
        return Given(None, further={} if entry is None else {"answer": entry})
    rest = {str(key): value for key, value in entry.items()}
    reason, evidence = rest.pop("reason", "") or "", rest.pop("evidence", ()) or ()
    if rest.get(_NOT_APPLICABLE) is False:
        del rest[_NOT_APPLICABLE]
    found = [key for key in (*FORMS, _NOT_APPLICABLE) if rest.get(key) is not None]
    form = found[0] if len(found) == 1 else None
    value = None
    if form is not None:
        value = rest[form]
        rest = {key: part for key, part in rest.items() if key not in {*FORMS, _NOT_APPLICABLE}}
    if isinstance(value, (list, tuple)):
        value = tuple(value)
    return Given(
        form, value, str(reason), tuple(evidence) if isinstance(evidence, (list, tuple)) else (evidence,), rest
    )


def misfit(question: Question, answer: Given) -> str | None:
    """Why this question does not take this answer, as a stable code (``look.<code>``); None: it does."""
    if not answer.answered:
        return None
    if isinstance(question, ComputedQuestion):
        return "computed"
    if answer.inapplicable:
        return None if question.not_applicable is NotApplicable.ALLOWED else "must-apply"
    if FORMS[str(answer.form)] != question.kind:
        return "other-kind"
    return None if _fits(question, answer.value) else "off-scale"


def _fits(question: Question, value: object) -> bool:
    fits = False
    match question:
        case LevelQuestion():
            fits = isinstance(value, int) and not isinstance(value, bool) and value in question.levels
        case ChoiceQuestion():
            fits = value in [option.id for option in question.options]
        case ChoicesQuestion():
            fits = isinstance(value, tuple) and _fits_choices(question, value)
        case GridQuestion():
            fits = isinstance(value, Mapping) and _fits_grid(question, value)
        case YesNoQuestion():
            fits = isinstance(value, bool)
        case NumberQuestion():
            fits = _fits_number(question, value)
        case ItemsQuestion():
            fits = isinstance(value, tuple) and _fits_items(question, value)
        case DateQuestion():
            fits = _fits_date(question, value)
    return fits


def _fits_grid(question: GridQuestion, answers: Mapping[object, object]) -> bool:
    options = [option.id for option in question.options]
    return set(answers) == {row.id for row in question.rows} and all(value in options for value in answers.values())


def _fits_choices(question: ChoicesQuestion, picked: tuple[object, ...]) -> bool:
    options = [option.id for option in question.options]
    lonely = [option.id for option in question.options if option.alone]
    most = question.most_picked or len(options)
    return (
        all(option in options and picked.count(option) == 1 for option in picked)
        and question.least_picked <= len(picked) <= most
        and not (len(picked) > 1 and any(option in lonely for option in picked))
    )


def _fits_number(question: NumberQuestion, value: object) -> bool:
    number = number_of(value)
    if number is None:
        return False
    if question.places is not None and (number * 10**question.places).denominator != 1:
        return False
    if not question.on_a_step(number):
        return False
    return (question.least is None or number >= question.least) and (question.most is None or number <= question.most)


def _fits_items(question: ItemsQuestion, items: tuple[object, ...]) -> bool:
    """Whether items are so many as they may be, each with an id and a name of its own."""
    try:
        named = [Item.model_validate(item) for item in items]
    except ValidationError:
        return False
    apart = len({item.id for item in named}) == len({item.name for item in named}) == len(named)
    return apart and question.least <= len(named) <= question.most


def _fits_date(question: DateQuestion, value: object) -> bool:
    day = day_of(value)
    if day is None or (question.earliest is not None and day < question.earliest):
        return False
    return question.latest is None or day <= question.latest


def day_of(value: object) -> date | None:
    """The day that an answer states; None: it is none."""
    try:
        return exact_day(value)
    except PydanticCustomError:
        return None


def number_of(value: object) -> Fraction | None:
    """The exact number that an answer states; None: it is none."""
    try:
        return exact_number(value)
    except PydanticCustomError:
        return None


def written(number: Fraction) -> str | None:
    """A number the way answers write it: whole or with a finite number of decimal places; None: it has no such form."""
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
        if places > 12:
            return None
    digits = str(abs(int(number * 10**places))).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if number < 0 else text
