"""A questionnaire that states a profile: every command says so and asks for nothing that is not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.itti.commands.conftest import Run
from tests.published.cases import HERE, cases_of

C2M2 = HERE / "c2m2"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Answers to a model of two domains and no overall figure."""
    path = tmp_path / "plant.json"
    answers = dict(cases_of("c2m2")[0].answers)
    path.write_text(json.dumps({"questionnaire": "c2m2", "version": "1.0.0", "answers": answers}))
    return path


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en_GB.UTF-8", "Domains [domains]: a profile; no overall figure"),
        ("ar_AE.UTF-8", "Domains [domains]: ملف تفصيلي بلا رقم إجمالي"),
    ],
)
def test_score_shows_the_parts_in_place_of_a_figure(itti: Run, sheet: Path, language: str, said: str) -> None:
    lines = itti("score", sheet, "--definition", C2M2, LANG=language).out.splitlines()
    assert lines[2:5] == [said, "Assets mil [assets-mil]: 3", "Threats mil [threats-mil]: 1"]
    explained = itti("score", sheet, "--definition", C2M2, "--explain", LANG=language).out
    assert explained.count(said.partition(": ")[2]) == 2


@pytest.mark.parametrize(
    "command", [("levers",), ("statistics", "benchmark", "--by", "sector"), ("statistics", "uncertainty")], ids=str
)
def test_what_needs_a_value_names_the_nodes_that_have_one(itti: Run, sheet: Path, command: tuple[str, ...]) -> None:
    said = itti(*command, sheet, "--definition", C2M2, code=2).err
    assert '"domains" is a profile' in said
    assert "assets-mil, threats-mil" in said


def test_a_node_in_the_profile_can_be_lifted(itti: Run, sheet: Path) -> None:
    assert "threats-mil" in itti("levers", sheet, "--definition", C2M2, "--node", "threats-mil").out
