"""A request that is sent again with its key acts once, at every door, and is answered as it was the first time."""

from __future__ import annotations

import io
import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select
from starlette.testclient import TestClient

from itti.accounts.tables import ApiToken, Role
from itti.acts import now
from itti.factories.tables import Factory
from itti.retries import layer, service
from itti.retries.tables import KeyedRequest
from tests.itti.assessments.story import tell
from tests.itti.conftest import PASSWORD, World
from tests.itti.expect import problem

MILL: Final[dict[str, Any]] = {
    "name": "A mill",
    "licence": "IL-1-2",
    "sector": "food",
    "region": "Abu Dhabi",
    "employees": 9,
}
KEY: Final = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


def stored(world: World) -> list[KeyedRequest]:
    with world.database.reading() as session:
        return list(session.exec(select(KeyedRequest)).all())


def mills(world: World) -> int:
    with world.database.reading() as session:
        return len(session.exec(select(Factory).where(Factory.name == "A mill")).all())


def test_acts_once_and_is_answered_alike(both_worlds: World) -> None:
    world = both_worlds
    office = world.create_user()
    client = world.api(office)
    first = client.post("/factories", json=MILL, headers=KEY)
    assert first.status_code == 201
    assert "Idempotency-Replayed" not in first.headers
    again = world.api(office).post("/factories", json=MILL, headers={"Idempotency-Key": f'"{KEY["Idempotency-Key"]}"'})
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert mills(world) == 1
    problem(client.post("/factories", json=MILL | {"employees": 10}, headers=KEY), 422, "key-reused")
    problem(client.post("/factories?x=1", json=MILL, headers=KEY), 422, "key-reused")
    other = world.api(world.create_user()).post("/factories", json=MILL | {"licence": "IL-9"}, headers=KEY)
    assert other.status_code == 201, "the keys of others are their own"


def test_refused_requests_leave_their_key_free(world: World) -> None:
    client = world.api(world.create_user())
    problem(client.post("/factories", json=MILL | {"employees": -1}, headers=KEY), 422, "invalid-input")
    assert client.post("/factories", json=MILL, headers=KEY).status_code == 201
    fresh = {"Idempotency-Key": "another"}
    problem(client.post("/factories", json=MILL, headers=fresh), 409, "taken")
    assert [row.answer is not None for row in stored(world)] == [True]
    stranger = world.api()
    problem(stranger.post("/factories", json=MILL, headers=KEY), 401, "sign-in-needed")
    for hostile in ("", " ", "a b", '"', '"a', "k" * 256):
        problem(client.post("/factories", json=MILL, headers={"Idempotency-Key": hostile}), 400, "malformed-key")
    large = client.post("/factories", content=b" " * 300_000, headers=KEY | {"Content-Type": "application/json"})
    problem(large, 413, "too-large")


def test_a_key_is_forgotten_in_time(world: World) -> None:
    client = world.api(world.create_user())
    client.post("/factories", json=MILL, headers=KEY)
    assert service.forget(world.database, now()) == 0
    assert service.forget(world.database, now() + timedelta(hours=25)) == 1
    problem(client.post("/factories", json=MILL, headers=KEY), 409, "taken")


def test_nothing_readable_is_stored(world: World) -> None:
    """A token that was issued, and the first password of an account, are given again, and stand in no column."""
    user = world.create_user()
    sent = {"email": user.email, "password": PASSWORD, "label": "tablet"}
    first, again = (world.api().post("/tokens", json=sent, headers=KEY) for _ in range(2))
    assert first.json() == again.json()
    with world.database.reading() as session:
        assert len(session.exec(select(ApiToken)).all()) == 1
    problem(world.api().post("/tokens", json=sent | {"password": "no"}, headers=KEY), 401, "wrong-credentials")
    row = stored(world)[0]
    assert first.json()["token"] not in row.model_dump_json()
    assert KEY["Idempotency-Key"] not in row.model_dump_json()
    problem(world.api(user).post("/factories", json=MILL, headers=KEY), 422, "key-reused")


