"""Whether an answer fits its question, and where in the answer it does not."""

from collections.abc import Sequence
from typing import Final

from itti.assessments.errors import AnswerInvalid
from itti.assessments.library import Questionnaire
from itti.assessments.schemas import AnswerGiven
from scoring import Answer
from scoring.checking import check_answer
from scoring.errors import (
    AnswerFault,
    ComputedNotAnswered,
    DateOutOfRange,
    ItemsCount,
    ItemTwice,
    LevelOutOfRange,
    MustApply,
    NumberOffStep,
    NumberOutOfRange,
    OptionExcludes,
    OptionsCount,
    RowsIncomplete,
    TooManyPlaces,
    UnknownOption,
    UnknownRow,
    WrongKindOfAnswer,
)
from scoring.sheet import SheetAnswer

_FIELDS: Final = {"yes_no": "yes"}
"""Kinds of questions whose field in an answer has another name."""

_PLACES: Final[dict[type[AnswerFault], str]] = {
    LevelOutOfRange: "level",
    MustApply: "not_applicable",
    OptionsCount: "choices",
    NumberOutOfRange: "number",
    TooManyPlaces: "number",
    NumberOffStep: "number",
    DateOutOfRange: "date",
    ItemsCount: "items",
}


def field_of(kind: str) -> str:
    """The field of an answer that a question of that kind takes."""
    return _FIELDS.get(kind, kind)


def check(asked: Questionnaire, question: str, given: AnswerGiven) -> None:
    """Check the form of an answer, and whether its question allows it.

    Raises:
        AnswerInvalid: with a JSON Pointer to each place that is wrong.
    """
    if given.says_nothing:
        raise AnswerInvalid.because("", "answer-unnamed", question=question)
    if given.not_applicable and given.level is not None:
        raise AnswerInvalid.because("not_applicable", "level-and-not-applicable", question=question)
    if len(given.named) > 1:
        raise AnswerInvalid.because(given.named[1], "more-than-one-answer", question=question)
    if given.not_applicable and not given.reason:
        raise AnswerInvalid.because("reason", "not-applicable-without-reason", question=question)
    planned = asked.plan.questions[asked.plan.positions[question]]
    fault: AnswerFault | None = None
    if not planned.answerable:
        fault = ComputedNotAnswered(question=question)
    elif (answer := _answer(given)) is not None:
        fault = check_answer(asked.plan, question, answer)
    if fault is not None:
        raise AnswerInvalid.at(_pointers(fault, given), fault.code, **_details(fault))


def _answer(given: AnswerGiven) -> Answer | None:
    stored = given.stored
    return None if stored is None else SheetAnswer.model_validate({**stored, "reason": given.reason}).answer()


def _pointers(fault: AnswerFault, given: AnswerGiven) -> Sequence[str]:
    """Where in the answer the engine's refusal lies."""
    match fault:
        case WrongKindOfAnswer():
            return [f"/{field_of(str(fault.details['found']))}"]
        case RowsIncomplete():
            return [f"/grid/{row}" for row in str(fault.details["rows"]).split(", ")]
        case UnknownRow():
            return [f"/grid/{fault.details['row']}"]
        case UnknownOption() | OptionExcludes() | ItemTwice():
            return [_place_of(fault, given)]
        case ComputedNotAnswered():
            return [f"/{name}" for name in given.named[:1]] or [""]
    return [f"/{_PLACES[type(fault)]}"]


def _place_of(fault: AnswerFault, given: AnswerGiven) -> str:
    """The place of one option, or of the second item of the same id or name."""
    if isinstance(fault, ItemTwice):
        return _second(str(fault.details["item"]), given)
    option = str(fault.details["option"])
    if given.choices is not None:
        return f"/choices/{given.choices.index(option)}"
    for row, picked in (given.grid or {}).items():
        if picked == option:
            return f"/grid/{row}"
    return "/choice"


def _second(item: str, given: AnswerGiven) -> str:
    """Where an id or a name stands for the second time."""
    items = given.items or ()
    for name in ("id", "name"):
        places = [place for place, each in enumerate(items) if getattr(each, name) == item]
        if len(places) > 1:
            return f"/items/{places[1]}/{name}"
    return "/items"


def _details(fault: AnswerFault) -> dict[str, object]:
    """The details of the refusal, kinds by the names that answers have for them."""
    kinds = {name: field_of(str(value)) for name, value in fault.details.items() if name in {"kind", "found"}}
    return {**fault.details, **(kinds if isinstance(fault, WrongKindOfAnswer) else {})}
