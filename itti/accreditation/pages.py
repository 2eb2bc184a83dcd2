"""Assessment bodies, assessors and accreditations as pages of the programme office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from itti.accounts import handing, office
from itti.accounts import service as accounts
from itti.accounts.roles import require
from itti.accounts.tables import Role, User
from itti.accreditation import granting, service
from itti.accreditation.schemas import (
    AccreditationInput,
    AssessorInput,
    BodyInput,
    ReinstatementInput,
    SuspensionInput,
    WithdrawalInput,
)
from itti.accreditation.tables import Accreditation, AssessmentBody, Suspension
from itti.accreditation.validity import Grant, State
from itti.factories.tables import Sector
from itti.http.paging import MOST, Paging
from itti.web.forms import Form, Posted, taken, typed, version_in
from itti.web.visits import Anyone, Member, Visit
from questionnaires import load, published, wording
from questionnaires.errors import Fault
from questionnaires.loading import latest

router = APIRouter()

_BODY: Final = ("name", "name_ar", "registration")
_ASSESSOR: Final = ("body_id", "name", "name_ar", "email", "invite")
_ACCREDITATION: Final = ("family", "valid_from", "valid_until")
_ALL: Final = Paging(MOST, None)


@dataclass(frozen=True)
class BodyRow:
    """A body in the list, with the number of its assessors."""

    body: AssessmentBody
    assessors: int


@dataclass(frozen=True)
class AssessorRow:
    """An assessor in a list, with how the accreditation stands."""

    assessor: User
    body: AssessmentBody | None
    until: date | None
    """Last day of the accreditation in force, if one is."""

    lapsed: date | None
    """Last day of the latest one, if none is in force."""


@dataclass(frozen=True)
class AccreditationEntry:
    """An accreditation with what holds of it today."""

    id: UUID
    family: str
    scope: str
    """Versions and sectors in words."""

    valid_from: date
    valid_until: date
    state: str
    """Value of :class:`itti.accreditation.validity.State`."""

    reason: str | None
    suspensions: tuple[Suspension, ...]
    may_lift: bool
    """Whether a suspension holds today or is to come."""


def _entry(visit: Visit, each: Grant) -> AccreditationEntry:
    row, today = each.accreditation, visit.act.today
    unlifted = [one for one in each.suspensions if one.lifted_at is None and (one.until or today) >= today]
    return AccreditationEntry(
        row.id,
        _family(row.family, visit.language),
        _scope(visit, row),
        row.valid_from,
        row.valid_until,
        each.state(today).value,
        row.withdrawal_reason,
        each.suspensions,
        bool(unlifted) and row.withdrawn_at is None,
    )


def _scope(visit: Visit, row: Accreditation) -> str:
    """Versions and sectors, in words."""
    comma = visit.say("accreditation.comma")
    majors = comma.join(f"{major}.x" for major in row.majors or ()) or visit.say("accreditation.all-versions")
    sectors = [wording.say("reports", f"sector.{sector}", visit.language) for sector in row.sectors or ()]
    return visit.say(
        "accreditation.scope", versions=majors, sectors=comma.join(sectors) or visit.say("accreditation.all-sectors")
    )


def families(language: str) -> list[tuple[str, str]]:
    """The published families with the title of their newest version."""
    names = sorted({family for family, _ in published()})
    return [(name, load(name, latest(name)).words(language).title) for name in names]


@router.get("/bodies")
def list_bodies(visit: Member) -> Response:
    """All assessment bodies."""
    require(visit.act, Role.PROGRAMME)
    bodies = service.bodies(visit.session, visit.act, _ALL).rows
    numbers = Counter(one.body_id for one in service.assessors(visit.session, visit.act, _ALL).rows)
    return visit.show("accreditation/bodies.html", rows=[BodyRow(body, numbers[body.id]) for body in bodies])


@router.get("/bodies/new")
def new_body(visit: Member) -> Response:
    """The form to register a body."""
    require(visit.act, Role.PROGRAMME)
    return visit.show("accreditation/body_form.html", form=Form(), body=None)


@router.post("/bodies/new")
def register_body(posted: Posted, visit: Member) -> Response:
    """Register a body."""
    try:
        made = service.register_body(visit.session, visit.act, taken(BodyInput, posted, _BODY))
    except Fault as fault:
        return _body_refused(visit, posted, fault, None)
    return visit.go(f"/bodies/{made.id}", "body-registered")


@router.get("/bodies/{body_id}")
def show_body(body_id: UUID, visit: Member) -> Response:
    """One body with its assessors."""
    require(visit.act, Role.PROGRAMME)
    body = service.body(visit.session, visit.act, body_id)
    return _body(visit, body)


def _body(visit: Visit, body: AssessmentBody, status: int = 200, form: Form | None = None) -> Response:
    rows = _rows(visit, service.assessors(visit.session, visit.act, _ALL, service.AssessorFilters(body.id)).rows)
    held = granting.accreditations_of_body(visit.session, visit.act, body.id)
    return visit.show(
        "accreditation/body.html",
        status,
        body=body,
        rows=rows,
        accreditations=[_entry(visit, each) for each in held],
        **_grant_form(visit, form),
    )


def _grant_form(visit: Visit, form: Form | None) -> dict[str, object]:
    """What the form for a new accreditation needs."""
    offered = families(visit.language)
    fresh = {"family": offered[0][0] if len(offered) == 1 else "", "valid_from": visit.act.today.isoformat()}
    majors = sorted({int(version.partition(".")[0]) for _, version in published()})
    return {
        "families": offered,
        "majors": [(str(major), f"{major}.x") for major in majors],
        "sectors": [(each.value, wording.say("reports", f"sector.{each.value}", visit.language)) for each in Sector],
        "form": form or Form(fresh),
        "blank": lambda key: Form(key=key),
    }


@router.post("/bodies/{body_id}/accreditations")
def accredit_body(body_id: UUID, posted: Posted, visit: Member) -> Response:
    """Accredit an assessment body for a family of questionnaires."""
    try:
        granting.accredit_body(visit.session, visit.act, body_id, _granted(posted))
    except Fault as fault:
        visit.undo(fault)
        require(visit.act, Role.PROGRAMME)
        form = Form.refused(typed(posted, _ACCREDITATION), fault, visit.language)
        return _body(visit, service.body(visit.session, visit.act, body_id), getattr(fault, "status", 422), form)
    return visit.go(f"/bodies/{body_id}", "accredited")


def _granted(posted: Mapping[str, str]) -> AccreditationInput:
    """The accreditation that a form asks for; nothing ticked means: all."""
    scope: dict[str, object] = {}
    if major := posted.get("major", ""):
        scope["majors"] = [major]
    if sectors := [name.removeprefix("sector.") for name in posted if name.startswith("sector.")]:
        scope["sectors"] = sectors
    return taken(AccreditationInput, posted, _ACCREDITATION, defaults=scope)


@router.get("/accredited-bodies")
def list_accredited_bodies(visit: Anyone) -> Response:
    """The public register of accredited bodies."""
    today = visit.act.today
    rows = [
        (each.body, any(one.lack(today) is None for one in each.grants), [_entry(visit, one) for one in each.grants])
        for each in granting.public_register(visit.session)
    ]
    return visit.show("accreditation/register.html", rows=rows)


@router.get("/bodies/{body_id}/change")
def body_form(body_id: UUID, visit: Member) -> Response:
    """The form to change a body's entry."""
    require(visit.act, Role.PROGRAMME)
    body = service.body(visit.session, visit.act, body_id)
    values = {**{name: getattr(body, name) or "" for name in _BODY}, "version": body.version}
    return visit.show("accreditation/body_form.html", form=Form(values), body=body)


