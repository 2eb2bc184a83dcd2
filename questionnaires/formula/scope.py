"""What formulas can name: the questions, nodes, constants and tables of a definition, with what each is worth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Self

from questionnaires.belonging import members
from questionnaires.days import UNIT
from questionnaires.formula.parsing import parse
from questionnaires.formula.problems import FormulaMistaken
from questionnaires.formula.tree import Expression, names
from questionnaires.formula.wholes import is_whole
from questionnaires.model import (
    Aggregation,
    ChoiceQuestion,
    ChoicesQuestion,
    ComputedQuestion,
    DateQuestion,
    GridQuestion,
    ItemsQuestion,
    LevelQuestion,
    Node,
    NumberQuestion,
    Question,
    Statistic,
    StepsCurve,
    Structure,
    YesNoQuestion,
)


class Part(StrEnum):
    """Which part of a definition a name stands in."""

    QUESTION = "question"
    NODE = "node"
    CONSTANT = "constant"
    TABLE = "table"
    FIGURE = "figure"
    """A figure of a cohort."""
    CONDITION = "condition"


class Kind(StrEnum):
    """What a name is where a formula uses it."""

    NUMBER = "number"
    """A number, in a unit or plain."""

    PROFILE = "profile"
    """A node without a value of its own: it may be asked whether it applies."""

    YES_NO = "yes_no"
    """A truth where a truth is wanted, else its plain value."""

    CHOICE = "choice"
    """An option; its plain value in arithmetic, where all options have one."""

    CHOICES = "choices"
    """Several options; the plain sum of their values in arithmetic, where all have one."""

    GRID = "grid"
    """An option for every row; the plain value of them all in arithmetic, where all options have one."""

    CONDITION = "condition"
    """A truth, and nothing else."""

    ITEMS = "items"
    """A list: the number of its items."""

    DATE = "date"
    """A day: the number of days since 1 January 1970, in the unit ``day``."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that formulas can name."""

    part: Part
    kind: Kind
    unit: str | None = None
    """Unit of the number as the definition writes it; None: plain."""

    curve: bool = False
    """Whether its ``score(…)`` is another number than itself."""

    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    """Rows of a grid."""

    worths: tuple[Fraction | None, ...] = ()
    """What each option of a grid is worth in a row; None: the row does not apply."""

    valued: bool = True
    """Whether it has a value: a choice that only classifies has none."""

    bands: tuple[str, ...] = ()
    """Bands of a node, worst first."""

    classes: tuple[str, ...] = ()
    """Classes of a profile."""

    names: frozenset[str] = frozenset()
    """Questions and nodes that a named condition rests on."""

    whole: bool = False
    """Whether its number is whole and plain whatever the answers."""

    worth_whole: bool = False
    """Whether what it is worth is."""

    @property
    def fixed(self) -> bool:
        """Whether no answer can change it."""
        return self.part is Part.CONSTANT


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything that the formulas of a definition can name."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    """Question, node, table or condition that is there once for every item of a list → that list."""

    most: Mapping[str, int] = field(default_factory=dict)
    """List → most items that it can have."""

    unrolled: bool = False
    """Whether lists are written out: then a function may go over the items of an empty one."""

    computed: Mapping[str, str] = field(default_factory=dict)
    """Computed question without limits of its own → its formula."""

    def gives_whole(self, formula: Expression, known: dict[str, bool] | None = None) -> bool:
        """Whether a formula gives a whole number whatever the answers, as far as its form tells."""
        return is_whole(formula, lambda name: self.is_whole(name, known), self.is_worth_whole)

    def is_worth_whole(self, name: str) -> bool:
        """Whether what a question is worth is whole whatever the answers."""
        return name in self.entries and self.entries[name].worth_whole

    def is_whole(self, name: str, known: dict[str, bool] | None = None) -> bool:
        """Whether the number of a name is whole whatever the answers; of a computed question, by its formula."""
        if name not in self.computed:
            return name in self.entries and self.entries[name].whole
        found = {} if known is None else known
        if name not in found:
            found[name] = False  # until it is known: a circle is told elsewhere
            try:
                found[name] = self.gives_whole(parse(self.computed[name]), found)
            except FormulaMistaken:
                return False
        return found[name]

    @classmethod
    def of(cls, structure: Structure) -> Self:
        """The scope of a definition; of an id that is given twice, the first counts (another check tells)."""
        entries: dict[str, Entry] = {}
        for identifier, entry in _entries(structure):
            entries.setdefault(identifier, entry)
        asking = {question.id: question for question in structure.questions if isinstance(question, ItemsQuestion)}
        computed = {
            question.id: question.formula
            for question in structure.questions
            if isinstance(question, ComputedQuestion) and question.least is None and question.most is None
        }
        if not asking:
            return cls(entries, computed=computed)
        most = {name: question.most for name, question in asking.items()}
        return cls(
            entries,
            members(structure),
            most,
            unrolled=not all(question.asks for question in asking.values()),
            computed=computed,
        )


def _entries(structure: Structure) -> Iterator[tuple[str, Entry]]:
    for question in structure.questions:
        yield question.id, _question(question)
    for node in structure.nodes:
        yield node.id, _node(node)
    for constant in structure.constants:
        yield constant.id, Entry(Part.CONSTANT, Kind.NUMBER, constant.unit, whole=constant.value.denominator == 1)
    for table in structure.tables:
        numbers = [*table.rows.values(), *(() if table.otherwise is None else (table.otherwise,))]
        yield table.id, Entry(Part.TABLE, Kind.NUMBER, table.unit, whole=all(one.denominator == 1 for one in numbers))
    units = {thing.id: getattr(thing, "unit", None) for thing in (*structure.questions, *structure.nodes)}
    for figure in structure.cohort_figures:
        unit = None if figure.figure is Statistic.COUNT else units.get(figure.of)
        whole = figure.figure is Statistic.COUNT
        yield figure.id, Entry(Part.FIGURE, Kind.NUMBER, unit, whole=whole)
    for identifier, named in _rested_on(structure).items():
        yield identifier, Entry(Part.CONDITION, Kind.CONDITION, valued=False, names=named)


def _node(node: Node) -> Entry:
    profile = node.aggregation is Aggregation.PROFILE
    return Entry(
        Part.NODE,
        Kind.PROFILE if profile else Kind.NUMBER,
        node.unit,
        valued=not profile,
        bands=tuple(band.id for band in node.bands_worst_first),
        classes=tuple(each.id for each in node.classes),
    )


def _rested_on(structure: Structure) -> Mapping[str, frozenset[str]]:
    """Named condition → questions and nodes that it rests on, also through other conditions."""
    direct = {name: _names_in(when) for name, when in structure.named_conditions.items()}
    known = {thing.id for thing in (*structure.questions, *structure.nodes)}
    found: dict[str, frozenset[str]] = {}
    for start in direct:
        reached, waiting = {start}, [start]
        while waiting:
            further = [name for name in direct.get(waiting.pop(), ()) if name not in reached]
            reached.update(further)
            waiting += further
        found[start] = frozenset(reached & known)
    return found


def _names_in(text: str) -> frozenset[str]:
    try:
        return names(parse(text))
    except FormulaMistaken:
        return frozenset()


def _question(question: Question) -> Entry:
    return replace(_entry(question), worth_whole=is_worth_whole(question))


def is_worth_whole(question: Question) -> bool:
    """Whether what a question is worth is whole whatever the answers, whether its number is or not."""
    match question:
        case LevelQuestion(worth=worth):
            return _all_whole(worth)
        case ChoiceQuestion(options=options):
            return _all_whole(option.value for option in options)
        case YesNoQuestion(yes=yes, no=no):
            return _all_whole((yes, no))
        case NumberQuestion(curve=StepsCurve() as stair) | ComputedQuestion(curve=StepsCurve() as stair):
            return _all_whole((stair.below, *(step.value for step in stair.steps)))
        case NumberQuestion(curve=None, places=places):
            return places == 0
    return False


def _all_whole(numbers: Iterable[Fraction | None]) -> bool:
    return all(number is None or number.denominator == 1 for number in numbers)


def _entry(question: Question) -> Entry:
    match question:
        case ChoiceQuestion() | ChoicesQuestion() | GridQuestion():
            valued = all(option.value is not None or option.not_applicable for option in question.options)
            rows = tuple(row.id for row in question.rows) if isinstance(question, GridQuestion) else ()
            options = tuple(option.id for option in question.options)
            worths = tuple(option.value for option in question.options) if rows else ()
            kind = Kind(question.kind)
            return Entry(Part.QUESTION, kind, options=options, rows=rows, worths=worths, valued=valued)
        case YesNoQuestion():
            return Entry(Part.QUESTION, Kind.YES_NO)
        case NumberQuestion(places=places):
            curve = question.curve is not None
            return Entry(Part.QUESTION, Kind.NUMBER, question.unit, curve=curve, whole=places == 0)
        case ComputedQuestion():
            return Entry(Part.QUESTION, Kind.NUMBER, question.unit, curve=question.curve is not None)
        case DateQuestion():
            return Entry(Part.QUESTION, Kind.DATE, UNIT)
        case ItemsQuestion():
            return Entry(Part.QUESTION, Kind.ITEMS, whole=True)
        case LevelQuestion():
            return Entry(Part.QUESTION, Kind.NUMBER, curve=bool(question.worth), whole=True)
