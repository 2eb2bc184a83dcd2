"""One failing factor set for every mistake that checking knows, each with its place and its remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from questionnaires.factors import checking, load_book, load_potentials
from questionnaires.mistakes import Mistake, Mistaken

SET = """\
publisher: works
edition: "1"
languages: [en]
gwp: ar5
certainty: certain
sources: [{id: paper, certainty: certain}]
tables:
  - id: fuels
    boundary: combustion
    scope: 1
    region: AE
    year: 2025
    parts_in: {co2: kgCO2e, ch4-fossil: kgCO2e}
    tolerance: 0.01
    sources: [paper]
factors:
  - {id: gas, table: fuels, activity: gas, unit: kWh, basis: gross, value: 0.2, parts: {co2: 0.19, ch4-fossil: 0.01}}
conversions:
  - {id: heat, activity: gas, from: m3, to: kWh, times: 10, basis: gross, sources: [paper]}
"""
TEXTS = """\
language: en
title: Works
licence: Own.
sources: {paper: Paper.}
tables: {fuels: {title: Fuels}}
activities: {gas: Gas}
regions: {AE: Emirates}
"""
POTENTIALS = """\
publisher: works
edition: ar5
languages: [en]
methane: together
certainty: certain
sources: [{id: paper, certainty: certain}]
potentials:
  - {gas: co2, value: 1}
  - {gas: ch4, value: 28}
  - {gas: n2o, value: 265}
