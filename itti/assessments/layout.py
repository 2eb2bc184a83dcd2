"""Which questions stand on which leaf of the form: sections first, then one leaf for each dimension."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from questionnaires.model import Definition, QuestionText, Texts, Titled

SECTION: Final = "section."
"""What the address of a section's leaf begins with; no question or node has such an id."""


@dataclass(frozen=True)
class Leaf:
    """One page of the form."""

    id: str
    """The last part of its address."""

    of: str
    """Id of the section, the node or the question that it shows."""

    category: str | None
    """Id of the category; None for a section, and for a question that stands in neither."""

    questions: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        """Whether it is a single question that is a dimension by itself."""
        return self.questions == (self.of,)

    @property
    def is_section(self) -> bool:
        """Whether its questions are facts that stand before the dimensions."""
        return self.id.startswith(SECTION)

    def heading(self, texts: Texts) -> Titled | QuestionText:
        """Its title, and what is said about it."""
        if self.is_section:
            return texts.groups[self.of]
        if self.of in texts.nodes:
            return texts.nodes[self.of]
        return texts.questions[self.of]


def leaves(definition: Definition) -> tuple[Leaf, ...]:
    """All leaves in reading order. Each question stands on one: the first it belongs to."""
    placed: set[str] = set()
    found: list[Leaf] = []
    for leaf in _all(definition):
        questions = tuple(name for name in leaf.questions if name not in placed)
        if questions:
            found.append(Leaf(leaf.id, leaf.of, leaf.category, questions))
            placed |= set(questions)
    return tuple(found)


def _all(definition: Definition) -> Iterator[Leaf]:
    for section in definition.sections:
        yield Leaf(f"{SECTION}{section.id}", section.id, None, section.questions)
    for category in definition.categories:
        for dimension in definition.dimensions(category):
            below = tuple(question.id for question in definition.questions_below(dimension))
            yield Leaf(dimension, dimension, category, below)
    for question in definition.questions:
        yield Leaf(question.id, question.id, None, (question.id,))
