"""Declaring, and the record of engagements, as pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from itti.accounts.roles import require
from itti.accounts.tables import Role
from itti.accreditation import service as accreditation
from itti.assessments import reading
from itti.factories import service as factories
from itti.http.paging import MOST, Paging
from itti.independence import service
from itti.independence.errors import HolderUnknown
from itti.independence.schemas import DeclarationInput, EngagementInput, StrikeInput, Whose
from itti.independence.tables import Tie
from itti.programme import rules
from itti.web.forms import Form, Posted, taken, typed
from itti.web.visits import Member, Visit
from questionnaires import wording
from questionnaires.errors import Fault

router = APIRouter()

_ALL: Final = Paging(MOST, None)
_ENGAGEMENT: Final = ("tie", "until", "note")


def _ties(visit: Visit) -> list[tuple[str, str]]:
    return [(tie.value, wording.say("itti.independence", f"tie.{tie.value}", visit.language)) for tie in Tie]


@router.get("/assessments/{identifier}/declaration")
def show_declaration(identifier: UUID, visit: Member) -> Response:
    """The form to declare."""
    return _declaration(visit, identifier)


@router.post("/assessments/{identifier}/declaration")
def declare(identifier: UUID, posted: Posted, visit: Member) -> Response:
    """Declare, and go back to the assessment."""
    one = reading.assessment(visit.session, visit.act, identifier)
    ties = _ticked(posted)
    if bool(ties) == bool(posted.get("none")):
        return _declaration(visit, identifier, 422, visit.say("declaration.choose"))
    try:
        given = taken(DeclarationInput, {}, (), defaults={"ties": ties})
        service.declare(visit.session, visit.act, one, given)
    except Fault as fault:
        mistake = visit.undo(fault)
        return _declaration(visit, identifier, getattr(fault, "status", 422), mistake)
    return visit.go(f"/assessments/{identifier}", "declared")


def _ticked(posted: Mapping[str, str]) -> list[dict[str, object]]:
    """The ties ticked in the form, each with its last day if one was given."""
    return [
        {"tie": tie.value, "whose": whose.value, "until": posted.get(f"until.{tie.value}.{whose.value}", "") or None}
        for tie in Tie
        for whose in Whose
        if posted.get(f"{tie.value}.{whose.value}")
    ]


def _declaration(visit: Visit, identifier: UUID, status: int = 200, mistake: str | None = None) -> Response:
    require(visit.act, Role.ASSESSOR)
    one = reading.assessment(visit.session, visit.act, identifier)
    return visit.show(
        "independence/declaration.html",
        status,
        assessment=one,
        factory=reading.parties_of(visit.session, one).factory,
        months=rules(visit.session).independence_months,
        ties=_ties(visit),
        mistake=mistake,
    )


@router.get("/factories/{factory_id}/engagements")
def list_engagements(factory_id: UUID, visit: Member) -> Response:
    """The record of engagements for a factory, with the form to add to it."""
    require(visit.act, Role.PROGRAMME)
    return _engagements(visit, factory_id)


@router.post("/factories/{factory_id}/engagements")
def engage(factory_id: UUID, posted: Posted, visit: Member) -> Response:
    """Enter an engagement."""
    kind, _, identifier = posted.get("holder", "").partition(":")
    holder = {"user": "user_id", "body": "body_id"}.get(kind)
    try:
        if holder is None:
            raise HolderUnknown
        new = taken(EngagementInput, posted, _ENGAGEMENT, defaults={holder: identifier})
        service.engage(visit.session, visit.act, factory_id, new)
    except Fault as fault:
        visit.undo(fault)
        require(visit.act, Role.PROGRAMME)
        form = Form.refused(typed(posted, ("holder", *_ENGAGEMENT)), fault, visit.language)
        return _engagements(visit, factory_id, getattr(fault, "status", 422), form)
    return visit.go(f"/factories/{factory_id}/engagements", "engagement-entered")


@router.post("/engagements/{engagement_id}/strike")
def strike(engagement_id: UUID, posted: Posted, visit: Member) -> Response:
    """Take back an entry that was wrong."""
    reason = taken(StrikeInput, posted, ("reason",)).reason
    struck = service.strike(visit.session, visit.act, engagement_id, reason)
    return visit.go(f"/factories/{struck.factory_id}/engagements", "engagement-struck")


def _engagements(visit: Visit, factory_id: UUID, status: int = 200, form: Form | None = None) -> Response:
    factory = factories.factory(visit.session, visit.act, factory_id)
    bodies = accreditation.bodies(visit.session, visit.act, _ALL).rows
    people = accreditation.assessors(visit.session, visit.act, _ALL).rows
    names = {each.id: visit.called(each) for each in (*bodies, *people)}
    rows = [
        (each, names.get(each.user_id or each.body_id or factory_id, ""), dict(_ties(visit))[each.tie.value])
        for each in service.engagements(visit.session, visit.act, factory_id)
    ]
    return visit.show(
        "independence/engagements.html",
        status,
        factory=factory,
        rows=rows,
        months=rules(visit.session).independence_months,
        holders=[
            *((f"user:{each.id}", visit.called(each)) for each in people),
            *((f"body:{each.id}", visit.called(each)) for each in bodies),
        ],
        ties=_ties(visit),
        form=form or Form(),
        blank=lambda key: Form(key=key),
    )
