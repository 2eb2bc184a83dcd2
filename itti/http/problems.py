"""Every error as a problem document (RFC 9457), in the language of the reader.

:func:`answer_with_problems` installs the handlers. Below ``/api/`` all errors are JSON; elsewhere a page may be
given for people (``page``), and JSON goes to those who do not ask for HTML.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from itti.errors import FieldMistake, HttpFault
from itti.http import errors
from itti.http.languages import request_language
from itti.http.mistakes import mistakes_of
from questionnaires import wording
from questionnaires.errors import Fault

MEDIA_TYPE: Final = "application/problem+json"
API: Final = "/api/"

_logger = logging.getLogger("itti")


class ProblemField(BaseModel):
    """What is wrong with one field."""

    pointer: str = Field(
        description="JSON Pointer into the request body; for a parameter `?name` (query), `/{name}` (path) or"
        " `header:name`.",
        examples=["/email"],
    )
    code: str = Field(description="Machine-readable kind of the mistake.", examples=["not-an-email"])
    detail: str = Field(
        description="What to write instead, in the language of the reader.",
        examples=["Write an e-mail address, for example name@example.org."],
    )


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field(description="Address of a page about this kind of problem.", examples=["/problems/invalid-input"])
    title: str = Field(
        description="The kind of problem in a few words.", examples=["The input cannot be taken as it is"]
    )
    status: int = Field(description="The HTTP status.", examples=[422])
    detail: str = Field(
        description="What is wrong here, and what to do about it.",
        examples=["Some fields cannot be taken as they are, and nothing was saved."],
    )
    instance: str = Field(description="Path of the request.", examples=["/api/v1/factories"])
    code: str = Field(description="Machine-readable kind of the problem; stable.", examples=["invalid-input"])
    request_id: str = Field(
        description="Name of this request in the log; also in the header X-Request-Id.",
        examples=["6d1c0f1e8f6b4c0f9b0f4a53c9a3f5f1"],
    )
    errors: list[ProblemField] | None = Field(None, description="All mistakes in the fields of the request.")
    current: Any = Field(
        None, description="With 412: the state in force, to compare with.", examples=[{"version": 4, "level": 3}]
    )


ProblemPage = Callable[[Request, Problem, Fault], Response]
"""Draws a problem as a page for a person (or leads them to the sign-in page)."""

Dialects = Mapping[str, Callable[[Request, Fault], Response]]
"""Beginning of addresses → how errors are told there, where a standard asks for another form than ours."""

ProblemReader = Callable[[Request], Awaitable[None]]
"""Finds out who will read that page, where no room has come to ask: its frame shows them as signed in."""


def status_of(fault: Fault | type[Fault]) -> int:
    """The HTTP status of a fault.

    One of a lower floor says that the input cannot be worked with (422), or that the same may succeed later (503).
    """
    return getattr(fault, "status", 503 if getattr(fault, "retryable", False) else 422)


def problem_of(request: Request, fault: Fault, language: str) -> Problem:
    """The problem document for ``fault``."""
    status = status_of(fault)
    fields = [
        ProblemField(
            pointer=mistake.pointer,
            code=mistake.key,
            detail=wording.say(mistake.room, f"field.{mistake.key}", language, **mistake.details),
        )
        for mistake in getattr(fault, "mistakes", ())
    ]
    return Problem(
        type=f"/problems/{fault.code}",
        title=wording.say("itti.http", f"status.{status}", language),
        status=status,
        detail=fault.sentence(language),
        instance=request.url.path,
        code=fault.code,
        request_id=request.state.request_id,
        errors=fields or None,
        current=getattr(fault, "members", {}).get("current"),
    )


def respond(request: Request, fault: Fault) -> Response:
    """The response to ``fault``: a page for people where one is installed, else a problem document."""
    dialects: Dialects = getattr(request.app.state, "dialects", {})
    for beginning, tell in dialects.items():
        if request.url.path.startswith(beginning):
            return tell(request, fault)
    language = request_language(request)
    problem = problem_of(request, fault, language)
    page: ProblemPage | None = request.app.state.problem_page
    if page is not None and _wants_page(request):
        response = page(request, problem, fault)
    else:
        response = Response(
            problem.model_dump_json(exclude_none=True), status_code=problem.status, media_type=MEDIA_TYPE
        )
        response.headers["Content-Language"] = language
        response.headers["Vary"] = "Accept-Language"
    for name, value in getattr(fault, "headers", {}).items():
        response.headers.setdefault(name, value)
    return response


def _wants_page(request: Request) -> bool:
    return not request.url.path.startswith(API) and "text/html" in request.headers.get("accept", "")


def every_fault() -> Iterator[type[Fault]]:
    """All fault classes that have been imported and can be raised under a code of their own."""
    pending: list[type[Fault]] = [Fault]
    seen: set[type[Fault]] = set()
    while pending:
        kind = pending.pop()
        for sub in kind.__subclasses__():
            if sub not in seen:
                seen.add(sub)
                pending.append(sub)
                if "code" in sub.__dict__ and sub.code != HttpFault.code:
                    yield sub


_VERSION: Final = f"{API}v1/"
"""Whoever asks for an address there that is none is told where all are described (RFC 8631)."""

_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")

_BY_STATUS: Final[dict[int, type[HttpFault]]] = {
    400: errors.MalformedRequest,
    401: errors.SignInNeeded,
    403: errors.Forbidden,
    404: errors.NotFound,
    405: errors.MethodNotAllowed,
    406: errors.NotAcceptable,
    413: errors.TooLarge,
    415: errors.UnsupportedType,
}


def fault_of_exception(request: Request, exception: Exception) -> Fault:
    """The fault that says what ``exception`` of a library means for the reader."""
    if isinstance(exception, Fault):
        return exception
    if isinstance(exception, RequestValidationError):
        return errors.InvalidInput.of(*_explained(request, mistakes_of(exception.errors())))
    if isinstance(exception, HTTPException) and exception.status_code in _BY_STATUS:
        fault = _BY_STATUS[exception.status_code]()
        fault.headers.update(exception.headers or {})
        if isinstance(fault, errors.MethodNotAllowed):
            fault.headers["Allow"] = ", ".join(sorted(_taken(request)))
        if isinstance(fault, errors.NotFound) and f"{request.url.path}/".startswith(_VERSION):
            fault.headers["Link"] = f'<{_VERSION}openapi.json>; rel="service-desc"'
        return fault
    return errors.InternalError(request_id=request.state.request_id)


def _explained(request: Request, found: Sequence[FieldMistake]) -> Iterator[FieldMistake]:
    """The mistakes; where no object was seen because the body was not said to be JSON, that."""
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = said == "application/json" or said.endswith("+json")
    for one in found:
        unsaid = one.key == "not-an-object" and one.pointer == "" and not is_json
        yield FieldMistake(one.pointer, "not-said-to-be-json", one.details) if unsaid else one


def _taken(request: Request) -> set[str]:
    """The methods of all routes at an address: a route by itself knows its own alone."""
    found: set[str] = set()
    for method in _METHODS:
        scope = {**request.scope, "method": method, "route": None, "path_params": {}}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            found.add(method)
    return found | ({"HEAD"} if "GET" in found else set())


async def _answer(request: Request, exception: Exception) -> Response:
    fault = fault_of_exception(request, exception)
    if status_of(fault) >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _logger.error("request %s failed", request.state.request_id, exc_info=exception)
    meet: ProblemReader | None = request.app.state.problem_reader
    if meet is not None and _wants_page(request):
        await meet(request)
    return respond(request, fault)


def answer_with_problems(app: FastAPI, page: ProblemPage | None = None, reader: ProblemReader | None = None) -> None:
    """Let ``app`` answer every error with a problem document, or with ``page`` for people."""
    app.state.problem_page = page
    app.state.problem_reader = reader
    for kind in (Fault, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _answer)
