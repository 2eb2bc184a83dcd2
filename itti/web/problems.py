"""Problems as pages: for people who met one, and for readers who look one up."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from itti.http.errors import SignInNeeded
from itti.http.problems import Problem, every_fault, status_of
from itti.web.languages import language_of
from itti.web.rendering import plain
from itti.web.visits import Reader, draw, here, local
from questionnaires import wording
from questionnaires.errors import Fault


def problem_page(request: Request, problem: Problem, fault: Fault) -> Response:
    """A problem for the person who met it; strangers who need to sign in are led to the sign-in page and back."""
    if isinstance(fault, SignInNeeded) and request.method == "GET":
        return RedirectResponse(f"/sign-in?to={quote(here(request), safe='')}", status_code=303)
    reader: Reader | None = getattr(request.state, "reader", None)
    language = language_of(request, reader.language if reader else None)
    return draw(
        request,
        reader,
        language,
        "web/problem.html",
        problem.status,
        problem_title=title(problem.status, language),
        sentence=fault.sentence(language),
        mistakes=[
            wording.say(mistake.room, f"field.{mistake.key}", language, **mistake.details)
            for mistake in getattr(fault, "mistakes", ())
        ],
        code=problem.code,
        request_id=problem.request_id,
        back=_back(request, fault),
        back_words=plain(language, "nav.sign-in" if isinstance(fault, SignInNeeded) else "problem.back"),
    )


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
