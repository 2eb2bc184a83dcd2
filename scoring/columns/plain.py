"""The common case on whole columns: every child has a value, so that the weights add up to the same for all.

A weighted sum is then one look-up and one addition for each child. The assessments where some child has no value
(*odd* ones) are few; they are worked out apart and put in their places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from questionnaires.model import Aggregation
from scoring.columns.integers import rescaled
from scoring.columns.ledger import MOST, SCORED, Coded, Column, Flags, Ids, Scaled, Spanned, Whole
from scoring.enclosure import exactly
from scoring.plan import PlannedChild, PlannedNode


@dataclass(frozen=True, slots=True)
class PlainSum:
    """A node as a sum over its children, where all of them are scored."""

    children: tuple[PlannedChild, ...]
    shares: tuple[Fraction, ...]
    """What one of each child's units adds to the value."""

    known: dict[tuple[int, int], Whole]
    """What each outcome of a lasting ledger adds, by child and denominator."""

    def odd(self, columns: Mapping[str, Column]) -> Ids:
        """Places of the assessments where some child has no value."""
        found: Ids | None = None
        for child in self.children:
            outside = _outside(columns[child.id])
            if outside is not None:
                found = outside if found is None else found | outside
        return np.zeros(0, np.intp) if found is None else np.flatnonzero(found)

    def total(self, columns: Mapping[str, Column]) -> tuple[Whole, int] | None:
        """The numerator for each assessment and the denominator of all; None: the numbers would not fit."""
        below = [columns[child.id] for child in self.children]
        denominators = [_denominator(child, column) for child, column in zip(self.children, below, strict=True)]
        if None in denominators:
            return None
        units = [share / (own or 1) for share, own in zip(self.shares, denominators, strict=True)]
        common = lcm(*(unit.denominator for unit in units))
        found: Whole | None = None
        most = 0
        for place, (child, column, unit, own) in enumerate(zip(self.children, below, units, denominators, strict=True)):
            factor = int(unit * common)
            if isinstance(column, Spanned):
                return None
            if isinstance(column, Coded):
                added, greatest = self._looked_up(place, child, column, factor, own or 1)
            else:
                numerator = (
                    column.numerator if child.cap is None else np.minimum(column.numerator, _capped(child, own or 1))
                )
                greatest = int(np.abs(numerator).max(initial=0)) * factor
                added = numerator * factor if greatest < MOST else numerator
            most += greatest
            if most >= MOST or common >= MOST:
                return None
            found = added if found is None else np.add(found, added, out=found)
        return None if found is None else (found, common)

    def _looked_up(self, place: int, child: PlannedChild, column: Coded, factor: int, own: int) -> tuple[Whole, int]:
        """What each assessment's outcome adds, and the most that one can."""
        values = column.ledger.arrays.values or ()
        brings = self.known.get((place, factor)) if column.ledger.lasting else None
        if brings is None:
            cap = exactly(child.cap)
            held = values if cap is None else [min(value, cap) for value in values]
            numbers = [int(value * own) * factor for value in held]
            if max(map(abs, numbers), default=0) >= MOST:
                return np.zeros(0, np.int64), MOST
            brings = np.array(numbers, np.int64)
            if column.ledger.lasting:
                self.known[place, factor] = brings
        return brings.take(column.ids), int(np.abs(brings).max(initial=0))


def plain_sum(node: PlannedNode) -> PlainSum | None:
    """The node as a sum over its children; None: it is none."""
    if not node.is_plain:
        return None
    weights = [child.weight for child in node.children]
    match node.aggregation:
        case Aggregation.MEAN | Aggregation.WEIGHTED_MEAN:
            shares = [weight / sum(weights) for weight in weights]
        case Aggregation.SUM:
            shares = weights
        case Aggregation.SHARE:
            achievable = sum((child.weight * (child.scale.high or 0) for child in node.children), Fraction(0))
            if achievable <= 0:
                return None
            shares = [weight * node.out_of / achievable for weight in weights]
        case _:
            return None
    return PlainSum(node.children, tuple(shares), {})


def _outside(column: Column) -> Flags | None:
    """Which assessments have no value; None: all have one."""
    if not isinstance(column, Coded):
        return column.state != SCORED if column.state.any() else None
    if column.ledger.arrays.all_plain(column.ids):
        return None
    first, end = column.ledger.arrays.plain
    return (column.ids < first) | (column.ids >= end)


def _denominator(child: PlannedChild, column: Column) -> int | None:
    """The denominator of the child's values, its cap observed; None: they are not known exactly."""
    cap = exactly(child.cap)
    if isinstance(column, Coded):
        arrays = column.ledger.arrays
        return None if arrays.values is None else lcm(arrays.denominator, 1 if cap is None else cap.denominator)
    if isinstance(column, Spanned):
        return None
    if cap is not None and column.denominator % cap.denominator:
        return None
    return column.denominator


def _capped(child: PlannedChild, denominator: int) -> int:
    cap = int((exactly(child.cap) or 0) * denominator)
    return max(min(cap, MOST), -MOST)


def picked(column: Column, places: Ids) -> Column:
    """The column of the assessments at these places."""
    if isinstance(column, Coded):
        return Coded(column.ids[places], column.ledger)
    if isinstance(column, Spanned):
        return Spanned(
            column.state[places],
            column.number.take(places),
            column.score.take(places),
            column.stated[places],
            column.band[places],
            None if column.unrated is None else column.unrated[places],
        )
    return Scaled(
        column.state[places],
        column.present[places],
        column.numerator[places],
        column.denominator,
        column.stated[places],
        column.band[places],
        None if column.raw is None else column.raw.take(places),
    )


def merged(column: Scaled, rest: Scaled, places: Ids) -> Scaled | None:
    """The column with ``rest`` put in at these places; None: the numbers would not fit."""
    first = rescaled(column.numerator, column.denominator, rest.denominator)
    second = rescaled(rest.numerator, rest.denominator, column.denominator)
    if first is None or second is None:
        return None
    numerator, denominator = first
    pairs = (
        (column.state, rest.state),
        (column.present, rest.present),
        (numerator, second[0]),
        (column.stated, rest.stated),
        (column.band, rest.band),
    )
    state, present, numerator, stated, band = (_put(whole, part, places) for whole, part in pairs)
    return Scaled(state, present, numerator, denominator, stated, band)


def _put(whole: Ids, part: Ids, places: Ids) -> Ids:
    found = np.array(whole)
    found[places] = part
    return found
