"""What a report says, as frozen data: the scorecard and the facts around it, without a database or a user."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from scoring.scorecard import Scorecard


class Standing(StrEnum):
    """What a paper may claim; printed large where it is not a certificate."""

    CERTIFICATE = "certificate"
    """Issued by a programme and entered in its register."""

    DEMONSTRATION = "demonstration"
    """Sealed, but with a demonstration key: worth nothing outside a demonstration."""

    DRAFT = "draft"
    """Not sealed."""


class Part(BaseModel):
    """Base of the parts of a report: frozen and closed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Party(Part):
    """A person or organisation with its name in Latin and, where given, in Arabic script."""

    name: str
    name_ar: str | None = None

    def called(self, language: str) -> str:
        """The name to print in a paper of that language."""
        return (self.name_ar or self.name) if language == "ar" else self.name


class AssessedFactory(Party):
    """The factory as printed on the cover; ``sector`` is an id whose words are in the catalogue (``sector.<id>``)."""

    licence: str | None = None
    sector: str | None = None
    region: str | None = None
    employees: int | None = None


class EvidenceItem(Part):
    """One file that an answer rests on."""

    file_name: str
    sha256: str


class AnswerDetail(Part):
    """One answer with its reason, as attached to the PDF and printed in it."""

    question: str
    level: int | None = None
    not_applicable: bool = False
    reason: str = ""
    evidence: tuple[EvidenceItem, ...] = ()
    self_level: int | None = None
    """The level the factory gave itself before, if it did."""


class Report(Part):
    """Everything one paper is made from. The language is chosen when it is rendered."""

    standing: Standing
    scorecard: Scorecard
    factory: AssessedFactory
    answers: tuple[AnswerDetail, ...]
    programme: Party
    assessor: Party | None = None
    assessor_body: Party | None = None
    reviewer: Party | None = None
    reviewer_body: Party | None = None
    assessed_on: date
    issued_on: date | None = None
    expires_on: date | None = None
    number: str | None = None
    verify_url: str | None = None
    """Address of the public verification page of this certificate; drawn as a QR code."""

    previous_value: str | None = None
    previous_on: date | None = None
    """Headline index and date of the certificate before this one, if any."""
