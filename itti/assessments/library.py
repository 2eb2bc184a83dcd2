"""The published questionnaire behind an assessment, compiled once per process, and checked against the pin."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property

from itti.assessments import layout
from itti.assessments.errors import DefinitionChanged, NoSuchQuestion
from itti.assessments.layout import Leaf
from itti.assessments.tables import Assessment
from questionnaires import Definition, load
from questionnaires.loading import UnknownDefinition
from questionnaires.model import Question
from scoring import NodeScore, Plan, Scorecard, compile_plan, score

Scale = tuple[Decimal, Decimal]
"""The lowest and the highest value that are possible."""


@dataclass(frozen=True)
class Questionnaire:
    """A definition with its plan."""

    definition: Definition
    plan: Plan

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
        """Whether some question is asked only where others are answered in a certain way."""
        return any(question.applies_when is not None for question in self.definition.questions)

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
        return layout.leaves(self.definition)

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

    def question(self, identifier: str) -> Question:
        """The question with that id.

        Raises:
            NoSuchQuestion: it asks no such question.
        """
        question = self.definition.question(identifier)
        if question is None:
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


@cache
def questionnaire(family: str, version: str) -> Questionnaire:
    """The published questionnaire of that family and version.

    Raises:
        questionnaires.loading.UnknownDefinition: there is none.
    """
    definition = load(family, version)
    return Questionnaire(definition, compile_plan(definition))


def shown(assessment: Assessment) -> Questionnaire:
    """The questionnaire of an assessment for reading, whether or not it is still the pinned one."""
    return questionnaire(assessment.family, assessment.definition_version)


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
