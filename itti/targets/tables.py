"""The table of targets: one sheet an assessment."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.schema import VersionedRow


class TargetSheet(VersionedRow, table=True):
    """What a factory aims at, as it was last entered. Its version is its entity tag.

    A sheet that was emptied stays, so that its versions go on.
    """

    __tablename__ = "target_sheet"

    assessment_id: UUID = Field(foreign_key="assessment.id", unique=True, ondelete="CASCADE")
    aims: dict[str, str] = Field(sa_type=sa.JSON)
    """Id of an index, a category or a dimension → the value to be reached, as a decimal."""

    by: date | None = None
    """The day for all that have none of their own; None only where nothing is aimed at."""

    note: str = Field(default="", max_length=500)
    days: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    """Id of an index, a category or a dimension → its own day (ISO 8601)."""

    notes: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    """Id of an index, a category or a dimension → what is behind its target."""

    author_id: UUID = Field(foreign_key="user_account.id")
    updated_at: datetime
