"""``POST /score`` and ``POST /explain``: for tools that want the engine and nothing else."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from itti.assessments import taking
from itti.assessments.reading import person
from itti.engine import service
from itti.engine.errors import (
    AnswersContradictory,
    AnswersInvalid,
    EngineBusy,
    OtherDigest,
    TooManyScores,
)
from itti.engine.schemas import ExplanationView, SheetInput
from itti.http.bearer import ENTRY, ComputesScores
from itti.http.errors import NotAcceptable
from itti.http.languages import request_language
from itti.http.limits import Allowance
from itti.http.openapi import problems
from itti.library.errors import QuestionnaireUnknown
from reports import spreadsheet, table

router = APIRouter(tags=["engine"])

_FIELDS: Final = {
    "RateLimit-Policy": {
        "description": "How many requests a minute an account may make to the engine.",
        "schema": {"type": "string", "examples": ['"engine";q=60;w=60']},
    },
    "RateLimit": {
        "description": "How many of them are left, and in how many seconds there are more.",
        "schema": {"type": "string", "examples": ['"engine";r=59;t=60']},
    },
}
_REFUSALS: Final = (
    *ENTRY,
    QuestionnaireUnknown,
    OtherDigest,
    AnswersInvalid,
    AnswersContradictory,
    TooManyScores,
    EngineBusy,
)


def allowance(request: Request, response: Response, act: ComputesScores) -> None:
    """Count the request against what its account may ask of the engine.

    Raises:
        TooManyScores: nothing is left of it for now.
    """
    limit: Allowance = request.app.state.engine_limit
    response.headers.update(limit.take(str(person(act).id), TooManyScores))


@router.post(
    "/score",
    operation_id="score",
    summary="Score answers without storing them",
    dependencies=[Depends(allowance)],
    response_class=Response,
    responses=problems(*_REFUSALS, NotAcceptable)
    | {
        200: {
            "description": "The scorecard.",
            "headers": _FIELDS,
            "content": {
                "application/json": {"schema": {"type": "object"}},
                table.MEDIA_TYPE: {"schema": {"type": "string"}},
                spreadsheet.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}},
            },
        }
    },
)
def score(
    sheet: SheetInput,
    request: Request,
    response: Response,
    form: Annotated[
        taking.Form | None,
        Query(
            alias="format",
            description="Canonical JSON (RFC 8785), or a table as CSV or a workbook; else the header `Accept` decides.",
        ),
    ] = None,
) -> Response:
    """The scorecard that an assessment with these answers has: same questionnaire, same engine, same bytes.

    `lowest` and `highest` say what missing answers can still give. Nothing is stored.
    """
    chosen = form or taking.negotiated(request.headers.get("accept", "*/*"))
    language = request_language(request)
    with service.turn():
        checked = service.sheet_of(sheet)
        card = service.scorecard_of(checked, language)
        taken = taking.taken(chosen, card, checked.asked.definition, language)
    taken.headers.update({name: response.headers[name] for name in _FIELDS})
    return taken


@router.post(
    "/explain",
    operation_id="explain",
    summary="Explain a score in words, without storing the answers",
    dependencies=[Depends(allowance)],
    responses=problems(*_REFUSALS) | {200: {"headers": _FIELDS}},
)
def explain(sheet: SheetInput, request: Request) -> ExplanationView:
    """Every number from its parts, in the language of `Accept-Language`, as the report prints it."""
    with service.turn():
        return service.explanation_of(service.sheet_of(sheet), request_language(request))
