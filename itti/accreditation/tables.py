"""Tables of assessment bodies, of accreditations, and of their suspensions."""

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
    """Permission of one assessor, or of one body, to assess and review with one questionnaire family.

    It holds on every day from ``valid_from`` to ``valid_until``, both included, until it is withdrawn, and not on the
    days of a suspension.
    """

    __tablename__ = "accreditation"
    __table_args__ = (
        sa.CheckConstraint("valid_from <= valid_until", name="dates_in_order"),
        sa.CheckConstraint("(user_id IS NULL) <> (body_id IS NULL)", name="one_holder"),
    )

    user_id: UUID | None = Field(default=None, foreign_key="user_account.id", index=True)
    body_id: UUID | None = Field(default=None, foreign_key="assessment_body.id", index=True)
    family: str = Field(max_length=64)
    majors: list[int] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    """First numbers of the versions of the family; None: all."""

    sectors: list[str] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    """Values of :class:`itti.factories.tables.Sector`; None: all."""

    valid_from: date
    valid_until: date
    withdrawn_at: datetime | None = None
    withdrawal_reason: str | None = Field(default=None, max_length=2000)
    created_at: datetime


class Suspension(Row, table=True):
    """Days on which an accreditation does not hold, though it has not ended."""

    __tablename__ = "suspension"
    __table_args__ = (sa.CheckConstraint("until IS NULL OR since <= until", name="dates_in_order"),)

    accreditation_id: UUID = Field(foreign_key="accreditation.id", index=True)
    since: date
    until: date | None = None
    """The last day of it; None: until it is lifted."""

    reason: str = Field(max_length=2000)
    lifted_at: datetime | None = None
    """When it was lifted before its time; from that moment on it is over."""

    created_at: datetime
