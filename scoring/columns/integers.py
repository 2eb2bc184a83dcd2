"""The arithmetic of nodes on whole columns, exactly: whole numbers over one common denominator.

What does not fit into 62 bits, or is not a rational number, is left to the exact engine: the functions here then
return None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Final

import numpy as np

from questionnaires.model import Aggregation
from scoring.columns.ledger import INAPPLICABLE, MOST, Coded, Column, Flags, Ids, Scaled, Small, Spanned, Whole
from scoring.enclosure import exactly
from scoring.plan import PlannedChild, PlannedNode
from scoring.possible import substitute

_SUMS: Final = (Aggregation.MEAN, Aggregation.WEIGHTED_MEAN, Aggregation.SUM, Aggregation.SHARE)
_REACHED: Final = (Aggregation.COUNT, Aggregation.SHARE_REACHED)
_ENDS: Final = (Aggregation.MINIMUM, Aggregation.MAXIMUM)
COVERED: Final = (*_SUMS, *_REACHED, *_ENDS)
"""Aggregations that are done here."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one child brings: for each assessment where ``ids`` is None, else for each outcome of its ledger."""

    child: PlannedChild
    state: Small
    present: Flags
    """Whether it counts: with a value, or with the one that stands in where it does not apply."""

    numerator: Whole
    denominator: int
    ids: Ids | None

    def spread(self, values: Whole) -> Whole:
        """Values for each outcome as values for each assessment."""
        return values if self.ids is None else values[self.ids]

    def flagged(self, flags: Flags) -> Flags:
        """The same for yes and no."""
        return flags if self.ids is None else flags[self.ids]


@dataclass(frozen=True, slots=True)
class Worth:
    """What a node is worth before limits and rules."""

    present: Flags
    numerator: Whole
    denominator: int
    weight: Whole
    """Weight of the children that count, in units of ``weight_unit``."""

    weight_unit: Fraction


class Parts:
    """The children of a plan's nodes as they count there; what holds for outcomes that last is remembered."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Part | None] = {}

    def of(self, node: PlannedNode, columns: Mapping[str, Column]) -> list[Part] | None:
        """The children of a node; None: a value is not known exactly, or too long."""
        found: list[Part] = []
        for child in node.children:
            part = self._one(node, child, columns[child.id])
            if part is None:
                return None
            found.append(part)
        return found

    def _one(self, node: PlannedNode, child: PlannedChild, column: Column) -> Part | None:
        if isinstance(column, Spanned):
            return None
        if not isinstance(column, Coded):
            return _part(node, child, column)
        if not column.ledger.lasting:
            part = _part(node, child, column)
        else:
            key = node.id, child.id
            if key not in self._known:
                self._known[key] = _part(node, child, column)
            part = self._known[key]
        return None if part is None else replace(part, ids=column.ids)


def _part(node: PlannedNode, child: PlannedChild, column: Coded | Scaled) -> Part | None:
    instead = substitute(node, child)
    standing_in = None if instead is None else instead.exact
    if instead is not None and standing_in is None:
        return None
    highest = exactly(child.cap)
    wanted = lcm(*(each.denominator for each in (standing_in, highest) if each is not None))
    state: Small
    present: Flags
    if isinstance(column, Coded):
        arrays = column.ledger.arrays
        if arrays.values is None:
            return None
        denominator = lcm(arrays.denominator, wanted)
        numerators = [value.numerator * (denominator // value.denominator) for value in arrays.values]
        if max(map(abs, numerators), default=0) >= MOST or denominator >= MOST:
            return None
        state, present, numerator = arrays.state, arrays.present, np.array(numerators, np.int64)
    else:
        scaled = rescaled(column.numerator, column.denominator, wanted)
        if scaled is None:
            return None
        state, present, (numerator, denominator) = column.state, column.present, scaled
    if standing_in is not None:
        absent = (state == INAPPLICABLE) & ~present
        present = present | absent
        value = standing_in.numerator * (denominator // standing_in.denominator)
        if abs(value) >= MOST:
            return None
        numerator = np.where(absent, value, numerator)
    if highest is not None:
        cap = highest.numerator * (denominator // highest.denominator)
        numerator = np.where(present, np.minimum(numerator, max(min(cap, MOST), -MOST)), 0)
    return Part(child, state, present, numerator, denominator, ids=None)


def rescaled(numerator: Whole, denominator: int, wanted: int) -> tuple[Whole, int] | None:
    """The same numbers over a multiple of ``wanted``; None: they would not fit."""
    common = lcm(denominator, wanted)
    factor = common // denominator
    if factor == 1:
        return numerator, denominator
    if int(np.abs(numerator).max(initial=0)) * factor >= MOST or common >= MOST:
        return None
    return numerator * factor, common


def worth(node: PlannedNode, children: Sequence[Part], count: int) -> Worth | None:
    """The node's arithmetic for each of ``count`` assessments; None: the numbers would not fit."""
    return _Arithmetic(node, children, count).worth()


