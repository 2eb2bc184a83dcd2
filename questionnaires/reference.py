"""The reference pages of definitions and of migrations: prose from a template, everything else from the models.

Lines of the template that begin with ``@`` stand for what the models and the example know:

- ``@word LevelQuestion`` – what the word means, its keys, and its first use in the example;
- ``@use Rescaled rows`` – the first use of a word that states a key;
- ``@values RoundingMode`` – the values of an enumeration with their meaning;
- ``@each Aggregation`` – the same, each with its first use in the example;
- ``@functions`` – the functions of formulas.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from questionnaires.formula.functions import FUNCTIONS
from questionnaires.migration import Migration
from questionnaires.model import Structure, Texts
from questionnaires.places import Document, Path, read
from questionnaires.schema import about, about_parts, enums_in, models_in
from questionnaires.sharing import expand
from questionnaires.upgrading import Mark

_NAMES: Final[Mapping[str, str]] = {
    "Exact": "number",
    "Identifier": "id",
    "Formula": "formula",
    "Unit": "unit",
    "Day": "date",
    "Sentence": "text",
    "LanguageCode": "language",
    "VersionNumber": "version",
    "int": "whole number",
    "Whole": "whole number",
    "bool": "true | false",
    "str": "text",
    "Amount": "number | formula",
    "EvidenceFrom": "number | `answered`",
    "GroupedBy": "id | \\[id, id]",
    "Members": "whole number",
    "TableBy": "id | \\[id, id, …]",
    "TableRows": "{answer: number} | {answer: {answer: …}}",
}
"""Name in the models → sign on the page."""

_GROUPS: Final[Mapping[str, tuple[str, str]]] = {
    "Curve": ("curve", "curves"),
    "Question": ("question", "questions"),
    "MigrationStep": ("step", "steps"),
}
"""Unions → sign on the page, and the heading below which their parts stand."""


@dataclass(frozen=True)
class Reference:
    """What one page explains."""

    roots: tuple[type[BaseModel], ...]
    """The models of the files that it is about."""

    address: str
    """Where other pages find it."""

    further: tuple[type[StrEnum], ...] = ()
    """Enumerations that stand in no file, but belong to the matter."""

    above: Reference | None = None
    """The page that explains the words this one takes for granted."""

    def words(self) -> dict[str, type[BaseModel]]:
        """Every word of the page by the name of its model."""
        known = self.above.words() if self.above is not None else {}
        found = {model.__name__: model for start in self.roots for model in models_in(start)}
        return {name: model for name, model in found.items() if name not in known}

    def enumerations(self) -> dict[str, type[StrEnum]]:
        """Every enumeration of the page by its name."""
        known = self.above.enumerations() if self.above is not None else {}
        found = [kind for start in self.roots for kind in enums_in(start)]
        return {kind.__name__: kind for kind in (*found, *self.further) if kind.__name__ not in known}

    def place(self, name: str) -> str | None:
        """Where a word or enumeration is explained, seen from this page; None: nowhere."""
        if name in self.words() or name in self.enumerations():
            return f"#{name.lower()}"
        found = self.above.place(name) if self.above is not None else None
        return f"{self.above.address}{found}" if self.above is not None and found is not None else None


DEFINITIONS: Final = Reference((Structure, Texts), "language.md")
"""``docs/language.md``."""

MIGRATIONS: Final = Reference((Migration,), "migrations.md", further=(Mark,), above=DEFINITIONS)
"""``docs/migrations.md``."""


class Example:
    """A file of the example, as its author wrote it and as the model it is."""

    def __init__(self, model: type[BaseModel], source: str) -> None:
        self.lines = source.splitlines()
        self.document: Document = read(source.encode(), model.__name__)
        expand(self.document)
        self.uses = list(_parts(model.model_validate(self.document.data), ()))

    def of_word(self, model: type[BaseModel], key: str | None = None) -> str | None:
        """The first use of a word (that states ``key``), cut out of the file; None where there is none."""
        for path, part in self.uses:
            if type(part) is model and (key is None or key in part.model_fields_set):
                return self.cut(path)
        return None

    def of_value(self, value: StrEnum) -> str | None:
        """The first word that states a value of an enumeration, cut out of the file."""
        for path, part in self.uses:
            if any(getattr(part, name) is value for name in part.model_fields_set):
                return self.cut(path)
        return None

    def cut(self, path: Path) -> str:
        """The lines of a place; of the whole file only what is no list of words of its own."""
        if not path:
            return self._top()
        path = self.document.written_at(path)
        inside = [line for place, line in self.document.lines.items() if place[: len(path)] == path]
        return textwrap.dedent("\n".join(self.lines[min(inside) - 1 : max(inside)]))

    def _top(self) -> str:
        data = self.document.data
        keys = [key for key, value in data.items() if not _long(value)] if isinstance(data, dict) else []
        return "\n".join(self.cut((key,)) for key in keys)


def _long(value: object) -> bool:
    if isinstance(value, dict):
        return any(isinstance(part, dict) for part in value.values())
    return isinstance(value, list) and any(isinstance(part, dict) for part in value)


def _parts(value: object, path: Path) -> Iterator[tuple[Path, BaseModel]]:
    """Every word within a value, with its place in the file."""
    if isinstance(value, BaseModel):
        yield path, value
        for name, field in type(value).model_fields.items():
            if name in value.model_fields_set:
                yield from _parts(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, tuple):
        for position, part in enumerate(value):
            yield from _parts(part, (*path, position))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _parts(part, (*path, str(key)))


def page(reference: Reference, template: str, *files: str) -> str:
    """The page in Markdown, from the template and the files of the examples, in turns one of each root."""
    roots = reference.roots
    examples = tuple(Example(roots[place % len(roots)], file) for place, file in enumerate(files))
    lines: list[str] = []
    for line in template.splitlines():
        if line.startswith("@"):
            lines.extend(_filled(reference, line[1:].split(), examples))
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def _filled(reference: Reference, order: list[str], examples: tuple[Example, ...]) -> Iterator[str]:
    match order:
        case ["word", name]:
            yield from _word(reference, reference.words()[name], examples)
        case ["use", name, key]:
            yield from _first(example.of_word(reference.words()[name], key) for example in examples)
        case ["values", name]:
            yield from _values(reference.enumerations()[name])
        case ["each", name]:
            yield from _each(reference.enumerations()[name], examples)
        case _:
            yield from (f"- `{function.usage}`" for function in FUNCTIONS.values())


def _word(reference: Reference, model: type[BaseModel], examples: tuple[Example, ...]) -> Iterator[str]:
    yield from (about(model), "", "| key | | | |", "| --- | --- | --- | --- |")
    texts, forms = about_parts(model), _annotations(model)
    for name, field in model.model_fields.items():
        key = f"**`{field.alias or name}`**" if field.is_required() else f"`{field.alias or name}`"
        form = _form(reference, forms[name])
        yield f"| {key} | {form} | {_shown(field.default)} | {_one_line(texts.get(name, ''))} |"
    yield from _first(example.of_word(model) for example in examples)


def _values(kind: type[StrEnum]) -> Iterator[str]:
    yield from (about(kind), "")
    texts = about_parts(kind)
    for member in kind:
        meaning = _one_line(texts.get(member.name, ""))
        yield f"- `{member.value}`" + (f" – {meaning}" if meaning else "")


def _each(kind: type[StrEnum], examples: tuple[Example, ...]) -> Iterator[str]:
    yield about(kind)
    texts = about_parts(kind)
    for member in kind:
        yield from ("", f"`{member.value}` – {_one_line(texts.get(member.name, ''))}".rstrip(" –"))
        yield from _first(example.of_value(member) for example in examples)


def _first(cuts: Iterable[str | None]) -> Iterator[str]:
    """The first that there is, set apart."""
    found = next((cut for cut in cuts if cut is not None), None)
    if found is not None:
        yield from ("", "```yaml", *found.splitlines(), "```")


def _one_line(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _shown(default: Any) -> str:
    if default is PydanticUndefined or default is None:
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple | Mapping) or default == "":
        return ""
    return f"`{default.value if isinstance(default, StrEnum) else default}`"


@cache
def _annotations(model: type[BaseModel]) -> Mapping[str, ast.expr]:
    """Field → its annotation as it is written, also of fields that a model inherits."""
    found: dict[str, ast.expr] = {}
    for kind in reversed(model.__mro__):
        if kind.__module__.startswith("questionnaires."):
            tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
            body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
            for part in body:
                if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                    found[part.target.id] = part.annotation
    return found


def _form(reference: Reference, annotation: ast.expr) -> str:
    """What stands at a key, in signs: ``[…]`` a list, ``{…: …}`` a mapping."""

    def form(part: ast.expr) -> str:
        return _form(reference, part)

    match annotation:
        case ast.Name(id=name):
            return _named(reference, name)
        case ast.BinOp(left=left, right=ast.Constant(value=None)):
            return form(left)
        case ast.BinOp(left=left, right=right):
            return f"{form(left)} \\| {form(right)}"
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[first, *_])):
            return form(first)
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=[first, *_])):
            return f"\\[{form(first)}, …]"
        case ast.Subscript(value=ast.Name(id="Mapping"), slice=ast.Tuple(elts=[key, value])):
            # Where a key may be left out, nothing needs to be said; within a mapping, null is something to write.
            null = " \\| null" if isinstance(value, ast.BinOp) and _is_none(value.right) else ""
            return f"{{{form(key)}: {form(value)}{null}}}"
        case ast.Subscript(value=ast.Name(id="Literal"), slice=slices):
            values = slices.elts if isinstance(slices, ast.Tuple) else [slices]
            return " \\| ".join(f"`{value.value!s}`" for value in values if isinstance(value, ast.Constant))
        case _:
            return f"`{ast.unparse(annotation)}`"


def _is_none(part: ast.expr) -> bool:
    return isinstance(part, ast.Constant) and part.value is None


def _named(reference: Reference, name: str) -> str:
    if name in _NAMES:
        return _NAMES[name].replace("|", "\\|")
    if name in _GROUPS:
        sign, heading = _GROUPS[name]
        return f"[{sign}](#{heading})"
    place = reference.place(name)
    return f"`{name}`" if place is None else f"[{name}]({place})"
