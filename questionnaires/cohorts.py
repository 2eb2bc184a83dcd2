"""What follows from many assessments together: rankings, sums over several, and figures of the whole cohort."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from questionnaires.words import Exact, Formula, Identifier, Word


class Statistic(StrEnum):
    """What is taken of the numbers that the members of a cohort state; who states none does not count."""

    LEAST = "least"
    GREATEST = "greatest"

    MEAN = "mean"
    """Their sum over their number."""

    DEVIATION = "deviation"
    """The standard deviation of a sample: the root of the sum of squared differences from the mean over their number
    less one. There is none of fewer than two."""

    QUANTILE = "quantile"
    """The number at ``share`` of the way from the least to the greatest, by rank; between two of them on the straight
    line (as R and spreadsheets do it unless told otherwise). With a share of 1/2 it is the median."""

    COUNT = "count"
    """How many state the number."""


class CohortFigure(Word):
    """A number that is taken of a whole cohort, named in formulas like a constant (the best of a year, a mean).

    The definition says which; ``itti cohort`` works it out over the answers of all, and a score is worked out with the
    figures of one cohort, which stay with the scorecard. Without them, what rests on the figure is not known.
    """

    id: Identifier
    of: Identifier
    """A number or computed question, or a node; it must not rest on figures of the cohort itself."""

    figure: Statistic
    share: Annotated[Exact, Field(ge=0, le=1)] | None = None
    """Of a quantile, and only of it: 0 is the least, 1 the greatest."""

    sources: tuple[Identifier, ...] = ()


class Ties(StrEnum):
    """What happens to equal values at a limit of a ranking."""

    TOGETHER_UP = "together_up"
    """All of them get the better place, even if it then holds more than its share."""

    TOGETHER_DOWN = "together_down"
    """All of them get the lesser place, so no place ever holds more than its share."""


class Place(Word):
    """A place of a ranking: the best so many, counted from the top, that have no better place."""

    id: Identifier
    top: Annotated[Exact, Field(gt=0, le=1)]
    """Share of the cohort down to which this place reaches, counted from the top (0.05, then 0.4, then 1)."""

    eligible: Formula | None = None
    """Who may hold this place, of those who take part; the others get the next place that they may hold, and the place
    goes to nobody in their stead."""


class Ranking(Word):
    """A class that follows from the rank within a cohort, not from one assessment alone."""

    id: Identifier
    of: Identifier
    """The node whose exact value is ranked; greater is better."""

    eligible: Formula | None = None
    """Who takes part; the others get no place."""

    places: Annotated[tuple[Place, ...], Field(min_length=1)]
    """Best first; a place holds at most floor(share × cohort size) members unless ties say otherwise."""

    ties: Ties = Ties.TOGETHER_DOWN
    sources: tuple[Identifier, ...] = ()


class LeftOut(Word):
    """A figure that is knowingly not added up, such as a forecast among figures of the year; named in the result."""

    id: Identifier
    of: Identifier
    """One of the figures of the roll-up."""

    when: Formula
    """Over the answers of one assessment: where this holds, or is not known yet, its figure is left out."""


class RollUp(Word):
    """Figures that are added up over several assessments, such as the clusters of one edition."""

    id: Identifier
    sums: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    """Number or computed questions, or nodes, that are added up."""

    by: Identifier | None = None
    """Choice question whose answer tells editions (or other groups) apart; None: everything in one group."""

    same: tuple[Identifier, ...] = ()
    """Questions that ought to have the same answer throughout (a base year); a difference is warned about."""

    left_out: tuple[LeftOut, ...] = ()
    """Figures that some assessments do not bring in."""

    sources: tuple[Identifier, ...] = ()
