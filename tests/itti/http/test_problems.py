"""Every error is a problem document, in the reader's language, with the headers of every other response."""

from __future__ import annotations

import pytest
from fastapi import Request
from starlette.responses import HTMLResponse, Response

from itti.accounts.tables import Role
from itti.http.problems import Problem
from itti.http.transactions import Transaction
from questionnaires.errors import Fault
from tests.itti.conftest import World
from tests.itti.expect import pointers, problem


def test_not_found(world: World) -> None:
    document = problem(world.api().get("/nothing-here"), 404, "not-found")
    assert document["instance"] == "/api/v1/nothing-here"
    assert document["title"] == "Not found"


def test_method_not_allowed(world: World) -> None:
    answer = world.api().delete("/factories")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"]


def test_all_field_errors_at_once(world: World) -> None:
    answer = world.api(world.create_user()).post(
        "/factories",
        json={
            "name": " \u200f ",
            "name_ar": "x" * 201,
            "licence": "a\x07b",
            "sector": "moon",
            "employees": "12",
            "colour": "red",
        },
    )
    document = problem(answer, 422, "invalid-input")
    assert pointers(document) == {
        "/name": "blank",
        "/name_ar": "too-long",
        "/licence": "control-characters",
        "/sector": "not-a-choice",
        "/region": "missing",
        "/employees": "not-whole",
        "/colour": "unknown",
    }
    details = {error["pointer"]: error["detail"] for error in document["errors"]}
    assert "200" in details["/name_ar"]
    assert "'food'" in details["/sector"]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"{", "not-json"), (b"[]", "not-an-object"), (b"", "missing"), (b"null", "not-an-object")],
)
def test_body_is_no_object(world: World, content: bytes, code: str) -> None:
    client = world.api(world.create_user())
    answer = client.post("/factories", content=content, headers={"content-type": "application/json"})
    assert pointers(problem(answer, 422, "invalid-input")) == {"": code}


def test_body_is_no_text(world: World) -> None:
    client = world.api(world.create_user())
    answer = client.post("/factories", content=b"\xff", headers={"content-type": "application/json"})
    problem(answer, 400, "malformed-request")


def test_wrong_parameters(world: World) -> None:
    client = world.api(world.create_user())
    document = problem(client.get("/factories?limit=0"), 422, "invalid-input")
    assert pointers(document) == {"?limit": "too-small"}
    document = problem(client.get("/factories/not-an-id"), 422, "invalid-input")
    assert pointers(document) == {"/{factory_id}": "not-an-id"}


def test_body_too_large(world: World) -> None:
    client = world.api(world.create_user())
    problem(client.post("/factories", json={"name": "x" * 300_000}), 413, "too-large")


def test_in_arabic(world: World) -> None:
    answer = world.api().post("/tokens", json={}, headers={"accept-language": "fr, ar-AE;q=0.9, en;q=0.5"})
    document = problem(answer, 422, "invalid-input")
    assert answer.headers["content-language"] == "ar"
    assert "Accept-Language" in answer.headers["vary"]
    assert document["title"] == "لا يمكن قبول المُدخلات كما هي"
    assert document["errors"][0]["detail"] == "هذا الحقل مطلوب."


def test_mistake_of_ours(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """A failure is told by its request id alone, undone, logged, and has all headers."""

    def fail(session: Transaction) -> None:
        raise ZeroDivisionError("a secret of the house")

    world.app.add_api_route("/api/test/fail", fail, methods=["POST"])
    answer = world.running.post("/api/test/fail", headers={"x-request-id": "my-request-1"})
    document = problem(answer, 500, "internal-error")
    assert "my-request-1" in document["detail"]
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"]
    assert "my-request-1" in caplog.text
    assert "a secret of the house" in caplog.text


def test_fault_of_a_lower_floor(world: World) -> None:
    class Odd(Fault):
        code = "not-found"
        room = "itti.http"

    def fail() -> None:
        raise Odd

    world.app.add_api_route("/api/test/odd", fail)
    problem(world.running.get("/api/test/odd"), 422, "not-found")


class TestPages:
    @staticmethod
    def page(_request: Request, document: Problem, _fault: Fault) -> Response:
        return HTMLResponse(f"<p>{document.code}</p>", status_code=document.status)

    def test_people_get_a_page(self, world: World) -> None:
        world.app.state.problem_page = self.page
        answer = world.browser().get("/nothing-here")
        assert answer.status_code == 404
        assert answer.text == "<p>not-found</p>"
        assert answer.headers["content-security-policy"]

    def test_tools_get_json(self, world: World) -> None:
        world.app.state.problem_page = self.page
        problem(world.running.get("/nothing-here"), 404, "not-found")
        problem(world.browser().get("/api/v1/nothing-here"), 404, "not-found")

    def test_another_site_gets_a_page_as_well(self, world: World) -> None:
        world.app.state.problem_page = self.page
        answer = world.browser().post("/sign-out", headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403
        assert answer.text == "<p>cross-site-request</p>"


def test_wrong_role_says_who_may(world: World) -> None:
    answer = world.api(world.create_user(Role.FACTORY)).get("/assessors")
    document = problem(answer, 403, "wrong-role")
    assert "programme" in document["detail"]
