"""Whether every value that one JSON Schema allows is allowed by another: the heart of comparing descriptions.

The judgement is strict: what is not known to be harmless is told. The schemas are those of OpenAPI 3.1 as this service
writes them; a word that is not known here has to be the same on both sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, TypeAlias

from itti.contract import limits
from itti.contract.wider import takes_all_of

Schema: TypeAlias = "Mapping[str, Any] | bool"
Loss: TypeAlias = tuple[str, str]
"""Code of what is lost, and the way to it: ``/items/*/role``."""

SILENT: Final = frozenset(
    {"title", "description", "examples", "example", "default", "deprecated", "discriminator", "$comment"}
)
"""Words that allow and forbid nothing."""

_UNIONS: Final = ("anyOf", "oneOf")
_OBJECTS: Final = frozenset({"properties", "required", "additionalProperties"})
_KNOWN: Final = SILENT | limits.WORDS | _OBJECTS | {"$ref", "type", "enum", "const", "items", *_UNIONS}
_OF_NAMES: Final = frozenset({"propertyNames", "patternProperties"})
_TYPES: Final = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})


class Way(Enum):
    """Who writes what the schema describes, and so which side has to bear with the other."""

    SENT = "sent"
    """Tools write it: what they could send has to be taken further on."""

    RECEIVED = "received"
    """The service writes it: what it sends has to be among what tools expect, but for new fields, new words of a list
    of words, and new kinds of things that say their kind: tools leave out what they do not know."""


@dataclass(frozen=True)
class Reading:
    """One comparison: does ``inner`` allow nothing that ``outer`` forbids?"""

    way: Way
    inner: Mapping[str, Any]
    """Components by reference (``#/components/schemas/…``) of the schema that is to fit into the other."""

    outer: Mapping[str, Any]
    begun: set[tuple[str, str]] = field(default_factory=set)
    """Pairs of references under way: schemas that name themselves fit as far as the rest does."""

    def losses(self, inner: Schema, outer: Schema, place: str = "") -> Iterator[Loss]:
        """What ``inner`` allows and ``outer`` does not."""
        names = (_name(inner), _name(outer))
        if all(names):
            if names in self.begun:
                return
            self.begun.add(names)
        one, other = _resolved(inner, self.inner), _resolved(outer, self.outer)
        if one is False or other is True or not _said(other):
            return
        if other is False:
            yield "forbidden", place
            return
        yield from self._losses({} if one is True else one, other, place)

    def _losses(self, inner: Mapping[str, Any], outer: Mapping[str, Any], place: str) -> Iterator[Loss]:
        parts, whole = _parts(inner), _parts(outer)
        if len(parts) == 1 and len(whole) == 1:
            yield from self._single(parts[0], whole[0], place)
            return
        for part in parts:
            fits = [list(Reading(self.way, self.inner, self.outer, set(self.begun)).losses(part, one)) for one in whole]
            if not any(found == [] for found in fits) and not self._borne(part, outer):
                alike = [found for one, found in zip(whole, fits, strict=True) if _name(one) == _name(part) != ""]
                for code, way in alike[0] if alike else [("alternative-lost", "")]:
                    yield code, place + way

    def _borne(self, part: Schema, outer: Mapping[str, Any]) -> bool:
        """Whether a new alternative says its kind, so that tools can leave it out."""
        said = outer.get("discriminator", {}).get("propertyName")
        known = {_tag(_resolved(one, self.outer), said) for one in _parts(outer)}
        return self.way is Way.RECEIVED and said is not None and _tag(_resolved(part, self.inner), said) not in known

    def _single(self, given_inner: Schema, given_outer: Schema, place: str) -> Iterator[Loss]:
        inner, outer = _resolved(given_inner, self.inner), _resolved(given_outer, self.outer)
        if isinstance(inner, bool) or isinstance(outer, bool) or set(_UNIONS) & (inner.keys() | outer.keys()):
            yield from self.losses(inner, outer, place)
            return
        yield from self._names(inner, outer, place)
        for word in sorted((inner.keys() | outer.keys()) - _KNOWN - _OF_NAMES):
            if inner.get(word) != outer.get(word):
                yield "unjudged", f"{place} ({word})"
        words = _words(inner)
        if words is None:
            if not _kinds(inner) <= _kinds(outer):
                yield "type", place
                return
            if _words(outer) is not None:
                yield "words", place
            yield from ((code, place) for code in limits.lost(inner, outer))
        else:
            yield from self._lost_words(words, outer, place)
        if "object" in _kinds(inner) & _kinds(outer):
            yield from self._fields(inner, outer, place)
        if "array" in _kinds(inner) & _kinds(outer) and "items" in outer:
            yield from self.losses(inner.get("items", True), outer["items"], f"{place}/*")

    def _names(self, inner: Mapping[str, Any], outer: Mapping[str, Any], place: str) -> Iterator[Loss]:
        """What is lost of the names that fields may have, and of the fields that are told by a pattern of theirs."""
        yield from self.losses(inner.get("propertyNames", True), outer.get("propertyNames", True), f"{place}/<name>")
        one, other = inner.get("patternProperties", {}), outer.get("patternProperties", {})
        if one.keys() == other.keys():
            for pattern in sorted(one):
                yield from self.losses(one[pattern], other[pattern], f"{place}/*")
        elif len(one) == len(other) == 1 and self._named(next(iter(one)), next(iter(other))):
            yield from self.losses(next(iter(one.values())), next(iter(other.values())), f"{place}/*")
        else:
            yield "unjudged", f"{place} (patternProperties)"

    def _named(self, inner: str, outer: str) -> bool:
        """Whether names by the one pattern are borne by who reads the other: answers may have more, as with words."""
        return takes_all_of(outer, inner) or (self.way is Way.RECEIVED and takes_all_of(inner, outer))

    def _lost_words(self, words: Sequence[Any], outer: Mapping[str, Any], place: str) -> Iterator[Loss]:
        known = _words(outer)
        if known is None:
            if any(not limits.allows(outer, word) for word in words):
                yield "words", place
            return
        known_kinds = {limits.kind(word) for word in known}
        new = [word for word in words if word not in known]
        grown = self.way is Way.RECEIVED and len(known) > 1 and all(limits.kind(word) in known_kinds for word in new)
        if new and not grown:
            yield "words", place

    def _fields(self, inner: Mapping[str, Any], outer: Mapping[str, Any], place: str) -> Iterator[Loss]:
        for name in sorted(set(outer.get("required", ())) - set(inner.get("required", ()))):
            yield "required", f"{place}/{name}"
        of_inner, of_outer = inner.get("properties", {}), outer.get("properties", {})
        rest_inner, rest_outer = inner.get("additionalProperties", True), outer.get("additionalProperties", True)
        if self.way is Way.RECEIVED:
            rest_outer = True if rest_outer is False else rest_outer
        gone = of_inner.keys() - of_outer.keys() if self.way is Way.SENT else of_outer.keys() - of_inner.keys()
        yield from (("field-gone", f"{place}/{name}") for name in sorted(gone))
        for name in sorted((of_inner.keys() | of_outer.keys()) - gone):
            one, other = of_inner.get(name, rest_inner), of_outer.get(name, rest_outer)
            yield from self.losses(one, other, f"{place}/{name}")
        if rest_outer is not True:
            yield from self.losses(rest_inner, rest_outer, f"{place}/*")


def _name(schema: Schema) -> str:
    """The reference that a schema is, or nothing."""
    return str(schema.get("$ref", "")) if isinstance(schema, Mapping) else ""


def _tag(schema: Schema, field: str | None) -> str:
    """The kind that an alternative says of itself, as text."""
    said = schema.get("properties", {}).get(field, {}) if isinstance(schema, Mapping) else {}
    return str(_words(said))


def _resolved(schema: Schema, components: Mapping[str, Any]) -> Schema:
    """The schema itself, not a reference to it; words beside a reference count too."""
    while isinstance(schema, Mapping) and "$ref" in schema:
        beside = {word: value for word, value in schema.items() if word != "$ref" and word not in SILENT}
        schema = {**components[schema["$ref"]], **beside}
    return schema


def _said(schema: Schema) -> bool:
    return isinstance(schema, bool) or bool(schema.keys() - SILENT)


def _parts(schema: Mapping[str, Any]) -> list[Schema]:
    """The alternatives of a schema, each with what stands beside them."""
    for union in _UNIONS:
        if union in schema:
            beside = {word: value for word, value in schema.items() if word != union and word not in SILENT}
            return [{**beside, **part} if beside else part for part in schema[union]]
    return [schema]


def _words(schema: Mapping[str, Any]) -> Sequence[Any] | None:
    """The values that are listed, or None."""
    if "const" in schema:
        return [schema["const"]]
    listed: Sequence[Any] | None = schema.get("enum")
    return listed


def _kinds(schema: Mapping[str, Any]) -> frozenset[str]:
    """The types of JSON that a schema allows; a number may be a whole one."""
    if "type" not in schema:
        words = _words(schema)
        return _TYPES if words is None else frozenset(limits.kind(word) for word in words)
    said = schema["type"]
    kinds = frozenset([said] if isinstance(said, str) else said)
    return kinds | {"integer"} if "number" in kinds else kinds
