"""How answers travel: compressed or not, to pages of other sites or not, and with what they say of what will go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from itti.http import openapi
from itti.http.errors import Conflict
from itti.http.front import Front
from itti.http.leaving import leaving
from itti.http.problems import answer_with_problems
from tests.itti.conftest import PASSWORD, World, make_settings, running_world
from tests.itti.expect import problem

TOOL: Final = "https://tool.example"
GZIP: Final = {"Accept-Encoding": "gzip"}


@pytest.fixture
def shared(world: World) -> Iterator[World]:
    """A world that one other site may call."""
    with running_world(make_settings(world.settings.data_folder, cors_origins=(TOOL,))) as made:
        yield made


def test_answers_of_the_api_are_compressed(world: World) -> None:
    client = world.running
    packed, plain = (
        client.get("/api/v1/openapi.json", headers={"Accept-Encoding": coding}) for coding in ("gzip", "gzip;q=0, br")
    )
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "accept-encoding" in packed.headers["Vary"].lower()
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["Content-Length"]) < len(plain.content) / 4
    assert "Content-Encoding" not in client.get("/api/v1/accredited-bodies", headers=GZIP).headers, "short"


def test_pages_writes_and_strong_tags_are_not(world: World) -> None:
    office = world.create_user()
    home = world.browser(office).get("/", headers=GZIP, follow_redirects=True)
    assert len(home.content) > 2000
    assert "Content-Encoding" not in home.headers
    body = {"name": "x" * 99, "licence": "IL-1", "sector": "food", "region": "Abu Dhabi", "employees": 1}
    api = world.api(office)
    made = api.post("/factories", json=body, headers=GZIP)
    assert "Content-Encoding" not in made.headers
    read = api.get(f"/factories/{made.json()['id']}", headers=GZIP)
    assert (read.headers["ETag"], read.headers.get("Content-Encoding")) == ('"1"', None)


def test_files_of_pages_are_compressed_under_weak_tags(world: World) -> None:
    client = world.running
    style = next(
        word.split('"')[0]
        for word in client.get("/sign-in").text.split('href="')
        if word.startswith("/static/") and ".css" in word
    )
    first = client.get(style, headers=GZIP)
    assert first.headers["Content-Encoding"] == "gzip"
    assert first.headers["ETag"].startswith('W/"')
    assert client.get(style, headers=GZIP | {"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_pages_of_a_named_site_may_call_the_api(shared: World) -> None:
    client = shared.running
    asked = {"Origin": TOOL, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "if-match"}
    before = client.options("/api/v1/factories", headers=asked)
    assert before.status_code == 200
    assert before.headers["Access-Control-Allow-Origin"] == TOOL
    assert "If-Match" in before.headers["Access-Control-Allow-Headers"]
    answer = client.get("/api/v1/accredited-bodies", headers={"Origin": TOOL})
    assert answer.headers["Access-Control-Allow-Origin"] == TOOL
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
    refused = client.get("/api/v1/factories", headers={"Origin": TOOL})
    problem(refused, 401, "sign-in-needed")
    assert refused.headers["Access-Control-Allow-Origin"] == TOOL, "so that the page can read why"
    for seen in (before, answer, refused):
        assert "Access-Control-Allow-Credentials" not in seen.headers


def test_no_other_site_and_no_page(shared: World, world: World) -> None:
    for client, path, origin in (
        (shared.running, "/api/v1/accredited-bodies", "https://tool.example.evil.example"),
        (shared.running, "/api/v1/accredited-bodies", "null"),
        (shared.running, "/sign-in", TOOL),
        (world.running, "/api/v1/accredited-bodies", TOOL),
    ):
        assert "Access-Control-Allow-Origin" not in client.get(path, headers={"Origin": origin}).headers
    for mistake in ("https://*.example", "tool.example", "https://tool.example/", "https://a@b"):
        with pytest.raises(ValidationError):
            make_settings(world.settings.data_folder, cors_origins=(mistake,))


def test_writers_need_not_have_it_sent_back(world: World) -> None:
    """204 instead of 200, 201 without a body; the key of a request gives each reader what they prefer."""
    api = world.api(world.create_user())
    body = {"name": "A mill", "licence": "IL-1", "sector": "food", "region": "Abu Dhabi", "employees": 1}
    bare, key = {"Prefer": "respond-async, return=minimal"}, {"Idempotency-Key": "a"}
    made = api.post("/factories", json=body, headers=bare | key)
    assert (made.status_code, made.content, made.headers["ETag"]) == (201, b"", '"1"')
    assert made.headers["Preference-Applied"] == "return=minimal"
    place = made.headers["Location"].removeprefix("/api/v1")
    whole = api.post("/factories", json=body, headers=key)
    assert whole.headers["Idempotency-Replayed"] == "true"
    assert f"/factories/{whole.json()['id']}" == place
    changed = api.put(place, json=body | {"employees": 2}, headers={"Prefer": "return=minimal", "If-Match": '"1"'})
    assert (changed.status_code, changed.content, changed.headers["ETag"]) == (204, b"", '"2"')
    assert "Content-Type" not in changed.headers
    assert api.get(place).json()["employees"] == 2
    problem(api.put(place, json=body, headers=bare | {"If-Match": '"1"'}), 412, "stale")
    full = api.put(place, json=body, headers={"Prefer": "return=representation, return=minimal", "If-Match": '"2"'})
    assert full.json()["employees"] == 1


def test_what_is_shown_once_is_sent_all_the_same(world: World) -> None:
    bare = {"Prefer": "return=minimal"}
    user = world.create_user()
    token = world.api().post("/tokens", json={"email": user.email, "password": PASSWORD, "label": "x"}, headers=bare)
    assert token.json()["token"]
    body = {"email": "new@example.org", "name": "New", "body_id": str(world.create_body().id)}
    opened = world.api(user).post("/assessors", json=body, headers=bare)
    assert opened.status_code == 201
    assert opened.json()["initial_password"]


def test_an_operation_that_will_go_says_so(world: World) -> None:
    app = FastAPI(**openapi.ABOUT, middleware=[Middleware(Front, settings=world.settings)])
    answer_with_problems(app)
    declared = leaving(date(2026, 11, 22), date(2027, 6, 30), "/api/v1/newer")

    @app.get("/api/v1/older", operation_id="older", summary="Older", **declared)
    def older(number: int = 1) -> dict[str, int]:
        """Older."""
        if number == 0:
            raise Conflict
        return {"number": number}

    openapi.describe(app)
    client = TestClient(app)
    for query in ("", "?number=0", "?number=x"):
        answer = client.get(f"/api/v1/older{query}")
        assert answer.headers["Deprecation"] == "@1795305600"
        assert answer.headers["Sunset"] == "Wed, 30 Jun 2027 00:00:00 GMT"
        assert answer.headers["Link"] == '</api/v1/newer>; rel="successor-version"'
    operation = app.openapi()["paths"]["/api/v1/older"]["get"]
    assert operation["deprecated"]
    assert all({"Deprecation", "Sunset"} <= response["headers"].keys() for response in operation["responses"].values())
