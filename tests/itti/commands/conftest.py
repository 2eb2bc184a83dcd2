"""The command line as a process of its own for each command, the way people and scripts run it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.itti.commands.ready import Ready

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Outcome:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]
Upgrade = Callable[[], None]

# WeasyPrint 70 leaves its colour profile open; every other warning is an error here as everywhere.
WARNINGS = ("-W", "error", "-W", "ignore::ResourceWarning")


TAKES_PART = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
"""What a command takes from the environment of the tests."""


def alone(*words: str | Path, **environment: str) -> str:
    """What ``itti`` says with these words in an interpreter of its own: for what is settled when one starts."""
    settings = TAKES_PART | {"LANG": "en_GB.UTF-8", "PYTHONPATH": str(ROOT)} | environment
    command = [sys.executable, *WARNINGS, "-m", "itti", *map(str, words)]
    return subprocess.run(command, env=settings, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="session")
def _ready() -> Iterator[Ready]:
    made = Ready(WARNINGS, TAKES_PART | {"LANG": "en_GB.UTF-8", "PYTHONPATH": str(ROOT)}, seconds=120)
    yield made
    made.close()


@pytest.fixture
def itti(tmp_path: Path, _ready: Ready) -> Run:
    """Run ``itti`` with these words in an empty folder with a data folder of its own."""

    def run(*words: str | Path, given: str = "", code: int | None = 0, **environment: str) -> Outcome:
        settings = {"ITTI_DATA_FOLDER": str(tmp_path / "data"), "LANG": "en_GB.UTF-8", "PYTHONPATH": str(ROOT)}
        outcome = Outcome(
            *_ready.run([str(word) for word in words], tmp_path, TAKES_PART | settings | environment, given)
        )
        assert "Traceback" not in outcome.err, outcome.err
        assert code is None or outcome.code == code, outcome
        return outcome

    return run


@pytest.fixture
def upgrade(tmp_path: Path, migrated: Path) -> Upgrade:
    """Leaves in the data folder of the commands what ``itti database upgrade`` would, in a fraction of its time."""

    def run() -> None:
        shutil.copytree(migrated, tmp_path / "data", dirs_exist_ok=True)

    return run
