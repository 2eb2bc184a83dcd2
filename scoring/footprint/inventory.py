"""An inventory as a file: what was used, moved and released, and which factor counts each of it.

::

    name: Mullite brick
    purpose: product
    region: CN
    period: {start: 2025-01-01, end: 2025-12-31}
    gwp: ar6
    rounding: {places: 3, mode: half_up}
    declared_unit: {amount: 1, unit: t}
    output: {amount: 1200, unit: t}
    lines:
      - {id: power, amount: 2709000, unit: kWh, factor: mee-footprint@2024/national}
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from questionnaires.factors.kinds import (
    Account,
    Basis,
    Boundary,
    Carrier,
    Certainty,
    Methane,
    Purpose,
    Reference,
    Region,
    Warming,
    Year,
)
from questionnaires.loading import fit
from questionnaires.mistakes import Mistaken
from questionnaires.places import Document
from questionnaires.words import Day, Decimal, Exact, Identifier, Rounding, Sentence, Unit, Word

INVENTORY_FORMAT: Final = "itti-inventory/1"

Figure = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", max_length=60)]
Rating = Annotated[int, Field(ge=1, le=5, strict=True)]
"""Data quality from 1 (best) to 5."""


class Quantity(Word):
    """So many of a unit."""

    amount: Annotated[Exact, Field(gt=0)]
    unit: Unit


class Period(Word):
    """First and last day of what the inventory covers."""

    start: Day
    end: Day


class OtherWarming(StrEnum):
    """What to do with totals that were made with other potentials and have no gas parts to recalculate them from."""

    REFUSE = "refuse"
    WARN = "warn"


class Warmth(Word):
    """The warming potentials that every gas counts with."""

    set: Annotated[str, Field(pattern=r"^ar[4-9]$")]
    methane: Methane | None = None
    """None: as the set says."""

    choices: Mapping[Identifier, Exact] = {}
    """Gas → the value that holds, where sources disagree."""

    other: OtherWarming = OtherWarming.REFUSE


class Scope2(StrEnum):
    """Which side of scope 2 goes into the total; both are always stated."""

    LOCATION = "location"
    """By the average of the grid that the factory stands on."""

    MARKET = "market"
    """By the contracts it has bought."""


class Stage(StrEnum):
    """Parts of a product's footprint that are also told apart."""

    PACKAGING = "packaging"
    OUTBOUND = "outbound-logistics"


class DataQuality(Word):
    """Where the data of a line come from, for the ratings of a product's footprint."""

    primary: Annotated[Decimal, Field(ge=0, le=1)] = Fraction(0)
    """Share of the line that rests on the company's own measurements or on its supplier's."""

    technology: Rating | None = None
    """1 the very plant, 2 the company's technology (both primary data only), 3 equivalent, 4 proxy; None: unknown."""

    geography: Rating | None = None
    """None: follows from the regions of factor and site."""

    time: Rating | None = None
    """None: follows from the year of the factor and the end of the period."""


class OwnFactor(Word):
    """A factor that the inventory brings itself, such as a supplier's footprint, with its source."""

    id: Identifier
    title: Sentence
    source: Sentence
    """Which document says so; the evidence is kept with it."""

    unit: Unit
    value: Decimal | None = None
    """Total for one unit, counted in ``value_in``."""

    value_in: Unit = "kgCO2e"
    parts: Mapping[Identifier, Decimal] = {}
    """Gas → kilograms for one unit."""

    gwp: Warming | None = None
    """The potentials behind ``value``; parts need none, nor does a value of 0."""

    boundary: Boundary
    scope: Literal[1, 2, 3]
    categories: tuple[Annotated[int, Field(ge=1, le=15, strict=True)], ...] = ()
    region: Region
    year: Year
    basis: Basis | None = None
    carrier: Carrier | None = None
    account: Account = Account.FOSSIL
    certainty: Certainty = Certainty.REPORTED
    uptake: Literal["excluded", "included"] = "excluded"
    """Whether carbon dioxide taken up by plants is already subtracted in ``value``; such a total cannot be used."""