class _Arithmetic:
    """The arithmetic of one node, once."""

    def __init__(self, node: PlannedNode, children: Sequence[Part], count: int) -> None:
        self.node = node
        self.children = children
        self.count = count
        self.unit = Fraction(1, lcm(*(part.child.weight.denominator for part in children)))
        self.weights = [int(part.child.weight / self.unit) for part in children]
        self.weight = np.zeros(count, np.int64)
        self.present = np.zeros(count, np.bool_)

    def worth(self) -> Worth | None:
        if sum(self.weights) >= MOST:
            return None
        for part, own in zip(self.children, self.weights, strict=True):
            there = part.flagged(part.present)
            self.weight += there * np.int64(own)
            self.present |= there
        if self.node.aggregation in _ENDS:
            return self._end()
        summed = self._summed()
        if summed is None:
            return None
        numerator, common = summed
        match self.node.aggregation:
            case Aggregation.SUM:
                return self._whole(numerator, common / self.unit)
            case Aggregation.COUNT:
                return self._whole(numerator, common)
            case Aggregation.SHARE:
                return self._share(numerator, common / self.unit)
            case Aggregation.SHARE_REACHED:
                return self._divided(numerator, common / self.node.out_of, self.weight)
        return self._divided(numerator, common, self.weight)

    def _summed(self) -> tuple[Whole, Fraction] | None:
        """The sum of weight × value (or of what is reached), and the denominator of its values."""
        reaching = self.node.aggregation in _REACHED
        common = 1 if reaching else lcm(*(part.denominator for part in self.children))
        total, most = np.zeros(self.count, np.int64), 0
        for part, weight in zip(self.children, self.weights, strict=True):
            value: Whole | None = part.numerator
            own = weight * (common // part.denominator)
            if reaching:
                value = _reached(part)
                own = 1 if self.node.aggregation is Aggregation.COUNT else weight
            if value is None:
                return None
            most += int(np.abs(value).max(initial=0)) * own
            if most >= MOST or common >= MOST:
                return None
            total += part.spread(np.where(part.present, value * own, 0))
        return total, Fraction(common)

    def _end(self) -> Worth | None:
        """The least or the greatest value."""
        common = lcm(*(part.denominator for part in self.children))
        least = self.node.aggregation is Aggregation.MINIMUM
        none = MOST if least else -MOST
        found = np.full(self.count, none, np.int64)
        for part in self.children:
            scaled = rescaled(part.numerator, part.denominator, common)
            if scaled is None:
                return None
            value = part.spread(np.where(part.present, scaled[0], none))
            (np.minimum if least else np.maximum)(found, value, out=found)
        return self._whole(np.where(found == none, 0, found), Fraction(common))

    def _share(self, numerator: Whole, denominator: Fraction) -> Worth | None:
        """``out_of`` × achieved ÷ achievable."""
        highest = [part.child.scale.high or Fraction(0) for part in self.children]
        scale = lcm(*(each.denominator for each in highest))
        most = [int(each * scale) * own for each, own in zip(highest, self.weights, strict=True)]
        if sum(map(abs, most)) >= MOST:
            return None
        achievable = np.zeros(self.count, np.int64)
        for part, own in zip(self.children, most, strict=True):
            achievable += part.flagged(part.present) * np.int64(own)
        self.present &= achievable > 0
        return self._divided(numerator, denominator * self.unit / scale / self.node.out_of, achievable)

    def _divided(self, numerator: Whole, denominator: Fraction, divisor: Whole) -> Worth | None:
        """Numerators over ``denominator`` × divisor; brought to one denominator for all."""
        numerator = np.where(self.present, numerator, 0)
        divisors = np.unique(divisor[self.present])
        if len(divisors) == 0:
            return self._whole(numerator, Fraction(1))
        common = lcm(*divisors.tolist())
        if common >= MOST:
            return None
        if len(divisors) > 1:
            factors = np.array([common // each for each in divisors.tolist()], np.int64)
            if int(np.abs(numerator).max(initial=0)) * int(factors.max()) >= MOST:
                return None
            numerator *= factors[np.searchsorted(divisors, np.where(self.present, divisor, divisors[0]))]
        return self._whole(numerator, denominator * common)

    def _whole(self, numerator: Whole, denominator: Fraction) -> Worth | None:
        """The same over a whole denominator."""
        factor = denominator.denominator
        if int(np.abs(numerator).max(initial=0)) * factor >= MOST or denominator.numerator >= MOST:
            return None
        numerator = np.where(self.present, numerator * factor, 0)
        return Worth(self.present, numerator, denominator.numerator, self.weight, self.unit)


def _reached(part: Part) -> Whole | None:
    limit = exactly(part.child.reached_from) or Fraction(0)
    against = limit.numerator * part.denominator
    if int(np.abs(part.numerator).max(initial=0)) * limit.denominator >= MOST or abs(against) >= MOST:
        return None
    return (part.numerator * limit.denominator >= against).astype(np.int64)