@router.post("/bodies/{body_id}/change")
def change_body(body_id: UUID, posted: Posted, visit: Member) -> Response:
    """Change a body's entry."""
    try:
        change = taken(BodyInput, posted, _BODY)
        expected = version_in(posted) or 0
        service.change_body(visit.session, visit.act, body_id, change, expected=expected)
    except Fault as fault:
        return _body_refused(visit, posted, fault, body_id)
    return visit.go(f"/bodies/{body_id}", "saved")


def _body_refused(visit: Visit, posted: Posted, fault: Fault, body_id: UUID | None) -> Response:
    visit.undo(fault)
    require(visit.act, Role.PROGRAMME)
    body = service.body(visit.session, visit.act, body_id) if body_id else None
    form = Form.refused(typed(posted, _BODY), fault, visit.language)
    # Whoever sends the form again has seen the sentence that somebody else changed the entry.
    form = Form({**form.values, "version": body.version if body else ""}, form.errors)
    return visit.show("accreditation/body_form.html", getattr(fault, "status", 422), form=form, body=body)


@router.get("/assessors")
def list_assessors(visit: Member) -> Response:
    """All assessors and how their accreditation stands."""
    require(visit.act, Role.PROGRAMME)
    rows = _rows(visit, service.assessors(visit.session, visit.act, _ALL).rows)
    return visit.show("accreditation/assessors.html", rows=rows)


def _rows(visit: Visit, people: Sequence[User]) -> list[AssessorRow]:
    bodies = {body.id: body for body in service.bodies(visit.session, visit.act, _ALL).rows}
    today = visit.act.today
    rows: list[AssessorRow] = []
    for one in people:
        held = granting.accreditations(visit.session, visit.act, one.id)
        until = _last(held, State.VALID, today)
        lapsed = _last(held, State.EXPIRED, today)
        body = bodies.get(one.body_id) if one.body_id else None
        rows.append(AssessorRow(one, body, until, None if until else lapsed))
    return rows


def _last(held: Sequence[Grant], state: State, today: date) -> date | None:
    """The last day of those that are in a state today."""
    return max((each.accreditation.valid_until for each in held if each.state(today) is state), default=None)


@router.get("/assessors/new")
def new_assessor(visit: Member, body: str = "") -> Response:
    """The form to register an assessor."""
    require(visit.act, Role.PROGRAMME)
    return _assessor_form(visit, Form({**handing.begun(visit).values, "body_id": body}))


