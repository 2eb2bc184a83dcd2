"""Starting from an earlier assessment, on pages: choose one, see what would become of it, confirm."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from itti.accounts.tables import Role
from itti.assessments import service as assessments
from itti.assessments.answers import check_hands
from itti.carrying import preview_page, service
from itti.carrying.service import Which
from itti.web.forms import Posted
from itti.web.visits import Member, Visit
from questionnaires.errors import Fault

router = APIRouter()


@router.get("/assessments/{identifier}/carry-over")
def choose(identifier: UUID, visit: Member) -> Response:
    """The earlier assessments; where there is one only, on to what would become of it."""
    which = _checked(visit, identifier)
    one = assessments.assessment(visit.session, visit.act, identifier)
    found = [each for each in service.listed(visit.session, visit.act, identifier) if which in each.answered]
    if len(found) == 1:
        return visit.go(f"/assessments/{identifier}/carry-over/{found[0].assessment.id}")
    rows = [
        {
            "assessment": each.assessment,
            "answered": each.answered[which],
            "assessor": assessments.parties_of(visit.session, each.assessment).assessor,
        }
        for each in found
    ]
    factory = assessments.parties_of(visit.session, one).factory
    return visit.show("carrying/choose.html", assessment=one, factory=factory, rows=rows)


@router.get("/assessments/{identifier}/carry-over/{source}")
def show_preview(identifier: UUID, source: UUID, visit: Member) -> Response:
    """What would become of every answer; nothing has happened yet."""
    which = _checked(visit, identifier)
    return preview_page.show(visit, service.preview(visit.session, visit.act, identifier, source, which))


@router.post("/assessments/{identifier}/carry-over/{source}")
def carry(identifier: UUID, source: UUID, posted: Posted, visit: Member) -> Response:
    """Carry the answers as the page showed them; refused, it is shown again as things are now."""
    which = _which(visit)
    overwrite, keep = preview_page.choices(posted)
    try:
        service.carry(visit.session, visit.act, identifier, source, which, overwrite=overwrite, keep=keep)
    except Fault as fault:
        mistake = visit.undo(fault)
        _checked(visit, identifier)
        plan = service.preview(visit.session, visit.act, identifier, source, which)
        return preview_page.show(visit, plan, getattr(fault, "status", 422), mistake, posted)
    return visit.go(f"/assessments/{identifier}", "carried-over")


def _which(visit: Visit) -> Which:
    """What a person of that role carries."""
    return Which.OWN if visit.role is Role.FACTORY else Which.ASSESSED


def _checked(visit: Visit, identifier: UUID) -> Which:
    """The same, for whoever may answer now.

    Raises:
        NoSuchAssessment, NotYourAnswers, AnswersClosed, NotAccredited: as they say.
    """
    which = _which(visit)
    one = assessments.assessment(visit.session, visit.act, identifier)
    check_hands(visit.session, visit.act, one, which.phase)
    return which
