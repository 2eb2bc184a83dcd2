"""The table of assessments that are chosen for a blind second assessment."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from itti.schema import Row, enum_column


class Choice(StrEnum):
    """How an assessment came to be assessed a second time."""

    DRAW = "draw"
    """By lot, as the programme's share asks."""

    OFFICE = "office"
    """By the programme office, with a reason."""


class Chosen(Row, table=True):
    """An assessment that is to be assessed a second time; the second one names it (``Assessment.second_of``)."""

    __tablename__ = "chosen_assessment"

    assessment_id: UUID = Field(foreign_key="assessment.id", unique=True, ondelete="CASCADE")
    choice: Choice = Field(sa_column=enum_column(Choice))
    share: int | None = None
    """Of a draw: the share of its family in per cent that was in force."""

    drawn: int | None = None
    """Of a draw: the number drawn, 0 to 999,999; it was chosen since it is below the share."""

    reason: str = Field(default="", max_length=2000)
    """Of a choice by the office: why."""

    chosen_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    chosen_at: datetime
