"""A plan: a definition compiled once, ready to score any number of answers.

The plan holds what scoring needs in the order it is needed: whatever a question or node rests on stands before it,
formulas are parsed, scales are known. It is a pure function of the definition; see :mod:`scoring.compiling`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Protocol

from questionnaires.formula.tree import Expression
from questionnaires.model import (
    Aggregation,
    BandsOn,
    Inapplicable,
    LinearCurve,
    LogCurve,
    Missing,
    PassesOn,
    PointsCurve,
    Question,
    Rounding,
    RuleKind,
    StepsCurve,
)
from scoring.enclosure import Enclosure
from scoring.figures import CohortFigures
from scoring.memory import Memory

if TYPE_CHECKING:
    from scoring.answers import Answers
    from scoring.errors import AnswerFault


@dataclass(frozen=True, slots=True)
class PlannedCurve:
    """A curve with its ends as formulas where they are not plain numbers."""

    curve: LinearCurve | LogCurve | StepsCurve | PointsCurve
    base: Expression | None = None
    lead: Expression | None = None


@dataclass(frozen=True, slots=True)
class PlannedQuestion:
    """A question as the engine sees it."""

    id: str
    asked: Question
    may_not_apply: bool
    """Whether an answer can say so."""

    answerable: bool
    """False: computed, nobody answers it."""

    applies_when: Expression | None
    formula: Expression | None
    curve: PlannedCurve | None
    worth: Mapping[str, Fraction]
    """Level, or option id of choices and grids whose options have a value → value."""

    denials: frozenset[str]
    """Options that say that the question, or a row of the grid, does not apply."""

    scale: Enclosure
    """All values that an answer can give."""


Formulas = Mapping[str, Expression]
"""Key of the language → formula: amounts that are not plain numbers. Until :mod:`scoring.amounts` has put numbers in
their place, the field of that name holds what it can only be taken for: a weight of 1, no limit."""

STAND_IN: Final = "stand_in"
"""Key of a child's formulas that names a figure of the cohort: until it is known, nobody can say an end of the child's
scale that counts, as what stands in for it where it does not apply, or as what it could achieve."""


@dataclass(frozen=True, slots=True)
class AchievableRows:
    """The rows of a grid that sums and whose rows may turn out not to apply: what each of them could achieve.

    A share asks what a child could achieve at most. Of such a grid the rows that apply tell, so an answer does.
    """

    highest: Mapping[str, Fraction]
    """Row → its weight times the highest value of an option, above 0."""

    denials: frozenset[str]
    """Options that say that a row does not apply."""

    lowest_part: Fraction
    """Lowest over highest value of an option: the least part of what it could achieve that a row brings."""

    @property
    def within(self) -> Enclosure:
        """All that the rows that apply, at least one, could achieve."""
        return Enclosure(min(self.highest.values()), sum(self.highest.values(), Fraction(0)))

    def of(self, rows: Mapping[str, str]) -> Fraction:
        """What those rows could achieve that apply: row → the option picked there."""
        return sum((self.highest[row] for row, option in rows.items() if option not in self.denials), Fraction(0))


@dataclass(frozen=True, slots=True)
class PlannedChild:
    """A child of a node."""

    id: str
    weight: Fraction
    cap: Enclosure | None
    reached_from: Enclosure
    """Least value from which it counts as reached: its own, or that of its node."""

    scale: Enclosure
    """All values it can bring to this node (the cap observed)."""

    lowest: Enclosure | None
    highest: Enclosure | None
    """The ends of that scale, each as far as it is known; None: no limit."""

    whole: Enclosure
    """Its scale without the cap."""

    inapplicable: Inapplicable | None = None
    """What it does where it does not apply; None: what the node says."""

    formulas: Formulas = field(default_factory=dict)
    over: tuple[str, ...] = ()
    """The lists of which every item may still bring such a child; their items are not known yet. Several: each of them
    is asked of the items of the one before."""

    rows: AchievableRows | None = None
    """Of a grid below a share, where the answer decides what could be achieved; until then ``highest`` is all of it."""


@dataclass(frozen=True, slots=True)
class PlannedClass:
    """A class of a profile, with the condition that the profile, where it applies, is of just this one."""

    id: str
    holds: Expression
    when: Expression | None = None
    """The condition as the definition writes it, with no regard to the classes before; None: all that is left."""


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """A gate of a cumulative node."""

    id: str
    value: Fraction
    when: Expression


@dataclass(frozen=True, slots=True)
class PlannedRule:
    """A rule with its condition parsed; it fires where the condition is ``fires_on``."""

    id: str
    kind: RuleKind
    condition: Expression
    fires_on: bool
    to: Enclosure | None
    at_most: Enclosure | None
    at_least: Enclosure | None
    at_most_band: str | None
    bands_down: int | None
    at_least_band: str | None = None
    bands_up: int | None = None
    formulas: Formulas = field(default_factory=dict)

    @property
    def moves_band(self) -> bool:
        """Whether it moves the band by itself, whatever becomes of the value."""
        return (self.at_most_band, self.bands_down, self.at_least_band, self.bands_up) != (None, None, None, None)


@dataclass(frozen=True, slots=True)
class PlannedBand:
    """A band with its limit; an unlimited one until a formula has a number."""

    id: str
    lowest: Enclosure
    formula: Expression | None = None


@dataclass(frozen=True, slots=True)
class PlannedNode:
    """A node; everything it rests on stands before it in the plan's order."""

    id: str
    aggregation: Aggregation
    children: tuple[PlannedChild, ...]
    total_weight: Fraction
    missing: Missing
    inapplicable: Inapplicable
    least_counted: Fraction
    bands: tuple[PlannedBand, ...]
    bands_on: BandsOn
    boundary_is_upper: bool
    """True where a value at a band's limit still belongs to the band below."""

    questions: tuple[int, ...]
    """Positions of all questions below, each once, ascending."""

    applies_when: Expression | None
    out_of: Fraction
    stages: tuple[PlannedStage, ...]
    below: Fraction
    formula: Expression | None
    rules: tuple[PlannedRule, ...]
    rounding: Rounding
    passes_on: PassesOn
    unit: str | None
    least: Enclosure | None
    most: Enclosure | None
    less_is_better: bool
    formulas: Formulas = field(default_factory=dict)
    """Those of ``least`` and ``most``."""

    classes: tuple[PlannedClass, ...] = ()
    """Of a profile; at most one of them holds."""

    has_amounts: bool = False
    """Whether answers tell an amount of it or of a child: a formula, or the rows of a grid that apply; those of bands
    and rules are looked at when they count."""

    @property
    def standings(self) -> tuple[str, ...]:
        """Ids of its bands, lowest value first, or of its classes."""
        return tuple(each.id for each in self.classes or self.bands)

    @property
    def amounts(self) -> tuple[Expression, ...]:
        """Every formula in the place of a weight, limit or threshold."""
        parts = (self.formulas, *(each.formulas for each in self.children), *(each.formulas for each in self.rules))
        limits = tuple(band.formula for band in self.bands if band.formula is not None)
        return (*(formula for formulas in parts for formula in formulas.values()), *limits)

    @property
    def has_fixed_weights(self) -> bool:
        """Whether the definition says every weight, and no answer does."""
        return not any("weight" in child.formulas for child in self.children)

    @property
    def is_plain(self) -> bool:
        """Whether no answer tells an amount, and the stated value decides a band whose limit belongs to it."""
        usual = not self.boundary_is_upper and self.bands_on is BandsOn.STATED
        return not self.amounts and not self.by_rows and (usual or not self.bands)

    @property
    def by_rows(self) -> tuple[str, ...]:
        """Children of which the rows that apply tell what could be achieved."""
        return tuple(child.id for child in self.children if child.rows is not None)


