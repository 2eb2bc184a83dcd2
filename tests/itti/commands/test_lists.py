"""Lists at the terminal: items by name in the calculation, in tables, in what a workbook changes."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.itti import lines
from tests.itti.commands.conftest import Run


def test_items_are_told_by_name(itti: Run, tmp_path: Path) -> None:
    folder = lines.write(tmp_path / "lines")
    sheet = {"questionnaire": lines.FAMILY, "version": "1.0.0", "answers": lines.ANSWERS}
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(sheet, allow_unicode=True), "utf-8")
    said = itti("score", "a.yaml", "--definition", folder, "--explain").out
    assert f"[overall]: {lines.INDEX}" in said
    assert "Extrusion 1 – Upkeep [lines.line-1.upkeep]: level 3" in said, "without marks of direction"
    itti("score", "a.yaml", "--definition", folder, "--csv", "a.csv")
    assert "Extrusion 1" in (tmp_path / "a.csv").read_text("utf-8")
    itti("questionnaires", "workbook", folder, "--answers", "a.yaml", "--output", "a.xlsx")
    sheet["answers"] = lines.ANSWERS | {
        "lines.line-1.rejects": {"number": 400},
        "lines": {"items": [*lines.TWO, {"id": "line-3", "name": "Packing"}]},
    }
    (tmp_path / "b.yaml").write_text(yaml.safe_dump(sheet, allow_unicode=True), "utf-8")
    read = itti("questionnaires", "read-workbook", "a.xlsx", "--definition", folder, "--current", "b.yaml").out
    assert "Extrusion 1 – Rejects [lines.line-1.rejects]: 400 → 3 (number)" in read
    assert "Extrusion 1, خط الحليب, Packing → Extrusion 1, خط الحليب (items)" in read
    refused = itti("score", "b.yaml", "--definition", folder, code=2).err
    assert "Extrusion 1 – More is rejected than is made." in refused
