"""Emission factors as data: sets of one publisher and edition, frozen once published.

A set is a folder ``<publisher>/<edition>/`` with ``factors.yaml`` and one text file a language. A factor is found by
its set and id (``desnz@2025-v1/natural-gas-kwh-gross``); what makes it another factor than its neighbour is written
down: unit, boundary, calorific basis, region, year, and the warming potentials its total was made with.

Numbers are exact and stand as they were published. A blank cell of a publisher is no factor, never a zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from questionnaires.factors.kinds import (
    Account,
    Basis,
    Boundary,
    Carrier,
    Certainty,
    Edition,
    Methane,
    Purpose,
    Region,
    Warming,
    Year,
)
from questionnaires.words import Day, Exact, Identifier, LanguageCode, Sentence, Unit, Word


class FactorSource(Word):
    """A document that numbers rest on; its words are in the texts."""

    id: Identifier
    certainty: Certainty


class Table(Word):
    """Factors that share scope, boundary and form; every factor inherits what it does not say itself."""

    id: Identifier
    boundary: Boundary
    scope: Literal[1, 2, 3]
    categories: tuple[Annotated[int, Field(ge=1, le=15, strict=True)], ...] = ()
    """Scope 3: the categories it can belong to; with several, the inventory says which."""

    region: Region
    year: Year
    """Year of the data, or of the edition where the publisher says no more."""

    basis: Basis | None = None
    value_in: Unit = "kgCO2e"
    """What totals count in."""

    parts_in: Mapping[Identifier, Unit] = {}
    """Gas → what its numbers count in: a mass, or kgCO2e where the publisher has weighted them already."""

    tolerance: Annotated[Exact, Field(ge=0)] = Fraction(0)
    """By how much published parts may miss the published total, as both are rounded."""

    co2_only: bool = False
    """True: other gases were not counted, so it is no CO2e factor."""

    carrier: Carrier | None = None
    """Bought energy: electricity counts side by side by location and by market."""

    account: Account = Account.FOSSIL
    """Where totals without gas parts belong."""

    purposes: tuple[Purpose, ...] = (Purpose.PRODUCT, Purpose.ORGANISATION)
    """What its factors may be used for."""

    certainty: Certainty | None = None
    sources: Annotated[tuple[Identifier, ...], Field(min_length=1)]


class Factor(Word):
    """What one unit of an activity gives off."""

    id: Identifier
    table: Identifier
    activity: Identifier
    unit: Unit
    """One of it gives off ``value``."""

    value: Exact | None = None
    """The published total; None: only the parts are published."""

    parts: Mapping[Identifier, Exact] = {}
    """Gas → its part, counted as the table says."""

    basis: Basis | None = None
    region: Region | None = None
    year: Year | None = None
    certainty: Certainty | None = None
    forcing: bool | None = None
    """Aircraft: with or without the further warming of contrails and gases at height."""

    code: Annotated[str, StringConstraints(max_length=40, strict=True)] = ""
    """The publisher's own number of the row."""


class Conversion(Word):
    """A published number that leads from one unit to another which it does not equal by definition: a heat content."""

    id: Identifier
    activity: Identifier
    from_unit: Unit = Field(alias="from")
    to_unit: Unit = Field(alias="to")
    times: Annotated[Exact, Field(gt=0)] | None = None
    """So many of ``to`` are one of ``from``; or say ``per``."""

    per: Annotated[Exact, Field(gt=0)] | None = None
    """So many of ``from`` are one of ``to``."""

    basis: Basis | None = None
    certainty: Certainty | None = None
    sources: tuple[Identifier, ...] = ()


class FactorSet(Word):
    """All factors of one edition, without texts."""

    publisher: Identifier
    edition: Edition
    languages: Annotated[tuple[LanguageCode, ...], Field(min_length=1)]
    published_on: Day | None = None
    """None: the day is not known."""

    valid_from: Day | None = None
    """From this day on the edition stands: its publication, unless the publisher says otherwise; None: not known."""

    gwp: Warming | None = None
    """The warming potentials behind totals and weighted parts; None: all numbers are masses of gases."""

    certainty: Certainty
    """Of every factor whose table and row say nothing else."""

    sources: Annotated[tuple[FactorSource, ...], Field(min_length=1)]
    tables: tuple[Table, ...] = ()
    factors: tuple[Factor, ...] = ()
    conversions: tuple[Conversion, ...] = ()

    @property
    def name(self) -> str:
        """``publisher@edition``."""
        return f"{self.publisher}@{self.edition}"


class TableText(Word):
    """The words for one table."""

    title: Sentence
    about: Sentence = ""
    """What to know before using it."""


class FactorTexts(Word):
    """Everything a set says to people in one language."""

    language: LanguageCode
    title: Sentence
    licence: Sentence
    """Under which terms the numbers may be used, with the line of attribution where one is asked for."""

    about: Sentence = ""
    sources: Mapping[Identifier, Sentence]
    tables: Mapping[Identifier, TableText] = {}
    activities: Mapping[Identifier, Sentence] = {}
    regions: Mapping[Region, Sentence] = {}


class Alternative(Word):
    """One of several values that sources give for the same potential; whoever calculates says which."""

    value: Annotated[Exact, Field(gt=0)]
    certainty: Certainty
    source: Identifier


class Potential(Word):
    """By how much one kilogram of a gas warms, in kilograms of carbon dioxide over a hundred years."""

    gas: Identifier
    value: Annotated[Exact, Field(gt=0)] | None = None
    choices: tuple[Alternative, ...] = ()
    """Sources disagree: there is no value until one of these is chosen."""

    certainty: Certainty | None = None


class PotentialSet(Word):
    """Global warming potentials over 100 years of one assessment report."""

    publisher: Identifier
    edition: Annotated[str, Field(pattern=r"^ar[4-9]$")]
    languages: Annotated[tuple[LanguageCode, ...], Field(min_length=1)]
    methane: Methane
    """How methane counts unless an inventory says otherwise."""

    certainty: Certainty
    sources: Annotated[tuple[FactorSource, ...], Field(min_length=1)]
    potentials: Annotated[tuple[Potential, ...], Field(min_length=1)]

    @property
    def name(self) -> str:
        """``publisher@edition``."""
        return f"{self.publisher}@{self.edition}"
