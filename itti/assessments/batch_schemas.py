"""What the API takes and gives where several answers are sent at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from itti.assessments.batch import Batch, Outcome, Result, Sent
from itti.assessments.schemas import AnswerGiven, AnswerView, PartyView
from itti.assessments.standing import Standing
from itti.assessments.tables import Phase
from itti.errors import FieldMistake, HttpFault
from itti.http.fields import Input
from itti.http.mistakes import mistakes_of
from itti.http.problems import ProblemField
from questionnaires.model import Identifier, QuestionKey
from questionnaires.questions import MOST_ITEMS
from questionnaires.wording import say

MOST_ANSWERS: Final = 500
"""Answers in one batch."""

_ID = "0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11"
_ANSWER: Final[dict[str, Any]] = {"level": 3, "reason": "Lot numbers are scanned at every step."}


class SentAnswerInput(Input):
    """One answer that was given offline."""

    question: QuestionKey = Field(description="Id of the question.", examples=["lines.line-1.output"])
    base: Annotated[int, Field(ge=1, le=2**31)] | None = Field(
        description="Version of the answer it was made against, as the work package or the last result says; null:"
        " there was none.",
        examples=[2],
    )
    answer: dict[str, Any] = Field(
        description="The whole answer, as `saveAnswer` takes it (`AnswerGiven`). One that does not fit spoils none of"
        " the others.",
        examples=[_ANSWER],
    )
    made_at: AwareDatetime | None = Field(
        None,
        description="When it was given by the clock of the tool, with its offset; entered in the record of acts.",
        examples=["2026-11-22T08:15:00Z"],
    )
    removing: Annotated[tuple[Identifier, ...], Field(max_length=MOST_ITEMS)] = Field(
        (), description="Of a list: items that may leave it with their answers and files.", examples=[["line-2"]]
    )

    def sent(self, batch_id: UUID) -> Sent:
        """As the service takes it."""
        made = {} if self.made_at is None else {"made_at": self.made_at.isoformat()}
        return Sent(
            self.question,
            _given(self.answer),
            self.base,
            self.removing,
            {"batch": str(batch_id), **made},
        )


def _given(raw: Mapping[str, Any]) -> AnswerGiven | tuple[FieldMistake, ...]:
    """The answer, or what is wrong with its form, each mistake at its place in the answer."""
    try:
        return AnswerGiven.model_validate(raw)
    except ValidationError as error:
        return mistakes_of({**each, "loc": ("body", *each["loc"])} for each in error.errors(include_url=False))


class BatchInput(Input):
    """Answers that were given offline, to be sent together."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "batch_id": _ID,
                    "digest": "9f2c" * 16,
                    "answers": [
                        {
                            "question": "quality",
                            "base": 3,
                            "answer": _ANSWER,
                            "made_at": "2026-11-22T08:15:00Z",
                        }
                    ],
                }
            ]
        }
    )

    batch_id: UUID = Field(
        description="Chosen by the tool, once for each batch: sent again it gives the same result.", examples=[_ID]
    )
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = Field(
        description="SHA-256 of the questionnaire that was answered, from the work package.", examples=["9f2c" * 16]
    )
    atomic: bool = Field(False, description="True: all or none.")
    answers: Annotated[list[SentAnswerInput], Field(min_length=1, max_length=MOST_ANSWERS)] = Field(
        description="The answers, in any order; to a question one at most."
    )

    def content(self, phase: Phase) -> str:
        """SHA-256 of what is sent, hexadecimal: the same however the tool lays out its JSON."""
        said = [phase.value, self.model_dump()]
        return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


class BatchProblemView(BaseModel):
    """Why an answer was not taken."""

    type: str = Field(description="Address of a page about this kind of problem.", examples=["/problems/answer-stale"])
    code: str = Field(description="Machine-readable kind of the problem; stable.", examples=["answer-stale"])
    status: int = Field(description="The HTTP status that the answer alone would have got.", examples=[412])
    detail: str = Field(
        description="What is wrong here, and what to do about it.",
        examples=["Somebody has changed this answer since you read it, so yours was not saved."],
    )
    errors: list[ProblemField] = Field(description="All mistakes in its fields; pointers lead into the batch.")

    @classmethod
    def of(cls, fault: HttpFault, place: int, language: str) -> Self:
        """As the API shows the fault of the answer at that place."""
        return cls(
            type=f"/problems/{fault.code}",
            code=fault.code,
            status=fault.status,
            detail=fault.sentence(language),
            errors=[
                ProblemField(
                    pointer=f"/answers/{place}/answer{each.pointer}",
                    code=each.key,
                    detail=say(each.room, f"field.{each.key}", language, **each.details),
                )
                for each in fault.mistakes
            ],
        )


class BatchResultView(BaseModel):
    """What became of one answer."""

    question: str = Field(description="Id of the question.", examples=["quality"])
    outcome: Outcome = Field(
        description="`saved`; `unchanged`: the same was in force already; `conflict`: somebody else has changed it"
        " since, and theirs stays; `invalid`: it does not fit; `refused`: something else is in its way; `held-back`:"
        " another one was not taken, and `atomic` was wanted.",
        examples=["saved"],
    )
    in_force: AnswerView | None = Field(
        description="The answer in force after the batch, whose version is the next `base`; null: there is none."
    )
    author: PartyView | None = Field(None, description="Who gave the answer in force.")
    sent: dict[str, Any] | None = Field(
        description="Of a conflict: the answer that was sent, to compare with the one in force.", examples=[None]
    )
    made_at: datetime | None = Field(
        description="When the answer sent was given, as the tool said.", examples=["2026-11-22T08:15:00Z"]
    )
    problem: BatchProblemView | None = Field(description="Why it was not taken.")


class BatchView(BaseModel):
    """What became of a batch. The same id gives the same result again."""

    batch_id: UUID = Field(description="Id of the batch.", examples=[_ID])
    applied: bool = Field(description="False where `atomic` was wanted and an answer was not taken: none was saved.")
    results: list[BatchResultView] = Field(description="One for each answer, in the order sent.")
    standing: Standing = Field(description="Where the assessment stood after it.")

    @classmethod
    def of(cls, batch: BatchInput, done: Batch, language: str) -> Self:
        """As the API shows what became of ``batch``, without the names of authors."""

        def view(place: int, each: Result) -> BatchResultView:
            answer = done.answers.get(each.sent.question)
            given = each.sent.given
            conflicts = each.outcome is Outcome.CONFLICT
            return BatchResultView(
                question=each.sent.question,
                outcome=each.outcome,
                in_force=None if answer is None else AnswerView.of(answer),
                sent=_echo(given) if conflicts and isinstance(given, AnswerGiven) else None,
                made_at=batch.answers[place].made_at,
                problem=None if each.fault is None else BatchProblemView.of(each.fault, place, language),
            )

        return cls(
            batch_id=batch.batch_id,
            applied=done.applied,
            results=[view(place, each) for place, each in enumerate(done.results)],
            standing=done.standing,
        )


def _echo(given: AnswerGiven) -> dict[str, Any]:
    """An answer in the form in which it is sent."""
    return {**(given.stored or {}), "reason": given.reason}
