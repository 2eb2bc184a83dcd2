"""A plan: a definition compiled once, ready to score any number of answers.

The plan holds what scoring needs in the order it is needed: whatever a question or node rests on stands before it,
formulas are parsed, scales are known. It is a pure function of the definition; see :mod:`scoring.compiling`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from questionnaires.formula.tree import Expression
from questionnaires.model import (
    Aggregation,
    Band,
    Boundary,
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


@dataclass(frozen=True, slots=True)
class PlannedCurve:
    """A curve with its ends as formulas where they are not plain numbers."""

    curve: LinearCurve | LogCurve | StepsCurve | PointsCurve
    base: Expression | None = None
    lead: Expression | None = None

    @property
    def boundary_is_upper(self) -> bool:
        """True where a number at a step's limit still belongs below it."""
        return isinstance(self.curve, StepsCurve) and self.curve.boundary is Boundary.UPPER


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


@dataclass(frozen=True, slots=True)
class PlannedChild:
    """A child of a node."""

    id: str
    weight: Fraction
    cap: Fraction | None
    scale: Enclosure
    """All values it can bring to this node (the cap observed)."""

    inapplicable: Inapplicable | None = None
    """What it does where it does not apply; None: what the node says."""


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
    to: Fraction | None
    at_most: Fraction | None
    at_least: Fraction | None
    at_most_band: str | None
    bands_down: int | None


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
    bands: tuple[Band, ...]
    questions: tuple[int, ...]
    """Positions of all questions below, each once, ascending."""

    applies_when: Expression | None
    out_of: Fraction
    reached_from: Fraction
    stages: tuple[PlannedStage, ...]
    below: Fraction
    formula: Expression | None
    rules: tuple[PlannedRule, ...]
    rounding: Rounding
    passes_on: PassesOn
    unit: str | None
    least: Fraction | None
    most: Fraction | None
    less_is_better: bool


@dataclass(frozen=True, slots=True)
class PlannedTable:
    """A table: the number for each answer to a question, or to two."""

    id: str
    by: tuple[str, ...]
    values: Mapping[tuple[str, ...], Fraction]
    otherwise: Fraction | None
    summed: bool
    """True: any number of options may be picked, and their numbers are added up."""

    span: Enclosure
    """All numbers it can give."""


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
