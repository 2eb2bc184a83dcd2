"""Tables of assessments, their answers, comments and moves."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Field

from itti.calendar.zones import day_in
from itti.schema import Row, VersionedRow, enum_column
from questionnaires.words import LONGEST_KEY


class AssessmentState(StrEnum):
    """Where an assessment stands. Which moves exist is declared in :mod:`itti.assessments.moves`."""

    PLANNED = "planned"
    """Registered; nobody has begun."""

    SELF_ASSESSMENT = "self_assessment"
    """The factory answers for itself."""

    SELF_ASSESSED = "self_assessed"
    """The factory has answered for itself; the site visit is still to come."""

    ASSESSMENT = "assessment"
    """The assessor answers (also after a return with comments)."""

    REVIEW = "review"
    """Submitted; waits for, or is with, the second person."""

    REPLY = "reply"
    """The reviewer agrees; the factory reads what was found, and accepts it or says what it has to say."""

    DECISION = "decision"
    """The factory has been heard, or its time to reply has run out; the reviewer decides."""

    CERTIFIED = "certified"
    """Approved; its certificate is in the register as soon as its papers are made. The answers never change again."""

    APPEAL = "appeal"
    """The factory has appealed; somebody who took no part hears it. The certificate holds meanwhile."""

    UPHELD = "upheld"
    """The appeal was upheld: a new revision is on its way, and its certificate will take the place of this one."""

    EXPIRED = "expired"
    """The time of its certificate is over."""

    SUPERSEDED = "superseded"
    """A later certificate of the factory has taken the place of its own."""

    REVOKED = "revoked"
    """Its certificate was taken back, with a reason that everybody may read."""

    WITHDRAWN = "withdrawn"
    """Ended without a certificate."""


IN_REVIEW: Final = frozenset({AssessmentState.REVIEW, AssessmentState.REPLY, AssessmentState.DECISION})
"""In the hands of the second person, who may change meanwhile."""

APPROVED: Final = frozenset(
    {
        AssessmentState.CERTIFIED,
        AssessmentState.APPEAL,
        AssessmentState.UPHELD,
        AssessmentState.EXPIRED,
        AssessmentState.SUPERSEDED,
        AssessmentState.REVOKED,
    }
)
"""Approved once: a certificate exists, or its papers are being made."""

OPEN_TO_FACTORY: Final = APPROVED | {AssessmentState.REPLY, AssessmentState.DECISION}
"""The factory reads what the assessor found."""


class Phase(StrEnum):
    """Whose answers these are; the factory's own are kept beside the assessor's for ever."""

    SELF = "self"
    ASSESSED = "assessed"


def _where_set(column: str) -> sa.Index:
    """An index over the rows that say something there: SQLite would look for all others by it, nearly all there are."""
    is_set = sa.text(f"{column} IS NOT NULL")
    return sa.Index(f"ix_assessment_{column}", column, sqlite_where=is_set, postgresql_where=is_set)


class Assessment(VersionedRow, table=True):
    """One assessment of one factory with one pinned version of a questionnaire."""

    __tablename__ = "assessment"
    __table_args__ = (
        sa.Index("ix_assessment_created_at", "created_at", "id"),
        sa.Index("ix_assessment_planned_for", "planned_for", "id"),
        sa.Index("ix_assessment_state", "state", "created_at", "id"),
        *(_where_set(column) for column in ("reviewer_id", "hearer_id", "second_of")),
    )

    factory_id: UUID = Field(foreign_key="factory.id", index=True)
    family: str = Field(max_length=64)
    definition_version: str = Field(max_length=20)
    digest: str = Field(max_length=64)
    """SHA-256 of the definition the assessment was planned with; scoring refuses any other."""

    state: AssessmentState = Field(sa_column=enum_column(AssessmentState))
    body_id: UUID = Field(foreign_key="assessment_body.id", index=True)
    assessor_id: UUID = Field(foreign_key="user_account.id", index=True)
    reviewer_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    planned_for: date
    """The day of the site visit."""

    created_at: datetime
    self_submitted_at: datetime | None = None
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    reply_until: date | None = None
    """The last day on which the factory may reply to what was found."""

    appeal_until: date | None = None
    """The last day on which the factory may appeal against the decision."""

    appealed_at: datetime | None = None
    """When it did; an appeal is heard once."""

    hearer_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    """Who hears the appeal, or heard it."""

    revision_of: UUID | None = Field(default=None, foreign_key="assessment.id", index=True)
    """The assessment against which an appeal was upheld, and which this one corrects."""

    second_of: UUID | None = Field(default=None, foreign_key="assessment.id")
    """The assessment of which this one is a blind second one; it ends with its submission and is never reviewed."""

    def assessed_on(self, zone: ZoneInfo) -> date:
        """The day that papers state: when it was last submitted, else when the visit is planned."""
        return day_in(zone, self.submitted_at) if self.submitted_at else self.planned_for


class Answer(VersionedRow, table=True):
    """One answer of any kind, or "does not apply", with its reason. Its version is its entity tag."""

    __tablename__ = "answer"
    __table_args__ = (sa.UniqueConstraint("assessment_id", "phase", "question"),)

    assessment_id: UUID = Field(foreign_key="assessment.id", index=True, ondelete="CASCADE")
    phase: Phase = Field(sa_column=enum_column(Phase))
    question: str = Field(max_length=LONGEST_KEY)
    given: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    """What was answered, in the form of answer sheets without the reason: ``{"level": 3}``, ``{"choice": "dairy"}``,
    ``{"number": "12.5"}``, ``{"not_applicable": true}``. None while only a reason has been written."""

    reason: str = Field(default="", max_length=4000)
    look_again: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    """Why a person must look at the answer again, and the old answer it was carried from
    (:class:`itti.assessments.marks.LookAgainView`); None: nothing to look at."""

    author_id: UUID = Field(foreign_key="user_account.id")
    updated_at: datetime

    @property
    def level(self) -> int | None:
        """The level picked, if that is what was answered."""
        found: int | None = (self.given or {}).get("level")
        return found

    @property
    def not_applicable(self) -> bool:
        """Whether the answer is that the question does not apply."""
        return bool((self.given or {}).get("not_applicable"))


class PackedAnswers(Row, table=True):
    """The answers of one phase as one short vector, beside the rows that people edit and always saying the same.

    It is written in the transaction that changes an answer (:mod:`itti.assessments.packed`), so that a population
    is scored without touching single answers.
    """

    __tablename__ = "packed_answers"
    __table_args__ = (sa.UniqueConstraint("assessment_id", "phase"),)

    assessment_id: UUID = Field(foreign_key="assessment.id", index=True, ondelete="CASCADE")
    phase: Phase = Field(sa_column=enum_column(Phase))
    vector: bytes = Field(sa_type=sa.LargeBinary)
    """What :func:`scoring.packing.pack` made of the answers, for the assessment's version of its questionnaire."""


