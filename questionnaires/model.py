"""The definition language, as frozen models.

A definition says what is asked and how answers roll up into indices; it is data, and no family of
questionnaires has code of its own. This module holds the whole of a definition; its words lie in
:mod:`questionnaires.words`, :mod:`questionnaires.questions`, :mod:`questionnaires.nodes`,
:mod:`questionnaires.cohorts` and :mod:`questionnaires.texts`, and all of them can be imported from here. What must
hold between words (ids that exist, trees without cycles, bands without holes, a text for every language) is found
by :mod:`questionnaires.checking`.

Structure and text are apart: every question, level, node and band has a stable id, and each language brings
its own :class:`Texts` for those ids. Numbers are exact: whole numbers, decimal strings (``"12.5"``) or
fractions (``"2/3"``); a binary float is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from math import prod
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, PlainSerializer, StringConstraints, Tag

from questionnaires.cohorts import (
    CohortFigure,
    CohortPart,
    End,
    LeftOut,
    Place,
    QuantileMethod,
    Ranking,
    RollUp,
    Statistic,
    Ties,
    TiesOfPart,
    TooFew,
)
from questionnaires.lookup import by_id
from questionnaires.nodes import (
    Aggregation,
    Band,
    BandsOn,
    Child,
    Inapplicable,
    Missing,
    Node,
    NodeClass,
    PassesOn,
    Rule,
    RuleKind,
    Stage,
)
from questionnaires.prioritising import FactorKind, Operator, Prioritisation, PriorityFactor, WeighedFactor
from questionnaires.questions import (
    Amount,
    AnswerSet,
    Asked,
    Better,
    Boundary,
    ChoiceQuestion,
    ChoicesQuestion,
    ComputedQuestion,
    Curve,
    DateQuestion,
    GridAggregation,
    GridQuestion,
    Item,
    ItemsQuestion,
    LevelQuestion,
    LinearCurve,
    LogCurve,
    NotApplicable,
    NumberQuestion,
    Option,
    Point,
    PointsCurve,
    Question,
    Ramp,
    Row,
    SeveralOption,
    Step,
    StepsCurve,
    YesNoQuestion,
    denied_by,
    keys_of,
    may_be_denied,
    options_of,
)
from questionnaires.texts import CrosswalkText, LevelText, OptionText, QuestionText, Texts, Titled
from questionnaires.words import (
    Day,
    Exact,
    Formula,
    Identifier,
    LanguageCode,
    QuestionKey,
    Rounding,
    RoundingMode,
    Sentence,
    Unit,
    VersionNumber,
    Word,
)

__all__ = [
    "Aggregation",
    "Amount",
    "AnswerSet",
    "Asked",
    "Band",
    "BandsOn",
    "Better",
    "Boundary",
    "Child",
    "ChoiceQuestion",
    "ChoicesQuestion",
    "CohortFigure",
    "CohortPart",
    "ComputedQuestion",
    "Condition",
    "Constant",
    "Contradiction",
    "Crosswalk",
    "CrosswalkItem",
    "CrosswalkText",
    "Curve",
    "DateQuestion",
    "Day",
    "Definition",
    "End",
    "Exact",
    "FactorKind",
    "Formula",
    "GridAggregation",
    "GridQuestion",
    "Identifier",
    "Inapplicable",
    "Item",
    "ItemsQuestion",
    "LanguageCode",
    "LeftOut",
    "LevelQuestion",
    "LevelText",
    "LinearCurve",
    "LogCurve",
    "Missing",
    "Node",
    "NodeClass",
    "NotApplicable",
    "NumberQuestion",
    "Operator",
    "Option",
    "OptionText",
    "Origin",
    "PassesOn",
    "Place",
    "Point",
    "PointsCurve",
    "Prioritisation",
    "PriorityFactor",
    "QuantileMethod",
    "Question",
    "QuestionKey",
    "QuestionText",
    "Ramp",
    "Ranking",
    "RollUp",
    "Rounding",
    "RoundingMode",
    "Row",
    "Rule",
    "RuleKind",
    "Section",
    "Sentence",
    "SeveralOption",
    "SeveralPicked",
    "Source",
    "Stage",
    "Statistic",
    "Step",
    "StepsCurve",
    "Structure",
    "Table",
    "Texts",
    "Ties",
    "TiesOfPart",
    "Titled",
    "TooFew",
    "Unit",
    "VersionNumber",
    "View",
    "WeighedFactor",
    "Word",
    "YesNoQuestion",
    "denied_by",
    "keys_of",
    "may_be_denied",
    "options_of",
]


class Origin(StrEnum):
    """Where a definition's content comes from; printed on every scorecard."""

    OWN = "own"
    """The project's own choices, editable; no public scheme stands behind them."""

    PUBLISHED = "published"
    """Taken from a public document that is named among the sources."""


