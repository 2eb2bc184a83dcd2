"""Tables of assessment bodies and of accreditations."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.schema import Row, VersionedRow


class AssessmentBody(VersionedRow, table=True):
    """An organisation whose assessors assess factories."""

    __tablename__ = "assessment_body"

    name: str = Field(max_length=200, unique=True)
    name_ar: str | None = Field(default=None, max_length=200)
    registration: str = Field(max_length=64, unique=True)
    """The body's own registration or licence number."""

    created_at: datetime


class Accreditation(Row, table=True):
    """Permission of one assessor to assess and review with one questionnaire family.

    It holds on every day from ``valid_from`` to ``valid_until``, both included, until it is withdrawn.
    """

    __tablename__ = "accreditation"
    __table_args__ = (sa.CheckConstraint("valid_from <= valid_until", name="dates_in_order"),)

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    family: str = Field(max_length=64)
    valid_from: date
    valid_until: date
    withdrawn_at: datetime | None = None
    withdrawal_reason: str | None = Field(default=None, max_length=2000)
    created_at: datetime
