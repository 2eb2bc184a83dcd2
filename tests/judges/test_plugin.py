"""A run under CI=true fails on a skipped test, unless a Java judge could not be had; and it names that judge last."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.judges.absence import CHECKOUT, EXCUSED

SKIPPING = """
import pytest

pytest.importorskip("sys")

def test_skipped():
    pytest.skip({reason!r})

@pytest.mark.xfail(reason="known", strict=True)
def test_expected_to_fail():
    assert False
"""

# Stands in for a machine whose Maven cannot reach its registry.
UNREACHABLE = """
from tests.judges import absence

absence.missing.cache_clear()
absence._libreoffice = absence._fingerprints = lambda: None
absence.JUDGES = __import__("pathlib").Path(__file__).parent / "judges"
absence.JUDGES.mkdir(exist_ok=True)
(absence.JUDGES / "absent").write_text("Maven cannot reach its registry")
"""


def run_pytest(folder: Path, test: str, *, ci: bool, conftest: str = "") -> tuple[int, list[str]]:
    """Run one test file in a folder of its own; the exit code and the lines that it printed."""
    (folder / "test_it.py").write_text(test, "utf-8")
    (folder / "conftest.py").write_text(conftest, "utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": str(CHECKOUT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # loading everybody's plugins takes longer than all else
        "CI": "true" if ci else "",
    }
    environment.pop("PYTEST_ADDOPTS", None)
    command = [sys.executable, "-m", "pytest", "-p", "tests.judges.plugin", "-p", "no:cacheprovider", "--rootdir", "."]
    run = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder, env=environment)
    return run.returncode, run.stdout.splitlines()


def test_a_skip_is_a_failure_in_ci(tmp_path: Path) -> None:
    code, lines = run_pytest(tmp_path, SKIPPING.format(reason="no chromium here"), ci=True)

    assert code == 1
    assert any("No test may be skipped under CI=true" in line and "no chromium here" in line for line in lines)
    assert "1 failed, 1 xfailed" in lines[-1]


def test_a_skip_is_a_skip_at_a_desk(tmp_path: Path) -> None:
    code, lines = run_pytest(tmp_path, SKIPPING.format(reason="no chromium here"), ci=False)

    assert code == 0
    assert "1 skipped, 1 xfailed" in lines[-1]


def test_a_skipped_module_is_a_failure_in_ci(tmp_path: Path) -> None:
    module = "import pytest\npytest.skip('not on this system', allow_module_level=True)\n"

    code, lines = run_pytest(tmp_path, module, ci=True)

    assert code != 0
    assert any("not on this system" in line for line in lines)


def test_an_absent_java_judge_is_excused_in_ci_and_named_last(tmp_path: Path) -> None:
    asking = "from tests.judges import need\ndef test_asks():\n    need('verapdf')\n"

    code, lines = run_pytest(tmp_path, asking, ci=True, conftest=UNREACHABLE)

    assert code == 0
    assert "1 skipped" in lines[-1]
    assert [line for line in lines if line][-5:-1] == [
        "verapdf: Maven cannot reach its registry",
        "dss: Maven cannot reach its registry",
        "poi: Maven cannot reach its registry",
        "s3proxy: Maven cannot reach its registry",
    ]


def test_an_absent_program_is_not_excused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = "from tests.judges import need\ndef test_asks():\n    need('qpdf')\n"
    monkeypatch.setenv("PATH", str(tmp_path))

    code, lines = run_pytest(tmp_path, asking, ci=True, conftest=UNREACHABLE)

    assert code == 1
    assert not any(line.startswith(EXCUSED) for line in lines)
    assert any("the program qpdf is not here" in line for line in lines)
