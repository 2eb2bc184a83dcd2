"""Dates on the form: typed with the year first in any digits, shown in words, refused where they are ambiguous."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from itti.calendar.reckoning import plain_day_words
from itti.web.forms import day_text
from questionnaires.wording import LANGUAGES, say
from tests.itti.assessments.story import Story, plan, tell
from tests.itti.conftest import World
from tests.itti.shelf import EVERY_WORD, every_word

ISSUED = "permit-issued"


@pytest.fixture
def story(world: World, tmp_path: Path) -> Iterator[Story]:
    """An assessment whose questionnaire asks for dates."""
    with every_word(tmp_path):
        story = tell(world)
        for user in (story.assessor, story.reviewer):
            world.accredit(user, EVERY_WORD)
        story.id = plan(world, story.factory, story.assessor, story.office, family=EVERY_WORD)
        yield story.started()


@pytest.mark.parametrize(
    "text",
    ["2024-02-29", "2024/02/29", "2024.2.29", "٢٠٢٤-٠٢-٢٩", "\u200f٢٠٢٤/٢/٢٩", "۲۰۲۴-۰۲-۲۹", " 2024-02-29 "],
)
def test_days_are_read_in_any_digits(text: str) -> None:
    assert day_text(text) == "2024-02-29"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "29/02/2024",
        "03/04/2026",
        "2023-02-29",
        "2024-13-01",
        "2024-02/29",
        "20240229",
        "24-02-29",
        "today",
        "٢" * 50,
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert day_text(text) is None


def posted(story: Story, text: str, **more: str) -> dict[str, str]:
    return {f"version:{ISSUED}": "", f"date:{ISSUED}": text, f"reason:{ISSUED}": "Seen.", "then": "stay"} | more


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_that_is_typed_is_kept_and_shown(story: Story, language: str) -> None:
    assessor = story.world.browser(story.assessor)
    assessor.get(f"/language/{language}")
    answer = assessor.post(f"{story.path}/answers/{ISSUED}", data=posted(story, "٢٠٢٤/٠٢/٢٩"))
    assert answer.status_code == 303, answer.text
    page = assessor.get(answer.headers["location"]).text
    field = re.search(rf'<input type="date"[^>]*name="date:{ISSUED}"[^>]*>', page)
    assert field is not None
    assert 'value="2024-02-29"' in field[0]
    assert 'min="2000-01-01"' in field[0]
    assert 'max="2050-12-31"' in field[0]
    limit = say("itti.web", "date.earliest", language, day="§").partition("§")[0].strip()
    assert limit in page
    assert plain_day_words(date(2000, 1, 1), language) in page
    assert story.api(story.assessor).get(f"{story.path}/answers/{ISSUED}").json()["date"] == "2024-02-29"


@pytest.mark.parametrize(("text", "why"), [("03/04/2026", "field.not-a-date"), ("1999-12-31", "date-out-of-range")])
def test_a_day_that_cannot_be_is_refused_with_the_reason(story: Story, text: str, why: str) -> None:
    assessor = story.world.browser(story.assessor)
    page = assessor.post(f"{story.path}/answers/{ISSUED}", data=posted(story, text))
    assert page.status_code == 422
    assert f'value="{text}"' in page.text
    assert 'aria-invalid="true"' in page.text
    if why.startswith("field."):
        assert say("itti.http", why, "en") in page.text
    else:
        assert "2050-12-31" in page.text
    assert story.api(story.assessor).get(f"{story.path}/answers/{ISSUED}").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_questionnaires_page_says_which_days_are_taken(story: Story, language: str) -> None:
    visitor = story.world.browser(story.assessor)
    visitor.get(f"/language/{language}")
    page = visitor.get(f"/questionnaires/{EVERY_WORD}/1.0.0").text
    assert plain_day_words(date(2050, 12, 31), language) in page
