"""From an inventory to its footprint: every line counted, scaled to the declared unit, and added up exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

import rfc8785

from questionnaires.factors import Library
from questionnaires.factors.kinds import Account, Purpose
from questionnaires.mistakes import Mistaken
from questionnaires.places import Document
from scoring.footprint.allocation import shares
from scoring.footprint.checking import check_inventory
from scoring.footprint.counting import APART, COUNTED, Counted, Counting, Side
from scoring.footprint.inventory import Inventory, Quantity, Scope2
from scoring.footprint.quality import overall
from scoring.footprint.record import (
    AllocatedOutput,
    AllocationScore,
    Footprint,
    GasAmount,
    LineScore,
    Named,
    QualityScore,
    Reckoning,
    Source,
)
from scoring.footprint.warnings import warnings


def footprint(inventory: Inventory, library: Library, document: Document | None = None) -> Footprint:
    """Count an inventory.

    Args:
        inventory: what was used, moved and released.
        library: factor sets and potentials, such as :func:`questionnaires.factors.library`.
        document: where the inventory stands, so that mistakes can name their lines.

    Raises:
        Mistaken: every mistake of the inventory: unknown factors with those that were perhaps meant, units that do not
            fit with the factors that would, numbers that must not be added up.
    """
    found = check_inventory(inventory, library, document or Document("inventory"))
    if found:
        raise Mistaken(found)
    return _Statement(Counting(inventory, library)).footprint()


@dataclass(frozen=True)
class _Statement:
    """What was counted, written down."""

    counting: Counting

    def footprint(self) -> Footprint:
        counting, inventory = self.counting, self.counting.inventory
        total = counting.total(lambda side: side.counted)
        return Footprint(
            name=inventory.name,
            inventory=sha256(rfc8785.dumps(inventory.model_dump(mode="json", exclude_defaults=True))).hexdigest(),
            purpose=inventory.purpose.value,
            unit=inventory.unit,
            rounding=f"{inventory.rounding.mode.value}/{inventory.rounding.places}",
            gwp=counting.weights.edition,
            methane=counting.weights.methane.value,
            choices={gas: str(value) for gas, value in sorted(counting.weights.choices.items())},
            scope_2=inventory.scope_2.value,
            declared_unit=_quantity(inventory.declared_unit),
            output=_quantity(inventory.output),
            scale=str(counting.scale),
            sources=tuple(self._sources()),
            total=counting.state(total),
            including_uptake=counting.state(total + counting.uptake),
            accounts=(*(self._account(each) for each in COUNTED), self._named("uptake", counting.uptake)),
            apart=tuple(self._account(each) for each in APART),
            scopes=tuple(self._scopes()),
            gases=tuple(self._gases()),
            stages=tuple(self._stages()),
            allocation=self._allocation(),
            quality=self._quality(),
            lines=tuple(self._line(each) for each in counting.lines),
            warnings=tuple(warnings(inventory, counting.shelves, counting.weights)),
        )

    def _named(self, name: str, kilograms: Fraction) -> Named:
        return Named(name=name, stated=self.counting.state(kilograms))

    def _account(self, account: Account) -> Named:
        return self._named(account.value, self.counting.of(account))

    def _sources(self) -> Iterator[Source]:
        book, library = self.counting.weights.book, self.counting.library
        yield Source(name=book.name, digest=book.digest)
        named = [line.via for line in self.counting.inventory.lines if line.via is not None]
        named += [side.row.reference for each in self.counting.lines for side in (each.location, each.market) if side]
        for name in sorted({reference.partition("/")[0] for reference in named} & set(library.books)):
            yield Source(name=name, digest=library.books[name].digest)

    def _scopes(self) -> Iterator[Named]:
        def scope(wanted: int, side: Scope2 = Scope2.LOCATION) -> Fraction:
            found = (each.used(side).counted for each in self.counting.lines if each.scope == wanted)
            return sum(found, Fraction(0))

        yield self._named("scope-1", scope(1))
        yield self._named("scope-2-location", scope(2))
        yield self._named("scope-2-market", scope(2, Scope2.MARKET))
        yield self._named("scope-3", scope(3))
        categories: dict[int, Fraction] = {}
        for each in self.counting.lines:
            if each.category is not None:
                categories[each.category] = categories.get(each.category, Fraction(0)) + each.location.counted
        for category, amount in sorted(categories.items()):
            yield self._named(f"scope-3-{category}", amount)

    def _gases(self) -> Iterator[Named]:
        found: dict[str, Fraction] = {}
        for each in self.counting.lines:
            side = each.used(self.counting.inventory.scope_2)
            for gas in side.each.gases:
                if gas.account in COUNTED:
                    found[gas.gas] = found.get(gas.gas, Fraction(0)) + side.amounts(gas.co2e)
        return (self._named(gas, amount) for gas, amount in found.items())

    def _stages(self) -> Iterator[Named]:
        found: dict[str, Fraction] = {}
        for each in self.counting.lines:
            counted = each.used(self.counting.inventory.scope_2).counted
            if each.line.stage is not None:
                found[each.line.stage.value] = found.get(each.line.stage.value, Fraction(0)) + counted
            if each.location.row.forcing is not None:
                found["aircraft"] = found.get("aircraft", Fraction(0)) + counted
        return (self._named(name, amount) for name, amount in found.items())

    def _allocation(self) -> AllocationScore | None:
        allocation = self.counting.inventory.allocation
        if allocation is None:
            return None
        whole = self.counting.total(lambda side: side.burden, where=lambda each: each.line.allocated)
        parts = shares(allocation)
        outputs = [
            AllocatedOutput(
                id=each.id, product=each.product, share=str(parts[each.id]), burden=str(whole * parts[each.id])
            )
            for each in allocation.outputs
        ]
        return AllocationScore(method=allocation.method.value, burden=str(whole), outputs=tuple(outputs))

    def _quality(self) -> QualityScore | None:
        inventory = self.counting.inventory
        if inventory.purpose is not Purpose.PRODUCT:
            return None
        rated = [(each.used(inventory.scope_2).counted, each.rated) for each in self.counting.lines]
        return overall(rated, inventory.rounding)

    def _line(self, each: Counted) -> LineScore:
        line = each.line
        conversion = None if line.via is None else self.counting.library.conversion(line.via)
        number = None if conversion is None else (conversion.times or conversion.per)
        return LineScore(
            id=line.id,
            scope=each.scope,
            category=each.category,
            amount=str(line.amount),
            unit=line.unit,
            basis=None if line.basis is None else line.basis.value,
            via=line.via,
            via_number=None if number is None else str(number),
            via_direction=None if conversion is None else "times" if conversion.times is not None else "per",
            share=str(each.share),
            location=self._reckoning(each.location),
            market=None if each.market is None else self._reckoning(each.market),
            technology=each.rated.technology,
            geography=each.rated.geography,
            time=each.rated.time,
            primary=str(each.rated.primary),
        )

    def _reckoning(self, side: Side) -> Reckoning:
        row = side.row
        return Reckoning(
            factor=row.reference,
            how="released" if "/" not in row.reference else side.each.how,
            unit=row.unit.text,
            amount=str(side.amount),
            per_unit=tuple(
                GasAmount(
                    gas=gas.gas,
                    mass=None if gas.mass is None else str(gas.mass),
                    potential=None if gas.potential is None else str(gas.potential),
                    co2e=str(gas.co2e),
                    account=gas.account,
                )
                for gas in side.each.gases
            ),
            boundary=row.boundary,
            region=row.region,
            year=row.year,
            certainty=row.certainty,
            gwp=row.gwp,
            counted=self.counting.state(side.counted),
            accounts=tuple(self._named(account.value, amount) for account, amount in side.by_account.items()),
        )


def _quantity(quantity: Quantity | None) -> str | None:
    return None if quantity is None else f"{quantity.amount} {quantity.unit}"