class Source(Word):
    """A document or decision that content rests on, with how certain it is; its words are in the texts."""

    id: Identifier
    certainty: Literal["certain", "reported", "own"]


class Constant(Word):
    """A named number that formulas and curves use, in one place where it can be read and edited."""

    id: Identifier
    value: Exact
    unit: Unit | None = None
    sources: tuple[Identifier, ...] = ()


def _sides(value: object) -> object:
    return [value] if isinstance(value, str) else value


TableKey = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9]*(-[a-z0-9]+)*|\d{1,4})$", max_length=64)]
"""What stands at a side of a table: an option's id, a level or whole number, ``yes`` or ``no``, a band."""

TableBy = Annotated[
    tuple[Identifier, ...],
    Field(min_length=1, max_length=4),
    BeforeValidator(_sides, json_schema_input_type=Identifier | tuple[Identifier, ...]),
    PlainSerializer(lambda sides: sides[0] if len(sides) == 1 else sides, return_type=str | tuple[str, ...]),
]

_ROW_OR_NUMBER = Discriminator(lambda value: "*row*" if isinstance(value, Mapping) else "*number*")

_Fourth = Annotated[
    Annotated[Mapping[TableKey, Exact], Tag("*row*")] | Annotated[Exact, Tag("*number*")], _ROW_OR_NUMBER
]
_Third = Annotated[
    Annotated[Mapping[TableKey, _Fourth], Tag("*row*")] | Annotated[Exact, Tag("*number*")], _ROW_OR_NUMBER
]
TableRow = Annotated[
    Annotated[Mapping[TableKey, _Third], Tag("*row*")] | Annotated[Exact, Tag("*number*")], _ROW_OR_NUMBER
]

TableRows = Annotated[Mapping[TableKey, TableRow], Field(min_length=1)]


def _cells(rows: Mapping[str, object], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Fraction]]:
    for key, row in rows.items():
        if isinstance(row, Mapping):
            yield from _cells(row, (*above, key))
        elif isinstance(row, Fraction):
            yield (*above, key), row


class SeveralPicked(StrEnum):
    """What a table by a question of several choices makes of the numbers of all options picked."""

    SUM = "sum"
    """They are added up; of nothing picked the number is 0."""

    PRODUCT = "product"
    """They are multiplied, as factors of risk are; of nothing picked the number is 1."""


class Table(Word):
    """A number that depends on an answer, such as a lead value by sector, or on several, such as a risk matrix.

    Formulas name the table's id and get the number of what was answered. By a question of several choices it is the sum
    (or the product) of the numbers of all options picked, so that one answer can bring points to more than one area. A
    side of the table may also be a whole number, typed or computed, or the band or class that a node came to.
    """

    id: Identifier
    by: TableBy
    """What selects the row: a choice, a level, a yes or no, or several choices; a number that is always whole, and has
    `least` and `most`; a node with bands or classes. Or up to four of them (but not of several choices), each within
    the rows of the one before."""

    values: TableRows
    """Option, level, `yes` and `no`, whole number, band or class → number; by several: → the same again for the second,
    and so on → number."""

    otherwise: Exact | None = None
    """The number for answers without a row of their own; without it every answer has to be listed."""

    several: SeveralPicked = SeveralPicked.SUM
    unit: Unit | None = None
    sources: tuple[Identifier, ...] = ()

    @property
    def rows(self) -> Mapping[tuple[str, ...], Fraction]:
        """Answers, one for each side of the table → number."""
        return dict(_cells(self.values))

    def number(self, answers: Sequence[str | None]) -> Fraction | None:
        """The number for what stands at each side (several options joined by commas); None: there is none."""
        given = [answer for answer in answers if answer is not None]
        if len(given) < len(self.by):
            return None
        picks = [(one,) for one in given[0].split(", ") if one] if len(given) == 1 else [tuple(given)]
        found = [self.rows.get(pick, self.otherwise) for pick in picks]
        return None if None in found else self.of_all([each for each in found if each is not None])

    def of_all(self, numbers: Sequence[Fraction]) -> Fraction:
        """What the numbers of all options picked come to."""
        if self.several is SeveralPicked.PRODUCT:
            return prod(numbers, start=Fraction(1))
        return sum(numbers, Fraction(0))


