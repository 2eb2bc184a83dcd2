"""Proving again who one is, on a page."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from itti.accounts import uses
from itti.passkeys import ceremonies
from itti.passkeys import service as passkeys
from itti.passkeys.challenges import Answer, Purpose
from itti.passkeys.schemas import ChallengeView
from itti.proofs import service
from itti.proofs.asking import KEPT, Waiting, go_on_page, proof_page, waiting_in
from itti.proofs.service import Given
from itti.web.forms import Form, Posted
from itti.web.visits import UnarmedMember, local
from questionnaires.errors import Fault

router = APIRouter()

_PAGE: Final = "/prove"
_OTHERWISE: Final = "/account"


@router.get(_PAGE)
def show(visit: UnarmedMember, to: Annotated[str, Query()] = "") -> Response:
    """The form for the proof, before a page that asks for a fresh one."""
    assert visit.act.actor is not None  # noqa: S101 - `UnarmedMember` promises it
    ways = service.ways(visit.session, visit.settings, visit.act.actor)
    waiting = Waiting(local(to, _OTHERWISE), {}, is_form=False)
    return visit.show("proofs/ask.html", ways=[way.value for way in ways], form=Form(), waiting=waiting, kept=KEPT)


@router.post(f"{_PAGE}/challenge")
def challenge(request: Request, visit: UnarmedMember) -> Response:
    """What the script asks the browser's passkeys."""
    asked = passkeys.ask(visit.settings, Purpose.PROVE, str(uses.let_in_by(request)))
    return JSONResponse(ChallengeView.of(asked).model_dump())


@router.post(_PAGE)
def prove(request: Request, posted: Posted, visit: UnarmedMember) -> Response:
    """Check the proof, and go on with what was being done."""
    assert visit.act.actor is not None  # noqa: S101 - `UnarmedMember` promises it
    waiting = waiting_in(posted, _OTHERWISE)
    ways = service.ways(visit.session, visit.settings, visit.act.actor)
    try:
        with request.app.state.sign_in_limit.attempt(visit.act.actor.email):
            here = uses.let_in_by(request)
            service.prove(visit.session, visit.act, visit.settings, _given(posted, here), here)
    except Fault as fault:
        visit.undo(fault)
        return proof_page(request, ways, waiting, fault)
    return go_on_page(request, waiting) if waiting.is_form else visit.go(waiting.target)


def _given(posted: dict[str, str], here: UUID | None) -> Given:
    credential = posted.get("credential", "")
    passkey = Answer(posted.get("ticket", ""), ceremonies.read(credential), str(here)) if credential else None
    return Given(posted.get("password", ""), posted.get("code", ""), passkey)
