"""What whoever reads a footprint should know: numbers that are right and yet may not mean what is meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from questionnaires.factors import Row
from questionnaires.factors.gases import APART
from questionnaires.factors.kinds import Boundary, Carrier, Certainty, Purpose
from scoring.footprint.inventory import Inventory, Line
from scoring.footprint.record import Warned
from scoring.footprint.rows import Shelves
from scoring.footprint.weights import Weights

_LATER_STEPS: Final = (Boundary.COMBUSTION, Boundary.GENERATION)
"""Boundaries that leave out what came before."""


def warnings(inventory: Inventory, shelves: Shelves, weights: Weights) -> Iterator[Warned]:
    """All warnings: line by line, then of the whole."""
    whole = _Warning(inventory, shelves, weights)
    for line, row in whole.rows:
        yield from whole.of_line(line, row)
    yield from whole.of_all()


@dataclass(frozen=True)
class _Warning:
    inventory: Inventory
    shelves: Shelves
    weights: Weights

    @property
    def rows(self) -> list[tuple[Line, Row]]:
        """Every line with each factor that counts it."""
        found: list[tuple[Line, Row]] = []
        for line in self.inventory.lines:
            named = [self.shelves.row_of(line), None if line.market is None else self.shelves.row(line.market)]
            found += [(line, row) for row in named if row is not None]
        return found

    def of_line(self, line: Line, row: Row) -> Iterator[Warned]:
        def warn(code: str, **details: object) -> Warned:
            told = {name: str(value) for name, value in details.items()}
            return Warned(code=code, line=line.id, details={"line": line.id, "factor": row.reference, **told})

        if row.certainty is Certainty.INFERRED or (row.certainty is Certainty.REPORTED and row.table):
            yield warn(f"factor-{row.certainty.value}")
        if line.via is not None:
            yield from self._via(line)
        if row.total and not row.parts and row.gwp not in {None, self.weights.edition}:
            code = "gwp-unknown" if row.gwp == "unknown" else "gwp-other"
            yield warn(code, found=row.gwp, chosen=self.weights.edition)
        if row.co2_only:
            yield warn("co2-only")
        site = line.region or self.inventory.region
        if not _contains(row.region, site) and line.data.geography is None:
            yield warn("region-differs", found=row.region, site=site)
        start, end = self.inventory.period.start.year, self.inventory.period.end.year
        if not start <= row.year <= end and line.data.time is None:
            yield warn("year-differs", found=row.year, start=start, end=end)
        if row.scope == 2 and row.carrier is Carrier.ELECTRICITY and line.market is None:
            yield warn("market-from-location")
        if any(part.gas in APART for part in row.parts):
            yield warn("gases-apart")

    def _via(self, line: Line) -> Iterator[Warned]:
        name, _, identifier = (line.via or "").partition("/")
        book = self.shelves.library.books[name]
        certainty = book.conversions[identifier].certainty or book.factors.certainty
        if certainty is not Certainty.CERTAIN:
            details = {"line": line.id, "factor": line.via or ""}
            yield Warned(code=f"conversion-{certainty.value}", line=line.id, details=details)

    def of_all(self) -> Iterator[Warned]:
        rows = [row for _, row in self.rows]
        yield from self._upstream(rows)
        forcing = {row.forcing for row in rows if row.forcing is not None}
        if len(forcing) > 1:
            yield Warned(code="forcing-mixed", line=None)
        editions: dict[str, set[str]] = {}
        for row in rows:
            publisher, at, edition = row.set_name.partition("@")
            if at:
                editions.setdefault(publisher, set()).add(edition)
        for publisher, found in sorted(editions.items()):
            if len(found) > 1:
                told = {"publisher": publisher, "editions": ", ".join(sorted(found))}
                yield Warned(code="editions-mixed", line=None, details=told)
        power = {row.boundary for row in rows if row.carrier is Carrier.ELECTRICITY and row.scope == 2}
        if {Boundary.GENERATION, Boundary.LIFE_CYCLE} <= power:
            yield Warned(code="boundaries-mixed", line=None)

    def _upstream(self, rows: list[Row]) -> Iterator[Warned]:
        """A product's footprint that leaves out what came before a fuel, or counts it twice."""
        before = {row.activity for row in rows if row.boundary is Boundary.WELL_TO_TANK}
        whole = {row.activity for row in rows if row.boundary is Boundary.LIFE_CYCLE}
        for activity in sorted(before & whole):
            yield Warned(code="upstream-twice", line=None, details={"activity": activity})
        if self.inventory.purpose is not Purpose.PRODUCT:
            return
        for line in self.inventory.lines:
            row = self.shelves.row_of(line)
            if row is not None and row.boundary in _LATER_STEPS and row.activity not in before:
                details = {"line": line.id, "factor": row.reference}
                yield Warned(code="upstream-missing", line=line.id, details=details)


def _contains(region: str, site: str) -> bool:
    return region in {"world", site} or site.startswith(region + "-")
