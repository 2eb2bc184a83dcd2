"""``itti priorities``: what to look at first, told with every number."""

from __future__ import annotations

import json
from pathlib import Path

from tests.itti.commands.conftest import ROOT, Run

EXAMPLE = ROOT / "questionnaires" / "example"
ANSWERS = next((EXAMPLE / "examples").glob("*.yaml"))
FIGURES = ROOT / "docs" / "priority-figures.yaml"


def test_every_number_is_told(itti: Run) -> None:
    words = ("priorities", ANSWERS, "--definition", EXAMPLE, "--figures", FIGURES)
    said = itti(*words).out
    assert "2. Upkeep [upkeep]: 4.90\n  Gap to the target: 0 → 0 points\n" in said
    assert "  2 × 0 + 1 × 2.4 + 1 × 0.5 + 1 × 2 = 4.9\n" in said
    assert "– Climate [climate]: no priority, because this is missing: Behind the best in class" in said
    found = json.loads(itti(*words, "--json").out)
    assert [item["of"] for item in found["items"]] == ["records", "upkeep", "people", "climate"]
    assert "بلا أولوية لنقص ما يلي" in itti(*words, ITTI_LANGUAGE="ar").out


def test_mistakes(itti: Run, tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text(FIGURES.read_text().replace("  cost:", "  price:"))
    said = itti("priorities", ANSWERS, "--definition", EXAMPLE, "--figures", "f.yaml", code=2).err
    assert "f.yaml:6: /figures/price: no prioritisation asks for figures" in said
    workshop = ROOT / "questionnaires/published/itti/2.0.0/examples/metal-workshop.yaml"
    assert "itti@2.0.0 declares no prioritisation" in itti("priorities", workshop, code=2).err
