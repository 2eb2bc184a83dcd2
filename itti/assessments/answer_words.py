"""Answers of every kind in the words of the questionnaire, for people."""

from __future__ import annotations

from typing import Final

from itti.assessments.figures import figure
from itti.assessments.standing import answer_of
from itti.assessments.tables import Answer
from itti.calendar.reckoning import plain_day_words
from itti.web.rendering import plain
from questionnaires.model import Definition, NumberQuestion, QuestionText
from reports.directions import END, OWN_WAY
from scoring import (
    Answer as GivenAnswer,
)
from scoring import (
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

_BETWEEN: Final = " · "


def stored_words(definition: Definition, language: str, answer: Answer | None) -> str:
    """A stored answer in a few words; that there is none yet where it holds only a reason."""
    given = None if answer is None else answer_of(answer)
    if answer is None or given is None:
        return plain(language, "level.none")
    return answer_words(definition, language, answer.question, given)


def answer_words(  # noqa: PLR0911 - one line for each kind of answer
    definition: Definition, language: str, question: str, given: GivenAnswer
) -> str:
    """An answer in a few words: the level with its name, the options' names, the number with its unit."""
    words = definition.words(language).questions[question]
    match given:
        case NotApplicableAnswer():
            return plain(language, "level.not-applicable")
        case LevelAnswer(level=level):
            return f"{level}{_BETWEEN}{words.levels[str(level)].name}"
        case ChoiceAnswer(choice=choice):
            return words.options[choice].name
        case ChoicesAnswer(choices=choices):
            return _BETWEEN.join(words.options[each].name for each in choices) or plain(language, "choices.none")
        case GridAnswer(grid=grid):
            return _BETWEEN.join(_row(words, row, option) for row, option in grid.items())
        case YesNoAnswer(yes=yes):
            return plain(language, "yes-no.yes" if yes else "yes-no.no")
        case DateAnswer(date=day):
            return plain_day_words(day, language)
        case ItemsAnswer(items=items):
            return _BETWEEN.join(f"{OWN_WAY}{item.name}{END}" for item in items) or plain(language, "items.none")
        case NumberAnswer(number=number):
            asked = definition.question(question)
            unit = asked.unit if isinstance(asked, NumberQuestion) else None
            return figure(str(number), language, unit)


def _row(words: QuestionText, row: str, option: str) -> str:
    return f"{words.rows[row].name}: {words.options[option].name}"


def description(words: QuestionText, given: GivenAnswer | None) -> str:
    """What the questionnaire says about the answer that was picked; empty where it says nothing."""
    match given:
        case LevelAnswer(level=level):
            return words.levels[str(level)].description
        case ChoiceAnswer(choice=choice):
            return words.options[choice].description
    return ""
