"""Marks and the way to start from an earlier assessment, on pages."""

from __future__ import annotations

import pytest

from itti.accounts.tables import User
from tests.itti.carrying.upgrade import QUESTIONS, Upgrade
from tests.itti.conftest import World

FIRST = QUESTIONS[0]


@pytest.fixture
def carried(both: Upgrade) -> Upgrade:
    """Everything carried, nothing looked at."""
    both.carried(both.new.assessor)
    return both


def page(both: Upgrade, user: User, path: str = "", language: str = "en") -> str:
    """The HTML of a page of the new assessment."""
    browser = both.new.world.browser(user)
    browser.get(f"/language/{language}")
    answer = browser.get(f"{both.new.path}{path}", follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


@pytest.mark.parametrize(("language", "words"), [("en", "I have looked at it"), ("ar", "نظرتُ فيها")])
def test_the_form_shows_marks_with_the_old_answer(carried: Upgrade, language: str, words: str) -> None:
    html = page(carried, carried.new.assessor, f"/answers/{FIRST}", language)
    assert words in html
    assert "data-look" in html
    assert f"{carried.new.path}/answers/{FIRST}/looked-at" in html
    assert "1.0.0" in html
    others = page(carried, carried.new.office, f"/answers/{FIRST}?phase=assessed", language)
    assert "data-look" in others
    assert words not in others, "only who may answer can say so"


def test_a_look_leads_on_to_the_next(carried: Upgrade) -> None:
    browser = carried.new.world.browser(carried.new.assessor)
    address = f"{carried.new.path}/answers/{FIRST}/looked-at"
    answer = browser.post(address, data={"version": "1"})
    assert answer.status_code == 303
    assert QUESTIONS[1] in answer.headers["location"]
    assert carried.answers(carried.new)[FIRST]["look_again"] is None
    stale = browser.post(f"{carried.new.path}/answers/{QUESTIONS[1]}/looked-at", data={"version": "9"})
    assert stale.status_code == 303
    assert carried.answers(carried.new)[QUESTIONS[1]]["look_again"]


def test_looks_of_strangers_and_others_are_refused(carried: Upgrade, world: World) -> None:
    address = f"{carried.new.path}/answers/{FIRST}/looked-at"
    assert world.browser().post(address, data={"version": "1"}).status_code == 401
    assert world.browser(carried.new.office).post(f"{address}?phase=assessed", data={"version": "1"}).status_code == 403
    assert carried.answers(carried.new)[FIRST]["look_again"]


def test_submitting_names_the_questions(carried: Upgrade) -> None:
    html = page(carried, carried.new.assessor, "/submit")
    assert "answers to look at again" in html
    assert f"/answers/{QUESTIONS[0]}" in html or f"#{QUESTIONS[0]}" in html
    overview = page(carried, carried.new.assessor)
    assert "must be looked at again before submitting" in overview