class Line(Word):
    """One activity."""

    id: Identifier
    title: Sentence = ""
    amount: Annotated[Decimal, Field(ge=0)]
    unit: Unit
    basis: Basis | None = None
    """Of an amount of energy: gross or net calorific value."""

    factor: Reference | None = None
    """What counts it; by location for electricity."""

    market: Reference | None = None
    """Scope 2: what counts it by contract."""

    gas: Identifier | None = None
    """Instead of a factor: this gas itself was released."""

    via: Reference | None = None
    """A published conversion on the way from the line's unit to the factor's, such as a heat content."""

    scope: Literal[1, 3] | None = None
    """Of a released gas alone: factors bring theirs. None: 1."""

    category: Annotated[int, Field(ge=1, le=15, strict=True)] | None = None
    """Scope 3: which category, where the factor leaves several open."""

    region: Region | None = None
    """Where it happens; None: where the inventory says."""

    stage: Stage | None = None
    allocated: bool = True
    """False: it belongs to the product alone, so co-products take no part of it."""

    data: DataQuality = DataQuality()
    note: Sentence = ""


class AllocationMethod(StrEnum):
    """By what a shared burden is divided."""

    MASS = "mass"
    ENERGY = "energy"
    ECONOMIC = "economic"


class Output(Word):
    """One thing that comes out of a shared process: its measure, or its share."""

    id: Identifier
    product: bool = False
    """True for the one the footprint is of."""

    amount: Annotated[Exact, Field(gt=0)] | None = None
    unit: Unit | None = None
    share: Annotated[Exact, Field(gt=0, le=1)] | None = None
    """Instead of a measure; all shares add up to 1."""


class Allocation(Word):
    """How the burden of the allocated lines is divided among outputs."""

    method: AllocationMethod
    reason: Sentence = ""
    """Why the process could not be divided into parts of its own."""

    outputs: Annotated[tuple[Output, ...], Field(min_length=1, max_length=100)]


def _bare_set(value: object) -> object:
    """A bare name stands for that set with all its usual choices."""
    return {"set": value} if isinstance(value, str) else value


class Inventory(Word):
    """Everything that one footprint is calculated from."""

    format: Literal["itti-inventory/1"] = INVENTORY_FORMAT
    name: Sentence
    purpose: Purpose
    region: Region
    period: Period
    gwp: Annotated[Warmth, BeforeValidator(_bare_set)]
    scope_2: Scope2 = Scope2.LOCATION
    rounding: Rounding
    unit: Unit = "kgCO2e"
    """What results are stated in."""

    declared_unit: Quantity | None = None
    """Of a product: what the footprint is stated for."""

    output: Quantity | None = None
    """Of a product: how much of it the lines stand for."""

    biogenic_carbon: Annotated[Exact, Field(ge=0)] = Fraction(0)
    """Kilograms of carbon from plants in one declared unit: what stays in the product was taken up from the air."""

    allocation: Allocation | None = None
    factors: Annotated[tuple[OwnFactor, ...], Field(max_length=1000)] = ()
    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=5000)]
    expected: Mapping[Annotated[str, Field(max_length=64)], Figure] = {}
    """Figure → what it must come out as, in examples: ``total``, ``including-uptake``, ``scope-1``,
    ``scope-2-location``, ``scope-2-market``, ``scope-3``, or the id of a line."""

    def with_potentials(self, name: str) -> Inventory:
        """The same inventory with another set of potentials; choices and methane as that set says."""
        changed: dict[str, Any] = {"gwp": Warmth(set=name, other=self.gwp.other)}
        return self.model_copy(update=changed)


def read_inventory(document: Document) -> Inventory:
    """The inventory a document holds.

    Raises:
        Mistaken: every place of the document that is not as it must be.
    """
    inventory = fit(Inventory, document)
    if inventory is None or document.mistakes:
        raise Mistaken(document.mistakes)
    return inventory
