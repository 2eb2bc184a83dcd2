"""The footprint: every number with where it comes from, as frozen data like a scorecard.

Numbers appear as on a scorecard: ``exact`` is the rational as ``"n"`` or ``"n/d"``, ``value`` the decimal string after
the one declared rounding. The JSON form is canonical (RFC 8785): the same inventory gives the same bytes everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import rfc8785

from questionnaires.factors.kinds import Account, Boundary, Certainty
from scoring.scorecard import Record

FOOTPRINT_FORMAT: Final = "itti-footprint/1"


class Stated(Record):
    """A number of the footprint's unit."""

    value: str
    exact: str


class Named(Record):
    """A sum under a name: an account, a scope, a gas, a stage."""

    name: str
    stated: Stated


class Source(Record):
    """A factor set or set of potentials that numbers rest on."""

    name: str
    digest: str


class GasAmount(Record):
    """One gas of one line, for one unit of the factor."""

    gas: str
    """``co2e``: a total without gas parts; ``rounding``: by what a published total differs from its own parts."""

    mass: str | None
    """Kilograms of the gas, exact; None where only a weighted number is known."""

    potential: str | None
    co2e: str
    """Kilograms of CO2e, exact."""

    account: Account


class Reckoning(Record):
    """One amount counted by one factor."""

    factor: str
    """``publisher@edition/id``, ``own/id``, or the id of a released gas."""

    how: Literal["published", "recalculated", "masses", "total", "released"]
    """``published``: the publisher's total, made with the same potentials; ``recalculated``: from its gas parts with
    other potentials; ``masses``: from masses of gases; ``total``: a total without parts; ``released``: the gas."""

    unit: str
    amount: str
    """The line's amount in the factor's unit, exact."""

    per_unit: tuple[GasAmount, ...]
    boundary: Boundary
    region: str
    year: int
    certainty: Certainty
    gwp: str | None
    """Potentials behind a published number."""

    counted: Stated
    """What it adds to the total without uptake, allocation and declared unit included."""

    accounts: tuple[Named, ...]
    """The same by account, with what is told apart."""


class LineScore(Record):
    """One line of the inventory."""

    id: str
    scope: int
    category: int | None
    amount: str
    unit: str
    basis: str | None
    via: str | None
    """The conversion on the way, with ``via_number`` and its direction."""

    via_number: str | None
    via_direction: Literal["times", "per"] | None
    share: str
    """Share of the line that the product takes, exact; "1" where nothing is allocated."""

    location: Reckoning
    market: Reckoning | None
    """Scope 2 only: by contract."""

    technology: int
    geography: int
    time: int
    primary: str

    def used(self, scope_2: str) -> Reckoning:
        """The side that goes into the total."""
        return self.market if scope_2 == "market" and self.market is not None else self.location


class AllocatedOutput(Record):
    """What one output of a shared process takes."""

    id: str
    product: bool
    share: str
    """Exact; all shares add up to 1."""

    burden: str
    """Its part of the shared burden, exact, before the declared unit; all parts add up to it."""


class AllocationScore(Record):
    """How a shared burden was divided."""

    method: str
    burden: str
    """Kilograms of CO2e of all allocated lines together, exact."""

    outputs: tuple[AllocatedOutput, ...]


class QualityScore(Record):
    """Data quality of a product's footprint after PACT: means weighted by emissions, 1 best to 5."""

    technology: str
    geography: str
    time: str
    overall: str
    quality: Literal["excellent", "very-good", "good", "fair", "poor"]
    primary_share: str
    """Percentage of the footprint that rests on primary data."""


class Warned(Record):
    """Something that whoever reads the footprint should know."""

    code: str
    """Its sentence is in the catalogue under ``warning.<code>``."""

    line: str | None
    details: Mapping[str, str] = {}


class Footprint(Record):
    """The result of counting one inventory."""

    format: Literal["itti-footprint/1"] = FOOTPRINT_FORMAT
    name: str
    inventory: str
    """SHA-256 of the inventory's canonical form."""

    purpose: str
    unit: str
    rounding: str
    """``<mode>/<places>``, the one rounding applied to every stated value."""

    gwp: str
    methane: str
    choices: Mapping[str, str]
    scope_2: str
    declared_unit: str | None
    output: str | None
    scale: str
    """Declared unit as a share of the output, exact; "1" of an organisation."""

    sources: tuple[Source, ...]
    total: Stated
    """Without uptake; for one declared unit of a product, for the whole period of an organisation."""

    including_uptake: Stated
    accounts: tuple[Named, ...]
    apart: tuple[Named, ...]
    """In no sum: biogenic carbon dioxide, gases outside the Kyoto basket."""

    scopes: tuple[Named, ...]
    """``scope-1``, ``scope-2-location``, ``scope-2-market``, ``scope-3`` and each ``scope-3-<category>``."""

    gases: tuple[Named, ...]
    stages: tuple[Named, ...]
    """Of the total: packaging, outbound logistics, aircraft."""

    allocation: AllocationScore | None
    quality: QualityScore | None
    lines: tuple[LineScore, ...]
    warnings: tuple[Warned, ...]

    def line(self, identifier: str) -> LineScore:
        """The line with that id (KeyError if the inventory has none such)."""
        return {line.id: line for line in self.lines}[identifier]

    def figures(self) -> dict[str, str]:
        """Every headline figure and line under the name that an inventory's ``expected`` knows it by."""
        scopes = {each.name: each.stated.value for each in self.scopes}
        lines = {line.id: line.used(self.scope_2).counted.value for line in self.lines}
        return lines | scopes | {"total": self.total.value, "including-uptake": self.including_uptake.value}

    def to_json(self) -> bytes:
        """Canonical JSON (RFC 8785): the same bytes for the same footprint on every machine."""
        return rfc8785.dumps(self.model_dump(mode="json"))

    @classmethod
    def from_json(cls, data: bytes) -> Footprint:
        """Read what :meth:`to_json` wrote.

        Raises:
            pydantic.ValidationError: it is not a footprint of this format.
        """
        return cls.model_validate_json(data)
