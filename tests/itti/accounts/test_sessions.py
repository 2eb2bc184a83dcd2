"""Browser sessions: the cookie, and who it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

import pytest
from fastapi import Body, Response
from starlette.requests import Request

from itti.accounts import service
from itti.accounts.sessions import Person, Visitor, sign_in, sign_out
from itti.accounts.tables import Role
from itti.acts import Act
from itti.http.bearer import SettingsOf
from itti.http.transactions import Transaction
from itti.settings import Settings
from tests.itti.conftest import PASSWORD, World, running_world
from tests.itti.expect import problem


def add_doors(world: World) -> None:
    """Three bare doors, so that this room is tested without the pages."""

    async def enter(
        request: Request, response: Response, email: Annotated[str, Body()], password: Annotated[str, Body()]
    ) -> None:
        await sign_in(request, response, email, password)

    def leave(request: Request, response: Response, session: Transaction, act: Visitor, settings: SettingsOf) -> None:
        sign_out(request, response, session, act, settings)

    def who(act: Person) -> str:
        assert act.actor is not None
        return act.actor.email

    world.app.add_api_route("/test/enter", enter, methods=["POST"])
    world.app.add_api_route("/test/leave", leave, methods=["POST"])
    world.app.add_api_route("/test/who", who)


@pytest.fixture
def doors(world: World) -> World:
    add_doors(world)
    return world


@pytest.fixture
def secure_doors(settings: Settings) -> Iterator[World]:
    secure = settings.model_copy(update={"base_url": "https://testserver"})
    with running_world(secure) as world:
        add_doors(world)
        yield world


def test_anonymous(doors: World) -> None:
    problem(doors.api().get("http://testserver/test/who"), 401, "sign-in-needed")


def test_round_trip(doors: World) -> None:
    user = doors.create_user()
    browser = doors.browser()
    browser.headers["accept"] = "application/json"
    answer = browser.post("/test/enter", json={"email": user.email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("itti=itti_")
    for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"):
        assert part in cookie
    assert "Secure" not in cookie
    assert browser.get("/test/who").json() == user.email
    kept = dict(browser.cookies)
    assert browser.post("/test/leave").status_code == 200
    assert not browser.cookies
    browser.cookies.update(kept)
    problem(browser.get("/test/who"), 401, "sign-in-needed")


def test_cookie_over_https(secure_doors: World) -> None:
    user = secure_doors.create_user()
    answer = secure_doors.browser().post("/test/enter", json={"email": user.email, "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-itti=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert answer.headers["strict-transport-security"]


def test_expired(doors: World) -> None:
    browser = doors.browser()
    user = doors.create_user()
    browser.cookies.set("itti", doors.sign_in_secret(user, at=datetime.now(UTC) - timedelta(hours=13)))
    browser.headers["accept"] = "application/json"
    problem(browser.get("/test/who"), 401, "sign-in-needed")


def test_disabled_at_once(doors: World) -> None:
    user = doors.create_user(Role.FACTORY)
    browser = doors.browser(user)
    browser.headers["accept"] = "application/json"
    assert browser.get("/test/who").status_code == 200
    doors.write(lambda session: service.disable_user(session, Act(None), user.id))
    problem(browser.get("/test/who"), 401, "sign-in-needed")


def test_token_is_no_cookie(doors: World) -> None:
    """The same secret does not open both doors."""
    user = doors.create_user()
    browser = doors.browser()
    browser.headers["accept"] = "application/json"
    browser.cookies.set("itti", doors.token(user))
    problem(browser.get("/test/who"), 401, "sign-in-needed")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {},
    ],
)
def test_another_site_cannot_act(doors: World, headers: dict[str, str]) -> None:
    user = doors.create_user()
    browser = doors.browser(user)
    del browser.headers["sec-fetch-site"]
    browser.headers["accept"] = "application/json"
    problem(browser.post("/test/leave", headers=headers), 403, "cross-site-request")
    assert browser.get("/test/who").json() == user.email


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://testserver"}]
)
def test_own_pages_can(doors: World, headers: dict[str, str]) -> None:
    browser = doors.browser(doors.create_user())
    del browser.headers["sec-fetch-site"]
    assert browser.post("/test/leave", headers=headers).status_code == 200
