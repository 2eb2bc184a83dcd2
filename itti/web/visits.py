"""A visit: one person (or stranger) looking at one page, in one transaction, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final
from urllib.parse import quote, urlsplit
from uuid import UUID

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.responses import HTMLResponse, RedirectResponse, Response

from itti.accounts.errors import FreshSignInNeeded
from itti.accounts.sessions import Entrant, Person, Visitor
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.calendar.reckoning import Reckoning
from itti.calendar.zones import Calendar
from itti.http.errors import SignInNeeded
from itti.http.transactions import Transaction
from itti.proofs import service as proofs
from itti.settings import Settings
from itti.web import languages
from itti.web.look import look_of
from itti.web.rendering import called, environment, plain, words
from questionnaires.errors import Fault
from questionnaires.wording import LANGUAGES

NOTICE: Final = "itti_notice"
"""Carries the key of one sentence ("saved", …) over a redirect to the next page, which shows it once."""


@dataclass(frozen=True)
class Reader:
    """The facts about a signed-in person that the frame of a page shows.

    A copy: the row itself cannot be read any more once a refused write was rolled back.
    """

    id: UUID
    email: str
    name: str
    name_ar: str | None
    role: Role
    language: str | None
    time_zone: str | None
    calendar: Calendar | None

    @classmethod
    def of(cls, user: User) -> Reader:
        """The facts about ``user``."""
        return cls(
            user.id, user.email, user.name, user.name_ar, user.role, user.language, user.time_zone, user.calendar
        )


_PLACES: Final[dict[Role | None, tuple[tuple[str, str], ...]]] = {
    None: (
        ("/verify", "nav.verify"),
        ("/accredited-bodies", "nav.accredited-bodies"),
        ("/questionnaires", "nav.questionnaires"),
    ),
    Role.PROGRAMME: (
        ("/home", "nav.home"),
        ("/assessments", "nav.assessments"),
        ("/factories", "nav.factories"),
        ("/bodies", "nav.bodies"),
        ("/assessors", "nav.assessors"),
        ("/certificates", "nav.certificates"),
    ),
    Role.ASSESSOR: (
        ("/home", "nav.home"),
        ("/assessments", "nav.assessments"),
        ("/certificates", "nav.certificates"),
    ),
    Role.FACTORY: (
        ("/home", "nav.home"),
        ("/assessments", "nav.assessments"),
        ("/certificates", "nav.certificates"),
    ),
}
"""What the navigation offers to each role, and to strangers."""


@dataclass(frozen=True)
class Visit:
    """What a page's function gets; :meth:`show` and :meth:`go` are how it answers."""

    request: Request
    session: Session
    act: Act
    reader: Reader | None
    language: str

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        found: Settings = self.request.app.state.settings
        return found

    @property
    def role(self) -> Role:
        """The role of the person; only on pages that ask for one."""
        assert self.reader is not None  # noqa: S101 - `Member` promises it
        return self.reader.role

    @property
    def reckoning(self) -> Reckoning:
        """In which zone and by which calendars the reader is shown days and moments."""
        return self.settings.reckoning.chosen_by(self.reader)

    def day(self, day: date) -> str:
        """A day in the reader's words."""
        return self.reckoning.day_words(day, self.language)

    def say(self, key: str, **details: object) -> str:
        """A sentence of this room as plain text."""
        return plain(self.language, key, **details)

    def called(self, thing: object) -> str:
        """The name of a person or organisation in the reader's language."""
        return called(thing, self.language)

    def show(self, template: str, status: int = 200, **context: object) -> Response:
        """The page made from ``template``."""
        return draw(self.request, self.reader, self.language, template, status, **context)

    def go(self, address: str, notice: str | None = None) -> Response:
        """Lead on to another page after something was done (303, so that a reload does nothing twice)."""
        response = RedirectResponse(address, status_code=303)
        if notice is not None:
            secure = self.settings.base_url.startswith("https:")
            response.set_cookie(NOTICE, notice, max_age=60, path="/", secure=secure, httponly=True, samesite="lax")
        return response

    def undo(self, fault: Fault) -> str:
        """Take back what a refused act may have written, and say why it was refused.

        Raises:
            FreshSignInNeeded: that is no mistake in a form: another page asks for the proof, and then goes on.
        """
        self.session.rollback()
        if isinstance(fault, FreshSignInNeeded):
            raise fault
        return fault.sentence(self.language)


