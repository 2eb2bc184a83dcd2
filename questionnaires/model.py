"""The definition language, as frozen models.

A definition says what is asked and how answers roll up into indices; it is data, and no family of
questionnaires has code of its own. This module holds the words of the language and what a single word must
look like. What must hold between words (ids that exist, trees without cycles, bands without holes, a text
for every language) is found by :mod:`questionnaires.checking`.

Structure and text are apart: every question, level, node and band has a stable id, and each language brings
its own :class:`Texts` for those ids. Numbers are exact: whole numbers, decimal strings (``"12.5"``) or
fractions (``"2/3"``); a binary float is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints
from pydantic_core import PydanticCustomError

_EXACT = re.compile(r"-?\d{1,18}(\.\d{1,18}|/[1-9]\d{0,17})?", re.ASCII)


def _exact(value: object) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, str) and _EXACT.fullmatch(value):
        return Fraction(value)
    raise PydanticCustomError("exact-number", "not an exact number")


Exact = Annotated[Fraction, BeforeValidator(_exact), PlainSerializer(str, return_type=str)]
"""A rational number, written as a whole number, a decimal string or ``"n/d"``."""

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=64, strict=True)]
"""Lower-case words joined by hyphens; given once and never derived from a text."""

VersionNumber = Annotated[
    str, StringConstraints(pattern=r"^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$", strict=True)
]
"""A semantic version number: major.minor.patch."""

LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?$", strict=True)]

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True, strict=True)]
"""A text for people: not empty."""


class Word(BaseModel):
    """Base of all words of the language: frozen, and unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)


class Origin(StrEnum):
    """Where a definition's content comes from; printed on every scorecard."""

    OWN = "own"
    """The project's own choices, editable; no public scheme stands behind them."""

    PUBLISHED = "published"
    """Taken from a public document that is named among the sources."""


class NotApplicable(StrEnum):
    """Whether a question may be answered "does not apply here"."""

    ALLOWED = "allowed"
    """With a reason; the question then leaves the denominator and the scorecard says so."""

    REFUSED = "refused"
    """Every factory has to answer it."""


class LevelQuestion(Word):
    """A question answered by one of several described levels; its value is the level's number."""

    kind: Literal["level"]
    id: Identifier
    lowest: Annotated[int, Field(ge=0, le=20, strict=True)] = 0
    highest: Annotated[int, Field(ge=1, le=20, strict=True)]
    not_applicable: NotApplicable = NotApplicable.ALLOWED

    @property
    def levels(self) -> range:
        """All levels, lowest first."""
        return range(self.lowest, self.highest + 1)


Question = LevelQuestion
"""Any question. Further kinds join here as a union told apart by ``kind``."""


class Aggregation(StrEnum):
    """How the values of a node's children become the node's value."""

    MEAN = "mean"
    """Sum of the counted children's values over their number."""

    WEIGHTED_MEAN = "weighted_mean"
    """Sum of weight × value over the sum of weights, both over the counted children."""

    MINIMUM = "minimum"
    """The least of the counted children's values."""


class Missing(StrEnum):
    """What an unanswered question does to a node. It is never a zero."""

    WITHHOLD = "withhold"
    """The node states no value until everything below it is answered."""

    EXCLUDE = "exclude"
    """The child leaves the denominator, as long as ``least_counted`` still holds."""


class RoundingMode(StrEnum):
    """How a value that lies between two printable ones is rounded."""

    HALF_UP = "half_up"
    """Halves go away from zero (commercial rounding)."""

    HALF_EVEN = "half_even"
    """Halves go to the even neighbour."""

    DOWN = "down"
    """Towards zero."""


class Rounding(Word):
    """The one rounding of a value, done when it is stated; parents always use the exact value."""

    places: Annotated[int, Field(ge=0, le=9, strict=True)]
    mode: RoundingMode


class Child(Word):
    """A question or node that counts towards a node."""

    of: Identifier
    weight: Annotated[Exact, Field(gt=0)] = Fraction(1)


