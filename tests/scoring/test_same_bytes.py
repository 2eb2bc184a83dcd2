"""The same answers give the same bytes: on every machine, every Python, whatever the order of hashes; and alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.scoring.scorecards import ROOT

HERE = Path(__file__).parent
REFUSING = "import sys; from tests.scoring.scorecards import EngineOnly; sys.meta_path.insert(0, EngineOnly())\n"


def run(*words: str, seed: str = "0", zone: str = "UTC", language: str = "C.UTF-8") -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language}
    found = subprocess.run(
        [sys.executable, "-W", "error", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def test_scorecards_of_all_examples_are_those_written_down() -> None:
    """The digests were made with Python 3.11 and are the same with 3.13; nothing above the engine is imported."""
    locked = (HERE / "scorecards.lock").read_text()
    assert run("-m", "tests.scoring.scorecards", seed="1").splitlines() == locked.splitlines()
    assert run("-m", "tests.scoring.scorecards", seed="4242", zone="Asia/Dubai", language="C") == locked


def test_the_engine_works_where_nothing_above_it_can_be_imported() -> None:
    text = (ROOT / "docs" / "scoring-alone.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert run("-c", REFUSING + code).splitlines() == re.findall(r"# prints: (.*)", code)


def test_every_module_of_the_engine_is_importable_alone() -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for room in ("questionnaires", "scoring")
        for path in sorted((ROOT / room).rglob("*.py"))
    ]
    refusing = REFUSING.replace("EngineOnly()", "EngineOnly('numpy')")
    assert run("-c", refusing + "".join(f"import {module}\n" for module in modules)) == ""


def test_what_is_refused_would_be_missed() -> None:
    """The proof is worth something: with the same refusal in place the rooms above cannot be imported."""
    code = REFUSING + "try:\n    import reports.verify\nexcept ImportError as error:\n    print(error)"
    assert run("-c", code).startswith("the engine must not need")
