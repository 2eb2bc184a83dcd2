"""Answers as a file: which questionnaire they belong to, the answers with their reasons, and what they must score.

Assessors' tools write such sheets, examples of published definitions are such sheets, and the answers
attached to a certificate have the same form, so anybody can score them again::

    questionnaire: itti
    version: 1.0.0
    answers:
      quality: {level: 3, reason: "Checks are recorded at the line."}
      maintenance: 2
      customer-service: {not_applicable: true, reason: "Contract manufacturer without customers of its own."}

A bare whole number stands for a level. The other kinds are written out: ``{choice: cement}``,
``{choices: [solar, heat-recovery]}``, ``{grid: {line-1: daily, line-2: never}}``, ``{yes: true}``,
``{number: 12.5}``, ``{date: 2026-01-31}``. A list names its items, ``{items: [{id: line-1, name: Extrusion 1}]}``, and
what is asked of each stands at ``list.item.question``: ``lines.line-1.output: {number: 120}``. A list that is asked of
each item of another one stands there too, ``products.pump.steps``, and what it asks at
``products.pump.steps.turning.run``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from questionnaires.loading import fit
from questionnaires.mistakes import Mistaken
from questionnaires.model import Day, Identifier, Item, QuestionKey, VersionNumber
from questionnaires.places import Document
from questionnaires.questions import MOST_ITEMS
from questionnaires.words import LONGEST_KEY
from scoring.answers import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    DateAnswer,
    GridAnswer,
    ItemsAnswer,
    LevelAnswer,
    Measured,
    NotApplicableAnswer,
    NumberAnswer,
    YesNoAnswer,
)
from scoring.checking import check_answers
from scoring.plan import Plan
from scoring.scorecard import Scorecard

SHEET_FORMAT: Final = "itti-answers/1"

NOTHING: Final = "–"
"""What a sheet expects of a node that is to have no value or no band."""


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
    """One answer: what was picked or measured, or that the question does not apply, and why."""

    level: Annotated[int, Field(strict=True)] | None = None
    choice: Identifier | None = None
    choices: Annotated[tuple[Identifier, ...], Field(max_length=200)] | None = None
    grid: Annotated[Mapping[Identifier, Identifier], Field(max_length=100)] | None = None
    yes: Annotated[bool, Field(strict=True)] | None = None
    number: Measured | None = None
    date: Day | None = None
    items: Annotated[tuple[Item, ...], Field(max_length=MOST_ITEMS)] | None = None
    not_applicable: Annotated[bool, Field(strict=True)] = False
    reason: Annotated[str, Field(max_length=4000, strict=True)] = ""
    evidence: tuple[Annotated[ProofReference, BeforeValidator(_bare_digest)], ...] = ()

    def answer(self) -> Answer | None:
        """The answer as the engine takes it; None when nothing has been answered yet."""
        if self.not_applicable:
            return NotApplicableAnswer(reason=self.reason)
        return next(iter(self.given()), None)

    def given(self) -> list[Answer]:
        """Whatever was picked or measured: at most one of a sound answer."""
        found: list[Answer | None] = [
            None if self.level is None else LevelAnswer(level=self.level),
            None if self.choice is None else ChoiceAnswer(choice=self.choice),
            None if self.choices is None else ChoicesAnswer(choices=self.choices),
            None if self.grid is None else GridAnswer(grid=self.grid),
            None if self.yes is None else YesNoAnswer(yes=self.yes),
            None if self.number is None else NumberAnswer(number=self.number),
            None if self.date is None else DateAnswer(date=self.date),
            None if self.items is None else ItemsAnswer(items=self.items),
        ]
        return [answer for answer in found if answer is not None]

    @classmethod
    def of(cls, answer: Answer, *, reason: str = "", evidence: tuple[ProofReference, ...] = ()) -> SheetAnswer:
        """The entry that states ``answer``."""
        if isinstance(answer, NotApplicableAnswer):
            return cls(not_applicable=True, reason=answer.reason, evidence=evidence)
        return cls(**dict(answer), reason=reason, evidence=evidence)


def as_sheet_answer(value: object) -> object:
    """A bare level stands for an answer without a reason; anything but that or a mapping is refused."""
    if isinstance(value, int) and not isinstance(value, bool):
        return {"level": value}
    if isinstance(value, (dict, SheetAnswer)):
        return value
    raise PydanticCustomError("answer-form", "not an answer")


def sound(value: SheetAnswer, _info: ValidationInfo) -> SheetAnswer:
    """The entry, as long as it holds one answer at most, and says why where the question does not apply."""
    if len(value.given()) > (0 if value.not_applicable else 1):
        raise PydanticCustomError("answer-form", "more than one answer")
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


class Unexpected(NamedTuple):
    """A node of a scorecard that comes out otherwise than a sheet expects."""

    node: str
    expected: str
    found: str
    """The stated value, or the band: "–" where there is none."""

    is_band: bool


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
        Annotated[str, Field(max_length=LONGEST_KEY)],
        Annotated[SheetAnswer, BeforeValidator(as_sheet_answer), AfterValidator(sound)],
    ]
    expected: Mapping[QuestionKey, str] = {}
    """Node id → the value it must be stated with (examples of published definitions)."""

    expected_bands: Mapping[QuestionKey, str] = {}
    """Node id → the band or class it must come to after its rules; "–" where it must come to none."""

    def given(self) -> dict[str, Answer]:
        """The answers as the engine takes them, without those that are still empty."""
        found = {question: entry.answer() for question, entry in self.answers.items()}
        return {question: answer for question, answer in found.items() if answer is not None}

    def unexpected(self, scorecard: Scorecard) -> Iterator[Unexpected]:
        """Every node that has another value, or is in another band, than the sheet expects; values first."""
        values = {node.id: node.value or NOTHING for node in scorecard.nodes}
        bands = {node.id: node.band or NOTHING for node in scorecard.nodes}
        for expected, stated, is_band in ((self.expected, values, False), (self.expected_bands, bands, True)):
            for node, wanted in expected.items():
                if stated.get(node) != wanted:
                    yield Unexpected(node, wanted, stated.get(node, NOTHING), is_band)

    def checked(self, plan: Plan) -> dict[str, Answer]:
        """The answers, each of them one that the questionnaire allows for the items that they name.

        Raises:
            AnswersRefused: some are not; all of them at once.
        """
        answers = self.given()
        check_answers(plan.unrolled(answers), answers)
        return answers


def read_sheet(document: Document) -> AnswerSheet:
    """The sheet a document holds.

    Raises:
        Mistaken: every place of the document that is not as it must be.
    """
    sheet = fit(AnswerSheet, document)
    if sheet is None or document.mistakes:
        raise Mistaken(document.mistakes)
    return sheet
