"""The functions that formulas can call, with what they take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Function:
    """A function: how it is written, and how many arguments it takes."""

    usage: str
    """Its form, for authors; one sign set, as it is the same in every language."""

    least: int
    most: int | None
    """None: as many as wanted."""

    truth: bool = False
    """Whether it gives a truth; else a number."""


FUNCTIONS: Final[Mapping[str, Function]] = {
    "min": Function("min(a, b, …)", 1, None),
    "max": Function("max(a, b, …)", 1, None),
    "sum": Function("sum(a, b, …)", 1, None),
    "product": Function("product(a, b, …)", 1, None),
    "mean": Function("mean(a, b, …)", 1, None),
    "median": Function("median(a, b, …)", 1, None),
    "highest": Function("highest(2, a, b, c, …)", 2, None),
    "lowest": Function("lowest(2, a, b, c, …)", 2, None),
    "rank": Function("rank(x, a, b, …)", 1, None),
    "abs": Function("abs(x)", 1, 1),
    "floor": Function("floor(x)", 1, 1),
    "ceil": Function("ceil(x)", 1, 1),
    "round": Function("round(x, 2)", 2, 2),
    "if": Function("if(condition, a, b)", 3, 3),
    "count": Function("count(condition, …)", 1, None),
    "rows": Function("rows(id, 'option', …)", 2, None),
    "applies": Function("applies(id)", 1, 1, truth=True),
    "answered": Function("answered(id)", 1, 1, truth=True),
    "has": Function("has(id, 'option')", 2, 2, truth=True),
    "picked": Function("picked(id, 'row', 'option')", 3, 3, truth=True),
    "band": Function("band(node)", 1, 1),
    "reached": Function("reached(node)", 1, 1),
    "class": Function("class(node)", 1, 1),
    "score": Function("score(id), score(grid, 'row')", 1, 2),
    "convert": Function("convert(x, 'kWh')", 2, 2),
    "power": Function("power(x, y)", 2, 2),
    "ln": Function("ln(x)", 1, 1),
    "exp": Function("exp(x)", 1, 1),
    "normal": Function("normal(x)", 1, 1),
    "root": Function("root(x, 2)", 2, 2),
    "date": Function("date('2028-01-01')", 1, 1),
    "years": Function("years(a, b)", 2, 2),
}
"""Every function by name."""

OF_A_NODE: Final = frozenset({"band", "reached", "class"})
"""Functions that say which band or class a node has; they stand beside bands or classes in quotes, and nowhere else."""

MOST_PLACES: Final = 12
"""Most decimal places that ``round`` keeps."""

ROOTS: Final = range(2, 13)
"""Which roots can be drawn."""