class Condition(Word):
    """A condition with a name, written once: formulas name its id wherever a condition is wanted."""

    id: Identifier
    when: Formula
    sources: tuple[Identifier, ...] = ()


class Contradiction(Word):
    """Answers that cannot all be true: where the condition holds, nobody may submit them.

    Each answer is kept as it is given; what contradicts is told at once, with every question that the condition names.
    While one of them is open, or does not apply, nothing contradicts.
    """

    id: Identifier
    when: Formula
    """Over questions, such as `with-footprint > firms`."""

    sources: tuple[Identifier, ...] = ()


class Section(Word):
    """Questions that are asked together: general facts, figures for formulas.

    What also counts below a category is asked here, once, and told there.
    """

    id: Identifier
    questions: Annotated[tuple[Identifier, ...], Field(min_length=1)]


class View(Word):
    """A further way to group the same questions, such as by factory function: nodes shown side by side."""

    id: Identifier
    nodes: Annotated[tuple[Identifier, ...], Field(min_length=1)]


class CrosswalkItem(Word):
    """One part of another framework and what of this definition touches the same subject."""

    id: Identifier
    of: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    """Questions or nodes."""


class Crosswalk(Word):
    """How dimensions relate to another framework by subject; names only, never its scores."""

    id: Identifier
    items: Annotated[tuple[CrosswalkItem, ...], Field(min_length=1)]
    sources: tuple[Identifier, ...] = ()


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
    constants: tuple[Constant, ...] = ()
    tables: tuple[Table, ...] = ()
    conditions: tuple[Condition, ...] = ()
    cohort_figures: tuple[CohortFigure, ...] = ()
    sections: tuple[Section, ...] = ()
    answer_sets: tuple[AnswerSet, ...] = ()
    """Lists of options that questions share; a :class:`Definition` has none, as each question has its options there."""

    contradictions: tuple[Contradiction, ...] = ()
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    nodes: Annotated[tuple[Node, ...], Field(min_length=1)]
    views: tuple[View, ...] = ()
    crosswalks: tuple[Crosswalk, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    roll_ups: tuple[RollUp, ...] = ()
    priority_factors: tuple[PriorityFactor, ...] = ()
    priorities: tuple[Prioritisation, ...] = ()

    @property
    def named_conditions(self) -> Mapping[str, str]:
        """Formula of every named condition, by id."""
        return {condition.id: condition.when for condition in reversed(self.conditions)}


class Definition(Structure):
    """A whole definition: the structure with its texts in every language it names."""

    texts: Mapping[LanguageCode, Texts]

    @classmethod
    def of(cls, structure: Structure, texts: Mapping[str, Texts]) -> Self:
        """Join a structure with its texts; what questions share is spelled out at each of them."""
        parts = {name: getattr(structure, name) for name in Structure.model_fields if name != "answer_sets"}
        options = {question.id: options_of(question) for question in structure.questions}
        return cls(**parts, texts={language: words.spelled_out(options) for language, words in texts.items()})

    @property
    def name(self) -> str:
        """``family@version``, the way people and files name a definition."""
        return f"{self.family}@{self.version}"

    def question(self, identifier: str) -> Question | None:
        """The question with that id, or None."""
        return by_id(self.questions).get(identifier)

    def node(self, identifier: str) -> Node | None:
        """The node with that id, or None."""
        return by_id(self.nodes).get(identifier)

    def words(self, language: str) -> Texts:
        """The texts in ``language``, or in the definition's first language where it has none."""
        return self.texts.get(language) or self.texts[self.languages[0]]

    def questions_below(self, identifier: str) -> tuple[Question, ...]:
        """The questions below a node at any depth (or the question itself), each once, in reading order."""
        asked = {question.id: question for question in self.questions}
        nodes = {node.id: node for node in self.nodes}
        found: dict[str, Question] = {}

        def descend(of: str) -> None:
            if of in asked:
                found.setdefault(of, asked[of])
            elif of in nodes:
                for child in nodes[of].children:
                    descend(child.of)

        descend(identifier)
        return tuple(found.values())

    def category_questions(self, category: str) -> tuple[Question, ...]:
        """The questions below a category, in its order."""
        return self.questions_below(category)

    def dimensions(self, category: str) -> tuple[str, ...]:
        """Ids of the dimensions of a category: its children, each a question or a node over several questions."""
        node = self.node(category)
        return tuple(child.of for child in node.children) if node else ()
