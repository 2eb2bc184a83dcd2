"""Factories and their people as pages."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from itti.accounts import handing, office
from itti.accounts import service as accounts
from itti.accounts.roles import require
from itti.accounts.schemas import PersonInput
from itti.accounts.tables import Role
from itti.assessments import service as assessments
from itti.factories import service
from itti.factories.schemas import FactoryInput
from itti.factories.tables import Factory, Sector
from itti.http.paging import PagingOf
from itti.web.forms import Form, Posted, taken, typed, version_in
from itti.web.visits import Member, Visit
from questionnaires.errors import Fault
from questionnaires.wording import say

router = APIRouter()

_FACTORY: Final = ("name", "name_ar", "licence", "sector", "region", "employees")
_PERSON: Final = ("name", "name_ar", "email", "invite")
_NUMBERS: Final = ("employees",)


@router.get("/factories")
def list_factories(visit: Member, paging: PagingOf) -> Response:
    """The factories this person may see."""
    found = service.factories(visit.session, visit.act, paging)
    return visit.show(
        "factories/list.html",
        rows=found.rows,
        may_register=visit.role is Role.PROGRAMME,
        next_page=f"/factories?after={found.after}" if found.after else None,
    )


@router.get("/factories/new")
def new_factory(visit: Member) -> Response:
    """The form to register a factory."""
    require(visit.act, Role.PROGRAMME)
    return _form(visit, Form(), None)


@router.post("/factories/new")
def register_factory(posted: Posted, visit: Member) -> Response:
    """Register a factory."""
    try:
        new = taken(FactoryInput, posted, _FACTORY, numbers=_NUMBERS)
        made = service.register_factory(visit.session, visit.act, new)
    except Fault as fault:
        return _refused(visit, posted, fault, None)
    return visit.go(f"/factories/{made.id}", "factory-registered")


@router.get("/factories/{factory_id}/change")
def factory_form(factory_id: UUID, visit: Member) -> Response:
    """The form to change a factory's entry."""
    require(visit.act, Role.PROGRAMME)
    factory = service.factory(visit.session, visit.act, factory_id)
    values = {name: getattr(factory, name) for name in _FACTORY}
    values |= {"name_ar": factory.name_ar or "", "sector": factory.sector.value, "version": factory.version}
    return _form(visit, Form(values), factory)


@router.post("/factories/{factory_id}/change")
def change_factory(factory_id: UUID, posted: Posted, visit: Member) -> Response:
    """Change a factory's entry."""
    try:
        change = taken(FactoryInput, posted, _FACTORY, numbers=_NUMBERS)
        expected = version_in(posted) or 0
        service.change_factory(visit.session, visit.act, factory_id, change, expected=expected)
    except Fault as fault:
        return _refused(visit, posted, fault, factory_id)
    return visit.go(f"/factories/{factory_id}", "saved")


def _refused(visit: Visit, posted: Posted, fault: Fault, factory_id: UUID | None) -> Response:
    visit.undo(fault)
    require(visit.act, Role.PROGRAMME)
    factory = service.factory(visit.session, visit.act, factory_id) if factory_id else None
    form = Form.refused(typed(posted, _FACTORY), fault, visit.language)
    # Whoever sends the form again has seen the sentence that somebody else changed the entry.
    form = Form({**form.values, "version": factory.version if factory else ""}, form.errors)
    return _form(visit, form, factory, getattr(fault, "status", 422))


def _form(visit: Visit, form: Form, factory: Factory | None, status: int = 200) -> Response:
    sectors = [(sector.value, say("reports", f"sector.{sector.value}", visit.language)) for sector in Sector]
    return visit.show("factories/form.html", status, form=form, factory=factory, sectors=sectors)


@router.get("/factories/{factory_id}")
def show_factory(factory_id: UUID, visit: Member) -> Response:
    """One factory with its people and assessments."""
    return _show(visit, factory_id)


def _show(visit: Visit, factory_id: UUID, status: int = 200, form: Form | None = None) -> Response:
    factory = service.factory(visit.session, visit.act, factory_id)
    lines = assessments.listed(visit.session, visit.act, assessments.Filters(factory_id=factory.id)).rows
    sees_people = visit.role is not Role.ASSESSOR
    return visit.show(
        "factories/show.html",
        status,
        factory=factory,
        assessments=lines,
        people=service.people(visit.session, visit.act, factory.id) if sees_people else None,
        may_register=visit.role is Role.PROGRAMME,
        form=form or handing.begun(visit),
        **(handing.invited(visit) if visit.role is Role.PROGRAMME else {}),
    )


@router.post("/factories/{factory_id}/people")
def register_person(factory_id: UUID, posted: Posted, visit: Member) -> Response:
    """Open an account for somebody of the factory; the page that answers shows the first password, this once."""
    try:
        new = taken(PersonInput, posted, _PERSON)
        made = service.register_person(visit.session, visit.act, visit.settings, factory_id, new)
    except Fault as fault:
        visit.undo(fault)
        require(visit.act, Role.PROGRAMME)
        form = Form.refused(typed(posted, _PERSON), fault, visit.language)
        return _show(visit, factory_id, getattr(fault, "status", 422), form)
    return handing.over(visit, made, f"/factories/{factory_id}")


@router.post("/factories/{factory_id}/people/{user_id}/password")
def renew_password(factory_id: UUID, user_id: UUID, visit: Member) -> Response:
    """Set a new password for somebody of the factory; the page that answers shows it, this once."""
    require(visit.act, Role.PROGRAMME)
    found = service.one_of_people(visit.session, visit.act, factory_id, user_id)
    renewed = office.renew_password(visit.session, visit.act, visit.settings, found.id)
    return handing.show(visit, renewed.user, renewed.password, f"/factories/{factory_id}", renewed=True)


@router.post("/factories/{factory_id}/people/{user_id}/closure")
def close_account(factory_id: UUID, user_id: UUID, visit: Member) -> Response:
    """Close the account of somebody of the factory for good."""
    require(visit.act, Role.PROGRAMME)
    found = service.one_of_people(visit.session, visit.act, factory_id, user_id)
    accounts.disable_user(visit.session, visit.act, found.id)
    return visit.go(f"/factories/{factory_id}", "account-closed")
