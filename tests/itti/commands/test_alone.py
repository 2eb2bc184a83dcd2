"""Each command in a fresh interpreter: it imports what it needs, whoever imported nothing before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from questionnaires.loading import examples
from tests.itti.commands.conftest import ROOT, TAKES_PART, WARNINGS

EXAMPLE = str(examples("itti", "1.0.0")[0])
EVERY_WORD = ROOT / "questionnaires" / "example"
COHORT = [str(next((EVERY_WORD / "examples").glob("*.yaml"))), "--definition", str(EVERY_WORD)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["score", EXAMPLE], "2.15"),
        (["cohort", *COHORT], "1. "),
        (["report", EXAMPLE, "--output", "draft.pdf"], "draft.pdf"),
        (["questionnaires", "validate", "itti@1.0.0"], "itti"),
        (["questionnaires", "workbook", "itti@1.0.0", "--output", "w.xlsx"], "w.xlsx"),
        (["database", "upgrade"], "newest revision"),
        (["serve", "--help"], "--port"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_needs_nothing_that_others_imported(tmp_path: Path, words: list[str], said: str) -> None:
    done = subprocess.run(
        [sys.executable, *WARNINGS, "-m", "itti", *words],
        cwd=tmp_path,
        env=TAKES_PART | {"ITTI_DATA_FOLDER": str(tmp_path), "LANG": "en_GB.UTF-8", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert said in done.stdout
