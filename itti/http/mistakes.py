"""Mistakes that pydantic finds in a request, as field mistakes with sentences of our own in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from itti.errors import FieldMistake

_KEYS: Final[Mapping[str, tuple[str, str | None]]] = {
    # pydantic's error type → (our key, the context value our sentence calls `limit`)
    "missing": ("missing", None),
    "extra_forbidden": ("unknown", None),
    "json_invalid": ("not-json", None),
    "string_type": ("not-text", None),
    "string_too_short": ("too-short", "min_length"),
    "string_too_long": ("too-long", "max_length"),
    "string_pattern_mismatch": ("wrong-form", "pattern"),
    "int_type": ("not-whole", None),
    "int_parsing": ("not-whole", None),
    "int_from_float": ("not-whole", None),
    "int_parsing_size": ("not-whole", None),
    "bool_type": ("not-boolean", None),
    "bool_parsing": ("not-boolean", None),
    "greater_than": ("too-small", "gt"),
    "greater_than_equal": ("too-small", "ge"),
    "less_than": ("too-big", "lt"),
    "less_than_equal": ("too-big", "le"),
    "enum": ("not-a-choice", "expected"),
    "literal_error": ("not-a-choice", "expected"),
    "uuid_parsing": ("not-an-id", None),
    "uuid_type": ("not-an-id", None),
    "date_type": ("not-a-date", None),
    "date_parsing": ("not-a-date", None),
    "date_from_datetime_parsing": ("not-a-date", None),
    "date_from_datetime_inexact": ("not-a-date", None),
    "too_short": ("too-few", "min_length"),
    "too_long": ("too-many", "max_length"),
    "model_attributes_type": ("not-an-object", None),
    "model_type": ("not-an-object", None),
    "dict_type": ("not-an-object", None),
    "list_type": ("not-a-list", None),
}

OWN_KINDS: Final = frozenset(
    {"not-an-email", "control-characters", "blank", "reversed-dates", "unprintable-signs", "exact-number", "not-a-date"}
)
"""Kinds of mistakes that our own validators raise (as ``PydanticCustomError``), see :mod:`itti.http.fields`."""


def mistakes_of(found: Iterable[Mapping[str, Any]]) -> tuple[FieldMistake, ...]:
    """All of pydantic's findings as field mistakes, in the order found."""
    return tuple(_mistake(error) for error in found)


def _mistake(error: Mapping[str, Any]) -> FieldMistake:
    kind = str(error["type"])
    context = error.get("ctx", {})
    if kind in OWN_KINDS:
        return FieldMistake(pointer_of(error["loc"]), kind, context)
    if kind in {"too_long", "too_short"} and isinstance(error.get("input"), str):
        kind = f"string_{kind}"  # a limit on a text that is cleaned first reads like one on a list
    key, named = _KEYS.get(kind, ("invalid", None))
    details = {} if named is None else {"limit": context.get(named, "")}
    return FieldMistake(pointer_of(error["loc"]), key, details)


def pointer_of(location: Sequence[str | int]) -> str:
    """Where a mistake is: a JSON Pointer for the body; ``?name``, ``/{name}``, ``header:name`` for parameters."""
    where, *path = location
    match where:
        case "query":
            return f"?{path[0]}" if path else "?"
        case "path":
            return f"/{{{path[0]}}}" if path else "/"
        case "header" | "cookie":
            return f"{where}:{path[0]}" if path else str(where)
        case _:
            steps = [step for step in path if not (isinstance(step, str) and step.startswith("function-"))]
            if error_in_text(steps):
                return ""
            return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def error_in_text(steps: Sequence[str | int]) -> bool:
    """Whether the location is a position in text that is not JSON, which points nowhere in a document."""
    return len(steps) == 1 and isinstance(steps[0], int)
