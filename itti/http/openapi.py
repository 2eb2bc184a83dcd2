"""The description of the HTTP API (OpenAPI 3.1), at ``/api/v1/openapi.json``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from itti.errors import HttpFault
from itti.http.errors import InternalError, InvalidInput, MalformedRequest, TooLarge
from itti.http.problems import MEDIA_TYPE, Problem, status_of
from itti.http.shared_words import complete
from itti.retries.errors import FAULTS
from itti.retries.words import KNOWN_BY_BODY, PATTERN, REPLAYED
from questionnaires import wording
from questionnaires.errors import Fault

ABOUT: Final[dict[str, Any]] = {
    "title": "itti",
    "version": "1.1.0",  # raised as `itti api release` demands
    "summary": "Assess the technological and sustainable maturity of factories.",
    "openapi_url": "/api/v1/openapi.json",
    "docs_url": None,  # the ready-made pages load scripts from elsewhere
    "redoc_url": None,
}


def problems(*faults: type[Fault]) -> dict[int | str, dict[str, Any]]:
    """What a route declares as ``responses=``: its faults by status, each with a realistic example."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for fault in faults:
        status = status_of(fault)
        entry = by_status.setdefault(
            status,
            {
                "model": Problem,
                "description": wording.say("itti.http", f"status.{status}"),
                "content": {MEDIA_TYPE: {"examples": {}}},
            },
        )
        entry["content"][MEDIA_TYPE]["examples"][fault.code] = {"value": _example(fault)}
    return by_status


def _example(fault: type[Fault]) -> dict[str, object]:
    status = status_of(fault)
    return {
        "type": f"/problems/{fault.code}",
        "title": wording.say("itti.http", f"status.{status}"),
        "status": status,
        "detail": _filled(fault),
        "instance": "/api/v1/…",
        "code": fault.code,
        "request_id": "6d1c0f1e8f6b4c0f9b0f4a53c9a3f5f1",
    }


def _filled(fault: type[Fault]) -> str:
    """The sentence of ``fault`` with example values; an ellipsis where the class gives none."""
    details = defaultdict(lambda: "…", getattr(fault, "example", {}))
    template = wording.catalogue(fault.room, "en")[f"fault.{fault.code}"]
    return (template if isinstance(template, str) else template[-1]).format_map(details)


def describe(app: FastAPI) -> None:
    """Let ``app`` describe its errors as they are: problem documents, not the framework's own shape."""

    def description() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app)
        return app.openapi_schema

    setattr(app, "openapi", description)  # noqa: B010 - the framework's documented way; mypy refuses assignment


def _describe(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        summary=app.summary,
        description=wording.say("itti.http", "openapi.description"),
        routes=app.routes,
        webhooks=app.webhooks.routes,
    )
    for called in document.get("webhooks", {}).values():
        called["post"]["responses"].pop("422", None)  # nothing is refused there: we are who calls
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path in document["paths"].values():
        if "post" in path:
            _declare_key(path["post"])
        if "get" in path:
            _declare_known(path["get"])
        for method in path.keys() & {"post", "put", "patch"}:
            _declare_preference(path[method])
    _each_operation(document, _declare_problems)
    _each_operation(document, _declare_leaving)
    _each_operation(document, _declare_limits)
    complete(document)
    return document


