"""What the service sends about people, factories and assessments: frozen, exact, and open to fields yet to come.

Each class names the schema of the API's description that it mirrors; a test compares their fields. Words that may grow
(states, roles, moves) are plain texts, so that a newer service does not break an older tool.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict

Day: TypeAlias = date


class Sent(BaseModel):
    """Base of all that the service sends; fields that this version does not know are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    schema_name: ClassVar[str]
    """Its name among the schemas of the API's description."""


class Person(Sent):
    """A person with an account."""

    schema_name: ClassVar[str] = "PersonView"

    id: UUID
    email: str
    name: str
    name_ar: str | None
    role: str
    body_id: UUID | None
    factory_id: UUID | None
    language: str | None
    time_zone: str | None
    calendar: str | None
    keeps_tools: bool
    invited: bool
    disabled_at: datetime | None


class Token(Sent):
    """A token that lets in, without its secret."""

    schema_name: ClassVar[str] = "TokenView"

    id: UUID
    label: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    scopes: list[str] | None


class IssuedToken(Token):
    """A token that was just issued."""

    schema_name: ClassVar[str] = "IssuedTokenView"

    token: str


class MachineToken(Sent):
    """A token of a machine (RFC 6749, section 5.1), which stands outside of the description."""

    access_token: str


class Factory(Sent):
    """A factory."""

    schema_name: ClassVar[str] = "FactoryView"

    id: UUID
    version: int
    name: str
    name_ar: str | None
    licence: str
    sector: str
    region: str
    employees: int
    created_at: datetime


class Body(Sent):
    """An assessment body."""

    schema_name: ClassVar[str] = "BodyView"

    id: UUID
    version: int
    name: str
    name_ar: str | None
    registration: str
    created_at: datetime


class Questionnaire(Sent):
    """A published version of a questionnaire in short."""

    schema_name: ClassVar[str] = "QuestionnaireView"

    family: str
    version: str
    digest: str
    origin: str
    languages: tuple[str, ...]
    titles: Mapping[str, str]
    questions: int
    latest: bool


class Party(Sent):
    """A person or organisation by name."""

    schema_name: ClassVar[str] = "PartyView"

    id: UUID
    name: str
    name_ar: str | None


class Assessment(Sent):
    """An assessment as lists show it."""

    schema_name: ClassVar[str] = "AssessmentView"

    id: UUID
    version: int
    state: str
    family: str
    definition_version: str
    digest: str
    planned_for: date
    created_at: datetime
    self_submitted_at: datetime | None
    submitted_at: datetime | None
    decided_at: datetime | None
    reply_until: date | None
    appeal_until: date | None
    appealed_at: datetime | None
    revision_of: UUID | None
    second_of: UUID | None = None
    factory: Party
    assessor: Party
    body: Party
    reviewer: Party | None
    hearer: Party | None
    answered: int
    total: int


class PossibleMove(Sent):
    """A move that is the caller's to make."""

    schema_name: ClassVar[str] = "PossibleMoveView"

    move: str
    to: str
    open: bool
    needs_note: bool
    needs_person: bool
    code: str | None
    reason: str | None


class Passage(Sent):
    """A move that was made."""

    schema_name: ClassVar[str] = "PassageView"

    move: str
    from_state: str
    to_state: str
    actor: Party | None
    from_assessor: Party | None
    to_assessor: Party | None
    note: str
    at: datetime


class PaperProgress(Sent):
    """How far one paper is."""

    schema_name: ClassVar[str] = "PaperProgressView"

    language: str
    form: str
    state: str
    attempts: int
    next_try: datetime | None
    code: str | None
    reason: str | None


class Preparation(Sent):
    """How far the certificate of an approved assessment is."""

    schema_name: ClassVar[str] = "PreparationView"

    number: str
    assessment_id: str
    state: str
    approved_at: datetime
    papers: tuple[PaperProgress, ...]
    certificate: str | None


class WholeAssessment(Assessment):
    """An assessment with the moves that are the caller's to make, and those made."""

    schema_name: ClassVar[str] = "WholeAssessmentView"

    moves: tuple[PossibleMove, ...]
    planned_by: Party | None
    history: tuple[Passage, ...]
    certificate: str | None
    revision: UUID | None
    papers: Preparation | None


class Item(Sent):
    """One item of a list, such as a production line."""

    schema_name: ClassVar[str] = "ItemInput"

    id: str
    name: str


class QuotedAnswer(Sent):
    """An answer as it stood in the earlier assessment."""

    schema_name: ClassVar[str] = "QuotedAnswerView"

    question: str
    given: Mapping[str, Any] | None
    reason: str


class LookAgain(Sent):
    """Why a person must look at an answer again, and what was answered before."""

    schema_name: ClassVar[str] = "LookAgainView"

    why: str
    note: Mapping[str, str] = {}
    files: int = 0
    assessment: UUID
    version: str
    olds: tuple[QuotedAnswer, ...]


class Answer(Sent):
    """An answer as it is stored."""

    schema_name: ClassVar[str] = "AnswerView"

    question: str
    phase: str
    level: int | None = None
    choice: str | None = None
    choices: tuple[str, ...] | None = None
    grid: Mapping[str, str] | None = None
    yes: bool | None = None
    number: Decimal | None = None
    date: Day | None = None
    items: tuple[Item, ...] | None = None
    not_applicable: bool = False
    disregarded: bool = False
    reason: str
    look_again: LookAgain | None = None
    author_id: UUID
    updated_at: datetime
    version: int


class Answers(Sent):
    """All answers of one phase, with the entity tag of each."""

    schema_name: ClassVar[str] = "AnswersView"

    phase: str
    answers: tuple[Answer, ...]


class NodeStanding(Sent):
    """Where one node (index, sub-index or category) stands."""

    schema_name: ClassVar[str] = "NodeStanding"

    id: str
    index: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    answered: int
    total: int
    complete: bool


class Standing(NodeStanding):
    """Where the headline index stands; `answered` and `total` count all questions that are asked of this factory."""

    schema_name: ClassVar[str] = "itti__assessments__standing__Standing"

    profile: bool = False
    look_again: tuple[str, ...] = ()


class Saved(Sent):
    """An answer just saved, and where the assessment stands with it."""

    schema_name: ClassVar[str] = "SavedView"

    answer: Answer
    standing: Standing


class Contradiction(Sent):
    """Answers that cannot all be true."""

    schema_name: ClassVar[str] = "ContradictionView"

    id: str
    questions: tuple[str, ...]


class OpenQuestion(Sent):
    """How much of the range that is still possible one open question decides."""

    schema_name: ClassVar[str] = "OpenQuestion"

    question: str
    least: Decimal
    most: Decimal
    average: Decimal


class WholeStanding(Standing):
    """The headline index with what is stated beside it."""

    schema_name: ClassVar[str] = "WholeStanding"

    sub_indices: tuple[NodeStanding, ...]
    categories: tuple[NodeStanding, ...]
    contradictions: tuple[Contradiction, ...]
    answer_first: tuple[OpenQuestion, ...]


class Asked(Sent):
    """One question as it is asked of this factory."""

    schema_name: ClassVar[str] = "AskedView"

    question: str
    kind: str
    title: str
    list: str | None = None
    item: str | None = None
    of: str
    asked: bool
    answered: bool
