"""Data quality by PACT's grid, and the warnings of numbers that may not mean what is meant."""

from __future__ import annotations

from typing import Any

import pytest

from questionnaires.wording import catalogue
from tests.scoring.footprint.inventories import FACTORY, OWN, PRODUCT, count, line

PLACES = {"rounding": {"places": 2, "mode": "half_up"}}


def codes(*lines: dict[str, Any], **words: Any) -> list[str]:
    return [each.code for each in count(*lines, **words).warnings]


@pytest.mark.parametrize(
    ("region", "site", "rating"),
    [
        ("GB", "GB", 2),
        ("GB", "GB-ENG", 2),
        ("GB-ENG", "GB-ENG", 1),
        ("world", "AE", 4),
        ("GB", "AE", 5),
        ("AE-DU", "AE", 5),
    ],
)
def test_geography_follows_from_regions(region: str, site: str, rating: int) -> None:
    found = count(line(1, "t", "own/steel"), factors=[{**OWN, "region": region}], region=site)
    assert found.lines[0].geography == rating


@pytest.mark.parametrize(
    ("year", "end", "rating"),
    [
        (2025, "2025-12-31", 1),
        (2026, "2025-12-31", 1),
        (2024, "2026-01-01", 1),
        (2024, "2026-01-02", 2),
        (2023, "2025-12-31", 2),
        (2023, "2026-01-01", 3),
        (2022, "2025-12-31", 3),
        (2021, "2025-12-31", 4),
        (2020, "2025-12-31", 5),
    ],
)
def test_time_follows_from_days(year: int, end: str, rating: int) -> None:
    period = {"start": "2025-01-01", "end": end}
    found = count(line(1, "t", "own/steel"), factors=[{**OWN, "year": year}], period=period)
    assert found.lines[0].time == rating


def test_the_side_that_counts_is_rated() -> None:
    sun = {**OWN, "id": "sun", "unit": "kWh", "value": 1, "boundary": "generation", "scope": 2, "categories": []}
    factors = [{**sun, "carrier": "electricity", "region": "AE"}]
    power = line(1, "kWh", "desnz@2025-v1/electricity", market="own/sun")
    assert count(power, factors=factors).lines[0].geography == 2
    assert count(power, factors=factors, scope_2="market").lines[0].geography == 5


def test_what_is_declared_holds_and_unknown_technology_is_a_five() -> None:
    declared = {"technology": 2, "geography": 3, "time": 4, "primary": "0.5"}
    found = count(line(1, "t", "own/steel", data=declared), factors=[{**OWN, "region": "AE", "year": 2000}])
    one = found.lines[0]
    assert (one.technology, one.geography, one.time, one.primary) == (2, 3, 4, "1/2")
    assert found.warnings == ()
    assert count(line(1, "t", "own/steel"), factors=[OWN]).lines[0].technology == 5


def test_ratings_are_weighted_by_emissions() -> None:
    """300 kg rated 1 and 100 kg rated 5: (300 × 1 + 100 × 5) / 400 = 2; three quarters are primary data."""
    best = {"technology": 1, "geography": 1, "time": 1, "primary": 1}
    worst = {"technology": 5, "geography": 5, "time": 5}
    factors = [{**OWN, "value": "0.3"}, {**OWN, "id": "rest", "value": "0.1"}]
    lines = (line(1, "t", "own/steel", data=best), line(1, "t", "own/rest", id="rest", data=worst))
    quality = count(*lines, factors=factors, **PLACES).quality
    assert quality is not None
    assert (quality.technology, quality.geography, quality.time, quality.overall) == ("2.00", "2.00", "2.00", "2.00")
    assert (quality.quality, quality.primary_share) == ("very-good", "75.00")


def test_removals_weigh_by_their_size() -> None:
    best = {"technology": 1, "geography": 1, "time": 1, "primary": 1}
    worst = {"technology": 5, "geography": 5, "time": 5}
    stored = {**OWN, "id": "stored", "value": "-0.5", "account": "capture"}
    lines = (line(1, "t", "own/steel", data=best), line(1, "t", "own/stored", id="stored", data=worst))
    found = count(*lines, factors=[{**OWN, "value": "1.5"}, stored], **PLACES)
    assert found.quality is not None
    assert (found.total.value, found.quality.primary_share) == ("1000.00", "75.00")


@pytest.mark.parametrize(
    ("ratings", "name"),
    [((1, 1, 2), "excellent"), ((1, 2, 2), "very-good"), ((2, 2, 2), "very-good"), ((2, 2, 3), "good"),
     ((3, 3, 3), "good"), ((3, 3, 4), "fair"), ((4, 4, 4), "fair"), ((4, 4, 5), "poor")],
)  # fmt: skip
def test_classes(ratings: tuple[int, int, int], name: str) -> None:
    data = dict(zip(("technology", "geography", "time"), ratings, strict=True)) | {"primary": 1}
    quality = count(line(1, "t", "own/steel", data=data), factors=[OWN]).quality
    assert quality is not None
    assert quality.quality == name


