"""A list as the form shows it: its items by name, where each is answered for, and the next one to be named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from itti.assessments import asked, naming, service, wayfinding
from itti.assessments.layout import Leaf
from itti.assessments.reading import Remark
from itti.assessments.schemas import AnswerGiven, ItemInput
from itti.assessments.tables import Answer, Phase
from itti.assessments.wayfinding import Place
from questionnaires.formula.items import places_in
from questionnaires.lookup import by_id
from questionnaires.model import ItemsQuestion
from scoring import Scorecard

_GIVEN: Final = re.compile(r"item-([1-9]\d{0,5})", re.ASCII)
"""How the form names items; programs that fill in lists choose ids of their own."""

TYPED: Final = "items."
"""What the key of a name begins with that was typed and cannot be taken."""


@dataclass(frozen=True)
class ItemRow:
    """One item of a list."""

    id: str
    name: str
    href: str
    """Where it is answered for; empty while it is not saved."""

    answered: int
    total: int
    removal: str
    own: bool
    """The factory named it too."""


@dataclass(frozen=True)
class Listed:
    """See the module."""

    rows: Sequence[ItemRow]
    next_id: str | None
    """Id of the next item; None: the list is full."""

    none: bool
    """Whether it was said that there are none."""

    own_only: Sequence[str]
    """Names of what the factory named and the assessor does not."""


def listed(  # noqa: PLR0913 - what a list is drawn from
    place: Place,
    question: ItemsQuestion,
    given: AnswerGiven,
    typed: Mapping[str, str],
    *,
    card: Scorecard,
    own: Answer | None,
    keys: Iterable[str],
) -> Listed:
    """A list of the form.

    Args:
        place: the leaf on which it stands.
        question: the list.
        given: the answer to it.
        typed: names that were typed and not taken, by :data:`TYPED` and the item's id.
        card: the scorecard of the phase.
        own: what the factory answered, beside the assessor's answer.
        keys: every key under which something about an item is kept, so that no id is given twice.
    """
    named = given.items or ()
    names = {item.id: item.name for item in named}
    names |= {key.removeprefix(TYPED): name for key, name in typed.items() if key.startswith(TYPED)}
    theirs = naming.items_of(own) or ()
    missing = [item.name for item in theirs if item.id not in names]
    below, own_ids = _below(place.questionnaire.leaves, question.id), {each.id for each in theirs}
    rows = [
        _row(place, f"{question.id}.{item}", name, card, below.get(item, ()), own=item in own_ids)
        for item, name in names.items()
    ]
    taken = {*names, *(item.id for item in theirs), *_used(question.id, keys)}
    next_id = _next(taken) if len(names) < question.most else None
    none = given.items is not None and not names
    return Listed(rows, next_id, none, missing if len(names) + len(missing) <= question.most else ())


def _below(leaves: Iterable[Leaf], of: str) -> Mapping[str, Sequence[str]]:
    """Item of a list → all that is asked of it, and of the items that it has itself."""
    found: dict[str, list[str]] = {}
    for leaf in leaves:
        if leaf.item is not None and leaf.id.startswith(f"{of}."):
            item = leaf.id.removeprefix(f"{of}.").partition(".")[0]
            found.setdefault(item, []).extend(leaf.questions)
    return found


def _row(  # noqa: PLR0913 - what a row is made of
    place: Place, key: str, name: str, card: Scorecard, below: Sequence[str], *, own: bool
) -> ItemRow:
    """One row; ``key``: the list and the item, which is the id of its leaf; ``below``: what is asked there."""
    leaf = by_id(place.questionnaire.leaves).get(key)
    of, _, item = key.rpartition(".")
    scores = [card.question(question) for question in below]
    counted = [score for score in scores if not asked.away(score) and not asked.is_computed(score)]
    return ItemRow(
        item,
        name,
        wayfinding.leaf_address(place.one, leaf, place.phase, place.visit) if leaf else "",
        sum(not asked.waits(score) for score in counted),
        len(counted),
        removal_address(place, of, item) if leaf else "",
        own,
    )


def removal_address(place: Place, of: str, item: str) -> str:
    """The page that asks whether an item shall go."""
    suffix = "" if place.phase is wayfinding.phase_for(place.visit, None) else f"?phase={place.phase.value}"
    return f"/assessments/{place.one.id}/answers/{of}/items/{item}/removal{suffix}"


def _used(of: str, keys: Iterable[str]) -> Iterable[str]:
    return (item for key in keys for list_, item in places_in(key) if list_ == of)


def _next(taken: Iterable[str]) -> str:
    """An id that nothing has had yet: what was removed must not come back under another name."""
    numbers = [int(found[1]) for name in taken if (found := _GIVEN.fullmatch(name))]
    return f"item-{max(numbers, default=0) + 1}"


def keys_of(answers: Iterable[str], own: Iterable[str], remarks: Iterable[Remark]) -> list[str]:
    """Every key under which something about an item can be kept."""
    return [*answers, *own, *(each.comment.question for each in remarks if each.comment.question)]


def take_over(place: Place, of: str) -> None:
    """Add to the assessor's list what the factory named in its own, under the same ids.

    Raises:
        Fault: the list cannot be saved like this.
    """
    visit = place.visit
    own = service.open_answers(visit.session, visit.act, place.one, Phase.SELF).get(of)
    stored = service.open_answers(visit.session, visit.act, place.one, place.phase).get(of)
    present = naming.items_of(stored) or ()
    added = [item for item in naming.items_of(own) or () if item.id not in {each.id for each in present}]
    items = tuple(ItemInput(id=item.id, name=item.name) for item in (*present, *added))
    reason = stored.reason if stored else ""
    version = stored.version if stored else None
    given = AnswerGiven(items=items, reason=reason)
    service.save(visit.session, visit.act, place.one.id, of, place.phase, given, expected=version)
