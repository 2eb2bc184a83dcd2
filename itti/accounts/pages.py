"""Signing in and out, and one's own account."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from itti.accounts import colleague_pages, link_pages, own_sessions, service, sessions, token_pages, uses
from itti.accounts.schemas import PasswordChange, TimeChoice
from itti.accounts.signing import refused_page
from itti.calendar.choices import zone_choices
from itti.calendar.zones import Calendar
from itti.factors.asking import code_page
from itti.factors.errors import CodeNeeded
from itti.passkeys.ceremonies import available
from itti.providers import service as identities
from itti.web.forms import Form, Posted, taken, typed
from itti.web.languages import COOKIE, NAMES
from itti.web.visits import Anyone, Member, Unarmed, Visit, local
from questionnaires.errors import Fault
from questionnaires.wording import LANGUAGES

router = APIRouter()
router.include_router(link_pages.router)
router.include_router(colleague_pages.router)
router.include_router(token_pages.router)

_HOME: Final = "/home"
_PASSWORD: Final = ("current", "new")
_TIME: Final = ("time_zone", "calendar")


@router.get("/sign-in")
def show_sign_in(visit: Anyone, to: Annotated[str, Query()] = "") -> Response:
    """The door. Who is in already goes on."""
    if visit.reader is not None:
        return visit.go(local(to, _HOME))
    return visit.show(
        "accounts/sign_in.html",
        form=Form(),
        to=local(to, ""),
        needed=bool(to),
        passkeys=available(visit.settings),
        providers=visit.settings.providers,
    )


@router.post("/sign-in")
async def sign_in(request: Request, posted: Posted) -> Response:
    """Check the password and go on to where the person wanted to be."""
    to = posted.get("to", "")
    response = RedirectResponse(local(to, _HOME), status_code=303)
    try:
        await sessions.sign_in(request, response, posted.get("email", ""), posted.get("password", ""))
    except CodeNeeded as fault:
        return code_page(request, fault.ticket, to, fault)
    except Fault as fault:
        return refused_page(request, fault, to, posted.get("email", ""))
    return response


@router.post("/sign-out")
def sign_out(request: Request, visit: Unarmed) -> Response:
    """End the session; harmless when it has ended already."""
    response = visit.go("/", "signed-out")
    sessions.sign_out(request, response, visit.session, visit.act, visit.settings)
    return response


@router.get("/account")
def show_account(visit: Member) -> Response:
    """Password, API tokens, language."""
    return _account(visit)


def _account(
    visit: Visit,
    status: int = 200,
    *,
    password_form: Form | None = None,
    time_form: Form | None = None,
) -> Response:
    user = visit.reader
    assert user is not None  # noqa: S101 - `Member` promises it
    return visit.show(
        "accounts/account.html",
        status,
        tokens=service.tokens_of(visit.session, visit.act),
        sign_ins=own_sessions.sessions_of(visit.session, visit.act),
        this_one=uses.let_in_by(visit.request),
        password_form=password_form or Form(key="password-"),
        time_form=time_form or Form({"time_zone": user.time_zone or "", "calendar": user.calendar or ""}, key="time-"),
        zones=zone_choices(visit.language, user.time_zone),
        calendars=[(each.value, visit.say(f"time.calendar.{each.value}")) for each in Calendar],
        programme_time=visit.settings.reckoning,
        at=visit.act.at,
        providers=visit.settings.providers,
        identities=identities.own(visit.session, visit.act),
        language_names=list(NAMES.items()),
    )


@router.post("/account/password")
def change_password(request: Request, posted: Posted, visit: Member) -> Response:
    """Change the password; all sessions end, so the person signs in again with the new one."""
    assert visit.act.actor is not None  # noqa: S101 - `Member` promises it
    try:
        change = taken(PasswordChange, posted, _PASSWORD)
        with request.app.state.sign_in_limit.attempt(visit.act.actor.email):
            service.change_password(visit.session, visit.act, visit.settings, change.current, change.new)
    except Fault as fault:
        visit.undo(fault)
        form = Form.refused(dict.fromkeys(_PASSWORD, ""), fault, visit.language, "password-")
        return _account(visit, getattr(fault, "status", 422), password_form=form)
    response = visit.go("/sign-in", "password-changed")
    sessions.sign_out(request, response, visit.session, visit.act, visit.settings)
    return response


@router.post("/account/language")
def change_language(posted: Posted, visit: Member) -> Response:
    """Read in another language from now on, on every device."""
    language = posted.get("language", "")
    if language in LANGUAGES:
        service.change_language(visit.session, visit.act, language)
    response = visit.go("/account", "saved")
    response.delete_cookie(COOKIE, path="/")
    return response


@router.post("/account/time")
def change_time(posted: Posted, visit: Member) -> Response:
    """Read moments in another zone, and days by other calendars, from now on; empty: as the programme has it."""
    try:
        choice = taken(TimeChoice, posted, _TIME, defaults=dict.fromkeys(_TIME))
        service.change_time(visit.session, visit.act, choice.time_zone, choice.calendar)
    except Fault as fault:
        visit.undo(fault)
        form = Form.refused(typed(posted, _TIME), fault, visit.language, "time-")
        return _account(visit, getattr(fault, "status", 422), time_form=form)
    return visit.go("/account#time", "saved")


@router.post("/account/sessions/{session_id}/end")
def end_session(session_id: UUID, visit: Member) -> Response:
    """End one of one's own sessions; it lets nobody in from now on."""
    own_sessions.end_session(visit.session, visit.act, session_id)
    return visit.go("/account#sessions", "session-ended")


@router.post("/account/others/end")
def end_others(visit: Member) -> Response:
    """End all of one's own sessions but this one, and all tokens."""
    own_sessions.end_others(visit.session, visit.act, uses.let_in_by(visit.request))
    return visit.go("/account#sessions", "others-ended")
