"""The items that the answers of a phase name, list by list: production lines, sites, fuels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from pydantic import TypeAdapter

from itti.assessments.tables import Answer
from questionnaires.model import Definition, Item, ItemsQuestion

Named = tuple[tuple[str, tuple[Item, ...] | None], ...]
"""List by list its id, and its items; None: nobody has named them yet."""

_ITEMS: Final[TypeAdapter[tuple[Item, ...]]] = TypeAdapter(tuple[Item, ...])


def lists_of(definition: Definition) -> tuple[str, ...]:
    """Ids of the lists that a questionnaire asks for."""
    return tuple(question.id for question in definition.questions if isinstance(question, ItemsQuestion))


def named(lists: Iterable[str], answers: Iterable[Answer]) -> Named:
    """What the answers name in each of the lists."""
    given = {answer.question: answer for answer in answers}
    return tuple((each, items_of(given.get(each))) for each in lists)


def items_of(answer: Answer | None) -> tuple[Item, ...] | None:
    """The items that the answer to a list names; none where it does not apply, None while nothing is answered."""
    if answer is None or answer.given is None:
        return None
    return () if answer.not_applicable else _ITEMS.validate_python(answer.given.get("items", ()))


def item_in(key: str) -> tuple[str, str] | None:
    """List and item of a question that is asked of an item (``lines.line-1.output``); None: of the factory."""
    parts = key.split(".")
    return (parts[0], parts[1]) if len(parts) == 3 else None


def below(answers: Mapping[str, Answer], of: str, item: str) -> list[Answer]:
    """The answers about one item of a list."""
    return [answer for name, answer in answers.items() if item_in(name) == (of, item)]