BATCHES_KEPT: Final = timedelta(days=30)
"""So long a batch of answers gives the very same result again; afterwards it is compared anew with what is in force."""


class AnswerBatch(Row, table=True):
    """Answers that were sent together, with what became of them: sent again they give the same result."""

    __tablename__ = "answer_batch"
    __table_args__ = (sa.UniqueConstraint("assessment_id", "author_id", "batch_id"),)

    assessment_id: UUID = Field(foreign_key="assessment.id", index=True, ondelete="CASCADE")
    author_id: UUID = Field(foreign_key="user_account.id", index=True)
    batch_id: UUID
    """Chosen by whoever sent them."""

    digest: str = Field(max_length=64)
    """SHA-256 of what was sent."""

    result: dict[str, Any] = Field(sa_type=sa.JSON)
    at: datetime = Field(index=True)


class Comment(VersionedRow, table=True):
    """A reviewer's remark on one question or on the whole, or a reply to one. Nothing of it is ever removed.

    The version of a remark rises with each reply, and when it is resolved or opened again: who resolves it names the
    version that was read.
    """

    __tablename__ = "comment"

    assessment_id: UUID = Field(foreign_key="assessment.id", index=True, ondelete="CASCADE")
    question: str | None = Field(default=None, max_length=LONGEST_KEY)
    author_id: UUID = Field(foreign_key="user_account.id")
    text: str = Field(max_length=4000)
    created_at: datetime
    position: int = Field(default=0)
    """Place among the remarks made in one act, which all have the same time."""

    parent_id: UUID | None = Field(default=None, foreign_key="comment.id", index=True, ondelete="CASCADE")
    """The remark that this one replies to; None: it begins a thread. Replies have no replies of their own."""

    demands_change: bool = False
    """Whether the assessment cannot be approved before the remark is resolved."""

    for_factory: bool = False
    """Whether the factory reads the remark and its replies, once it reads what was found."""

    replied_at: datetime | None = None
    """When somebody last replied."""

    resolved_at: datetime | None = None
    resolved_by: UUID | None = Field(default=None, foreign_key="user_account.id")


class Move(Row, table=True):
    """One change of state: who, when, from where to where, and the note given."""

    __tablename__ = "move"

    assessment_id: UUID = Field(foreign_key="assessment.id", index=True, ondelete="CASCADE")
    move: str = Field(max_length=40)
    """Name of the move in :mod:`itti.assessments.moves`."""

    actor_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    """Who made it; None: time did, or a later certificate."""

    from_person_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    to_person_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    """Of a change of assessor: who it was until then, and who it is from then on."""

    from_state: str = Field(max_length=24)
    to_state: str = Field(max_length=24)
    """Values of :class:`AssessmentState`; the record of what was, so no constraint ties it to what states there are."""

    note: str = Field(default="", max_length=4000)
    at: datetime
    version: int
    """Version of the assessment after the move; it puts moves made at the same time in order."""
