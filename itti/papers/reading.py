"""Reading how far papers are. Checks no rights: whoever calls has read the assessment, or is the programme office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.assessments.tables import Assessment
from itti.http.paging import Paging, Slice, cut
from itti.papers.errors import NoPapers
from itti.papers.tables import PaperJob, Preparation, PreparationState
from itti.queue.rows import JobState


class Progress(StrEnum):
    """How far a certificate is; words under ``progress.<name>``."""

    PREPARING = "preparing"
    """Its papers wait for their turn or are being made."""

    DELAYED = "delayed"
    """A try failed for a reason that passes; the next one is set."""

    FAILED = "failed"
    """Nothing more happens before the programme office asks for it."""

    ISSUED = "issued"
    """It is in the register."""


@dataclass(frozen=True)
class Line:
    """A preparation with its jobs by form and language."""

    preparation: Preparation
    jobs: Sequence[PaperJob]

    @property
    def progress(self) -> Progress:
        """How far it is as a whole."""
        if self.preparation.state is PreparationState.ISSUED:
            return Progress.ISSUED
        if any(job.state is JobState.FAILED for job in self.jobs):
            return Progress.FAILED
        waits = any(job.state is JobState.WAITING and job.reason is not None for job in self.jobs)
        return Progress.DELAYED if waits else Progress.PREPARING


def of_assessment(session: Session, one: Assessment) -> Preparation:
    """The preparation of an assessment.

    Raises:
        NoPapers: it was not approved, or before papers were made outside of requests.
    """
    found = session.exec(select(Preparation).where(Preparation.assessment_id == one.id)).one_or_none()
    if found is None:
        raise NoPapers(assessment=str(one.id))
    return found


def line_of(session: Session, one: Assessment) -> Line:
    """How far the papers of an assessment are. Raises :class:`NoPapers`."""
    preparation = of_assessment(session, one)
    return Line(preparation, _jobs(session, [preparation])[preparation.id])


def under_way(session: Session, paging: Paging) -> Slice[Line]:
    """All certificates that are not issued yet, the oldest approval first."""
    statement = select(Preparation).where(Preparation.state == PreparationState.PREPARING)
    keys = (col(Preparation.approved_at), col(Preparation.number))
    found = cut(session, statement, keys, paging)
    jobs = _jobs(session, found.rows)
    return Slice([Line(row, jobs[row.id]) for row in found.rows], found.after)


def failures(session: Session) -> int:
    """How many preparations have a paper that failed."""
    statement = select(sa.func.count(sa.distinct(col(PaperJob.preparation_id))))
    return session.exec(statement.where(col(PaperJob.state) == JobState.FAILED)).one()


def _jobs(session: Session, preparations: Sequence[Preparation]) -> dict[UUID, list[PaperJob]]:
    found: dict[UUID, list[PaperJob]] = {each.id: [] for each in preparations}
    statement = (
        select(PaperJob)
        .where(col(PaperJob.preparation_id).in_(list(found)))
        .order_by(col(PaperJob.form), col(PaperJob.language).desc())
    )
    for row in session.exec(statement).all():
        found[row.preparation_id].append(row)
    return found
