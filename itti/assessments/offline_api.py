"""Work packages over HTTP: what a tool takes along, and the batch that comes back."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response, status

from itti.assessments import offline
from itti.assessments.answers_api import PhaseOf
from itti.assessments.batch_schemas import BatchInput, BatchView
from itti.assessments.errors import (
    AnswersClosed,
    BatchDiffers,
    DefinitionChanged,
    NoSuchAssessment,
    NotOpenToYou,
    NotYourAnswers,
    OtherQuestionnaire,
)
from itti.assessments.move_errors import DeclarationMissing, NotAccredited
from itti.assessments.packages import WorkPackageView, work_package
from itti.assessments.tables import Phase
from itti.http.bearer import ENTRY, ReadsAssessments, SettingsOf, WritesAnswers
from itti.http.errors import TooLarge
from itti.http.languages import request_language
from itti.http.openapi import problems
from itti.http.transactions import Transaction
from questionnaires.model import LanguageCode

router = APIRouter()

_TAG: Final[dict[str, Any]] = {
    "ETag": {"description": "SHA-256 of the package.", "schema": {"type": "string", "example": f'"{"9f2c" * 16}"'}}
}


@router.get(
    "/assessments/{assessment_id}/work-package",
    operation_id="readWorkPackage",
    summary="Download all that is needed to go on offline",
    responses=problems(*ENTRY, NoSuchAssessment, NotOpenToYou, DefinitionChanged)
    | {200: {"headers": _TAG}, 304: {"description": "The caller has it already.", "headers": _TAG}},
    response_model=WorkPackageView,
)
def read_work_package(  # noqa: PLR0913 - each argument of a door is a part of the request
    assessment_id: UUID,
    request: Request,
    *,
    session: Transaction,
    act: ReadsAssessments,
    settings: SettingsOf,
    phase: PhaseOf = Phase.ASSESSED,
    languages: Annotated[
        list[LanguageCode],
        Query(max_length=8, description="Texts of the questionnaire only in these; else in all.", examples=[["ar"]]),
    ] = [],  # noqa: B006 - never changed
    if_none_match: Annotated[
        str | None, Header(alias="If-None-Match", description="Tag of the package one has.", examples=['"9f2c…"'])
    ] = None,
) -> Response:
    """The questionnaire with its digest, what is asked now, all answers with their versions, evidence, and limits.

    Send what was answered meanwhile to `sendBatch`. The form is described by `docs/schema/work-package.json`.
    """
    found = work_package(
        session, act, settings, assessment_id, phase, language=request_language(request), languages=languages
    )
    body = found.model_dump_json().encode()
    headers = {"ETag": f'"{sha256(body).hexdigest()}"', "Vary": "Accept-Language", "Cache-Control": "private, no-cache"}
    if if_none_match is not None and headers["ETag"] in if_none_match:
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@router.post(
    "/assessments/{assessment_id}/work-package/answers",
    operation_id="sendBatch",
    summary="Send back answers that were given offline",
    responses=problems(
        *ENTRY,
        NoSuchAssessment,
        NotYourAnswers,
        NotAccredited,
        DeclarationMissing,
        AnswersClosed,
        DefinitionChanged,
        OtherQuestionnaire,
        BatchDiffers,
        TooLarge,
    ),
)
def send_batch(  # noqa: PLR0913 - each argument of a door is a part of the request
    assessment_id: UUID,
    batch: BatchInput,
    request: Request,
    *,
    session: Transaction,
    act: WritesAnswers,
    phase: PhaseOf = Phase.ASSESSED,
) -> BatchView:
    """One transaction; every answer has a result of its own, and what is not taken holds up none of the others.

    An answer that is in force already is `unchanged`, whatever its `base`. Where somebody else has changed it since,
    theirs stays: the result has both, with who and when. `atomic` saves all or none.

    The same batch sent again gives the same result and changes nothing, so that one whose response was lost can be
    sent until it arrives. Lists are saved before what is asked of their items.
    """
    return offline.send(session, act, assessment_id, phase, batch, language=request_language(request))
