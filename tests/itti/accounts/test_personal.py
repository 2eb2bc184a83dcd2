"""Personal tokens: limited in what they open and in how long, made by people who have just proven who they are."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from itti.accounts import personal
from itti.accounts.scopes import Scope, open_to
from itti.accounts.tables import ApiToken, Role, User
from itti.audit.tables import Event
from itti.mail.tables import OutgoingMail
from tests.itti.conftest import World
from tests.itti.expect import problem

DOCS = Path(__file__).parents[3] / "docs"
NEW = {"label": "Energy report", "scopes": ["events:read", "assessments:read"], "days": 90}


def make(world: World, user: User, **changes: Any) -> dict[str, Any]:
    answer = world.api(user).post("/me/tokens", json=NEW | changes)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    made: dict[str, Any] = answer.json()
    return made


def holder(world: World, made: dict[str, Any]) -> TestClient:
    return world.api(token=made["token"])


class TestMaking:
    def test_limited_in_what_and_how_long(self, both_worlds: World) -> None:
        user = both_worlds.create_assessor()
        made = make(both_worlds, user)
        assert made["scopes"] == ["assessments:read", "events:read"]
        assert made["last_used_at"] is None
        days = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])
        assert days == timedelta(days=90)
        tool = holder(both_worlds, made)
        assert tool.get("/assessments").status_code == 200
        assert tool.get("/events").status_code == 200
        problem(tool.get("/certificates"), 403, "scope-missing")
        for answer in (tool.get("/me"), tool.get("/tokens"), tool.post("/me/tokens", json=NEW)):
            problem(answer, 403, "people-only")
        own = both_worlds.api(user)
        listed = {each["label"]: each for each in own.get("/tokens").json()}
        assert listed["Energy report"]["last_used_at"] is not None
        assert listed["test"]["scopes"] is None
        assert "token" not in listed["Energy report"]
        assert own.delete(f"/tokens/{made['id']}").status_code == 204
        problem(tool.get("/assessments"), 401, "token-invalid")

    def test_it_ends(self, world: World) -> None:
        user = world.create_assessor()
        made = make(world, user, days=1)

        def age(session: Any) -> None:
            token = session.exec(select(ApiToken).where(ApiToken.label == "Energy report")).one()
            token.created_at, token.expires_at = (at - timedelta(days=1) for at in (token.created_at, token.expires_at))

        world.write(age)
        problem(holder(world, made).get("/assessments"), 401, "token-expired")
        assert {each["label"] for each in world.api(user).get("/tokens").json()} == {"test"}

    def test_no_more_than_its_owner_may(self, world: World) -> None:
        office = world.create_user()
        refused = world.api(office).post("/me/tokens", json=NEW | {"scopes": ["evidence:write", "events:read"]})
        found = problem(refused, 422, "invalid-input")
        assert found["errors"][0]["pointer"] == "/scopes"
        assert "evidence:write" in found["errors"][0]["detail"]
        assert "events:read" not in found["errors"][0]["detail"]
        factory = world.create_user(Role.FACTORY)
        every = make(world, factory, scopes=[scope.value for scope in Scope])
        assert holder(world, every).get("/assessors").status_code == 403

    def test_without_limits_for_less_long(self, world: World) -> None:
        user = world.create_user(Role.FACTORY)
        long = world.api(user).post("/me/tokens", json=NEW | {"scopes": None, "days": 31})
        found = problem(long, 422, "invalid-input")
        assert (found["errors"][0]["pointer"], "30" in found["errors"][0]["detail"]) == ("/days", True)
        assert holder(world, make(world, user, scopes=None, days=30)).get("/me").status_code == 200
        problem(world.api(user).post("/me/tokens", json=NEW | {"days": 367}), 422, "invalid-input")
        make(world, user, days=366)
        wrongs: tuple[dict[str, Any], ...] = (
            {"scopes": []},
            {"scopes": ["office:all"]},
            {"days": 0},
            {"label": "\u202e"},
            {"owner": "x"},
        )
        for wrong in wrongs:
            problem(world.api(user).post("/me/tokens", json=NEW | wrong), 422, "invalid-input")
        without = {name: value for name, value in NEW.items() if name != "scopes"}
        problem(world.api(user).post("/me/tokens", json=without), 422, "invalid-input")

    def test_stale_proofs_strangers_and_too_many(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        user = world.create_assessor()
        stale = world.api(token=world.token(user, datetime.now(UTC) - timedelta(hours=1)))
        problem(stale.post("/me/tokens", json=NEW), 401, "fresh-sign-in-needed")
        problem(world.api().post("/me/tokens", json=NEW), 401, "sign-in-needed")
        monkeypatch.setattr(personal, "MOST", 1)
        problem(stale.post("/me/tokens", json=NEW), 401, "fresh-sign-in-needed")
        problem(world.api(user).post("/me/tokens", json=NEW), 409, "too-many-tokens")

    def test_told_and_recorded_and_not_readable(self, world: World) -> None:
        world.app.state.settings = world.settings.model_copy(update={"mail_host": "127.0.0.1"})
        user = world.create_assessor()
        made = make(world, user)
        with world.database.reading() as session:
            letter = session.exec(select(OutgoingMail).where(OutgoingMail.letter == "token-made")).one()
            event = session.exec(select(Event).where(Event.action == "token.issued")).all()[-1]
            kept = repr([*session.exec(select(ApiToken)), letter, event.details])
        assert "Energy report" in repr(letter.details)
        assert event.details["scopes"] == "assessments:read events:read"
        assert made["token"] not in kept


def table(name: str) -> dict[str, str]:
    """Door → what a page of the documentation says of it."""
    rows = (line.split("|") for line in (DOCS / name).read_text("utf-8").splitlines() if line.startswith("| `"))
    return {row[1].strip(" `"): row[2].strip(" `") for row in rows}


def test_scopes_offered_to_each_role() -> None:
    assert set(open_to(Role.ASSESSOR)) == set(open_to(Role.FACTORY)) == set(Scope)
    asked, opened = (table(name) for name in ("scopes.md", "doors.md"))
    of_office = {asked[door] for door, who in opened.items() if door in asked and who.startswith(("office", "every"))}
    assert set(open_to(Role.PROGRAMME)) == of_office & set(Scope), "what docs/doors.md lets the office do"


class TestPages:
    def test_whole_way(self, world: World) -> None:
        user = world.create_assessor()
        browser = world.browser(user)
        assert world.browser().get("/account/tokens").headers["location"].startswith("/sign-in")
        nothing = browser.post("/account/tokens", data={"label": "x", "days": "5"})
        assert nothing.status_code == 422
        sent = {"label": "<b>Report", "days": "٥", "scope.assessments:read": "1"}
        made = browser.post("/account/tokens", data=sent)
        assert made.status_code == 201
        assert "<b>" not in made.text
        secret = re.findall(r"itti_[\w-]{43}", made.text)[0]
        assert world.api(token=secret).get("/assessments").status_code == 200
        listed = browser.get("/account/tokens")
        assert secret not in listed.text
        for language in ("en", "ar"):
            browser.post("/account/language", data={"language": language})
            assert browser.get("/account/tokens").status_code == browser.get("/account").status_code == 200
        revocation = re.findall(r'action="(/account/tokens/[^"]+)"', listed.text)[0]
        assert world.browser(world.create_assessor()).post(revocation).status_code == 404
        assert browser.post(revocation).status_code == 303
        problem(world.api(token=secret).get("/assessments"), 401, "token-invalid")

    def test_asked_to_prove_it_and_nothing_typed_is_lost(self, world: World) -> None:
        browser = world.browser()
        earlier = datetime.now(UTC) - timedelta(hours=1)
        browser.cookies.set("itti", world.sign_in_secret(world.create_assessor(), earlier))
        asked = browser.post("/account/tokens", data={"label": "Report", "days": "5", "scope.events:read": "1"})
        assert asked.status_code == 401
        assert 'action="/prove"' in asked.text
        assert "Report" in asked.text
        assert "scope.events:read" in asked.text
