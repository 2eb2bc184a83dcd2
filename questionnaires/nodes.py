"""Nodes: how values roll up, what missing and inapplicable answers mean, and the rules that override arithmetic."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import Annotated

from pydantic import Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from questionnaires.questions import Amount, Better, Boundary
from questionnaires.words import Exact, Formula, Identifier, Rounding, Unit, Word


class Aggregation(StrEnum):
    """How the values of a node's children become the node's value."""

    MEAN = "mean"
    """Sum of the counted children's values over their number."""

    WEIGHTED_MEAN = "weighted_mean"
    """Sum of weight × value over the sum of weights, both over the counted children."""

    SUM = "sum"
    """Sum of weight × value over the counted children."""

    MINIMUM = "minimum"
    """The least of the counted children's values."""

    MAXIMUM = "maximum"
    """The greatest of the counted children's values."""

    MEDIAN = "median"
    """The counted child's value in the middle by order of value; of an even number half way between the two there."""

    GEOMETRIC = "geometric"
    """Product of value to the power of its share of weight; every value has to be above 0, a 0 makes it 0."""

    HARMONIC = "harmonic"
    """Sum of weights over the sum of weight ÷ value; a 0 makes it 0."""

    SHARE = "share"
    """Achieved over achievable: ``out_of`` × sum of weight × value ÷ sum of weight × highest possible value.

    Of a grid that adds up its rows, the highest possible value is that of the rows that apply.
    """

    COUNT = "count"
    """How many counted children have at least the value ``reached_from``."""

    SHARE_REACHED = "share_reached"
    """``out_of`` × weight of the children that have at least ``reached_from`` ÷ weight of all that count."""

    CUMULATIVE = "cumulative"
    """A gate after a gate: the value of the last stage whose condition holds together with all before it."""

    FORMULA = "formula"
    """Whatever ``formula`` makes of the children."""

    PROFILE = "profile"
    """No value of its own: its children are shown side by side. It may be the index, of a scheme that publishes a
    profile and no overall figure; it cannot count towards anything but another profile."""


class Missing(StrEnum):
    """What an unanswered question does to a node. It is never a zero."""

    WITHHOLD = "withhold"
    """The node states no value until everything below it is answered."""

    EXCLUDE = "exclude"
    """The child leaves the denominator, as long as ``least_counted`` still holds."""


class Inapplicable(StrEnum):
    """What a child that does not apply does to a node; anything but excluding it is printed on the scorecard."""

    EXCLUDE = "exclude"
    """It leaves the denominator."""

    FULL = "full"
    """It counts with its highest possible value."""

    LOWEST = "lowest"
    """It counts with its lowest possible value."""


class PassesOn(StrEnum):
    """Which of a node's two values its parents use."""

    EXACT = "exact"
    STATED = "stated"
    """The rounded one: only for published schemes that round on the way."""


class _AboveZero:
    """Tells editors that a number has to be above 0; of a formula only the checks of a definition know it."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0},
                {"type": "string", "pattern": r"^\d{1,18}(\.\d{1,18}|/[1-9]\d{0,17})?$"},
                {"type": "string", "pattern": "[a-z]", "maxLength": 2000},
            ]
        }


class Child(Word):
    """A question or node that counts towards a node.

    A cap that does not apply caps nothing, and a weight that does not apply counts as 0.
    """

    of: Identifier
    weight: Annotated[Amount, _AboveZero()] = Fraction(1)
    """A number above 0, or a formula (a weight by sector); where that gives 0 the child is left out."""

    counts_when: Formula | None = None
    """Condition under which it counts here (the weighty ones alone); where it does not hold, it is left out, also if
    it is not answered. Of a child that belongs to a list it is asked of every item."""

    cap: Amount | None = None
    """A cap at target: what exceeds it does not count here."""

    not_applicable: Inapplicable | None = None
    """What it does here where it does not apply; None: as the node says of all its children."""

    reached_from: Amount | None = None
    """Least value from which this child counts as reached, where that is not the one of the node."""

    @property
    def weighs(self) -> Amount:
        """Its weight where it counts, else 0: a formula where it counts under a condition."""
        if self.counts_when is None:
            return self.weight
        weight = self.weight
        written = f"{weight.numerator} / {weight.denominator}" if isinstance(weight, Fraction) else weight
        if isinstance(weight, Fraction) and weight.denominator == 1:
            written = str(weight)
        return f"if({self.counts_when}, {written}, 0)"


class Band(Word):
    """A named half-open interval of a node's value, from its own limit to the limit of the next band.

    The first band reaches down to the node's lowest possible value and the last one up to its highest, so a table of
    bands has no holes by construction; it only has to start at the lowest possible value and rise. Nodes that share
    the ids of their bands share the words for them.
    """

    id: Identifier
    lowest: Annotated[Amount, Field(alias="from")]
    """A number, or a formula (a pass mark by sector). Where limits that follow from answers turn out not to rise, no
    band is stated."""


class BandsOn(StrEnum):
    """Which of a node's two values decides its band."""

    STATED = "stated"
    """The rounded one, so that the band printed is always that of the value printed."""

    EXACT = "exact"
    """The one before rounding: what only rounds up to a limit has not reached it."""


