"""The scorecard's page where weights, limits and bands follow from answers."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from itti.assessments import origins, scorecard_page
from questionnaires.loading import load_folder
from questionnaires.wording import say
from scoring import Answer, ChoiceAnswer, NumberAnswer, Scorecard, compile_plan, score

MARKS = load_folder(Path(__file__).parents[2] / "published" / "sector-marks")
NUMBERS: dict[str, Answer] = {
    name: NumberAnswer(number=number)
    for name, number in {"emissions": 70, "policy": 70, "contracts": 60, "audits": 35, "own-goal": 95}.items()
}


def card(sector: str) -> Scorecard:
    return score(compile_plan(MARKS), NUMBERS | {"sector": ChoiceAnswer(choice=sector)})


def explained(name: str, sector: str) -> origins.Explained:
    visit: Any = SimpleNamespace(language="en", say=lambda key, **told: say("itti.web", key, "en", **told))
    return origins.explained(visit, card(sector).node(name), card(sector), MARKS, {})


def test_weights_are_told_as_they_were_used() -> None:
    found = explained("rating", "software")
    assert [(part.weight, part.state, part.counted) for part in found.shares] == [
        ("20", "scored", True),
        ("80", "scored", True),
        ("0", "weightless", False),
    ]
    assert [(each.what, each.value) for each in found.amounts] == [
        ("Weight of “Environment”", "20"),
        ("Weight of “Labour”", "80"),
        ("Weight of “Supply chain”", "0"),
        ("“Passed” begins at", "50"),
        ("“Distinguished” begins at", "65"),
    ]


def test_a_band_that_is_not_stated_has_its_reason() -> None:
    found = explained("label", "chemicals")
    assert (found.band, found.why) == ("", say("itti.web", "why.bands", "en"))


def test_bands_of_the_headline_begin_where_they_do_in_the_sector() -> None:
    steps = scorecard_page._steps(card("chemicals").headline, MARKS, MARKS.words("en"))
    assert [step.starts for step in steps] == ["0", "60", "75"]
