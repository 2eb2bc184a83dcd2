"""Weights, limits and bands that follow from answers, as the report draws and prints them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from questionnaires.loading import load_folder
from questionnaires.model import Definition
from questionnaires.wording import say
from reports import charts
from reports.gauge import marked, pieces
from reports.outline import Outline, outline
from reports.render import page
from reports.report import Standing
from scoring import Answer, ChoiceAnswer, NumberAnswer
from tests.reports.papers import scored
from tests.reports.shapes import told

MODEL = Path(__file__).parents[1] / "published" / "sector-marks"


@cache
def marks() -> Definition:
    return load_folder(MODEL)


def answers(sector: str, **numbers: int) -> dict[str, Answer]:
    given: dict[str, Answer] = {"sector": ChoiceAnswer(choice=sector)} if sector else {}
    everywhere = {"emissions": 70, "policy": 70, "contracts": 60, "audits": 35, "own-goal": 60}
    taken = everywhere | {name.replace("_", "-"): number for name, number in numbers.items()}
    return given | {name: NumberAnswer(number=number) for name, number in taken.items()}


def content(given: dict[str, Answer], language: str = "en") -> Outline:
    return outline(marks(), scored(marks(), given), language)


@pytest.mark.parametrize(("sector", "limits"), [("chemicals", ["0", "60", "75"]), ("software", ["0", "50", "65"])])
def test_bands_are_drawn_where_they_begin_in_the_sector(sector: str, limits: list[str]) -> None:
    headline = content(answers(sector)).headline
    drawn = pieces(headline, marks().words("en").bands, rightward=True)
    assert [str(limit) for limit in headline.limits] == limits
    assert [piece.start for piece in drawn] == sorted(piece.start for piece in drawn)
    assert [piece.lowest for piece in drawn if piece.lowest] == limits


def test_where_a_limit_has_no_number_all_bands_have_one_length() -> None:
    """The own goal lies above the limit that comes after it, so no band is stated, and none is drawn as reached."""
    label = next(each for each in content(answers("other", own_goal=95)).sub_indices if each.id == "label")
    drawn = pieces(label, marks().words("en").bands, rightward=True)
    assert label.score.band is None
    assert not any(piece.here for piece in drawn)
    assert label.remark == "bands"
    unknown = next(each for each in content(answers("", own_goal=60)).sub_indices if each.id == "label")
    assert marked(unknown) is None or unknown.score.band is None


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_paper_tells_what_each_came_to_and_why_there_is_no_band(language: str) -> None:
    html = page(told(marks(), answers("software", own_goal=95)), marks(), language)
    assert say("reports", "paper.amounts", language) in html
    weight = say("reports", "paper.amount.weight", language, title=marks().words(language).nodes["supply-theme"].title)
    assert weight in html
    assert say("reports", "paper.amount.band", language, title="Passed") in html
    plain = page(told(marks(), answers("chemicals")), marks(), language)
    for why in ("bands", "amount"):
        assert say("reports", f"paper.why.{why}", language) not in plain


def test_the_headline_says_that_its_weights_wait() -> None:
    html = page(told(marks(), answers(""), Standing.DRAFT), marks(), "en")
    assert say("reports", "paper.why.amount-open", "en") in html


def test_charts_are_drawn_with_and_without_limits() -> None:
    for given in (answers("other"), answers("")):
        card = scored(marks(), given)
        assert charts.gauge(marks(), card, "en").startswith("<svg")
        assert charts.bars(marks(), card, "en").startswith("<svg")
