"""The kinds of questions: what may be answered, and what an answer is worth.

Every question has an answer (what a person gives) and, unless it only feeds formulas, a *value* (what counts).
For a level the two are the same number; an option has the value that the definition gives it; a number gets
its value from a scoring curve.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Final, Literal

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from questionnaires.words import EXACT, Day, Exact, Formula, Identifier, Unit, Word, exact_number


class NotApplicable(StrEnum):
    """Whether a question may be answered "does not apply here"."""

    ALLOWED = "allowed"
    """With a reason; the question then leaves the denominator and the scorecard says so."""

    REFUSED = "refused"
    """Every factory has to answer it."""


def _evidence_from(value: object) -> object:
    if value == "answered":
        return value
    try:
        return exact_number(value)
    except PydanticCustomError:
        raise PydanticCustomError("evidence-from", "neither a number nor answered") from None


EvidenceFrom = Annotated[
    Literal["answered"] | Fraction,
    BeforeValidator(_evidence_from),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"anyOf": [{"const": "answered"}, {"type": "number"}, {"type": "string", "pattern": f"^{EXACT.pattern}$"}]}
    ),
]
"""From when on evidence is demanded: a value, or ``answered`` for whatever is answered."""


class Asked(Word):
    """What all questions share."""

    id: Identifier
    applies_when: Formula | None = None
    """Condition over other answers; where it is false the question does not apply and nobody is asked."""

    evidence_from: EvidenceFrom | None = None
    """Least value from which an answer may not be submitted without evidence; `answered`: whatever is answered, also
    where answers have no value (but not "does not apply"); None: never demanded."""

    sources: tuple[Identifier, ...] = ()
    """Ids of the sources that this question (its curve, its options' values) rests on."""


class LevelQuestion(Asked):
    """A question answered by one of several described levels; its value is the level's number, or what it is worth.

    In a formula its id is the number of the level, `score(id)` what it is worth; `evidence_from` is a level too.
    """

    kind: Literal["level"]
    lowest: Annotated[int, Field(ge=0, le=20, strict=True)] = 0
    highest: Annotated[int, Field(ge=1, le=20, strict=True)]
    worth: tuple[Exact, ...] = ()
    """What each level is worth, lowest level first, such as 0, 10, 40, 100; empty: its number."""

    not_applicable: NotApplicable = NotApplicable.ALLOWED

    @property
    def levels(self) -> range:
        """All levels, lowest first."""
        return range(self.lowest, self.highest + 1)

    def worth_of(self, level: int) -> Fraction:
        """The value of a level."""
        return self.worth[level - self.lowest] if self.worth else Fraction(level)


class Option(Word):
    """One possible answer of a choice, with its value."""

    id: Identifier
    value: Exact | None = None
    """What it is worth: may be 0 or negative. None: it only classifies (a sector, a kind of process)."""

    not_applicable: bool = False
    """True: who picks it says that this does not apply: a row of a grid then leaves the grid, another question its
    node. Such an option has no value, and among several it stands `alone`."""


class _OrAnswerSet:
    """Tells editors that the id of an answer set may stand for a list of options; see :mod:`questionnaires.sharing`."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        shape = handler(core)
        if handler.mode != "validation":
            return shape
        return {"anyOf": [shape, {"type": "string", "description": "The id of an answer set."}]}


class ChoiceQuestion(Asked):
    """A question answered by exactly one option."""

    kind: Literal["choice"]
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=200), _OrAnswerSet()]
    """Or the id of an answer set."""

    not_applicable: NotApplicable = NotApplicable.ALLOWED


class SeveralOption(Option):
    """One possible answer among several that may hold together."""

    alone: bool = False
    """True: it excludes all others ("none of these")."""


class AnswerSet(Word):
    """A list of options that several questions share: a question names the set where its own options would stand.

    It is shorthand of the file: a definition that is read has the options at every question. The words of shared
    options can be shared too, see `options` of the texts.
    """

    id: Identifier
    options: Annotated[tuple[SeveralOption, ...], Field(min_length=1, max_length=200)]
    """In a set with an option that stands `alone` only questions of several choices can find their options."""


class ChoicesQuestion(Asked):
    """A question answered by any number of options; its value is the sum of theirs, within the limits."""

    kind: Literal["choices"]
    options: Annotated[tuple[SeveralOption, ...], Field(min_length=1, max_length=200), _OrAnswerSet()]
    """Or the id of an answer set."""

    least_picked: Annotated[int, Field(ge=0, strict=True)] = 0
    most_picked: Annotated[int, Field(ge=1, strict=True)] | None = None
    at_least: Exact | None = None
    """The value is never below this."""

    at_most: Exact | None = None
    """The value is never above this."""

    not_applicable: NotApplicable = NotApplicable.ALLOWED


class Row(Word):
    """One row of a grid."""

    id: Identifier
    weight: Annotated[Exact, Field(gt=0)] = Fraction(1)


class GridAggregation(StrEnum):
    """How the rows of a grid become its value."""

    MEAN = "mean"
    """Weighted by the rows' weights."""

    SUM = "sum"
    """Weight × value, added up."""

    MINIMUM = "minimum"
    MAXIMUM = "maximum"


class GridQuestion(Asked):
    """The same options asked for several rows; every row gets exactly one."""

    kind: Literal["grid"]
    rows: Annotated[tuple[Row, ...], Field(min_length=1, max_length=100)]
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=50), _OrAnswerSet()]
    """Or the id of an answer set."""

    aggregation: GridAggregation = GridAggregation.MEAN
    not_applicable: NotApplicable = NotApplicable.ALLOWED


