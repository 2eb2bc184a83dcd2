"""Passkeys as pages: one's own, and signing in with one."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from itti.accounts import sessions, uses
from itti.accounts.signing import refused_page
from itti.factors import service as factors
from itti.http.bearer import SettingsOf
from itti.http.fields import Input
from itti.passkeys import ceremonies, registering, service
from itti.passkeys.challenges import Answer, Purpose
from itti.passkeys.errors import ChallengeOver
from itti.passkeys.schemas import ChallengeView, Named
from itti.web.doorstep import mark_of, new_mark, set_mark
from itti.web.forms import Form, Posted, taken, typed
from itti.web.visits import UnarmedMember, Visit, local
from questionnaires.errors import Fault

router = APIRouter()

PAGE: Final = "/account/passkeys"


class NameInput(Input):
    """What somebody calls a passkey."""

    name: Named


@router.post("/sign-in/passkey/challenge")
def ask(request: Request, settings: SettingsOf) -> Response:
    """What the script asks the browser's passkeys; for this browser alone."""
    mark = mark_of(request) or new_mark()
    response = JSONResponse(ChallengeView.of(service.ask(settings, Purpose.SIGN_IN, mark)).model_dump())
    set_mark(request, response, mark)
    return response


@router.post("/sign-in/passkey")
async def sign_in(request: Request, posted: Posted) -> Response:
    """Check the passkey, and go on to where the person wanted to be."""
    to = posted.get("to", "")
    response = RedirectResponse(local(to, "/home"), status_code=303)
    try:
        mark = mark_of(request)
        if mark is None:
            raise ChallengeOver
        await sessions.sign_in_by_passkey(request, response, _answer(posted, mark), posted.get("after") or None)
    except Fault as fault:
        return refused_page(request, fault, to)
    return response


@router.get(PAGE)
def show(visit: UnarmedMember) -> Response:
    """One's own passkeys."""
    return _page(visit)


@router.post(f"{PAGE}/challenge")
def begin(request: Request, visit: UnarmedMember) -> Response:
    """What the script asks the browser to make; for this session alone."""
    asked = registering.begin(visit.session, visit.act, visit.settings, uses.let_in_by(request))
    return JSONResponse(ChallengeView.of(asked).model_dump())


@router.post(PAGE)
def add(request: Request, posted: Posted, visit: UnarmedMember) -> Response:
    """Register what the browser made."""
    try:
        name = taken(NameInput, posted, ("name",)).name
        answer = _answer(posted, uses.let_in_by(request))
        registering.add(visit.session, visit.act, visit.settings, answer, name)
    except Fault as fault:
        visit.undo(fault)
        form = Form.refused(typed(posted, ("name",)), fault, visit.language)
        return _page(visit, getattr(fault, "status", 422), form)
    return visit.go(PAGE, "passkey-added")


@router.post(f"{PAGE}/{{passkey_id}}/removal")
def remove(passkey_id: UUID, visit: UnarmedMember) -> Response:
    """Take one away."""
    registering.remove(visit.session, visit.act, passkey_id)
    return visit.go(PAGE, "passkey-removed")


def _answer(posted: dict[str, str], holder: object) -> Answer:
    return Answer(posted.get("ticket", ""), ceremonies.read(posted.get("credential", "")), str(holder))


def _page(visit: Visit, status: int = 200, form: Form | None = None) -> Response:
    actor = visit.act.actor
    assert actor is not None  # noqa: S101 - `UnarmedMember` promises it
    return visit.show(
        "passkeys/own.html",
        status,
        passkeys=registering.own(visit.session, visit.act),
        standing=factors.standing(visit.session, visit.settings, actor),
        available=ceremonies.available(visit.settings),
        is_stale=visit.act.is_stale,
        form=form or Form(),
    )
