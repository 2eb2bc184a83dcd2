"""Finding one's way among the leaves of an assessment: their order, their addresses, the map of all of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from itti.accounts.tables import Role
from itti.assessments import asked, service
from itti.assessments.layout import Leaf
from itti.assessments.library import Questionnaire
from itti.assessments.tables import APPROVED, Assessment, AssessmentState, Phase
from itti.web.visits import Visit
from questionnaires.model import Definition
from scoring import Scorecard, State


@dataclass(frozen=True)
class Place:
    """A person at one leaf of one phase of one assessment."""

    visit: Visit
    one: Assessment
    phase: Phase
    leaf: Leaf

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """The questionnaire with its plan, as it was asked in this phase when the place was entered."""
        return service.asked_of(self.visit.session, self.one, self.phase)

    @property
    def definition(self) -> Definition:
        """The questionnaire."""
        return self.questionnaire.definition

    @property
    def position(self) -> int:
        """Which leaf it is, from 0."""
        return self.questionnaire.leaves.index(self.leaf)

    @property
    def before(self) -> str | None:
        """The leaf before, if there is one."""
        leaves = self.questionnaire.leaves
        return None if self.position == 0 else self._to(leaves[self.position - 1])

    @property
    def after(self) -> str:
        """Where the way leads on: the next leaf, then the page to submit."""
        leaves = self.questionnaire.leaves
        if self.position < len(leaves) - 1:
            return self._to(leaves[self.position + 1])
        if service.may_write(self.visit.session, self.visit.act, self.one, self.phase):
            return f"/assessments/{self.one.id}/submit"
        return f"/assessments/{self.one.id}"

    def _to(self, leaf: Leaf) -> str:
        return leaf_address(self.one, leaf, self.phase, self.visit)


@dataclass(frozen=True)
class Dot:
    """One leaf in the map of all of them."""

    id: str
    number: int
    title: str
    href: str
    state: str
    """``done``, ``off`` (does not apply) or ``open``."""

    questions: tuple[str, ...]
    flag: bool
    """A reviewer remarked on it."""

    current: bool = False
    look: bool = False
    """Some answer on it must be looked at again."""


@dataclass(frozen=True)
class Group:
    """A category with its dimensions, or the sections."""

    title: str
    dots: tuple[Dot, ...]


def phase_for(visit: Visit, asked_for: str | None) -> Phase:
    """Whose answers a page is about: the one asked for, else the factory's own for the factory."""
    if asked_for in tuple(Phase):
        return Phase(asked_for)
    return Phase.SELF if visit.role is Role.FACTORY else Phase.ASSESSED


def order(questionnaire: Questionnaire) -> tuple[str, ...]:
    """All questions in reading order: leaf by leaf."""
    return tuple(question for leaf in questionnaire.leaves for question in leaf.questions)


def next_of(questionnaire: Questionnaire, after: str, wanted: Collection[str]) -> str | None:
    """The first of ``wanted`` after a question in reading order, else the first of all; None: there is none."""
    questions = order(questionnaire)
    place = questions.index(after)
    return next((name for name in (*questions[place:], *questions) if name in wanted), None)


def leaf_address(one: Assessment, leaf: Leaf, phase: Phase, visit: Visit) -> str:
    """The page of one leaf; the phase is named only where it is not the reader's own."""
    suffix = "" if phase is phase_for(visit, None) else f"?phase={phase.value}"
    return f"/assessments/{one.id}/answers/{leaf.id}{suffix}"


def address(one: Assessment, questionnaire: Questionnaire, question: str, phase: Phase, visit: Visit) -> str:
    """The place of one question of a questionnaire, as it is asked in a phase, on its page."""
    leaf = questionnaire.leaf(question)
    page = leaf_address(one, leaf, phase, visit)
    return page if leaf.is_plain else f"{page}#{question}"


def title_of(questionnaire: Questionnaire, question: str, language: str) -> str:
    """The title of a question; of an item that has been removed from its list, without the item's name."""
    titles = questionnaire.definition.words(language).questions
    if question not in titles:
        titles, question = questionnaire.published.definition.words(language).questions, question.rpartition(".")[2]
    return titles[question].title if question in titles else question


def state_of(leaf: Leaf, card: Scorecard) -> str:
    """How a leaf is marked in the map."""
    scores = [card.question(name) for name in leaf.questions]
    if any(asked.waits(score) for score in scores):
        return "open"
    return "off" if all(score.state is State.NOT_APPLICABLE for score in scores) else "done"


def index_name(phase: Phase, one: Assessment, *, complete: bool) -> str:
    """What the index of some answers is, as the key of its name: provisional only while answers are missing."""
    if not complete:
        return "standing.index"
    if phase is Phase.SELF:
        return "standing.own"
    if one.state in APPROVED:
        return "standing.certified"
    return "standing.before-review" if one.state is AssessmentState.ASSESSMENT else "standing.not-certified"


def groups(
    place: Place, card: Scorecard, remarked: frozenset[str] = frozenset(), looks: Collection[str] = ()
) -> tuple[Group, ...]:
    """The map: sections, then every category with a mark for each of its dimensions."""
    texts = place.definition.words(place.visit.language)
    dots: dict[str | None, list[Dot]] = {}
    for number, leaf in enumerate(place.questionnaire.leaves, start=1):
        dot = Dot(
            leaf.id,
            number,
            leaf.heading(texts).title,
            leaf_address(place.one, leaf, place.phase, place.visit),
            state_of(leaf, card),
            leaf.questions,
            not remarked.isdisjoint(leaf.questions),
            leaf == place.leaf,
            not set(looks).isdisjoint(leaf.questions),
        )
        dots.setdefault(leaf.category, []).append(dot)
    general = place.visit.say("answer.general")
    return tuple(
        Group(texts.nodes[category].title if category else general, tuple(found)) for category, found in dots.items()
    )
