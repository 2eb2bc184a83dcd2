"""Second assessments as pages of the programme office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from itti.accounts.roles import require
from itti.accounts.tables import Role
from itti.accreditation import granting
from itti.programme import rules
from itti.seconds import agreeing, service, sheet
from itti.seconds.schemas import AssignInput, ChooseInput
from itti.web.forms import Form, Posted, taken, typed
from itti.web.visits import Member, Visit
from questionnaires import load
from questionnaires.errors import Fault

router = APIRouter()

_PAGE: Final = "/second-assessments"
_CHOOSE: Final = ("assessment_id", "reason")
_ASSIGN: Final = ("assessor_id", "planned_for")


@router.get("/second-assessments")
def list_second_assessments(visit: Member) -> Response:
    """What was chosen, who assesses again, and how far both agree."""
    return _show(visit)


@router.post("/second-assessments")
def choose(posted: Posted, visit: Member) -> Response:
    """Choose an assessment by hand."""
    try:
        service.choose(visit.session, visit.act, taken(ChooseInput, posted, _CHOOSE))
    except Fault as fault:
        visit.undo(fault)
        require(visit.act, Role.PROGRAMME)
        form = Form.refused(typed(posted, _CHOOSE), fault, visit.language, "choose-")
        return _show(visit, getattr(fault, "status", 422), {"choose-": form})
    return visit.go(_PAGE, "second-chosen")


@router.post("/second-assessments/{choice_id}/assignment")
def assign(choice_id: UUID, posted: Posted, visit: Member) -> Response:
    """Plan a second assessment."""
    key = f"c{choice_id}-"
    try:
        service.assign(visit.session, visit.act, choice_id, taken(AssignInput, posted, _ASSIGN))
    except Fault as fault:
        visit.undo(fault)
        service.chosen_of(visit.session, visit.act, choice_id)
        form = Form.refused(typed(posted, _ASSIGN), fault, visit.language, key)
        return _show(visit, getattr(fault, "status", 422), {key: form})
    return visit.go(_PAGE, "second-assigned")


@router.get("/second-assessments/agreement.csv")
def take_agreement(visit: Member) -> Response:
    """The figures for spreadsheets."""
    found = agreeing.agreements(visit.session, visit.act)
    return Response(sheet.to_csv(found), media_type="text/csv", headers=sheet.ATTACHED)


def _show(visit: Visit, status: int = 200, forms: Mapping[str, Form] | None = None) -> Response:
    session, act = visit.session, visit.act
    pairs = service.listed(session, act)
    families = {pair.first.family for pair in pairs if pair.second is None}
    people = {family: granting.accredited_people(session, act, family, act.today) for family in families}
    given = forms or {}
    return visit.show(
        "seconds/list.html",
        status,
        pairs=pairs,
        shares=rules(session).second_shares,
        choosable=[
            (str(one.id), f"{visit.called(of.factory)} · {one.family} {one.definition_version}")
            for one, of in service.choosable(session, act)
        ],
        assessors={family: [(str(each.id), visit.called(each)) for each in found] for family, found in people.items()},
        agreements=agreeing.agreements(session, act),
        titled=lambda family, version: load(family, version).words(visit.language).short_title,
        form_of=lambda key: given.get(key, Form(key=key)),
        figure=_figure,
    )


def _figure(number: float | None, places: int = 2) -> str:
    """A figure as people read it, with a true minus; a dash where there is none."""
    return "–" if number is None else f"{number:.{places}f}".replace("-", "−")
