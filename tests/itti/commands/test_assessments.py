"""``itti assessments``: what time demands, and the page of states and moves."""

from __future__ import annotations

from pathlib import Path

from tests.itti.commands.conftest import Run, Upgrade


def test_due_with_nothing_due(itti: Run, upgrade: Upgrade) -> None:
    assert "itti database upgrade" in itti("assessments", "due", code=2).err
    upgrade()
    assert itti("assessments", "due").out == "Entered: 0\n"
    assert itti("assessments", "due", "--dry-run").out == "Due: 0\n"


def test_diagram(itti: Run) -> None:
    written = (Path(__file__).parents[3] / "docs" / "states.md").read_text(encoding="utf-8")
    assert itti("assessments", "diagram").out == written
