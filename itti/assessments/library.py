"""The published questionnaire behind an assessment, compiled once per process, and checked against the pin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from itti.assessments import layout, naming
from itti.assessments.errors import DefinitionChanged, NoSuchItem, NoSuchQuestion
from itti.assessments.layout import Leaf
from itti.assessments.naming import Named, Said
from itti.assessments.tables import Assessment
from questionnaires import Definition, load, loading
from questionnaires.formula.items import places_in, plain
from questionnaires.loading import UnknownDefinition
from questionnaires.lookup import Lately
from questionnaires.model import Item, Question, QuestionText
from questionnaires.unrolling import unrolled
from scoring import ItemsAnswer, NodeScore, Plan, Scorecard, compile_plan, score

Scale = tuple[Decimal, Decimal]
"""The lowest and the highest value that are possible."""


@dataclass(frozen=True)
class Questionnaire:
    """A definition with its plan."""

    definition: Definition
    plan: Plan
    named: Named = ()
    """The items of each list whose questions are among the questions; empty: a questionnaire as it is published."""

    def asked(self, answers: Iterable[Said]) -> Questionnaire:
        """The same as it is asked where these are the answers: with the questions of every item that they name."""
        return self.with_items(naming.answered(self.published.definition, answers)) if self.lists else self

    def with_items(self, named: Named) -> Questionnaire:
        """The same with the questions of these items."""
        return _lately(((self.definition.family, self.definition.version, self.digest), named))

    @cached_property
    def published(self) -> Questionnaire:
        """The same as it is published, without the questions of single items."""
        return questionnaire(self.definition.family, self.definition.version) if self.named else self

    @cached_property
    def lists(self) -> tuple[str, ...]:
        """Ids of the lists it asks for, such as production lines."""
        return naming.lists_of(self.definition)

    @cached_property
    def items(self) -> Mapping[str, tuple[Item, ...]]:
        """List → the items that are named in it."""
        return {name: items or () for name, items in self.named}

    @property
    def name(self) -> str:
        """``family@version``."""
        return self.definition.name

    @property
    def digest(self) -> str:
        """SHA-256 of the definition's canonical form."""
        return self.plan.digest

    @property
    def asks_conditionally(self) -> bool:
        """Whether some question is asked only where others are answered in a certain way, or of the items of a list."""
        return bool(self.lists) or any(question.applies_when is not None for question in self.definition.questions)

    @property
    def answerable(self) -> int:
        """How many questions people answer."""
        return sum(question.answerable for question in self.plan.questions)

    @cached_property
    def untouched(self) -> Scorecard:
        """The scorecard without any answer: its bounds are the ends of each node's scale."""
        return score(self.plan, {})

    def scale(self, node: str | None = None) -> Scale | None:
        """The ends of the scale of a node (None: of the headline); None where it has none."""
        return _scale(self.untouched.node(node or self.plan.index))

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """The pages of the form, in reading order."""
        return layout.leaves(self.definition, self.items)

    def leaf(self, name: str) -> Leaf:
        """The leaf with that id, or the one on which that question stands.

        Raises:
            NoSuchQuestion: there is neither.
        """
        for leaf in self.leaves:
            if leaf.id == name:
                return leaf
        self.question(name)
        return next(leaf for leaf in self.leaves if name in leaf.questions)

    def words(self, leaf: Leaf, question: str, language: str) -> QuestionText:
        """The words of a question on its leaf; on that of an item without the item's name, which stands above them."""
        if leaf.item is None:
            return self.definition.words(language).questions[question]
        return self.published.definition.words(language).questions[plain(question)]

    def _ids(self, of: str) -> list[str]:
        return [item.id for item in self.items.get(of, ())]

    def question(self, identifier: str) -> Question:
        """The question with that id.

        Raises:
            NoSuchQuestion: it asks no such question.
            NoSuchItem: it asks it of the items of a list, and this one is not named there.
        """
        question = self.definition.question(identifier)
        if question is None:
            for of, item in places_in(identifier):
                if of in self.lists and item not in self._ids(of):
                    raise NoSuchItem(item=item[:80], list=of)
            raise NoSuchQuestion(question=identifier[:80], questionnaire=self.name)
        return question


def _scale(node: NodeScore) -> Scale | None:
    if node.lowest is None or node.highest is None or Fraction(node.lowest) >= Fraction(node.highest):
        return None
    return _plain(node.lowest), _plain(node.highest)


def _plain(decimal: str) -> Decimal:
    """``5`` for ``5.00``: the end of a scale as people say it."""
    value = Decimal(decimal)
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def questionnaire(family: str, version: str) -> Questionnaire:
    """The published questionnaire of that family and version, compiled once: it never changes.

    Raises:
        questionnaires.loading.UnknownDefinition: there is none.
    """
    return _questionnaire(loading.PUBLISHED, family, version)


@cache
def _questionnaire(_shelf: Path, family: str, version: str) -> Questionnaire:
    definition = load(family, version)
    return Questionnaire(definition, compile_plan(definition))


def _asked(key: tuple[tuple[str, str, str], Named]) -> Questionnaire:
    """The questionnaire of that family, version and digest with the questions of the items named."""
    name, named = key
    published = questionnaire(*name[:2])
    given = {name: ItemsAnswer(items=items) for name, items in named if items is not None}
    return Questionnaire(unrolled(published.definition, dict(named)), published.plan.unrolled(given), named)


_lately: Final = Lately(_asked, lambda made: len(made.plan.order), most=64, largest=20_000)


def shown(assessment: Assessment) -> Questionnaire:
    """The questionnaire of an assessment for reading, whether or not it is still the pinned one."""
    return questionnaire(assessment.family, assessment.definition_version)


def asks_for_items(assessment: Assessment, question: str) -> bool:
    """Whether a question of its questionnaire is a list; False where the library no longer holds the questionnaire."""
    try:
        return plain(question) in shown(assessment).lists
    except UnknownDefinition:
        return False


def pinned(assessment: Assessment) -> Questionnaire:
    """The very questionnaire an assessment was planned with.

    Raises:
        DefinitionChanged: the library holds another one under the same version; nothing may be answered or
            scored with it.
    """
    try:
        found = shown(assessment)
    except UnknownDefinition as fault:
        name = f"{assessment.family}@{assessment.definition_version}"
        raise DefinitionChanged(questionnaire=name, pinned=assessment.digest[:12], found="–") from fault
    if found.digest != assessment.digest:
        raise DefinitionChanged(questionnaire=found.name, pinned=assessment.digest[:12], found=found.digest[:12])
    return found
