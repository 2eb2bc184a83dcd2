"""Everything that must not be counted is refused with its place, its code and what to do instead."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from questionnaires.factors import library
from questionnaires.mistakes import Mistaken
from questionnaires.places import read
from questionnaires.wording import catalogue
from scoring.footprint import checking, footprint, read_inventory, reckoning, weights
from tests.scoring.footprint.inventories import FACTORY, OWN, PRODUCT, count, exact, line, refused

GAS = line(100, "kWh", "desnz@2025-v1/natural-gas-kwh-gross", basis="gross")
STEEL = line(1, "t", "own/steel")
GLASS = line(1, "t", "desnz@2025-v1/glass-primary")
POWER = line(1, "kWh", "desnz@2025-v1/electricity")
LEAK = {"id": "leak", "amount": 1, "unit": "kg", "gas": "sf6"}


def own(**changes: Any) -> dict[str, Any]:
    return {"factors": [{**OWN, **changes}]}


def outputs(*each: dict[str, Any], method: str = "mass") -> dict[str, Any]:
    return {"allocation": {"method": method, "outputs": list(each)}}


A = {"id": "a", "product": True, "amount": 1, "unit": "t"}
B = {"id": "b", "amount": 3, "unit": "kg"}
HALF = {"id": "a", "product": True, "share": "1/2"}

CASES: dict[str, tuple[list[dict[str, Any]], dict[str, Any], str]] = {
    # the frame
    "period": ([GAS], {"period": {"start": "2025-02-01", "end": "2025-01-01"}}, "/period/end"),
    "unit-kind result": ([GAS], {"unit": "tCO2"}, "/unit"),
    "unit-unknown-near": ([GAS], {"unit": "tco2e"}, "/unit"),
    "unknown-potentials": ([GAS], {"gwp": "ar7"}, "/gwp"),
    "no-such-choice": ([LEAK], {"gwp": {"set": "ar6", "choices": {"sf6": 1}}}, "/gwp/choices/sf6"),
    "no-such-choice without": ([GAS], {"gwp": {"set": "ar6", "choices": {"co2": 2}}}, "/gwp/choices/co2"),
    "product-needs": ([GAS], {"output": None}, "/output"),
    "product-only": ([GAS], {"purpose": "organisation"}, "/declared_unit"),
    "unit-kind output": ([GAS], {"output": {"amount": 1, "unit": "piece"}}, "/output/unit"),
    "id-twice lines": ([GAS, GAS], {}, "/lines/1/id"),
    "id-twice factors": ([STEEL], {"factors": [OWN, OWN]}, "/factors/1/id"),
    # allocation
    "id-twice outputs": ([GAS], outputs(A, {**B, "id": "a"}), "/allocation/outputs/1/id"),
    "one-product": ([GAS], outputs(A, {**B, "product": True}), "/allocation/outputs"),
    "output-form": ([GAS], outputs(A, {"id": "b", "share": "1/2"}), "/allocation/outputs/1"),
    "output-form empty": ([GAS], outputs({"id": "a", "product": True}), "/allocation/outputs/0"),
    "shares-sum": ([GAS], outputs(HALF, {"id": "b", "share": "1/3"}), "/allocation/outputs"),
    "unit-kind mass": ([GAS], outputs(A, {**B, "unit": "kWh"}), "/allocation/outputs/1/unit"),
    "unit-kind energy": ([GAS], outputs(A, method="energy"), "/allocation/outputs/0/unit"),
    "unit-kind money": (
        [GAS],
        outputs({**A, "unit": "AED"}, {**B, "unit": "USD"}, method="economic"),
        "/allocation/outputs/1/unit",
    ),
    # factors of one's own
    "no-value": ([STEEL], own(value=None), "/factors/0"),
    "own-gwp": ([STEEL], own(gwp=None), "/factors/0"),
    "value-and-parts": ([STEEL], own(parts={"co2": 1}), "/factors/0"),
    "uptake-included": ([STEEL], own(uptake="included"), "/factors/0/uptake"),
    "categories": ([STEEL], own(categories=[]), "/factors/0"),
    "unknown-gas parts": ([STEEL], own(value=None, parts={"co3": 1}), "/factors/0/parts/co3"),
    "removal-above-zero": ([STEEL], own(account="capture"), "/factors/0/value"),
    "emission-below-zero": ([STEEL], own(value=-1), "/factors/0/value"),
    "unit-ambiguous own": ([STEEL], own(unit="ton"), "/factors/0/unit"),
    "unit-kind own": ([STEEL], own(value_in="kg"), "/factors/0/value_in"),
    # lines
    "factor-or-gas": ([{**GAS, "gas": "co2"}], {}, "/lines/0"),
    "factor-or-gas none": ([{"id": "x", "amount": 1, "unit": "t"}], {}, "/lines/0"),
    "unknown-gas": ([{**LEAK, "gas": "r22"}], {}, "/lines/0/gas"),
    "scope-of-factor": ([{**GAS, "scope": 1}], {}, "/lines/0/scope"),
    "primary-only": ([{**GAS, "data": {"technology": 2}}], {}, "/lines/0/data/technology"),
    "unit-ambiguous": ([{**GAS, "unit": "tons"}], {}, "/lines/0/unit"),
    "unknown-set": ([line(1, "t", "desnz@2023/glass-primary")], {}, "/lines/0/factor"),
    "unknown-factor": ([line(1, "t", "desnz@2025-v1/glass")], {}, "/lines/0/factor"),
    "unknown-factor own": ([line(1, "t", "own/iron")], own(), "/lines/0/factor"),
    "unknown-factor blank": ([line(1, "t", "desnz@2025-v1/tyres-recycled")], {}, "/lines/0/factor"),
    "unit-unfit": ([{**GAS, "unit": "t"}], {}, "/lines/0/unit"),
    "unit-unfit volume": ([line(1, "m3", "epa-hub@2025/mobile-cng")], {}, "/lines/0/unit"),
    "unknown-conversion": ([{**GAS, "via": "epa-hub@2025/nothing"}], {}, "/lines/0/via"),
    "unit-kind via": ([{**GAS, "via": "epa-hub@2025/natural-gas-heat"}], {}, "/lines/0/unit"),
    "basis-missing": ([line(100, "kWh", "desnz@2025-v1/natural-gas-kwh-gross")], {}, "/lines/0"),
    "basis-differs": ([{**GAS, "basis": "net"}], {}, "/lines/0"),
    "basis-differs via": (
        [line(1, "scf", "desnz@2025-v1/natural-gas-kwh-net", via="epa-hub@2025/natural-gas-heat")],
        {},
        "/lines/0",
    ),
    "purpose-differs": ([line(1, "kWh", "mee-grid@2023/jiangsu")], {}, "/lines/0/factor"),
    "gwp-differs": ([GLASS], {"gwp": "ar6"}, "/lines/0/factor"),
    "gwp-differs methane": ([GLASS], {"gwp": {"set": "ar5", "methane": "by-origin"}}, "/lines/0/factor"),
    "potential-missing": ([{**LEAK, "gas": "hfc-365mfc"}], {}, "/lines/0/gas"),
    "choice-needed": ([LEAK], {"gwp": "ar6"}, "/lines/0/gas"),
    "category-missing": ([line(1, "t * km", "desnz@2025-v1/rail")], {}, "/lines/0"),
    "category-other": ([line(1, "t * km", "desnz@2025-v1/rail", category=6)], {}, "/lines/0/category"),
    "category-without-scope-3": ([{**GAS, "category": 1}], {}, "/lines/0/category"),
    "category-missing gas": ([{**LEAK, "gas": "co2", "scope": 3}], {}, "/lines/0"),
    "market-scope-2": ([{**GAS, "market": "desnz@2025-v1/natural-gas-kwh-gross"}], {}, "/lines/0/market"),
    "unknown-factor market": ([{**POWER, "market": "own/solar"}], {}, "/lines/0/market"),
    "electricity-mixed": (
        [{**POWER, "factor": "ember@2024/electricity-ae"}, line(1, "kWh", "mee-footprint@2024/wind", id="wind")],
        {},
        "/lines/1/factor",
    ),
}
FORM_CASES = {
    "not-exact": ("amount: 100", "amount: 1e3", "/lines/0/amount"),
    "not-decimal": ("amount: 100", "amount: 1/3", "/lines/0/amount"),
    "below-least": ("amount: 100", "amount: -1", "/lines/0/amount"),
    "wrong-form": ("factor: desnz", "factor: ../desnz", "/lines/0/factor"),
    "unknown-key": ("unit: kWh", "unit: kWh, colour: red", "/lines/0/colour"),
    "missing-key": ("region: GB\n", "", "/region"),
    "not-one-of": ("purpose: product", "purpose: fun", "/purpose"),
    "not-a-date": ("2025-12-31", "2025-13-31", "/period/end"),
    "list-empty": ("lines:\n", "lines: []\nfactors:\n", "/lines"),
}
FILE = """\
name: A tonne of something
purpose: product
region: GB
period: {start: 2025-01-01, end: 2025-12-31}
gwp: ar5
rounding: {places: 3, mode: half_up}
declared_unit: {amount: 1, unit: t}
output: {amount: 1, unit: t}
lines:
  - {id: gas, amount: 100, unit: kWh, basis: gross, factor: desnz@2025-v1/natural-gas-kwh-gross}
