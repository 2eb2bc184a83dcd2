"""The table of exports that the programme office asked for."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.queue.rows import JobState, QueuedRow
from itti.schema import enum_column


class ResultExport(QueuedRow, table=True):
    """An export of one version of a questionnaire: asked for, made by a worker, kept for good.

    It is kept since who got it keeps it too: what it told is known to all exports after it.
    """

    __tablename__ = "result_export"

    state: JobState = Field(sa_column=enum_column(JobState, index=True))
    family: str = Field(max_length=64)
    version: str = Field(max_length=32)
    asked_by: UUID = Field(foreign_key="user_account.id")
    created_at: datetime
    on: date | None = None
    """The day whose certificates count; None until it is made, like all that follows."""

    least: int | None = None
    rows: int | None = None
    withheld: int | None = None
    sha256: str | None = Field(default=None, max_length=64)
    parquet: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    dictionary: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    shown: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    """Who is in it (:class:`itti.results.history.Shown`)."""
