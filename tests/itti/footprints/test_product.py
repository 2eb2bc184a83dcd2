"""What must hold in a footprint, and the way from a counted inventory to one that travels."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from itti.footprints.converting import apportioned, carbon_footprint
from itti.footprints.errors import FootprintInvalid
from itti.footprints.judging import EXCLUDING, findings, valid_until
from itti.footprints.product import Declared, ProductFootprint
from itti.footprints.schemas import ProductInput
from questionnaires.factors import library
from questionnaires.model import Rounding, RoundingMode
from questionnaires.places import read
from scoring.footprint import footprint, read_inventory
from scoring.rounding import stated
from tests.itti.footprints.stage import PRODUCT, declared


def found(pcf: dict[str, Any] | None = None, *, rounded: bool = False, **changes: Any) -> list[tuple[str, str]]:
    one = Declared.model_validate(declared(pcf, **changes))
    return [(each.pointer, each.key) for each in findings(one, rounded=rounded)]


def test_nothing_is_wrong_with_a_good_one() -> None:
    assert not found()


@pytest.mark.parametrize(
    ("pcf", "changes", "place", "key"),
    [
        ({"fossilGhgEmissions": "0.42"}, {}, "/pcf/pcfExcludingBiogenicUptake", "sum-excluding"),
        ({"pcfIncludingBiogenicUptake": "0.4000001"}, {}, "/pcf/pcfIncludingBiogenicUptake", "sum-including"),
        ({"geographyCountrySubdivision": "AE-DU"}, {}, "/pcf/geographyCountrySubdivision", "one-place"),
        ({"referencePeriodStart": "2025-01-01T00:00:00Z"}, {}, "/pcf/referencePeriodEnd", "ends-before-it-begins"),
        ({}, {"validityPeriodStart": "2025-01-01T00:00:00Z"}, "/validityPeriodEnd", "both-or-neither"),
        ({}, {"validityPeriodEnd": "2026-01-01T00:00:00Z"}, "/validityPeriodStart", "both-or-neither"),
        (
            {"packagingEmissionsIncluded": False, "packagingGhgEmissions": "0"},
            {},
            "/pcf/packagingGhgEmissions",
            "not-included",
        ),
        (
            {"ccsTechnologicalCO2CaptureIncluded": False, "ccsTechnologicalCO2Capture": "0"},
            {},
            "/pcf/ccsTechnologicalCO2Capture",
            "not-included",
        ),
        ({"ccuCreditCertification": "https://a.example"}, {}, "/pcf/ccuCreditCertification", "no-credit"),
        ({"exemptedEmissionsPercent": "100.1"}, {}, "/pcf/exemptedEmissionsPercent", "no-percentage"),
        ({"primaryDataShare": "-1"}, {}, "/pcf/primaryDataShare", "no-percentage"),
        (
            {"dqi": {"technologicalDQR": "5", "geographicalDQR": "0.9", "temporalDQR": "1"}},
            {},
            "/pcf/dqi/geographicalDQR",
            "no-rating",
        ),
        ({}, {"productIds": ["urn:a:b", "URN:A:B"]}, "/productIds", "twice"),
        (
            {"productOrSectorSpecificRules": [{"operator": "Other", "ruleNames": ["x"]}]},
            {},
            "/pcf/productOrSectorSpecificRules/0/otherOperatorName",
            "operator-missing",
        ),
    ],
)
def test_what_does_not_hold(pcf: dict[str, Any], changes: dict[str, Any], place: str, key: str) -> None:
    assert found(pcf, **changes) == [(place, key)]


def test_how_long_it_is_valid() -> None:
    day = "-01-01T00:00:00Z"
    late: dict[str, Any] = {"validityPeriodStart": f"2025{day}", "validityPeriodEnd": "2028-01-01T00:00:01Z"}
    assert found(**late) == [("/validityPeriodEnd", "valid-too-long")]
    early: dict[str, Any] = {"validityPeriodStart": "2024-12-31T23:59:59Z", "validityPeriodEnd": f"2028{day}"}
    assert found(**early) == [("/validityPeriodStart", "valid-too-early")]
    backwards: dict[str, Any] = {"validityPeriodStart": f"2026{day}", "validityPeriodEnd": f"2026{day}"}
    assert found(**backwards) == [("/validityPeriodEnd", "ends-before-it-begins")]
    leap = Declared.model_validate(declared({"referencePeriodEnd": "2024-02-29T00:00:00Z"}))
    assert valid_until(leap).isoformat() == "2027-02-28T00:00:00+00:00"


def test_numbers_of_others_may_be_off_by_their_rounding() -> None:
    """The numbers of published examples: one that rounds its second total, and one whose parts do not add up."""
    parts = dict.fromkeys(("fossilGhgEmissions", "landUseChangeGhgEmissions"), None)
    rounded = parts | {
        "fossilGhgEmissions": "0.384",
        "pcfExcludingBiogenicUptake": "0.384",
        "biogenicCO2Uptake": "-1.61",
        "pcfIncludingBiogenicUptake": "-1.23",
    }
    assert found(rounded) == [("/pcf/pcfIncludingBiogenicUptake", "sum-including")]
    assert not found(rounded, rounded=True)
    wrong = rounded | {
        "fossilGhgEmissions": "0.35",
        "landManagementFossilGhgEmissions": "0.03",
        "landManagementBiogenicCO2Emissions": "0.004",
        "biogenicNonCO2Emissions": "0.002",
    }
    assert found(wrong, rounded=True) == [("/pcf/pcfExcludingBiogenicUptake", "sum-excluding")]


def test_one_of_others_that_takes_its_own_place() -> None:
    name = "5d0c7d6c-3d42-4a52-8a3e-2a3a7a0b6f21"
    system = {"id": name, "specVersion": "3.0.0", "created": "2025-04-30T00:00:00Z", "status": "Active"}
    one = ProductFootprint.model_validate(declared() | system | {"precedingPfIds": [name]})
    assert [each.key for each in findings(one)] == ["precedes-itself"]


@pytest.mark.parametrize(
    "pcf",
    [
        {"declaredUnitAmount": "0"},
        {"declaredUnitAmount": "0.0"},
        {"fossilGhgEmissions": "-1"},
        {"fossilGhgEmissions": 1},
        {"fossilGhgEmissions": "1e3"},
        {"fossilGhgEmissions": "\u0661"},
        {"biogenicCO2Uptake": "0.01"},
        {"declaredUnitOfMeasurement": "barrel"},
        {"geographyCountry": "ae"},
        {"geographyRegionOrSubregion": "Atlantis"},
        {"referencePeriodStart": "2024-01-01T00:00:00"},
        {"referencePeriodStart": "0001-01-01T00:00:00Z"},
        {"ipccCharacterizationFactors": ["GWP"]},
        {"crossSectoralStandards": []},
        {"fossilCarbonContent": None},
        {"unheardOf": "1"},
    ],
)
def test_fields_have_limits(pcf: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Declared.model_validate(declared(pcf))


MULLITE = """
name: Mullite brick
purpose: product
region: CN
period: {start: 2025-01-01, end: 2025-12-31}
gwp: ar6
rounding: {places: 3, mode: half_up}
declared_unit: {amount: 1, unit: t}
output: {amount: 1, unit: t}
factors:
  - {id: power, title: Power, source: R, unit: kWh, value: "0.5777", gwp: ar6, boundary: life-cycle, scope: 2,
     carrier: electricity, region: CN, year: 2024}
  - {id: rest, title: Before it, source: R, unit: t, value: "1925.953", gwp: ar6, boundary: cradle-to-gate, scope: 3,
     categories: [1], region: CN, year: 2024}
