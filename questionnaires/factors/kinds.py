"""The smallest words of factor sets: names, places, and the enumerations that tell factors apart."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

Edition = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,31}$", strict=True)]
"""The publisher's edition: a factor belongs to an edition, not to a year (``2024-v1.1``)."""

SetName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,63}@[a-z0-9][a-z0-9.-]{0,31}$", strict=True)]
"""``publisher@edition``."""

Reference = Annotated[
    str, StringConstraints(pattern=r"^([a-z][a-z0-9-]{0,63}@[a-z0-9][a-z0-9.-]{0,31}|own)/[a-z][a-z0-9-]{0,63}$")
]
"""``publisher@edition/id``, or ``own/id`` for a factor that the inventory brings itself."""

Region = Annotated[
    str, StringConstraints(pattern=r"^(world|[A-Z]{2}(-[A-Za-z0-9]{1,12}){0,2})$", max_length=32, strict=True)
]
"""``world``, a country (``AE``), or a part of one (``CN-JS``, ``US-egrid-CAMX``)."""

Warming = Annotated[str, StringConstraints(pattern=r"^(ar[4-9]|unknown)$", strict=True)]
"""The assessment report whose potentials stand behind a number in CO2e, or that nobody says which."""

Year = Annotated[int, Field(ge=1990, le=2100, strict=True)]


class Certainty(StrEnum):
    """How well a number is known to be what its publisher says."""

    CERTAIN = "certain"
    """Read in the publisher's own file, or two independent sources agree."""

    REPORTED = "reported"
    """Read in one secondary copy."""

    INFERRED = "inferred"
    """Recalled, or the project's own arithmetic: verify it before relying on it."""


class Basis(StrEnum):
    """Which heat of a fuel its energy counts."""

    GROSS = "gross"
    """Gross (higher) calorific value: with the heat of the condensing water."""

    NET = "net"
    """Net (lower) calorific value: without it."""


class Boundary(StrEnum):
    """Which part of a life a factor covers; factors of different boundaries are different factors."""

    COMBUSTION = "combustion"
    """What burning the fuel gives off."""

    GENERATION = "generation"
    """What the power or heat station gives off."""

    TRANSMISSION = "transmission"
    """What is lost on the way from the station."""

    WELL_TO_TANK = "well-to-tank"
    """What came before the fuel, or before the station's fuel, was burnt."""

    CRADLE_TO_GATE = "cradle-to-gate"
    """Everything up to the gate of whoever sells it."""

    LIFE_CYCLE = "life-cycle"
    """The whole life, what came before included."""

    TRANSPORT = "transport"
    """What the vehicle gives off."""

    SUPPLY = "supply"
    """Bringing or taking away, such as water."""

    WASTE = "waste"
    """Collection and treatment as the publisher draws them."""

    RELEASE = "release"
    """The gas itself escapes."""


class Carrier(StrEnum):
    """Energy that is bought ready for use."""

    ELECTRICITY = "electricity"
    HEAT = "heat"


class Purpose(StrEnum):
    """What a footprint is of."""

    PRODUCT = "product"
    """A product, per declared unit."""

    ORGANISATION = "organisation"
    """A factory or company over a period, by scopes."""


class Methane(StrEnum):
    """Which potential methane gets whose origin is known."""

    TOGETHER = "together"
    """One for all methane."""

    BY_ORIGIN = "by-origin"
    """Fossil methane also counts the carbon dioxide it turns into, methane of biological origin does not."""


class Account(StrEnum):
    """The line of a footprint that a quantity belongs to, after the product footprint's data model of PACT."""

    FOSSIL = "fossil"
    LAND_USE_CHANGE = "land-use-change"
    LAND_MANAGEMENT = "land-management"
    """Carbon dioxide of biological origin from land management."""

    LAND_REMOVALS = "land-removals"
    TECHNICAL_REMOVALS = "technical-removals"
    CAPTURE = "capture"
    """Captured at the plant and stored for good."""

    BIOGENIC_OTHER = "biogenic-other"
    """Methane and nitrous oxide of biological origin."""

    UPTAKE = "uptake"
    """Carbon dioxide taken up by what the product is made of: only in the sum that includes it."""

    BIOGENIC_CO2 = "biogenic-co2"
    """From burning or rotting biomass: told apart, in no sum."""

    OTHER_GASES = "other-gases"
    """Outside the Kyoto basket: told apart, in no sum."""