class Band(Word):
    """A named half-open interval ``[lowest, next band's lowest)`` of a node's stated (rounded) value.

    The last band is closed above by the node's highest possible value, so a table of bands has no holes by
    construction; it only has to start at the lowest possible value and rise.
    """

    id: Identifier
    lowest: Annotated[Exact, Field(alias="from")]


class Node(Word):
    """One value of the scorecard, made from its children."""

    id: Identifier
    aggregation: Aggregation
    children: Annotated[tuple[Child, ...], Field(min_length=1)]
    missing: Missing = Missing.WITHHOLD
    least_counted: Annotated[Exact, Field(ge=0, le=1)] = Fraction(0)
    """Least share of the declared weight that has to count (answered and applicable) for a value."""

    bands: tuple[Band, ...] = ()


class Source(Word):
    """A document or decision that content rests on, with how certain it is; its words are in the texts."""

    id: Identifier
    certainty: Literal["certain", "reported", "own"]


class LevelText(Word):
    """The words for one level of one question."""

    name: Sentence
    description: Sentence
    next: Sentence
    """The next step for a factory that stands at this level."""


class QuestionText(Word):
    """The words for one question."""

    title: Sentence
    about: Sentence
    prompt: Sentence
    levels: Mapping[str, LevelText]
    """Level number (as text) → its words."""

    guiding: tuple[Sentence, ...] = ()
    evidence: tuple[Sentence, ...] = ()


class Titled(Word):
    """The words for a node or a band."""

    title: Sentence
    about: Sentence


class Texts(Word):
    """Everything a definition says to people in one language."""

    language: LanguageCode
    title: Sentence
    short_title: Sentence
    summary: Sentence
    origin: Sentence
    method: Sentence
    limits: Sentence
    questions: Mapping[Identifier, QuestionText]
    nodes: Mapping[Identifier, Titled]
    bands: Mapping[Identifier, Titled] = {}
    sources: Mapping[Identifier, Sentence] = {}


class Structure(Word):
    """What is asked and how it rolls up: everything of a definition that can move a score."""

    family: Identifier
    version: VersionNumber
    origin: Origin
    languages: Annotated[tuple[LanguageCode, ...], Field(min_length=1)]
    rounding: Rounding
    index: Identifier
    """The node that is the headline index."""

    sub_indices: tuple[Identifier, ...] = ()
    """Nodes stated beside the headline, such as the digital and the sustainability index."""

    categories: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    """The nodes that group the dimensions, in reading order; a report gives each its page."""

    sources: tuple[Source, ...] = ()
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    nodes: Annotated[tuple[Node, ...], Field(min_length=1)]


class Definition(Structure):
    """A whole definition: the structure with its texts in every language it names."""

    texts: Mapping[LanguageCode, Texts]

    @classmethod
    def of(cls, structure: Structure, texts: Mapping[str, Texts]) -> Self:
        """Join a structure with its texts."""
        parts = {name: getattr(structure, name) for name in Structure.model_fields}
        return cls(**parts, texts=dict(texts))

    @property
    def name(self) -> str:
        """``family@version``, the way people and files name a definition."""
        return f"{self.family}@{self.version}"

    def question(self, identifier: str) -> Question | None:
        """The question with that id, or None."""
        return next((question for question in self.questions if question.id == identifier), None)

    def node(self, identifier: str) -> Node | None:
        """The node with that id, or None."""
        return next((node for node in self.nodes if node.id == identifier), None)

    def words(self, language: str) -> Texts:
        """The texts in ``language``, or in the definition's first language where it has none."""
        return self.texts.get(language) or self.texts[self.languages[0]]

    def category_questions(self, category: str) -> tuple[Question, ...]:
        """The questions directly below a category, in its order."""
        node = self.node(category)
        children = node.children if node else ()
        found = (self.question(child.of) for child in children)
        return tuple(question for question in found if question is not None)
