"""What the API takes and gives about starting from an earlier assessment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from itti.assessments.marks import note_words, why_words
from itti.assessments.schemas import AnswerView, PartyView
from itti.assessments.standing import Standing
from itti.assessments.tables import AssessmentState
from itti.carrying.service import Done, Line, Preview, Which, as_given
from itti.carrying.sources import Source
from itti.carrying.words import in_words, title
from itti.http.fields import Input
from questionnaires import Definition
from questionnaires.given import Given
from questionnaires.model import QuestionKey
from questionnaires.upgrading import Mark

_ID: Final = "0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11"
_REASON: Final = "Lot numbers are scanned at every step."
_WHICH: Final = "Which answers: what the factory said of itself (`own`), or what the assessor found (`assessed`)."


class CarryOverPreviewInput(Input):
    """From which earlier assessment, and which answers."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    source: UUID = Field(alias="from", description="The earlier assessment.", examples=[_ID])
    which: Which = Field(description=_WHICH, examples=["assessed"])


class CarryOverInput(CarryOverPreviewInput):
    """The same, with what is to be done about answers that are there already."""

    overwrite: Annotated[dict[QuestionKey, Annotated[int, Field(strict=True, ge=1)]], Field(max_length=1000)] = Field(
        {},
        description="Question id → version of the answer that was seen there and is replaced.",
        examples=[{"quality-records": 2}],
    )
    keep: Annotated[tuple[QuestionKey, ...], Field(max_length=1000)] = Field(
        (), description="Ids of questions that are left as they are.", examples=[["quality-records"]]
    )


class CarriableView(BaseModel):
    """Answers that may be carried."""

    which: Which = Field(description=_WHICH, examples=["assessed"])
    answered: int = Field(description="How many questions are answered.", examples=[20])


class SourceView(BaseModel):
    """An earlier assessment of the factory."""

    id: UUID = Field(description="Its id.", examples=[_ID])
    definition_version: str = Field(description="Version of the questionnaire.", examples=["1.0.0"])
    state: AssessmentState = Field(description="Where it stands.", examples=["certified"])
    planned_for: date = Field(description="Day of its site visit.", examples=["2025-12-01"])
    decided_at: datetime | None = Field(
        description="When it was approved or withdrawn (UTC).", examples=["2025-12-03T08:15:00Z"]
    )
    assessor: PartyView
    answers: list[CarriableView] = Field(description="What may be carried from it.")

    @classmethod
    def of(cls, source: Source, assessor: object) -> Self:
        """As the API shows it."""
        answers = [{"which": which, "answered": number} for which, number in source.answered.items()]
        fields = {**source.assessment.model_dump(), "assessor": PartyView.of(assessor), "answers": answers}
        return cls.model_validate(fields)


class SourcesView(BaseModel):
    """What an assessment may start from."""

    writable: Which | None = Field(
        description="Which answers the caller may carry now; null while it is not the caller's turn to answer.",
        examples=["assessed"],
    )
    items: list[SourceView] = Field(description="Newest first.")


class OldAnswerView(BaseModel):
    """An answer as it stands in the earlier assessment."""

    question: str = Field(description="Id of the question in the old version.", examples=["quality"])
    title: str = Field(description="What it is called there.", examples=["Quality"])
    given: dict[str, Any] | None = Field(
        description="The answer, in the form in which answers are saved; null: none.", examples=[{"level": 3}]
    )
    words: str = Field(description="The answer in the words of the questionnaire.", examples=["3 · Managed"])
    reason: str = Field(description="What it rests on.", examples=[_REASON])


