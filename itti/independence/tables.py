"""Tables of engagements and of declarations."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.schema import Row, enum_column


class Tie(StrEnum):
    """What ties somebody to a factory; words under ``tie.<name>``."""

    ADVISED = "advised"
    EMPLOYED = "employed"
    """Worked for it."""

    OWNED = "owned"
    """Owned shares in it."""

    TRAINED = "trained"
    """Trained its people."""


class Declaration(Row, table=True):
    """What one person said before acting in one assessment; what ties them stands in :class:`Engagement`."""

    __tablename__ = "declaration"

    assessment_id: UUID = Field(foreign_key="assessment.id", index=True, ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    at: datetime


class Engagement(Row, table=True):
    """Something that ties a person or a body to a factory: entered by the office, or declared."""

    __tablename__ = "engagement"
    __table_args__ = (sa.CheckConstraint("(user_id IS NULL) <> (body_id IS NULL)", name="one_holder"),)

    factory_id: UUID = Field(foreign_key="factory.id", index=True)
    user_id: UUID | None = Field(default=None, foreign_key="user_account.id", index=True)
    body_id: UUID | None = Field(default=None, foreign_key="assessment_body.id", index=True)
    tie: Tie = Field(sa_column=enum_column(Tie))
    until: date | None = None
    """The last day of it; None: it goes on."""

    note: str = Field(default="", max_length=2000)
    declaration_id: UUID | None = Field(default=None, foreign_key="declaration.id", ondelete="SET NULL")
    """With which declaration it was given; None: the office entered it."""

    created_at: datetime
    struck_at: datetime | None = None
    """When the office took it back as wrong; it stays readable and binds nobody."""

    strike_reason: str | None = Field(default=None, max_length=2000)
