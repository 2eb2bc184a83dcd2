"""Amounts and truths by the engine's own word, one row for every way to take the decisions they rest on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Final

from ortools.sat.python import cp_model

from scoring.enclosure import Enclosure
from scoring.facts import Reading
from scoring.quantities import Truth
from scoring.solving.amounts import COARSE, FINEST, LARGEST, Amount, Beyond, Sums
from scoring.solving.ground import Ground
from scoring.solving.offers import Offers

MOST_ROWS: Final = 600


class Tables:
    """Everything small enough to be listed."""

    def __init__(self, ground: Ground, offers: Offers, sums: Sums, most_rows: int = MOST_ROWS) -> None:
        self.ground, self.offers, self.sums = ground, offers, sums
        self.most_rows = most_rows

    def small(self, names: Collection[str]) -> bool:
        """Whether all ways to take the decisions below these can be listed: always where there is one decision."""
        closure = self.ground.closure(names)
        return len(self.offers.among(closure)) < 2 or self.offers.count(closure) <= self.most_rows

    def amount(self, names: Collection[str], evaluate: Callable[[Reading], Enclosure | None]) -> Amount | None:
        """The number that the engine gives; None where it gives none for some way."""
        rows: list[tuple[tuple[int, ...], Fraction, Fraction]] = []
        for places, reading in self.ground.readings(names, self.offers):
            span = evaluate(reading)
            if span is None or span.low is None or span.high is None:
                return None
            rows.append((places, span.low, span.high))
        scale = lcm(*(low.denominator for _, low, _ in rows))
        exact = all(low == high for _, low, high in rows) and scale <= FINEST
        scale = scale if exact else COARSE
        units = [(places, floor(low * scale)) for places, low, _ in rows]
        slack = 0 if exact else max(ceil(high * scale) - floor(low * scale) for _, low, high in rows)
        ends = min(value for _, value in units), max(value for _, value in units)
        if max(abs(ends[0]), abs(ends[1])) > LARGEST:
            raise Beyond
        if ends[0] == ends[1]:
            return Amount(ends[0], scale, *ends, slack)
        among = self.offers.among(self.ground.closure(names))
        if len(among) == 1:
            taken = sum(value * each for (_, value), each in zip(units, among[0].taken, strict=True))
            return Amount(taken, scale, *ends, slack)
        found = self.sums.model.new_int_var(*ends, "")
        listed = [(*places, value) for places, value in units]
        self.sums.model.add_allowed_assignments([*(each.place for each in among), found], listed)
        return Amount(found, scale, *ends, slack)

    def truth(self, names: Collection[str], evaluate: Callable[[Reading], Truth]) -> bool | cp_model.BoolVarT:
        """The truth that the engine gives; open for the ways where the engine leaves it open."""
        rows: list[tuple[int, ...]] = []
        held: set[int] = set()
        for places, reading in self.ground.readings(names, self.offers):
            told = evaluate(reading)
            ways = (0, 1) if told is None else (int(told),)
            held.update(ways)
            rows += [(*places, way) for way in ways]
        if len(held) == 1:
            return bool(held.pop())
        found = self.sums.literal()
        among = self.offers.among(self.ground.closure(names))
        self.sums.model.add_allowed_assignments([*(each.place for each in among), found], rows)
        return found
