"""From the last paper to the certificate, in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from itti.accounts import service as accounts
from itti.acts import Act
from itti.assessments.tables import Assessment
from itti.certificates.issue import Finished, Paper, enter
from itti.certificates.tables import Certificate
from itti.files.shelf import Kept
from itti.papers import claims, settling
from itti.papers.claims import Claimed
from itti.papers.tables import PaperJob, Preparation, PreparationState
from itti.programme import rules
from itti.queue.rows import JobState
from itti.tidings.moves import tell_issued


def hand_in(session: Session, claimed: Claimed, kept: Kept, at: datetime) -> Certificate | None:
    """Note that a paper lies on the shelf; with the last one the certificate is issued.

    Of two that hand in the last two papers at once, or the papers of two certificates of one factory, the second
    waits for the first and sees all that it did.

    Returns:
        the certificate; None: other papers are still being made, or the claim was lost meanwhile.
    """
    preparation = _alone_with(session, claimed.preparation)
    if not claims.finish(session, claimed, kept.sha256, kept.size, at):
        return None
    return publish(session, preparation, at)


def publish(session: Session, preparation: Preparation, at: datetime) -> Certificate | None:
    """Issue the certificate if all its papers are done. Whoever calls holds the preparation."""
    jobs = jobs_of(session, preparation.id)
    if preparation.state is PreparationState.ISSUED or any(job.state is not JobState.DONE for job in jobs):
        return None
    preparation.state = PreparationState.ISSUED
    session.add(preparation)
    papers = [Paper(job.form, job.language, Kept(job.sha256, job.size)) for job in jobs if job.sha256 and job.size]
    report = settling.complete(preparation).report
    # In the name of who approved it, since nobody has decided anything since.
    act = Act(accounts.user_by_id(session, preparation.approved_by), at, preparation.request_id, rules(session).zone)
    finished = Finished(report, preparation.assessment_id, preparation.factory_id, papers, preparation.content_sha256)
    made = enter(session, act, finished)
    tell_issued(session, act, session.get_one(Assessment, preparation.assessment_id), made.number)
    return made


def jobs_of(session: Session, preparation: UUID) -> Sequence[PaperJob]:
    """The jobs of a preparation as they are in the database, by form and language."""
    statement = (
        select(PaperJob)
        .where(PaperJob.preparation_id == preparation)
        .order_by(col(PaperJob.form), col(PaperJob.language))
    )
    return session.exec(statement.execution_options(populate_existing=True)).all()


def _alone_with(session: Session, identifier: UUID) -> Preparation:
    """A preparation, held along with all others of the same factory and family until the transaction ends."""
    mine = session.get_one(Preparation, identifier)
    statement = (
        select(Preparation)
        .where(Preparation.factory_id == mine.factory_id, Preparation.family == mine.family)
        .order_by(col(Preparation.id))
        .with_for_update()
    )
    rows = session.exec(statement.execution_options(populate_existing=True)).all()
    return next(row for row in rows if row.id == identifier)