@router.post("/assessors/new")
def register_assessor(posted: Posted, visit: Member) -> Response:
    """Register an assessor; the page that answers shows the first password, this once, and leads to accreditation."""
    try:
        new = taken(AssessorInput, posted, _ASSESSOR)
        made = service.register_assessor(visit.session, visit.act, visit.settings, new)
    except Fault as fault:
        visit.undo(fault)
        require(visit.act, Role.PROGRAMME)
        form = Form.refused(typed(posted, _ASSESSOR), fault, visit.language)
        return _assessor_form(visit, form, getattr(fault, "status", 422))
    return handing.over(visit, made, f"/assessors/{made.user.id}")


def _assessor_form(visit: Visit, form: Form, status: int = 200) -> Response:
    bodies = service.bodies(visit.session, visit.act, _ALL).rows
    options = [(str(body.id), visit.called(body)) for body in bodies]
    return visit.show("accreditation/assessor_form.html", status, form=form, bodies=options, **handing.invited(visit))


@router.get("/assessors/{assessor_id}")
def show_assessor(assessor_id: UUID, visit: Member) -> Response:
    """One assessor with the accreditations."""
    require(visit.act, Role.PROGRAMME)
    return _assessor(visit, assessor_id)


def _assessor(visit: Visit, assessor_id: UUID, status: int = 200, form: Form | None = None) -> Response:
    found = service.assessor(visit.session, visit.act, assessor_id)
    assert found.body_id is not None  # noqa: S101 - assessors belong to a body
    held = granting.accreditations(visit.session, visit.act, assessor_id)
    return visit.show(
        "accreditation/assessor.html",
        status,
        assessor=found,
        body=service.body(visit.session, visit.act, found.body_id),
        accreditations=[_entry(visit, each) for each in held],
        **_grant_form(visit, form),
        **handing.invited(visit),
    )


@router.post("/assessors/{assessor_id}/password")
def renew_password(assessor_id: UUID, visit: Member) -> Response:
    """Set a new password for an assessor; the page that answers shows it, this once."""
    require(visit.act, Role.PROGRAMME)
    found = service.assessor(visit.session, visit.act, assessor_id)
    renewed = office.renew_password(visit.session, visit.act, visit.settings, found.id)
    return handing.show(visit, renewed.user, renewed.password, f"/assessors/{found.id}", renewed=True)


@router.post("/assessors/{assessor_id}/closure")
def close_account(assessor_id: UUID, visit: Member) -> Response:
    """Close an assessor's account for good."""
    require(visit.act, Role.PROGRAMME)
    found = service.assessor(visit.session, visit.act, assessor_id)
    accounts.disable_user(visit.session, visit.act, found.id)
    return visit.go(f"/assessors/{found.id}", "account-closed")


def _family(family: str, language: str) -> str:
    return dict(families(language)).get(family, family)


@router.post("/assessors/{assessor_id}/accreditations")
def accredit(assessor_id: UUID, posted: Posted, visit: Member) -> Response:
    """Accredit an assessor for a family of questionnaires."""
    try:
        granting.accredit(visit.session, visit.act, assessor_id, _granted(posted))
    except Fault as fault:
        visit.undo(fault)
        require(visit.act, Role.PROGRAMME)
        form = Form.refused(typed(posted, _ACCREDITATION), fault, visit.language)
        return _assessor(visit, assessor_id, getattr(fault, "status", 422), form)
    return visit.go(f"/assessors/{assessor_id}", "accredited")


@router.post("/accreditations/{accreditation_id}/withdrawal")
def withdraw(accreditation_id: UUID, posted: Posted, visit: Member) -> Response:
    """End an accreditation from now on."""
    reason = taken(WithdrawalInput, posted, ("reason",)).reason
    ended = granting.withdraw(visit.session, visit.act, accreditation_id, reason)
    return visit.go(_holder(ended), "accreditation-withdrawn")


@router.post("/accreditations/{accreditation_id}/suspensions")
def suspend(accreditation_id: UUID, posted: Posted, visit: Member) -> Response:
    """Suspend an accreditation."""
    new = taken(SuspensionInput, posted, ("since", "until", "reason"))
    held = granting.suspend(visit.session, visit.act, accreditation_id, new)
    return visit.go(_holder(held), "accreditation-suspended")


@router.post("/accreditations/{accreditation_id}/reinstatement")
def reinstate(accreditation_id: UUID, posted: Posted, visit: Member) -> Response:
    """Lift the suspension of an accreditation."""
    reason = taken(ReinstatementInput, posted, ("reason",)).reason
    held = granting.reinstate(visit.session, visit.act, accreditation_id, reason)
    return visit.go(_holder(held), "accreditation-reinstated")


def _holder(accreditation: Accreditation) -> str:
    """The page of whose it is."""
    if accreditation.body_id is not None:
        return f"/bodies/{accreditation.body_id}"
    return f"/assessors/{accreditation.user_id}"