def draw(
    request: Request, reader: Reader | None, language: str, template: str, status: int, **context: object
) -> Response:
    """A page with the frame around it."""
    settings: Settings = request.app.state.settings
    notice = _notice(request, language) if request.method == "GET" else None
    html = (
        environment()
        .get_template(template)
        .render(
            **words(language, settings.reckoning.chosen_by(reader)),
            language=language,
            direction=languages.direction(language),
            look=look_of(request),
            person=reader,
            person_name=lambda someone: called(someone, language),
            places=_places(request, reader),
            other_languages=[_switch(request, code) for code in LANGUAGES if code != language],
            path=request.url.path,
            here=here(request),
            notice=notice,
            **context,
        )
    )
    response = HTMLResponse(html, status)
    response.headers["Content-Language"] = language
    if notice is not None:
        response.delete_cookie(NOTICE, path="/", httponly=True, samesite="lax")
    return response


def here(request: Request) -> str:
    """The address of this page within the site, without a language asked for in it."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "language"]
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in kept)
    return quote(request.url.path) + (f"?{query}" if query else "")


def local(address: str | None, otherwise: str) -> str:
    """``address`` if it leads to a page of this site, else ``otherwise``: nobody is sent elsewhere from here."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return otherwise
    parts = urlsplit(address)
    clean = not parts.scheme and not parts.netloc and all(character.isprintable() for character in address)
    return address if clean else otherwise


def _notice(request: Request, language: str) -> str | None:
    key = request.cookies.get(NOTICE, "")
    if not key or not key.replace("-", "").replace(".", "").isalnum():
        return None
    try:
        return plain(language, f"done.{key}")
    except LookupError:
        return None  # a cookie is the reader's to change


def _switch(request: Request, code: str) -> dict[str, str]:
    back = here(request) if request.method == "GET" else "/home"
    return {"code": code, "name": languages.NAMES[code], "href": f"/language/{code}?to={quote(back, safe='')}"}


def _places(request: Request, reader: Reader | None) -> list[dict[str, object]]:
    path = request.url.path
    return [
        {"href": href, "words": key, "current": path == href or path.startswith(f"{href}/"), "exact": path == href}
        for href, key in _PLACES[reader.role if reader else None]
    ]


def visit_of(request: Request, session: Session, act: Act) -> Visit:
    """The visit of whoever acts, for pages that begin their transactions themselves."""
    reader = Reader.of(act.actor) if act.actor is not None else None
    language = languages.language_of(request, reader.language if reader else None)
    request.state.reader = reader
    if act.actor is not None and act.is_stale and request.method == "POST":
        settings: Settings = request.app.state.settings
        request.state.ways = proofs.ways(session, settings, act.actor)  # what the page may ask for, should it have to
    return Visit(request, session, act, reader, language)


def _anyone(request: Request, session: Transaction, act: Visitor) -> Visit:
    return visit_of(request, session, act)


def _member(request: Request, session: Transaction, act: Person) -> Visit:
    return visit_of(request, session, act)


def _unarmed(request: Request, session: Transaction, act: Entrant) -> Visit:
    return visit_of(request, session, act)


def _unarmed_member(visit: Annotated[Visit, Depends(_unarmed)]) -> Visit:
    if visit.reader is None:
        raise SignInNeeded
    return visit


Unarmed = Annotated[Visit, Depends(_unarmed)]
"""A visit by anyone, even by somebody whose second factor the programme still waits for: sign-out, language."""

UnarmedMember = Annotated[Visit, Depends(_unarmed_member)]
"""A visit by somebody signed in whose second factor may still be missing: for the pages that set it up."""

Anyone = Annotated[Visit, Depends(_anyone)]
"""A visit to a page that everybody may see."""

Member = Annotated[Visit, Depends(_member)]
"""A visit by somebody signed in; others are led to the sign-in page and back."""
