"""A scorecard joined with the words of its definition: categories and their dimensions, numbered as printed.

Charts, the paper and the table all draw from here, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from questionnaires import wording
from questionnaires.model import Definition, Texts, Titled
from reports import numbers
from reports.errors import DefinitionMismatch, LanguageUnknown
from reports.parts import Dimension, FiredRule, Item, Measure, Part, fired_rules, said, titles
from reports.scales import Scale, measured
from scoring.scorecard import Scorecard

__all__ = ["Dimension", "FiredRule", "Item", "Measure", "Outline", "Part", "Section", "outline", "said", "titles"]


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that stand under no category: facts, figures for formulas."""

    id: str
    text: Titled
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """A further view over the same questions: nodes side by side."""

    id: str
    text: Titled
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole scorecard in reading order."""

    language: str
    headline: Measure
    sub_indices: tuple[Measure, ...]
    categories: tuple[Measure, ...]
    sections: tuple[Section, ...]
    views: tuple[Grouping, ...]
    profile: tuple[Part, ...]
    """The questions and nodes that the headline shows in place of a value; none where it has one."""

    @property
    def shown_beside(self) -> tuple[Measure, ...]:
        """The nodes of all further views."""
        return tuple(measure for view in self.views for measure in view.measures)

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """All dimensions in reading order."""
        return tuple(dimension for category in self.categories for dimension in category.dimensions)

    @property
    def drawn(self) -> tuple[Dimension, ...]:
        """The dimensions that have a place on a scale, so that they can be drawn."""
        return tuple(dimension for dimension in self.dimensions if dimension.scale.is_bounded)

    @property
    def items(self) -> tuple[Item, ...]:
        """All questions below the categories, each once, in reading order."""
        found = {item.id: item for dimension in reversed(self.dimensions) for item in reversed(dimension.items)}
        return tuple(found[name] for name in dict.fromkeys(i.id for d in self.dimensions for i in d.items))

    @property
    def levels_only(self) -> bool:
        """True where every dimension is one question that is answered by a described level."""
        return all(dimension.is_level for dimension in self.dimensions)

    @property
    def one_scale(self) -> Scale | None:
        """The scale that all drawn dimensions share; None where they differ."""
        found = {dimension.scale for dimension in self.drawn}
        return found.pop() if len(found) == 1 else None

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
    return _Joining(definition, scorecard, language).outline()


class _Joining:
    """One join of a scorecard with the words of its definition."""

    def __init__(self, definition: Definition, scorecard: Scorecard, language: str) -> None:
        self.definition = definition
        self.language = language
        self.words: Texts = definition.words(language)
        self.scales: Mapping[str, Scale] = measured(definition).scales
        self.asked = {question.id: question for question in definition.questions}
        self.nodes = {node.id: node for node in definition.nodes}
        self.questions = {question.id: question for question in scorecard.questions}
        self.scores = {node.id: node for node in scorecard.nodes}
        self.profile = scorecard.profile

    def outline(self) -> Outline:
        """The outline."""
        definition = self.definition
        return Outline(
            language=self.language,
            headline=self.measure(definition.index),
            sub_indices=tuple(self.measure(name) for name in definition.sub_indices),
            categories=tuple(self.category(name, str(place)) for place, name in enumerate(definition.categories, 1)),
            sections=tuple(self.sections()),
            views=tuple(
                Grouping(view.id, self.words.groups[view.id], tuple(self.measure(name) for name in view.nodes))
                for view in definition.views
            ),
            profile=tuple(self.item(name, "") if name in self.asked else self.measure(name) for name in self.profile),
        )

    def sections(self) -> Iterator[Section]:
        """The sections with what is told nowhere else: a fact that counts is told where it counts."""
        counted = {
            question.id
            for category in self.definition.categories
            for question in self.definition.category_questions(category)
        }
        for each in self.definition.sections:
            facts = [self.item(name, "") for name in each.questions if name not in counted]
            if facts:
                yield Section(each.id, self.words.groups[each.id], tuple(facts))

    def measure(self, identifier: str, number: str = "", dimensions: tuple[Dimension, ...] = ()) -> Measure:
        score = self.scores[identifier]
        return Measure(
            number=number,
            text=self.words.nodes[identifier],
            score=score,
            scale=self.scales[identifier],
            node=self.nodes[identifier],
            rules=fired_rules(score, self.words),
            stage=self.words.rules[score.stage].title if score.stage else None,
            dimensions=dimensions,
        )

    def category(self, identifier: str, number: str) -> Measure:
        children = self.nodes[identifier].children
        caps = {share.of: numbers.fraction(share.cap) for share in self.scores[identifier].shares}
        below = [self.dimension(child.of, f"{number}.{rank}", caps[child.of]) for rank, child in enumerate(children, 1)]
        return self.measure(identifier, number, tuple(below))

    def dimension(self, identifier: str, number: str, cap: Fraction | None) -> Dimension:
        scale = self.scales[identifier].at_most(cap)
        if identifier in self.asked:
            item = self.item(identifier, number)
            return Dimension(number, item, (item,), scale)
        below = self.definition.questions_below(identifier)
        items = tuple(self.item(each.id, f"{number}.{rank}") for rank, each in enumerate(below, 1))
        return Dimension(number, self.measure(identifier, number), items, scale)

    def item(self, identifier: str, number: str) -> Item:
        return Item(
            number,
            self.asked[identifier],
            self.words.questions[identifier],
            self.questions[identifier],
            self.scales[identifier],
            self.language,
        )
