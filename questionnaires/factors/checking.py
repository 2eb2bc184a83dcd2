"""What must hold between the words of a factor set; each mistake has its place and its remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from questionnaires.factors.gases import GASES
from questionnaires.factors.model import Conversion, Factor, FactorSet, FactorTexts, PotentialSet, Table
from questionnaires.mistakes import Mistake
from questionnaires.places import Document, Path
from questionnaires.units import UnitMistaken, unit

ROOM = "questionnaires.factors"


def check_factors(factors: FactorSet, document: Document) -> list[Mistake]:
    """Every mistake of a set beside its texts."""
    return list(_Checking(document).factors(factors))


def check_potentials(potentials: PotentialSet, document: Document) -> list[Mistake]:
    """Every mistake of a set of warming potentials beside its texts."""
    return list(_Checking(document).potentials(potentials))


def check_texts(
    found: FactorSet | PotentialSet, texts: FactorTexts, language: str, document: Document
) -> list[Mistake]:
    """Texts that are missing, and texts that belong to nothing."""
    return list(_Checking(document).texts(found, texts, language))


class _Checking:
    def __init__(self, document: Document) -> None:
        self.document = document

    def say(self, code: str, path: Path, **details: object) -> Mistake:
        return replace(self.document.mistake(code, path, **details), room=ROOM)

    def factors(self, found: FactorSet) -> Iterator[Mistake]:
        yield from self._once("sources", [each.id for each in found.sources])
        yield from self._once("tables", [each.id for each in found.tables])
        yield from self._once("factors", [each.id for each in found.factors])
        yield from self._once("conversions", [each.id for each in found.conversions])
        sources = {each.id for each in found.sources}
        for number, table in enumerate(found.tables):
            yield from self._table(found, table, ("tables", number), sources)
        tables = {table.id: table for table in found.tables}
        for number, each in enumerate(found.factors):
            if (owner := tables.get(each.table)) is None:
                path: Path = ("factors", number, "table")
                yield self.say("unknown-table", path, found=each.table, known=", ".join(tables))
            else:
                yield from self._factor(owner, each, ("factors", number))
        yield from self._twice(found, tables)
        for number, conversion in enumerate(found.conversions):
            yield from self._conversion(conversion, ("conversions", number), sources)

    def _once(self, part: str, names: list[str]) -> Iterator[Mistake]:
        counts = Counter(names)
        for number, name in enumerate(names):
            if counts[name] > 1 and names.index(name) != number:
                yield self.say("id-twice", (part, number, "id"), id=name)

    def _unit(self, text: str, path: Path, *like: str) -> Iterator[Mistake]:
        """The unit exists, and measures what one of ``like`` does where any is given."""
        try:
            found = unit(text)
            if like and all(found.dimension != unit(each).dimension for each in like):
                yield self.say("counted-in", path, found=text, like=", ".join(like))
        except UnitMistaken as mistaken:
            yield self.document.mistake(mistaken.code, path, **mistaken.details)

    def _sources(self, named: Iterable[str], known: set[str], path: Path) -> Iterator[Mistake]:
        for number, source in enumerate(named):
            if source not in known:
                yield self.say("unknown-source", (*path, "sources", number), found=source, known=", ".join(known))

    def _table(self, found: FactorSet, table: Table, path: Path, sources: set[str]) -> Iterator[Mistake]:
        yield from self._sources(table.sources, sources, path)
        if bool(table.categories) is not (table.scope == 3):
            yield self.say("categories", path)
        yield from self._unit(table.value_in, (*path, "value_in"), "kgCO2e")
        for gas, counted_in in table.parts_in.items():
            if gas not in GASES:
                yield self.say("unknown-gas", (*path, "parts_in", gas), found=gas, known=", ".join(GASES))
            yield from self._unit(counted_in, (*path, "parts_in", gas), "kg", "kgCO2e")
        weighted = any(each.endswith("CO2e") for each in table.parts_in.values())
        totals = any(each.table == table.id and each.value is not None for each in found.factors)
        if (found.gwp is None and (weighted or totals)) or (found.gwp == "unknown" and weighted):
            yield self.say("gwp-missing", path)
        if table.co2_only and set(table.parts_in) - {"co2", "co2-biogenic"}:
            yield self.say("not-co2-only", (*path, "co2_only"))

    def _factor(self, table: Table, each: Factor, path: Path) -> Iterator[Mistake]:
        units = list(self._unit(each.unit, (*path, "unit")))
        yield from units
        if each.value is None and not each.parts:
            yield self.say("no-value", path)
        for gas in each.parts:
            if gas not in table.parts_in:
                known = ", ".join(table.parts_in)
                yield self.say("part-not-in-table", (*path, "parts", gas), found=gas, table=table.id, known=known)
        if each.value is not None and table.co2_only:
            yield self.say("total-of-co2", (*path, "value"))
        burnt = table.boundary in {"combustion", "well-to-tank"} and table.carrier is None
        energy = not units and unit(each.unit).dimension == unit("kWh").dimension
        if burnt and energy is not (each.basis is not None or table.basis is not None) and not units:
            yield self.say("basis" if energy else "basis-without-energy", path)
        yield from self._sum(table, each, path)

    def _sum(self, table: Table, each: Factor, path: Path) -> Iterator[Mistake]:
        """Weighted parts add up to the total, within what rounding allows."""
        weights = [table.parts_in.get(gas) for gas in each.parts]
        if each.value is None or not weights or any(counted != table.value_in for counted in weights):
            return
        total = sum(each.parts.values(), Fraction(0))
        if abs(total - each.value) > table.tolerance:
            yield self.say("parts-sum", (*path, "parts"), sum=total, value=each.value, tolerance=table.tolerance)

    def _twice(self, found: FactorSet, tables: dict[str, Table]) -> Iterator[Mistake]:
        """No two factors that nobody could tell apart."""
        seen: dict[tuple[object, ...], str] = {}
        for number, each in enumerate(found.factors):
            if each.table not in tables:
                continue
            table = tables[each.table]
            place = (each.region or table.region, each.year or table.year, each.basis or table.basis)
            key = (each.table, each.activity, each.unit, each.forcing, *place)
            if key in seen:
                yield self.say("factor-twice", ("factors", number), other=seen[key])
            seen.setdefault(key, each.id)

    def _conversion(self, each: Conversion, path: Path, sources: set[str]) -> Iterator[Mistake]:
        yield from self._sources(each.sources, sources, path)
        yield from self._unit(each.from_unit, (*path, "from"))
        yield from self._unit(each.to_unit, (*path, "to"))
        if (each.times is None) is (each.per is None):
            yield self.say("times-or-per", path)

    def potentials(self, found: PotentialSet) -> Iterator[Mistake]:
        yield from self._once("sources", [each.id for each in found.sources])
        names = [each.gas for each in found.potentials]
        for number, each in enumerate(found.potentials):
            path: Path = ("potentials", number)
            if each.gas not in GASES:
                yield self.say("unknown-gas", (*path, "gas"), found=each.gas, known=", ".join(GASES))
            if names.index(each.gas) != number:
                yield self.say("id-twice", (*path, "gas"), id=each.gas)
            if (each.value is None) is (not each.choices):
                yield self.say("value-or-choices", path)
            known = {source.id for source in found.sources}
            for place, choice in enumerate(each.choices):
                if choice.source not in known:
                    where: Path = (*path, "choices", place, "source")
                    yield self.say("unknown-source", where, found=choice.source, known=", ".join(known))
        for gas in ("co2", "ch4", "n2o"):
            if gas not in names:
                yield self.say("potential-missing", ("potentials",), gas=gas)

    def texts(self, found: FactorSet | PotentialSet, texts: FactorTexts, language: str) -> Iterator[Mistake]:
        if texts.language != language:
            yield self.say("other-language", ("language",), found=texts.language, expected=language)
        wanted: dict[str, set[str]] = {"sources": {each.id for each in found.sources}}
        if isinstance(found, FactorSet):
            wanted["tables"] = {each.id for each in found.tables}
            wanted["activities"] = {each.activity for each in found.factors} | {
                each.activity for each in found.conversions
            }
            wanted["regions"] = {each.region for each in found.tables} | {
                each.region for each in found.factors if each.region
            }
        for part in ("sources", "tables", "activities", "regions"):
            there, needed = set(getattr(texts, part)), wanted.get(part, set())
            for name in sorted(needed - there):
                yield self.say("text-missing", (part,), part=part, id=name)
            for name in sorted(there - needed):
                yield self.say("text-of-nothing", (part, name), part=part, id=name)
