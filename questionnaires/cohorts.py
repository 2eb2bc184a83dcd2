"""What follows from many assessments together: rankings, sums over several, and figures of the whole cohort."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, PlainSerializer

from questionnaires.words import Exact, Formula, Identifier, RoundingMode, Word


def _facts(value: object) -> object:
    return [value] if isinstance(value, str) else value


GroupedBy = Annotated[
    tuple[Identifier, ...],
    Field(max_length=4),
    BeforeValidator(_facts, json_schema_input_type=Identifier | tuple[Identifier, ...]),
    PlainSerializer(lambda facts: facts[0] if len(facts) == 1 else facts, return_type=str | tuple[str, ...]),
]
"""The facts that tell groups of a cohort apart: up to four questions, or nodes with classes or bands."""

MOST_GROUPS: Final = 2_500
"""Most groups that facts may tell apart, all their answers combined."""

Members = Annotated[int, Field(ge=1)]
"""A number of members."""


class TooFew(StrEnum):
    """What happens in a group of a cohort that has fewer members than the least number wanted."""

    WITHHOLD = "withhold"
    """Nothing is stated for the group, and the result says that it has too few."""

    WIDER = "wider"
    """The next wider group stands in: all with the same first fact, then the whole cohort; the result says which. Where
    that has too few as well, nothing is stated."""


class End(StrEnum):
    """From which end of the numbers a part of a cohort is counted."""

    LEAST = "least"
    GREATEST = "greatest"


class TiesOfPart(StrEnum):
    """What happens where equal numbers lie on both sides of the limit of a part."""

    SO_MANY = "so_many"
    """The part has just as many members as it should: their numbers are the same whichever of the equals it has."""

    TOGETHER_UP = "together_up"
    """All of them belong to the part, even if it then has more members than it should."""

    TOGETHER_DOWN = "together_down"
    """None of them does, so the part never has more members than it should."""


class CohortPart(Word):
    """The best or the worst of a cohort: those with the least, or the greatest, numbers.

    Its size is stated either as a share or as a number of members.
    """

    end: End
    share: Annotated[Exact, Field(gt=0, le=1)] | None = None
    """How large a share of those who count, such as the best tenth."""

    members: Members | None = None
    """Or how many of them, such as the best five; all, where there are fewer."""

    rounding: RoundingMode = RoundingMode.UP
    """How a share is rounded to a number of members. Where it is rounded to none, there is no figure."""

    ties: TiesOfPart = TiesOfPart.SO_MANY


class Statistic(StrEnum):
    """What is taken of the numbers that the members of a cohort state; who states none does not count."""

    LEAST = "least"
    GREATEST = "greatest"

    MEAN = "mean"
    """Their sum over their number."""

    DEVIATION = "deviation"
    """The standard deviation of a sample: the root of the sum of squared differences from the mean over their number
    less one. There is none of fewer than two."""

    POPULATION_DEVIATION = "population_deviation"
    """The standard deviation of all there are: the same over their number. Of one alone it is 0."""

    QUANTILE = "quantile"
    """The number at ``share`` of the way from the least to the greatest, by rank; what counts between two of them
    ``method`` says. With a share of 1/2 it is the median."""

    COUNT = "count"
    """How many state the number."""


class QuantileMethod(StrEnum):
    """What a quantile is between two numbers: the nine ways of Hyndman and Fan (1996), by the numbers R has for them.

    There are n numbers, the k-th from below at rank k; a place before the first or after the last counts as these.
    """

    R1 = "r1"
    """Nearest rank: the least number that at least ``share`` of all do not exceed."""

    R2 = "r2"
    """As ``r1``; where just ``share`` of all do not exceed it, the mean of it and the next (SAS, where not told
    otherwise)."""

    R3 = "r3"
    """The number whose rank is closest to ``share`` times n; of two equally close, the one of even rank."""

    R4 = "r4"
    """On straight lines, the k-th number at k / n."""

    R5 = "r5"
    """On straight lines, the k-th number at (k - 1/2) / n (hydrology)."""

    R6 = "r6"
    """On straight lines, the k-th number at k / (n + 1) (PERCENTILE.EXC of spreadsheets, Minitab, SPSS)."""

    R7 = "r7"
    """On straight lines, the k-th number at (k - 1) / (n - 1): the least at 0, the greatest at 1 (PERCENTILE.INC of
    spreadsheets; R and NumPy, where not told otherwise)."""

    R8 = "r8"
    """On straight lines, the k-th number at (k - 1/3) / (n + 1/3): about the median of what that rank may be, whatever
    the distribution; the one that Hyndman and Fan recommend."""

    R9 = "r9"
    """On straight lines, the k-th number at (k - 3/8) / (n + 1/4): about the mean of it for normal numbers."""


class CohortFigure(Word):
    """A number that is taken of a whole cohort, named in formulas like a constant (the best of a year, a mean).

    The definition says which; ``itti cohort`` works it out over the answers of all, and a score is worked out with the
    figures of one cohort, which stay with the scorecard. Without them, what rests on the figure is not known.
    """

    id: Identifier
    of: Identifier
    """A number or computed question, or a node. It may rest on other figures of the cohort (the best of totals that are
    made of shares of the best): those are taken first. No figure may rest on itself."""

    figure: Statistic
    share: Annotated[Exact, Field(ge=0, le=1)] | None = None
    """Of a quantile, and only of it: 0 is the least, 1 the greatest."""

    method: QuantileMethod = QuantileMethod.R7
    """Of a quantile, and only of it."""

    when: Formula | None = None
    """Only members count for which this holds; where it is not known yet, they do not. It may name other figures (who
    lies within two deviations of the mean)."""

    part: CohortPart | None = None
    """The figure is taken of this part of the numbers alone; None: of all."""

    by: GroupedBy = ()
    """Facts that tell groups apart, up to four of them (a choice, a level, a yes or no, a node with classes or bands;
    at most 2,500 groups in all), the widest first: a figure for each group; who is scored gets that of the own group.
    Where such a fact does not apply, the figure does not either; a node without a class or band leaves it without a
    number."""

    least_members: Members = 1
    """Fewest members of whom a figure may be taken (of those who count, before a part of them is taken)."""

    too_few: TooFew = TooFew.WITHHOLD
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
    top: Annotated[Exact, Field(gt=0, le=1)] | None = None
    """Share of the cohort down to which this place reaches, counted from the top (0.05, then 0.4, then 1)."""

    members: Members | None = None
    """Or the rank down to which it reaches (1 for the best alone, 3 for the best three); exactly one of both."""

    rounding: RoundingMode = RoundingMode.DOWN
    """How a share is rounded to a rank: of 19, the best tenth are one (`down`) or two (`up`)."""

    at_least: Members | None = None
    """Rank down to which a share reaches at least, however few are compared: 1 where the best always holds the place
    (with `ties: together_up` also where others are as good)."""

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
    """Best first; a place holds at most share × cohort size members, rounded as it says, unless ties say otherwise."""

    by: GroupedBy = ()
    """Facts that tell groups apart, up to four of them (a choice, a level, a yes or no, a node with classes or bands;
    at most 2,500 groups in all), the widest first: ranks and places are those within the group. Who lacks one of them
    belongs to no group, and gets no rank."""

    least_members: Members = 1
    """Fewest members among whom anybody gets a rank, of those who take part."""

    too_few: TooFew = TooFew.WITHHOLD
    """With `wider`, the members of a small group are ranked among all of the wider group; they take nobody's place
    there."""

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
