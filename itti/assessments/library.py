"""The published questionnaire behind an assessment, compiled once per process, and checked against the pin."""

from dataclasses import dataclass
from functools import cache

from itti.assessments.errors import DefinitionChanged, NoSuchQuestion
from itti.assessments.tables import Assessment
from questionnaires import Definition, load
from questionnaires.loading import UnknownDefinition
from questionnaires.model import Question
from scoring import Plan, compile_plan


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

    def question(self, identifier: str) -> Question:
        """The question with that id.

        Raises:
            NoSuchQuestion: it asks no such question.
        """
        question = self.definition.question(identifier)
        if question is None:
            raise NoSuchQuestion(question=identifier[:80], questionnaire=self.name)
        return question


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