def test_ended_between_act_and_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has committed never acts again; what has not leaves the key usable."""
    client = world.api(world.create_user())

    def die(*_args: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(layer, "keep", die)
        problem(client.post("/factories", json=MILL, headers=KEY), 500, "internal-error")
    problem(client.post("/factories", json=MILL, headers=KEY), 409, "request-in-flight")
    monkeypatch.setattr(service, "ON_THE_WAY", timedelta(0))
    problem(client.post("/factories", json=MILL, headers=KEY), 409, "answer-not-kept")
    assert mills(world) == 1
    with monkeypatch.context() as patch:
        patch.setattr("itti.factories.service.record", die)
        other = MILL | {"licence": "IL-7"}
        problem(client.post("/factories", json=other, headers={"Idempotency-Key": "b"}), 500, "internal-error")
    assert client.post("/factories", json=other, headers={"Idempotency-Key": "b"}).status_code == 201


def test_large_answers_are_not_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer, "ANSWER_BYTES", 10)
    client = world.api(world.create_user())
    assert client.post("/factories", json=MILL, headers=KEY).json()["name"] == "A mill"
    problem(client.post("/factories", json=MILL, headers=KEY), 409, "answer-not-kept")


def test_many_at_the_same_moment(both_worlds: World) -> None:
    """One acts; the others hear that it is on its way, or its answer."""
    world = both_worlds
    user = world.create_user()
    clients = [world.api(user) for _ in range(6)]  # each with a token of its own
    start = Barrier(len(clients))

    def send(client: TestClient) -> tuple[int, str]:
        start.wait()
        answer = client.post("/factories", json=MILL, headers=KEY)
        return answer.status_code, answer.json().get("code", answer.json().get("id"))

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(pool.map(send, clients))
    assert mills(world) == 1
    done = {told for status, told in answers if status == 201}
    assert len(done) == 1
    assert {told for status, told in answers if status != 201} <= {"request-in-flight"}


def test_files_by_their_content(world: World) -> None:
    """The boundary of a form is another at every try."""
    story = tell(world).started()
    client, path = world.api(story.assessor), story.evidence_path("maintenance")
    tried = [
        client.post(path, files={"file": ("log.txt", io.BytesIO(text), "text/plain")}, headers=KEY)
        for text in (b"a log", b"a log", b"another")
    ]
    assert tried[0].status_code == 201
    assert tried[0].request.headers["content-type"] != tried[1].request.headers["content-type"]
    assert tried[1].json() == tried[0].json()
    assert tried[1].headers["Idempotency-Replayed"] == "true"
    problem(tried[2], 422, "key-reused")


@given(st.lists(st.binary(max_size=12), max_size=6), st.lists(st.integers(0, 80), max_size=5))
def test_a_form_has_one_digest_however_it_is_cut(parts: list[bytes], cuts: list[int]) -> None:
    def digest(boundary: bytes, cut: list[int]) -> str:
        body = b"".join(b"--" + boundary + b"\r\n" + part for part in parts)
        found = layer.Fingerprint(f"multipart/form-data; boundary={boundary.decode()}")
        edges = [0, *sorted(cut), len(body)]
        for begin, end in itertools.pairwise(edges):
            found.add(body[begin:end])
        return found.hexdigest()

    assert digest(b"XyzzyXyzzy", []) == digest(b"PlughPlugh99", cuts)


def test_every_post_of_the_api_takes_a_key(world: World) -> None:
    """By the description, and by what answers: a key that is none is refused before anything else is looked at."""
    client = world.api(world.create_user(Role.PROGRAMME))
    seen = 0
    for path, methods in world.app.openapi()["paths"].items():
        for method, operation in methods.items():
            named = {words["name"] for words in operation.get("parameters", ()) if "name" in words}
            public = not operation.get("security") and operation["operationId"] != "createToken"
            assert ("Idempotency-Key" in named) == (method == "post" and not public), (method, path)
            if method == "post":
                seen += 1
                problem(
                    client.post(path.removeprefix("/api/v1"), headers={"Idempotency-Key": "a b"}), 400, "malformed-key"
                )
    assert seen > 40
