"""The machine-readable files inside a report: what the score rests on, and what the certificate says.

All three are canonical JSON (RFC 8785). ``answers.json`` holds no file names and no names of people: evidence is
named by its digest, so whoever holds the files can match them and nobody else learns of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal

import rfc8785
from pydantic import BaseModel, ConfigDict, Field

from reports.report import Report, Standing
from scoring.answers import Answer, LevelAnswer, NotApplicableAnswer

SCORECARD: Final = "scorecard.json"
ANSWERS: Final = "answers.json"
CERTIFICATE: Final = "certificate.json"

Text = Annotated[str, Field(max_length=4000)]
Short = Annotated[str, Field(max_length=300)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Attachment(BaseModel):
    """Base of the attached files: frozen, closed, and with a limit on every text, since strangers send them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_json(self) -> bytes:
        """Canonical JSON: the same bytes for the same content."""
        return rfc8785.dumps(self.model_dump(mode="json"))


class AttachedAnswer(Attachment):
    """One answer: a level, or not applicable with a reason."""

    level: int | None
    not_applicable: bool
    reason: Text
    evidence: Annotated[tuple[Digest, ...], Field(max_length=500)]
    """SHA-256 of each file the answer rests on."""


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
        answers = {
            answer.question: AttachedAnswer(
                level=answer.level,
                not_applicable=answer.not_applicable,
                reason=answer.reason,
                evidence=tuple(item.sha256 for item in answer.evidence),
            )
            for answer in report.answers
        }
        return cls(family=card.family, version=card.version, digest=card.digest, answers=answers)

    def for_scoring(self) -> dict[str, Answer]:
        """The answers as the scoring engine takes them; a question without level or reason is missing.

        Raises:
            pydantic.ValidationError: a question is not applicable without a reason.
        """
        taken: dict[str, Answer] = {}
        for question, answer in self.answers.items():
            if answer.not_applicable:
                taken[question] = NotApplicableAnswer(reason=answer.reason)
            elif answer.level is not None:
                taken[question] = LevelAnswer(level=answer.level)
        return taken


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
    """The headline index as printed."""

    band: Short | None
    """Id of the headline's band."""

    scorecard_sha256: Digest
    answers_sha256: Digest

    @classmethod
    def of(cls, report: Report) -> AttachedCertificate:
        """The certificate of a report."""
        card = report.scorecard
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
        )


def attachments(report: Report) -> dict[str, bytes]:
    """File name → content of everything a report carries inside."""
    return {
        SCORECARD: report.scorecard.to_json(),
        ANSWERS: AttachedAnswers.of(report).to_json(),
        CERTIFICATE: AttachedCertificate.of(report).to_json(),
    }
