"""The limits in a JSON Schema: of numbers, texts, lists and objects."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from itti.contract.wider import takes_all_of

_LEAST: Final = ("minLength", "minItems", "minProperties")
_MOST: Final = ("maxLength", "maxItems", "maxProperties")
_SAME: Final = ("pattern", "format", "multipleOf", "contentEncoding", "contentMediaType")
"""Limits that cannot be compared: whoever has one fits only where it is the same."""

_BOUNDS: Final = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
WORDS: Final = frozenset({*_LEAST, *_MOST, *_SAME, "uniqueItems"}) | _BOUNDS
"""The words of JSON Schema that are judged here."""


def lost(inner: Mapping[str, Any], outer: Mapping[str, Any]) -> Iterator[str]:
    """Codes of the limits of ``outer`` that values of ``inner`` may break."""
    for word in _LEAST:
        if inner.get(word, 0) < outer.get(word, 0):
            yield "limit"
    for word in _MOST:
        if inner.get(word, math.inf) > outer.get(word, math.inf):
            yield "limit"
    if outer.get("uniqueItems", False) and not inner.get("uniqueItems", False):
        yield "limit"
    if _lowest(inner) < _lowest(outer) or _highest(inner) > _highest(outer):
        yield "limit"
    for word in _SAME:
        wider = word == "pattern" and word in outer and takes_all_of(outer[word], inner.get(word))
        if word in outer and inner.get(word) != outer[word] and not wider:
            yield "form"


def _lowest(schema: Mapping[str, Any]) -> tuple[float, bool]:
    """The lower bound, and whether it is left out itself: in order."""
    return max((schema.get("minimum", -math.inf), False), (schema.get("exclusiveMinimum", -math.inf), True))


def _highest(schema: Mapping[str, Any]) -> tuple[float, bool]:
    """The upper bound, and whether it is itself within: in order."""
    return min((schema.get("maximum", math.inf), True), (schema.get("exclusiveMaximum", math.inf), False))


_KINDS: Final = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}


def kind(value: object) -> str:
    """The type of JSON of a value."""
    return "null" if value is None else _KINDS.get(type(value), "object")


def allows(schema: Mapping[str, Any], value: object) -> bool:
    """Whether a schema without alternatives allows a value that is no list and no object."""
    said = schema.get("type")
    kinds = {said} if isinstance(said, str) else set(said or ())
    if kinds and not kinds & ({kind(value), "number"} if kind(value) == "integer" else {kind(value)}):
        return False
    if isinstance(value, str):
        return _allows_text(schema, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (value, False) >= _lowest(schema) and (value, True) <= _highest(schema) and "multipleOf" not in schema
    return value is None or isinstance(value, bool)


def _allows_text(schema: Mapping[str, Any], text: str) -> bool:
    within = schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", math.inf)
    return within and re.search(schema.get("pattern", ""), text) is not None and "format" not in schema