class YesNoQuestion(Asked):
    """A question answered by yes or no."""

    kind: Literal["yes_no"]
    yes: Exact = Fraction(1)
    """Value of a yes."""

    no: Exact = Fraction(0)
    """Value of a no."""

    not_applicable: NotApplicable = NotApplicable.ALLOWED


class Better(StrEnum):
    """Which way a measured number improves."""

    MORE = "more"
    LESS = "less"


Amount = Annotated[Exact | Formula, Field(union_mode="left_to_right")]
"""A number, or a formula over constants, tables, answers and nodes: a lead value, a weight or a pass mark by sector."""


class Ramp(Word):
    """What the curves between a base and a lead value share.

    At or beyond ``lead`` the value is ``at_lead``, at ``base`` it is ``at_base``. Where base and lead are the same
    number there is nothing to divide by: the curve is a step, full value at or better than lead, else ``at_base``.
    """

    base: Amount
    lead: Amount
    better: Better
    at_base: Exact = Fraction(0)
    at_lead: Exact = Fraction(1)
    capped: bool = True
    """True: worse than base stays at ``at_base``, better than lead stays at ``at_lead``. False: the line goes on."""


class LinearCurve(Ramp):
    """A straight line from base to lead."""

    form: Literal["linear"]


class LogCurve(Ramp):
    """A straight line over the logarithm of the number (goalposts of the human development index); all above 0."""

    form: Literal["log"]


class Boundary(StrEnum):
    """To which side the number at a limit belongs."""

    LOWER = "lower"
    """``[from, next)``: the number itself already counts as reached."""

    UPPER = "upper"
    """``(from, next]``: only what is greater counts as reached."""


class Step(Word):
    """From this number on, or above it, this value."""

    lowest: Annotated[Exact, Field(alias="from")]
    value: Exact
    boundary: Boundary | None = None
    """To which side the limit of this step belongs; None: as the stair says. A step `from` a limit may be followed by
    one above the same limit, where the limit itself has a value of its own."""


class StepsCurve(Word):
    """A stair: ``below`` until the first step, then the value of the last step reached."""

    form: Literal["steps"]
    below: Exact
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=100)]
    boundary: Boundary = Boundary.LOWER

    def excludes(self, step: Step) -> bool:
        """Whether the limit of a step still lies below it: only what is greater reaches it."""
        return (step.boundary or self.boundary) is Boundary.UPPER


class Point(Word):
    """A corner of a curve."""

    at: Exact
    value: Exact


class PointsCurve(Word):
    """Straight lines between corners; before the first and after the last the value stays."""

    form: Literal["points"]
    points: Annotated[tuple[Point, ...], Field(min_length=2, max_length=100)]


Curve = Annotated[LinearCurve | LogCurve | StepsCurve | PointsCurve, Field(discriminator="form")]
"""What a measured number is worth."""


