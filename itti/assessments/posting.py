"""Answers as a form without a script posts them: one group of fields for each question of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from itti.assessments.layout import Leaf
from itti.assessments.listing import TYPED
from itti.assessments.schemas import AnswerGiven
from itti.errors import FieldMistake
from itti.http.errors import InvalidInput
from itti.http.mistakes import mistakes_of
from itti.web.forms import day_text, decimal_number, version_in
from questionnaires.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    GridQuestion,
    ItemsQuestion,
    LevelQuestion,
    Question,
    YesNoQuestion,
)


@dataclass(frozen=True)
class Typed:
    """What was posted for one question."""

    given: AnswerGiven
    version: int | None
    """The version of the answer that the form was made from."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """Fields whose text cannot be taken as it is, to be shown again."""

    mistake: InvalidInput | None = None


@dataclass(frozen=True)
class _Written:
    """How an answer that people write is read, and the code of the mistake where it cannot be."""

    read: Callable[[str], str | None]
    code: str


_WRITTEN: Final[Mapping[str, _Written]] = {
    "number": _Written(decimal_number, "exact-number"),
    "date": _Written(day_text, "not-a-date"),
}
"""Kind of question, which is the name of its field too → how it is read, in any digits."""


def ending(leaf: Leaf, question: str) -> str:
    """What the names of a question's fields end with, so that they differ on a page of several questions."""
    return "" if leaf.is_plain else f":{question}"


def is_posted(posted: Mapping[str, str], end: str) -> bool:
    """Whether the form held the fields of a question at all."""
    return not end or f"version{end}" in posted


def typed(posted: Mapping[str, str], asked: Question, end: str) -> Typed:
    """What was posted for a question; with one that cannot be taken, what to show again and why."""
    version = version_in({"version": posted.get(f"version{end}", "")})
    reason = posted.get(f"reason{end}", "")
    values = _values(posted, asked, end)
    if (written := _WRITTEN.get(asked.kind)) is not None and not values.get("not_applicable"):
        text = posted.get(f"{asked.kind}{end}", "").strip()
        plain = written.read(text)
        if text and plain is None:
            shown = AnswerGiven(level=None).model_copy(update={"reason": reason})
            fault = InvalidInput.of(FieldMistake(f"/{asked.kind}", written.code, {}))
            return Typed(shown, version, {asked.kind: text}, fault)
        values |= {asked.kind: plain} if text else {}
    try:
        return Typed(AnswerGiven.model_validate({"level": None, **values, "reason": reason}), version)
    except ValidationError as error:
        found = [{**item, "loc": ("body", *item["loc"])} for item in error.errors(include_url=False)]
        shown = _without_reason(values).model_copy(update={"reason": reason})
        names = {f"{TYPED}{item['id']}": item["name"] for item in values.get("items", ())}
        return Typed(shown, version, names, mistake=InvalidInput.of(*mistakes_of(found)))


def _items(posted: Mapping[str, str], end: str) -> dict[str, Any]:
    """The items of a list in the order of the form; the field for one more counts once a name stands in it."""
    named: list[dict[str, str]] = []
    for name, text in posted.items():
        for prefix, is_new in ((f"item{end}.", False), (f"new{end}.", True)):
            if name.startswith(prefix) and (text.strip() or not is_new):
                named.append({"id": name.removeprefix(prefix), "name": text})
    if named:
        return {"items": named}
    return {"items": []} if posted.get(f"none{end}") else {}


def _without_reason(values: Mapping[str, Any]) -> AnswerGiven:
    try:
        return AnswerGiven.model_validate({"level": None, **values})
    except ValidationError:
        return AnswerGiven(level=None)


def _values(  # noqa: PLR0911 - one for each kind of question
    posted: Mapping[str, str], asked: Question, end: str
) -> dict[str, Any]:
    """The field of the answer that the question takes, if something was picked or named."""
    if posted.get(f"na{end}") or (isinstance(asked, LevelQuestion) and posted.get(f"level{end}") == "na"):
        return {"not_applicable": True}
    match asked:
        case LevelQuestion():
            level = posted.get(f"level{end}", "")
            return {"level": int(level)} if level.isascii() and level.isdigit() and len(level) < 4 else {}
        case ChoiceQuestion():
            choice = posted.get(f"choice{end}", "")
            return {"choice": choice} if choice else {}
        case ChoicesQuestion():
            picked = [option.id for option in asked.options if posted.get(f"choices{end}.{option.id}")]
            return {"choices": picked} if picked or posted.get(f"choices{end}.") else {}
        case GridQuestion():
            rows = {row.id: posted.get(f"grid{end}.{row.id}", "") for row in asked.rows}
            filled = {row: option for row, option in rows.items() if option}
            return {"grid": filled} if filled else {}
        case YesNoQuestion():
            yes = posted.get(f"yes{end}", "")
            return {"yes": yes == "yes"} if yes in {"yes", "no"} else {}
        case ItemsQuestion():
            return _items(posted, end)
    return {}
