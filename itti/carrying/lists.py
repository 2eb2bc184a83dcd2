"""Lists that are carried: which items the new assessment names then, and what arrives for items that it does not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from itti.assessments import naming
from itti.assessments.library import Questionnaire
from itti.assessments.tables import Answer
from itti.carrying.composing import Carried
from questionnaires.formula.items import places_in, plain
from questionnaires.given import Given
from questionnaires.model import Item
from questionnaires.upgrading import Mark


def named(answer: Given) -> tuple[Item, ...]:
    """The items that an answer in sheet form names."""
    if answer.form != "items" or not isinstance(answer.value, (list, tuple)):
        return ()
    return tuple(Item.model_validate(item) for item in answer.value)


def asked_then(published: Questionnaire, current: Mapping[str, Answer], arrived: Iterable[Carried]) -> Questionnaire:
    """The questionnaire with the questions of every item that arrives, and of those that are named already."""
    if not published.lists:
        return published
    arriving = {each.question: named(each.answer) for each in arrived if plain(each.question or "") in published.lists}

    def both(of: str) -> tuple[Item, ...]:
        items = {item.id: item for item in arriving.get(of, ())}
        items |= {item.id: item for item in naming.items_of(current.get(of)) or () if item.id not in items}
        return tuple(items.values())

    return published.with_items(naming.named(published.definition, both))


def placed(asked: Questionnaire, arrived: Iterable[Carried]) -> list[Carried]:
    """What arrives, without a place where no item of that name is left."""
    known = asked.plan.positions
    return [
        each
        if each.question is None or each.question in known
        else replace(each, question=None, mark=Mark.DROPPED, why=None)
        for each in arrived
    ]


def is_kept_out(question: str, lists: Mapping[str, Sequence[Item]]) -> bool:
    """Whether a question is asked of an item that its list will not name."""
    return any(all(item != each.id for each in lists.get(of, ())) for of, item in places_in(question))


def lists_then(
    published: Questionnaire, current: Mapping[str, Answer], arriving: Mapping[str, Given], keep: Collection[str]
) -> dict[str, tuple[Item, ...]]:
    """List → the items that it names once everything is carried that is not to be kept as it is."""
    return {
        of: named(arriving[of]) if of in arriving and of not in keep else naming.items_of(current.get(of)) or ()
        for of in published.lists
    }
