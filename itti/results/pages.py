"""Exports of results as a page for the programme office."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from itti.http.paging import Paging, PagingOf
from itti.results import api, exports
from itti.results.schemas import ExportInput, ExportView
from itti.results.service import DICTIONARY, RESULTS
from itti.web.forms import Form, Posted, taken
from itti.web.visits import Member, Visit
from questionnaires.errors import Fault

router = APIRouter()

PAGE: Final = "/result-exports"
_FIRST_PAGE: Final = Paging(50, None)


@router.get(PAGE)
def list_exports(visit: Member, paging: PagingOf) -> Response:
    """What was exported, and a form for more."""
    return _list(visit, paging=paging)


@router.post(PAGE)
def ask(posted: Posted, visit: Member) -> Response:
    """Have results exported."""
    family, _, version = posted.get("questionnaire", "").partition(" ")
    try:
        given = taken(ExportInput, {"family": family, "version": version}, ("family", "version"))
        exports.ask(visit.session, visit.act, given)
    except Fault as fault:
        visit.undo(fault)
        return _list(visit, getattr(fault, "status", 422), Form.refused({}, fault, visit.language))
    return visit.go(PAGE, "results-asked")


@router.get(f"{PAGE}/{{export_id}}/{RESULTS}")
def results(export_id: UUID, visit: Member) -> Response:
    """The figures."""
    return api.download_results(export_id, visit.session, visit.act)


@router.get(f"{PAGE}/{{export_id}}/{DICTIONARY}")
def dictionary(export_id: UUID, visit: Member) -> Response:
    """What they mean."""
    return api.read_dictionary(export_id, visit.session, visit.act)


def _list(visit: Visit, status: int = 200, form: Form | None = None, paging: Paging = _FIRST_PAGE) -> Response:
    found = exports.exports(visit.session, visit.act, paging)
    offered = exports.certified(visit.session, visit.act)
    return visit.show(
        "results/list.html",
        status,
        rows=[ExportView.of(row, visit.language) for row in found.rows],
        questionnaires=[(f"{family} {version}", f"{family} {version}") for family, version in offered],
        least=visit.settings.results_least,
        next_page=f"{PAGE}?after={found.after}" if found.after else None,
        form=form or Form(),
    )
