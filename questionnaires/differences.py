"""What differs between two plain structures whose lists hold things with ids: place by place, never by position."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from questionnaires.places import Path


class Kind(StrEnum):
    """What happened at a place."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    REORDERED = "reordered"
    """The same things stand in another order; ``old`` and ``new`` are the ids in order."""


@dataclass(frozen=True)
class Difference:
    """One place that is not the same; a thing of a list is named by its id."""

    kind: Kind
    path: Path
    old: object
    new: object


_SHAPES = ("kind", "form")
"""Keys that say what all the other keys of a mapping mean: where one differs the whole is another thing."""


def differences(old: object, new: object, path: Path = ()) -> Iterator[Difference]:
    """Every difference between two values made of mappings, lists, texts, numbers, truths and None."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        if any(old.get(key) != new.get(key) for key in _SHAPES):
            yield Difference(Kind.CHANGED, path, old, new)
            return
        for key in dict.fromkeys([*old, *new]):
            yield from differences(old.get(key), new.get(key), (*path, key))
    elif isinstance(old, list) and isinstance(new, list) and (keys := _keys(old, new, path)) is not None:
        yield from _of_lists(keys[0], keys[1], path)
    elif old != new:
        kind = Kind.ADDED if old is None else Kind.REMOVED if new is None else Kind.CHANGED
        yield Difference(kind, path, old, new)


def _of_lists(old: Mapping[str, object], new: Mapping[str, object], path: Path) -> Iterator[Difference]:
    for key, thing in old.items():
        if key not in new:
            yield Difference(Kind.REMOVED, (*path, key), thing, None)
    for key, thing in new.items():
        if key in old:
            yield from differences(old[key], thing, (*path, key))
        else:
            yield Difference(Kind.ADDED, (*path, key), None, thing)
    before, after = [key for key in old if key in new], [key for key in new if key in old]
    if before != after:
        yield Difference(Kind.REORDERED, path, before, after)


def _keys(
    old: Sequence[object], new: Sequence[object], path: Path
) -> tuple[dict[str, object], dict[str, object]] | None:
    """Both lists by the ids of their things; None where the things have none and the list is one value."""
    both: list[dict[str, object]] = []
    for things in (old, new):
        named = {_key(thing, path): thing for thing in things}
        if None in named or len(named) < len(things):
            return None
        both.append({str(key): thing for key, thing in named.items()})
    return both[0], both[1]


def _key(thing: object, path: Path) -> str | None:
    if isinstance(thing, Mapping):
        key = thing.get("id", thing.get("of"))
        return key if isinstance(key, str) else None
    # Lists of bare texts are ids in the structure (children of a view, questions of a section), but sentences
    # in the texts.
    return thing if isinstance(thing, str) and path[:1] != ("texts",) else None
