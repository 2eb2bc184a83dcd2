"""Factors of an inventory's lines: from the library, from the inventory itself, or a released gas."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from questionnaires.factors import Library, Row
from questionnaires.factors.book import KILOGRAM, WEIGHTED, Part
from questionnaires.factors.kinds import Boundary, Certainty
from questionnaires.factors.model import Conversion
from questionnaires.units import Unit, UnitMistaken, factor, unit
from scoring.footprint.inventory import Inventory, Line, OwnFactor


def own_row(own: OwnFactor) -> Row:
    """An inventory's own factor in the form of a published one; its units must have been checked."""
    return Row(
        reference=f"own/{own.id}",
        activity=own.id,
        unit=unit(own.unit),
        total=None if own.value is None else own.value * factor(unit(own.value_in), WEIGHTED),
        parts=tuple(Part(gas, amount, weighted=False) for gas, amount in own.parts.items()),
        gwp=own.gwp,
        boundary=own.boundary,
        scope=own.scope,
        categories=own.categories,
        region=own.region,
        year=own.year,
        certainty=own.certainty,
        basis=own.basis,
        account=own.account,
        carrier=own.carrier,
    )


def released(line: Line, inventory: Inventory) -> Row:
    """A gas that escapes: one kilogram of it counts its potential."""
    gas = line.gas or ""
    return Row(
        reference=gas,
        activity=gas,
        unit=KILOGRAM,
        total=None,
        parts=(Part(gas, Fraction(1), weighted=False),),
        gwp=None,
        boundary=Boundary.RELEASE,
        scope=line.scope or 1,
        categories=(),
        region=line.region or inventory.region,
        year=inventory.period.end.year,
        certainty=Certainty.CERTAIN,
    )


@dataclass(frozen=True)
class Shelves:
    """Where the lines of one inventory find their factors."""

    inventory: Inventory
    library: Library

    @cached_property
    def own(self) -> Mapping[str, Row]:
        """Reference → own factor; those with a mistaken unit are told by checking and left out."""
        found: dict[str, Row] = {}
        for each in self.inventory.factors:
            with suppress(UnitMistaken):
                found[f"own/{each.id}"] = own_row(each)
        return found

    def row(self, reference: str) -> Row | None:
        """The factor of that reference, or None."""
        return self.own.get(reference) or self.library.row(reference)

    def row_of(self, line: Line) -> Row | None:
        """The factor that counts a line (by location), or None where there is none."""
        return self.row(line.factor) if line.factor is not None else released(line, self.inventory)

    def near(self, reference: str) -> tuple[str, ...]:
        """What was perhaps meant."""
        if reference.startswith("own/"):
            return tuple(self.own)
        return self.library.near(reference)


def converted(amount: Fraction, measured: Unit, conversion: Conversion | None, wanted: Unit) -> Fraction:
    """An amount in the unit of its factor, over a published conversion where one is named.

    Raises:
        OtherDimension: the units measure different things.
    """
    if conversion is None:
        return amount * factor(measured, wanted)
    before = amount * factor(measured, unit(conversion.from_unit))
    after = before * conversion.times if conversion.times is not None else before / (conversion.per or Fraction(1))
    return after * factor(unit(conversion.to_unit), wanted)
