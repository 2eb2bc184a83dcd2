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
    first_edition = min((ROOT / "questionnaires/published/itti/1.0.0/examples").iterdir())
    assert "itti@1.0.0 declares no prioritisation" in itti("priorities", first_edition, code=2).err


def test_the_orders_of_itti(itti: Run) -> None:
    """What the guide prints, word for word; and an order without any figures."""
    guide = (ROOT / "docs" / "levers.md").read_text("utf-8")
    workshop = ROOT / "questionnaires/published/itti/2.0.0/examples/metal-workshop.yaml"
    figures = ROOT / "docs" / "itti-priority-figures.yaml"
    said = itti("priorities", workshop, "--prioritisation", "all-factors", "--figures", figures).out
    shown = guide.partition("--figures docs/itti-priority-figures.yaml\n…\n")[2].partition("…\n```")[0]
    assert shown
    assert shown in said
    alone = json.loads(itti("priorities", workshop, "--json").out)
    assert (alone["prioritisation"], alone["items"][0]["of"]) == ("gap-and-weight", "warehouse-logistics")
    missing = [item["of"] for item in alone["items"] if item["rank"] is None]
    assert missing == ["product-design", "customer-service"], "they do not apply"
    soon = itti("priorities", workshop, "--prioritisation", "soon-and-cheap", "--figures", figures, ITTI_LANGUAGE="ar")
    assert soon.out.startswith("عاجلاً وبتكلفة قليلة [soon-and-cheap]")
