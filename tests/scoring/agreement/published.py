"""Ratings printed in the literature, in the order of their sources."""

from __future__ import annotations

from fractions import Fraction

from scoring.agreement import Ratings


def rated(**raters: str) -> Ratings:
    """Ratings written one after the other, ``*`` for a missing one."""
    return {
        rater: {f"{place:02}": Fraction(value) for place, value in enumerate(row.split()) if value != "*"}
        for rater, row in raters.items()
    }


KRIPPENDORFF = rated(
    a="1 2 3 3 2 1 4 1 2 * * *",
    b="1 2 3 3 2 2 4 1 2 5 * 3",
    c="* 3 3 3 2 3 4 2 2 5 1 *",
    d="1 2 3 3 2 4 4 1 2 5 1 *",
)
"""Krippendorff's tutorial: 4 observers, 12 units, ratings missing."""

CODERS = rated(
    a="* * * * * 3 4 1 2 1 1 3 3 * 3",
    b="1 * 2 1 3 3 4 3 * * * * * * *",
    c="* * 2 1 3 4 4 * 2 1 1 3 3 * 4",
)
"""3 coders, 15 units."""

FLEISS = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]
"""10 subjects, 14 raters, 5 categories: published kappa 0.210."""

PSYCHIATRISTS = [
    [0, 0, 0, 6, 0],
    [0, 3, 0, 0, 3],
    [0, 1, 4, 0, 1],
    [0, 0, 0, 0, 6],
    [0, 3, 0, 3, 0],
    [2, 0, 4, 0, 0],
    [0, 0, 4, 0, 2],
    [2, 0, 3, 1, 0],
    [2, 0, 0, 4, 0],
    [0, 0, 0, 0, 6],
    [1, 0, 0, 5, 0],
    [1, 1, 0, 4, 0],
    [0, 3, 3, 0, 0],
    [1, 0, 0, 5, 0],
    [0, 2, 0, 3, 1],
]
"""6 psychiatrists, 15 patients, 5 diagnoses; coefficients with standard errors in the documentation of irrCAC."""

JUDGES = rated(a="9 6 8 7 10 6", b="2 1 4 1 5 2", c="5 3 6 2 6 4", d="8 2 8 6 9 7")
"""Shrout and Fleiss (1979): 6 targets, 4 judges."""

WINES = rated(a="1 1 3 6 6 7 8 9", b="2 3 8 4 5 5 7 9", c="0 3 1 3 5 6 7 9", d="1 2 4 3 6 2 9 8")
"""8 wines, 4 judges."""

_MARKS = """
11111111111 11111111010 .011.111100 11101101100 11111000100 01.01111000
11110010000 11111000000 01011000010 10010100.00 11100000000 10010000000
"""

ITEMS = [[None if mark == "." else Fraction(mark) for mark in row] for row in _MARKS.split()]
"""12 people, 11 items, 4 answers missing (pingouin's data set cronbach_wide_missing)."""
