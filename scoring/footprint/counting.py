"""Every line of an inventory counted: kilograms of CO2e for the declared unit, by account and by gas, exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final

from questionnaires.factors import Library, Row
from questionnaires.factors.book import WEIGHTED
from questionnaires.factors.kinds import Account
from questionnaires.units import factor, unit
from scoring.footprint.allocation import product_of, shares
from scoring.footprint.inventory import Inventory, Line, OtherWarming, Scope2
from scoring.footprint.quality import Rated, rate
from scoring.footprint.reckoning import PerUnit, per_unit
from scoring.footprint.record import Stated
from scoring.footprint.rows import Shelves, converted
from scoring.footprint.weights import Weights
from scoring.rounding import stated

COUNTED: Final = tuple(
    account for account in Account if account not in {Account.UPTAKE, Account.BIOGENIC_CO2, Account.OTHER_GASES}
)
"""Accounts of the sum without uptake."""

APART: Final = (Account.BIOGENIC_CO2, Account.OTHER_GASES)
"""Accounts that are in no sum."""

CARBON_DIOXIDE_OF_CARBON: Final = Fraction(44, 12)
"""Kilograms of carbon dioxide that one kilogram of carbon was taken up as."""


@dataclass(frozen=True)
class Side:
    """One amount counted by one factor: kilograms of CO2e in the result's scale, by account and by gas."""

    row: Row
    amount: Fraction
    each: PerUnit
    scale: Fraction

    @cached_property
    def by_account(self) -> Mapping[Account, Fraction]:
        """Account → what belongs to it."""
        found: dict[Account, Fraction] = {}
        for gas in self.each.gases:
            found[gas.account] = found.get(gas.account, Fraction(0)) + gas.co2e
        return {account: self.amounts(one) for account, one in found.items()}

    def of(self, account: Account) -> Fraction:
        """What belongs to an account."""
        return self.by_account.get(account, Fraction(0))

    def amounts(self, one: Fraction) -> Fraction:
        """What so much for one unit comes to."""
        return one * self.amount * self.scale

    @cached_property
    def counted(self) -> Fraction:
        """What goes into the sum without uptake."""
        return sum((amount for account, amount in self.by_account.items() if account in COUNTED), Fraction(0))

    @property
    def burden(self) -> Fraction:
        """The same before allocation and declared unit."""
        return sum((gas.co2e for gas in self.each.gases if gas.account in COUNTED), Fraction(0)) * self.amount


@dataclass(frozen=True, slots=True)
class Counted:
    """One line with both sides and its ratings."""

    line: Line
    location: Side
    market: Side | None
    rated: Rated
    share: Fraction

    @property
    def scope(self) -> int:
        """1, 2 or 3."""
        return self.location.row.scope

    @property
    def category(self) -> int | None:
        """Category of scope 3: the line's, or the only one of its factor."""
        row = self.location.row
        if row.scope != 3:
            return None
        return self.line.category or (row.categories[0] if row.categories else None)

    def used(self, scope_2: Scope2) -> Side:
        """The side that goes into the total."""
        return self.market if scope_2 is Scope2.MARKET and self.market is not None else self.location


@dataclass(frozen=True)
class Counting:
    """One inventory, checked, and everything that its lines come to."""

    inventory: Inventory
    library: Library

    @cached_property
    def weights(self) -> Weights:
        """The warming potentials that every gas counts with."""
        weights = Weights.chosen(self.inventory.gwp, self.library)
        if weights is None:  # checking has refused it
            raise KeyError(self.inventory.gwp.set)
        return weights

    @cached_property
    def shelves(self) -> Shelves:
        """Where lines find their factors."""
        return Shelves(self.inventory, self.library)

    @cached_property
    def scale(self) -> Fraction:
        """Declared unit as a share of the output; 1 for an organisation."""
        declared, output = self.inventory.declared_unit, self.inventory.output
        if declared is None or output is None:
            return Fraction(1)
        return declared.amount / (output.amount * factor(unit(output.unit), unit(declared.unit)))

    @cached_property
    def share(self) -> Fraction:
        """What the product takes of an allocated line."""
        allocation = self.inventory.allocation
        return Fraction(1) if allocation is None else shares(allocation)[product_of(allocation)]

    @cached_property
    def lines(self) -> tuple[Counted, ...]:
        """All lines, in the order of the inventory."""
        return tuple(self._line(line) for line in self.inventory.lines)

    def _line(self, line: Line) -> Counted:
        row = self.shelves.row_of(line)
        if row is None:  # checking has refused it
            raise KeyError(line.factor)
        market = None if line.market is None else self.shelves.row(line.market)
        share = self.share if line.allocated else Fraction(1)
        location = self._side(line, row, share)
        by_contract = None if market is None else self._side(line, market, share)
        used = market if market is not None and self.inventory.scope_2 is Scope2.MARKET else row
        return Counted(line, location, by_contract, rate(line, used, self.inventory), share)

    def _side(self, line: Line, row: Row, share: Fraction) -> Side:
        conversion = None if line.via is None else self.library.conversion(line.via)
        amount = converted(line.amount, unit(line.unit), conversion, row.unit)
        lenient = self.inventory.gwp.other is OtherWarming.WARN
        return Side(row, amount, per_unit(row, self.weights, self.library, lenient=lenient), share * self.scale)

    def state(self, kilograms: Fraction) -> Stated:
        """A number of kilograms of CO2e in the result's unit."""
        value = kilograms * factor(WEIGHTED, unit(self.inventory.unit))
        return Stated(value=stated(value, self.inventory.rounding), exact=str(value))

    def total(self, of: Callable[[Side], Fraction], where: Callable[[Counted], bool] = lambda _: True) -> Fraction:
        """The sum over lines of what counts, by the side that the inventory chose for scope 2."""
        chosen = self.inventory.scope_2
        return sum((of(each.used(chosen)) for each in self.lines if where(each)), Fraction(0))

    def of(self, account: Account) -> Fraction:
        """The sum of one account."""
        return self.total(lambda side: side.of(account))

    @cached_property
    def uptake(self) -> Fraction:
        """What was taken up from the air: lines of that account, and the carbon that stays in the product."""
        return self.of(Account.UPTAKE) - self.inventory.biogenic_carbon * CARBON_DIOXIDE_OF_CARBON
