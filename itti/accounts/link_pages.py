"""Choosing a password by a link, and asking for such a link."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from itti.accounts import invitations, keepers, links, recovery, service, sessions
from itti.accounts.errors import LinksNotSent
from itti.accounts.schemas import ChosenPassword, ForgottenPassword
from itti.accounts.tables import Role, User
from itti.web.forms import Form, Posted, taken, typed
from itti.web.languages import language_of
from itti.web.visits import Anyone, Member, Visit, draw
from questionnaires.errors import Fault

router = APIRouter()

_CHOSEN: Final = ("link", "new")


@router.get("/set-password")
def show_choice(visit: Anyone, link: Annotated[str, Query(max_length=100)] = "") -> Response:
    """The form behind the link of an invitation or of a recovery."""
    return _choice(visit, link, Form())


@router.post("/set-password")
def choose(request: Request, posted: Posted, visit: Anyone) -> Response:
    """Set the password; the person signs in with it next."""
    try:
        chosen = taken(ChosenPassword, posted, _CHOSEN)
        links.set_password(visit.session, visit.act, visit.settings, chosen.link, chosen.new)
    except Fault as fault:
        visit.undo(fault)
        form = Form.refused({"new": ""}, fault, visit.language)
        return _choice(visit, posted.get("link", ""), form, getattr(fault, "status", 422))
    response = visit.go("/sign-in", "password-set")
    sessions.sign_out(request, response, visit.session, visit.act, visit.settings)
    return response


def _choice(visit: Visit, link: str, form: Form, status: int = 200) -> Response:
    """The form, or the page of the fault where the link is over."""
    owner, found = links.opened(visit.session, visit.act, visit.settings, link)
    return visit.show(
        "accounts/set_password.html", status, form=form, link=link, owner=owner, purpose=found.purpose.value
    )


@router.get("/forgotten-password")
def show_forgotten(visit: Anyone) -> Response:
    """The form to ask for a link; where none can be sent, who else helps."""
    return visit.show("accounts/forgotten.html", form=Form(), may_send=bool(visit.settings.mail_host), sent=False)


@router.post("/forgotten-password")
def forgotten(request: Request, posted: Posted) -> Response:
    """Have a link sent; the answer is the same for every address."""
    language = language_of(request)
    try:
        wanted = taken(ForgottenPassword, posted, ("email",))
        task = recovery.begin(request, wanted.email)
    except LinksNotSent:
        return RedirectResponse("/forgotten-password", status_code=303)
    except Fault as fault:
        form, status = Form.refused(typed(posted, ("email",)), fault, language), getattr(fault, "status", 422)
        page = draw(request, None, language, "accounts/forgotten.html", status, form=form, may_send=True, sent=False)
        page.headers.update(getattr(fault, "headers", {}))
        return page
    page = draw(request, None, language, "accounts/forgotten.html", 200, form=Form(), may_send=True, sent=True)
    page.background = task
    return page


@router.post("/people/{user_id}/tool-keeping")
def set_keeper(user_id: UUID, posted: Posted, visit: Member) -> Response:
    """Let somebody see to the machines of their body, or not any more; back to where the name stands."""
    keeps = posted.get("keeps") == "1"
    user = keepers.set_keeper(visit.session, visit.act, user_id, keeps=keeps)
    return visit.go(place_of(user), "saved")


@router.post("/people/{user_id}/invitation")
def invite(user_id: UUID, visit: Member) -> Response:
    """Send an invitation again; back to where the name stands."""
    invitations.invite(visit.session, visit.act, visit.settings, user_id)
    return visit.go(place_of(service.user_by_id(visit.session, user_id)), "invited")


@router.post("/people/{user_id}/invitation/withdrawal")
def withdraw(user_id: UUID, visit: Member) -> Response:
    """Withdraw an invitation; back to where the name stands."""
    invitations.withdraw(visit.session, visit.act, user_id)
    return visit.go(place_of(service.user_by_id(visit.session, user_id)), "invitation-withdrawn")


def place_of(user: User) -> str:
    """The page of the office on which somebody's account stands."""
    match user.role:
        case Role.PROGRAMME:
            return "/colleagues"
        case Role.ASSESSOR:
            return f"/assessors/{user.id}"
        case Role.FACTORY:
            return f"/factories/{user.factory_id}"
