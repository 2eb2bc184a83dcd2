"""Rational amounts in a whole-number model: an expression, its scale, and how far it can be off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Final

from ortools.sat.python import cp_model

from questionnaires.model import Rounding, RoundingMode

FINEST: Final = 10**12
"""Largest scale. What has a finer common denominator is rounded, and carries the error."""

COARSE: Final = 10**6
"""Scale of amounts that were rounded."""

LARGEST: Final = 2**50
"""Amounts of more units are not modelled."""


Units = cp_model.LinearExpr | int
"""A whole number, or an expression over the decisions of a model that gives one."""


class Beyond(Exception):
    """An amount that the model cannot carry; what it stands for stays open."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number times ``scale`` lies within ``slack`` of ``units``, which lies from ``low`` to ``high``."""

    units: Units
    scale: int
    low: int
    high: int
    slack: int = 0

    @property
    def exact(self) -> Fraction | None:
        """The number, where the model leaves it no choice."""
        return Fraction(self.low, self.scale) if self.low == self.high and not self.slack else None


class Sums:
    """Arithmetic with amounts, each step a variable or expression of one model."""

    def __init__(self) -> None:
        self.model = cp_model.CpModel()

    def constant(self, value: Fraction) -> Amount:
        """A number that is given."""
        if value.denominator <= FINEST:
            return _checked(Amount(value.numerator, value.denominator, value.numerator, value.numerator))
        units = floor(value * COARSE)
        return _checked(Amount(units, COARSE, units, units, 1))

    def between(self, low: Fraction, high: Fraction) -> Amount:
        """A number of which only the limits are known."""
        ends = floor(low * COARSE), ceil(high * COARSE)
        _checked(Amount(0, COARSE, *ends))
        return Amount(self.model.new_int_var(*ends, ""), COARSE, *ends, 1)

    def linear(self, parts: Sequence[tuple[Fraction, Amount]], plus: Fraction = Fraction(0)) -> Amount:
        """The sum of factor × amount, and of ``plus``."""
        scale = lcm(plus.denominator, *((factor / part.scale).denominator for factor, part in parts))
        if scale > FINEST:
            scale, parts = FINEST, [(factor, self._coarse(part)) for factor, part in parts]
        units: Units = round(plus * scale)
        low = high = round(plus * scale)
        error = abs(plus * scale - round(plus * scale))
        for factor, part in parts:
            true = factor * scale / part.scale
            used = round(true)
            units = units + used * part.units
            ends = sorted((used * part.low, used * part.high))
            low, high = low + ends[0], high + ends[1]
            error += abs(true - used) * max(abs(part.low), abs(part.high)) + abs(true) * part.slack
        return self.named(Amount(units, scale, low, high, ceil(error)))

    def named(self, amount: Amount) -> Amount:
        """The same amount as one variable."""
        _checked(amount)
        if amount.low == amount.high:
            return Amount(amount.low, amount.scale, amount.low, amount.high, amount.slack)
        variable = self.model.new_int_var(amount.low, amount.high, "")
        self.model.add(variable == amount.units)
        return Amount(variable, amount.scale, amount.low, amount.high, amount.slack)

    def alike(self, amounts: Sequence[Amount]) -> list[Amount]:
        """The same amounts in one scale."""
        scale = lcm(*(amount.scale for amount in amounts))
        if scale > FINEST:
            return self.alike([self._coarse(amount) for amount in amounts])
        return [_finer(amount, scale // amount.scale) for amount in amounts]

    def _coarse(self, amount: Amount) -> Amount:
        """The same amount rounded to a scale that goes with all others."""
        if COARSE % amount.scale == 0:
            return _finer(amount, COARSE // amount.scale)
        factor = Fraction(COARSE, amount.scale)
        low, high = floor(amount.low * factor), ceil(amount.high * factor)
        slack = ceil(amount.slack * factor) + 1
        if amount.low == amount.high:
            return _checked(Amount(low, COARSE, low, low, slack))
        if max(abs(amount.low), abs(amount.high)) * COARSE > LARGEST * 2**10:
            raise Beyond
        found = self.model.new_int_var(low, high, "")
        self.model.add(found * amount.scale <= amount.units * COARSE + amount.scale)
        self.model.add(found * amount.scale >= amount.units * COARSE - amount.scale)
        return Amount(found, COARSE, low, high, slack)

    def least(self, amounts: Sequence[Amount]) -> Amount:
        """The minimum."""
        known = self.alike(amounts)
        low, high = min(each.low for each in known), min(each.high for each in known)
        found = self.model.new_int_var(low, high, "")
        self.model.add_min_equality(found, [each.units for each in known])
        return Amount(found, known[0].scale, low, high, max(each.slack for each in known))

    def greatest(self, amounts: Sequence[Amount]) -> Amount:
        """The maximum."""
        known = self.alike(amounts)
        low, high = max(each.low for each in known), max(each.high for each in known)
        found = self.model.new_int_var(low, high, "")
        self.model.add_max_equality(found, [each.units for each in known])
        return Amount(found, known[0].scale, low, high, max(each.slack for each in known))

    def held(self, amount: Amount, least: Fraction | None, most: Fraction | None) -> Amount:
        """Within limits, where there are any."""
        if most is not None and Fraction(amount.high + amount.slack, amount.scale) > most:
            amount = self.least([amount, self.constant(most)])
        if least is not None and Fraction(amount.low - amount.slack, amount.scale) < least:
            amount = self.greatest([amount, self.constant(least)])
        return amount

    def either(self, condition: cp_model.BoolVarT, yes: Amount, no: Amount) -> Amount:
        """One amount where the condition holds, the other where it does not."""
        yes, no = self.alike([yes, no])
        low, high = min(yes.low, no.low), max(yes.high, no.high)
        found = self.model.new_int_var(low, high, "")
        self.model.add(found == yes.units).only_enforce_if(condition)
        self.model.add(found == no.units).only_enforce_if(~condition)
        return Amount(found, yes.scale, low, high, max(yes.slack, no.slack))

    def literal(self) -> cp_model.IntVar:
        """A truth that is open."""
        return self.model.new_bool_var("")

    def reaches(self, amount: Amount, limit: Fraction, *, strictly: bool = False) -> cp_model.IntVar:
        """True where the amount is at least (more than) ``limit``; open where the slack leaves it open."""
        found = self.literal()
        least = floor(limit * amount.scale) + 1 if strictly else ceil(limit * amount.scale)
        self.model.add(amount.units >= least - amount.slack).only_enforce_if(found)
        self.model.add(amount.units < least + amount.slack).only_enforce_if(~found)
        return found

    def all_of(self, literals: Sequence[cp_model.BoolVarT]) -> cp_model.IntVar:
        """True where all of them are."""
        found = self.literal()
        self.model.add_bool_and(*literals).only_enforce_if(found)
        self.model.add_bool_or(*(~each for each in literals), found)
        return found

    def any_of(self, literals: Sequence[cp_model.BoolVarT]) -> cp_model.IntVar:
        """True where at least one of them is."""
        found = self.literal()
        self.model.add_bool_or(*literals).only_enforce_if(found)
        self.model.add_bool_and(*(~each for each in literals)).only_enforce_if(~found)
        return found

    def stated(self, amount: Amount, rounding: Rounding) -> Amount:
        """The amount after the rounding; on a limit (and below zero) both neighbours are left open."""
        ten = 10**rounding.places
        low = (amount.low - amount.slack) * ten // amount.scale - 1
        high = (amount.high + amount.slack) * ten // amount.scale + 2
        whole, error = amount.units * ten, amount.slack * ten
        if max(abs(low), abs(high)) * amount.scale * 2 > LARGEST * 2**10:
            raise Beyond
        units = self.model.new_int_var(low, high, "")
        positive = amount.low - amount.slack >= 0
        if rounding.mode in (RoundingMode.HALF_UP, RoundingMode.HALF_EVEN):
            over = 2 * error + amount.scale
            strict = positive and rounding.mode is RoundingMode.HALF_UP
            self.model.add(2 * amount.scale * units <= 2 * whole + over)
            self.model.add(2 * amount.scale * units >= 2 * whole - over + int(strict))
        else:
            up = positive and rounding.mode is RoundingMode.UP
            down = positive and rounding.mode is RoundingMode.DOWN
            self.model.add(amount.scale * units <= whole + error + (0 if down else amount.scale - int(up)))
            self.model.add(amount.scale * units >= whole - error - (0 if up else amount.scale - int(down)))
        return Amount(units, ten, low, high)

    def below_plane(self, amount: Amount, parts: Sequence[tuple[Fraction, Amount]]) -> None:
        """The amount is no more than the sum of factor (not negative) × amount, each rounded up."""
        scale = 10**9
        most: Units = 0
        size = 0
        for factor, part in parts:
            used = ceil(factor * scale / part.scale)
            most = most + used * (part.units + part.slack)
            size += used * (abs(part.high) + part.slack)
        lowest = floor(Fraction(scale, amount.scale))
        if lowest and max(size, lowest * (abs(amount.high) + 1)) < LARGEST * 2**8:
            self.model.add(lowest * (amount.units - amount.slack) <= most)


def _checked(amount: Amount) -> Amount:
    if max(abs(amount.low), abs(amount.high)) + amount.slack > LARGEST:
        raise Beyond
    return amount


def _finer(amount: Amount, times: int) -> Amount:
    """The same amount in a scale so many times finer."""
    if times == 1:
        return amount
    return _checked(
        Amount(
            amount.units * times, amount.scale * times, amount.low * times, amount.high * times, amount.slack * times
        )
    )
