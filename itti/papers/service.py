"""The front door of this room for pages, the API, the command line and other rooms."""

from __future__ import annotations

from sqlmodel import Session

from itti.accounts.roles import require
from itti.accounts.tables import Role
from itti.acts import Act
from itti.assessments.tables import Assessment
from itti.audit.service import record
from itti.http.paging import Paging, Slice
from itti.papers import reading
from itti.papers.errors import NoPapers, NothingToRetry
from itti.papers.freezing import stated
from itti.papers.making import finish_now, work_off
from itti.papers.publishing import jobs_of
from itti.papers.reading import Line, Progress, line_of
from itti.queue.claims import ask_again
from itti.queue.rows import JobState

__all__ = [
    "Line",
    "Progress",
    "failures",
    "finish_now",
    "line_of",
    "on_the_way",
    "retry",
    "stated",
    "under_way",
    "work_off",
]


def on_the_way(session: Session, one: Assessment) -> Line | None:
    """How far the papers of an assessment are, until its certificate is issued; None: before and after that.

    For somebody who may read the assessment.
    """
    try:
        line = line_of(session, one)
    except NoPapers:
        return None
    return None if line.progress is Progress.ISSUED else line


def under_way(session: Session, act: Act, paging: Paging) -> Slice[Line]:
    """All certificates that are approved and not issued yet, the oldest approval first. Programme office.

    Raises:
        SignInNeeded, WrongRole: not for this person.
    """
    require(act, Role.PROGRAMME)
    return reading.under_way(session, paging)


def failures(session: Session, act: Act) -> int:
    """How many certificates wait for the programme office to ask for their papers again."""
    require(act, Role.PROGRAMME)
    return reading.failures(session)


def retry(session: Session, act: Act, one: Assessment) -> Line:
    """Let papers that failed be made again, and those that wait for their next try at once. Programme office.

    Raises:
        SignInNeeded, WrongRole: not for this person.
        NoPapers: the assessment was not approved.
        NothingToRetry: no paper failed or waits.
    """
    require(act, Role.PROGRAMME)
    preparation = reading.of_assessment(session, one)
    again = [
        job
        for job in jobs_of(session, preparation.id)
        if job.state is JobState.FAILED or (job.state is JobState.WAITING and job.reason is not None)
    ]
    if not again:
        raise NothingToRetry(number=preparation.number)
    for job in again:
        ask_again(job, act.at)
        session.add(job)
    languages = ", ".join(f"{job.form.value} {job.language}" for job in again)
    record(
        session,
        act,
        "preparation.retried",
        "preparation",
        preparation.id,
        number=preparation.number,
        languages=languages,
    )
    session.flush()
    return line_of(session, one)
