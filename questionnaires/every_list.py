"""Every list that an assessment fills in: those of the questionnaire, and those that their items have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from questionnaires.belonging import lists, members
from questionnaires.formula.items import key
from questionnaires.model import Item, ItemsQuestion, Structure


def outermost(structure: Structure) -> tuple[ItemsQuestion, ...]:
    """The lists that are asked of the factory itself, and not of the items of another list."""
    within = members(structure)
    return tuple(each for each in lists(structure) if each.id not in within)


def every_list(
    structure: Structure, named: Callable[[str, ItemsQuestion], Sequence[Item] | None]
) -> Iterator[tuple[str, ItemsQuestion]]:
    """Every list that there is where items are named so: those of the structure, then those of their items.

    Args:
        structure: as an author wrote it.
        named: the items of the list of that id, which the structure asks for so; None: not known.
    """
    asking = {each.id: each for each in lists(structure)}
    for each in outermost(structure):
        yield from _with_inner(each.id, each, asking, named)


def _with_inner(
    name: str,
    asked: ItemsQuestion,
    asking: Mapping[str, ItemsQuestion],
    named: Callable[[str, ItemsQuestion], Sequence[Item] | None],
) -> Iterator[tuple[str, ItemsQuestion]]:
    yield name, asked
    inner = [asking[each] for each in asked.asks if each in asking]
    for item in (named(name, asked) or ()) if inner else ():
        for each in inner:
            yield from _with_inner(key(name, item.id, each.id), each, asking, named)


def all_items(
    structure: Structure, named: Callable[[str, ItemsQuestion], Sequence[Item] | None]
) -> dict[str, Sequence[Item] | None]:
    """The items of every list that there is (:func:`every_list`), the outer lists before those of their items."""
    return {name: named(name, asked) for name, asked in every_list(structure, named)}