class CarriedPassageView(BaseModel):
    """What becomes of one or several old answers at one question of the new version."""

    mark: Mark = Field(
        description="What became of it: `carried`, `by_rule`, `look_again`, `unanswered`, `new` or `dropped`.",
        examples=["look_again"],
    )
    why: str | None = Field(description="Stable code of the reason.", examples=["asked-for"])
    reason_words: str | None = Field(
        description="The reason in the language of the reader.", examples=["the authors ask for a look at it"]
    )
    note: str | None = Field(
        description="The authors' words for it, in the language of the reader.",
        examples=["The dimension is now asked in several questions."],
    )
    files: int = Field(description="Evidence files that stay with the earlier assessment.", examples=[2])
    reworded: bool = Field(description="True when the question is worded otherwise than before.")
    olds: list[OldAnswerView] = Field(description="The old answers; empty for a new question.")
    question: str | None = Field(
        description="Id of the question in the new version; null: it is asked no more.", examples=["quality-records"]
    )
    title: str | None = Field(description="What it is called.", examples=["Quality records"])
    given: dict[str, Any] | None = Field(description="The new answer; null: open.", examples=[{"level": 3}])
    words: str | None = Field(description="The new answer in the words of the questionnaire.", examples=["3 · Managed"])
    reason: str = Field(description="What it rests on.", examples=[_REASON])
    in_the_way: AnswerView | None = Field(
        description="What is answered there already, if it is something else; it has to be kept or overwritten by name."
    )
    changes: bool = Field(description="True when carrying would write something here.")

    @classmethod
    def of(cls, plan: Preview, line: Line, language: str) -> Self:
        """As the API shows one line of a preview."""
        carried, name = line.carried, line.carried.question
        return cls(
            mark=line.mark,
            why=line.why,
            reason_words=None if line.why is None else why_words(line.why, language),
            note=note_words(carried.note, language) if carried.note else None,
            files=line.files,
            reworded=carried.reworded,
            olds=[_old(plan.old, old.question, old.answer, language) for old in carried.olds],
            question=name,
            title=None if name is None else title(plan.new, language, name),
            given=None if line.wanted is None else line.wanted.given.stored,
            words=None if name is None else in_words(plan.new, language, name, line.answer),
            reason="" if line.wanted is None else line.wanted.given.reason,
            in_the_way=None if line.in_the_way is None else AnswerView.of(line.in_the_way),
            changes=line.to_write,
        )


class CarryOverPreviewView(BaseModel):
    """All that would become of an earlier assessment's answers; nothing has happened."""

    source: UUID = Field(alias="from", description="The earlier assessment.", examples=[_ID])
    which: Which = Field(description=_WHICH, examples=["assessed"])
    old: str = Field(description="Questionnaire of the earlier assessment.", examples=["itti@1.0.0"])
    new: str = Field(description="Questionnaire of this assessment.", examples=["itti@2.0.0"])
    counts: dict[str, int] = Field(
        description="How many passages have which mark.", examples=[{"look_again": 60, "new": 2}]
    )
    in_the_way: list[str] = Field(
        description="Ids of the questions that are answered already.", examples=[["quality-records"]]
    )
    passages: list[CarriedPassageView] = Field(description="Every question of either version.")

    @classmethod
    def of(cls, plan: Preview, language: str) -> Self:
        """As the API shows a preview."""
        marks = [line.mark for line in plan.lines]
        return cls.model_validate(
            {
                "from": plan.source.id,
                "which": plan.which,
                "old": plan.old.name,
                "new": plan.new.name,
                "counts": {mark.value: marks.count(mark) for mark in Mark if mark in marks},
                "in_the_way": [line.carried.question for line in plan.conflicts],
                "passages": [CarriedPassageView.of(plan, line, language) for line in plan.lines],
            }
        )


class CarriedOverView(BaseModel):
    """What was done."""

    written: list[str] = Field(
        description="Ids of the questions that were written; empty when it had been done already.",
        examples=[["quality-records"]],
    )
    kept: list[str] = Field(
        description="Ids of the questions that were left as they were.", examples=[["quality-checks"]]
    )
    standing: Standing

    @classmethod
    def of(cls, done: Done) -> Self:
        """As the API shows it."""
        return cls(written=list(done.written), kept=list(done.kept), standing=done.standing)


def _old(definition: Definition, question: str, answer: Given, language: str) -> OldAnswerView:
    return OldAnswerView(
        question=question,
        title=title(definition, language, question),
        given=as_given(answer).stored,
        words=in_words(definition, language, question, answer),
        reason=answer.reason,
    )