lines:
  - {id: kiln, amount: "1342.554922", unit: kWh, factor: own/power, data: {technology: 3, primary: 1}}
  - {id: upstream, amount: 1, unit: t, factor: own/rest}
"""
"""The worked example of an electric kiln: 165 kg of standard coal as power, and what came before."""


def counted(text: str, **product: Any) -> Any:
    inventory = read_inventory(read(text.encode(), "inventory.yaml"))
    return carbon_footprint(footprint(inventory, library()), inventory, ProductInput.model_validate(PRODUCT | product))


def test_a_worked_example_travels() -> None:
    pcf = counted(MULLITE)
    assert abs(Fraction(pcf.pcf_excluding_biogenic_uptake) - Fraction("2701.547")) < Fraction("0.01")
    assert pcf.pcf_excluding_biogenic_uptake == pcf.pcf_including_biogenic_uptake == pcf.fossil_ghg_emissions
    assert (pcf.declared_unit_amount, pcf.declared_unit_of_measurement) == ("1000", "kilogram")
    assert pcf.product_mass_per_declared_unit == "1000"
    assert pcf.reference_period_end.isoformat() == "2026-01-01T00:00:00+00:00"
    assert (pcf.geography_country, pcf.geography_country_subdivision) == ("CN", None)
    assert pcf.ipcc_characterization_factors == ["AR6"]
    assert pcf.packaging_emissions_included is False
    whole = Declared.model_validate(declared() | {"pcf": pcf})
    assert not findings(whole)


def test_the_example_of_the_guide_travels() -> None:
    """docs/footprints.md: every figure that it prints is the one that is sent."""
    guide = (Path(__file__).parents[3] / "docs" / "footprints.md").read_text("utf-8")
    pcf = counted(guide.split("```yaml\n", 1)[1].split("```", 1)[0])
    assert pcf.pcf_excluding_biogenic_uptake == pcf.fossil_ghg_emissions == "430.97"
    assert (pcf.packaging_ghg_emissions, pcf.packaging_emissions_included) == ("14.64", True)
    assert pcf.primary_data_share == "63.68"
    assert (pcf.dqi.technological, pcf.dqi.geographical, pcf.dqi.temporal) == ("1.76", "2.00", "1.00")
    assert pcf.ipcc_characterization_factors == ["AR5"]
    assert [(each.name, each.version) for each in pcf.secondary_emission_factor_sources] == [("desnz", "2025-v1")]


def test_other_units() -> None:
    volume = MULLITE.replace("unit: t}\noutput: {amount: 1, unit: t}", "unit: galUS}\noutput: {amount: 1, unit: galUS}")
    with pytest.raises(FootprintInvalid) as refused:
        counted(volume)
    assert [(each.pointer, each.key) for each in refused.value.mistakes] == [("/product/mass", "mass-missing")]
    pcf = counted(volume, mass="3.2")
    assert (pcf.declared_unit_amount, pcf.declared_unit_of_measurement) == ("3.785411784", "liter")
    energy = volume.replace("galUS", "GJ").replace("region: CN\nperiod", "region: world\nperiod")
    pcf = counted(energy)
    assert (pcf.declared_unit_amount, pcf.declared_unit_of_measurement) == ("1000", "megajoule")
    assert (pcf.product_mass_per_declared_unit, pcf.geography_country) == ("0", None)
    with pytest.raises(FootprintInvalid) as refused:
        counted(
            MULLITE.replace(
                "unit: t}\noutput: {amount: 1, unit: t}", "unit: person}\noutput: {amount: 1, unit: person}"
            )
        )
    assert refused.value.mistakes[0].key == "unit-does-not-travel"


signed = st.fractions(min_value=-50, max_value=50, max_denominator=997)


@settings(max_examples=40)
@given(st.lists(signed, min_size=len(EXCLUDING), max_size=len(EXCLUDING)), signed, st.sampled_from(RoundingMode))
def test_parts_always_add_up(values: list[Fraction], uptake: Fraction, mode: RoundingMode) -> None:
    """Whatever is rounded however: each part by less than a step, and no part changes its sign."""
    parts = dict(zip(EXCLUDING, values, strict=True))
    rounding = Rounding(places=2, mode=mode)
    step, whole = Fraction(1, 100), sum(values, Fraction(0))
    total = Fraction(stated(whole, rounding))
    rounded = apportioned(parts, total, step)
    assert sum(rounded.values()) == total
    for name, value in rounded.items():
        assert abs(value - parts[name]) < step
        assert value * parts[name] >= 0
    including = Fraction(stated(whole - abs(uptake), rounding))
    assert including <= total, "so that uptake is never above 0"


def test_an_inventory_that_is_none_of_a_product() -> None:
    text = MULLITE.replace("purpose: product", "purpose: organisation")
    for line in ("declared_unit: {amount: 1, unit: t}\n", "output: {amount: 1, unit: t}\n"):
        text = text.replace(line, "")
    with pytest.raises(FootprintInvalid):
        counted(text)
