"""JSON Schema (draft 2020-12) of the files that people write, made from the models: editors complete and check with it.

The schema knows the form of every key; what must hold between keys (ids that exist, units, circles) is found by
:mod:`questionnaires.checking`. Its descriptions are the docstrings of the models, read from their source.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Any, Final, get_args

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_EXACT_NAME: Final = "ExactNumber"
_UNSIGNED: Final = r"^\d{1,18}(\.\d{1,18}|/[1-9]\d{0,17})?$"
_LIMITS: Final[Mapping[type, tuple[str, str]]] = {
    Gt: ("gt", "exclusiveMinimum"),
    Ge: ("ge", "minimum"),
    Lt: ("lt", "exclusiveMaximum"),
    Le: ("le", "maximum"),
}


def schema_of(
    model: type[BaseModel],
    title: str,
    short_forms: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    written: bool = False,
) -> dict[str, Any]:
    """The JSON Schema of files that hold one ``model``.

    Args:
        model: what a file holds.
        title: what the schema calls itself.
        short_forms: name of a model → what may stand in its place (a bare level for a whole answer), which
            validators accept and a schema made from the model alone would refuse.
        written: such files are written by the program alone. Then every key is required but those that are left out
            where there is nothing to say, so that readers need not know what a missing key would mean.
    """
    raw = _with_short_forms(model.model_json_schema(by_alias=True), short_forms or {})
    definitions: dict[str, Any] = raw.pop("$defs", {})
    for found in models_in(model):
        shape = definitions[found.__name__] if found is not model else raw
        _describe(shape, found)
        if written:
            _require(shape, found)
    for kind in enums_in(model):
        if kind.__name__ in definitions:
            definitions[kind.__name__] = _alternatives(kind)
    exact = _exact_shape(definitions | {"": raw})
    tidy = {"$schema": DIALECT, **_tidied(raw, exact), "title": title}
    if exact is not None:
        definitions[_EXACT_NAME] = exact | {"description": _plain(_module_docs("questionnaires.words")["Exact"])}
    if definitions:
        tidy["$defs"] = {
            name: _tidied(definitions[name], None if name == _EXACT_NAME else exact) for name in sorted(definitions)
        }
    return tidy


def _with_short_forms(value: Any, short_forms: Mapping[str, Mapping[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_with_short_forms(part, short_forms) for part in value]
    if not isinstance(value, dict):
        return value
    shape = short_forms.get(str(value.get("$ref", "")).rpartition("/")[2])
    if shape is not None:
        return {"anyOf": [dict(shape), value]}
    return {key: _with_short_forms(part, short_forms) for key, part in value.items()}


def models_in(model: type[BaseModel]) -> list[type[BaseModel]]:
    """A model and all models it is made of, each once, outer before inner."""
    found: dict[type[BaseModel], None] = {}
    stack: list[type[BaseModel]] = [model]
    while stack:
        here = stack.pop()
        if here not in found:
            found[here] = None
            inner = [part for field in here.model_fields.values() for part in _types(field.annotation, BaseModel)]
            stack.extend(reversed(inner))
    return list(found)


def enums_in(model: type[BaseModel]) -> list[type[StrEnum]]:
    """The enumerations that a model and its parts use, each once."""
    found: dict[type[StrEnum], None] = {}
    for part in models_in(model):
        for field in part.model_fields.values():
            found |= dict.fromkeys(_types(field.annotation, StrEnum))
    return list(found)


def _types(annotation: object, base: type[Any]) -> Iterator[type[Any]]:
    if isinstance(annotation, type) and issubclass(annotation, base):
        yield annotation
    for part in get_args(annotation):
        yield from _types(part, base)


def about(thing: type) -> str:
    """The docstring of a model or enumeration as plain text."""
    return _plain(inspect.getdoc(thing) or "")


@cache
def about_parts(thing: type) -> Mapping[str, str]:
    """Docstrings below the fields of a model (own or inherited) or below the members of an enumeration."""
    found: dict[str, str] = {}
    for kind in reversed(thing.__mro__):
        if kind.__module__.startswith(("questionnaires.", "scoring.", "reports.")):
            tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
            found |= _docs(tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else [])
    return {name: _plain(text) for name, text in found.items()}


@cache
def _module_docs(name: str) -> Mapping[str, str]:
    return _docs(ast.parse(inspect.getsource(sys.modules[name])).body)


def _docs(body: list[ast.stmt]) -> dict[str, str]:
    """Name → the text below its assignment."""
    found: dict[str, str] = {}
    for statement, below in pairwise(body):
        target: ast.expr | None = None
        if isinstance(statement, ast.AnnAssign):
            target = statement.target
        elif isinstance(statement, ast.Assign):
            target = statement.targets[0]
        text = below.value if isinstance(below, ast.Expr) else None
        if isinstance(target, ast.Name) and isinstance(text, ast.Constant) and isinstance(text.value, str):
            found[target.id] = inspect.cleandoc(text.value)
    return found


def _plain(text: str) -> str:
    """Without the marks of reStructuredText: ``x`` as `x`, references as the name they show."""
    text = re.sub(r":\w+:`~?(?:[\w.]*\.)?(\w+)`", r"`\1`", text)
    return re.sub(r"[ \t]*\n(?!\n)[ \t]*", " ", text.replace("``", "`").replace("\n\n", "\0")).replace("\0", "\n\n")


def _describe(schema: dict[str, Any], model: type[BaseModel]) -> None:
    schema["description"] = about(model)
    texts = about_parts(model)
    for name, field in model.model_fields.items():
        shape = schema["properties"].get(field.alias or name)
        if shape is None:  # a validation alias of several names: the first one is shown
            continue
        shape.pop("title", None)
        if name in texts:
            shape["description"] = texts[name]
        _limit(shape, field)


def _require(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Every key that is always written; a model that writes itself says what it requires by its fields alone."""
    if not model.__pydantic_decorators__.model_serializers:
        schema["required"] = [
            field.alias or name for name, field in model.model_fields.items() if field.exclude_if is None
        ]
    for shape in schema["properties"].values():
        shape.pop("default", None)


