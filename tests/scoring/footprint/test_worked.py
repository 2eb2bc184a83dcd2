"""Published figures and worked footprints come out to the printed digit."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from questionnaires.factors import library
from tests.scoring.footprint.inventories import FACTORY, OWN, PRODUCT, count, exact, line, line_of

BRICK: dict[str, Any] = {**PRODUCT, "region": "CN", "unit": "tCO2e", "gwp": "ar6"}
BURNT: dict[str, Any] = {
    **OWN,
    "id": "gas",
    "unit": "m3",
    "value": "2.792671",
    "value_in": "kgCO2e",
    "gwp": "unknown",
    "boundary": "combustion",
    "scope": 1,
    "categories": [],
}
REST: dict[str, Any] = {**OWN, "id": "rest", "value": "1.925953", "gwp": "unknown"}


@pytest.mark.parametrize(
    ("gwp", "unit", "factor", "words", "printed"),
    [
        ("ar5", "kWh", "desnz@2025-v1/electricity", {}, "0.177000"),
        ("ar6", "kWh", "desnz@2025-v1/electricity", {}, "0.177105"),
        ("ar5", "kWh", "desnz@2024-v1.1/electricity", {}, "0.207050"),
        ("ar5", "l", "desnz@2025-v1/diesel-mineral-l", {}, "2.661550"),
        ("ar6", "l", "desnz@2025-v1/diesel-mineral-l", {}, "2.662567"),
        ("ar5", "kWh", "epa-egrid@2023/us-average", {}, "0.351642"),
        ("ar5", "mmBtu", "epa-hub@2025/natural-gas-mmbtu", {"basis": "gross"}, "53.114500"),
        ("ar5", "kWh", "ipcc-guidelines@2006/natural-gas-residential", {"basis": "net"}, "0.202559"),
        ("ar5", "kWh", "ipcc-guidelines@2006/natural-gas-industry", {"basis": "net"}, "0.202156"),
        ("ar5", "kg", "desnz@2025-v1/r410a", {}, "1924.000000"),
        ("ar5", "kg", "itti-refrigerants@1/r404a", {}, "3942.800000"),
        ("ar5", "kg", "itti-refrigerants@1/r407c", {}, "1624.210000"),
        ("ar5", "kg", "itti-refrigerants@1/r410a", {}, "1923.500000"),
        ("ar5", "kg", "itti-refrigerants@1/r507a", {}, "3985.000000"),
        ("ar6", "kg", "itti-refrigerants@1/r404a", {}, "4728.000000"),
        ("ar6", "kg", "itti-refrigerants@1/r407c", {}, "1907.930000"),
        ("ar6", "kg", "itti-refrigerants@1/r410a", {}, "2255.500000"),
    ],
)
def test_one_unit_of_a_factor(gwp: str, unit: str, factor: str, words: dict[str, Any], printed: str) -> None:
    assert count(line(1, unit, factor, **words), gwp=gwp).total.value == printed


def test_a_published_total_stands_and_its_rounding_is_told() -> None:
    found = count(line(1, "kWh", "desnz@2025-v1/electricity"))
    assert {gas.gas: gas.co2e for gas in found.lines[0].location.per_unit}["rounding"] == str(Fraction("-0.00001"))
    assert found.lines[0].location.how == "published"
    assert count(line(1, "kWh", "desnz@2025-v1/electricity"), gwp="ar6").lines[0].location.how == "recalculated"


def test_methane_by_origin_is_a_choice() -> None:
    gas = {"id": "leak", "amount": 1, "unit": "kg", "gas": "ch4-fossil"}
    totals = [
        count(gas, gwp=gwp).total.value
        for gwp in ("ar4", "ar5", {"set": "ar5", "methane": "by-origin"}, "ar6", {"set": "ar6", "methane": "together"})
    ]
    assert totals == ["25.000000", "28.000000", "30.000000", "29.800000", "27.900000"]
    diesel = count(line(1, "l", "desnz@2025-v1/diesel-mineral-l"), gwp={"set": "ar5", "methane": "by-origin"})
    assert diesel.lines[0].location.how == "recalculated"


def test_disagreeing_sources_are_a_choice() -> None:
    gas = {"id": "leak", "amount": 1, "unit": "g", "gas": "sf6"}
    assert count(gas, gwp={"set": "ar6", "choices": {"sf6": 24300}}).total.value == "24.300000"
    assert count(gas, gwp={"set": "ar6", "choices": {"sf6": 25200}}).choices == {"sf6": "25200"}


def test_mullite_brick_with_fuel() -> None:
    """365 kgce for a tonne, 76 % as power and 24 % as gas: 1303.938 + 201.464 + 1925.953 kg = 3.431355 t."""
    found = count(
        line("277.4", "kgce", "mee-footprint@2024/national", id="power", via="gb-t-2589@2020/electricity"),
        line("87.6", "kgce", "own/gas", id="gas", via="gb-t-2589@2020/natural-gas"),
        line(1, "t", "own/rest", id="rest"),
        frame=BRICK,
        factors=[BURNT, REST],
    )
    assert (found.total.value, found.line("power").location.counted.value) == ("3.431355", "1.303938")
    assert found.line("gas").location.counted.value == "0.201464"


def test_mullite_brick_with_an_electric_kiln() -> None:
    found = count(
        line(165, "kgce", "mee-footprint@2024/national", id="power", via="gb-t-2589@2020/electricity"),
        line(1, "t", "own/rest", id="rest"),
        frame=BRICK,
        factors=[REST],
    )
    assert (found.total.value, found.line("power").location.counted.value) == ("2.701547", "0.775594")


def test_power_of_a_park_in_jiangsu_by_coal_equivalent() -> None:
    power = line(1, "tce", "mee-grid@2023/jiangsu", via="gb-t-2589@2020/electricity")
    found = count(
        power, frame={**FACTORY, "region": "CN-JS", "unit": "tCO2e"}, rounding={"places": 4, "mode": "half_up"}
    )
    assert found.total.value == "4.7413"
    assert round((1 - Fraction("0.2") / exact(found.total.exact)) * 100, 2) == Fraction("95.78")
    assert round((1 - Fraction("0.3") / exact(found.total.exact)) * 100, 2) == Fraction("93.67")


def test_power_in_dubai_with_a_factor_of_ones_own() -> None:
    grid = {**OWN, "id": "grid", "unit": "kWh", "value": "0.4", "value_in": "kgCO2e", "boundary": "generation"}
    grid |= {"scope": 2, "categories": [], "carrier": "electricity", "region": "AE-DU"}
    found = count(line(57000, "kWh", "own/grid"), frame=FACTORY, unit="tCO2e", factors=[grid], region="AE-DU")
    assert found.total.value == "22.800000"


def test_heat_content_leads_from_short_tons_and_tonnes_to_the_factor() -> None:
    """24.93 mmBtu × (93.28 + 0.011 × 28 + 0.0016 × 265) kg."""
    factor, via = "epa-hub@2025/bituminous-coal-mmbtu", "epa-hub@2025/bituminous-coal-heat"
    short = count(line(1, "shortton", factor, via=via))
    assert exact(short.total.exact) == Fraction("24.93") * Fraction("94.012")
    metric = count(line("0.90718474", "t", factor, via=via))
    assert metric.total == short.total


def test_uptake_as_printed_in_payloads_of_exchanged_footprints() -> None:
    """Including = excluding - 44/12 of the biogenic carbon: 5.14 - 19.36, 0.42 - 0.37, 0.384 - 1.61."""
    for excluding, carbon, including in (
        ("5.14", "5.28", "-14.22"),
        ("0.42", "0.1", "0.05"),
        ("0.384", "0.44", "-1.23"),
    ):
        own = {**OWN, "value": excluding, "value_in": "kgCO2e"}
        found = count(
            line(1, "t", "own/steel"),
            factors=[own],
            biogenic_carbon=carbon,
            rounding={"places": 2, "mode": "half_up"},
        )
        assert found.including_uptake.value == including
        assert exact(found.total.exact) == Fraction(excluding)


def test_wood_burns_apart() -> None:
    """The carbon dioxide of wood is told apart, its methane and nitrous oxide count."""
    row = library().row("epa-hub@2025/wood-residuals-mmbtu")
    assert row is not None
    found = count(line_of(row))
    apart = {each.name: each.stated.value for each in found.apart}
    assert apart["biogenic-co2"] == "93.800000"
    assert exact(found.total.exact) == Fraction("0.0072") * 28 + Fraction("0.0036") * 265
    assert found.including_uptake == found.total


def test_gases_outside_the_basket_stand_apart() -> None:
    found = count({"id": "leak", "amount": 2, "unit": "kg", "gas": "hcfc-22"}, frame=FACTORY)
    assert (found.total.exact, found.apart[1].stated.exact) == ("0", "3520")
    assert [each.code for each in found.warnings] == ["gases-apart"]


def test_scope_2_stands_side_by_side() -> None:
    grid = {**OWN, "id": "solar", "unit": "kWh", "value": 0, "boundary": "generation", "scope": 2, "categories": []}
    lines = (
        line(1000, "kWh", "desnz@2025-v1/electricity", id="bought", market="own/solar"),
        line(500, "kWh", "desnz@2025-v1/electricity", id="rest"),
        line(1500, "kWh", "desnz@2025-v1/electricity-losses", id="losses"),
    )
    found = count(*lines, frame=FACTORY, factors=[{**grid, "carrier": "electricity"}])
    scopes = {each.name: each.stated.value for each in found.scopes}
    assert (scopes["scope-2-location"], scopes["scope-2-market"]) == ("265.500000", "88.500000")
    assert (scopes["scope-3"], scopes["scope-3-3"]) == ("27.795000", "27.795000")
    assert found.total.value == "293.295000"
    market = count(*lines, frame=FACTORY, factors=[{**grid, "carrier": "electricity"}], scope_2="market")
    assert market.total.value == "116.295000"
    assert market.scopes == found.scopes


@pytest.mark.parametrize("name", sorted(library().books))
def test_every_factor_that_ships_can_be_counted(name: str) -> None:
    rows = list(library().books[name].rows.values())
    for frame, purpose in ((PRODUCT, "product"), (FACTORY, "organisation")):
        lines = [line_of(row) for row in rows if purpose in {each.value for each in row.purposes}]
        if lines:
            found = count(*lines, frame=frame, gwp={"set": "ar6", "other": "warn"})
            assert len(found.lines) == len(lines)
