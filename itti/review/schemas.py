"""What the API gives about reviews."""

from __future__ import annotations

from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from itti.assessments.schemas import AnswerView
from itti.assessments.tables import Answer
from itti.review.hints import Hint, Signal
from itti.review.looking import Review, Seen
from itti.review.peers import Circle
from scoring import NotApplicableAnswer
from scoring.sheet import SheetAnswer

_ID = "0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11"


class HintView(BaseModel):
    """Something worth a second look: a hint with its numbers, never a verdict."""

    signal: Signal = Field(description="Which signal; `docs/review.md` explains each.", examples=["jump"])
    questions: list[str] = Field(
        description="Ids of the questions it is about; empty: the whole assessment.", examples=[["maintenance"]]
    )
    numbers: dict[str, str] = Field(
        description="What it rests on.", examples=[{"before": "1", "level": "4", "step": "+3"}]
    )
    circle: Circle | None = Field(description="The group of factories compared with, where there is one.")
    sentence: str = Field(
        description="The hint in words, in the language of the reader.",
        examples=["Level 1 in the last certified assessment, 4 now (+3)."],
    )

    @classmethod
    def of(cls, hint: Hint, language: str) -> Self:
        """As the API shows a hint."""
        return cls(
            signal=hint.signal,
            questions=list(hint.questions),
            numbers=dict(hint.numbers),
            circle=hint.circle,
            sentence=hint.sentence(language),
        )


class LastAnswerView(BaseModel):
    """An answer of the last certified assessment, as the version asked now takes it."""

    answer: dict[str, Any] = Field(description="In the form of answer sheets.", examples=[{"level": 3}])
    reason: str = Field(description="What it rested on.", examples=["Work orders seen."])
    converted: bool = Field(description="True where a migration made another answer of it.", examples=[False])


class SeenView(BaseModel):
    """One question with the answers to it."""

    question: str = Field(description="Id of the question.", examples=["maintenance"])
    assessed: AnswerView | None = Field(description="What the assessor found.")
    own: AnswerView | None = Field(description="What the factory said of itself.")
    last: LastAnswerView | None = Field(description="What the last certified assessment says.")
    gap: int | None = Field(description="Levels by which the assessor stands above the factory.", examples=[1])
    step: int | None = Field(
        description="Levels by which the assessor stands above the last certified assessment.", examples=[2]
    )
    changed: bool = Field(description="True where the last certified assessment says something else.")
    hints: list[HintView] = Field(description="What is worth a second look at it.")
    open_comments: int = Field(description="Comments on it that are not resolved.", examples=[1])

    @classmethod
    def of(cls, seen: Seen, review: Review, language: str) -> Self:
        """As the API shows one question of a review."""

        def view(answer: Answer | None) -> AnswerView | None:
            return None if answer is None else AnswerView.of(answer, review.scorecard.question(seen.question))

        return cls(
            question=seen.question,
            assessed=view(seen.answer),
            own=view(seen.own),
            last=_last(seen),
            gap=seen.gap,
            step=seen.step,
            changed=seen.is_changed,
            hints=[HintView.of(hint, language) for hint in seen.hints],
            open_comments=seen.open_comments,
        )


def _last(seen: Seen) -> LastAnswerView | None:
    if seen.last is None:
        return None
    stated = SheetAnswer.of(seen.last.given).model_dump(mode="json", exclude_defaults=True, exclude={"reason"})
    if isinstance(seen.last.given, NotApplicableAnswer):
        stated = {"not_applicable": True}
    return LastAnswerView(answer=stated, reason=seen.last.reason, converted=seen.last.is_converted)


class ComparedView(BaseModel):
    """The group of other certified factories that levels are compared with."""

    circle: Circle = Field(description="What they have in common with the one assessed.", examples=["sector"])
    factories: int = Field(description="How many they are; never fewer than ten.", examples=[23])


class ReviewView(BaseModel):
    """All that a second person goes by."""

    assessment: UUID = Field(description="Id of the assessment.", examples=[_ID])
    content_sha256: str = Field(
        description="SHA-256 over the digest of the questionnaire, all answers, all evidence and the scorecard: what "
        "an approval names and records.",
        examples=["9f2c" * 16],
    )
    advised: bool = Field(
        description="True where the caller is shown hints and the last certified assessment: everybody but the "
        "assessor whose work it is."
    )
    last: UUID | None = Field(description="Id of the last certified assessment of the factory.", examples=[_ID])
    peers: ComparedView | None = Field(description="Whom levels are compared with; null: too few to compare with.")
    hints: list[HintView] = Field(description="What is worth a second look at the whole.")
    questions: list[SeenView] = Field(description="The answers, in the order of the questionnaire.")

    @classmethod
    def of(cls, review: Review, rows: list[Seen], digest: str, language: str) -> Self:
        """As the API shows a review with some of its questions."""
        return cls(
            assessment=review.assessment.id,
            content_sha256=digest,
            advised=review.is_advised,
            last=None if review.last is None else review.last.assessment.id,
            peers=None
            if review.peers is None
            else ComparedView(circle=review.peers.circle, factories=review.peers.factories),
            hints=[HintView.of(hint, language) for hint in review.whole],
            questions=[SeenView.of(each, review, language) for each in rows],
        )
