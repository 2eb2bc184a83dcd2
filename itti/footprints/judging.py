"""What must hold between the fields of a footprint. Our own are refused, those of others are taken with a warning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Final

from itti.footprints.product import CarbonFootprint, Declared, ProductFootprint
from scoring.answers import decimal_text

YEARS: Final = 3
"""How long a footprint may be used, from the end of its data on."""

EXCLUDING: Final = (
    "fossil_ghg_emissions",
    "land_use_change_ghg_emissions",
    "land_management_biogenic_co2_emissions",
    "land_management_biogenic_co2_removals",
    "technological_co2_removals",
    "ccs_technological_co2_capture",
    "biogenic_non_co2_emissions",
)
"""What adds up to the footprint without uptake; fossil emissions of tended land are inside the fossil ones."""

_UPTAKE: Final = ("pcf_excluding_biogenic_uptake", "biogenic_co2_uptake")
_PLACES: Final = ("geography_region_or_subregion", "geography_country", "geography_country_subdivision")
_STORED: Final = ("ccs_technological_co2_capture", "technological_co2_removals", "technological_co2_capture_origin")
_RATINGS: Final = ("technological", "geographical", "temporal")


@dataclass(frozen=True)
class Finding:
    """Something that does not hold. Its sentence is in the catalogue under ``field.<key>``."""

    pointer: str
    key: str
    details: dict[str, str] = field(default_factory=dict)


def findings(one: Declared, *, rounded: bool = False) -> Sequence[Finding]:
    """All that does not hold in a footprint.

    Args:
        one: the footprint.
        rounded: whether sums may be off by what rounding each number explains: those of others.
    """
    pcf = one.pcf
    return [
        *_sums(pcf, rounded=rounded),
        *_periods(one),
        *_alone(pcf),
        *_ranges(pcf),
        *_lists(one),
        *_lineage(one),
    ]


def valid_from(one: Declared) -> datetime:
    """From when on it may be used."""
    return one.validity_period_start or one.pcf.reference_period_end


def valid_until(one: Declared) -> datetime:
    """Until when it may be used."""
    return one.validity_period_end or years_after(one.pcf.reference_period_end, YEARS)


def years_after(moment: datetime, years: int) -> datetime:
    """The same day and time so many years later; 29 February becomes 28 February where there is none."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, day=28)


def pointer(model: CarbonFootprint | Declared, name: str) -> str:
    """Where a field stands, as it travels."""
    alias = type(model).model_fields[name].alias or name
    return f"/pcf/{alias}" if isinstance(model, CarbonFootprint) else f"/{alias}"


def _sums(pcf: CarbonFootprint, *, rounded: bool) -> Iterator[Finding]:
    for whole, parts, key in (
        ("pcf_excluding_biogenic_uptake", EXCLUDING, "sum-excluding"),
        ("pcf_including_biogenic_uptake", _UPTAKE, "sum-including"),
    ):
        stated, counted = pcf.number(whole), sum((pcf.number(part) for part in parts), Fraction(0))
        slack = sum((_half_a_unit(getattr(pcf, name)) for name in (whole, *parts)), Fraction(0)) if rounded else 0
        if abs(stated - counted) > slack:
            told = {"stated": decimal_text(stated), "counted": decimal_text(counted)}
            yield Finding(pointer(pcf, whole), key, told)


def _half_a_unit(text: str | None) -> Fraction:
    """What rounding may have changed a number by: half of its last place."""
    return Fraction(0) if text is None else Fraction(1, 2 * 10 ** len(text.partition(".")[2]))


def _periods(one: Declared) -> Iterator[Finding]:
    pcf, start, end = one.pcf, one.validity_period_start, one.validity_period_end
    if pcf.reference_period_end <= pcf.reference_period_start:
        yield Finding(pointer(pcf, "reference_period_end"), "ends-before-it-begins")
    if (start is None) != (end is None):
        missing = "validity_period_start" if start is None else "validity_period_end"
        yield Finding(pointer(one, missing), "both-or-neither")
    if start is not None and start < pcf.reference_period_end:
        yield Finding(pointer(one, "validity_period_start"), "valid-too-early")
    if end is not None and end <= valid_from(one):
        yield Finding(pointer(one, "validity_period_end"), "ends-before-it-begins")
    if end is not None and end > years_after(pcf.reference_period_end, YEARS):
        yield Finding(pointer(one, "validity_period_end"), "valid-too-long", {"years": str(YEARS)})


def _alone(pcf: CarbonFootprint) -> Iterator[Finding]:
    """Fields that must not stand beside others, or need them."""
    for name in [name for name in _PLACES if getattr(pcf, name) is not None][1:]:
        yield Finding(pointer(pcf, name), "one-place")
    if pcf.packaging_emissions_included is False and pcf.packaging_ghg_emissions is not None:
        yield Finding(pointer(pcf, "packaging_ghg_emissions"), "not-included")
    if pcf.ccs_technological_co2_capture_included is False:
        for name in _STORED:
            if getattr(pcf, name) is not None:
                yield Finding(pointer(pcf, name), "not-included")
    if pcf.ccu_credit_certification is not None and pcf.ccu_calculation_approach != "Credit":
        yield Finding(pointer(pcf, "ccu_credit_certification"), "no-credit")
    for number, rule in enumerate(pcf.product_or_sector_specific_rules or ()):
        if rule.operator == "Other" and rule.other_operator_name is None:
            yield Finding(f"/pcf/productOrSectorSpecificRules/{number}/otherOperatorName", "operator-missing")


def _ranges(pcf: CarbonFootprint) -> Iterator[Finding]:
    for name in ("exempted_emissions_percent", "primary_data_share"):
        if not 0 <= pcf.number(name) <= 100:
            yield Finding(pointer(pcf, name), "no-percentage")
    for name in _RATINGS if pcf.dqi is not None else ():
        if not 1 <= Fraction(getattr(pcf.dqi, name)) <= 5:
            yield Finding(f"/pcf/dqi/{name}DQR", "no-rating")


def _lists(one: Declared) -> Iterator[Finding]:
    """The same thing twice."""
    named = {name: getattr(one, name) for name in ("company_ids", "product_ids", "product_classifications")}
    listed = {pointer(one, name): values for name, values in named.items()}
    for name in ("ipcc_characterization_factors", "cross_sectoral_standards"):
        listed[pointer(one.pcf, name)] = getattr(one.pcf, name)
    for place, values in listed.items():
        if values is not None and len({value.casefold() for value in values}) < len(values):
            yield Finding(place, "twice")


def _lineage(one: Declared) -> Iterator[Finding]:
    if isinstance(one, ProductFootprint) and one.id in (one.preceding_pf_ids or ()):
        yield Finding(pointer(one, "preceding_pf_ids"), "precedes-itself")
