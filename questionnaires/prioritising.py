"""Words of the definition language for priorities: what to look at first, by factors that the author declares."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from questionnaires.questions import Curve
from questionnaires.words import Exact, Identifier, Word


class FactorKind(StrEnum):
    """What a factor of a prioritisation looks at."""

    GAP = "gap"
    """How far the value stated falls short of the target; 0 at the target and beyond it."""

    SHARE = "share"
    """The effective share in the headline index: the weights as used, multiplied along the way up, over all ways."""

    DISTANCE = "distance"
    """How far the value stated falls short of the best in class, a figure that is given; 0 at that and beyond it."""

    FIGURE = "figure"
    """A figure that is given for each: its cost, what it means for a key figure, how soon it is wanted."""


class Operator(StrEnum):
    """How the points of the factors become a priority."""

    PRODUCT = "product"
    """The points of all factors multiplied."""

    WEIGHTED_SUM = "weighted_sum"
    """Weight × points, added up over all factors."""


class PriorityFactor(Word):
    """One thing that prioritisations look at, and the points it gives for it; several of them may share it."""

    id: Identifier
    kind: FactorKind
    target: Exact | None = None
    """What a gap is measured to; None: the best value that is possible."""

    scale: Curve | None = None
    """The points for a number: stairs, corners, or a line between two plain numbers; None: the number itself."""

    sources: tuple[Identifier, ...] = ()


class WeighedFactor(Word):
    """A factor as one prioritisation uses it."""

    of: Identifier
    """Id of the factor."""

    weight: Annotated[Exact, Field(gt=0)] = Fraction(1)
    """Factor of the points in a weighted sum."""


class Prioritisation(Word):
    """An order of questions or nodes by what should be looked at first: the greatest priority first.

    It never moves a score. Where a figure or a value is missing there is no priority, never a zero.
    """

    id: Identifier
    of: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    """Questions or nodes that are compared."""

    operator: Operator
    factors: Annotated[tuple[WeighedFactor, ...], Field(min_length=1, max_length=12)]
    ties: tuple[Identifier, ...] = ()
    """Factors whose points decide between equal priorities, in this order; what is still equal shares its rank."""

    sources: tuple[Identifier, ...] = ()
