"""From a counted footprint (:mod:`scoring.footprint`) to one that travels.

Numbers are those that the footprint states after its one rounding. Its parts are rounded together, so that what is
sent adds up exactly: each is the whole step below or above its exact value, and the totals are the stated ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from typing import Final

from pydantic import ValidationError

from itti.errors import FieldMistake
from itti.footprints.errors import ROOM, FootprintInvalid
from itti.footprints.judging import EXCLUDING
from itti.footprints.product import CarbonFootprint, DataQuality, FactorSource, Measure
from itti.footprints.schemas import ProductInput
from questionnaires.factors.kinds import Account, Purpose
from questionnaires.units import OtherDimension, UnitMistaken, factor, unit
from questionnaires.words import finite_decimal
from scoring.answers import decimal_text
from scoring.footprint import Footprint, Inventory

_ACCOUNTS: Final[Mapping[Account, str]] = {
    Account.FOSSIL: "fossil_ghg_emissions",
    Account.LAND_USE_CHANGE: "land_use_change_ghg_emissions",
    Account.LAND_MANAGEMENT: "land_management_biogenic_co2_emissions",
    Account.LAND_REMOVALS: "land_management_biogenic_co2_removals",
    Account.TECHNICAL_REMOVALS: "technological_co2_removals",
    Account.CAPTURE: "ccs_technological_co2_capture",
    Account.BIOGENIC_OTHER: "biogenic_non_co2_emissions",
}
"""Account of a footprint → its field."""

_STAGES: Final = {"packaging": "packaging_ghg_emissions", "outbound-logistics": "outbound_logistics_ghg_emissions"}

_MEASURES: Final = (
    ("kg", Measure.KILOGRAM),
    ("l", Measure.LITER),
    ("m3", Measure.CUBIC_METER),
    ("kWh", Measure.KILOWATT_HOUR),
    ("MJ", Measure.MEGAJOULE),
    ("t*km", Measure.TON_KILOMETER),
    ("m2", Measure.SQUARE_METER),
    ("piece", Measure.PIECE),
    ("h", Measure.HOUR),
)
_WITHOUT_MASS: Final = frozenset(
    {Measure.KILOWATT_HOUR, Measure.MEGAJOULE, Measure.TON_KILOMETER, Measure.HOUR, Measure.MEGABIT_SECOND}
)


def carbon_footprint(found: Footprint, inventory: Inventory, product: ProductInput) -> CarbonFootprint:
    """The numbers of a product's footprint, as they travel.

    Raises:
        FootprintInvalid: the inventory is none of a product, or what is said of the product lacks something.
    """
    if inventory.purpose is not Purpose.PRODUCT or inventory.declared_unit is None:
        raise refused("/inventory/purpose", "no-product")
    measure, amount = _declared(inventory.declared_unit.unit, inventory.declared_unit.amount)
    fields: dict[str, object] = {
        "declared_unit_of_measurement": measure,
        "declared_unit_amount": decimal_text(amount),
        "product_mass_per_declared_unit": _mass(measure, amount, product),
        "reference_period_start": datetime.combine(inventory.period.start, time(), UTC),
        "reference_period_end": datetime.combine(inventory.period.end + timedelta(days=1), time(), UTC),
        "boundary_processes_description": product.boundary_processes,
        "fossil_carbon_content": decimal_text(product.fossil_carbon),
        "ipcc_characterization_factors": sorted(_reports(found)),
        "cross_sectoral_standards": list(product.standards),
        "exempted_emissions_percent": decimal_text(product.exempted_percent),
        "exempted_emissions_description": product.exempted_reason or None,
        "allocation_rules_description": product.allocation_rules or None,
        "secondary_emission_factor_sources": list(_sources(found)) or None,
        **_place(inventory.region),
        **_numbers(found),
        **_quality(found),
    }
    if inventory.biogenic_carbon:
        fields["biogenic_carbon_content"] = _text(inventory.biogenic_carbon, "/inventory/biogenic_carbon")
    names = CarbonFootprint.model_fields
    sent = {names[name].alias or name: value for name, value in fields.items() if value is not None}
    try:
        return CarbonFootprint.model_validate(sent)
    except ValidationError as error:
        raise refused("/inventory", "out-of-range") from error


def _numbers(found: Footprint) -> dict[str, object]:
    """Totals, parts and stages in kilograms of CO2e."""
    step, kilograms = Fraction(1, 10 ** int(found.rounding.rpartition("/")[2])), _in_kilograms(found)
    exact = {each.name: Fraction(each.stated.exact) for each in found.accounts}
    parts = {name: exact.get(account.value, Fraction(0)) for account, name in _ACCOUNTS.items()}
    without, with_uptake = Fraction(found.total.value), Fraction(found.including_uptake.value)
    rounded = apportioned(parts, without, step)
    uptake = with_uptake - without
    numbers = {
        "pcf_excluding_biogenic_uptake": without,
        "pcf_including_biogenic_uptake": with_uptake,
        **{name: value for name, value in rounded.items() if parts[name] or name == "fossil_ghg_emissions"},
        **({"biogenic_co2_uptake": uptake} if exact.get("uptake") else {}),
    }
    stages = {each.name: Fraction(each.stated.value) for each in found.stages}
    numbers |= {name: stages[stage] for stage, name in _STAGES.items() if stage in stages}
    told: dict[str, object] = {name: decimal_text(value * kilograms) for name, value in numbers.items()}
    told["packaging_emissions_included"] = "packaging" in stages
    captured = "ccs_technological_co2_capture" in numbers or "technological_co2_removals" in numbers
    told["ccs_technological_co2_capture_included"] = captured
    return told


def apportioned(parts: Mapping[str, Fraction], total: Fraction, step: Fraction) -> Mapping[str, Fraction]:
    """Parts rounded to whole steps so that they add up to ``total`` exactly (the method of largest remainders).

    Args:
        parts: exact values.
        total: their sum, rounded to whole steps in any way.
        step: what everything is a multiple of.
    """
    below = {name: value // step for name, value in parts.items()}
    missing = int(total / step) - sum(below.values())
    up = sorted(parts, key=lambda name: (below[name] * step - parts[name], name))
    raised = set([name for name in up if below[name] * step != parts[name]][:missing])
    return {name: (whole + (name in raised)) * step for name, whole in below.items()}


def _in_kilograms(found: Footprint) -> Fraction:
    return factor(unit(found.unit), unit("kgCO2e"))


def _declared(name: str, amount: Fraction) -> tuple[Measure, Fraction]:
    """The declared unit in a measure that travels: the same one, or one in which the amount is a finite decimal."""
    ordered = sorted(_MEASURES, key=lambda pair: unit(pair[0]).text != unit(name).text)
    for symbol, measure in ordered:
        try:
            converted = amount * factor(unit(name), unit(symbol))
            return measure, finite_decimal(converted)
        except (OtherDimension, UnitMistaken, ValueError):
            continue
    raise refused("/inventory/declared_unit/unit", "unit-does-not-travel", unit=name)


def _mass(measure: Measure, amount: Fraction, product: ProductInput) -> str:
    if measure is Measure.KILOGRAM:
        return decimal_text(amount)
    if product.mass is not None:
        return decimal_text(product.mass)
    if measure in _WITHOUT_MASS:
        return "0"
    raise refused("/product/mass", "mass-missing", unit=measure.value)


def _place(region: str) -> dict[str, object]:
    country, _, part = region.partition("-")
    if region == "world":
        return {}
    if part and len(part) <= 3 and "-" not in part:
        return {"geography_country_subdivision": region.upper()}
    return {"geography_country": country}


def _reports(found: Footprint) -> set[str]:
    """The report chosen, and those behind totals that were taken as they are."""
    lines = [line.used(found.scope_2) for line in found.lines]
    taken = {line.gwp for line in lines if line.gwp and line.how in {"published", "total"}}
    return {name.upper() for name in {found.gwp, *taken} if name != "unknown"}


def _sources(found: Footprint) -> Iterator[FactorSource]:
    for source in found.sources:
        publisher, _, edition = source.name.partition("@")
        if publisher != "ipcc":
            yield FactorSource(name=publisher, version=edition)


def _quality(found: Footprint) -> dict[str, object]:
    quality = found.quality
    if quality is None:
        return {}
    rated = {"technologicalDQR": quality.technology, "geographicalDQR": quality.geography}
    dqi = DataQuality.model_validate(rated | {"temporalDQR": quality.time})
    return {"dqi": dqi, "primary_data_share": quality.primary_share}


def _text(value: Fraction, place: str) -> str:
    try:
        return decimal_text(finite_decimal(value))
    except ValueError as error:
        raise refused(place, "no-decimal") from error


def refused(place: str, key: str, **details: object) -> FootprintInvalid:
    """The fault with one mistake, at its place in the request."""
    fault = FootprintInvalid()
    fault.mistakes = (FieldMistake(place, key, details, ROOM),)
    return fault


assert set(_ACCOUNTS.values()) == set(EXCLUDING)  # noqa: S101 - every part of the sum has its account
