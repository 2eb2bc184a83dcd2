"""The queue of papers (:mod:`itti.queue`): which job is in whose hands, and what becomes of a try."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col

from itti.acts import Act
from itti.audit.service import record
from itti.certificates.errors import PressFailed
from itti.papers.tables import PaperJob, Preparation
from itti.programme import rules
from itti.queue.claims import Queue
from itti.queue.rows import JobState
from questionnaires.errors import Fault
from reports.report import Form

_ORDER: Final = (col(PaperJob.form).asc(), col(PaperJob.language).desc())

QUEUE: Final = Queue(PaperJob, lambda: PressFailed(reason="died"), _ORDER)
"""All papers; of one certificate the whole reports come first, the English one before the Arabic one."""

_logger = logging.getLogger("itti")


@dataclass(frozen=True)
class Claimed:
    """A job in hand."""

    job: UUID
    claim: UUID
    preparation: UUID
    language: str
    form: Form


def claim(session: Session, at: datetime) -> Claimed | None:
    """Take the job that has been due longest, if any is. The transaction has to be committed before work begins."""
    row = QUEUE.claim(session, at)
    if row is None or row.claim is None:
        return None
    preparation = session.get_one(Preparation, row.preparation_id)
    return Claimed(row.id, row.claim, preparation.id, row.language, row.form)


def finish(session: Session, claimed: Claimed, sha256: str, size: int, at: datetime) -> bool:
    """Note that a paper lies on the shelf. False: the claim was lost meanwhile, and nothing was noted."""
    return QUEUE.finish(session, claimed.claim, at, sha256=sha256, size=size)


def put_off(session: Session, claimed: Claimed, fault: Fault, at: datetime) -> None:
    """Note that a try failed, and what comes next; a press that broke down gets a few tries."""
    noted = QUEUE.put_off(session, claimed.claim, fault, at, broke_down=isinstance(fault, PressFailed))
    if noted is JobState.FAILED:
        assessment = session.get_one(Preparation, claimed.preparation).assessment_id
        told = {"assessment": str(assessment), "language": claimed.language, "form": claimed.form.value}
        record(
            session,
            Act(None, at, zone=rules(session).zone),
            "papers.failed",
            "paper_job",
            claimed.job,
            reason=fault.code,
            **told,
        )
    if noted is not None:
        _logger.warning("a paper (%s, %s) was not made (%s)", claimed.form.value, claimed.language, fault.code)