def _each_operation(document: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> None:
    for path in document["paths"].values():
        for operation in path.values():
            change(operation)


def _declare_known(operation: dict[str, Any]) -> None:
    """What has an entity tag is not sent again to who has it (:mod:`itti.http.reading`)."""
    tag = operation["responses"].get("200", {}).get("headers", {}).get("ETag")
    if tag is None:
        return
    parameters = operation.setdefault("parameters", [])
    if not any(each["name"] == "If-None-Match" for each in parameters):
        words = wording.say("itti.http", "openapi.known")
        told = {"name": "If-None-Match", "in": "header", "required": False, "description": words}
        parameters.append({**told, "schema": {"type": "string"}, "example": '"3"'})
    words = wording.say("itti.http", "openapi.unchanged")
    operation["responses"].setdefault("304", {"description": words, "headers": {"ETag": tag}})


def _declare_preference(operation: dict[str, Any]) -> None:
    """A write of what has an entity tag need not send it back (:mod:`itti.http.preferences`)."""
    responses = operation["responses"]
    tagged = {status: words for status, words in responses.items() if "ETag" in words.get("headers", {})}
    if not tagged.keys() & {"200", "201"}:
        return
    operation.setdefault("parameters", []).append(
        {
            "name": "Prefer",
            "in": "header",
            "required": False,
            "description": wording.say("itti.http", "openapi.prefer"),
            "schema": {"type": "string"},
            "example": "return=minimal",
        }
    )
    if "200" in tagged:
        words = wording.say("itti.http", "openapi.minimal")
        responses.setdefault("204", {"description": words, "headers": {"ETag": tagged["200"]["headers"]["ETag"]}})


def _declare_limits(operation: dict[str, Any]) -> None:
    """Where an account is known, what it may still send is said, if the programme sets a limit."""
    if not operation.get("security"):
        return
    for status, response in operation["responses"].items():
        if status < "400" or status == "429":
            for name, word in (("RateLimit-Policy", "limit"), ("RateLimit", "left")):
                words = {"description": wording.say("itti.http", f"openapi.{word}"), "schema": {"type": "string"}}
                response.setdefault("headers", {}).setdefault(name, words)


def _declare_leaving(operation: dict[str, Any]) -> None:
    """What an operation that will go says in every answer (:mod:`itti.http.leaving`)."""
    if not operation.get("deprecated"):
        return
    for response in operation["responses"].values():
        for name in ("Deprecation", "Sunset"):
            response.setdefault("headers", {})[name] = {
                "description": wording.say("itti.http", f"openapi.{name.lower()}"),
                "schema": {"type": "string"},
            }


def _declare_key(operation: dict[str, Any]) -> None:
    """A POST may be sent again where an account is known by which its key can be told from those of others."""
    if not operation.get("security") and operation["operationId"] not in KNOWN_BY_BODY:
        return
    operation.setdefault("parameters", []).append(
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": wording.say("itti.retries", "openapi.key"),
            "schema": {"type": "string", "pattern": PATTERN},
            "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
        }
    )
    responses = operation["responses"]
    for status, response in responses.items():
        if status < "400":
            response.setdefault("headers", {})[REPLAYED] = {
                "description": wording.say("itti.retries", "openapi.replayed"),
                "schema": {"type": "string", "enum": ["true"]},
            }
    for status, described in problems(*FAULTS).items():
        found = responses.setdefault(str(status), {"description": described["description"]})
        content = found.setdefault("content", {}).setdefault(MEDIA_TYPE, {})
        content.setdefault("examples", {}).update(described["content"][MEDIA_TYPE]["examples"])


def _declare_problems(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    reference = {"$ref": "#/components/schemas/Problem"}
    kinds: list[type[HttpFault]] = [InternalError]
    if "422" in responses:
        kinds.append(InvalidInput)
    if "requestBody" in operation:
        kinds += [MalformedRequest, TooLarge]
    for kind in kinds:
        found = responses.setdefault(str(kind.status), {})
        examples = found.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {})
        found["description"] = wording.say("itti.http", f"status.{kind.status}")
        found["content"] = {MEDIA_TYPE: {"examples": examples | {kind.code: {"value": _example(kind)}}}}
    for status, response in responses.items():
        if status >= "400":
            content = response.setdefault("content", {})
            content.pop("application/json", None)
            content.setdefault(MEDIA_TYPE, {})["schema"] = reference
            response.setdefault("headers", {})["X-Request-Id"] = {
                "description": wording.say("itti.http", "openapi.request-id"),
                "schema": {"type": "string"},
            }
