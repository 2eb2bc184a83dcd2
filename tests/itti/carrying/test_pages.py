"""Marks and the way to start from an earlier assessment, on pages."""

from __future__ import annotations

import pytest

from itti.accounts.tables import User
from tests.itti.carrying.upgrade import QUESTIONS, Upgrade, planned, upgrade
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


# Starting from an earlier assessment


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_overview_leads_to_the_preview_and_on(both: Upgrade, language: str) -> None:
    html = page(both, both.new.assessor, "", language)
    assert f'href="{both.new.path}/carry-over"' in html
    preview = page(both, both.new.assessor, "/carry-over", language)
    assert f'action="{both.new.path}/carry-over/{both.old.id}"' in preview, "one source: its preview at once"
    assert "2.0.0" in preview
    assert preview.count("carry-over/") == 1
    assert both.answers(both.new) == {}
    browser = both.new.world.browser(both.new.assessor)
    done = browser.post(f"{both.new.path}/carry-over/{both.old.id}")
    assert (done.status_code, done.headers["location"]) == (303, both.new.path)
    assert len(both.answers(both.new)) > 60
    assert f'href="{both.new.path}/carry-over"' not in page(both, both.new.assessor), "nothing is open any more"
    again = page(both, both.new.assessor, f"/carry-over/{both.old.id}")
    assert "is here already" in again
    assert 'form="carry"' not in again


def test_several_are_chosen_from(both: Upgrade) -> None:
    later = planned(both.old, "1.0.0").started()
    later.answer_all(later.assessor, level=4)
    later.step(later.office, "withdraw", note="Twice.")
    newest = Upgrade(later, planned(both.old, "2.0.0").started())
    html = page(newest, newest.new.assessor, "/carry-over")
    assert html.index(str(later.id)) < html.index(str(both.old.id)), "newest first"
    assert "20 answers" in html


def test_what_is_there_is_kept_unless_chosen_otherwise(both: Upgrade) -> None:
    for question in QUESTIONS[:2]:
        both.new.put(both.new.assessor, question, level=5)
    browser, address = both.new.world.browser(both.new.assessor), f"{both.new.path}/carry-over/{both.old.id}"
    shown = browser.get(address).text
    assert shown.count('value="keep" checked') == 2
    silent = browser.post(address, data={f"take-{FIRST}": "1"})
    assert silent.status_code == 409
    assert 'role="alert"' in silent.text
    assert f'name="take-{FIRST}" value="1" checked' in silent.text, "the choice made is not lost"
    assert set(both.answers(both.new)) == set(QUESTIONS[:2]), "nothing was carried"
    both.new.put(both.new.assessor, FIRST, '"1"', level=4)
    stale = browser.post(address, data={f"take-{FIRST}": "1", f"take-{QUESTIONS[1]}": "keep"})
    assert stale.status_code == 412
    assert f'name="take-{FIRST}" value="2">' in stale.text, "what was seen is not what is there"
    done = browser.post(address, data={f"take-{FIRST}": "2", f"take-{QUESTIONS[1]}": "keep"})
    assert done.status_code == 303
    answers = both.answers(both.new)
    assert (answers[FIRST]["level"], answers[QUESTIONS[1]]["level"]) == (3, 5)


def test_refused(both: Upgrade, world: World) -> None:
    """A stranger, a wrong role, and what does not exist; the state that is closed."""
    address = f"{both.new.path}/carry-over"
    stranger = world.browser()
    assert stranger.get(address).headers["location"].startswith("/sign-in")
    assert stranger.post(f"{address}/{both.old.id}").status_code == 401
    office, assessor = world.browser(both.new.office), world.browser(both.new.assessor)
    for path in (address, f"{address}/{both.old.id}"):
        assert office.get(path).status_code == 403
    assert office.post(f"{address}/{both.old.id}").status_code == 403
    assert assessor.get(f"{address}/{both.new.id}").status_code == 404
    assert assessor.post(f"{address}/{both.new.id}").status_code == 404
    assert world.browser(both.new.owner).get(address).status_code == 409, "its turn is over"
    assert both.answers(both.new) == {}


def test_the_factory_starts_from_its_own_answers(world: World) -> None:
    both = upgrade(world)
    both.new.step(both.new.owner, "start-self-assessment")
    html = page(both, both.new.owner, f"/carry-over/{both.old.id}", "ar")
    assert "نظر" in html
    answer = world.browser(both.new.owner).post(f"{both.new.path}/carry-over/{both.old.id}")
    assert answer.status_code == 303
    assert {one["level"] for one in both.answers(both.new, "self").values()} == {2}