def _limit(shape: dict[str, Any], field: FieldInfo) -> None:
    """Limits of exact numbers, which stand beside the shape of a number and are lost on the way."""
    for mark in field.metadata:
        named = _LIMITS.get(type(mark))
        if named is None or "anyOf" not in shape:
            continue
        value = getattr(mark, named[0])
        shape["anyOf"] = [
            part | ({named[1]: value} if part.get("type") == "number" else {"pattern": _UNSIGNED})
            for part in shape["anyOf"]
        ]


def _alternatives(kind: type[StrEnum]) -> dict[str, Any]:
    texts = about_parts(kind)
    values = [
        {"const": member.value} | ({"description": texts[member.name]} if member.name in texts else {})
        for member in kind
    ]
    return {"description": about(kind), "oneOf": values}


def _exact_shape(definitions: Mapping[str, Any]) -> dict[str, Any] | None:
    """The shape that pydantic writes out wherever an exact number without limits stands."""
    from questionnaires.model import Constant  # noqa: PLC0415 - only to see what it looks like

    shape = Constant.model_json_schema()["properties"]["value"]
    wanted = {"anyOf": shape["anyOf"]}
    return wanted if _contains(definitions, wanted["anyOf"]) else None


def _contains(value: object, parts: list[Any]) -> bool:
    if isinstance(value, dict):
        alternatives = value.get("anyOf")
        if isinstance(alternatives, list) and alternatives[: len(parts)] == parts:
            return True
        return any(_contains(part, parts) for part in value.values())
    return isinstance(value, list) and any(_contains(part, parts) for part in value)


def _tidied(value: Any, exact: Mapping[str, Any] | None) -> Any:
    """Without titles and foreign keywords, and with one name for the shape of exact numbers."""
    if isinstance(value, list):
        return [_tidied(part, exact) for part in value]
    if not isinstance(value, dict):
        return value
    kept = {key: part for key, part in value.items() if key != "discriminator" and not _is_title(key, part)}
    if exact is not None and kept.get("anyOf", [])[:2] == exact["anyOf"]:
        rest = kept["anyOf"][2:]
        reference = {"$ref": f"#/$defs/{_EXACT_NAME}"}
        kept = {key: part for key, part in kept.items() if key != "anyOf"}
        kept |= {"anyOf": [reference, *rest]} if rest else reference
    if "patternProperties" in kept:
        kept.setdefault("additionalProperties", False)
    return {key: _tidied(part, exact) for key, part in kept.items()}


def _is_title(key: str, value: object) -> bool:
    """The keyword ``title``, not a property of that name."""
    return key == "title" and isinstance(value, str)
