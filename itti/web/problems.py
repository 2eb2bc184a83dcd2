"""Problems as pages: for people who met one, and for readers who look one up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match

from itti.accounts.errors import FreshSignInNeeded
from itti.accounts.sessions import cookie_name, entrant
from itti.factors.errors import SecondFactorMissing
from itti.http.errors import MethodNotAllowed, SignInNeeded
from itti.http.problems import Problem, every_fault, status_of
from itti.http.transactions import turnstile
from itti.proofs.asking import Waiting, proof_page
from itti.web.languages import language_of
from itti.web.rendering import plain
from itti.web.visits import Reader, draw, here, local
from questionnaires import wording
from questionnaires.errors import Fault

_FORMS_OF: Final[Mapping[str, str]] = {
    "/accreditations/": "/assessors",
    "/evidence/": "/assessments",
    "/sign-out": "/home",
}
"""Beginning of an address that only takes forms → the page to go to, where the address itself does not lead there."""


async def meet(request: Request) -> None:
    """Find out who reads the page about a problem that came up before any room asked (no such address, say)."""
    if hasattr(request.state, "reader") or cookie_name(request.app.state.settings) not in request.cookies:
        return

    def look(session: Session) -> Reader | None:
        act = entrant(request, session, request.app.state.settings)
        return Reader.of(act.actor) if act.actor else None

    try:
        request.state.reader = await turnstile(request).read(look)
    except (Fault, SQLAlchemyError):
        request.state.reader = None  # one problem at a time: the page is then drawn as for a stranger


def problem_page(request: Request, problem: Problem, fault: Fault) -> Response:
    """A problem for the person who met it; strangers who need to sign in are led to the sign-in page and back."""
    if isinstance(fault, SignInNeeded) and request.method == "GET":
        return RedirectResponse(f"/sign-in?to={quote(here(request), safe='')}", status_code=303)
    if isinstance(fault, SecondFactorMissing) and request.method == "GET":
        return RedirectResponse("/account/second-factor", status_code=303)
    if isinstance(fault, FreshSignInNeeded) and getattr(request.state, "ways", None):
        return proof_page(request, request.state.ways, _waiting(request))
    unserved = isinstance(fault, MethodNotAllowed)
    form_page = _form_page(request) if unserved and request.method in {"GET", "HEAD"} else None
    if form_page is not None:
        return RedirectResponse(form_page, status_code=303)
    reader: Reader | None = getattr(request.state, "reader", None)
    language = language_of(request, reader.language if reader else None)
    return draw(
        request,
        reader,
        language,
        "web/problem.html",
        problem.status,
        problem_title=plain(language, "problem.unserved") if unserved else title(problem.status, language),
        sentence=plain(language, "problem.unserved.text") if unserved else fault.sentence(language),
        mistakes=[
            wording.say(mistake.room, f"field.{mistake.key}", language, **mistake.details)
            for mistake in getattr(fault, "mistakes", ())
        ],
        code=problem.code,
        request_id=problem.request_id,
        back=_back(request, fault),
        back_words=plain(language, "nav.sign-in" if isinstance(fault, SignInNeeded) else "problem.back"),
    )


def _waiting(request: Request) -> Waiting:
    """The form that was sent, to be sent again after the proof."""
    return Waiting(here(request), getattr(request.state, "posted", {}))


def _form_page(request: Request) -> str | None:
    """The page that holds the form for an address at which only forms arrive: mostly the next one above it.

    People come by such an address when they go back, or load the page again that answered their form.
    """
    path = request.url.path
    for start, page in _FORMS_OF.items():
        if path.startswith(start):
            return page
    while path := path.rpartition("/")[0]:
        asked = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
        if any(route.matches(dict(asked))[0] is Match.FULL for route in request.app.router.routes):
            return quote(path)
    return None


def _back(request: Request, fault: Fault) -> str | None:
    """The page the person came from, or for somebody whose session has ended the door that leads back to it."""
    came_from = urlsplit(request.headers.get("referer", ""))
    inside = came_from.netloc == request.headers.get("host")
    path = local(came_from.path, "/home") if inside else None
    if isinstance(fault, SignInNeeded):
        return f"/sign-in?to={quote(path or '/home', safe='')}"
    return path if path != request.url.path or request.method != "GET" else None


def title(status: int, language: str) -> str:
    """The kind of problem in a few words."""
    return wording.say("itti.http", f"status.{status}", language)


@dataclass(frozen=True)
class Kind:
    """One kind of problem as the pages about them list it."""

    code: str
    status: int
    title: str
    pattern: str
    """Its sentence with ``…`` where values stand."""


def kinds(language: str) -> dict[str, Kind]:
    """Every kind of problem that this service can answer with, by its code."""
    found = {fault.code: _kind(fault, language) for fault in every_fault()}
    return {code: kind for code, kind in sorted(found.items()) if kind is not None}


def _kind(fault: type[Fault], language: str) -> Kind | None:
    try:
        messages = wording.catalogue(fault.room, language)
        text = messages[f"fault.{fault.code}"]
    except LookupError:
        return None
    status = status_of(fault)
    sentence = text if isinstance(text, str) else text[-1]
    return Kind(fault.code, status, title(status, language), _blanks(sentence))


def _blanks(sentence: str) -> str:
    shown, rest = "", sentence
    while "{" in rest:
        before, _, after = rest.partition("{")
        shown, rest = f"{shown}{before}…", after.partition("}")[2]
    return shown + rest
