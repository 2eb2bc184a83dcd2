"""What every row that waits for its turn has in common."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.schema import Row


class JobState(StrEnum):
    """How far one job is; words under ``job.<name>``."""

    WAITING = "waiting"
    """For its turn, or for the time of the next try."""

    WORKING = "working"
    """Some process has claimed it, until the claim ends."""

    DONE = "done"
    """Nothing is left to do."""

    FAILED = "failed"
    """Nothing more happens before the programme office asks for it."""


class QueuedRow(Row):
    """Base of the tables that are queues. Each declares the column of its ``state`` itself."""

    state: JobState
    attempts: int = Field(default=0)
    """How often it was claimed since it began to wait, or since the office last asked for it."""

    breakdowns: int = Field(default=0)
    """How many of these tries ended without an answer, or in a way nobody foresaw."""

    next_try: datetime
    """Not before; of a job that waits."""

    claim: UUID | None = Field(default=None)
    """Name of the claim of whoever works on it; whoever else finishes it, hands in for nothing."""

    claimed_until: datetime | None = Field(default=None)
    """The claim ends then unless it is renewed."""

    started_at: datetime | None = Field(default=None)
    ended_at: datetime | None = Field(default=None)
    """Of the last try."""

    reason: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    """Why the last try failed: ``room``, ``code`` and ``details`` of the fault; None: it did not."""
