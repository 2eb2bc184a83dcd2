"""One's own browser sessions and tokens: seen and ended, over HTTP and on the page of the account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select, update

from itti.accounts.agents import BROWSERS, SYSTEMS, Agent, agent_of
from itti.accounts.tables import ApiToken, SignIn, User
from itti.accounts.uses import COARSE
from tests.itti.conftest import PASSWORD, World
from tests.itti.expect import problem

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1"
TABLET = "Mozilla/5.0 (Linux; Android 15; SM-X510) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


@pytest.mark.parametrize(
    ("header", "agent"),
    [
        (FIREFOX, Agent("firefox", "windows")),
        (EDGE, Agent("edge", "windows")),
        (IPHONE, Agent("safari", "iphone")),
        (TABLET, Agent("chrome", "android")),
        ("<script>alert(1)</script>" * 400, Agent("other", "other")),
        ("", Agent("other", "other")),
    ],
)
def test_agent(header: str, agent: Agent) -> None:
    assert agent_of(header) == agent
    assert agent.browser in BROWSERS
    assert agent.system in SYSTEMS


def sessions_of(world: World, user: User) -> list[SignIn]:
    with world.database.reading() as session:
        return list(session.exec(select(SignIn).where(SignIn.user_id == user.id)).all())


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("DELETE", ""), ("DELETE", f"/{UUID(int=7)}")])
def test_anonymous(world: World, method: str, path: str) -> None:
    problem(world.api().request(method, f"/sessions{path}"), 401, "sign-in-needed")


def test_seen_on_the_page(world: World) -> None:
    user = world.create_user()
    browser = world.browser()
    browser.post("/sign-in", data={"email": user.email, "password": PASSWORD}, headers={"User-Agent": IPHONE})
    world.browser(world.create_user()).get("/home")
    page = browser.get("/account").text
    assert "Safari" in page
    assert "iPhone" in page
    assert page.count("This session") == 1
    assert "/account/sessions/" not in page, "there is no other session to end"
    assert world.api(user).get("/sessions").json()[0]["browser"] == "safari"


def test_one_ended(both_worlds: World) -> None:
    world = both_worlds
    user = world.create_user()
    here, there = world.browser(user), world.browser(user)
    other = max(sessions_of(world, user), key=lambda row: row.created_at)
    assert f"/account/sessions/{other.id}/end" in here.get("/account").text
    assert here.post(f"/account/sessions/{other.id}/end").headers["location"] == "/account#sessions"
    assert there.get("/home").status_code == 303
    assert here.get("/home").status_code == 200
    assert here.post(f"/account/sessions/{other.id}/end").status_code == 404, "ended before"


def test_one_ended_over_http(world: World) -> None:
    user = world.create_user()
    browser, api = world.browser(user), world.api(user)
    (listed,) = api.get("/sessions").json()
    assert api.delete(f"/sessions/{listed['id']}").status_code == 204
    assert browser.get("/home").status_code == 303
    assert api.get("/sessions").json() == []
    problem(api.delete(f"/sessions/{listed['id']}"), 404, "session-unknown")


def test_of_somebody_else(world: World) -> None:
    user, other = world.create_user(), world.create_user()
    browser = world.browser(user)
    (row,) = sessions_of(world, user)
    problem(world.api(other).delete(f"/sessions/{row.id}"), 404, "session-unknown")
    assert world.browser(other).post(f"/account/sessions/{row.id}/end").status_code == 404
    assert browser.get("/home").status_code == 200


def test_others_ended_on_the_page(both_worlds: World) -> None:
    world = both_worlds
    user = world.create_user()
    here, there, tool = world.browser(user), world.browser(user), world.api(user)
    bystander = world.browser(world.create_user())
    assert here.post("/account/others/end").status_code == 303
    assert here.get("/home").status_code == 200
    assert there.get("/home").status_code == 303
    problem(tool.get("/me"), 401, "token-invalid")
    assert bystander.get("/home").status_code == 200


def test_others_ended_over_http(world: World) -> None:
    user = world.create_user()
    browser, tool, this = world.browser(user), world.api(user), world.api(user)
    assert this.delete("/sessions").status_code == 204
    assert this.get("/me").status_code == 200
    assert browser.get("/home").status_code == 303
    problem(tool.get("/me"), 401, "token-invalid")


def test_last_use_is_stored_to_the_hour(both_worlds: World) -> None:
    world = both_worlds
    user = world.create_user()
    browser, api = world.browser(user), world.api(user)
    long_ago = datetime.now(UTC) - COARSE - timedelta(minutes=1)
    for table in (SignIn, ApiToken):
        change = update(table).where(col(table.user_id) == user.id).values(last_used_at=long_ago)
        world.write(lambda session, change=change: session.exec(change))  # type: ignore[misc]
    assert browser.get("/home").status_code == 200, "a request that only reads"
    first = sessions_of(world, user)[0].last_used_at
    assert first is not None
    assert first > long_ago + COARSE
    browser.get("/home")
    assert sessions_of(world, user)[0].last_used_at == first, "two uses within an hour are one"
    api.get("/me")
    used = api.get("/tokens").json()[0]["last_used_at"]
    assert datetime.fromisoformat(used) > long_ago + COARSE
