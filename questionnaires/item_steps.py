"""Steps of a migration written out for the items of lists: a rule for a question carries every item's answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from questionnaires.belonging import lists, members
from questionnaires.every_list import all_items
from questionnaires.formula.items import key, place_in, plain
from questionnaires.given import given, misfit
from questionnaires.migration import Dropped, Merged, MigrationStep, Renamed, Rescaled, Split, parts_of, sources_of
from questionnaires.model import Definition, Item, ItemsQuestion, Structure
from questionnaires.unrolling import Items


def items_in(structure: Structure, answers: Mapping[str, object]) -> dict[str, Sequence[Item] | None]:
    """The items of every list, among answers in the form of a sheet; None: not named, or not as they have to be."""

    def named(name: str, asked: ItemsQuestion) -> tuple[Item, ...] | None:
        entry = given(answers.get(name))
        if entry.form != "items" or not isinstance(entry.value, tuple) or misfit(asked, entry) is not None:
            return None
        return tuple(Item.model_validate(item) for item in entry.value)

    return all_items(structure, named)


def carried_lists(steps: Iterable[MigrationStep], old: Structure) -> Mapping[str, str]:
    """List of the old version → the list of the new one that takes over its items."""
    known = {each.id for each in lists(old)}
    return {
        sources_of(step)[0]: parts_of(step)[0].question
        for step in steps
        if sources_of(step)[0] in known and len(parts_of(step)) == 1
    }


def arriving(of: str, to: Mapping[str, str]) -> str:
    """The list of the new version, of the same items around it, that takes over the items of one of the old version."""
    place = place_in(of)
    return to.get(of, of) if place is None else key(arriving(place[0], to), place[1], to.get(plain(of), plain(of)))


def for_items(steps: Sequence[MigrationStep], old: Definition, items: Items) -> tuple[MigrationStep, ...]:
    """The steps, those for what a list asks once for every item; others stay as they are."""
    belonging, to = members(old), carried_lists(steps, old)
    return tuple(made for step in steps for made in _for_items(step, belonging, to, items))


def _for_items(
    step: MigrationStep, belonging: Mapping[str, str], to: Mapping[str, str], items: Items
) -> Iterator[MigrationStep]:
    of = belonging.get(sources_of(step)[0])
    if of is None:
        yield step
        return
    for name, named in items.items():
        if plain(name) == of:
            yield from (_for_item(step, name, arriving(name, to), item.id) for item in named or ())


def _for_item(step: MigrationStep, of: str, to: str, item: str) -> MigrationStep:
    if isinstance(step, Dropped | Merged):
        update: dict[str, object] = {"questions": tuple(key(of, item, each) for each in step.questions)}
    else:
        update = {"question": key(of, item, step.question)}
    if isinstance(step, Split):
        update["to"] = tuple(part.model_copy(update={"question": key(to, item, part.question)}) for part in step.to)
    elif isinstance(step, Renamed | Merged):
        update["to"] = key(to, item, step.to)
    elif isinstance(step, Rescaled):
        update["to"] = key(to, item, step.to or step.question)
    elif not isinstance(step, Dropped) and to != of:
        return Renamed(step="renamed", question="x", to="y", look_again=step.look_again, note=step.note).model_copy(
            update={**update, "to": key(to, item, step.question)}
        )
    return step.model_copy(update=update)