"""
FACTOR = SET.splitlines()[16]
CASES = {
    "unknown-table": ("table: fuels, activity", "table: fumes, activity", "/factors/0/table"),
    "id-twice": (FACTOR, f"{FACTOR}\n{FACTOR.replace('kWh', 'MWh')}", "/factors/1/id"),
    "counted-in": ("{co2: kgCO2e, ", "{co2: kWh, ", "/tables/0/parts_in/co2"),
    "unknown-source": ("sources: [paper]\nfactors", "sources: [papre]\nfactors", "/tables/0/sources/0"),
    "categories": ("scope: 1", "scope: 3", "/tables/0"),
    "unknown-gas": ("ch4-fossil: kgCO2e", "ch5: kgCO2e", "/tables/0/parts_in/ch5"),
    "gwp-missing": ("gwp: ar5\n", "", "/tables/0"),
    "gwp-missing unknown": ("gwp: ar5\n", "gwp: unknown\n", "/tables/0"),
    "not-co2-only": ("region: AE", "region: AE\n    co2_only: true", "/tables/0/co2_only"),
    "total-of-co2": ("region: AE", "region: AE\n    co2_only: true", "/factors/0/value"),
    "no-value": ("value: 0.2, parts: {co2: 0.19, ch4-fossil: 0.01}", "code: x", "/factors/0"),
    "part-not-in-table": ("ch4-fossil: 0.01", "n2o: 0.01", "/factors/0/parts/n2o"),
    "basis": ("basis: gross, value", "value", "/factors/0"),
    "basis-without-energy": ("unit: kWh, basis", "unit: m3, basis", "/factors/0"),
    "parts-sum": ("co2: 0.19", "co2: 0.17", "/factors/0/parts"),
    "factor-twice": (FACTOR, f"{FACTOR}\n{FACTOR.replace('id: gas', 'id: more')}", "/factors/1"),
    "times-or-per": ("times: 10", "times: 10, per: 2", "/conversions/0"),
    "unit-ambiguous": ("from: m3", "from: ton", "/conversions/0/from"),
    "not-exact": ("value: 0.2,", "value: nan,", "/factors/0/value"),
    "missing-key": ("publisher: works\n", "", "/publisher"),
    "unknown-key": ("scope: 1", "scope: 1\n    color: red", "/tables/0/color"),
    "wrong-form": ("region: AE", "region: Emirates", "/tables/0/region"),
}
TEXT_CASES = {
    "other-language": ("language: en", "language: ar", "/language"),
    "text-missing": ("activities: {gas: Gas}", "activities: {}", "/activities"),
    "text-of-nothing": ("{AE: Emirates}", "{AE: Emirates, SA: Arabia}", "/regions/SA"),
}
POTENTIAL_CASES = {
    "unknown-gas": ("gas: n2o", "gas: n3o", "/potentials/2/gas"),
    "id-twice": ("gas: ch4", "gas: co2", "/potentials/1/gas"),
    "potential-missing": ("gas: n2o", "gas: sf6", "/potentials"),
    "value-or-choices": ("{gas: n2o, value: 265}", "{gas: n2o}", "/potentials/2"),
    "unknown-source": (
        "{gas: n2o, value: 265}",
        "{gas: n2o, choices: [{value: 265, certainty: certain, source: x}]}",
        "/potentials/2/choices/0/source",
    ),
    "not-above": ("value: 28", "value: 0", "/potentials/1/value"),
}


def write(folder: Path, name: str, text: str, texts: str = TEXTS) -> Path:
    (folder / name).write_text(text)
    (folder / "en.yaml").write_text(texts)
    return folder


def mended(text: str, change: tuple[str, str, str]) -> str:
    assert change[0] in text
    return text.replace(change[0], change[1], 1)


def assert_found(mistakes: tuple[Mistake, ...], case: str, pointer: str) -> None:
    assert (case.partition(" ")[0], pointer) in [(each.code, each.pointer) for each in mistakes]
    for each in mistakes:
        assert each.line is not None
        assert each.sentence("en") != each.sentence("ar")


def test_the_set_itself_is_sound(tmp_path: Path) -> None:
    assert load_book(write(tmp_path, "factors.yaml", SET)).name == "works@1"


@pytest.mark.parametrize("case", CASES)
def test_mistake_in_a_set(case: str, tmp_path: Path) -> None:
    with pytest.raises(Mistaken) as caught:
        load_book(write(tmp_path, "factors.yaml", mended(SET, CASES[case])))
    assert_found(caught.value.mistakes, case, CASES[case][2])


@pytest.mark.parametrize("case", TEXT_CASES)
def test_mistake_in_texts(case: str, tmp_path: Path) -> None:
    with pytest.raises(Mistaken) as caught:
        load_book(write(tmp_path, "factors.yaml", SET, mended(TEXTS, TEXT_CASES[case])))
    assert_found(caught.value.mistakes, case, TEXT_CASES[case][2])


@pytest.mark.parametrize("case", POTENTIAL_CASES)
def test_mistake_in_potentials(case: str, tmp_path: Path) -> None:
    texts = "language: en\ntitle: Works\nlicence: Own.\nsources: {paper: Paper.}\n"
    text = mended(POTENTIALS, POTENTIAL_CASES[case])
    with pytest.raises(Mistaken) as caught:
        load_potentials(write(tmp_path, "potentials.yaml", text, texts))
    assert_found(caught.value.mistakes, case, POTENTIAL_CASES[case][2])


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    text = SET
    names = ("unknown-source", "basis", "times-or-per")
    for case in names:
        text = mended(text, CASES[case])
    with pytest.raises(Mistaken) as caught:
        load_book(write(tmp_path, "factors.yaml", text))
    assert set(names) <= {each.code for each in caught.value.mistakes}


def test_a_language_file_that_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, "factors.yaml", SET.replace("[en]", "[en, ar]"))
    with pytest.raises(Mistaken) as caught:
        load_book(tmp_path)
    assert caught.value.mistakes[0].code == "language-file-missing"


def test_every_mistake_has_a_case() -> None:
    source = Path(checking.__file__).read_text()
    codes = set(re.findall(r"say\(\s*\"([a-z0-9-]+)\"", source)) | {"basis", "basis-without-energy"}
    assert codes == {case.partition(" ")[0] for case in (*CASES, *TEXT_CASES, *POTENTIAL_CASES)} & codes
    assert len(codes) > 15
