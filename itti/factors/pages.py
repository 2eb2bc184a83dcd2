"""Second factors as pages: signing in with one, setting up one's own, and the office's reset of somebody's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import segno
from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from itti.accounts import sessions, uses
from itti.accounts.tables import Role
from itti.factors import service
from itti.factors.asking import code_page
from itti.factors.errors import CodeNeeded, SetUpOver, SignInOver
from itti.factors.schemas import AppCode, Code, OwnPassword
from itti.web.forms import Form, Posted, taken
from itti.web.visits import Member, UnarmedMember, Visit, local
from questionnaires.errors import Fault

router = APIRouter()

PAGE: Final = "/account/second-factor"


@router.post("/sign-in/code")
async def sign_in(request: Request, posted: Posted) -> Response:
    """Check the code, and go on to where the person wanted to be."""
    to, ticket = posted.get("to", ""), posted.get("ticket", "")
    response = RedirectResponse(local(to, "/home"), status_code=303)
    try:
        await sessions.sign_in_by_code(request, response, ticket, posted.get("code", ""))
    except SignInOver:
        return RedirectResponse("/sign-in", status_code=303)
    except Fault as fault:
        needed = CodeNeeded()
        needed.or_passkey = bool(posted.get("or-passkey"))
        return code_page(request, ticket, to, needed, fault)
    return response


@router.get(PAGE)
def show(visit: UnarmedMember) -> Response:
    """One's own second factor."""
    return _page(visit)


@router.post(PAGE)
def begin(request: Request, posted: Posted, visit: UnarmedMember) -> Response:
    """Show a secret to the authenticator app, on the page that answers and never again."""
    try:
        given = taken(OwnPassword, posted, ("password",))
        with request.app.state.sign_in_limit.attempt(_email(visit)):
            begun = service.begin(visit.session, visit.act, visit.settings, given.password)
    except Fault as fault:
        visit.undo(fault)
        form = Form.refused({"password": ""}, fault, visit.language, "begin-")
        return _page(visit, getattr(fault, "status", 422), begin_form=form)
    return _set_up(visit, begun, 201)


@router.post(f"{PAGE}/confirmation")
def confirm(request: Request, posted: Posted, visit: UnarmedMember) -> Response:
    """Put it in force by a first code, and show the recovery codes."""
    try:
        given = taken(AppCode, posted, ("code",))
        with request.app.state.sign_in_limit.attempt(_email(visit)):
            made = service.confirm(visit.session, visit.act, visit.settings, given.code, uses.let_in_by(request))
    except SetUpOver as fault:
        visit.undo(fault)
        return _page(visit, fault.status, begin_form=Form.refused({}, fault, visit.language, "begin-"))
    except Fault as fault:
        visit.undo(fault)
        form = Form.refused({"code": ""}, fault, visit.language, "confirm-")
        begun = service.begun(visit.session, visit.act, visit.settings)
        return _set_up(visit, begun, getattr(fault, "status", 422), form)
    return _codes(visit, made, begun=True)


@router.post(f"{PAGE}/recovery-codes")
def renew_codes(request: Request, posted: Posted, visit: UnarmedMember) -> Response:
    """Make the recovery codes anew, and show them."""
    try:
        given = taken(Code, posted, ("code",))
        with request.app.state.sign_in_limit.attempt(_email(visit)):
            made = service.renew_codes(visit.session, visit.act, visit.settings, given.code)
    except Fault as fault:
        visit.undo(fault)
        form = Form.refused({"code": ""}, fault, visit.language, "renew-")
        return _page(visit, getattr(fault, "status", 422), renew_form=form)
    return _codes(visit, made)


@router.post(f"{PAGE}/removal")
def remove(request: Request, posted: Posted, visit: UnarmedMember) -> Response:
    """Take it away."""
    try:
        given = taken(Code, posted, ("code",))
        with request.app.state.sign_in_limit.attempt(_email(visit)):
            service.remove(visit.session, visit.act, visit.settings, given.code)
    except Fault as fault:
        visit.undo(fault)
        form = Form.refused({"code": ""}, fault, visit.language, "remove-")
        return _page(visit, getattr(fault, "status", 422), remove_form=form)
    return visit.go(PAGE, "second-factor-removed")


@router.post("/people/{user_id}/second-factor/reset")
def reset(user_id: UUID, visit: Member) -> Response:
    """Take away somebody's second factor; back to where their name stood."""
    user = service.reset(visit.session, visit.act, user_id)
    back = {Role.ASSESSOR: f"/assessors/{user.id}", Role.FACTORY: f"/factories/{user.factory_id}"}.get(user.role)
    return visit.go(back or "/colleagues", "second-factor-reset")


def _email(visit: Visit) -> str:
    assert visit.reader is not None  # noqa: S101 - `UnarmedMember` promises it
    return visit.reader.email


def _page(
    visit: Visit,
    status: int = 200,
    *,
    begin_form: Form | None = None,
    renew_form: Form | None = None,
    remove_form: Form | None = None,
) -> Response:
    actor = visit.act.actor
    assert actor is not None  # noqa: S101 - `UnarmedMember` promises it
    return visit.show(
        "factors/own.html",
        status,
        standing=service.standing(visit.session, visit.settings, actor),
        begin_form=begin_form or Form(key="begin-"),
        renew_form=renew_form or Form(key="renew-"),
        remove_form=remove_form or Form(key="remove-"),
    )


def _set_up(visit: Visit, begun: service.Begun, status: int, form: Form | None = None) -> Response:
    code = segno.make(begun.address, error="m", micro=False)
    picture = code.svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=False)
    groups = " ".join(begun.secret[start : start + 4] for start in range(0, len(begun.secret), 4))
    return visit.show(
        "factors/set_up.html",
        status,
        picture=Markup(picture),  # noqa: S704 - drawn here, of nothing but squares
        secret=groups,
        form=form or Form(key="confirm-"),
    )


def _codes(visit: Visit, made: Sequence[str], *, begun: bool = False) -> Response:
    return visit.show("factors/recovery_codes.html", 201, codes=made, begun=begun)
