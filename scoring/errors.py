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
