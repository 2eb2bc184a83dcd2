"""Reading without the body, and what is not sent again; and what an address takes."""

from __future__ import annotations

import pytest

from itti.accounts.tables import Role
from tests.itti.assessments.story import tell
from tests.itti.conftest import World
from tests.itti.expect import pointers, problem


def test_head_answers_as_get_without_a_body(world: World) -> None:
    client = world.api(world.create_user())
    for path in ("/me", "/assessments", "/nowhere"):
        whole, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (whole.status_code, b"")
        for name in ("content-type", "content-length", "link", "etag"):
            if name != "content-length" or path == "/assessments":
                assert head.headers.get(name) == whole.headers.get(name), name
    page = world.browser()
    assert (page.head("/sign-in").status_code, page.head("/sign-in").content) == (200, b"")
    assert world.api().head("/me").status_code == 401
    assert page.head("/home").is_redirect
    assert client.head("/webhooks/x/test").status_code == 405


def test_what_the_reader_has_is_not_sent_again(world: World) -> None:
    story = tell(world).started()
    saved = story.put(story.assessor, "quality", level=3, reason="Seen.")
    client, path = story.api(story.assessor), f"{story.path}/answers/quality"
    tag = saved.headers["etag"]
    for known in (tag, f"W/{tag}", f'"9", {tag}', "*"):
        answer = client.get(path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        assert "content-length" not in answer.headers
        assert client.head(path, headers={"If-None-Match": known}).status_code == 304
    for unknown in ('"9"', "x", ""):
        assert client.get(path, headers={"If-None-Match": unknown}).json()["level"] == 3
    problem(client.get(f"{story.path}/answers/nothing", headers={"If-None-Match": "*"}), 404, "no-such-question")
    problem(story.api(None).get(path, headers={"If-None-Match": tag}), 401, "sign-in-needed")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/assessments", "GET, HEAD, POST"),
        ("POST", "/webhooks/5d0c7d6c-3d42-4a52-8a3e-2a3a7a0b6f21", "DELETE, GET, HEAD, PUT"),
        ("GET", "/verifications", "POST"),
    ],
)
def test_all_methods_of_an_address_are_told(world: World, method: str, path: str, allowed: str) -> None:
    answer = world.api(world.create_user(Role.FACTORY)).request(method, path)
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == allowed


def test_an_address_that_is_none_leads_to_the_description(world: World) -> None:
    for path in ("/api/v1", "/api/v1/", "/api/v1/factorys"):
        answer = world.running.get(path)
        problem(answer, 404, "not-found")
        found = world.running.get(answer.links["service-desc"]["url"])
        assert found.json()["openapi"].startswith("3.1")
    for path in ("/api/v10/factories", "/nowhere", "/api/pact/3/nothing"):
        assert "link" not in world.running.get(path).headers
    unknown = world.api(world.create_user()).get("/factories/5d0c7d6c-3d42-4a52-8a3e-2a3a7a0b6f21")
    assert (unknown.status_code, "link" in unknown.headers) == (404, False)


def test_a_body_that_is_not_said_to_be_json(world: World) -> None:
    """As ``curl -d`` sends it."""
    sent = b'{"email": "a@b.example", "password": "x"}'
    for media in ("application/x-www-form-urlencoded", "text/plain"):
        answer = world.api().post("/tokens", content=sent, headers={"Content-Type": media})
        assert pointers(problem(answer, 422, "invalid-input")) == {"": "not-said-to-be-json"}
    answer = world.api().post("/tokens", json=[])
    assert pointers(problem(answer, 422, "invalid-input")) == {"": "not-an-object"}