class Stage(Word):
    """One gate of a cumulative node."""

    id: Identifier
    value: Exact
    when: Formula
    """What has to hold, over the node's children; stages before it have to hold too."""


class NodeClass(Word):
    """A class of a profile: a type that has a name and no order, such as a quadrant of two axes.

    The first class whose condition holds is that of the profile.
    """

    id: Identifier
    when: Formula | None = None
    """What has to hold, over the node's children; the last class has none and takes all that is left."""


class RuleKind(StrEnum):
    """What a rule is called on a scorecard."""

    VETO = "veto"
    """A requirement without which nothing else counts: fixes the value or the band."""

    CAP = "cap"
    """The value may not exceed a limit."""

    GATE = "gate"
    """A limit that only falls when a condition holds: written with ``unless``."""

    DOWNGRADE = "downgrade"
    """The band is lowered; the value stays."""

    BONUS = "bonus"
    """The band is lifted, or the value where it falls short of a limit: the mirror of a downgrade and a cap."""


class Rule(Word):
    """A named override. Rules apply in the order they are written; each that fires is told with what it cost.

    Its limits may be formulas (never above the soundness of the approach); a limit that does not apply limits nothing.
    """

    id: Identifier
    kind: RuleKind
    when: Formula | None = None
    """It fires where this holds (exactly one of ``when`` and ``unless`` is given)."""

    unless: Formula | None = None
    """It fires where this does not hold."""

    to: Amount | None = None
    """The value becomes this."""

    at_most: Amount | None = None
    """The value is limited to this from above."""

    at_least: Amount | None = None
    """The value is limited to this from below: a bonus, or the cap of a node where less is better."""

    at_most_band: Identifier | None = None
    """The band is no better than this one."""

    bands_down: Annotated[int, Field(ge=1, le=20, strict=True)] | None = None
    """The band gets so many steps worse, at most down to the worst."""

    at_least_band: Identifier | None = None
    """The band is no worse than this one."""

    bands_up: Annotated[int, Field(ge=1, le=20, strict=True)] | None = None
    """The band gets so many steps better, at most up to the best."""

    @property
    def moves_band(self) -> bool:
        """Whether it moves the band by itself, whatever becomes of the value."""
        return (self.at_most_band, self.bands_down, self.at_least_band, self.bands_up) != (None, None, None, None)

    @property
    def lifts_band(self) -> bool:
        """Whether it can give a better band than that of the value."""
        return self.at_least_band is not None or self.bands_up is not None


class Node(Word):
    """One value of the scorecard, made from its children."""

    id: Identifier
    aggregation: Aggregation
    children: Annotated[tuple[Child, ...], Field(min_length=1)]
    """Of a child that belongs to a list there is one for every item, each with the weight stated."""

    each: Identifier | None = None
    """The list of which every item has a node of its own like this one."""

    missing: Missing = Missing.WITHHOLD
    least_counted: Annotated[Exact, Field(ge=0, le=1)] = Fraction(0)
    """Least share of the declared weight that has to count (answered and applicable) for a value."""

    bands: tuple[Band, ...] = ()
    boundary: Boundary = Boundary.LOWER
    """To which side of a band's limit the value at the limit belongs."""

    bands_on: BandsOn = BandsOn.STATED
    not_applicable: Inapplicable = Inapplicable.EXCLUDE
    applies_when: Formula | None = None
    """Condition over answers; where it is false the node does not apply."""

    out_of: Annotated[Exact, Field(gt=0)] = Fraction(100)
    """Full value of ``share`` and ``share_reached``."""

    reached_from: Amount | None = None
    """Least value that counts as reached (``count``, ``share_reached``); a child may have its own."""

    stages: tuple[Stage, ...] = ()
    """Gates of a ``cumulative`` node, lowest first; before the first the value is ``below``."""

    below: Exact = Fraction(0)
    """Value of a ``cumulative`` node that does not pass its first gate."""

    formula: Formula | None = None
    """What a ``formula`` node computes, over its children."""

    weights_total: Annotated[Exact, Field(gt=0)] | None = None
    """What the children's weights have to add up to, where a scheme says so; a slip is then a mistake. Weights by
    sector have to do so for every sector."""

    least: Amount | None = None
    most: Amount | None = None
    """The value before the rules is held within these limits; they also are the ends of a formula's scale."""

    better: Better = Better.MORE
    """``less``: the lowest value and the first band are the best (an intensity, a penalty); bands then get worse as
    they rise, and rankings begin with the lowest."""

    unit: Unit | None = None
    """Unit of the value where it has one (tonnes, jobs)."""

    rules: tuple[Rule, ...] = ()
    rounding: Rounding | None = None
    """How this node is stated where that differs from the rest."""

    passes_on: PassesOn = PassesOn.EXACT
    classes: tuple[NodeClass, ...] = ()
    """Classes without an order that a `profile` falls into, told by its children: the first whose condition holds. A
    stated profile has one as soon as its children decide it; where answers that are missing (`missing: exclude`) could
    still change it, it has none yet. Classes share the words of bands."""

    sources: tuple[Identifier, ...] = ()
    """Ids of the sources that weights, bands and rules of this node rest on."""

    @property
    def bands_worst_first(self) -> tuple[Band, ...]:
        """The bands in the order in which they get better."""
        return self.bands[::-1] if self.better is Better.LESS else self.bands