def test_nothing_counted_has_no_quality_and_organisations_have_none() -> None:
    assert count(line(0, "t", "own/steel"), factors=[OWN]).quality is None
    assert count(line(1, "t", "own/steel"), factors=[OWN], frame=FACTORY).quality is None


GAS = line(1, "m3", "desnz@2025-v1/natural-gas-m3", id="gas")
POWER = line(1, "kWh", "desnz@2025-v1/electricity", id="power", market="desnz@2025-v1/electricity")
WARNED: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "factor-reported": ([line(1, "kWh", "dewa@2023/electricity")], {}),
    "factor-inferred": ([line(1, "kg", "itti-refrigerants@1/r404a")], {}),
    "conversion-reported": ([line(1, "kgce", "desnz@2025-v1/natural-gas-m3", via="gb-t-2589@2020/natural-gas")], {}),
    "conversion-inferred": ([line(1, "kgce", "own/steel", via="gb-t-2589@2020/raw-coal")], {"factors": [OWN]}),
    "gwp-unknown": ([line(1, "kWh", "dewa@2023/electricity")], {}),
    "gwp-other": ([line(1, "t", "desnz@2025-v1/glass-primary")], {"gwp": {"set": "ar6", "other": "warn"}}),
    "co2-only": ([line(1, "kWh", "ember@2024/electricity-ae")], {}),
    "region-differs": ([GAS], {"region": "AE"}),
    "year-differs": ([line(1, "m3", "desnz@2024-v1.1/natural-gas-m3")], {}),
    "market-from-location": ([line(1, "kWh", "desnz@2025-v1/electricity")], {}),
    "gases-apart": ([{"id": "leak", "amount": 1, "unit": "kg", "gas": "cfc-11"}], {}),
    "forcing-mixed": (
        [line(1, "t * km", f"desnz@2025-v1/air-long-haul-{how}-rf", id=how, category=4) for how in ("with", "without")],
        {},
    ),
    "editions-mixed": ([GAS, line(1, "m3", "desnz@2024-v1.1/natural-gas-m3", id="old")], {}),
    "boundaries-mixed": ([POWER, line(1, "kWh", "mee-footprint@2024/wind", id="wind")], {}),
    "upstream-twice": (
        [line(1, "kWh", "mee-footprint@2024/national"), line(1, "kWh", "desnz@2025-v1/electricity-wtt", id="wtt")],
        {},
    ),
    "upstream-missing": ([GAS], {}),
}


@pytest.mark.parametrize("code", WARNED)
def test_warned(code: str) -> None:
    lines, words = WARNED[code]
    assert code in codes(*lines, frame=PRODUCT, **words)


def test_no_warning_without_a_reason() -> None:
    lines = (GAS, line(1, "m3", "desnz@2025-v1/wtt-natural-gas-m3", id="wtt"), POWER)
    upstream = line(1, "kWh", "desnz@2025-v1/electricity-wtt", id="upstream")
    assert codes(*lines, upstream, frame=PRODUCT) == []
    assert codes(GAS, POWER, frame=FACTORY) == []


def test_every_warning_has_a_case() -> None:
    known = {key.removeprefix("warning.") for key in catalogue("scoring.footprint", "en") if key.startswith("warning.")}
    assert known == set(WARNED)


def test_stages_are_told_apart_and_stay_in_the_total() -> None:
    box = line(1, "t", "own/steel", id="box", stage="packaging")
    flight = line(1, "t * km", "desnz@2025-v1/air-long-haul-with-rf", id="air", category=9, stage="outbound-logistics")
    found = count(box, flight, factors=[OWN])
    stages = {each.name: each.stated.value for each in found.stages}
    assert stages == {"packaging": "2500.000000", "outbound-logistics": "0.899390", "aircraft": "0.899390"}
    assert found.total.value == "2500.899390"


def test_accounts_follow_the_sum_of_exchanged_footprints() -> None:
    """Without uptake: fossil + land-use change + land management + removals + capture + biogenic non-CO2."""
    accounts = {"fossil": 10, "land-use-change": 2, "land-management": 3, "land-removals": -1, "technical-removals": -2}
    accounts |= {"capture": -3, "biogenic-other": 1, "uptake": -20}
    factors = [
        {**OWN, "id": name, "value": value, "value_in": "kgCO2e", "account": name} for name, value in accounts.items()
    ]
    found = count(*(line(1, "t", f"own/{name}", id=name) for name in accounts), factors=factors, **PLACES)
    assert (found.total.value, found.including_uptake.value) == ("10.00", "-10.00")
    assert {each.name: each.stated.value for each in found.accounts} == {
        name: f"{value}.00" for name, value in accounts.items()
    }
