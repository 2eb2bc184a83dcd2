"""What changed between two descriptions of the API, and whether tools that exist can bear it.

A difference in words is a patch, an addition that no tool need notice a minor, whatever a tool made for the older
description may fail at a major. The judgement is strict: what is not known to be harmless is a major.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from itti.contract.findings import Finding, breaking
from itti.contract.schemas import Reading, Way
from questionnaires.versions import Step

Document = Mapping[str, Any]

_SILENT_OF_OPERATIONS: Final = frozenset({"summary", "description", "tags", "examples", "example", "title"})
_PREFIX: Final = "#/components/schemas/"


def differences(old: Document, new: Document) -> list[Finding]:
    """Everything that differs between the released description ``old`` and ``new``, what breaks tools first."""
    found = list(dict.fromkeys(_differences(old, new)))
    if not found and _without_version(old) != _without_version(new):
        found = [Finding("reworded", "", Step.PATCH)]
    return sorted(found, key=lambda each: -each.step.size)


def demanded(found: Sequence[Finding]) -> Step:
    """The step of the version number that all these differences together demand."""
    return max((each.step for each in found), key=lambda step: step.size, default=Step.NONE)


def _without_version(document: Document) -> dict[str, Any]:
    return {**document, "info": {**document["info"], "version": None}}


def _differences(old: Document, new: Document) -> Iterator[Finding]:
    one, other = _Side(old), _Side(new)
    for place in sorted(one.operations.keys() | other.operations.keys()):
        if place not in other.operations:
            yield breaking("operation-gone", place)
        elif place not in one.operations:
            yield Finding("operation-new", place, Step.MINOR)
        else:
            found = list(_of_operation(place, one, other))
            yield from found
            if not found and one.shape(place) != other.shape(place):
                yield Finding("operation-extended", place, Step.MINOR)


class _Side:
    """One description, ready to be compared."""

    def __init__(self, document: Document) -> None:
        self.components: Mapping[str, Any] = {
            f"{_PREFIX}{name}": schema for name, schema in document.get("components", {}).get("schemas", {}).items()
        }
        paths = (
            (f"{method.upper()} {re.sub(r'{[^}]*}', '{}', path)}", operation)
            for path, methods in document.get("paths", {}).items()
            for method, operation in methods.items()
        )
        called = ((f"webhook {name}", each["post"]) for name, each in document.get("webhooks", {}).items())
        self.operations: Mapping[str, Mapping[str, Any]] = dict(chain(paths, called))
        """Operations by method and address; names in addresses mean nothing to who calls them."""

    def shape(self, place: str) -> object:
        """All of an operation that is not just words, with every schema that it rests on."""
        operation = self.operations[place]
        seen: dict[str, Any] = {}
        pending = list(_references(operation))
        while pending:
            name = pending.pop()
            if name not in seen and name in self.components:
                seen[name] = _bare(self.components[name])
                pending += _references(self.components[name])
        return _bare(operation), seen


def _references(thing: object) -> Iterator[str]:
    if isinstance(thing, Mapping):
        for word, value in thing.items():
            if word == "$ref":
                yield value
            else:
                yield from _references(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from _references(value)


def _bare(thing: object, *, names: bool = False) -> object:
    """The same without words for people; in a mapping of ``names`` every key is a name, even "title"."""
    if isinstance(thing, Mapping):
        return {
            key: _bare(value, names=not names and key in {"properties", "responses", "headers", "content"})
            for key, value in thing.items()
            if names or key not in _SILENT_OF_OPERATIONS
        }
    return [_bare(value) for value in thing] if isinstance(thing, list) else thing


def _of_operation(place: str, one: _Side, other: _Side) -> Iterator[Finding]:
    old, new = one.operations[place], other.operations[place]
    if old["operationId"] != new["operationId"]:
        yield breaking("operation-renamed", place)
    if new.get("security") and old.get("security") != new["security"]:
        yield breaking("sign-in", place)
    sent = Reading(Way.SENT, one.components, other.components)
    received = Reading(Way.RECEIVED, other.components, one.components)
    if place.startswith("webhook "):
        yield from _media(f"{place}: body", old["requestBody"]["content"], new["requestBody"]["content"], received)
        return
    yield from _parameters(place, old, new, sent)
    yield from _body(place, old.get("requestBody"), new.get("requestBody"), sent)
    yield from _answers(place, old["responses"], new["responses"], received)


def _parameters(place: str, old: Document, new: Document, reading: Reading) -> Iterator[Finding]:
    before, after = _named(old), _named(new)
    for (where, name), parameter in after.items():
        if parameter.get("required") and not before.get((where, name), {}).get("required"):
            yield breaking("parameter-required", f"{place}: {where} {name}")
    for (where, name), parameter in before.items():
        spot = f"{place}: {where} {name}"
        if (where, name) not in after:
            yield breaking("parameter-gone", spot)
            continue
        schema, now = parameter["schema"], after[where, name]["schema"]
        yield from _losses(spot, schema, now, reading)
        if not parameter.get("required") and schema.get("default") != now.get("default"):
            yield breaking("default", spot)
        if any(parameter.get(word) != after[where, name].get(word) for word in ("style", "explode", "allowReserved")):
            yield breaking("unjudged", spot)


def _named(operation: Document) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Parameters by place and name; those in the path by their order."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for parameter in operation.get("parameters", []):
        where = parameter["in"]
        number = sum(1 for place, _ in found if place == "path")
        found[where, str(number) if where == "path" else parameter["name"]] = parameter
    return found


def _body(place: str, old: Document | None, new: Document | None, reading: Reading) -> Iterator[Finding]:
    spot = f"{place}: body"
    if new is not None and new.get("required") and not (old or {}).get("required"):
        yield breaking("body-required", spot)
    if old is not None and new is None:
        yield breaking("body-gone", spot)
    elif old is not None and new is not None:
        yield from _media(spot, old["content"], new["content"], reading)


def _answers(place: str, old: Document, new: Document, reading: Reading) -> Iterator[Finding]:
    for status, before in old.items():
        spot = f"{place}: {status}"
        if status >= "400":
            continue  # a refusal less does no harm, and all are problems of one form
        if status not in new:
            yield breaking("answer-gone", spot)
            continue
        gone = before.get("headers", {}).keys() - new[status].get("headers", {}).keys()
        yield from (breaking("header-gone", f"{spot}: {name}") for name in sorted(gone))
        yield from _media(spot, before.get("content", {}), new[status].get("content", {}), reading)


def _media(spot: str, old: Document, new: Document, reading: Reading) -> Iterator[Finding]:
    for kind in sorted(old):
        if kind not in new:
            yield breaking("media-gone", f"{spot}: {kind}")
        else:
            yield from _losses(spot, old[kind].get("schema", {}), new[kind].get("schema", {}), reading)


def _losses(spot: str, old: Any, new: Any, reading: Reading) -> Iterator[Finding]:
    """What the schemas lose; who writes must fit into what is read."""
    inner, outer = (old, new) if reading.way is Way.SENT else (new, old)
    fresh = Reading(reading.way, reading.inner, reading.outer)
    for code, way in fresh.losses(inner, outer):
        yield breaking(code, f"{spot} {way}".rstrip())
