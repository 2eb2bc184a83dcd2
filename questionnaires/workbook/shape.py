"""The shape of the definition language, taken from its models, so that every new word of it fits into a workbook.

A *leaf* is one cell. A part with parts of its own becomes columns (``curve.base``), a list of parts a sheet
(``questions.options``), and a mapping of ids to leaves a sheet of ids and values (``tables.values``).
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from questionnaires.words import Word

LeafKind = Literal["text", "whole", "exact", "truth", "day"]


@dataclass(frozen=True)
class Leaf:
    """One value in one cell. ``several``: a list of them, one a line of the cell."""

    kind: LeafKind
    several: bool = False
    choices: tuple[str, ...] = ()
    """The only words allowed; empty: any."""


@dataclass(frozen=True)
class Part:
    """A mapping with known keys; of a union of words all keys that any of them has."""

    fields: Mapping[str, Shape]


@dataclass(frozen=True)
class Listed:
    """A list of parts: a sheet of its own."""

    item: Part


@dataclass(frozen=True)
class Keyed:
    """Ids, each with a leaf or a part."""

    value: Leaf | Part


Shape = Leaf | Part | Listed | Keyed


@cache
def shape_of(word: type[Word]) -> Part:
    """The shape of a word of the language."""
    return _part((word,))


def _part(words: tuple[type[Word], ...]) -> Part:
    fields: dict[str, Shape] = {}
    for word in words:
        for name, field in word.model_fields.items():
            found = _shape(field.annotation)
            key = field.alias or name
            fields[key] = _merged(fields[key], found) if key in fields else found
    return Part(fields)


def _merged(one: Shape, other: Shape) -> Shape:
    """Two words of a union share a key: what either of them allows."""
    if isinstance(one, Part) and isinstance(other, Part):
        keys = [*one.fields, *(key for key in other.fields if key not in one.fields)]
        return Part({key: _either(one.fields.get(key), other.fields.get(key)) for key in keys})
    if isinstance(one, Listed) and isinstance(other, Listed):
        joined = _merged(one.item, other.item)
        return Listed(joined) if isinstance(joined, Part) else one
    if isinstance(one, Leaf) and isinstance(other, Leaf) and one.choices and other.choices:
        return Leaf(one.kind, one.several, tuple(dict.fromkeys([*one.choices, *other.choices])))
    return one


def _either(one: Shape | None, other: Shape | None) -> Shape:
    if one is None or other is None:
        return one or other or Leaf("text")
    return _merged(one, other)


def _shape(annotation: Any) -> Shape:
    members = tuple(_members(annotation))
    words = tuple(member for member in members if isinstance(member, type) and issubclass(member, Word))
    if words:
        return _part(words)
    for member in members:
        origin, arguments = get_origin(member), get_args(member)
        if origin is tuple:
            item = _shape(arguments[0])
            if isinstance(item, Leaf):
                return Leaf(item.kind, several=True, choices=item.choices)
            return Listed(item) if isinstance(item, Part) else item
        if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
            value = _shape(arguments[1])
            return Keyed(value) if isinstance(value, (Leaf, Part)) else value
    return Leaf(_leaf(members), choices=_choices(members))


def _members(annotation: Any) -> list[Any]:
    """What stands in a union, without what only describes it."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _members(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [member for one in get_args(annotation) for member in _members(one)]
    return [] if annotation is type(None) else [annotation]


def _leaf(members: tuple[Any, ...]) -> LeafKind:
    if bool in members:
        return "truth"
    if date in members:
        return "day"
    if Fraction in members:
        return "exact"
    return "whole" if int in members else "text"


def _choices(members: tuple[Any, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for member in members:
        if get_origin(member) is Literal:
            found += [str(one) for one in get_args(member)]
        elif isinstance(member, type) and issubclass(member, Enum):
            found += [str(one.value) for one in member]
    return tuple(found)
