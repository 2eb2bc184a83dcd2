"""Papers on their way over HTTP."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from itti.accounts.errors import WrongRole
from itti.assessments import reading
from itti.assessments.errors import NoSuchAssessment
from itti.http.bearer import ENTRY, ReadsAssessments, SignedIn
from itti.http.languages import request_language
from itti.http.openapi import problems
from itti.http.paging import PAGED, MalformedCursor, Page, PagingOf, link_next
from itti.http.sparse import Fields, fields_of
from itti.http.transactions import Transaction
from itti.papers import service
from itti.papers.errors import NoPapers, NothingToRetry
from itti.papers.reading import Line, Progress
from itti.papers.schemas import PreparationView

router = APIRouter(tags=["papers"])

PreparationFields = Annotated[Fields, Depends(fields_of(PreparationView))]

_AGAIN: Final = "2"
"""Seconds after which to look again while papers are being made."""


@router.get(
    "/papers",
    operation_id="listPapersUnderWay",
    summary="List the certificates that are approved and not issued yet",
    responses=problems(*ENTRY, WrongRole, MalformedCursor) | PAGED,
    response_model=Page[PreparationView],
)
def list_under_way(
    request: Request,
    response: Response,
    session: Transaction,
    act: SignedIn,
    paging: PagingOf,
    *,
    fields: PreparationFields,
) -> Page[PreparationView] | Response:
    """Programme office. The oldest approval first."""
    found = service.under_way(session, act, paging)
    link_next(request, response, found.after)
    language = request_language(request)
    return fields.shown(
        Page[PreparationView](items=[PreparationView.of(line, language) for line in found.rows]), response
    )


@router.get(
    "/assessments/{assessment_id}/papers",
    operation_id="readPapers",
    summary="How far the papers of an approved assessment are",
    responses=problems(*ENTRY, NoSuchAssessment, NoPapers),
)
def read_papers(
    assessment_id: UUID, request: Request, response: Response, session: Transaction, act: ReadsAssessments
) -> PreparationView:
    """Where the approval leads to with its header `Location`.

    While papers are being made, `Retry-After` says when to look again. Once the certificate is issued,
    `certificate` is its address.
    """
    line = service.line_of(session, reading.assessment(session, act, assessment_id))
    return _view(request, response, line)


@router.post(
    "/assessments/{assessment_id}/papers/retry",
    operation_id="retryPapers",
    summary="Have papers made again that failed or wait for their next try",
    responses=problems(*ENTRY, WrongRole, NoSuchAssessment, NoPapers, NothingToRetry),
)
def retry_papers(
    assessment_id: UUID, request: Request, response: Response, session: Transaction, act: SignedIn
) -> PreparationView:
    """Programme office. What the papers state was settled by the approval and stays as it is."""
    line = service.retry(session, act, reading.assessment(session, act, assessment_id))
    return _view(request, response, line)


def _view(request: Request, response: Response, line: Line) -> PreparationView:
    if line.progress in {Progress.PREPARING, Progress.DELAYED}:
        response.headers["Retry-After"] = _AGAIN
    response.headers["Cache-Control"] = "no-store"
    return PreparationView.of(line, request_language(request))
