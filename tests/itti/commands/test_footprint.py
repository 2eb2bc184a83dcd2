"""``itti footprint``: an inventory in, its footprint out, as the guide says; and ``itti factors``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path
from shutil import copytree

import pytest

from itti.cli import main
from itti.commands.words import language
from questionnaires.factors.loading import FACTORS
from scoring.footprint import Footprint
from tests.itti.commands.conftest import ROOT, Outcome, Run

GUIDE = (ROOT / "docs" / "footprints.md").read_text()
BLOCKS = re.findall(r"```text\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def itti(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run ``itti`` in this process, which needs no second for each call; ``given`` is what stands on its input."""

    def run(*words: str | Path, given: str = "", code: int = 0, LANG: str = "en") -> Outcome:  # noqa: N803
        monkeypatch.setenv("ITTI_LANGUAGE", LANG)
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(given.encode())))
        language.cache_clear()
        found = main([str(word) for word in words])
        captured = capsys.readouterr()
        assert found == code, captured
        return Outcome(found, captured.out, captured.err)

    yield run
    language.cache_clear()


@pytest.fixture
def tiles(tmp_path: Path) -> Path:
    """The inventory of the guide."""
    path = tmp_path / "tiles.yaml"
    path.write_text(re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)[0])
    return path


def test_the_guide_prints_what_comes_out(itti: Run, tiles: Path) -> None:
    assert itti("footprint", tiles).out == BLOCKS[0]
    explained = itti("footprint", tiles, "--explain").out
    assert explained.startswith(BLOCKS[0])
    assert BLOCKS[1] in explained
    assert "  By market:\n  × 0 kgCO2e / kWh: Wind power under contract (own/wind)" in explained
    assert "  paving: 1/10 → 41632.7 kgCO2e" in explained
    assert "each stated value is rounded once, to 2 decimals" in explained


def test_json_is_the_canonical_footprint(itti: Run, tiles: Path) -> None:
    said = itti("footprint", tiles, "--json").out
    found = Footprint.from_json(said.encode())
    assert found.total.value == "430.97"
    assert found.to_json().decode() == said.rstrip("\n")


def test_arabic_terminal(itti: Run, tiles: Path) -> None:
    said = itti("footprint", tiles, "--explain", LANG="ar_AE.UTF-8").out
    assert "البصمة: 430.97 kgCO2e لكل 1 t" in said
    assert "الوقود المحترق: الغاز الطبيعي (desnz@2025-v1/natural-gas-kwh-gross)" in said


def test_other_potentials_are_refused_where_totals_have_no_parts(itti: Run, tiles: Path) -> None:
    said = itti("footprint", tiles, "--gwp", "ar6", code=2).err
    assert "tiles.yaml:40: /lines/1/factor: desnz@2025-v1/wtt-natural-gas-kwh-gross is a total made with ar5" in said
    tiles.write_text(tiles.read_text().replace("gwp: ar5\nunit", "gwp: {set: ar5, other: warn}\nunit"))
    assert "(AR6, methane by origin)" in itti("footprint", tiles, "--gwp", "ar6").out


def test_unexpected_figure_ends_with_one(itti: Run, tiles: Path) -> None:
    text = tiles.read_text()
    tiles.write_text(text + 'expected: {total: "430.97", scope-2-market: "0.00", kiln: "274.44"}\n')
    itti("footprint", tiles)
    given = text + 'expected: {total: "430.98", nothing: "1"}\n'
    said = itti("footprint", "-", given=given, code=1).err
    assert "total is expected to be 430.98 but comes out as 430.97" in said
    assert "nothing is expected to be 1 but comes out as –" in said


def test_a_set_of_ones_own_counts(itti: Run, tiles: Path, tmp_path: Path) -> None:
    folder = Path(copytree(FACTORS / "dewa" / "2023", tmp_path / "works"))
    for file in folder.glob("*.yaml"):
        file.write_text(file.read_text().replace("publisher: dewa", "publisher: works"))
    tiles.write_text(
        tiles.read_text().replace("desnz@2025-v1/electricity\n    market", "works@2023/electricity\n    market")
    )
    assert "Scope 2 by location: 161.64 kgCO2e" in itti("footprint", tiles, "--factors", folder).out
    assert "there is no factor set works@2023 here" in itti("footprint", tiles, code=2).err.replace('"', "")


