"""The mark on a carried answer as the form shows it: why, and what was answered before, in words."""

from __future__ import annotations

from dataclasses import dataclass

from itti.assessments import answer_words, library
from itti.assessments.marks import LookAgainView, QuotedAnswerView, mark_of
from itti.assessments.tables import Answer, Assessment
from questionnaires import Definition
from questionnaires.loading import UnknownDefinition
from scoring.sheet import SheetAnswer


@dataclass(frozen=True)
class QuotedWords:
    """An old answer in words; empty words where there was none."""

    title: str
    words: str
    reason: str


@dataclass(frozen=True)
class Look:
    """See the module."""

    why: str
    note: str
    files: int
    version: str
    """Version of the questionnaire that the old answers were given to."""

    olds: tuple[QuotedWords, ...]


def look_of(one: Assessment, answer: Answer | None, language: str) -> Look | None:
    """The mark on an answer of ``one`` in words, if there is one."""
    mark = mark_of(answer)
    if mark is None:
        return None
    olds = tuple(_quoted(_definition(one, mark), old, language) for old in mark.olds)
    return Look(mark.reason_words(language), mark.note_words(language), mark.files, mark.version, olds)


def _definition(one: Assessment, mark: LookAgainView) -> Definition | None:
    try:
        return library.questionnaire(one.family, mark.version).definition
    except UnknownDefinition:
        return None


def _quoted(definition: Definition | None, old: QuotedAnswerView, language: str) -> QuotedWords:
    """The old answer; by its id alone where the library no longer holds the old version."""
    given = None if old.given is None else SheetAnswer.model_validate({**old.given, "reason": old.reason}).answer()
    question = old.question.rpartition(".")[2]
    if definition is None or definition.question(question) is None:
        return QuotedWords(old.question, "", old.reason)
    title = definition.words(language).questions[question].title
    said = "" if given is None else answer_words.answer_words(definition, language, question, given)
    return QuotedWords(title, said, old.reason)
