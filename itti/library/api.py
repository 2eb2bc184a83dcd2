"""Published questionnaires over HTTP; public."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Path, Response, status

from itti.http.openapi import problems
from itti.library import service
from itti.library.errors import QuestionnaireUnknown
from itti.library.schemas import QuestionnaireView
from questionnaires import Definition

router = APIRouter(tags=["questionnaires"])

_FOR_A_DAY: Final = "public, max-age=86400"
_TAG: Final[dict[str, Any]] = {"ETag": {"description": "SHA-256 of the canonical form.", "schema": {"type": "string"}}}


@router.get("/questionnaires", operation_id="listQuestionnaires", summary="List the published questionnaires")
def list_questionnaires() -> list[QuestionnaireView]:
    """All families and versions; old versions stay for ever. Public."""
    return service.published()


@router.get(
    "/questionnaires/{family}/{version}",
    operation_id="readQuestionnaire",
    summary="Read a published questionnaire",
    responses=problems(QuestionnaireUnknown)
    | {200: {"headers": _TAG}, 304: {"description": "Not modified", "headers": _TAG}},
    response_model=Definition,
)
def read_questionnaire(
    family: Annotated[str, Path(max_length=64, examples=["itti"])],
    version: Annotated[str, Path(max_length=20, examples=["1.0.0"])],
    if_none_match: Annotated[
        str | None,
        Header(alias="If-None-Match", description="Entity tag of what is at hand already.", examples=['"9f86…"']),
    ] = None,
) -> Response:
    """The whole definition in canonical form: structure and texts in all languages. Public; it never changes."""
    found = service.published_definition(family, version)
    headers = {"ETag": f'"{found.digest}"', "Cache-Control": _FOR_A_DAY}
    if if_none_match is not None and headers["ETag"] in if_none_match:
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(found.canonical, media_type="application/json", headers=headers)
