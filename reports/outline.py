"""A scorecard joined with the words of its definition: categories and their dimensions, numbered as printed.

Charts, the paper and the table all draw from here, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from questionnaires import wording
from questionnaires.model import Aggregation, Definition, Node, QuestionText, Titled
from reports.errors import DefinitionMismatch, LanguageUnknown
from scoring.scorecard import NodeScore, QuestionScore, Scorecard, State


@dataclass(frozen=True, slots=True)
class Dimension:
    """One question with its words and its level."""

    number: str
    """Place in the report, such as ``"4.2"``."""

    text: QuestionText
    score: QuestionScore

    @property
    def id(self) -> str:
        """Id of the question."""
        return self.score.id

    @property
    def title(self) -> str:
        """Name of the dimension."""
        return self.text.title

    @property
    def level_name(self) -> str | None:
        """Name of the level reached, or None without a level."""
        return None if self.score.level is None else self.text.levels[str(self.score.level)].name

    @property
    def share(self) -> Fraction | None:
        """The level as a share of the scale, 0 to 1."""
        if self.score.level is None:
            return None
        return Fraction(self.score.level - self.score.lowest, self.score.highest - self.score.lowest)


@dataclass(frozen=True, slots=True)
class Measure:
    """A node with its words, its value and the ends of its scale."""

    number: str
    """Place in the report for a category, ``""`` for an index."""

    text: Titled
    score: NodeScore
    lowest: Fraction
    highest: Fraction
    dimensions: tuple[Dimension, ...] = ()

    @property
    def id(self) -> str:
        """Id of the node."""
        return self.score.id

    @property
    def title(self) -> str:
        """Name of the node."""
        return self.text.title

    @property
    def printed(self) -> str | None:
        """The value to print: stated, or provisional while answers are missing; None where there is none."""
        return self.score.value or self.score.provisional

    @property
    def is_provisional(self) -> bool:
        """True when :attr:`printed` may still change."""
        return self.score.value is None and self.score.provisional is not None

    @property
    def share(self) -> Fraction | None:
        """The printed value as a share of the scale, 0 to 1."""
        return None if self.printed is None else self.share_of(Fraction(self.printed))

    def share_of(self, value: Fraction) -> Fraction:
        """Where a value lies on the scale, 0 to 1."""
        return (value - self.lowest) / (self.highest - self.lowest)


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole scorecard in reading order."""

    language: str
    headline: Measure
    sub_indices: tuple[Measure, ...]
    categories: tuple[Measure, ...]

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """All dimensions in reading order."""
        return tuple(dimension for category in self.categories for dimension in category.dimensions)

    @property
    def rightward(self) -> bool:
        """True where lines run from left to right."""
        return self.language not in wording.RIGHT_TO_LEFT


def outline(definition: Definition, scorecard: Scorecard, language: str) -> Outline:
    """Join scorecard and words.

    Raises:
        DefinitionMismatch: the scorecard was made with another family or version.
        LanguageUnknown: neither ``en`` nor ``ar``.
    """
    if language not in wording.LANGUAGES:
        raise LanguageUnknown(language=language, known=", ".join(wording.LANGUAGES))
    if (scorecard.family, scorecard.version) != (definition.family, definition.version):
        raise DefinitionMismatch(expected=f"{scorecard.family}@{scorecard.version}", given=definition.name)
    words = definition.words(language)
    questions = {question.id: question for question in scorecard.questions}

    def measure(identifier: str, number: str = "", dimensions: tuple[Dimension, ...] = ()) -> Measure:
        lowest, highest = scale(definition, identifier)
        return Measure(number, words.nodes[identifier], scorecard.node(identifier), lowest, highest, dimensions)

    categories = []
    for place, category in enumerate(definition.categories, 1):
        below = tuple(
            Dimension(f"{place}.{rank}", words.questions[name], questions[name])
            for rank, name in enumerate(questions_below(definition, category), 1)
        )
        categories.append(measure(category, str(place), below))
    return Outline(
        language=language,
        headline=measure(definition.index),
        sub_indices=tuple(measure(name) for name in definition.sub_indices),
        categories=tuple(categories),
    )


def questions_below(definition: Definition, node: str) -> tuple[str, ...]:
    """Ids of all questions below a node, in reading order, each once."""
    found: dict[str, None] = {}
    start = definition.node(node)
    waiting = [child.of for child in start.children] if start else []
    while waiting:
        name = waiting.pop(0)
        below = definition.node(name)
        if below is None:
            found[name] = None
        else:
            waiting = [child.of for child in below.children] + waiting
    return tuple(found)


def scale(definition: Definition, identifier: str) -> tuple[Fraction, Fraction]:
    """The least and the greatest value that a question or node can take."""
    question = definition.question(identifier)
    if question is not None:
        return Fraction(question.lowest), Fraction(question.highest)
    node = definition.node(identifier)
    if node is None:
        raise KeyError(identifier)
    ends = {child.of: scale(definition, child.of) for child in node.children}
    return _combined(node, {name: end[0] for name, end in ends.items()}), _combined(
        node, {name: end[1] for name, end in ends.items()}
    )


def _combined(node: Node, values: Mapping[str, Fraction]) -> Fraction:
    if node.aggregation is Aggregation.MINIMUM:
        return min(values.values())
    weights = sum((child.weight for child in node.children), Fraction(0))
    return sum((child.weight * values[child.of] for child in node.children), Fraction(0)) / weights


def weight_in_index(scorecard: Scorecard) -> dict[str, Fraction]:
    """Question id → how much of the headline one level of it is worth, after exclusions (they add up to 1)."""
    weights: dict[str, Fraction] = {scorecard.index: Fraction(1)}
    for node in reversed(scorecard.nodes):
        for share in node.shares:
            if node.id in weights:
                weights[share.of] = weights.get(share.of, Fraction(0)) + weights[node.id] * Fraction(share.weight_used)
    return {question.id: weights.get(question.id, Fraction(0)) for question in scorecard.questions}


def counts(question: QuestionScore) -> bool:
    """True when the question has a level."""
    return question.state is State.SCORED
