"""``itti evidence expire``."""

from __future__ import annotations

from tests.itti.commands.conftest import Run, Upgrade


def test_expire_with_nothing_over_its_time(itti: Run, upgrade: Upgrade) -> None:
    assert "itti database upgrade" in itti("evidence", "expire", code=2).err
    upgrade()
    assert itti("evidence", "expire").out == "Assessments whose evidence was let go: 0\n"
    assert itti("evidence", "expire", "--dry-run").out == "Assessments whose evidence is over its time: 0\n"
