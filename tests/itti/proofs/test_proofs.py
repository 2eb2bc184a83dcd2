"""What weighs much asks for a fresh proof: at the API and on pages, which lose nothing."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from starlette.testclient import TestClient

from itti.accounts.sessions import cookie_name
from itti.accounts.tables import Role, User
from itti.settings import Settings
from tests.itti.assessments.story import Story, tell
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import PASSWORD, World, running_world
from tests.itti.expect import problem
from tests.itti.factors.apps import armed
from tests.itti.passkeys.keys import ORIGIN, Key, register

LATE = timedelta(minutes=16)


@pytest.fixture(autouse=True)
def _papers_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    use_quick_press(monkeypatch)


def old_api(world: World, user: User) -> TestClient:
    """A client whose token was made some time ago."""
    return world.api(token=world.token(user, datetime.now(UTC) - LATE))


def old_browser(world: World, user: User) -> TestClient:
    """A browser left open for some time."""
    browser = world.browser()
    browser.cookies.set(cookie_name(world.settings), world.sign_in_secret(user, datetime.now(UTC) - LATE))
    return browser


def fields(page: httpx2.Response, action: str) -> dict[str, str]:
    """The hidden fields of the form that is sent to ``action``."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page.text, re.DOTALL)
    assert found, page.text
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', found[1])
    return {html.unescape(name): html.unescape(value) for name, value in pairs}


class TestApi:
    def test_anonymous(self, world: World) -> None:
        problem(world.api().get("/me/proof"), 401, "sign-in-needed")
        problem(world.api().post("/me/proof", json={"password": PASSWORD}), 401, "sign-in-needed")
        problem(world.api().post("/me/proof/challenge"), 401, "sign-in-needed")

    def test_erasure_of_a_person(self, world: World) -> None:
        office, someone = world.create_user(), world.create_user(Role.FACTORY)
        client, path = old_api(world, office), f"/people/{someone.id}/erasure"
        problem(client.post(path), 409, "account-still-open")
        client.post(f"/people/{someone.id}/closure")
        refused = client.post(path)
        problem(refused, 401, "fresh-sign-in-needed")
        assert "insufficient_user_authentication" in refused.headers["www-authenticate"]
        assert client.get("/me/proof").json()["ways"] == ["password"]
        problem(client.post("/me/proof", json={"password": "not the password"}), 401, "wrong-credentials")
        problem(client.post("/me/proof", json={}), 401, "wrong-credentials")
        problem(client.post(path), 401, "fresh-sign-in-needed")
        proven = client.post("/me/proof", json={"password": PASSWORD})
        assert proven.status_code == 200
        fresh = datetime.fromisoformat(proven.json()["fresh_until"]) - datetime.now(UTC)
        assert timedelta(minutes=14) < fresh <= timedelta(minutes=15)
        problem(old_api(world, office).post(path), 401, "fresh-sign-in-needed")
        assert client.post(path).status_code == 200

    def test_a_second_factor_and_not_the_password(self, world: World) -> None:
        someone = armed(world, world.create_user())
        client = old_api(world, someone.user)
        assert client.get("/me/proof").json()["ways"] == ["code"]
        problem(client.post("/me/proof", json={"password": PASSWORD}), 401, "code-needed")
        problem(client.post("/me/proof", json={"code": someone.code(-9)}), 401, "wrong-code")
        code = someone.code()
        assert client.post("/me/proof", json={"code": code}).status_code == 200
        problem(client.post("/me/proof", json={"code": code}), 401, "wrong-code")

    def test_passkey(self, settings: Settings) -> None:
        with running_world(settings.model_copy(update={"base_url": ORIGIN})) as world:
            user, key, others = world.create_user(), Key(), Key()
            register(world.api(user), key)
            register(world.api(world.create_user()), others)
            client = old_api(world, user)
            assert client.get("/me/proof").json()["ways"] == ["passkey"]
            problem(client.post("/me/proof", json={"password": PASSWORD}), 401, "passkey-needed")
            for one, refused in ((others, True), (key, False)):
                asked = client.post("/me/proof/challenge").json()
                body = {"ticket": asked["ticket"], "credential": one.get(asked["options"])}
                answer = client.post("/me/proof", json=body)
                if refused:
                    problem(answer, 401, "passkey-refused")
                else:
                    assert answer.status_code == 200, answer.text
            problem(old_api(world, user).post("/me/proof", json=body), 409, "challenge-over")

    def test_attempts_are_limited(self, world: World) -> None:
        client = old_api(world, world.create_user())
        for _ in range(world.settings.sign_in_attempts):
            problem(client.post("/me/proof", json={"password": "not the password"}), 401, "wrong-credentials")
        problem(client.post("/me/proof", json={"password": PASSWORD}), 429, "too-many-requests")

    def test_what_weighs_much(self, world: World) -> None:
        story = tell(world)
        story.under_review()
        reviewer = old_api(world, story.reviewer)
        tag = reviewer.get(story.path).headers["etag"]
        refused = reviewer.post(f"{story.path}/moves", json={"move": "approve"}, headers={"If-Match": tag})
        problem(refused, 401, "fresh-sign-in-needed")
        story.step(story.reviewer, "approve")
        world.make_papers()
        number = story.read(story.office)["certificate"]
        office = old_api(world, story.office)
        problem(office.post(f"/certificates/{number}/revocation", json={"reason": "x"}), 401, "fresh-sign-in-needed")
        held = office.get(f"/assessors/{story.assessor.id}/accreditations").json()[0]["id"]
        suspension = {"since": "2099-01-01", "reason": "x"}
        for path, body in (("suspensions", suspension), ("withdrawal", {"reason": "x"})):
            problem(office.post(f"/accreditations/{held}/{path}", json=body), 401, "fresh-sign-in-needed")
        someone = armed(world, world.create_user())
        problem(office.post(f"/people/{someone.user.id}/second-factor/reset"), 401, "fresh-sign-in-needed")


