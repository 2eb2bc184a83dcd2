"""Second factors on pages."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import httpx2
import pytest
from starlette.testclient import TestClient

from itti.accounts.sessions import cookie_name
from itti.accounts.tables import Role
from itti.settings import SecondFactorRule, Settings
from tests.itti.conftest import PASSWORD, World, running_world
from tests.itti.factors.apps import Armed, armed, shown

PAGE = "/account/second-factor"


@pytest.fixture
def strict(settings: Settings) -> Iterator[World]:
    """A programme that asks its office for second factors."""
    with running_world(settings.model_copy(update={"second_factor": SecondFactorRule.OFFICE})) as world:
        yield world


def with_password(browser: TestClient, someone: Armed, to: str = "/account") -> str:
    """The ticket on the page that asks for the code."""
    page = browser.post("/sign-in", data={"email": someone.user.email, "password": PASSWORD, "to": to})
    assert page.status_code == 200
    assert not browser.cookies, "nobody is signed in by the password alone"
    assert PASSWORD not in page.text
    assert someone.user.email not in page.text
    return _ticket(page)


def _ticket(page: httpx2.Response) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page.text)
    assert found
    return found[1]


def enter(browser: TestClient, ticket: str, code: str, to: str = "/account") -> httpx2.Response:
    """The answer to the code."""
    return browser.post("/sign-in/code", data={"ticket": ticket, "code": code, "to": to})


class TestSigningIn:
    def test_code_after_password(self, world: World) -> None:
        someone, browser = armed(world, world.create_user()), world.browser()
        ticket = with_password(browser, someone)
        refused = enter(browser, ticket, someone.code(-9))
        assert refused.status_code == 401
        assert "does not let in" in refused.text
        entered = enter(browser, _ticket(refused), someone.code())
        assert (entered.status_code, entered.headers["location"]) == (303, "/account")
        assert browser.get("/account").status_code == 200

    def test_code_is_used_up(self, world: World) -> None:
        someone, browser, other = armed(world, world.create_user()), world.browser(), world.browser()
        code = someone.code()
        assert enter(browser, with_password(browser, someone), code).status_code == 303
        assert enter(other, with_password(other, someone), code).status_code == 401
        assert not other.cookies

    def test_recovery_code(self, world: World) -> None:
        someone, browser = armed(world, world.create_user()), world.browser()
        assert enter(browser, with_password(browser, someone), someone.recovery_codes[0]).status_code == 303
        assert "9 recovery codes" in browser.get(PAGE).text

    @pytest.mark.parametrize("ticket", ["", "nonsense"])
    def test_without_the_password(self, world: World, ticket: str) -> None:
        someone, browser = armed(world, world.create_user()), world.browser()
        answer = enter(browser, ticket, someone.code())
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert cookie_name(world.settings) not in browser.cookies

    def test_ticket_ends_with_the_password(self, world: World) -> None:
        someone, browser = armed(world, world.create_user()), world.browser()
        ticket = with_password(browser, someone)
        world.api(world.create_user()).post(f"/people/{someone.user.id}/password")
        assert enter(browser, ticket, someone.code()).headers["location"] == "/sign-in"
        assert cookie_name(world.settings) not in browser.cookies

    def test_empty_code(self, world: World) -> None:
        someone, browser = armed(world, world.create_user()), world.browser()
        assert enter(browser, with_password(browser, someone), "").status_code == 401

    def test_attempts_are_limited(self, world: World) -> None:
        someone, browser = armed(world, world.create_user()), world.browser()
        ticket = with_password(browser, someone)
        for _ in range(world.settings.sign_in_attempts - 1):
            assert enter(browser, ticket, someone.code(-9)).status_code == 401
        refused = enter(browser, ticket, someone.code())
        assert refused.status_code == 429
        assert refused.headers["retry-after"]

    def test_elsewhere_leads_nowhere(self, world: World) -> None:
        someone, browser = armed(world, world.create_user()), world.browser()
        ticket = with_password(browser, someone, "https://elsewhere.example")
        entered = enter(browser, ticket, someone.code(), "//elsewhere.example")
        assert entered.headers["location"] == "/home"


class TestOwn:
    def test_strangers_sign_in_first(self, world: World) -> None:
        assert world.browser().get(PAGE).headers["location"].startswith("/sign-in?")

    def test_whole_way(self, world: World) -> None:
        user = world.create_user(Role.ASSESSOR)
        browser, elsewhere = world.browser(user), world.browser(user)
        assert PAGE in browser.get("/account").text
        assert browser.post(PAGE, data={"password": "not the password"}).status_code == 401
        page = browser.post(PAGE, data={"password": PASSWORD})
        assert page.status_code == 201
        assert "<svg" in page.text
        secret = "".join(re.findall(r'<code dir="ltr">([A-Z2-7 ]+)</code>', page.text)[0].split())
        assert secret not in browser.get(PAGE).text.replace(" ", ""), "shown once"
        again = browser.post(f"{PAGE}/confirmation", data={"code": shown(secret, time.time() - 300)})
        assert again.status_code == 401
        assert secret in again.text.replace(" ", ""), "the same again, as the app has it"
        done = browser.post(f"{PAGE}/confirmation", data={"code": shown(secret, time.time())})
        assert done.status_code == 201
        assert len(re.findall(r"(?:\w{4}-){3}\w{4}", done.text)) == 10
        assert browser.get(PAGE).status_code == 200, "this session stays"
        assert elsewhere.get(PAGE).status_code == 303, "others end"

    def test_confirmation_of_nothing(self, world: World) -> None:
        page = world.browser(world.create_user()).post(f"{PAGE}/confirmation", data={"code": "123456"})
        assert page.status_code == 409
        assert "Begin again" in page.text

    def test_renewed_and_removed(self, world: World) -> None:
        someone = armed(world, world.create_user())
        browser = world.browser(someone.user)
        for door in ("recovery-codes", "removal"):
            assert browser.post(f"{PAGE}/{door}", data={"code": someone.code(-9)}).status_code == 401
        assert browser.post(f"{PAGE}/recovery-codes", data={"code": someone.recovery_codes[0]}).status_code == 201
        done = browser.post(f"{PAGE}/removal", data={"code": someone.code()})
        assert (done.status_code, done.headers["location"]) == (303, PAGE)
        assert "was removed" in browser.get(PAGE).text

    @pytest.mark.parametrize("role", [Role.ASSESSOR, Role.FACTORY])
    def test_reset_by_the_office(self, world: World, role: Role) -> None:
        someone, office = armed(world, world.create_user(role)), world.browser(world.create_user())
        page = f"/assessors/{someone.user.id}" if role is Role.ASSESSOR else f"/factories/{someone.user.factory_id}"
        path = f"/people/{someone.user.id}/second-factor/reset"
        assert path in office.get(page).text
        done = office.post(path)
        assert (done.status_code, done.headers["location"]) == (303, page)
        assert someone.ask(world, None).status_code == 201

    def test_in_arabic(self, world: World) -> None:
        someone = armed(world, world.create_user(language="ar"))
        browser = world.browser(someone.user)
        assert "عشرة رموز" in browser.get(PAGE).text
        assert "10 رموز" in browser.get(PAGE).text


class TestAskedOfTheOffice:
    def test_everything_leads_to_the_page(self, strict: World) -> None:
        browser = strict.browser(strict.create_user())
        for path in ("/home", "/account", "/factories", "/verify", "/", "/questionnaires"):
            assert browser.get(path).headers["location"] == PAGE, path
        assert "asks everybody of its office" in browser.get(PAGE).text
        assert browser.post("/bodies/new", data={"name": "A"}).status_code == 403
        assert browser.get("/language/ar?to=/account/second-factor").headers["location"] == PAGE

    def test_the_way_out_is_open(self, strict: World) -> None:
        browser = strict.browser(strict.create_user())
        assert browser.post("/sign-out").headers["location"] == "/"
        assert browser.get(PAGE).headers["location"].startswith("/sign-in")

    def test_with_one_everything_is_open(self, strict: World) -> None:
        browser = strict.browser(armed(strict, strict.create_user()).user)
        assert browser.get("/home").status_code == 200
