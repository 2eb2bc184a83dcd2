"""A footprint in words, so that everybody can follow every number with pen and paper."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from itti.commands.footprints.words import number, words
from itti.commands.words import language
from questionnaires import wording
from questionnaires.factors import Library
from questionnaires.factors.book import WEIGHTED
from questionnaires.units import factor, unit
from scoring.footprint.counting import COUNTED
from scoring.footprint.inventory import Inventory
from scoring.footprint.record import Footprint, LineScore, Reckoning, Warned


class Telling:
    """One footprint, told with the titles of its inventory and of the factor sets it rests on."""

    def __init__(self, inventory: Inventory, footprint: Footprint, library: Library) -> None:
        self.inventory, self.footprint, self.library = inventory, footprint, library

    def summary(self) -> Iterator[str]:
        """The sums, the data quality, the sources and every warning."""
        found = self.footprint
        methane = words(f"methane.{found.methane}")
        yield words("told.head", name=found.name, gwp=found.gwp.upper(), methane=methane)
        per = found.declared_unit or words("told.whole-period")
        yield words("told.total", value=found.total.value, unit=found.unit, per=per)
        if found.including_uptake != found.total:
            yield words("told.including-uptake", value=found.including_uptake.value, unit=found.unit)
        for each in found.scopes:
            name, _, category = each.name.removeprefix("scope-").partition("-")
            key = f"told.{each.name}" if not category.isdecimal() else "told.category"
            yield words(key, category=category, scope=name, value=each.stated.value, unit=found.unit)
        for account in found.accounts:
            if account.stated.exact != "0":
                yield words(
                    "told.account", title=words(f"account.{account.name}"), **self._stated(account.stated.value)
                )
        for apart in found.apart:
            if apart.stated.exact != "0":
                yield words("told.apart", title=words(f"account.{apart.name}"), **self._stated(apart.stated.value))
        for stage in found.stages:
            yield words("told.stage", title=words(f"stage.{stage.name}"), **self._stated(stage.stated.value))
        if found.quality is not None:
            quality = found.quality.model_dump() | {"quality": words(f"quality.{found.quality.quality}")}
            yield words("told.quality", **quality)
        yield words("told.sources", sources=", ".join(source.name for source in found.sources))
        for warning in found.warnings:
            yield words("told.warning", sentence=self._sentence(warning))

    def explained(self) -> Iterator[str]:
        """The summary, then the calculation of every line."""
        yield from self.summary()
        if self.footprint.allocation is not None:
            yield ""
            allocation = self.footprint.allocation
            method = words(f"allocation.{allocation.method}")
            yield words("told.allocation", method=method, burden=number(allocation.burden))
            for output in allocation.outputs:
                key = "told.output-product" if output.product else "told.output"
                yield words(key, id=output.id, share=output.share, burden=number(output.burden))
        titles = {line.id: line.title for line in self.inventory.lines}
        for line in self.footprint.lines:
            yield ""
            yield from self._line(line, titles[line.id])
        mode, places = self.footprint.rounding.split("/")
        yield ""
        yield wording.say("reports", f"paper.rounding.{mode}", language(), places=places)

    def _stated(self, value: str) -> dict[str, object]:
        return {"value": value, "unit": self.footprint.unit}

    def _line(self, line: LineScore, title: str) -> Iterator[str]:
        scope = f"{line.scope}.{line.category}" if line.category else str(line.scope)
        yield words("line.head", title=title or line.id, id=line.id, scope=scope)
        yield from self._amount(line)
        yield from self._reckoned(line, line.location)
        if line.market is not None:
            yield words("line.market")
            yield from self._reckoned(line, line.market)
        if self.footprint.quality is not None:
            ratings = {"technology": line.technology, "geography": line.geography, "time": line.time}
            yield words("line.quality", **ratings, primary=number(Fraction(line.primary) * 100))

    def _amount(self, line: LineScore) -> Iterator[str]:
        given = words(f"basis.{line.basis}", unit=line.unit) if line.basis else line.unit
        told = {"amount": number(line.amount), "unit": given, "found": number(line.location.amount)}
        told["wanted"] = line.location.unit
        if line.via is not None:
            sign = "×" if line.via_direction == "times" else "÷"
            yield words("line.via", **told, sign=sign, number=number(line.via_number or "1"), via=line.via)
        elif line.unit != line.location.unit:
            yield words("line.converted", **told)
        else:
            yield words("line.amount", **told)

    def _reckoned(self, line: LineScore, side: Reckoning) -> Iterator[str]:
        each = sum((Fraction(gas.co2e) for gas in side.per_unit if gas.account in COUNTED), Fraction(0))
        title = words("line.titled", title=self._title(side.factor), factor=side.factor)
        key = "how.total-unknown" if side.how == "total" and side.gwp in {None, "unknown"} else f"how.{side.how}"
        how = words(key, gwp=(side.gwp or "–").upper(), chosen=self.footprint.gwp.upper())
        yield words("line.factor", number=number(each), unit=side.unit, title=title, how=how)
        for gas in side.per_unit:
            yield self._gas(gas.gas, gas.mass, gas.potential, gas.co2e, words(f"account.{gas.account.value}"))
        yield words(
            "line.result",
            amount=number(side.amount),
            number=number(each),
            share="" if line.share == "1" else f" × {line.share}",
            scale="" if self.footprint.scale == "1" else f" × {self.footprint.scale}",
            exact=number(Fraction(side.counted.exact) * factor(unit(self.footprint.unit), WEIGHTED)),
            **self._stated(side.counted.value),
        )

    def _gas(self, gas: str, mass: str | None, potential: str | None, co2e: str, account: str) -> str:
        name = words(f"gas.{gas}") if gas in {"co2e", "rounding"} else gas
        told = {"gas": name, "co2e": number(co2e), "account": account}
        if mass is None or potential is None:
            return words("line.gas-weighted", **told)
        return words("line.gas", mass=number(mass), potential=number(potential), **told)

    def _title(self, reference: str) -> str:
        name, _, identifier = reference.partition("/")
        if name == "own":
            return next(own.title for own in self.inventory.factors if own.id == identifier)
        book, row = self.library.books.get(name), self.library.row(reference)
        return reference if book is None or row is None else book.title(row, language())

    def _sentence(self, warning: Warned) -> str:
        return wording.say("scoring.footprint", f"warning.{warning.code}", language(), **dict(warning.details))
