"""Lists in a workbook: a row for the name of each item, below it the questions that are asked of it.

Beside the items that have a name there are some rows for more, as far as the list may grow. Their ids stand in the
workbook, so that an item keeps its id whatever its name becomes. Where the items have a list of their own, each place
has the rows of one, ``products.pump.steps/turning``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from questionnaires.belonging import lists
from questionnaires.every_list import all_items, outermost
from questionnaires.formula.items import place_in, places_in, plain
from questionnaires.model import Definition, Item, ItemsQuestion
from questionnaires.questions import MOST_ITEMS
from questionnaires.unrolling import has_lists, unrolled
from questionnaires.workbook.filled import Answer

SPARE: Final = 5
"""Rows for further items, where the list may have as many."""

SPARE_IN_SPARE: Final = 2
"""The same of a list that belongs to such a row."""

_IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
_SPARE_ID: Final = re.compile(r"item-([1-9]\d{0,5})", re.ASCII)


@dataclass(frozen=True)
class Slot:
    """The place of one item in the workbook."""

    item: Item
    number: int
    """Its place in the list, from 1."""

    is_named: bool = True
    """False: nobody has named it yet; the name it has then is only its number."""


Slots = Mapping[str, Sequence[Slot]]
"""List → its places."""


def slots_for(definition: Definition, answers: Mapping[str, Answer]) -> Slots:
    """The items that answers name, and places for some more."""
    found: dict[str, tuple[Slot, ...]] = {}

    def named(name: str, question: ItemsQuestion) -> list[Item]:
        if name not in found:
            found[name] = _slots(question, items_in(answers.get(name)), _spare(name, found))
        return [slot.item for slot in found[name]]

    all_items(definition, named)
    return found


def _spare(name: str, known: Slots) -> int:
    """How many rows for further items a list has; one of an item that has no name yet has fewer."""
    place = place_in(name)
    unnamed = place is not None and any(not slot.is_named for slot in known[place[0]] if slot.item.id == place[1])
    return SPARE_IN_SPARE if unnamed else SPARE


def items_in(answer: Answer | None) -> tuple[Item, ...]:
    """The items that an answer in sheet form names."""
    named = answer.get("items") if answer is not None else None
    return tuple(Item.model_validate(one) for one in named) if isinstance(named, (list, tuple)) else ()


def _slots(question: ItemsQuestion, items: Sequence[Item], most_spare: int) -> tuple[Slot, ...]:
    given = [int(found[1]) for item in items if (found := _SPARE_ID.fullmatch(item.id))]
    first = max(given, default=0) + 1
    spare = range(max(0, min(most_spare, question.most - len(items))))
    places = [Slot(item, number) for number, item in enumerate(items, start=1)]
    for more in spare:
        number = len(items) + more + 1
        places.append(Slot(Item(id=f"item-{first + more}", name=str(number)), number, is_named=False))
    return tuple(places)


def slots_in(definition: Definition, identifiers: Iterable[str]) -> Slots:
    """The places that the ids of a workbook's rows speak of, in their order; what they are called is not known yet."""
    told: dict[str, dict[str, None]] = {}
    for identifier in identifiers:
        for of, item in _places(identifier):
            if _IDENTIFIER.fullmatch(item) and len(item) <= 64:
                told.setdefault(of, {}).setdefault(item)

    nested = len(outermost(definition)) < len(lists(definition))

    def named(name: str, question: ItemsQuestion) -> list[Item]:
        # of lists within lists so many that it can be told that there are too many, beside rows without a name
        most = min(MOST_ITEMS, 2 * question.most + 1) if nested else MOST_ITEMS
        return [Item(id=item, name=str(number)) for number, item in enumerate(list(told.get(name, ()))[:most], start=1)]

    return {
        of: tuple(Slot(item, number) for number, item in enumerate(items or (), start=1))
        for of, items in all_items(definition, named).items()
    }


def _places(identifier: str) -> tuple[tuple[str, str], ...]:
    """Lists and items of a row's id: ``lines/line-1`` holds a name, ``lines.line-1.output`` an answer.

    The second part of a grid's row is no item, and its question no list; nobody asks for the places of that.
    """
    key, slash, part = identifier.partition("/")
    return (*places_in(key), (key, part)) if slash else places_in(key)


def written_out(definition: Definition, slots: Slots) -> Definition:
    """The definition with the questions of every place; itself without lists."""
    if not has_lists(definition):
        return definition
    return unrolled(definition, {of: [slot.item for slot in places] for of, places in slots.items()})


def plainly(identifier: str) -> str:
    """The id of a question in the definition: without list and item."""
    return plain(identifier)
