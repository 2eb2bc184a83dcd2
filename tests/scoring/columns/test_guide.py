"""The example of the guide to populations does what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_example_runs() -> None:
    text = (ROOT / "docs" / "populations.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.splitlines() == re.findall(r"# prints: (.*)", code)


def test_the_engine_alone_needs_no_numpy() -> None:
    """Until a population is to be scored."""
    code = """
import sys
import scoring
assert "numpy" not in sys.modules
from scoring import score_population
assert "numpy" in sys.modules
from scoring.columns import score_population as same
assert score_population is same is scoring.score_population
assert not hasattr(scoring, "score_a_population")
"""
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
