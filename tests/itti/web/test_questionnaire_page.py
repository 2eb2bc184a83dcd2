"""The page of a questionnaire says what its figures are, and which answers cannot all be true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.itti import lines
from tests.itti.conftest import World
from tests.itti.shelf import EVERY_WORD, every_word


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "the quantile at 0.5 of “Hours of training per employee and year” over the cohort"),
        (
            "en",
            "of the 25 % with the greatest values; rounded up to whole members; equal values at the limit all count",
        ),
        (
            "en",
            "(R-6); only of those for whom this holds: training &lt; best-training",
        ),
        (
            "en",
            "training &lt; best-training; taken once these are known: The most training in the cohort",
        ),
        ("ar", "يُستخرج بعد معرفة: The most training in the cohort"),
        ("en", "ranked by “Overall index”; for each group by Sector; nothing where fewer than 5 count"),
        (
            "en",
            "members, halves up, to rank 1 at least, however few there are; equals at the limit of a place all",
        ),
        ("en", "the numbers of all options picked are multiplied"),
        ("ar", "إلى الترتيب 1 على الأقل مهما قل العدد؛ المتساوون عند حد رتبة ينالون جميعاً الرتبة الأدنى"),
        ("ar", "لكل فئة بحسب Sector؛ ولا يُذكر شيء إذا قل العدد عن 5"),
        ("ar", 'غير ذلك: <bdi dir="ltr">60 kWh / t</bdi>'),
        ("ar", 'فقط: <bdi dir="ltr">training &lt; best-training</bdi>؛'),
        ("ar", "قيمة «Hours of training per employee and year» عند الرتبة النسبية 0.5 في المجموعة"),
    ],
)
def test_it_says_what_is_taken_of_a_cohort(world: World, tmp_path: Path, language: str, told: str) -> None:
    with every_word(tmp_path):
        visitor = world.browser(world.create_assessor())
        visitor.get(f"/language/{language}")
        page = visitor.get(f"/questionnaires/{EVERY_WORD}/1.0.0")
        assert page.status_code == 200
        assert told in page.text


def test_what_is_asked_of_every_item_stands_below_its_list(world: World) -> None:
    with lines.published():
        page = world.browser(world.create_assessor()).get(f"/questionnaires/{lines.FAMILY}/1.0.0").text
    titles = re.findall(r'<details class="more"><summary>(.*?)<span|<h3>(.*?)</h3>', page)
    assert ["".join(each) for each in titles] == [
        "Facts of the plant",
        "Founded in",
        "Production lines",
        "Asked of each: Production lines",
        "Output",
        "Rejects",
        "Reject rate",
        "Upkeep",
        "Training",
    ]
    assert "At most 4." in page


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "Answers that cannot all be true"), ("ar", "إجابات لا تصحّ معاً")],
)
def test_it_says_which_answers_cannot_all_be_true(world: World, tmp_path: Path, language: str, told: str) -> None:
    with every_word(tmp_path):
        visitor = world.browser(world.create_assessor())
        visitor.get(f"/language/{language}")
        page = visitor.get(f"/questionnaires/{EVERY_WORD}/1.0.0").text
        assert told in page
        assert "The operating permit ends before it was issued." in page
    assert told not in visitor.get("/questionnaires/itti/1.0.0").text
