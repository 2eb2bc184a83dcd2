"""What was answered, in the words of the definition: from the one line that a scorecard keeps of every answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from questionnaires import wording
from questionnaires.model import ComputedQuestion, NumberQuestion, OptionText, Question, QuestionText, options_of
from reports import numbers
from reports.directions import END, OWN_WAY, RIGHT_TO_LEFT_MARK
from reports.templating import long_date
from scoring.answers import ItemsAnswer


@dataclass(frozen=True, slots=True)
class Named:
    """A level or option with what it means."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class GridLine:
    """One row of a grid and what was picked for it."""

    row: str
    option: str


def picked(question: Question, text: QuestionText, answer: str | None) -> tuple[Named, ...]:
    """The level or the options that were picked, with what they mean."""
    if not answer:
        return ()
    match question.kind:
        case "level":
            level = text.levels[answer]
            return (Named(level.name, level.description),)
        case "choice" | "choices":
            given = answer.split(", ")
            return tuple(_named(text.options, option) for option in options_of(question) if option in given)
    return ()


def grid(question: Question, text: QuestionText, answer: str | None) -> tuple[GridLine, ...]:
    """Row and option of a grid, in the order of the definition."""
    if question.kind != "grid" or not answer:
        return ()
    chosen = dict(_pairs(answer))
    return tuple(
        GridLine(_named(text.rows, row.id).name, _named(text.options, chosen[row.id]).name)
        for row in question.rows
        if row.id in chosen
    )


def items(question: Question, answer: str | None) -> tuple[str, ...]:
    """The names of a list's items, each set apart from the direction of the others."""
    if question.kind != "items" or not answer:
        return ()
    return tuple(f"{OWN_WAY}{item.name}{END}" for item in ItemsAnswer.of_text(answer).items)


def words(question: Question, text: QuestionText, answer: str | None, number: str | None, language: str) -> str | None:
    """The answer as people read it in a line; None where there is none.

    Args:
        question: what was asked.
        text: its words.
        answer: the line of the scorecard.
        number: the measured or computed number, exact.
        language: for "yes" and "no", and for dates.
    """
    if isinstance(question, (NumberQuestion, ComputedQuestion)):
        return numbers.reading(number or answer, question.unit)
    if answer is None or question.kind == "level":
        return answer
    if question.kind == "date":
        return long_date(date.fromisoformat(answer), language)
    if question.kind == "yes_no" or not answer:
        return wording.say("reports", f"answer.{answer or 'none'}", language)
    parts = [
        wording.say("reports", "chart.pair", language, name=line.row, value=line.option)
        for line in grid(question, text, answer)
    ]
    parts += [each.name for each in picked(question, text, answer)]
    if named := items(question, answer):
        start = RIGHT_TO_LEFT_MARK if language in wording.RIGHT_TO_LEFT else ""  # whatever script the first name is in
        return start + wording.say("reports", "list.separator", language).join(named)
    return wording.say("reports", "list.separator", language).join(parts)


def _pairs(answer: str) -> Iterator[tuple[str, str]]:
    for pair in answer.split(", "):
        row, _, option = pair.partition(": ")
        yield row, option


def _named(texts: Mapping[str, OptionText], identifier: str) -> Named:
    text = texts.get(identifier)
    return Named(text.name, text.description) if text else Named(identifier)
