"""Passkeys on pages: what the script sends, without the script."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from starlette.testclient import TestClient

from itti.accounts.tables import User
from tests.itti.conftest import PASSWORD, World
from tests.itti.factors.apps import armed
from tests.itti.passkeys.keys import Key, register

PAGE = "/account/passkeys"


def add(browser: TestClient, key: Key, name: str = "Blue key") -> httpx2.Response:
    """The answer to the form that registers ``key``."""
    asked = browser.post(f"{PAGE}/challenge").json()
    made = json.dumps(key.create(asked["options"]))
    return browser.post(PAGE, data={"ticket": asked["ticket"], "credential": made, "name": name})


def enter(browser: TestClient, key: Key, asking: TestClient | None = None, **more: str) -> httpx2.Response:
    """The answer to the form of the sign-in page, with a challenge of the same browser or of ``asking``."""
    asked = (asking or browser).post("/sign-in/passkey/challenge").json()
    credential = json.dumps(key.get(asked["options"]))
    return browser.post("/sign-in/passkey", data={"ticket": asked["ticket"], "credential": credential, **more})


def with_key(world: World, key: Key) -> User:
    """Somebody who has ``key``."""
    user = world.create_user()
    assert register(world.api(user), key).status_code == 201
    return user


class TestOwn:
    def test_strangers_sign_in_first(self, world: World) -> None:
        assert world.browser().get(PAGE).headers["location"].startswith("/sign-in?")
        assert world.browser().post(f"{PAGE}/challenge").status_code == 401

    def test_whole_way(self, world: World) -> None:
        user = world.create_user()
        browser, elsewhere, key = world.browser(user), world.browser(user), Key()
        assert PAGE in browser.get("/account").text
        assert "no passkey yet" in browser.get(PAGE).text
        done = add(browser, key)
        assert (done.status_code, done.headers["location"]) == (303, PAGE)
        page = browser.get(PAGE)
        assert "Blue key" in page.text
        assert "Not used yet" in page.text
        assert elsewhere.get(PAGE).status_code == 303, "let in by the password alone"
        removal = re.search(rf'action="({PAGE}/[^"]+/removal)"', page.text)
        assert removal
        assert browser.post(removal[1]).headers["location"] == PAGE
        assert "no passkey yet" in browser.get(PAGE).text

    def test_refused_form_keeps_the_name(self, world: World) -> None:
        page = add(world.browser(world.create_user()), Key(flags=1), "Kitchen key")
        assert page.status_code == 401
        assert 'value="Kitchen key"' in page.text
        nameless = add(world.browser(world.create_user()), Key(), "")
        assert nameless.status_code == 422

    def test_an_old_session_confirms_first(self, world: World) -> None:
        user, browser = world.create_user(language="ar"), world.browser()
        browser.cookies.set("itti", world.sign_in_secret(user, datetime.now(UTC) - timedelta(hours=1)))
        assert "/prove?to=/account/passkeys" in browser.get(PAGE).text
        asked = browser.post(f"{PAGE}/challenge", headers={"Accept": "application/json"})
        assert (asked.status_code, asked.json()["code"]) == (401, "fresh-sign-in-needed")


class TestSigningIn:
    def test_without_a_password(self, world: World) -> None:
        key = Key()
        with_key(world, key)
        browser = world.browser()
        assert "/sign-in/passkey" in browser.get("/sign-in").text
        entered = enter(browser, key, to="/account")
        assert (entered.status_code, entered.headers["location"]) == (303, "/account")
        assert browser.get("/account").status_code == 200

    def test_challenge_of_another_browser(self, world: World) -> None:
        key, browser = Key(), world.browser()
        with_key(world, key)
        assert enter(browser, key, world.browser()).status_code == 409
        browser.post("/sign-in/passkey/challenge")
        refused = enter(browser, key, world.browser())
        assert refused.status_code == 409
        assert "begun in another browser" in refused.text

    @pytest.mark.parametrize("credential", ["", "[]", "{", "null"])
    def test_nonsense(self, world: World, credential: str) -> None:
        browser = world.browser()
        asked = browser.post("/sign-in/passkey/challenge").json()
        page = browser.post("/sign-in/passkey", data={"ticket": asked["ticket"], "credential": credential})
        assert page.status_code == 401
        assert "does not let in" in page.text

    def test_after_the_password(self, world: World) -> None:
        key, others, browser = Key(), Key(), world.browser()
        user = with_key(world, key)
        with_key(world, others)
        page = browser.post("/sign-in", data={"email": user.email, "password": PASSWORD, "to": "/account"})
        assert 'action="/sign-in/code"' not in page.text, "there is no app"
        after = re.search(r'name="after" value="([^"]+)"', page.text)
        assert after
        assert enter(browser, others, after=after[1]).status_code == 401, "somebody else's key"
        assert enter(browser, key, after="nonsense").status_code == 401
        entered = enter(browser, key, after=after[1], to="//elsewhere.example")
        assert entered.headers["location"] == "/home"

    def test_beside_an_app(self, world: World) -> None:
        someone, browser = armed(world, world.create_user()), world.browser()
        assert register(world.api(someone.user), Key()).status_code == 201
        page = browser.post("/sign-in", data={"email": someone.user.email, "password": PASSWORD})
        for action in ("/sign-in/code", "/sign-in/passkey"):
            assert f'action="{action}"' in page.text
        ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)
        assert ticket
        again = browser.post("/sign-in/code", data={"ticket": ticket[1], "code": "000000", "or-passkey": "1"})
        assert 'action="/sign-in/passkey"' in again.text
