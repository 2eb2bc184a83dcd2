"""Start page, home by role, language, problems, questionnaires."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from itti.http.errors import NotFound
from itti.web import home, languages, problems, questionnaire_page
from itti.web.look import look_of
from itti.web.rendering import STATIC
from itti.web.visits import Anyone, Member, Unarmed, local
from questionnaires import load, published
from questionnaires.wording import LANGUAGES

router = APIRouter()


@router.get("/")
def start(visit: Anyone) -> Response:
    """What this is, for everybody."""
    return visit.show("web/start.html", example_number=f"{visit.settings.certificate_prefix}-2026-00001")


@router.get("/home")
def show_home(visit: Member) -> Response:
    """What waits for this person, and an overview."""
    return visit.show("web/home.html", 200, **home.home(visit))


@router.get("/language/{code}")
def choose_language(code: str, visit: Unarmed, to: str = "/") -> Response:
    """Remember the language and go back to the page the reader came from."""
    if code not in LANGUAGES:
        raise NotFound
    response = visit.go(local(to, "/"))
    response.set_cookie(
        languages.COOKIE,
        code,
        max_age=languages.COOKIE_SECONDS,
        path="/",
        secure=visit.settings.base_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )
    return response


@router.get("/problems")
def list_problems(visit: Anyone) -> Response:
    """All kinds of problems, for people who build tools."""
    return visit.show("web/problems.html", entries=list(problems.kinds(visit.language).values()))


@router.get("/problems/{code}")
def show_problem(code: str, visit: Anyone) -> Response:
    """One kind of problem: what the ``type`` of a problem document leads to."""
    kind = problems.kinds(visit.language).get(code)
    if kind is None:
        raise NotFound
    return visit.show("web/problem_kind.html", entry=kind)


@router.get("/questionnaires")
def list_questionnaires(visit: Anyone) -> Response:
    """The published questionnaires."""
    found = [load(family, version) for family, version in reversed(published())]
    entries = [
        {
            "family": definition.family,
            "version": definition.version,
            "title": definition.words(visit.language).title,
            "summary": definition.words(visit.language).summary,
            "count": len(definition.questions),
        }
        for definition in found
    ]
    return visit.show("web/questionnaires.html", entries=entries)


@router.get("/questionnaires/{family}/{version}")
def show_questionnaire(family: str, version: str, visit: Anyone) -> Response:
    """One questionnaire with every question and what its answers are worth, to read before an assessment."""
    return questionnaire_page.show(visit, load(family, version))


@router.get("/favicon.ico")
def favicon() -> Response:
    """The mark, for browsers that ask before they read the page."""
    return FileResponse(STATIC / "favicon.svg", media_type="image/svg+xml")


@router.get("/look.css")
def show_look(request: Request, v: str = "") -> Response:
    """The programme's colours on pages."""
    return _kept(look_of(request).style.encode(), "text/css; charset=utf-8", v)


@router.get("/look.png")
def show_logo(request: Request, v: str = "") -> Response:
    """The programme's logo on pages."""
    return _kept(look_of(request).logo or b"", "image/png", v)


def _kept(content: bytes, kind: str, asked: str) -> Response:
    """Something of the look, which may be kept for long where the address names it."""
    if not content:
        raise NotFound
    kept = "public, max-age=31536000, immutable" if asked else "no-cache"
    return Response(content, media_type=kind, headers={"Cache-Control": kept})


@router.get("/robots.txt")
def robots() -> Response:
    """What search engines may read: the public pages."""
    return FileResponse(STATIC / "robots.txt", media_type="text/plain")
