"""Signing in elsewhere, and linking one's account with that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, TypeVar
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from itti.accounts import sessions
from itti.accounts.roles import require_fresh
from itti.accounts.signing import refused_page
from itti.acts import Act, now
from itti.factors import service as factors
from itti.factors.asking import code_page
from itti.factors.errors import CodeNeeded
from itti.http.errors import SignInNeeded
from itti.http.transactions import turnstile
from itti.providers import flow, service
from itti.providers.asking import Directory
from itti.providers.claims import Vouched
from itti.providers.errors import ProviderAnswerOver
from itti.providers.flow import Errand
from itti.settings import Settings
from itti.web.doorstep import mark_of, new_mark, set_mark
from itti.web.visits import Member, Visit, local, visit_of
from questionnaires.errors import Fault

ResultT = TypeVar("ResultT")

router = APIRouter()

_DOOR: Final = "/sign-in/with/{provider}"
_PAGE: Final = "/account#providers"


@router.get(_DOOR)
async def there(request: Request, provider: str, to: Annotated[str, Query()] = "") -> Response:
    """Lead a browser to a provider, to sign in there."""
    settings: Settings = request.app.state.settings
    mark, errand = mark_of(request) or new_mark(), Errand(provider, local(to, "/home"))
    try:
        address = await _asked(request, flow.way_there, settings, request.app.state.providers, errand, mark)
    except Fault as fault:
        return refused_page(request, fault, to)
    response = RedirectResponse(address, status_code=303)
    set_mark(request, response, mark)
    return response


@router.get(f"{_DOOR}/back")
async def back(request: Request, provider: str, state: Annotated[str, Query(max_length=4000)] = "") -> Response:
    """Let in, or link, whom the provider has signed in."""
    settings: Settings = request.app.state.settings
    errand = Errand(provider, "")
    try:
        errand = flow.errand_of(settings, state, mark_of(request), provider)
        await turnstile(request).write(lambda session: flow.spend(session, Act(None, zone=settings.zone), errand))
        answer = dict(request.query_params)
        found = await _asked(request, flow.vouched, settings, request.app.state.providers, errand, answer, now())
        if errand.linking:
            return await _link(request, errand, found)
        response = RedirectResponse(errand.to, status_code=303)
        known = flow.provider_of(settings, provider)
        await sessions.sign_in_vouched(
            request, response, lambda session, act: service.welcome(session, act, found, known), strong=found.strong
        )
    except CodeNeeded as fault:
        return code_page(request, fault.ticket, errand.to, fault)
    except Fault as fault:
        if errand.linking:
            raise
        return refused_page(request, fault, errand.to)
    return response


async def _link(request: Request, errand: Errand, found: Vouched) -> Response:
    """Link the account of whoever is signed in, if it is still who went there."""
    settings: Settings = request.app.state.settings

    def work(session: Session) -> None:
        act = sessions.entrant(request, session, settings)
        if act.actor is None:
            raise SignInNeeded
        if str(act.actor.id) != errand.linking:
            raise ProviderAnswerOver
        factors.demand_if_required(session, settings, act)
        service.link(session, act, found, flow.provider_of(settings, found.provider))

    await turnstile(request).write(work)
    return RedirectResponse(_PAGE, status_code=303)


@router.post("/account/providers/{provider}")
async def link(request: Request, provider: str) -> Response:
    """Show the way to a provider, to link one's account with it.

    A page and no redirect: browsers hold redirects of forms to the rule for forms, which lead nowhere else from here.
    The provider may have to be asked for its addresses; nothing in the database is held meanwhile.
    """
    settings: Settings = request.app.state.settings

    def look(session: Session) -> Visit:
        act = sessions.person(sessions.visitor(request, session, settings))
        visit = visit_of(request, session, act)
        require_fresh(act)
        return visit

    visit = await turnstile(request).read(look)
    assert visit.reader is not None  # noqa: S101 - `person` promises it
    mark = mark_of(request) or new_mark()
    errand = Errand(provider, "/account", linking=str(visit.reader.id))
    address = await _asked(request, flow.way_there, settings, request.app.state.providers, errand, mark)
    response = visit.show("providers/go.html", address=address, provider=flow.provider_of(settings, provider))
    response.headers["Refresh"] = f"0; url={address}"
    set_mark(request, response, mark)
    return response


async def _asked(request: Request, work: Callable[..., ResultT], *given: object) -> ResultT:
    """The result of ``work``, which asks a provider. Few at a time: one that is slow keeps no other page waiting."""
    directory: Directory = request.app.state.providers
    return await run_sync(work, *given, limiter=directory.places)


@router.post("/account/identities/{identity_id}/removal")
def unlink(identity_id: UUID, visit: Member) -> Response:
    """Take one of one's own sign-ins elsewhere away."""
    service.unlink(visit.session, visit.act, visit.settings, identity_id)
    return visit.go(_PAGE, "identity-unlinked")
