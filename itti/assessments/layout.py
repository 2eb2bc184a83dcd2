"""Which questions stand on which leaf of the form: sections first, then one leaf for each dimension.

What is asked of every item of a list stands together, on one leaf for each item after the leaf with the list: whoever
walks a factory goes from line to line, and not from question to question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from itti.assessments.naming import item_in
from questionnaires.model import Definition, Item, QuestionText, Texts, Titled

SECTION: Final = "section."
"""What the address of a section's leaf begins with; no question or node has such an id."""

_NONE: Final[Mapping[str, Sequence[Item]]] = MappingProxyType({})


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
    item: Item | None = None
    """The item of a list that all its questions are about."""

    around: str = ""
    """What the item is called that has this list; empty where the factory itself has it."""

    @property
    def is_plain(self) -> bool:
        """Whether it is a single question that is a dimension by itself."""
        return self.questions == (self.of,)

    @property
    def is_section(self) -> bool:
        """Whether its questions are facts that stand before the dimensions."""
        return self.item is None and self.id.startswith(SECTION)

    def heading(self, texts: Texts) -> Titled | QuestionText:
        """Its title, and what is said about it; of an item its name, after that of the item that has it."""
        if self.item is not None:
            return Titled(title=f"{self.around} · {self.item.name}" if self.around else self.item.name)
        if self.is_section:
            return texts.groups[self.of]
        if self.of in texts.nodes:
            return texts.nodes[self.of]
        return texts.questions[self.of]


def leaves(definition: Definition, items: Mapping[str, Sequence[Item]] = _NONE) -> tuple[Leaf, ...]:
    """All leaves in reading order. Each question stands on one: the first it belongs to.

    ``items``: the items of every list whose questions are among those of ``definition``.
    """
    placed: set[str] = set()
    asked: dict[tuple[str, str] | None, list[str]] = {}
    for question in definition.questions:
        asked.setdefault(item_in(question.id), []).append(question.id)
    found: list[Leaf] = []
    for leaf in _all(definition):
        questions = tuple(name for name in leaf.questions if name not in placed and item_in(name) is None)
        if questions:
            found.append(Leaf(leaf.id, leaf.of, leaf.category, questions))
            placed |= set(questions)
            found += [each for name in questions for each in _items(name, leaf, items, asked)]
    return tuple(found)


def _items(
    of: str,
    before: Leaf,
    items: Mapping[str, Sequence[Item]],
    asked: Mapping[tuple[str, str] | None, Sequence[str]],
) -> Iterator[Leaf]:
    """A leaf for each item of a list, with all that is asked of it; after it those of the items that it has itself.

    ``before``: the leaf on which the list stands.
    """
    for item in items.get(of, ()):
        name, questions = f"{of}.{item.id}", tuple(asked.get((of, item.id), ()))
        leaf = Leaf(name, name, before.category, questions, item, before.item.name if before.item else "")
        yield leaf
        for each in questions:
            yield from _items(each, leaf, items, asked)


def _all(definition: Definition) -> Iterator[Leaf]:
    for section in definition.sections:
        yield Leaf(f"{SECTION}{section.id}", section.id, None, section.questions)
    for category in definition.categories:
        for dimension in definition.dimensions(category):
            below = tuple(question.id for question in definition.questions_below(dimension))
            yield Leaf(dimension, dimension, category, below)
    for question in definition.questions:
        yield Leaf(question.id, question.id, None, (question.id,))
