"""What must hold between the words of an inventory, and between it and the factors it names; all mistakes at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Final

from questionnaires.factors import Library, Row
from questionnaires.factors.gases import GASES
from questionnaires.factors.kinds import Account, Boundary, Carrier, Purpose
from questionnaires.mistakes import Mistake
from questionnaires.places import Document, Path
from questionnaires.units import Unit, UnitMistaken, unit
from scoring.footprint.allocation import MEASURES, fits
from scoring.footprint.inventory import Allocation, Inventory, Line, OtherWarming, OwnFactor
from scoring.footprint.reckoning import Unweighable, per_unit
from scoring.footprint.rows import Shelves
from scoring.footprint.weights import Weights

ROOM: Final = "scoring.footprint"

MOST_LOOKED_UP: Final = 20
"""Most unknown references for which likely ones are looked up: a hostile file of thousands stays quick."""

_NEVER_ABOVE_ZERO = {Account.LAND_REMOVALS, Account.TECHNICAL_REMOVALS, Account.CAPTURE, Account.UPTAKE}
_EITHER_SIGN = {Account.LAND_MANAGEMENT}


def check_inventory(inventory: Inventory, library: Library, document: Document) -> list[Mistake]:
    """Every mistake of an inventory, in the order of the file's parts."""
    return list(_Checking(inventory, library, document).mistakes())


