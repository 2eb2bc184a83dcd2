"""Answers that cannot be scored, each named with its question and the remedy."""

from __future__ import annotations

from collections.abc import Sequence

from questionnaires.errors import Fault


class AnswerFault(Fault):
    """Base of everything that can be wrong with one answer; ``question`` is among the details."""

    code = "answer-refused"
    room = "scoring"


class UnknownQuestion(AnswerFault):
    """The questionnaire asks no such question."""

    code = "unknown-question"


class LevelOutOfRange(AnswerFault):
    """The level is not on the question's scale."""

    code = "level-out-of-range"


class MustApply(AnswerFault):
    """The question may not be answered "does not apply"."""

    code = "must-apply"


class WrongKindOfAnswer(AnswerFault):
    """The answer is of another kind than the question (a level for a number, say)."""

    code = "wrong-kind-of-answer"


class UnknownOption(AnswerFault):
    """The question has no such option."""

    code = "unknown-option"


class UnknownRow(AnswerFault):
    """The grid has no such row."""

    code = "unknown-row"


class RowsIncomplete(AnswerFault):
    """Some rows of the grid have no option yet."""

    code = "rows-incomplete"


class OptionExcludes(AnswerFault):
    """The option stands alone, yet others were picked beside it."""

    code = "option-excludes"


class OptionsCount(AnswerFault):
    """Too few or too many options were picked, or one of them twice."""

    code = "options-count"


class NumberOutOfRange(AnswerFault):
    """The number lies outside what the question takes for possible."""

    code = "number-out-of-range"


class DateOutOfRange(AnswerFault):
    """The day lies outside what the question takes for possible."""

    code = "date-out-of-range"


class TooManyPlaces(AnswerFault):
    """The number has more decimal places than the question takes."""

    code = "too-many-places"


class NumberOffStep(AnswerFault):
    """The number lies between two of the steps that the question counts in."""

    code = "number-off-step"


class UnknownItem(AnswerFault):
    """The list names no such item."""

    code = "unknown-item"


class ItemNotNamed(AnswerFault):
    """The question is asked of every item of a list, and the answer does not say of which."""

    code = "item-not-named"


class ItemsCount(AnswerFault):
    """The list has fewer or more items than it may."""

    code = "items-count"


class ItemTwice(AnswerFault):
    """Two items of the list have the same id or the same name."""

    code = "item-twice"


class ComputedNotAnswered(AnswerFault):
    """The number follows from others by a formula; nobody gives it."""

    code = "computed-not-answered"


class AnswersRefused(Fault):
    """Some answers cannot be scored; ``faults`` holds one for each."""

    code = "answers-refused"
    room = "scoring"

    def __init__(self, faults: Sequence[AnswerFault]) -> None:
        super().__init__(count=len(faults))
        self.faults = tuple(faults)

    def sentence(self, language: str = "en") -> str:
        """One line for each answer that is refused."""
        return "\n".join(fault.sentence(language) for fault in self.faults)


class PackedUnreadable(Fault):
    """Bytes that are not the compact form of answers to this version of the questionnaire."""

    code = "packed-unreadable"
    room = "scoring"


class ListsNotCovered(Fault):
    """Changed weights are looked at over the same nodes for everybody; with lists, everybody has others."""

    code = "lists-not-covered"
    room = "scoring"


class OtherCohort(Fault):
    """The figures of the cohort were taken by another questionnaire or version than the one to be scored."""

    code = "other-cohort"
    room = "scoring"
