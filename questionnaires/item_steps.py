"""Steps of a migration written out for the items of lists: a rule for a question carries every item's answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from questionnaires.belonging import lists, members
from questionnaires.given import given, misfit
from questionnaires.migration import Dropped, Merged, MigrationStep, Renamed, Rescaled, Split, parts_of, sources_of
from questionnaires.model import Definition, Item, Structure
from questionnaires.unrolling import Items, key


def items_in(structure: Structure, answers: Mapping[str, object]) -> dict[str, tuple[Item, ...] | None]:
    """The items of every list, among answers in the form of a sheet; None: not named, or not as they have to be."""
    entries = {each.id: (each, given(answers.get(each.id))) for each in lists(structure)}
    return {
        name: tuple(Item.model_validate(item) for item in entry.value)
        if entry.form == "items" and isinstance(entry.value, tuple) and misfit(asked, entry) is None
        else None
        for name, (asked, entry) in entries.items()
    }


def carried_lists(steps: Iterable[MigrationStep], old: Structure) -> Mapping[str, str]:
    """List of the old version → the list of the new one that takes over its items."""
    known = {each.id for each in lists(old)}
    return {
        sources_of(step)[0]: parts_of(step)[0].question
        for step in steps
        if sources_of(step)[0] in known and len(parts_of(step)) == 1
    }


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
    for item in items.get(of) or ():
        yield _for_item(step, of, to.get(of, of), item.id)


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