def test_nobody_counts_with_a_changed_published_set(itti: Run, tiles: Path, tmp_path: Path) -> None:
    folder = Path(copytree(FACTORS / "dewa" / "2023", tmp_path / "2023"))
    assert itti("footprint", tiles, "--factors", folder).out == BLOCKS[0]
    file = folder / "factors.yaml"
    file.write_text(file.read_text().replace("0.4041", "0.3041"))
    assert "dewa@2023 is not what was published" in itti("footprint", tiles, "--factors", folder, code=2).err


def test_hostile_input_ends_in_sentences(itti: Run, tmp_path: Path) -> None:
    for text in ("", "[]", "name: !!python/object:os.system x", "lines: " + "[" * 100, "\x00", "name: &a [*a]"):
        assert itti("footprint", "-", given=text, code=2).err.startswith("itti: -")
    assert "No such file" in itti("footprint", tmp_path / "none.yaml", code=2).err


def test_sets_are_listed(itti: Run) -> None:
    assert (
        "desnz@2025-v1  UK government conversion factors 2025 (DESNZ, version 1) (143)" in itti("factors", "list").out
    )
    rows = json.loads(itti("factors", "list", "--json").out)
    assert {"desnz@2025-v1", "ipcc@ar6"} <= {row["name"] for row in rows}
    assert all(len(row["digest"]) == 64 and set(row["texts"]) == {"en", "ar"} for row in rows)


def test_a_set_and_a_factor_are_shown(itti: Run) -> None:
    said = itti("factors", "show", "epa-hub@2025").out
    assert "natural-gas-heat: Natural Gas: 1 scf = 0.001026 mmBtu" in said
    assert "Fuels burnt in stationary plant" in said
    assert "sf6: 25200 | 24300" in itti("factors", "show", "ipcc@ar6").out
    one = itti("factors", "show", "desnz@2025-v1/natural-gas-kwh-gross").out
    assert "0.18296 kgCO2e / kWh (gross); United Kingdom, 2025 [certain]" in one
    assert "ch4-fossil: 0.00028 kgCO2e" in one
    assert "Open Government Licence v3.0" in one
    assert json.loads(itti("factors", "show", "dewa@2023/electricity", "--json").out)["factor"]["value"] == "4041/10000"
    assert json.loads(itti("factors", "show", "ipcc@ar5", "--json").out)["edition"] == "ar5"


def test_what_is_not_there_names_what_is(itti: Run) -> None:
    said = itti("factors", "show", "desnz@2025-v1/glass", code=2).err
    assert "desnz@2025-v1/glass-primary" in said
    assert "desnz@2025-v1" in itti("factors", "show", "desnz@1999", code=2).err
    assert "itti factors list" in itti("factors", "find", "unobtainium", code=1).err


def test_factors_are_found_in_both_languages(itti: Run) -> None:
    english = itti("factors", "find", "electricity", "dubai").out
    assert "dewa@2023/electricity" in english
    assert "dewa@2023/electricity" in itti("factors", "find", "دبي", LANG="ar_AE.UTF-8").out
    assert json.loads(itti("factors", "find", "electricity", "dubai", "--json").out) == ["dewa@2023/electricity"]


def test_sets_are_validated(itti: Run, tmp_path: Path) -> None:
    assert "ipcc@ar6: valid, 25 rows" in itti("factors", "validate").out
    folder = Path(copytree(FACTORS / "dewa" / "2023", tmp_path / "2023"))
    file = folder / "factors.yaml"
    file.write_text(file.read_text().replace("unit: MWh", "unit: tons"))
    said = itti("factors", "validate", folder, "nobody@1", code=1).err
    assert re.search(r"factors\.yaml:\d+: /factors/0/unit: \"tons\" means different things", said)
    assert "There is no factor set nobody@1 here" in said
