"""Exports of results over HTTP."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response, status

from itti.accounts.errors import WrongRole
from itti.http.bearer import ENTRY, SignedIn
from itti.http.languages import request_language
from itti.http.openapi import problems
from itti.http.paging import PAGED, MalformedCursor, Page, PagingOf, link_next
from itti.http.transactions import Transaction
from itti.results import exports
from itti.results.errors import ExportNotReady, ExportUnknown
from itti.results.schemas import ExportInput, ExportView
from itti.results.service import DICTIONARY, RESULTS

router = APIRouter(tags=["results"])

PARQUET: Final = "application/vnd.apache.parquet"
_Answers = dict[int | str, dict[str, Any]]
_PARQUET_SENT: Final[_Answers] = {200: {"content": {PARQUET: {}}}}
_DICTIONARY_SENT: Final[_Answers] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}
_REFUSED: Final = problems(*ENTRY, WrongRole, ExportUnknown, ExportNotReady)
_ATTACHED: Final = {"Cache-Control": "private, no-store"}


@router.get(
    "/result-exports",
    operation_id="listResultExports",
    summary="List the exports of results",
    responses=problems(*ENTRY, WrongRole, MalformedCursor) | PAGED,
)
def list_exports(
    request: Request, response: Response, session: Transaction, act: SignedIn, paging: PagingOf
) -> Page[ExportView]:
    """The newest first; programme office."""
    found = exports.exports(session, act, paging)
    link_next(request, response, found.after)
    language = request_language(request)
    return Page[ExportView](items=[ExportView.of(row, language) for row in found.rows])


@router.post(
    "/result-exports",
    status_code=status.HTTP_202_ACCEPTED,
    operation_id="askForResults",
    summary="Have results exported",
    responses=problems(*ENTRY, WrongRole),
)
def ask_for_results(
    given: ExportInput, request: Request, response: Response, session: Transaction, act: SignedIn
) -> ExportView:
    """Figures of groups of factories, without giving anybody away; programme office. Look at `Location` in a while."""
    made = exports.ask(session, act, given)
    response.headers["Location"] = f"/api/v1/result-exports/{made.id}"
    return ExportView.of(made, request_language(request))


@router.get(
    "/result-exports/{export_id}",
    operation_id="readResultExport",
    summary="Read how far an export is",
    responses=problems(*ENTRY, WrongRole, ExportUnknown),
)
def read_export(export_id: UUID, request: Request, session: Transaction, act: SignedIn) -> ExportView:
    """Programme office."""
    return ExportView.of(exports.one(session, act, export_id), request_language(request))


@router.get(
    f"/result-exports/{{export_id}}/{RESULTS}",
    operation_id="downloadResults",
    summary="Get the figures of an export as Parquet",
    response_class=Response,
    responses=_PARQUET_SENT | _REFUSED,
)
def download_results(export_id: UUID, session: Transaction, act: SignedIn) -> Response:
    """Programme office. The dictionary says what each column means."""
    _, content, _ = exports.files(session, act, export_id)
    return Response(content, media_type=PARQUET, headers=_ATTACHED | _named(RESULTS))


@router.get(
    f"/result-exports/{{export_id}}/{DICTIONARY}",
    operation_id="readResultDictionary",
    summary="Get the data dictionary of an export",
    response_class=Response,
    responses=_DICTIONARY_SENT | _REFUSED,
)
def read_dictionary(export_id: UUID, session: Transaction, act: SignedIn) -> Response:
    """Programme office. In English and Arabic."""
    _, _, told = exports.files(session, act, export_id)
    return Response(told, media_type="application/json", headers=_ATTACHED | _named(DICTIONARY))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
