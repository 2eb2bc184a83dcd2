"""Reviews over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from itti.assessments import reading
from itti.assessments.errors import DefinitionChanged, NoSuchAssessment, NotOpenToYou
from itti.http.bearer import ENTRY, SignedIn
from itti.http.languages import request_language
from itti.http.openapi import problems
from itti.http.transactions import Transaction
from itti.review import service
from itti.review.schemas import ReviewView

router = APIRouter(tags=["review"])


@router.get(
    "/assessments/{assessment_id}/review",
    operation_id="readReview",
    summary="Read the answers beside the factory's own and the last certified ones, with what is worth a second look",
    responses=problems(*ENTRY, NoSuchAssessment, NotOpenToYou, DefinitionChanged),
)
def read_review(
    assessment_id: UUID,
    request: Request,
    session: Transaction,
    act: SignedIn,
    *,
    only: Annotated[
        service.Only | None, Query(description="Only questions with a hint, or those that changed.")
    ] = None,
) -> ReviewView:
    """Hints say where a second look is worth its time, with their numbers. They change no score and stop no move."""
    one = reading.assessment(session, act, assessment_id)
    review = service.look(session, act, one)
    rows = [each for each in review.seen.values() if each.is_among(only)]
    return ReviewView.of(review, rows, request_language(request))
