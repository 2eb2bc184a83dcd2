"""What a report says, as frozen data: the scorecard and the facts around it, without a database or a user."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, model_validator

from reports.beside import Earlier, MeasuresPlan, Named, Sector, Targets
from scoring.answers import Answer, LevelAnswer, NotApplicableAnswer
from scoring.proposals import Levers
from scoring.scorecard import Scorecard

_ANSWER: Final[TypeAdapter[Answer | None]] = TypeAdapter(Answer | None)


class Standing(StrEnum):
    """What a paper may claim; printed large where it is not a certificate."""

    CERTIFICATE = "certificate"
    """Issued by a programme and entered in its register."""

    DEMONSTRATION = "demonstration"
    """Sealed, but with a demonstration key: worth nothing outside a demonstration."""

    DRAFT = "draft"
    """Not sealed."""


class Form(StrEnum):
    """How much of a report is set on paper."""

    FULL = "report"
    """Everything."""

    SHORT = "short"
    """The scorecard on two pages."""


class Part(BaseModel):
    """Base of the parts of a report: frozen and closed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Party(Named):
    """A person or organisation with its name in Latin and, where given, in Arabic script."""


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
    """One answer of any kind with its reason, as attached to the PDF and printed in it.

    ``answer`` is the whole truth; ``level`` and ``not_applicable`` follow from it. Where only they are given, as of a
    questionnaire of levels, ``answer`` follows from them. The same holds for ``self_answer`` and ``self_level``.
    """

    question: str
    answer: Answer | None = None
    """What was answered; None: nothing yet."""

    level: int | None = None
    """The level, of an answer that is one."""

    not_applicable: bool = False
    reason: str = ""
    evidence: tuple[EvidenceItem, ...] = ()
    self_answer: Answer | None = None
    """What the factory answered before, if it did."""

    self_level: int | None = None
    """The level the factory gave itself before, if it did."""

    @model_validator(mode="before")
    @classmethod
    def _joined(cls, told: Any) -> Any:
        if not isinstance(told, Mapping):
            return told
        facts = dict(told)
        answer = _given(facts.get("answer"), facts.get("level"))
        if isinstance(answer, NotApplicableAnswer):
            facts["not_applicable"] = True
            facts["reason"] = facts.get("reason") or answer.reason
        elif answer is None and facts.get("not_applicable") and str(facts.get("reason", "")).strip():
            answer = NotApplicableAnswer(reason=facts["reason"])
        own = _given(facts.get("self_answer"), facts.get("self_level"))
        return {**facts, "answer": answer, "level": _level(answer), "self_answer": own, "self_level": _level(own)}


def _given(answer: Any, level: Any) -> Answer | None:
    return _ANSWER.validate_python({"level": level} if answer is None and level is not None else answer)


def _level(answer: Answer | None) -> int | None:
    return answer.level if isinstance(answer, LevelAnswer) else None


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

    history: tuple[Earlier, ...] = ()
    """All assessments before this one, the oldest first; where empty, the certificate before is all there is."""

    levers: Levers | None = None
    """The smallest sets of changes that lift the headline to what comes next above, where they could be had."""

    credential: str | None = None
    """The signed credential (:mod:`reports.credential`), as attached."""

    sector: Sector | None = None
    targets: Targets | None = None
    plan: MeasuresPlan | None = None

    @property
    def earlier(self) -> tuple[Earlier, ...]:
        """What came before, the oldest first."""
        if self.history or self.previous_value is None or self.previous_on is None:
            return tuple(sorted(self.history, key=lambda each: each.on))
        return (Earlier(on=self.previous_on, value=self.previous_value),)