@dataclass(frozen=True)
class _Checking:
    inventory: Inventory
    library: Library
    document: Document
    asked: list[str] = field(default_factory=list)
    """References that nothing answers to, so far."""

    @cached_property
    def shelves(self) -> Shelves:
        return Shelves(self.inventory, self.library)

    @cached_property
    def weights(self) -> Weights | None:
        return Weights.chosen(self.inventory.gwp, self.library)

    def say(self, code: str, path: Path, **details: object) -> Mistake:
        return replace(self.document.mistake(code, path, **details), room=ROOM)

    def mistakes(self) -> Iterator[Mistake]:
        yield from self._frame()
        yield from self._once(("factors",), [each.id for each in self.inventory.factors])
        yield from self._once(("lines",), [each.id for each in self.inventory.lines])
        if self.inventory.allocation is not None:
            yield from self._allocation(self.inventory.allocation)
        for number, own in enumerate(self.inventory.factors):
            yield from self._own(own, ("factors", number))
        for number, line in enumerate(self.inventory.lines):
            yield from self._line(line, ("lines", number))
        yield from self._electricity()

    def _once(self, part: Path, names: list[str]) -> Iterator[Mistake]:
        seen: set[str] = set()
        for number, name in enumerate(names):
            if name in seen:
                yield self.say("id-twice", (*part, number, "id"), id=name)
            seen.add(name)

    def _unit(self, text: str, path: Path, *like: str) -> Iterator[Mistake]:
        """The unit exists, and measures what ``like`` does where it is given."""
        try:
            found = unit(text)
            if like and all(found.dimension != unit(each).dimension for each in like):
                yield self.say("unit-kind", path, found=text, like=", ".join(like))
        except UnitMistaken as mistaken:
            yield self.document.mistake(mistaken.code, path, **mistaken.details)

    def _frame(self) -> Iterator[Mistake]:
        inventory = self.inventory
        if inventory.period.end < inventory.period.start:
            yield self.say("period", ("period", "end"))
        yield from self._unit(inventory.unit, ("unit",), "kgCO2e")
        if self.weights is None:
            known = ", ".join(self.library.potentials)
            yield self.say("unknown-potentials", ("gwp",), found=inventory.gwp.set, known=known)
        else:
            yield from self._choices(self.weights)
        for name in ("declared_unit", "output"):
            quantity = getattr(inventory, name)
            if (quantity is not None) is not (inventory.purpose is Purpose.PRODUCT):
                code = "product-only" if quantity is not None else "product-needs"
                yield self.say(code, (name,), key=name)
        if inventory.declared_unit is not None and inventory.output is not None:
            wrong = list(self._unit(inventory.declared_unit.unit, ("declared_unit", "unit")))
            yield from wrong or self._unit(inventory.output.unit, ("output", "unit"), inventory.declared_unit.unit)
        for name in ("allocation", "biogenic_carbon"):
            if inventory.purpose is not Purpose.PRODUCT and getattr(inventory, name):
                yield self.say("product-only", (name,), key=name)

    def _choices(self, weights: Weights) -> Iterator[Mistake]:
        for gas, value in weights.choices.items():
            values = [each.value for each in weights.book.choices(gas)]
            if value not in values:
                told = ", ".join(map(str, values)) or "–"
                yield self.say("no-such-choice", ("gwp", "choices", gas), gas=gas, found=value, values=told)

    def _allocation(self, allocation: Allocation) -> Iterator[Mistake]:
        path: Path = ("allocation", "outputs")
        yield from self._once(path, [each.id for each in allocation.outputs])
        if sum(each.product for each in allocation.outputs) != 1:
            yield self.say("one-product", path)
        by_share = allocation.outputs[0].share is not None
        sound = True
        for number, each in enumerate(allocation.outputs):
            whole = (each.amount is not None, each.unit is not None, each.share is not None)
            if whole != ((False, False, True) if by_share else (True, True, False)):
                sound = False
                yield self.say("output-form", (*path, number))
            elif each.unit is not None:
                yield from self._unit(each.unit, (*path, number, "unit"), *self._measures(allocation))
        total = sum((each.share or Fraction(0) for each in allocation.outputs), Fraction(0))
        if sound and by_share and total != 1:
            yield self.say("shares-sum", path, sum=total)

    def _measures(self, allocation: Allocation) -> tuple[str, ...]:
        """What the method measures by; the first output says which of several currencies."""
        measures = MEASURES[allocation.method]
        try:
            first = unit(allocation.outputs[0].unit or "1")
        except UnitMistaken:
            return measures
        return (first.text,) if fits(allocation.method, first) else measures

    def _own(self, own: OwnFactor, path: Path) -> Iterator[Mistake]:
        yield from self._unit(own.unit, (*path, "unit"))
        yield from self._unit(own.value_in, (*path, "value_in"), "kgCO2e")
        if own.value is None and not own.parts:
            yield self.say("no-value", path)
        if own.value and own.gwp is None:
            yield self.say("own-gwp", path)
        if own.value is not None and own.parts:
            yield self.say("value-and-parts", path)
        if own.uptake == "included":
            yield self.say("uptake-included", (*path, "uptake"))
        if bool(own.categories) is not (own.scope == 3):
            yield self.say("categories", path)
        for gas, amount in own.parts.items():
            if gas not in GASES:
                yield self.say("unknown-gas", (*path, "parts", gas), found=gas, known=", ".join(GASES))
            yield from self._sign(own.account, amount, (*path, "parts", gas))
        yield from self._sign(own.account, own.value or Fraction(0), (*path, "value"))

    def _sign(self, account: Account, amount: Fraction, path: Path) -> Iterator[Mistake]:
        if account in _NEVER_ABOVE_ZERO and amount > 0:
            yield self.say("removal-above-zero", path, account=account.value)
        if account not in _NEVER_ABOVE_ZERO | _EITHER_SIGN and amount < 0:
            yield self.say("emission-below-zero", path, account=account.value)

    def _line(self, line: Line, path: Path) -> Iterator[Mistake]:
        if (line.factor is None) is (line.gas is None):
            yield self.say("factor-or-gas", path)
            return
        if line.gas is not None and line.gas not in GASES:
            yield self.say("unknown-gas", (*path, "gas"), found=line.gas, known=", ".join(GASES))
            return
        if line.factor is not None and line.scope is not None:
            yield self.say("scope-of-factor", (*path, "scope"))
        if line.data.technology in {1, 2} and not line.data.primary:
            yield self.say("primary-only", (*path, "data", "technology"))
        try:
            measured = unit(line.unit)
        except UnitMistaken as mistaken:
            yield self.document.mistake(mistaken.code, (*path, "unit"), **mistaken.details)
            return
        row = self.shelves.row_of(line)
        if row is None:
            yield from self._unknown(line.factor or "", (*path, "factor"))
        else:
            yield from self._counted(line, row, measured, path, "factor" if line.factor else "gas")
            yield from self._category(line, row, path)
        if line.market is not None:
            yield from self._market(line, row, measured, path)

    def _unknown(self, reference: str, path: Path) -> Iterator[Mistake]:
        name, _, identifier = reference.partition("/")
        if name == "own" and any(each.id == identifier for each in self.inventory.factors):
            return  # its unit is no unit, which is told there
        if name != "own" and name not in self.library.books:
            yield self.say("unknown-set", path, found=name, known=", ".join(self.library.books))
            return
        self.asked.append(reference)
        near = ", ".join(self.shelves.near(reference) if len(self.asked) <= MOST_LOOKED_UP else ()) or "–"
        yield self.say("unknown-factor", path, found=reference, near=near)

    def _counted(self, line: Line, row: Row, measured: Unit, path: Path, key: str) -> Iterator[Mistake]:
        yield from self._fits(line, row, measured, path)
        if self.inventory.purpose not in row.purposes:
            others = [each for each in self.library.rows() if self._same_for_purpose(each, row)]
            others.sort(key=lambda each: each.region[:2] != row.region[:2])
            known = ", ".join(each.reference for each in others[:5]) or "–"
            yield self.say(
                "purpose-differs", (*path, key), found=row.reference, purpose=self.inventory.purpose.value, known=known
            )
        if self.weights is not None:
            lenient = self.inventory.gwp.other is OtherWarming.WARN
            try:
                per_unit(row, self.weights, self.library, lenient=lenient)
            except Unweighable as unweighable:
                yield self.say(unweighable.code, (*path, key), factor=row.reference, **unweighable.details)

    def _same_for_purpose(self, each: Row, row: Row) -> bool:
        return each.activity == row.activity and each.scope == row.scope and self.inventory.purpose in each.purposes

    def _fits(self, line: Line, row: Row, measured: Unit, path: Path) -> Iterator[Mistake]:
        """Units lead to the factor's, and energies of different calorific bases never meet."""
        wanted, basis, given = row.unit, line.basis, measured
        if line.via is not None:
            conversion = self.library.conversion(line.via)
            if conversion is None:
                known = [f"{book.name}/{name}" for book in self.library.books.values() for name in book.conversions]
                near = [each for each in known if row.activity in each][:8] or known[:8]
                yield self.say("unknown-conversion", (*path, "via"), found=line.via, near=", ".join(near))
                return
            if measured.dimension != unit(conversion.from_unit).dimension:
                yield self.say("unit-kind", (*path, "unit"), found=line.unit, like=conversion.from_unit)
                return
            given, basis = unit(conversion.to_unit), conversion.basis or basis
        if given.dimension != wanted.dimension:
            others = ", ".join(self._alternatives(row, measured)) or "–"
            yield self.say(
                "unit-unfit", (*path, "unit"), found=line.unit, wanted=wanted.text, factor=row.reference, others=others
            )
        elif row.basis is not None and basis is not row.basis:
            code = "basis-missing" if basis is None else "basis-differs"
            others = ", ".join(each for each in self.library.like(row, wanted) if self._other_basis(each, row)) or "–"
            yield self.say(
                code, path, factor=row.reference, wanted=row.basis.value, found=basis and basis.value, others=others
            )

    def _alternatives(self, row: Row, measured: Unit) -> Iterator[str]:
        """Factors of the same activity that measure as the line does, and conversions that lead to the factor."""
        yield from self.library.like(row, measured, most=3)
        for book in self.library.books.values():
            for name, conversion in book.conversions.items():
                leads = unit(conversion.to_unit).dimension == row.unit.dimension
                if (
                    leads
                    and conversion.activity == row.activity
                    and unit(conversion.from_unit).dimension == (measured.dimension)
                ):
                    yield f"via: {book.name}/{name}"

    def _other_basis(self, reference: str, row: Row) -> bool:
        other = self.library.row(reference)
        return other is not None and other.basis is not row.basis

    def _category(self, line: Line, row: Row, path: Path) -> Iterator[Mistake]:
        if row.scope != 3 and line.category is not None:
            yield self.say("category-without-scope-3", (*path, "category"))
        allowed = ", ".join(map(str, row.categories)) or "1–15"
        if row.scope == 3 and line.category is None and len(row.categories) != 1:
            yield self.say("category-missing", path, allowed=allowed)
        if row.scope == 3 and line.category is not None and row.categories and line.category not in row.categories:
            yield self.say("category-other", (*path, "category"), found=line.category, allowed=allowed)

    def _market(self, line: Line, row: Row | None, measured: Unit, path: Path) -> Iterator[Mistake]:
        market = self.shelves.row(line.market or "")
        if market is None:
            yield from self._unknown(line.market or "", (*path, "market"))
            return
        if market.scope != 2 or (row is not None and row.scope != 2):
            yield self.say("market-scope-2", (*path, "market"))
        yield from self._counted(line, market, measured, path, "market")

    def _electricity(self) -> Iterator[Mistake]:
        """Carbon dioxide of the grid and whole-life footprints of electricity never stand in one sum."""
        grid: str | None = None
        whole: tuple[str, int] | None = None
        for number, line in enumerate(self.inventory.lines):
            for reference in (line.factor, line.market):
                row = None if reference is None else self.shelves.row(reference)
                if row is None or row.carrier is not Carrier.ELECTRICITY or row.scope != 2:
                    continue
                if row.boundary is Boundary.LIFE_CYCLE:
                    whole = (row.reference, number)
                elif row.co2_only:
                    grid = row.reference
        if grid is not None and whole is not None:
            yield self.say("electricity-mixed", ("lines", whole[1], "factor"), grid=grid, whole=whole[0])
