"""Headers, request ids and health of every response."""

from __future__ import annotations

import pytest

from itti.http.front import CONTENT_SECURITY_POLICY
from tests.itti.conftest import World
from tests.itti.expect import problem


def test_security_headers(world: World) -> None:
    headers = world.running.get("/healthz").headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize("given", ["abcdefgh", "A.b-c_1234567890"])
def test_well_formed_request_id_is_kept(world: World, given: str) -> None:
    assert world.running.get("/healthz", headers={"x-request-id": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space in it", "ünicodeünicode".encode().decode("latin-1")])
def test_other_request_id_is_replaced(world: World, given: str) -> None:
    answer = world.running.get("/healthz", headers={b"x-request-id": given.encode("latin-1")})
    made = answer.headers["x-request-id"]
    assert made != given
    assert len(made) == 32


def test_health(world: World) -> None:
    answer = world.running.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


def test_health_without_database(world: World) -> None:
    world.database.close()
    file = world.settings.data_folder / "itti.sqlite"
    file.unlink()
    file.mkdir()
    problem(world.running.get("/healthz"), 503, "busy")
