"""Answers of either version in the words of their questionnaire, for people."""

from __future__ import annotations

from itti.assessments.answer_words import answer_words
from itti.assessments.schemas import AnswerGiven
from itti.web.rendering import plain
from questionnaires import Definition
from questionnaires.given import Given
from scoring.sheet import SheetAnswer


def title(definition: Definition, language: str, question: str) -> str:
    """What a question is called."""
    return definition.words(language).questions[question].title


def in_words(definition: Definition, language: str, question: str, answer: Given) -> str:
    """An answer in a few words; that there is none where there is none."""
    given = AnswerGiven.model_validate({"level": None, **answer.to_sheet()}) if answer.answered else None
    engine = None if given is None else SheetAnswer.model_validate(given.stored).answer()
    return plain(language, "level.none") if engine is None else answer_words(definition, language, question, engine)
