"""Answers as a file: which questionnaire they belong to, the answers with their reasons, and what they must score.

Assessors' tools write such sheets, examples of published definitions are such sheets, and the answers
attached to a certificate have the same form, so anybody can score them again::

    questionnaire: itti
    version: 1.0.0
    answers:
      quality: {level: 3, reason: "Checks are recorded at the line."}
      maintenance: 2
      customer-service: {not_applicable: true, reason: "Contract manufacturer without customers of its own."}
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from questionnaires.loading import fit
from questionnaires.mistakes import Mistaken
from questionnaires.model import Identifier, VersionNumber
from questionnaires.places import Document
from scoring.answers import Answer, LevelAnswer, NotApplicableAnswer

SHEET_FORMAT: Final = "itti-answers/1"


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ProofReference(_Closed):
    """A file that an answer rests on, named by its digest."""

    file_name: str = ""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def _bare_digest(value: object) -> object:
    """A bare digest stands for a file whose name is not told."""
    return {"sha256": value} if isinstance(value, str) else value


class SheetAnswer(_Closed):
    """One answer: a level, or that the question does not apply, and why."""

    level: Annotated[int, Field(strict=True)] | None = None
    not_applicable: Annotated[bool, Field(strict=True)] = False
    reason: Annotated[str, Field(max_length=4000, strict=True)] = ""
    evidence: tuple[Annotated[ProofReference, BeforeValidator(_bare_digest)], ...] = ()

    def answer(self) -> Answer | None:
        """The answer as the engine takes it; None when nothing has been answered yet."""
        if self.not_applicable:
            return NotApplicableAnswer(reason=self.reason)
        return None if self.level is None else LevelAnswer(level=self.level)


def _shorthand(value: object) -> object:
    """A bare level stands for an answer without a reason; anything but that or a mapping is refused."""
    if isinstance(value, int) and not isinstance(value, bool):
        return {"level": value}
    if isinstance(value, (dict, SheetAnswer)):
        return value
    raise PydanticCustomError("answer-form", "not an answer")


def _sound(value: SheetAnswer, _info: ValidationInfo) -> SheetAnswer:
    if value.not_applicable and value.level is not None:
        raise PydanticCustomError("answer-form", "both a level and not applicable")
    if value.not_applicable and not value.reason.strip():
        raise PydanticCustomError("reason-missing", "no reason")
    return value


class SheetFactory(_Closed):
    """The factory that was assessed, as printed on a report."""

    name: Annotated[str, Field(min_length=1, max_length=200, strict=True)]
    name_ar: Annotated[str, Field(max_length=200)] | None = None
    licence: Annotated[str, Field(max_length=64)] | None = None
    sector: Identifier | None = None
    region: Annotated[str, Field(max_length=100)] | None = None
    employees: Annotated[int, Field(ge=1)] | None = None


class SheetPerson(_Closed):
    """A person named on a report, with the assessment body they belong to."""

    name: Annotated[str, Field(min_length=1, max_length=200, strict=True)]
    name_ar: Annotated[str, Field(max_length=200)] | None = None
    body: Annotated[str, Field(max_length=200)] | None = None
    body_ar: Annotated[str, Field(max_length=200)] | None = None


class AnswerSheet(_Closed):
    """A whole sheet."""

    format: Literal["itti-answers/1"] = SHEET_FORMAT
    questionnaire: Annotated[Identifier, Field(validation_alias=AliasChoices("questionnaire", "family"))]
    """Family of the questionnaire; the answers attached to a certificate call it ``family``."""

    version: VersionNumber
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Digest of the definition the answers were given to; where it is stated, scoring with another is refused."""

    note: str = ""
    factory: SheetFactory | None = None
    assessor: SheetPerson | None = None
    reviewer: SheetPerson | None = None
    assessed_on: date | None = None
    answers: Mapping[
        Annotated[str, Field(max_length=64)],
        Annotated[SheetAnswer, BeforeValidator(_shorthand), AfterValidator(_sound)],
    ]
    expected: Mapping[Identifier, str] = {}
    """Node id → the value it must be stated with (examples of published definitions)."""

    def given(self) -> dict[str, Answer]:
        """The answers as the engine takes them, without those that are still empty."""
        found = {question: entry.answer() for question, entry in self.answers.items()}
        return {question: answer for question, answer in found.items() if answer is not None}


def read_sheet(document: Document) -> AnswerSheet:
    """The sheet a document holds.

    Raises:
        Mistaken: every place of the document that is not as it must be.
    """
    sheet = fit(AnswerSheet, document)
    if sheet is None or document.mistakes:
        raise Mistaken(document.mistakes)
    return sheet
