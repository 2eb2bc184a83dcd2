"""The footprint of a product as it travels: the fields of PACT 3.0, in words of our own.

Names and limits of the fields are those of the PACT Technical Specification 3.0.3; ``docs/footprint-exchange.md`` says
what is known of them and how well. Decimals are texts: no binary float is read or written.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError, PydanticKnownError

from itti.http.fields import Prose, RequiredProse

SPECIFICATION: Final = "3.0.3"
"""The edition that footprints made here state."""

_DIGITS: Final = r"[0-9]{1,18}(\.[0-9]{1,18})?"
_YEARS: Final = range(1900, 2201)


def _in_universal_time(moment: datetime) -> datetime:
    if moment.year not in _YEARS:
        raise PydanticCustomError("not-a-date", "not a time that footprints know")
    return moment.astimezone(UTC)


def _encodable(value: dict[str, Any]) -> dict[str, Any]:
    """The value itself, where it can be written as JSON again."""
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (UnicodeError, RecursionError, ValueError) as error:
        raise PydanticKnownError("string_unicode") from error
    return value


Moment = Annotated[AwareDatetime, AfterValidator(_in_universal_time)]
_ABOVE_ZERO: Final = r"^\+?(0{0,17}[1-9][0-9]{0,17}(\.[0-9]{1,18})?|0{1,18}\.[0-9]{0,17}[1-9][0-9]{0,17})$"
Plain = Annotated[RequiredProse, Field(max_length=2000)]
Decimal = Annotated[str, StringConstraints(pattern=rf"^[+-]?{_DIGITS}$")]
NotNegative = Annotated[str, StringConstraints(pattern=rf"^\+?{_DIGITS}$")]
NotPositive = Annotated[str, StringConstraints(pattern=rf"^(-{_DIGITS}|\+?0{{1,18}}(\.0{{1,18}})?)$")]
Positive = Annotated[str, StringConstraints(pattern=_ABOVE_ZERO)]
Urn = Annotated[str, StringConstraints(pattern=r"^[uU][rR][nN]:[A-Za-z0-9][A-Za-z0-9-]{0,31}:[!-~]+$", max_length=500)]
Urns = Annotated[list[Urn], Field(min_length=1, max_length=100)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Subdivision = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")]


class Standing(StrEnum):
    """Whether a footprint is the one to use."""

    ACTIVE = "Active"
    DEPRECATED = "Deprecated"


class Measure(StrEnum):
    """What a declared unit is counted in."""

    LITER = "liter"
    KILOGRAM = "kilogram"
    CUBIC_METER = "cubic meter"
    KILOWATT_HOUR = "kilowatt hour"
    MEGAJOULE = "megajoule"
    TON_KILOMETER = "ton kilometer"
    SQUARE_METER = "square meter"
    PIECE = "piece"
    HOUR = "hour"
    MEGABIT_SECOND = "megabit second"


Area = Literal[
    "Africa",
    "Americas",
    "Asia",
    "Europe",
    "Oceania",
    "Australia and New Zealand",
    "Central Asia",
    "Eastern Asia",
    "Eastern Europe",
    "Latin America and the Caribbean",
    "Melanesia",
    "Micronesia",
    "Northern Africa",
    "Northern America",
    "Northern Europe",
    "Polynesia",
    "South-eastern Asia",
    "Southern Asia",
    "Southern Europe",
    "Sub-Saharan Africa",
    "Western Asia",
    "Western Europe",
]
"""Regions and subregions of the United Nations (M49)."""


class Travelling(BaseModel):
    """Base of everything that travels: names in camel case, unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)

    def wire(self) -> dict[str, Any]:
        """As it is sent: a field without a value is not there."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class SectorRule(Travelling):
    """A product or sector rule that was followed."""

    operator: Literal["PEF", "EPD International", "Other"] = Field(
        description="Who published the rules.", examples=["Other"]
    )
    rule_names: Annotated[list[Plain], Field(min_length=1, max_length=50)] = Field(
        description="What the rules are called.", examples=[["Rules for ceramic tiles"]]
    )
    other_operator_name: Plain | None = Field(
        None, description="Who it is, where the operator is `Other`.", examples=["A trade association"]
    )


class FactorSource(Travelling):
    """A database of emission factors that was used."""

    name: Plain = Field(description="What it is called.", examples=["desnz"])
    version: Plain = Field(description="Its edition.", examples=["2025-v1"])


class DataQuality(Travelling):
    """Data quality, 1 (best) to 5, weighted by emissions."""

    technological: Decimal = Field(alias="technologicalDQR", description="Of the technology.", examples=["1.76"])
    geographical: Decimal = Field(alias="geographicalDQR", description="Of the place.", examples=["2.00"])
    temporal: Decimal = Field(alias="temporalDQR", description="Of the time.", examples=["1.00"])


class Verification(Travelling):
    """Who has checked the footprint."""

    coverage: Literal["PCF calculation model", "PCF program", "product level"] | None = Field(
        None, description="What was checked.", examples=["product level"]
    )
    provider_name: Plain | None = Field(None, description="Who checked.", examples=["Gulf Verifiers"])
    completed_at: Moment | None = Field(None, description="When.", examples=["2026-03-01T00:00:00Z"])
    standard_name: Plain | None = Field(None, description="Against which standard.", examples=["ISO 14067"])
    comments: Plain | None = Field(None, description="What else a reader should know.", examples=["Limited assurance."])


class Extension(Travelling):
    """Further data after a published schema."""

    spec_version: Plain = Field(description="Edition of the rules for extensions.", examples=["2.0.0"])
    data_schema: Plain = Field(description="Address of the schema.", examples=["https://example.com/schema.json"])
    documentation: Plain | None = Field(
        None, description="Address of its documentation.", examples=["https://example.com/schema.html"]
    )
    data: Annotated[dict[str, Any], AfterValidator(_encodable)] = Field(
        description="The data.", examples=[{"scrapShare": "0.4"}]
    )


_KG: Final = "kg CO2e for the declared unit"
_CARBON: Final = "kg of carbon in the declared unit"


class CarbonFootprint(Travelling):
    """What one declared unit of a product stands for."""

    declared_unit_of_measurement: Measure = Field(description="What the product is counted in.", examples=["kilogram"])
    declared_unit_amount: Positive = Field(description="How much of it the footprint is of.", examples=["1000"])
    product_mass_per_declared_unit: NotNegative = Field(
        description="Mass of that without packaging, kg; 0 where mass means nothing.", examples=["1000"]
    )
    reference_period_start: Moment = Field(
        description="Begin of the time that the data are of.", examples=["2025-01-01T00:00:00Z"]
    )
    reference_period_end: Moment = Field(
        description="End of it, no longer part of it.", examples=["2026-01-01T00:00:00Z"]
    )
    geography_region_or_subregion: Area | None = Field(
        None, description="Region of the United Nations; of the three places one at most.", examples=["Western Asia"]
    )
    geography_country: Country | None = Field(None, description="Country (ISO 3166-1).", examples=["AE"])
    geography_country_subdivision: Subdivision | None = Field(
        None, description="Part of a country (ISO 3166-2).", examples=["AE-DU"]
    )
    boundary_processes_description: Plain | None = Field(
        None, description="What happens within the boundary.", examples=["Pressing, glazing and firing."]
    )
    pcf_excluding_biogenic_uptake: Decimal = Field(
        description=f"The footprint without uptake, {_KG}.", examples=["431"]
    )
    pcf_including_biogenic_uptake: Decimal = Field(description=f"The footprint with uptake, {_KG}.", examples=["431"])
    fossil_carbon_content: NotNegative = Field(description=f"Fossil carbon, {_CARBON}.", examples=["0"])
    biogenic_carbon_content: NotNegative | None = Field(
        None, description=f"Carbon from plants, {_CARBON}.", examples=["0"]
    )
    recycled_carbon_content: NotNegative | None = Field(
        None, description=f"Recycled carbon, {_CARBON}.", examples=["0"]
    )
    fossil_ghg_emissions: NotNegative = Field(description=f"From fossil sources, {_KG}.", examples=["431"])
    land_use_change_ghg_emissions: NotNegative | None = Field(
        None, description=f"From changed use of land, {_KG}.", examples=["0"]
    )
    land_carbon_leakage: NotNegative | None = Field(
        None, description=f"From land changed elsewhere because of it, {_KG}.", examples=["0"]
    )
    land_management_fossil_ghg_emissions: NotNegative | None = Field(
        None, description=f"The part of the fossil ones that comes from tending land, {_KG}.", examples=["0"]
    )
    land_management_biogenic_co2_emissions: NotNegative | None = Field(
        None,
        alias="landManagementBiogenicCO2Emissions",
        description=f"Biogenic CO2 from tending land, {_KG}.",
        examples=["0"],
    )
    land_management_biogenic_co2_removals: NotPositive | None = Field(
        None,
        alias="landManagementBiogenicCO2Removals",
        description=f"Taken up by tended land for long, {_KG}, never above 0.",
        examples=["0"],
    )
    biogenic_co2_uptake: NotPositive | None = Field(
        None,
        alias="biogenicCO2Uptake",
        description=f"Taken up by what the product is made of, {_KG}, never above 0.",
        examples=["0"],
    )
    biogenic_non_co2_emissions: NotNegative | None = Field(
        None,
        alias="biogenicNonCO2Emissions",
        description=f"Biogenic methane and nitrous oxide, {_KG}.",
        examples=["0"],
    )
    land_area_occupation: NotNegative | None = Field(
        None, description="Farmland occupied, square metres times years.", examples=["0"]
    )
    aircraft_ghg_emissions: NotNegative | None = Field(
        None, description=f"The part that aircraft give off, without warming at height, {_KG}.", examples=["0"]
    )
    packaging_emissions_included: bool | None = Field(None, description="Whether packaging is part of the footprint.")
    packaging_ghg_emissions: NotNegative | None = Field(
        None, description=f"The part that packaging gives off, {_KG}.", examples=["14.64"]
    )
    packaging_biogenic_carbon_content: NotNegative | None = Field(
        None, description="Carbon from plants in the packaging, kg.", examples=["0"]
    )
    outbound_logistics_ghg_emissions: NotNegative | None = Field(
        None, description=f"The part that bringing it to the customer gives off, {_KG}.", examples=["0"]
    )
    ccs_technological_co2_capture_included: bool | None = Field(
        None, alias="ccsTechnologicalCO2CaptureIncluded", description="Whether CO2 is captured and stored for good."
    )
    ccs_technological_co2_capture: NotPositive | None = Field(
        None,
        alias="ccsTechnologicalCO2Capture",
        description=f"Captured and stored, {_KG}, never above 0.",
        examples=["0"],
    )
    technological_co2_capture_origin: Plain | None = Field(
        None,
        alias="technologicalCO2CaptureOrigin",
        description="Where captured CO2 comes from and goes to.",
        examples=["Kiln flue gas"],
    )
    technological_co2_removals: NotPositive | None = Field(
        None,
        alias="technologicalCO2Removals",
        description=f"Removed from the air by machines, {_KG}, never above 0.",
        examples=["0"],
    )
    ccu_carbon_content: NotNegative | None = Field(
        None, description="Captured carbon in the product, kg.", examples=["0"]
    )
    ccu_calculation_approach: Literal["Cut-off", "Credit"] | None = Field(
        None, description="How captured carbon is counted.", examples=["Cut-off"]
    )
    ccu_credit_certification: Plain | None = Field(
        None, description="Address of the certificate for a credit.", examples=["https://example.com/credit"]
    )
    ipcc_characterization_factors: Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^AR[0-9]{1,2}$")]], Field(min_length=1, max_length=10)
    ] = Field(description="Reports of the IPCC that the potentials are from.", examples=[["AR6"]])
    cross_sectoral_standards: Annotated[list[Plain], Field(min_length=1, max_length=20)] = Field(
        description="Standards followed: `ISO14067`, `PACT-3.0` …; later ones are taken too.",
        examples=[["ISO14067", "PACT-3.0"]],
    )
    product_or_sector_specific_rules: Annotated[list[SectorRule], Field(min_length=1, max_length=50)] | None = Field(
        None, description="Rules of the product or sector that were followed."
    )
    exempted_emissions_percent: Decimal = Field(description="Share left out, percent.", examples=["0"])
    exempted_emissions_description: Annotated[Prose, Field(max_length=2000)] | None = Field(
        None, description="Why it was left out.", examples=["Below the cut-off."]
    )
    allocation_rules_description: Plain | None = Field(
        None, description="How shared burdens were divided.", examples=["By mass."]
    )
    secondary_emission_factor_sources: Annotated[list[FactorSource], Field(min_length=1, max_length=100)] | None = (
        Field(None, description="Databases of factors that were used.")
    )
    primary_data_share: Decimal | None = Field(
        None, description="Share of the footprint that rests on own measurements, percent.", examples=["63.68"]
    )
    dqi: DataQuality | None = Field(None, description="Data quality.")
    verification: Verification | None = Field(None, description="Who has checked it; absent: nobody.")

    def number(self, name: str) -> Fraction:
        """The exact number of a field; of one without a value 0, as sums count it."""
        return Fraction(getattr(self, name) or 0)


class Declared(Travelling):
    """A product's footprint as its owner declares it."""

    model_config = ConfigDict(title="DeclaredFootprint")

    company_name: Plain = Field(description="Whose footprint it is.", examples=["Gulf Tiles"])
    company_ids: Urns = Field(
        description="Ids of that company, as URNs.", examples=[["urn:epc:id:sgln:4063973.00000.8"]]
    )
    product_name_company: Plain = Field(description="What the company calls the product.", examples=["Glazed tiles"])
    product_description: Annotated[Prose, Field(max_length=2000)] = Field(
        description="What the product is.", examples=["Wall tiles, 20 cm"]
    )
    product_ids: Urns = Field(description="Ids of the product, as URNs.", examples=[["urn:gtin:4712345060507"]])
    product_classifications: Urns | None = Field(
        None,
        description="Classes of the product, as URNs.",
        examples=[["urn:pact:productclassification:un-cpc:3731"]],
    )
    validity_period_start: Moment | None = Field(
        None, description="From when on it may be used.", examples=["2026-01-01T00:00:00Z"]
    )
    validity_period_end: Moment | None = Field(
        None,
        description="Until when; without both: three years from the end of its data.",
        examples=["2029-01-01T00:00:00Z"],
    )
    comment: Plain | None = Field(None, description="What a reader should know.", examples=["First footprint."])
    pcf: CarbonFootprint = Field(description="The numbers.")
    extensions: Annotated[list[Extension], Field(max_length=20)] | None = Field(
        None, description="Further data after published schemas."
    )


class ProductFootprint(Declared):
    """A product's footprint as it is given out. It never changes, but for its status."""

    model_config = ConfigDict(title="ProductFootprint")

    id: UUID = Field(
        description="Its name; a changed footprint has another.", examples=["5d0c7d6c-3d42-4a52-8a3e-2a3a7a0b6f21"]
    )
    spec_version: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(-[0-9]{8})?$")] = (
        Field(description="Edition of the specification.", examples=[SPECIFICATION])
    )
    created: Moment = Field(description="When it was made.", examples=["2026-11-22T08:00:00Z"])
    status: Standing = Field(description="`Active`: the one to use; `Deprecated`: another took its place, or none.")
    preceding_pf_ids: Annotated[list[UUID], Field(min_length=1, max_length=1000)] | None = Field(
        None,
        description="What it took the place of, the last first.",
        examples=[["0b9f6d0e-53a4-4f0e-9f2c-0d6f5f0f7a11"]],
    )
