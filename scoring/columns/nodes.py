"""Nodes on whole columns, exactly: state, value, limits, rules, rounding and band of every assessment at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Final

import numpy as np
from numpy.typing import NDArray

from questionnaires.model import Missing, PassesOn, Rounding, RoundingMode
from scoring.columns.conditions import NO, PERHAPS, UNTOLD, YES, Reader, turned
from scoring.columns.integers import COVERED, Part, Parts, Worth, rescaled, worth
from scoring.columns.ledger import (
    INAPPLICABLE,
    INSUFFICIENT,
    MOST,
    NO_BAND,
    OPEN,
    SCORED,
    UNDECIDED,
    Column,
    Flags,
    Scaled,
    Small,
    Whole,
)
from scoring.columns.plain import merged, picked, plain_sum
from scoring.columns.singly import inputs
from scoring.enclosure import Enclosure, exactly
from scoring.plan import Plan, PlannedNode, PlannedRule
from scoring.rules import moved

_NONE: Final = np.array(NO_BAND, np.int16)


@dataclass(frozen=True, slots=True)
class _Valued:
    """Values over one denominator, with the state so far."""

    state: Small
    present: Flags
    numerator: Whole
    denominator: int


class Nodes:
    """Evaluates the nodes of one plan."""

    def __init__(self, plan: Plan) -> None:
        self.reader = Reader(plan)
        self._parts = Parts()
        self._sums = {node.id: plain_sum(node) for node in plan.nodes}

    def evaluated(self, node: PlannedNode, columns: Mapping[str, Column], count: int) -> Scaled | None:
        """The node for each of ``count`` assessments; None: it takes the exact engine."""
        if node.aggregation not in COVERED or not node.is_plain:
            return None
        plain = self._sums[node.id]
        odd = None if plain is None else plain.odd(columns)
        if plain is None or odd is None or odd.size * 4 > count:
            return self._general(node, columns, count)
        total = plain.total(columns)
        if total is None:
            return self._general(node, columns, count)
        valued = _Valued(np.zeros(count, np.uint8), np.ones(count, np.bool_), *total)
        found = self._finished(node, valued, columns, count)
        if found is None or not odd.size:
            return found
        rest = self._general(node, {name: picked(columns[name], odd) for name in self._read(node)}, odd.size)
        return None if rest is None else merged(found, rest, odd)

    def _read(self, node: PlannedNode) -> tuple[str, ...]:
        return inputs(self.reader.plan, node)

    def _general(self, node: PlannedNode, columns: Mapping[str, Column], count: int) -> Scaled | None:
        """Whatever the states of the children are."""
        children = self._parts.of(node, columns)
        found = None if children is None else worth(node, children, count)
        if children is None or found is None:
            return None
        valued = _Valued(_state(node, children, found), found.present, found.numerator, found.denominator)
        return self._finished(node, valued, columns, count)

    def _finished(self, node: PlannedNode, valued: _Valued, columns: Mapping[str, Column], count: int) -> Scaled | None:
        """After the condition, the limits and the rules: rounded, and in its band."""
        fired = [self._fired(rule, columns, count) for rule in node.rules]
        if node.applies_when is not None:
            valued = _applied(valued, self.reader.truths(node.applies_when, columns, count))
        overridden = _overridden(node, valued, fired)
        if overridden is None:
            return None
        units = rounded(overridden.numerator, overridden.denominator, node.rounding)
        if units is None:
            return None
        band = bands(node, units, fired)
        if node.bands and overridden.state.any():
            band[overridden.state != SCORED] = NO_BAND
        numerator, denominator = overridden.numerator, overridden.denominator
        if node.passes_on is PassesOn.STATED:
            numerator, denominator = units, 10**node.rounding.places
        return Scaled(overridden.state, overridden.present, numerator, denominator, units, band)

    def _fired(self, rule: PlannedRule, columns: Mapping[str, Column], count: int) -> Small:
        holds = self.reader.truths(rule.condition, columns, count)
        return holds if rule.fires_on else turned(holds)


def _state(node: PlannedNode, children: Sequence[Part], found: Worth) -> Small:
    """What missing and inapplicable children make of the node (as the exact engine says it for one)."""
    count = len(found.weight)
    some_open, some_lacking, undecided = (np.zeros(count, np.bool_) for _ in range(3))
    all_absent = np.ones(count, np.bool_)
    for part in children:
        some_open |= part.flagged(part.state == OPEN)
        some_lacking |= part.flagged(part.state == INSUFFICIENT)
        undecided |= part.flagged(part.state == UNDECIDED)
        all_absent &= part.flagged(part.state == INAPPLICABLE)
    nobody = found.weight == 0
    total = int(node.total_weight / found.weight_unit)
    least = node.least_counted
    too_few = nobody | (found.weight * least.denominator < least.numerator * total)
    state = np.where(too_few | some_lacking | ~found.present, np.uint8(INSUFFICIENT), np.uint8(SCORED))
    withheld = some_open if node.missing is Missing.WITHHOLD else some_open & nobody
    state[withheld] = OPEN
    state[all_absent & nobody] = INAPPLICABLE
    state[undecided] = UNDECIDED
    return state


def _applied(valued: _Valued, applies: Small | None) -> _Valued:
    if applies is None:
        return valued
    state = valued.state.copy()
    state[(applies == PERHAPS) & (state == SCORED)] = OPEN
    state[applies == NO] = INAPPLICABLE
    state[applies == UNTOLD] = UNDECIDED
    present = valued.present & (applies != NO)
    return _Valued(state, present, np.where(present, valued.numerator, 0), valued.denominator)


def _overridden(node: PlannedNode, valued: _Valued, fired: Sequence[Small]) -> _Valued | None:
    """Limits, then the rules in their order. An open rule leaves the value, but no longer the state."""
    limits = [exactly(node.least), exactly(node.most)]
    for rule in node.rules:
        limits += [exactly(rule.to), exactly(rule.at_most), exactly(rule.at_least)]
    scaled = rescaled(valued.numerator, valued.denominator, lcm(*(each.denominator for each in limits if each)))
    if scaled is None:
        return None
    numerator, denominator = scaled
    if any(abs(each) * denominator >= MOST for each in limits if each is not None):
        return None

    def ends(lower: Enclosure | None, upper: Enclosure | None, value: Whole) -> Whole:
        least, most = exactly(lower), exactly(upper)
        if least is not None:
            value = np.maximum(value, int(least * denominator))
        return value if most is None else np.minimum(value, int(most * denominator))

    state = valued.state
    numerator = ends(node.least, node.most, numerator)
    for rule, fires in zip(node.rules, fired, strict=True):
        highest = int(fires.max(initial=0))
        if highest == NO:
            continue
        fixed = exactly(rule.to)
        set_to = numerator if fixed is None else np.full_like(numerator, int(fixed * denominator))
        numerator = np.where(fires == YES, ends(rule.at_least, rule.at_most, set_to), numerator)
        state = state.copy()
        state[(fires == PERHAPS) & (state == SCORED) & valued.present] = OPEN
        if highest == UNTOLD:
            state[(fires == UNTOLD) & valued.present] = UNDECIDED
    if not valued.present.all():
        numerator = np.where(valued.present, numerator, 0)
    return _Valued(state, valued.present, numerator, denominator)


def rounded(numerator: Whole, denominator: int, rounding: Rounding) -> Whole | None:
    """Each value in units of its last stated place, rounded as declared; None: the numbers would not fit."""
    scale = 10**rounding.places
    if (int(np.abs(numerator).max(initial=0)) * scale + denominator) * 2 >= MOST:
        return None
    negative = int(numerator.min(initial=0)) < 0
    magnitude = (np.abs(numerator) if negative else numerator) * scale
    match rounding.mode:
        case RoundingMode.HALF_UP:
            units = (2 * magnitude + denominator) // (2 * denominator)
        case RoundingMode.DOWN:
            units = magnitude // denominator
        case RoundingMode.UP:
            units = -(-magnitude // denominator)
        case RoundingMode.HALF_EVEN:
            units = (2 * magnitude + denominator) // (2 * denominator)
            tie = (2 * magnitude + denominator) % (2 * denominator) == 0
            units -= tie & (units % 2 == 1)
    found: Whole = np.where(numerator < 0, -units, units) if negative else units
    return found


def bands(node: PlannedNode, units: Whole, fired: Sequence[Small]) -> NDArray[np.int16]:
    """Place of the band, lowest first: half-open intervals of the stated value, then what the rules took away."""
    if not node.bands:
        return np.broadcast_to(_NONE, len(units))
    scale = 10**node.rounding.places
    place = np.full(len(units), -1, np.int16)
    for band in node.bands:
        limit = -(-(exactly(band.lowest) or Fraction(0)) * scale // 1)
        place += units >= max(min(limit, MOST), -MOST)
    np.maximum(place, 0, out=place)
    order = [band.id for band in (reversed(node.bands) if node.less_is_better else node.bands)]
    if node.less_is_better:
        place = (len(order) - 1 - place).astype(np.int16)
    for rule, fires in zip(node.rules, fired, strict=True):
        if rule.moves_band:
            after = np.array([moved(rule, before, order) for before in range(len(order))], np.int16)
            place = np.where(fires == YES, after[place], place)
    if node.less_is_better:
        place = (len(order) - 1 - place).astype(np.int16)
    return place
