"""The machine-readable files inside a report: what the score rests on, and what the certificate says.

The JSON files are canonical (RFC 8785). ``answers.json`` holds no file names and no names of people: evidence is named
by its digest, so whoever holds the files can match them and nobody else learns of them. ``credential.jwt`` says the
same to tools for verifiable credentials, signed (:mod:`reports.credential`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

import rfc8785
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from questionnaires.questions import MOST_ITEMS, Item
from questionnaires.words import Day, Identifier
from reports.report import AnswerDetail, Report, Standing
from scoring.answers import Answer, Measured, NotApplicableAnswer
from scoring.sheet import SheetAnswer

SCORECARD: Final = "scorecard.json"
ANSWERS: Final = "answers.json"
CERTIFICATE: Final = "certificate.json"
CREDENTIAL: Final = "credential.jwt"

Text = Annotated[str, Field(max_length=4000)]
Short = Annotated[str, Field(max_length=300)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Attachment(BaseModel):
    """Base of the attached files: frozen, closed, and with a limit on every text, since strangers send them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_json(self) -> bytes:
        """Canonical JSON: the same bytes for the same content."""
        return rfc8785.dumps(self.model_dump(mode="json"))


def _bounded(number: Fraction) -> Fraction:
    """Numbers as long as a definition may write them; longer ones only serve to wear a reader out."""
    if max(abs(number.numerator), number.denominator) >= 10**36:
        raise PydanticCustomError("number-too-long", "too many digits")
    return number


class AttachedAnswer(Attachment):
    """One answer in the form of an answer sheet: at most one of its kinds, or not applicable with a reason."""

    level: Annotated[int, Field(ge=-1000, le=1000)] | None = None
    choice: Identifier | None = None
    choices: Annotated[tuple[Identifier, ...], Field(max_length=200)] | None = None
    grid: Annotated[Mapping[Identifier, Identifier], Field(max_length=100)] | None = None
    yes: Annotated[bool, Field(strict=True)] | None = None
    number: Annotated[Measured, AfterValidator(_bounded)] | None = None
    date: Day | None = None
    items: Annotated[tuple[Item, ...], Field(max_length=MOST_ITEMS)] | None = None
    """The items of a list by id and name, as the report prints them."""

    not_applicable: bool = False
    reason: Text = ""
    evidence: Annotated[tuple[Digest, ...], Field(max_length=500)] = ()
    """SHA-256 of each file the answer rests on."""

    @model_validator(mode="after")
    def _one_of_a_kind(self) -> AttachedAnswer:
        if len(self._entry().given()) > (0 if self.not_applicable else 1):
            raise PydanticCustomError("answer-form", "more than one answer")
        return self

    @model_serializer(mode="wrap")
    def _written(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without the kinds it is not of; ``level`` always stands there, as in the first files of this format."""
        return {key: value for key, value in dump(self).items() if value is not None or key == "level"}

    @classmethod
    def of(cls, detail: AnswerDetail) -> AttachedAnswer:
        """The answer without the names of files."""
        answer = detail.answer
        given = {} if answer is None or isinstance(answer, NotApplicableAnswer) else dict(answer)
        return cls(
            **given,
            not_applicable=detail.not_applicable,
            reason=detail.reason,
            evidence=tuple(item.sha256 for item in detail.evidence),
        )

    def answer(self) -> Answer | None:
        """The answer as the scoring engine takes it; None: missing.

        Raises:
            pydantic.ValidationError: it is not applicable without a reason.
        """
        return self._entry().answer()

    def _entry(self) -> SheetAnswer:
        return SheetAnswer(
            level=self.level,
            choice=self.choice,
            choices=self.choices,
            grid=self.grid,
            yes=self.yes,
            number=self.number,
            date=self.date,
            items=self.items,
            not_applicable=self.not_applicable,
            reason=self.reason,
        )


class AttachedAnswers(Attachment):
    """``answers.json``: everything needed to compute the score again."""

    format: Literal["itti-answers/1"] = "itti-answers/1"
    family: Short
    version: Short
    digest: Digest
    """Digest of the definition that was answered."""

    answers: Annotated[Mapping[Short, AttachedAnswer], Field(max_length=2000)]

    @classmethod
    def of(cls, report: Report) -> AttachedAnswers:
        """The answers of a report, without the names of files and people."""
        card = report.scorecard
        answers = {answer.question: AttachedAnswer.of(answer) for answer in report.answers}
        return cls(family=card.family, version=card.version, digest=card.digest, answers=answers)

    def for_scoring(self) -> dict[str, Answer]:
        """The answers as the scoring engine takes them; a question without an answer is missing.

        Raises:
            pydantic.ValidationError: a question is not applicable without a reason.
        """
        taken = {question: answer.answer() for question, answer in self.answers.items()}
        return {question: answer for question, answer in taken.items() if answer is not None}


class AttachedTargets(Attachment):
    """What the factory aimed at on the day of the certificate; no part of the score."""

    values: Annotated[Mapping[Short, Short], Field(max_length=2000)]
    """Id of an index, a category or a dimension → the value to be reached, as a decimal."""

    by: date | None
    """The day for all that have none of their own."""

    days: Annotated[Mapping[Short, date], Field(max_length=2000, exclude_if=lambda value: not value)] = {}
    """Id → its own day; left out where none has one."""


class AttachedCertificate(Attachment):
    """``certificate.json``: what the cover says, for machines."""

    format: Literal["itti-certificate/1"] = "itti-certificate/1"
    standing: Standing
    number: Short | None
    factory: Short
    programme: Short
    assessed_on: date
    issued_on: date | None
    expires_on: date | None
    family: Short
    version: Short
    digest: Digest
    """Digest of the definition."""

    value: Short | None
    """The headline index as printed; None of a profile, which states no overall figure."""

    band: Short | None
    """Id of the headline's band."""

    scorecard_sha256: Digest
    answers_sha256: Digest
    targets: AttachedTargets | None = Field(default=None, exclude_if=lambda value: value is None)
    """Left out where there are none, as in the files from before there were any."""

    @classmethod
    def of(cls, report: Report) -> AttachedCertificate:
        """The certificate of a report."""
        card, aims = report.scorecard, report.targets
        return cls(
            standing=report.standing,
            number=report.number,
            factory=report.factory.name,
            programme=report.programme.name,
            assessed_on=report.assessed_on,
            issued_on=report.issued_on,
            expires_on=report.expires_on,
            family=card.family,
            version=card.version,
            digest=card.digest,
            value=card.headline.value,
            band=card.headline.band,
            scorecard_sha256=hashlib.sha256(card.to_json()).hexdigest(),
            answers_sha256=hashlib.sha256(AttachedAnswers.of(report).to_json()).hexdigest(),
            targets=None if aims is None else AttachedTargets(values=aims.values, by=aims.by, days=aims.days),
        )


def attachments(report: Report) -> dict[str, bytes]:
    """File name → content of everything a report carries inside."""
    held = {
        SCORECARD: report.scorecard.to_json(),
        ANSWERS: AttachedAnswers.of(report).to_json(),
        CERTIFICATE: AttachedCertificate.of(report).to_json(),
    }
    return held if report.credential is None else {**held, CREDENTIAL: report.credential.encode()}
