"""Ratings: who gave what to which subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from questionnaires.errors import Fault

Ratings = Mapping[str, Mapping[str, Fraction]]
"""Rater → subject → rating. A subject is whatever is rated: one question of one factory, say. What a rater did not
rate is not there."""


class TooFewRaters(Fault):
    """Agreement needs at least two raters."""

    code = "too-few-raters"
    room = "scoring"


class NotATable(Fault):
    """A table of counts has rows of unequal length, is empty or not square where it must be, or counts below zero."""

    code = "not-a-table"
    room = "scoring"


class NegativeRatings(Fault):
    """A ratio scale starts at zero; some ratings are negative."""

    code = "negative-ratings"
    room = "scoring"


def units_of(ratings: Ratings) -> dict[str, tuple[Fraction, ...]]:
    """Subject → the ratings it got, subjects and raters in alphabetical order, so that no result depends on order.

    Raises:
        TooFewRaters: there are fewer than two.
    """
    if len(ratings) < 2:
        raise TooFewRaters(count=len(ratings))
    found: dict[str, list[Fraction]] = {}
    for rater in sorted(ratings):
        for subject, rating in ratings[rater].items():
            found.setdefault(subject, []).append(rating)
    return {subject: tuple(found[subject]) for subject in sorted(found)}


def complete(ratings: Ratings) -> list[tuple[Fraction, ...]]:
    """One row for each subject that everybody rated, one column for each rater.

    Raises:
        TooFewRaters: there are fewer than two.
    """
    return [given for given in units_of(ratings).values() if len(given) == len(ratings)]


def checked(table: Sequence[Sequence[Fraction | int]], *, square: bool = False) -> list[list[Fraction]]:
    """The table in exact numbers.

    Raises:
        NotATable: it is none.
    """
    rows = [[Fraction(count) for count in row] for row in table]
    widths = {len(row) for row in rows}
    if len(widths) != 1 or 0 in widths or (square and widths != {len(rows)}):
        raise NotATable
    if any(count < 0 for row in rows for count in row):
        raise NotATable
    return rows
