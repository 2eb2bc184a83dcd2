"""The mark on an answer that a person must look at again: why, and what the earlier assessment said.

It is set where answers are carried from an earlier assessment (:mod:`itti.carrying`), and is gone with any change of
the answer, or once somebody says that he has looked at it. An assessment with marks left cannot be submitted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from itti.assessments.tables import Answer
from questionnaires.wording import say

_OWN: Final = frozenset({"evidence-left"})
"""Reasons of this room; the others are those of :mod:`questionnaires.upgrading`, in that room's catalogue."""


class QuotedAnswerView(BaseModel):
    """An answer as it stood in the earlier assessment."""

    model_config = ConfigDict(frozen=True)

    question: str = Field(description="Id of the question in the earlier version.", examples=["quality"])
    given: dict[str, Any] | None = Field(
        description="What was answered there, in the form in which answers are saved; null: nothing.",
        examples=[{"level": 3}],
    )
    reason: str = Field(description="What it rested on.", examples=["Lot numbers are scanned at every step."])


class LookAgainView(BaseModel):
    """Why a person must look at an answer again, and what was answered before."""

    model_config = ConfigDict(frozen=True)

    why: str = Field(description="Stable code of the reason.", examples=["asked-for"])
    note: dict[str, str] = Field(
        {}, description="The authors' words for it, by language.", examples=[{"en": "Now asked in three questions."}]
    )
    files: int = Field(
        0, description="How many evidence files stayed with the earlier assessment; they are not carried.", examples=[2]
    )
    assessment: UUID = Field(description="The earlier assessment.", examples=["0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11"])
    version: str = Field(description="The earlier version of the questionnaire.", examples=["1.0.0"])
    olds: tuple[QuotedAnswerView, ...] = Field(description="The old answers it comes from.")

    @property
    def stored(self) -> dict[str, Any]:
        """What the table keeps."""
        return self.model_dump(mode="json")

    def reason_words(self, language: str) -> str:
        """The reason as a sentence."""
        return why_words(self.why, language)

    def note_words(self, language: str) -> str:
        """The authors' words in that language, else in one they wrote; empty where they wrote none."""
        return note_words(self.note, language)


def why_words(why: str, language: str) -> str:
    """The sentence for a reason to look again."""
    return say("itti.assessments" if why in _OWN else "questionnaires", f"look.{why}", language)


def note_words(note: Mapping[str, str], language: str) -> str:
    """A note in that language, else in one there is; empty where there is none."""
    return note.get(language) or next(iter(note.values()), "")


def mark_of(answer: Answer | None) -> LookAgainView | None:
    """The mark on a stored answer, if there is one."""
    if answer is None or answer.look_again is None:
        return None
    return LookAgainView.model_validate(answer.look_again)


def marked(answers: Iterable[Answer]) -> tuple[str, ...]:
    """Ids of the questions whose answers have a mark, as the answers come."""
    return tuple(answer.question for answer in answers if answer.look_again is not None)
