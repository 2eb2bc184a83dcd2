"""Plans for the items that answers name: one for each set of items, compiled once and kept for a while."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final

from questionnaires.belonging import around, members
from questionnaires.every_list import every_list
from questionnaires.formula.items import places_in, plain
from questionnaires.lookup import Lately
from questionnaires.model import Definition, Item, ItemsQuestion
from questionnaires.unrolling import unrolled_where_given
from scoring.answers import Answers, ItemsAnswer, NotApplicableAnswer
from scoring.errors import AnswerFault, ItemNotNamed, UnknownItem

if TYPE_CHECKING:
    from scoring.plan import Plan

MOST_PLANS: Final = 16
"""Plans that are kept of one definition: assessments that are worked on at the same time, each with its own items."""

LARGEST: Final = 10_000
"""How many questions and nodes these have together; of large ones fewer are kept."""

_Named = tuple[tuple[str, tuple[str, ...]], ...]
"""Lists whose items are given, each with the ids of its items."""


def items_of(answers: Answers) -> dict[str, tuple[Item, ...]]:
    """The items of every list that answers name items for."""
    return {question: answer.items for question, answer in answers.items() if isinstance(answer, ItemsAnswer)}


class Unrolling:
    """The lists of a definition, and the plans for the items that answers name.

    Args:
        definition: a (checked) definition with lists.
        compiled: makes a plan of the definition once lists are written out.
    """

    def __init__(self, definition: Definition, compiled: Callable[[Definition, Unrolling], Plan]) -> None:
        self._definition = definition.model_copy(update={"texts": {}})
        self._compiled = compiled
        asked = {question.id for question in definition.questions}
        self._asked = {name: of for name, of in members(definition).items() if name in asked}
        self._plan = Lately(self._unrolled, lambda plan: len(plan.order), MOST_PLANS, LARGEST)

    def plan(self, answers: Answers) -> Plan:
        """The plan for the items that answers name; lists that they do not speak of may still have any items."""

        def named(name: str, asked: ItemsQuestion) -> tuple[Item, ...] | None:
            answer = answers.get(name)
            if isinstance(answer, ItemsAnswer):
                return tuple({item.id: item for item in answer.items}.values())[: asked.most]
            return () if isinstance(answer, NotApplicableAnswer) else None

        return self._plan(
            tuple(
                (name, tuple(item.id for item in items))
                for name, asked in every_list(self._definition, named)
                if (items := named(name, asked)) is not None
            )
        )

    def misplaced(self, question: str, positions: Collection[str]) -> AnswerFault | None:
        """What is wrong with an answer at a place that is none: its list has no such item, or no item is named.

        ``positions``: the questions that are asked for the items named.
        """
        if question in self._asked:
            return ItemNotNamed(question=question, list=".ITEM.".join(around(self._asked[question], self._asked)))
        places = places_in(question)
        if tuple(plain(of) for of, _ in places) != around(self._asked.get(plain(question)), self._asked):
            return None
        return next(
            (UnknownItem(question=question, list=of, item=item) for of, item in reversed(places) if of in positions),
            None,
        )

    def _unrolled(self, named: _Named) -> Plan:
        items = {of: [Item(id=item, name=item) for item in ids] for of, ids in named}
        return self._compiled(unrolled_where_given(self._definition, items), self)
