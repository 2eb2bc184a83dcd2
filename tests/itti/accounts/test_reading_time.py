"""In which zone and by which calendars somebody reads: chosen on the page and at the API, shown on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from itti.accounts.tables import Role
from itti.calendar.reckoning import Reckoning
from itti.calendar.zones import Calendar, zone_named
from itti.settings import Settings
from tests.itti.conftest import World, running_world
from tests.itti.expect import problem

CHOSEN = {"time_zone": "Asia/Tokyo", "calendar": "with-islamic"}


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    with running_world(settings.model_copy(update={"time_zone": "Asia/Dubai"})) as made:
        yield made


def test_strangers_and_people_without_a_choice_read_as_the_programme_does(world: World) -> None:
    user = world.create_user()
    page = world.browser(user).get("/account").text
    assert 'data-zone="Asia/Dubai"' in page
    assert "\u00a0UTC+4</time>" in page
    assert "\u00a0UTC</time>" not in page
    assert 'data-zone="Asia/Dubai"' in world.browser(None).get("/verify").text


def test_what_is_chosen_on_the_page_holds_on_every_page(world: World) -> None:
    user = world.create_user(Role.FACTORY)
    browser = world.browser(user)
    assert browser.post("/account/time", data=CHOSEN).headers["location"] == "/account#time"
    page = browser.get("/account").text
    assert '<option value="Asia/Tokyo" selected>' in page
    assert '<option value="with-islamic" selected>' in page
    shown = re.findall(r'<time datetime="([^"]+)">([^<]+)</time>', page)
    assert shown
    reckoning = Reckoning(zone_named("Asia/Tokyo"), Calendar.WITH_ISLAMIC, zone_named("Asia/Dubai"))
    assert all(words == reckoning.moment_words(datetime.fromisoformat(at), "en") for at, words in shown)
    browser.post("/account/time", data={"time_zone": "", "calendar": ""})
    assert 'data-zone="Asia/Dubai"' in browser.get("/account").text


def test_the_api_takes_the_choice_and_goes_on_in_utc(world: World) -> None:
    user = world.create_user(Role.FACTORY)
    api = world.api(user)
    answer = api.put("/me/time", json=CHOSEN)
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in CHOSEN} == CHOSEN
    tokens = api.get("/tokens").json()
    moment = datetime.fromisoformat(tokens[0]["created_at"])
    assert moment.utcoffset() == UTC.utcoffset(None)
    assert api.put("/me/time", json={"time_zone": None, "calendar": None}).json()["time_zone"] is None


@pytest.mark.parametrize(
    "choice",
    [
        {"time_zone": "Mars/Olympus", "calendar": None},
        {"time_zone": "../../etc/passwd", "calendar": None},
        {"time_zone": "A" * 65, "calendar": None},
        {"time_zone": "", "calendar": None},
        {"time_zone": 4, "calendar": None},
        {"time_zone": None, "calendar": "julian"},
        {"time_zone": None},
        {"calendar": None},
        {"time_zone": None, "calendar": None, "language": "ar"},
    ],
)
def test_what_is_no_zone_or_calendar_is_refused_and_changes_nothing(world: World, choice: dict[str, object]) -> None:
    api = world.api(world.create_user())
    problem(api.put("/me/time", json=choice), 422, "invalid-input")
    assert api.get("/me").json()["time_zone"] is None


def test_the_page_says_what_is_wrong_beside_the_field(world: World) -> None:
    browser = world.browser(world.create_user())
    page = browser.post("/account/time", data={"time_zone": "<b>Mars</b>", "calendar": ""})
    assert page.status_code == 422
    assert "&lt;b&gt;Mars&lt;/b&gt; is no time zone" in page.text
    assert "<b>Mars" not in page.text
    assert 'aria-invalid="true"' in page.text


def test_strangers_choose_nothing(world: World) -> None:
    problem(world.api().put("/me/time", json=CHOSEN), 401, "sign-in-needed")
    assert world.browser(None).post("/account/time", data=CHOSEN).status_code in {303, 401}


def test_a_setting_that_is_no_zone_is_refused_at_the_start(settings: Settings) -> None:
    with pytest.raises(ValueError, match="time_zone"):
        Settings(_env_file=None, time_zone="Gulf/Nowhere", data_folder=settings.data_folder)


def test_the_language_can_be_chosen_through_the_api_too(world: World) -> None:
    user = world.create_user(Role.FACTORY)
    api = world.api(user)
    assert api.put("/me/language", json={"language": "ar"}).json()["language"] == "ar"
    assert 'lang="ar"' in world.browser(user).get("/account").text
    problem(api.put("/me/language", json={"language": "fr"}), 422, "invalid-input")
    assert api.get("/me").json()["language"] == "ar"
    problem(world.api().put("/me/language", json={"language": "en"}), 401, "sign-in-needed")