class NumberQuestion(Asked):
    """A question answered by a measured number in a stated unit."""

    kind: Literal["number"]
    unit: Unit | None = None
    """None: a plain number."""

    least: Exact | None = None
    most: Exact | None = None
    """Numbers outside these limits are refused as slips."""

    places: Annotated[int, Field(ge=0, le=12, strict=True)] | None = None
    """Most decimal places of an answer; 0: whole numbers; None: as many as given."""

    step: Annotated[Exact, Field(gt=0)] | None = None
    """Answers lie whole steps above `least` (without one, above 0); None: anywhere."""

    curve: Curve | None = None
    """None: the number only feeds formulas, or counts as it is."""

    not_applicable: NotApplicable = NotApplicable.ALLOWED

    def on_a_step(self, number: Fraction) -> bool:
        """Whether a number lies on one of the steps, where there are any."""
        return self.step is None or ((number - (self.least or 0)) / self.step).denominator == 1


class DateQuestion(Asked):
    """A question answered by a day of the calendar; it has no value and cannot count, but formulas can use it.

    In a formula it is the number of days since 1 January 1970, in the unit `day`, so that the difference of two dates
    is a number of days.
    """

    kind: Literal["date"]
    earliest: Day | None = None
    latest: Day | None = None
    """Days outside these limits are refused as slips."""

    not_applicable: NotApplicable = NotApplicable.ALLOWED


ItemName = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True, strict=True)]
"""What people call one item of a list, such as ``Extrusion 1``."""


class Item(Word):
    """One item of a list: a production line, a site, a fuel, as an assessment names it."""

    id: Identifier
    """Given once and lasting: it never follows the name."""

    name: ItemName


MOST_ITEMS: Final = 500
"""Most items that a list can have."""

MOST_ASKED: Final = 4_000
"""Most questions that a list may come to: what it asks of one item, for as many items as it may have."""


class ItemsQuestion(Asked):
    """A question answered by a list of named items, such as production lines, of each of which the same is asked.

    In a formula outside the list its id is the number of items. The questions that it asks, and the nodes that say
    `each`, are there once for every item; `sum(…)`, `mean(…)`, `count(…)` and the like go over all items. A list may
    be asked of every item of another one.
    """

    kind: Literal["items"]
    least: Annotated[int, Field(ge=0, le=MOST_ITEMS, strict=True)] = 0
    most: Annotated[int, Field(ge=1, le=MOST_ITEMS, strict=True)]
    """At most 500, and at most 4,000 questions for all of them together."""

    asks: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=200)]
    """The questions that are asked of every item, in this order; computed ones too. A list among them is asked of every
    item: the process steps of each product. No list stands within such a list."""

    not_applicable: NotApplicable = NotApplicable.ALLOWED
    """Where it does not apply there are no items."""


class ComputedQuestion(Asked):
    """A number nobody types: it follows from others by a formula."""

    kind: Literal["computed"]
    formula: Formula
    unit: Unit | None = None
    least: Exact | None = None
    most: Exact | None = None
    """The number is held within these limits; they also are the ends of its scale."""

    curve: Curve | None = None


Question = Annotated[
    LevelQuestion
    | ChoiceQuestion
    | ChoicesQuestion
    | GridQuestion
    | YesNoQuestion
    | NumberQuestion
    | DateQuestion
    | ItemsQuestion
    | ComputedQuestion,
    Field(discriminator="kind"),
]
"""Any question, told apart by ``kind``."""


def keys_of(question: Question) -> tuple[str, ...]:
    """The answers by which a table can be looked up: option ids, levels, ``yes`` and ``no``; else none."""
    match question:
        case ChoiceQuestion() | ChoicesQuestion():
            return options_of(question)
        case LevelQuestion():
            return tuple(str(level) for level in question.levels)
        case YesNoQuestion():
            return ("yes", "no")
    return ()


def denied_by(question: Question) -> frozenset[str]:
    """Ids of the options that say that something does not apply: a row of a grid, else the whole question."""
    if isinstance(question, ChoiceQuestion | ChoicesQuestion | GridQuestion):
        return frozenset(option.id for option in question.options if option.not_applicable)
    return frozenset()


def may_be_denied(question: Question) -> bool:
    """Whether an answer can say that the question does not apply, in words of its own or by an option."""
    if isinstance(question, ComputedQuestion):
        return False
    return question.not_applicable is NotApplicable.ALLOWED or bool(denied_by(question))


def options_of(question: Question) -> tuple[str, ...]:
    """Ids of a question's options; empty for a kind that has none."""
    if isinstance(question, ChoiceQuestion | ChoicesQuestion | GridQuestion):
        return tuple(option.id for option in question.options)
    return ()
