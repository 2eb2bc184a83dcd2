"""Whatever stands in an inventory, it is counted or refused in sentences; nothing else comes out."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.factors import library
from questionnaires.mistakes import Mistaken
from questionnaires.places import read
from scoring.footprint import Footprint, footprint, read_inventory
from tests.scoring.footprint.inventories import OWN, PRODUCT

WHOLE: dict[str, Any] = {
    **PRODUCT,
    "gwp": {"set": "ar6", "methane": "by-origin", "choices": {"sf6": 24300}, "other": "warn"},
    "biogenic_carbon": "1.5",
    "allocation": {
        "method": "mass",
        "outputs": [{"id": "a", "product": True, "amount": 1, "unit": "t"}, {"id": "b", "amount": 9, "unit": "kg"}],
    },
    "factors": [OWN],
    "lines": [
        {"id": "gas", "amount": 2, "unit": "MWh", "basis": "gross", "factor": "desnz@2025-v1/natural-gas-kwh-gross"},
        {"id": "sf6", "amount": 3, "unit": "g", "gas": "sf6", "data": {"technology": 1, "primary": "0.5"}},
        {"id": "steel", "amount": 4, "unit": "lb", "factor": "own/steel", "stage": "packaging", "allocated": False},
        {
            "id": "power",
            "amount": 5,
            "unit": "kgce",
            "via": "gb-t-2589@2020/electricity",
            "factor": "desnz@2025-v1/electricity",
            "market": "epa-egrid@2023/us-average",
        },
        {"id": "way", "amount": 6, "unit": "t * km", "factor": "desnz@2025-v1/rail", "category": 4, "region": "AE-DU"},
    ],
    "expected": {"total": "1"},
}
JUNK: list[Any] = [
    None, True, 0, -1, 3, 10**17, "", "x", "1/3", "0.000000000000000001", "kg", "t", "kWh", "AED", "%", "1", "ton",
    "ar5", "ar9", "co2", "world", "own/steel", "own/x", "desnz@2025-v1/electricity", "mee-footprint@2024/wind",
    "ember@2024/electricity-ae", "ipcc@ar6/co2", "epa-hub@2025/natural-gas-heat", "location", "market", "net", "energy",
    "organisation", "2025-01-01", "uptake", "included", [], {}, ["x"], {"x": "y"}, "\u0000", "١٢", "1e9", "nan",
]  # fmt: skip


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place of the inventory, outer before inner."""
    found = [path] if path else []
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [inner for key, part in parts for inner in places(part, (*path, key))]


def test_the_whole_inventory_is_sound() -> None:
    document = read(json.dumps(WHOLE).encode(), "x.json")
    found = footprint(read_inventory(document), library(), document)
    assert {each.name for each in found.gases} >= {"co2", "ch4-fossil", "n2o", "sf6", "co2e"}


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(places(WHOLE)), st.sampled_from(JUNK)), min_size=1, max_size=3))
def test_counted_or_refused(changes: list[tuple[tuple[str | int, ...], Any]]) -> None:
    data: Any = copy.deepcopy(WHOLE)
    for path, junk in changes:
        here: Any = data
        for step in path[:-1]:
            here = here[step] if _has(here, step) else None
        if _has(here, path[-1]):
            here[path[-1]] = junk
    found = _told(data)
    if isinstance(found, Footprint):
        assert Footprint.from_json(found.to_json()) == found
    else:
        assert found.mistakes
        assert found.sentence("ar") != found.sentence("en")


def _told(data: object) -> Footprint | Mistaken:
    document = read(json.dumps(data).encode(), "x.json")
    try:
        return footprint(read_inventory(document), library(), document)
    except Mistaken as mistaken:
        return mistaken


def _has(here: Any, step: str | int) -> bool:
    """Whether there is still something at that place, as an earlier change may have taken it away."""
    if isinstance(here, dict):
        return step in here
    return isinstance(here, list) and isinstance(step, int) and step < len(here)
