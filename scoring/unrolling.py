"""Plans for the items that answers name: one for each set of items, compiled once and kept for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from questionnaires.lookup import Lately
from questionnaires.model import Definition, Item
from questionnaires.unrolling import lists, members, unrolled_where_given
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
        self._lists = {each.id: each for each in lists(definition)}
        asked = {question.id for question in definition.questions}
        self._asked = {name: of for name, of in members(definition).items() if name in asked}
        self._plan = Lately(self._unrolled, lambda plan: len(plan.order), MOST_PLANS, LARGEST)

    def plan(self, answers: Answers) -> Plan:
        """The plan for the items that answers name; lists that they do not speak of may still have any items."""
        named: list[tuple[str, tuple[str, ...]]] = []
        for name, asked in self._lists.items():
            answer = answers.get(name)
            if isinstance(answer, ItemsAnswer):
                ids = dict.fromkeys(item.id for item in answer.items)
                named.append((name, tuple(ids)[: asked.most]))
            elif isinstance(answer, NotApplicableAnswer):
                named.append((name, ()))
        return self._plan(tuple(named))

    def misplaced(self, question: str) -> AnswerFault | None:
        """What is wrong with an answer at a place that is none: its list has no such item, or no item is named."""
        if question in self._asked:
            return ItemNotNamed(question=question, list=self._asked[question])
        of, _, rest = question.partition(".")
        item, _, asked = rest.partition(".")
        if item and of in self._lists and self._asked.get(asked) == of:
            return UnknownItem(question=question, list=of, item=item)
        return None

    def _unrolled(self, named: _Named) -> Plan:
        items = {of: [Item(id=item, name=item) for item in ids] for of, ids in named}
        return self._compiled(unrolled_where_given(self._definition, items), self)
