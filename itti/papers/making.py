"""Making papers: set, seal, put on the shelf; then, in a transaction of its own, hand in.

The order is what keeps every certificate whole (decision 16): the act that ordered a paper is in the tree of the
record, committed, before the paper is set, since the paper proves it; a paper lies on the shelf, flushed to the disk,
before the database knows of it; and the register knows of a certificate when the database knows of all its papers.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from itti.acts import Act, now
from itti.assessments.tables import Assessment
from itti.audit.sequencing import sequence
from itti.certificates import jobs
from itti.certificates.errors import PressFailed
from itti.certificates.office import Office
from itti.certificates.tables import Certificate
from itti.database import Database
from itti.files.shelf import Kept
from itti.papers import claims, reading, settling
from itti.papers.claims import Claimed
from itti.papers.errors import PaperNotStored
from itti.papers.proving import proof_of_order
from itti.papers.publishing import hand_in, jobs_of, publish
from itti.queue.rows import JobState
from questionnaires.errors import Fault
from reports.report import Report

Clock = Callable[[], datetime]

_logger = logging.getLogger("itti")


def work_off(database: Database, office: Office, clock: Clock = now) -> int:
    """Make all papers that are due by ``clock``, one after the other; returns how many tries it took."""
    tries = 0
    while (claimed := take(database, clock)) is not None:
        make(database, office, claimed, clock)
        tries += 1
    return tries


def take(database: Database, clock: Clock = now) -> Claimed | None:
    """Claim the next job, if any is due.

    Raises:
        Busy: the database cannot be reached.
    """
    with database.reading() as session:
        if not claims.QUEUE.is_anything_due(session, clock()):
            return None
    with database.writing() as session:
        return claims.claim(session, clock())


def make(database: Database, office: Office, claimed: Claimed, clock: Clock = now) -> None:
    """Make the paper of a claimed job and hand it in; a failure is noted with the job.

    Raises:
        Busy: the database cannot be reached any more; the claim ends by itself.
    """
    try:
        with database.writing() as session:
            proof = proof_of_order(session, office, claimed.preparation, clock)
        kept = _kept(database, office, claimed, proof, clock)
        with database.writing() as session:
            if hand_in(session, claimed, kept, clock()) is not None:
                sequence(session, office.record_signer, clock)
    except Exception as error:  # noqa: BLE001 - whatever it was, it has to be seen with the job
        fault = error if isinstance(error, Fault) else _unforeseen(error)
        with database.writing() as session:
            claims.put_off(session, claimed, fault, clock())


def _unforeseen(error: Exception) -> Fault:
    _logger.error("a paper failed in a way nobody foresaw", exc_info=error)
    return PressFailed(reason="error")


def _kept(database: Database, office: Office, claimed: Claimed, proof: bytes | None, clock: Clock) -> Kept:
    """The paper, set, sealed and on the shelf."""
    frozen = settling.settled(database, office, claimed.preparation, clock())
    order = jobs.Order(frozen.report, claimed.language, frozen.theme, claimed.form, proof)
    pdf = office.press.run(jobs.set_paper, order)
    sealed = office.sealing.run(jobs.seal_paper, _unsealed(office, frozen.report, claimed.language, pdf, clock()))
    return _put_away(office, sealed)


def _unsealed(office: Office, report: Report, language: str, pdf: bytes, at: datetime) -> jobs.Unsealed:
    return jobs.Unsealed(
        pdf, number=report.number or "", language=language, standing=report.standing, key=office.key, at=at
    )


def _put_away(office: Office, sealed: bytes) -> Kept:
    try:
        return office.shelf.keep(io.BytesIO(sealed))
    except OSError as error:
        raise PaperNotStored(reason=error.strerror or type(error).__name__) from error


def finish_now(session: Session, act: Act, office: Office, one: Assessment) -> Certificate:
    """Make all papers of an approved assessment in this very transaction, and issue its certificate as of ``act``.

    For demonstration data, which play in the past and are written at once; takes some seconds.

    Raises:
        NoPapers: it was not approved.
        Fault: the papers could not be made.
    """
    preparation = reading.of_assessment(session, one)
    frozen = settling.complete(preparation)
    if preparation.settled_at is None:
        made = settling.make(office, frozen.report, act.at)
        frozen = settling.store(session, preparation.id, made, act.at)
    waiting = [job for job in jobs_of(session, preparation.id) if job.state is not JobState.DONE]
    proof = proof_of_order(session, office, preparation.id)
    drawn = office.press.run_all(
        jobs.set_paper, [jobs.Order(frozen.report, job.language, frozen.theme, job.form, proof) for job in waiting]
    )
    unsealed = [
        _unsealed(office, frozen.report, job.language, pdf, act.at) for job, pdf in zip(waiting, drawn, strict=True)
    ]
    for job, sealed in zip(waiting, office.sealing.run_all(jobs.seal_paper, unsealed), strict=True):
        kept = _put_away(office, sealed)
        job.state, job.attempts, job.started_at, job.ended_at = JobState.DONE, 1, act.at, act.at
        job.sha256, job.size = kept.sha256, kept.size
        session.add(job)
    session.flush()
    certificate = publish(session, preparation, act.at)
    assert certificate is not None, "all papers are done"  # noqa: S101 - tells the type checker what holds
    sequence(session, office.record_signer)
    return certificate
