"""The people of the programme office as a page."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from itti.accounts import colleagues, handing, office, service
from itti.accounts.roles import require
from itti.accounts.schemas import PersonInput
from itti.accounts.tables import Role
from itti.web.forms import Form, Posted, taken, typed
from itti.web.visits import Member, Visit
from questionnaires.errors import Fault

router = APIRouter()

PERSON: Final = ("name", "name_ar", "email", "invite")


@router.get("/colleagues")
def list_colleagues(visit: Member) -> Response:
    """Everybody of the programme office."""
    return _list(visit, handing.begun(visit))


def _list(visit: Visit, form: Form, status: int = 200) -> Response:
    people = colleagues.colleagues(visit.session, visit.act)
    return visit.show("accounts/colleagues.html", status, people=people, form=form, **handing.invited(visit))


@router.post("/colleagues")
def register_colleague(posted: Posted, visit: Member) -> Response:
    """Open an account of the programme office: by invitation, or with a first password that the answer shows once."""
    try:
        new = taken(PersonInput, posted, PERSON)
        made = colleagues.register_colleague(visit.session, visit.act, visit.settings, new)
    except Fault as fault:
        visit.undo(fault)
        require(visit.act, Role.PROGRAMME)
        return _list(visit, Form.refused(typed(posted, PERSON), fault, visit.language), getattr(fault, "status", 422))
    return handing.over(visit, made, "/colleagues")


@router.post("/colleagues/{user_id}/password")
def renew_password(user_id: UUID, visit: Member) -> Response:
    """Set a new password for a colleague; the page that answers shows it, this once."""
    found = colleagues.colleague(visit.session, visit.act, user_id)
    renewed = office.renew_password(visit.session, visit.act, visit.settings, found.id)
    return handing.show(visit, renewed.user, renewed.password, "/colleagues", renewed=True)


@router.post("/colleagues/{user_id}/closure")
def close_account(user_id: UUID, visit: Member) -> Response:
    """Close the account of a colleague for good."""
    found = colleagues.colleague(visit.session, visit.act, user_id)
    service.disable_user(visit.session, visit.act, found.id)
    return visit.go("/colleagues", "account-closed")
