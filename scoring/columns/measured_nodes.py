"""Nodes over measured numbers, by intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Final

import numpy as np

from questionnaires.model import Aggregation, PassesOn
from scoring.columns.conditions import PERHAPS, UNTOLD, YES, Reader, turned
from scoring.columns.intervals import Flags, Interval, constant, enclosed, ends, held, quotient_of, rounded, whole
from scoring.columns.ledger import (
    INAPPLICABLE,
    INSUFFICIENT,
    NO_BAND,
    SCORED,
    UNDECIDED,
    Coded,
    Column,
    Scaled,
    Small,
    Spanned,
)
from scoring.columns.measured import STATE_OF, where_it_applies
from scoring.columns.nodes import bands
from scoring.columns.reckoning import Reckoner
from scoring.enclosure import ZERO
from scoring.plan import PlannedChild, PlannedNode
from scoring.possible import substitute

_ARITHMETIC: Final = (
    Aggregation.MEAN,
    Aggregation.WEIGHTED_MEAN,
    Aggregation.SUM,
    Aggregation.MINIMUM,
    Aggregation.MAXIMUM,
    Aggregation.SHARE,
    Aggregation.COUNT,
    Aggregation.SHARE_REACHED,
)


@dataclass(frozen=True, slots=True)
class _Part:
    child: PlannedChild
    value: Interval
    present: Flags
    state: Small


def node(reader: Reader, item: PlannedNode, columns: Mapping[str, Column], count: int) -> Spanned | None:
    """A node over measured numbers; None: its aggregation, or an amount that is a formula, is not done here."""
    if not item.is_plain:
        return None
    if item.aggregation is Aggregation.FORMULA and item.formula is not None:
        found = Reckoner(reader, columns, count).number(item.formula)
        if found is None:
            return None
        value, state = whole(found.value, count), STATE_OF.take(found.status)
    elif item.aggregation in _ARITHMETIC:
        parts = [_part(item, child, columns[child.id]) for child in item.children]
        worked = _arithmetic(item, [part for part in parts if part is not None])
        if None in parts or worked is None:
            return None
        value, state = worked
    else:
        return None
    if item.applies_when is not None:
        state = where_it_applies(state, reader.truths(item.applies_when, columns, count))
    value = held(value, item.least, item.most)
    fired = []
    for rule in item.rules:
        holds = reader.truths(rule.condition, columns, count)
        fires = holds if rule.fires_on else turned(holds)
        fired.append(fires)
        set_to = value if rule.to is None else whole(enclosed(rule.to), count)
        value = held(set_to, rule.at_least, rule.at_most).where(fires == YES, value)
        state = np.where(((fires == PERHAPS) | (fires == UNTOLD)) & (state == SCORED), np.uint8(UNDECIDED), state)
    scored = state == SCORED
    value = whole(value, count).where(scored, constant(Fraction(0)))
    units, sure = rounded(value, item.rounding)
    state = np.where(scored & ~sure, np.uint8(UNDECIDED), state)
    place = np.array(bands(item, units, fired))
    place[state != SCORED] = NO_BAND
    if item.passes_on is PassesOn.STATED:
        value = quotient_of(units, 10**item.rounding.places)
    return Spanned(state, value, value, units, place)


def _part(item: PlannedNode, child: PlannedChild, column: Column) -> _Part | None:
    """A child as it counts in the node; None: what stands in for it is not known."""
    if isinstance(column, Coded):
        lows, highs = _values(column)
        value = Interval(lows.take(column.ids), highs.take(column.ids))
        present = column.ledger.arrays.present.take(column.ids)
        state = column.ledger.arrays.state.take(column.ids)
    elif isinstance(column, Scaled):
        value, present, state = quotient_of(column.numerator, column.denominator), column.present, column.state
    else:
        value, present, state = column.score, column.state == SCORED, column.state
    instead = substitute(item, child)
    if instead is not None:
        absent = (state == INAPPLICABLE) & ~present
        value = enclosed(instead).where(absent, value)
        present = present | absent
    if child.cap is not None:
        value = value.least(enclosed(child.cap))
    return _Part(child, value, present, state)


def _values(column: Coded) -> tuple[np.ndarray, np.ndarray]:
    if "value" not in column.ledger.spans:
        pairs = [
            (0.0, 0.0) if entry.value is None else ends(entry.value.low, entry.value.high)
            for entry in column.ledger.entries
        ]
        lows, highs = (np.array(each) for each in zip(*pairs, strict=True))
        column.ledger.spans["value"] = lows, highs, None
    lows, highs, _ = column.ledger.spans["value"]
    return lows, highs


def _arithmetic(item: PlannedNode, parts: Sequence[_Part]) -> tuple[Interval, Small] | None:
    """The value and the state; whatever is open is left to the exact engine."""
    unit = Fraction(1, lcm(*(part.child.weight.denominator for part in parts)))
    weights = [float(part.child.weight / unit) for part in parts]
    counted = [np.where(part.present, weight, 0.0) for part, weight in zip(parts, weights, strict=True)]
    weight = reduce(np.add, counted)
    zero = constant(Fraction(0))
    if sum(weights) * max(item.least_counted.denominator, item.out_of.denominator) >= 1 << 50:
        return None
    if item.aggregation in (Aggregation.MINIMUM, Aggregation.MAXIMUM):
        least = item.aggregation is Aggregation.MINIMUM
        none = np.full(1, np.inf if least else -np.inf)
        kept = [part.value.where(part.present, Interval(none, none)) for part in parts]
        value = reduce(Interval.least if least else Interval.greatest, kept)
    else:
        brought = [
            (part.value * Interval(np.full(1, own), np.full(1, own))).where(part.present, zero)
            for part, own in zip(parts, weights, strict=True)
        ]
        value = reduce(Interval.__add__, brought)
    achieved = weight > 0
    unclear = np.zeros(len(weight), np.bool_)
    if item.aggregation in (Aggregation.COUNT, Aggregation.SHARE_REACHED):
        value, unclear = _reached(item, parts, weights)
    if item.aggregation is Aggregation.SUM:
        value = value * constant(unit)
    elif item.aggregation is Aggregation.SHARE:
        possible = [
            (enclosed(part.child.highest or ZERO) * Interval(own, own)).where(part.present, zero)
            for own, part in zip(counted, parts, strict=True)
        ]
        achievable = reduce(Interval.__add__, possible)
        achieved = achievable.low > 0
        if bool((~achieved & (achievable.high > 0)).any()):
            return None
        one = constant(Fraction(1))
        value = value * constant(item.out_of) / achievable.where(achieved, one)
    elif item.aggregation in (Aggregation.MEAN, Aggregation.WEIGHTED_MEAN, Aggregation.SHARE_REACHED):
        over = np.where(weight > 0, weight, 1.0)
        value = value / Interval(over, over)
    state = _state(item, parts, weight, achieved, float(item.total_weight / unit))
    return value, np.where(unclear, np.uint8(UNDECIDED), state)


def _reached(item: PlannedNode, parts: Sequence[_Part], weights: Sequence[float]) -> tuple[Interval, Flags]:
    """How many (or what weight) reach the limit, times ``out_of``; and where a value is too near it to tell."""
    share = item.aggregation is Aggregation.SHARE_REACHED
    found = np.zeros(len(parts[0].state))
    unclear = np.zeros(len(parts[0].state), np.bool_)
    for part, weight in zip(parts, weights, strict=True):
        limit = enclosed(part.child.reached_from)
        reached = part.present & (part.value.low >= limit.high)
        unclear |= part.present & ~reached & (part.value.high >= limit.low)
        found += np.where(reached, weight if share else 1.0, 0.0)
    value = Interval(found, found)
    return (value * constant(item.out_of) if share else value), unclear


def _state(item: PlannedNode, parts: Sequence[_Part], weight: np.ndarray, achieved: Flags, total: float) -> Small:
    lacking = reduce(np.logical_or, [part.state == INSUFFICIENT for part in parts])
    unclear = reduce(np.logical_or, [~np.isin(part.state, (SCORED, INSUFFICIENT, INAPPLICABLE)) for part in parts])
    all_absent = reduce(np.logical_and, [part.state == INAPPLICABLE for part in parts])
    nobody = weight == 0
    share = item.least_counted
    too_few = nobody | (weight * share.denominator < share.numerator * total)
    state = np.where(too_few | lacking | ~achieved, np.uint8(INSUFFICIENT), np.uint8(SCORED))
    state[all_absent & nobody] = INAPPLICABLE
    state[unclear] = UNDECIDED
    return state
