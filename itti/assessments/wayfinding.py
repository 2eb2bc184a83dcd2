"""Finding one's way among the questions of an assessment: their order, their pages, the map of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from itti.accounts.tables import Role
from itti.assessments import service
from itti.assessments.tables import Answer, Assessment, AssessmentState, Phase
from itti.web.visits import Visit
from questionnaires.model import Definition


@dataclass(frozen=True)
class Place:
    """A person at one question of one phase of one assessment."""

    visit: Visit
    one: Assessment
    phase: Phase
    question: str

    @property
    def definition(self) -> Definition:
        """The questionnaire."""
        return service.shown(self.one).definition

    @property
    def address(self) -> str:
        """The page of the question."""
        return address(self.one, self.question, self.phase, self.visit)

    @property
    def before(self) -> str | None:
        """The page of the question before, if there is one."""
        questions = order(self.definition)
        position = questions.index(self.question)
        return None if position == 0 else address(self.one, questions[position - 1], self.phase, self.visit)

    @property
    def after(self) -> str:
        """Where the way leads on: the next question, then the page to submit."""
        questions = order(self.definition)
        position = questions.index(self.question)
        if position < len(questions) - 1:
            return address(self.one, questions[position + 1], self.phase, self.visit)
        if service.may_write(self.visit.session, self.visit.act, self.one, self.phase):
            return f"/assessments/{self.one.id}/submit"
        return f"/assessments/{self.one.id}"


@dataclass(frozen=True)
class Dot:
    """One dimension in the map of all of them."""

    id: str
    number: int
    title: str
    href: str
    state: str
    """``done``, ``off`` (does not apply) or ``open``."""

    flag: bool
    """A reviewer remarked on it."""

    current: bool = False


@dataclass(frozen=True)
class Group:
    """A category with its dimensions."""

    title: str
    dots: tuple[Dot, ...]


def phase_for(visit: Visit, asked: str | None) -> Phase:
    """Whose answers a page is about: the one asked for, else the factory's own for the factory."""
    if asked in tuple(Phase):
        return Phase(asked)
    return Phase.SELF if visit.role is Role.FACTORY else Phase.ASSESSED


def order(definition: Definition) -> tuple[str, ...]:
    """All questions in reading order: category by category."""
    placed = [question.id for name in definition.categories for question in definition.category_questions(name)]
    return tuple(dict.fromkeys([*placed, *(question.id for question in definition.questions)]))


def address(one: Assessment, question: str, phase: Phase, visit: Visit) -> str:
    """The page of one question; the phase is named only where it is not the reader's own."""
    suffix = "" if phase is phase_for(visit, None) else f"?phase={phase.value}"
    return f"/assessments/{one.id}/answers/{question}{suffix}"


def state_of(answer: Answer | None) -> str:
    """How a dimension is marked in the map."""
    if answer is None or answer.given is None:
        return "open"
    return "off" if answer.not_applicable else "done"


def index_name(phase: Phase, one: Assessment, *, complete: bool) -> str:
    """What the index of some answers is, as the key of its name: provisional only while answers are missing."""
    if not complete:
        return "standing.index"
    if phase is Phase.SELF:
        return "standing.own"
    return {
        AssessmentState.ASSESSMENT: "standing.before-review",
        AssessmentState.CERTIFIED: "standing.certified",
    }.get(one.state, "standing.not-certified")


def groups(place: Place, answers: Mapping[str, Answer], remarked: frozenset[str] = frozenset()) -> tuple[Group, ...]:
    """The map: every category with a mark for each of its dimensions."""
    definition, visit = place.definition, place.visit
    texts = definition.words(visit.language)
    numbers = {question: position for position, question in enumerate(order(definition), start=1)}

    def dot(question: str) -> Dot:
        return Dot(
            question,
            numbers[question],
            texts.questions[question].title,
            address(place.one, question, place.phase, visit),
            state_of(answers.get(question)),
            question in remarked,
            question == place.question,
        )

    return tuple(
        Group(texts.nodes[name].title, tuple(dot(each.id) for each in definition.category_questions(name)))
        for name in definition.categories
    )


def level_words(visit: Visit, one: Assessment, answer: Answer) -> str:
    """An answer in a few words: the level with its name, "does not apply", or that there is none yet."""
    if answer.not_applicable:
        return visit.say("level.not-applicable")
    if answer.level is None:
        return visit.say("level.none")
    texts = service.shown(one).definition.words(visit.language)
    return f"{answer.level} · {texts.questions[answer.question].levels[str(answer.level)].name}"
