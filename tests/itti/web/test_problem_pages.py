"""Pages about problems: for the person who is signed in, in that person's language, and with a way on."""

from __future__ import annotations

from uuid import uuid4

import pytest

from itti.accounts.sessions import cookie_name
from itti.accounts.tables import Role
from tests.itti.conftest import World

HEADER = 'action="/sign-out"'
DOOR = 'href="/sign-in"'


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_frame_knows_who_is_signed_in(world: World, language: str) -> None:
    user = world.create_user(Role.FACTORY, name="Mariam", name_ar="مريم", language=language)
    browser = world.browser(user)
    found = {
        404: browser.get("/nowhere"),
        405: browser.post("/home"),
        403: browser.get("/bodies"),
        422: browser.get("/factories/no-id"),
    }
    for status, answer in found.items():
        assert answer.status_code == status
        assert f'lang="{language}"' in answer.text
        header = answer.text.partition("<main")[0]
        assert HEADER in header, status
        assert DOOR not in header, status
        assert {"en": "Mariam", "ar": "مريم"}[language] in header


def test_a_stranger_stays_one(world: World) -> None:
    user = world.create_user()
    ended = world.browser(user)
    ended.post("/sign-out")
    forged = world.browser()
    forged.cookies.set(cookie_name(world.settings), "itti_nonsense")
    for browser in (world.browser(), ended, forged):
        for answer in (browser.get("/nowhere"), browser.post("/verify/TI-2026-00001")):
            assert answer.status_code in {404, 405}
            assert DOOR in answer.text
            assert HEADER not in answer.text


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/factories/{id}/people", "/factories/{id}"),
        ("/factories/{id}/people/{id}/password", "/factories/{id}"),
        ("/factories/{id}/people/{id}/closure", "/factories/{id}"),
        ("/assessors/{id}/password", "/assessors/{id}"),
        ("/assessors/{id}/accreditations", "/assessors/{id}"),
        ("/accreditations/{id}/withdrawal", "/assessors"),
        ("/assessments/{id}/moves", "/assessments/{id}"),
        ("/assessments/{id}/answers/maintenance/evidence", "/assessments/{id}/answers/maintenance"),
        ("/evidence/{id}/removal", "/assessments"),
        ("/certificates/TI-2026-00001/revocation", "/certificates/TI-2026-00001"),
        ("/account/password", "/account"),
        ("/account/language", "/account"),
        ("/account/tokens/{id}/revocation", "/account/tokens"),
        ("/sign-out", "/home"),
    ],
)
def test_where_only_forms_arrive_readers_are_led_to_the_form(world: World, address: str, page: str) -> None:
    one = str(uuid4())
    for browser in (world.browser(), world.browser(world.create_user())):
        for answer in (browser.get(address.format(id=one)), browser.head(address.format(id=one))):
            assert answer.status_code == 303
            assert answer.headers["location"] == page.format(id=one)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_programmers_words_for_people(world: World, language: str) -> None:
    answer = world.browser().post("/home", headers={"Accept-Language": language})
    assert answer.status_code == 405
    assert "Allow" not in answer.text
    assert {"en": "That does not work here", "ar": "هذا غير ممكن هنا"}[language] in answer.text
    assert answer.headers["allow"] == "GET, HEAD"
