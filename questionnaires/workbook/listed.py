"""Lists in a workbook: a row for the name of each item, below it the questions that are asked of it.

Beside the items that have a name there are some rows for more, as far as the list may grow. Their ids stand in the
workbook, so that an item keeps its id whatever its name becomes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from questionnaires.model import Definition, Item, ItemsQuestion
from questionnaires.questions import MOST_ITEMS
from questionnaires.unrolling import has_lists, lists, unrolled
from questionnaires.workbook.filled import Answer

SPARE: Final = 5
"""Rows for further items, where the list may have as many."""

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
    return {question.id: _slots(question, items_in(answers.get(question.id))) for question in lists(definition)}


def items_in(answer: Answer | None) -> tuple[Item, ...]:
    """The items that an answer in sheet form names."""
    named = answer.get("items") if answer is not None else None
    return tuple(Item.model_validate(one) for one in named) if isinstance(named, (list, tuple)) else ()


def _slots(question: ItemsQuestion, items: Sequence[Item]) -> tuple[Slot, ...]:
    given = [int(found[1]) for item in items if (found := _SPARE_ID.fullmatch(item.id))]
    first = max(given, default=0) + 1
    spare = range(max(0, min(SPARE, question.most - len(items))))
    places = [Slot(item, number) for number, item in enumerate(items, start=1)]
    for more in spare:
        number = len(items) + more + 1
        places.append(Slot(Item(id=f"item-{first + more}", name=str(number)), number, is_named=False))
    return tuple(places)


def slots_in(definition: Definition, identifiers: Iterable[str]) -> Slots:
    """The places that the ids of a workbook's rows speak of, in their order; what they are called is not known yet."""
    found: dict[str, dict[str, None]] = {question.id: {} for question in lists(definition)}
    for identifier in identifiers:
        of, item = _place(identifier)
        if of in found and _IDENTIFIER.fullmatch(item) and len(item) <= 64 and len(found[of]) < MOST_ITEMS:
            found[of].setdefault(item)
    return {
        of: tuple(Slot(Item(id=item, name=str(number)), number) for number, item in enumerate(items, start=1))
        for of, items in found.items()
    }


def _place(identifier: str) -> tuple[str, str]:
    """List and item of a row's id: ``lines/line-1`` holds a name, ``lines.line-1.output`` an answer."""
    key = identifier.partition("/")[0].split(".")
    if len(key) == 3:
        return key[0], key[1]
    of, _, item = identifier.partition("/")
    return of, item


def written_out(definition: Definition, slots: Slots) -> Definition:
    """The definition with the questions of every place; itself without lists."""
    if not has_lists(definition):
        return definition
    return unrolled(definition, {of: [slot.item for slot in places] for of, places in slots.items()})


def plainly(identifier: str) -> str:
    """The id of a question in the definition: without list and item."""
    return identifier.rpartition(".")[2]
