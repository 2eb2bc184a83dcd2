"""Answers as the words a person would have typed into the workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from questionnaires.model import ChoicesQuestion, Definition, GridQuestion, ItemsQuestion, Question
from questionnaires.workbook.filled import Answer, Filled
from questionnaires.workbook.lines import labels
from questionnaires.workbook.listed import items_in

Say = Callable[[str], str]


@dataclass(frozen=True)
class Written:
    """The cells of one row that an assessor fills in."""

    answer: str = ""
    not_applicable: str = ""
    reason: str = ""
    evidence: str = ""


def written(definition: Definition, filled: Filled, language: str, say: Say) -> dict[str, Written]:
    """Id of a row → what stands in it."""
    rows: dict[str, Written] = {}
    for question in definition.questions:
        if (answer := filled.answers.get(question.id)) is not None:
            offered = labels(question, definition.words(language))
            _row(rows, question, answer, offered, say)
    return rows


def _row(rows: dict[str, Written], question: Question, answer: Answer, offered: Mapping[str, str], say: Say) -> None:
    whole = Written(
        not_applicable=say("yes") if answer.get("not_applicable") else "",
        reason=str(answer.get("reason", "")),
        evidence="\n".join(_references(answer.get("evidence"))),
    )
    if "level" in answer or "choice" in answer:
        key = str(answer.get("level", answer.get("choice")))
        whole = replace(whole, answer=offered.get(key, key))
    elif "yes" in answer:
        whole = replace(whole, answer=say("yes") if answer["yes"] else say("no"))
    elif "number" in answer:
        whole = replace(whole, answer=str(answer["number"]))
    elif "date" in answer:
        whole = replace(whole, answer=str(answer["date"]))
    rows[question.id] = whole
    if isinstance(question, ItemsQuestion):
        named = items_in(answer)
        rows[question.id] = replace(whole, answer=say("no") if "items" in answer and not named else "")
        rows |= {f"{question.id}/{item.id}": Written(answer=item.name) for item in named}
    grid, picked = answer.get("grid"), answer.get("choices")
    if isinstance(question, GridQuestion) and isinstance(grid, Mapping):
        rows |= {
            f"{question.id}/{row}": Written(answer=offered.get(str(option), str(option)))
            for row, option in grid.items()
        }
    if isinstance(question, ChoicesQuestion) and isinstance(picked, (list, tuple)):
        rows |= {
            f"{question.id}/{option.id}": Written(answer=say("yes") if option.id in picked else say("no"))
            for option in question.options
        }


def _references(evidence: object) -> list[str]:
    found: list[str] = []
    for one in evidence if isinstance(evidence, (list, tuple)) else ():
        if isinstance(one, Mapping):
            name = str(one.get("file_name", "")).replace(";", ",")
            found.append(f"{name} {one.get('sha256', '')}".strip())
        else:
            found.append(str(one))
    return found
