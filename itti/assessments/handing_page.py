"""Handing an assessment over to another assessor, as a page."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from itti.accounts.tables import Role
from itti.accreditation.tables import AssessmentBody
from itti.assessments import service, succession
from itti.assessments.moves import MoveName
from itti.assessments.schemas import MoveInput
from itti.assessments.tables import Assessment
from itti.certificates.office import OfficeOf
from itti.errors import HttpFault
from itti.web.forms import Form, Posted, taken, typed, version_in
from itti.web.visits import Member, Visit
from questionnaires.errors import Fault

router = APIRouter()

_FIELDS: Final = ("assessor_id", "note")


@router.get("/assessments/{identifier}/hand-over")
def show_hand_over(identifier: UUID, visit: Member) -> Response:
    """The form to name the next assessor, for whoever may."""
    one = service.assessment(visit.session, visit.act, identifier)
    service.expect_open(visit.session, visit.act, one, MoveName.HAND_OVER)
    return _form(visit, one, Form({}))


@router.post("/assessments/{identifier}/hand-over")
def hand_over(identifier: UUID, posted: Posted, visit: Member, office: OfficeOf) -> Response:
    """Hand over; who did so of their own sees the assessment no more."""
    try:
        given = taken(MoveInput, posted, _FIELDS, defaults={"move": MoveName.HAND_OVER.value})
        service.move(
            visit.session, visit.act, identifier, given.move,
            office=office, expected=version_in(posted), note=given.note, successor=given.assessor_id,
        )  # fmt: skip
    except Fault as fault:
        visit.undo(fault)
        one = service.assessment(visit.session, visit.act, identifier)
        service.expect_open(visit.session, visit.act, one, MoveName.HAND_OVER)
        form = Form.refused(typed(posted, _FIELDS), fault, visit.language)
        return _form(visit, one, form, fault.status if isinstance(fault, HttpFault) else 422)
    back = f"/assessments/{identifier}" if visit.role is Role.PROGRAMME else "/assessments"
    return visit.go(back, "moved-hand-over")


def _form(visit: Visit, one: Assessment, form: Form, status: int = 200) -> Response:
    parties = service.parties_of(visit.session, one)
    people = succession.candidates(visit.session, visit.act, one)
    bodies = {each.body_id: visit.session.get_one(AssessmentBody, each.body_id) for each in people}
    return visit.show(
        "assessments/hand_over.html",
        status,
        assessment=one,
        factory=parties.factory,
        assessor=parties.assessor,
        form=form,
        people=[(str(each.id), f"{visit.called(each)} · {visit.called(bodies[each.body_id])}") for each in people],
    )
