"""A password that the programme office handed over: the first page reminds of it until the person has chosen one."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from itti.accounts.tables import Role, User
from tests.itti.conftest import PASSWORD, World

OWN = "a sentence that only I know"
REMINDER = {"en": "a password that the programme office gave you", "ar": "سلّمها إليك مكتب البرنامج"}


def reminded(world: World, user: User, language: str = "en") -> bool:
    """Whether the first page of ``user`` says that the password is not the person's own."""
    browser = world.browser(user)
    browser.get(f"/language/{language}")
    page = browser.get("/home").text
    assert (REMINDER[language] in page) == ('href="/account#password"' in page)
    return REMINDER[language] in page


def choose(browser: TestClient, current: str, new: str = OWN) -> None:
    """Change one's own password."""
    answer = browser.post("/account/password", data={"current": current, "new": new})
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.FACTORY])
def test_until_the_person_has_chosen_one(world: World, role: Role, language: str) -> None:
    office, user = world.create_user(), world.create_user(role)
    assert not reminded(world, user, language), "opened on the command line: typed by the person"
    handed_over = world.api(office).post(f"/people/{user.id}/password").json()["password"]
    assert reminded(world, user, language)
    choose(world.browser(user), handed_over)
    assert not reminded(world, user, language)


def test_from_the_opening_of_the_account(world: World) -> None:
    office, factory = world.browser(world.create_user()), world.create_factory()
    page = office.post(f"/factories/{factory.id}/people", data={"name": "Salem", "email": "salem@example.org"}).text
    first = re.search(r'<p class="token"><code dir="ltr">([^<]+)</code>', page)
    assert first is not None
    browser = world.browser()
    browser.post("/sign-in", data={"email": "salem@example.org", "password": first[1]})
    assert REMINDER["en"] in browser.get("/home").text
    choose(browser, first[1])
    browser.post("/sign-in", data={"email": "salem@example.org", "password": OWN})
    assert REMINDER["en"] not in browser.get("/home").text


def test_a_password_that_the_office_chose_is_handed_over_too(world: World) -> None:
    office, body = world.api(world.create_user()), world.create_body()
    new = {"body_id": str(body.id), "name": "Huda", "email": "huda@example.org", "password": PASSWORD}
    assert office.post("/assessors", json=new).status_code == 201
    browser = world.browser()
    browser.post("/sign-in", data={"email": "huda@example.org", "password": PASSWORD})
    assert REMINDER["en"] in browser.get("/home").text
