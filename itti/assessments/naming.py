"""The items that the answers of a phase name, list by list: production lines, sites, fuels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol

from pydantic import TypeAdapter

from itti.assessments.tables import Answer
from questionnaires.every_list import all_items
from questionnaires.formula.items import place_in
from questionnaires.model import Definition, Item, ItemsQuestion


class Said(Protocol):
    """An answer, as far as it names items."""

    @property
    def question(self) -> str:
        """To which question."""
        ...

    @property
    def given(self) -> Mapping[str, Any] | None:
        """What was answered, in the form of answer sheets; None: nothing yet."""
        ...

    @property
    def not_applicable(self) -> bool:
        """Whether the answer is that the question does not apply."""
        ...


Named = tuple[tuple[str, tuple[Item, ...] | None], ...]
"""List by list its id, and its items; None: nobody has named them yet. A list within a list stands after the one whose
items have it."""

_ITEMS: Final[TypeAdapter[tuple[Item, ...]]] = TypeAdapter(tuple[Item, ...])


def lists_of(definition: Definition) -> tuple[str, ...]:
    """Ids of the lists that a questionnaire asks for."""
    return tuple(question.id for question in definition.questions if isinstance(question, ItemsQuestion))


def named(definition: Definition, items: Callable[[str], tuple[Item, ...] | None]) -> Named:
    """What is named in each list: of a published questionnaire, and then of the items that its lists name.

    ``items``: the items of the list of an id, such as ``lines``, or ``products.pump.steps`` for a list within a list.
    """
    found = all_items(definition, lambda name, _: items(name))
    return tuple((name, None if each is None else tuple(each)) for name, each in found.items())


def answered(definition: Definition, answers: Iterable[Said]) -> Named:
    """What the answers name in each list."""
    given = {answer.question: answer for answer in answers}
    return named(definition, lambda name: items_of(given.get(name)))


def items_of(answer: Said | None) -> tuple[Item, ...] | None:
    """The items that the answer to a list names; none where it does not apply, None while nothing is answered."""
    if answer is None or answer.given is None:
        return None
    return () if answer.not_applicable else _ITEMS.validate_python(answer.given.get("items", ()))


def item_in(key: str) -> tuple[str, str] | None:
    """List and item of a question that is asked of an item; None: of the factory.

    ``lines`` and ``line-1`` of ``lines.line-1.output``; of a list within a list its own, ``products.pump.steps`` and
    ``turning`` of ``products.pump.steps.turning.run``.
    """
    return place_in(key)


def is_below(key: str, of: str, item: str) -> bool:
    """Whether a question is asked of an item of a list, or of an item that this one has in a list of its own."""
    return key.startswith(f"{of}.{item}.")


def below(answers: Mapping[str, Answer], of: str, item: str) -> list[Answer]:
    """The answers about one item of a list, and about the items that it has itself."""
    return [answer for name, answer in answers.items() if is_below(name, of, item)]
