"""The scale of every question and node: all values it can take, from a plan that nobody has answered yet.

What has an end on both sides can be drawn as a share of its scale; what has none (tonnes, jobs) can only be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from questionnaires.model import Band, Definition
from reports import numbers
from scoring import Plan, asked, compile_plan
from scoring.aggregate import Precision
from scoring.enclosure import Enclosure
from scoring.facts import Fact, Reading
from scoring.plan import PlannedNode
from scoring.possible import possible_node
from scoring.scorecard import NodeScore

_BITS = 64
"""Scales are for drawing and for "of 5": irrational ends need no more."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From the least to the greatest value possible; None: without an end on that side."""

    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def is_bounded(self) -> bool:
        """True where a value has a place on it: two ends that differ."""
        return self.low is not None and self.high is not None and self.low < self.high

    @property
    def span(self) -> Fraction | None:
        """From one end to the other; None where that says nothing."""
        return self.high - self.low if self.low is not None and self.high is not None and self.is_bounded else None

    @property
    def levels(self) -> int | None:
        """How many whole steps it has, where it has so few that each can be drawn."""
        if self.low is None or self.span is None or self.low.denominator != 1 or self.span.denominator != 1:
            return None
        return self.span.numerator if self.span <= 12 else None

    def share(self, value: Fraction | None) -> Fraction | None:
        """Where ``value`` lies, 0 to 1, beyond the ends at the ends; None where it has no place."""
        if value is None or self.low is None or self.span is None:
            return None
        return min(max((value - self.low) / self.span, Fraction(0)), Fraction(1))

    def at_most(self, cap: Fraction | None) -> Scale:
        """The scale where nothing beyond ``cap`` counts."""
        if cap is None:
            return self
        return Scale(self.low, cap if self.high is None else min(self.high, cap))


def limit(band: Band, node: NodeScore) -> Fraction | None:
    """Where a band begins; None where that follows from answers that are missing, or has no number."""
    if isinstance(band.lowest, Fraction):
        return band.lowest
    return numbers.fraction(node.amount(f"bands/{band.id}/from"))


@dataclass(frozen=True, slots=True)
class Measured:
    """What follows from a definition alone."""

    plan: Plan
    scales: Mapping[str, Scale]
    """Question or node id → its scale."""


class Same:
    """A definition, compared by being the very same object: its fields are too many to compare."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.definition is other.definition

    def __hash__(self) -> int:
        return id(self.definition)


def measured(definition: Definition) -> Measured:
    """Plan and scales of a definition (the last few are kept)."""
    return _measured(Same(definition))


@lru_cache(maxsize=8)
def _measured(same: Same) -> Measured:
    plan = compile_plan(same.definition)
    facts: dict[str, Fact] = asked.constants(plan.constants)
    reading = Reading(facts, plan.tables, _BITS, last=True)
    for item in plan.order:
        if isinstance(item, PlannedNode):
            facts[item.id] = possible_node(item, reading, Precision(_BITS, last=True))
        else:
            facts[item.id] = asked.possibly(item, None, reading)
    scales = {item.id: _ends(facts[item.id].score) for item in plan.order}
    return Measured(plan, scales)


def _ends(span: Enclosure | None) -> Scale:
    return Scale() if span is None else Scale(span.low, span.high)