@dataclass(frozen=True, slots=True)
class PlannedSide:
    """One side of a table: what tells in which row a number stands."""

    id: str
    """Of the question that is answered by a pick or a whole number, or of the node that has a band or class."""

    whole: bool = False
    """Whether it is a whole number."""

    standing: tuple[tuple[str, Expression], ...] = ()
    """Of a node: every band or class, with the condition that the node has just that."""


@dataclass(frozen=True, slots=True)
class PlannedTable:
    """A table: the number for each answer to a question, or for each way that several sides can meet."""

    id: str
    sides: tuple[PlannedSide, ...]
    by: tuple[str, ...]
    """Questions and nodes that it rests on, each once."""

    values: Mapping[tuple[str, ...], Fraction]
    otherwise: Fraction | None
    summed: bool
    """True: any number of options may be picked, and their numbers are added up, or multiplied."""

    span: Enclosure
    """All numbers it can give."""

    squares: Mapping[tuple[str, ...], Fraction] = field(default_factory=dict)
    """Answers → the square of the number, where that is irrational (a figure of a cohort, by groups)."""

    awaited: frozenset[tuple[str, ...]] = frozenset()
    """Answers whose number is a figure of a cohort that is not known."""

    multiplied: bool = False
    """True: the numbers of all options picked are multiplied."""


@dataclass(frozen=True, slots=True)
class PlannedContradiction:
    """Answers that cannot all be true."""

    id: str
    when: Expression
    questions: tuple[str, ...]
    """The questions that people answer for it, in the order of the questionnaire."""


class Unrolled(Protocol):
    """Lists of a definition, written out for the items that answers name; see :mod:`scoring.unrolling`."""

    def plan(self, answers: Answers) -> Plan:
        """The plan for the items that answers name."""

    def misplaced(self, question: str, positions: Collection[str]) -> AnswerFault | None:
        """What is wrong with an answer at a place that is none; None: nothing, or the place is not in a list."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything needed to score answers to one version of a questionnaire."""

    family: str
    version: str
    digest: str
    rounding: Rounding
    index: str
    questions: tuple[PlannedQuestion, ...]
    nodes: tuple[PlannedNode, ...]
    """Children before parents."""

    order: tuple[PlannedQuestion | PlannedNode, ...]
    """Questions and nodes, each after everything that its value rests on."""

    constants: Mapping[str, Fraction | None]
    """Constants and figures of the cohort, by id; None: no such figure was given."""

    tables: Mapping[str, PlannedTable]
    positions: Mapping[str, int]
    """Question id → its position in ``questions``."""

    rests_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Question or node id → the questions and nodes that its value directly rests on."""

    memory: Memory = field(default_factory=Memory, init=False, compare=False, repr=False)
    """What was worked out with this plan before; a changed copy of the plan starts with none."""

    cohort: CohortFigures | None = None
    """The figures of the cohort that scores are worked out with."""

    roots: Mapping[str, Expression] = field(default_factory=dict)
    """Figures that are roots, as formulas state them: irrational numbers are enclosed as tightly as is needed."""

    contradictions: tuple[PlannedContradiction, ...] = ()
    patterns: frozenset[str] = frozenset()
    """Questions and nodes of lists whose items are not known yet: they stand in ``order`` alone, for any item."""

    unrolling: Unrolled | None = field(default=None, compare=False, repr=False)
    """The plans for the items that answers name; None: nothing is asked item by item."""

    def unrolled(self, answers: Answers) -> Plan:
        """The plan for the items that answers name: this one, where nothing is asked item by item."""
        return self if self.unrolling is None else self.unrolling.plan(answers)
