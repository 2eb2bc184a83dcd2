"""The command line as a process of its own, the way people and scripts run it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Outcome:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]

# WeasyPrint 70 leaves its colour profile open; every other warning is an error here as everywhere.
_WARNINGS = ("-W", "error", "-W", "ignore::ResourceWarning")


@pytest.fixture
def itti(tmp_path: Path) -> Run:
    """Run ``itti`` with these words in an empty folder with a data folder of its own."""

    def run(*words: str | Path, given: str = "", code: int | None = 0, **environment: str) -> Outcome:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
        settings = {"ITTI_DATA_FOLDER": str(tmp_path / "data"), "LANG": "en_GB.UTF-8", "PYTHONPATH": str(ROOT)}
        found = subprocess.run(
            [sys.executable, *_WARNINGS, "-m", "itti", *map(str, words)],
            cwd=tmp_path,
            env=kept | settings | environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        outcome = Outcome(found.returncode, found.stdout, found.stderr)
        assert "Traceback" not in outcome.err, outcome.err
        assert code is None or outcome.code == code, outcome
        return outcome

    return run
