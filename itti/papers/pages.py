"""Papers on their way as pages: those of one assessment, and all of them for the programme office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from itti.accounts.tables import Role
from itti.assessments import reading
from itti.assessments.tables import Assessment
from itti.http.paging import PagingOf
from itti.papers import service
from itti.papers.freezing import Frozen
from itti.papers.reading import Line, Progress
from itti.papers.schemas import reason_of
from itti.papers.tables import PaperJob
from itti.queue.rows import JobState
from itti.web.visits import Member, Visit
from questionnaires.errors import Fault

router = APIRouter()

_AGAIN: Final = {Progress.PREPARING: "3", Progress.DELAYED: "30"}
"""Seconds after which a page about papers under way asks for itself again."""


@dataclass(frozen=True)
class ShownPaper:
    """One paper as pages show it."""

    language: str
    form: str
    state: str
    attempts: int
    next_try: datetime | None
    reason: str | None


@dataclass(frozen=True)
class Shown:
    """A certificate on its way as pages show it."""

    number: str
    factory: str
    progress: str
    approved_at: datetime
    papers: tuple[ShownPaper, ...]
    href: str
    certificate_href: str | None
    may_retry: bool


@router.get("/papers")
def list_under_way(visit: Member, paging: PagingOf) -> Response:
    """All certificates that are approved and not issued yet; programme office."""
    found = service.under_way(visit.session, visit.act, paging)
    return visit.show(
        "papers/list.html",
        rows=[_shown(visit, line) for line in found.rows],
        next_page=f"/papers?after={found.after}" if found.after else None,
    )


@router.get("/assessments/{identifier}/papers")
def show_papers(identifier: UUID, visit: Member) -> Response:
    """How far the papers of an approved assessment are; the page asks for itself again while they are being made."""
    return _show(visit, reading.assessment(visit.session, visit.act, identifier))


def _show(visit: Visit, one: Assessment, status: int = 200, mistake: str | None = None) -> Response:
    line = service.line_of(visit.session, one)
    response = visit.show(
        "papers/show.html",
        status,
        assessment=one,
        shown=_shown(visit, line),
        factory=reading.parties_of(visit.session, one).factory,
        mistake=mistake,
    )
    if mistake is None and line.progress in _AGAIN:
        response.headers["Refresh"] = f"{_AGAIN[line.progress]};url=/assessments/{one.id}/papers"
    return response


@router.post("/assessments/{identifier}/papers/retry")
def retry(identifier: UUID, visit: Member) -> Response:
    """Have papers made again."""
    try:
        service.retry(visit.session, visit.act, reading.assessment(visit.session, visit.act, identifier))
    except Fault as fault:
        mistake = visit.undo(fault)
        one = reading.assessment(visit.session, visit.act, identifier)
        return _show(visit, one, getattr(fault, "status", 422), mistake)
    return visit.go(f"/assessments/{identifier}/papers", "papers-retried")


def _shown(visit: Visit, line: Line) -> Shown:
    number, progress = line.preparation.number, line.progress
    return Shown(
        number=number,
        factory=Frozen.of(line.preparation).report.factory.called(visit.language),
        progress=progress.value,
        approved_at=line.preparation.approved_at,
        papers=tuple(_paper(job, visit.language) for job in line.jobs),
        href=f"/assessments/{line.preparation.assessment_id}/papers",
        certificate_href=f"/certificates/{quote(number)}" if progress is Progress.ISSUED else None,
        may_retry=visit.role is Role.PROGRAMME and progress in {Progress.FAILED, Progress.DELAYED},
    )


def _paper(job: PaperJob, language: str) -> ShownPaper:
    waits = job.state is JobState.WAITING and job.reason is not None
    return ShownPaper(
        language=job.language,
        form=job.form.value,
        state=job.state.value,
        attempts=job.attempts,
        next_try=job.next_try if waits else None,
        reason=reason_of(job, language),
    )