@pytest.fixture
def told(world: World) -> tuple[World, Story, str]:
    """A story with a certificate."""
    story = tell(world)
    story.under_review().step(story.reviewer, "approve")
    world.make_papers()
    return world, story, story.read(story.office)["certificate"]


class TestPages:
    def test_nothing_typed_is_lost(self, told: tuple[World, Story, str]) -> None:
        world, story, number = told
        browser, path = old_browser(world, story.office), f"/certificates/{number}/revocation"
        reason = 'Two meters "did not" exist.\r\n<b>وعدادان</b>'
        asked = browser.post(path, data={"reason": reason})
        assert asked.status_code == 401
        assert "Confirm that it is you" in asked.text
        assert "<b>" not in asked.text
        waiting = fields(asked, "/prove")
        wrong = browser.post("/prove", data={**waiting, "password": "not the password"})
        assert wrong.status_code == 401
        assert "password is wrong" in wrong.text
        again = fields(wrong, "/prove")
        assert again == waiting
        done = browser.post("/prove", data={**again, "password": PASSWORD})
        assert done.status_code == 200
        kept = fields(done, path)
        assert kept == {"reason": reason}
        assert browser.post(path, data=kept).status_code == 303
        assert world.api().get(f"/certificates/{number}").json()["state"] == "revoked"

    def test_before_a_page(self, world: World) -> None:
        someone = armed(world, world.create_user(language="ar"))
        browser = old_browser(world, someone.user)
        page = browser.get("/prove?to=/account/passkeys")
        assert "تأكيد هويتك" in page.text
        assert 'dir="rtl"' in page.text
        done = browser.post("/prove", data={**fields(page, "/prove"), "code": someone.code()})
        assert (done.status_code, done.headers["location"]) == (303, "/account/passkeys")

    @pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
    def test_leads_nowhere_else(self, world: World, target: str) -> None:
        browser = old_browser(world, world.create_user())
        page = browser.post("/prove", data={"target": target, "is_form": "1", "password": PASSWORD, "kept-a": "b"})
        assert 'action="/account"' in page.text
        assert "elsewhere" not in page.text
        assert browser.get(f"/prove?to={target}").text.count('value="/account"') == 1

    def test_strangers_sign_in(self, world: World) -> None:
        assert world.browser().get("/prove").headers["location"].startswith("/sign-in?")
        assert world.browser().post("/prove", data={"password": PASSWORD}).status_code == 401

    def test_turned_off(self, settings: Settings) -> None:
        with running_world(settings.model_copy(update={"fresh_minutes": 0})) as world:
            client = old_api(world, world.create_user())
            assert client.get("/me/proof").json()["fresh_until"] is None
            someone = armed(world, world.create_user())
            assert client.post(f"/people/{someone.user.id}/second-factor/reset").status_code == 204
