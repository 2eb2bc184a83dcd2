"""Definitions, texts, answers, migrations, factor sets and inventories, warped: each command says what is wrong.

Every run ends with a code that is documented, soon, and never in a traceback.
"""

from __future__ import annotations

import shutil
import time
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itti.cli import main
from questionnaires.loading import EXAMPLE, EXAMPLE_UPGRADE, EXAMPLES, PUBLISHED, read_file
from tests import fuzzing
from tests.itti.footprints.stage import INVENTORY

LONGEST: Final = 20.0
"""Seconds that one may take, on a machine that does much else."""

QUESTIONNAIRES: Final = (*EXAMPLES, EXAMPLE_UPGRADE / "2.0.0", EXAMPLE_UPGRADE / "1.0.0")
SETS: Final = tuple(PUBLISHED / "factors" / each for each in ("epa-egrid/2023", "gb-t-2589/2020", "ipcc/ar6"))


@cache
def files(folder: Path) -> tuple[Path, ...]:
    """The files of a definition or a set, by their names within its folder."""
    found = (*folder.glob("*.yaml"), *folder.glob("examples/*.yaml"))
    return tuple(sorted(path.relative_to(folder) for path in found))


@cache
def told(path: Path) -> object:
    """What a sound file says."""
    return read_file(path).data


def with_warped(folder: Path, into: Path, which: int, seed: int) -> Path:
    """A copy of a folder with one of its files warped; the file."""
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(folder, into, ignore=shutil.ignore_patterns("lists*", "upgrade"))
    chosen = files(folder)[which % len(files(folder))]
    (into / chosen).write_bytes(fuzzing.warped(told(folder / chosen), seed))
    return into / chosen


def ends(*arguments: str | Path) -> None:
    """Run a command, which has to end by itself, soon, with a documented code."""
    begun = time.monotonic()
    assert main([str(each) for each in arguments]) in {0, 1, 2}
    assert time.monotonic() - begun < LONGEST


@given(folder=st.sampled_from(QUESTIONNAIRES), which=st.integers(0, 9), seed=fuzzing.seeds())
@fuzzing.times(12)
def test_questionnaires(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], folder: Path, which: int, seed: int
) -> None:
    warped = with_warped(folder, tmp_path / "own", which, seed)
    ends("questionnaires", "validate", tmp_path / "own")
    if warped.parent.name == "examples":
        ends("score", warped, "--definition", tmp_path / "own", "--explain")
    capsys.readouterr()


@given(folder=st.sampled_from(SETS), which=st.integers(0, 9), seed=fuzzing.seeds())
@fuzzing.times(6)
def test_factor_sets(tmp_path: Path, capsys: pytest.CaptureFixture[str], folder: Path, which: int, seed: int) -> None:
    with_warped(folder, tmp_path / "own", which, seed)
    ends("factors", "validate", tmp_path / "own")
    capsys.readouterr()


@given(seed=fuzzing.seeds())
@fuzzing.times(6)
def test_inventories(tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int) -> None:
    file = tmp_path / "inventory.json"
    file.write_bytes(fuzzing.warped(INVENTORY, seed))
    ends("footprint", file, "--explain")
    capsys.readouterr()


@given(seed=fuzzing.seeds())
@fuzzing.times(4)
def test_differences(tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int) -> None:
    with_warped(EXAMPLE, tmp_path / "own", 0, seed)
    ends("questionnaires", "diff", EXAMPLE, tmp_path / "own")
    capsys.readouterr()