"""


@pytest.mark.parametrize("case", CASES)
def test_refused_with_place_and_remedy(case: str) -> None:
    lines, words, pointer = CASES[case]
    found = refused(*lines, frame=PRODUCT, **words)
    assert (case.partition(" ")[0], pointer) in [(each.code, each.pointer) for each in found]
    for each in found:
        assert each.sentence("en") != each.sentence("ar")


@pytest.mark.parametrize("case", FORM_CASES)
def test_form(case: str) -> None:
    before, after, pointer = FORM_CASES[case]
    assert before in FILE
    with pytest.raises(Mistaken) as caught:
        read_inventory(read(FILE.replace(before, after, 1).encode(), "x.yaml"))
    found = [(each.code, each.pointer, each.line is not None) for each in caught.value.mistakes]
    assert (case, pointer, True) in found


def test_alternatives_are_named() -> None:
    wrong_unit = refused({**GAS, "unit": "t"})[0].sentence()
    assert "desnz@2025-v1/natural-gas-t" in wrong_unit
    volume = refused(line(1, "scf", "epa-hub@2025/natural-gas-mmbtu"))[0].sentence()
    assert "via: epa-hub@2025/natural-gas-heat" in volume
    assert "desnz@2025-v1/natural-gas-kwh-net" in refused({**GAS, "basis": "net"})[0].sentence()
    assert "desnz@2025-v1/glass-recycled" in refused(line(1, "t", "desnz@2025-v1/glass"))[0].sentence()
    assert "mee-footprint@2024/national" in refused(line(1, "kWh", "mee-grid@2023/jiangsu"))[0].sentence()
    assert "25200, 24300" in refused(LEAK, gwp="ar6")[0].sentence()
    assert "own/steel" in refused(line(1, "t", "own/iron"), **own())[0].sentence()


def test_all_mistakes_at_once_each_with_its_line() -> None:
    text = FILE.replace("basis: gross", "basis: net") + "  - {id: b, amount: 1, unit: tons, factor: own/x}\n"
    document = read(text.replace("gwp: ar5", "gwp: ar7").encode(), "x.yaml")
    with pytest.raises(Mistaken) as caught:
        footprint(read_inventory(document), library(), document)
    found = {each.code: each.line for each in caught.value.mistakes}
    assert found == {"unknown-potentials": 5, "basis-differs": 10, "unit-ambiguous": 11}
    assert "x.yaml:10: /lines/0:" in caught.value.sentence()


def test_a_mistaken_unit_of_ones_own_factor_is_told_once() -> None:
    assert [each.code for each in refused(STEEL, **own(unit="ton"))] == ["unit-ambiguous"]


def test_a_total_with_other_potentials_is_taken_only_when_asked_for() -> None:
    found = count(GLASS, gwp={"set": "ar6", "other": "warn"})
    assert [each.code for each in found.warnings] == ["gwp-other"]


def test_thousands_of_unknown_factors_stay_quick() -> None:
    lines = [line(1, "t", f"desnz@2025-v1/glass-{number}", id=f"x-{number}") for number in range(3000)]
    found = refused(*lines, frame=FACTORY)
    assert len(found) == 3000
    assert "glass-primary" in found[0].sentence()


def test_thousands_of_lines_with_many_decimals_stay_exact() -> None:
    amount = "999999999999999999.999999999999999999"
    lines = [{**GAS, "id": f"x-{number}", "amount": amount} for number in range(2000)]
    found = count(*lines, frame=FACTORY)
    assert exact(found.total.exact) == 2000 * exact(found.lines[0].location.counted.exact)


def test_every_mistake_has_a_case() -> None:
    source = "".join(Path(module.__file__ or "").read_text() for module in (checking, reckoning, weights))
    known = {key.removeprefix("mistake.") for key in catalogue("scoring.footprint", "en") if key.startswith("mistake.")}
    assert known == {case.partition(" ")[0] for case in CASES} & known
    assert all(re.search(rf'"{code}"', source) for code in known)
