"""Events on their way to partners: told once each, tried for three days, and never sent inside the network."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from itti.acts import now
from itti.footprints import sending
from tests.itti.conftest import World
from tests.itti.expect import problem
from tests.itti.footprints.stage import Stage, staged
from tests.itti.webhooks.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        made.body = json.dumps({"access_token": "theirs"}).encode()
        yield made


@pytest.fixture
def stage(both_worlds: World, receiver: Receiver) -> Stage:
    base = f"http://127.0.0.1:{receiver.port}"
    return staged(both_worlds, base_url=base, client_id="it+ti", client_secret="known: to both")


def deliver(stage: Stage, clock: Callable[[], datetime] = now) -> int:
    """What a worker does until nothing is due; returns how many tries it took."""
    tries = 0
    while (taken := sending.take(stage.world.database, clock)) is not None:
        sending.send(stage.world.database, stage.world.settings, taken, clock)
        tries += 1
    return tries


def later(**by: int) -> Callable[[], datetime]:
    return lambda: now() + timedelta(**by)


def messages(stage: Stage) -> list[dict[str, Any]]:
    path = f"/footprint-partners/{stage.partner['id']}/messages"
    found: list[dict[str, Any]] = stage.world.api(stage.owner).get(path).json()["items"]
    return found


def test_partners_are_told_and_events_are_given_up_after_three_days(stage: Stage, receiver: Receiver) -> None:
    first = stage.enter()
    assert deliver(stage) == 0, "nobody may read it yet"
    stage.share(first)
    stage.share(first)
    assert deliver(stage) == 1
    (proof, _), (headers, content) = receiver.taken
    assert b64decode(proof["authorization"].removeprefix("Basic ")) == b"it%2Bti:known%3A+to+both"
    assert receiver.paths == ["/auth/token", "/3/events"]
    assert headers["authorization"] == "Bearer theirs"
    told = json.loads(content)
    assert (told["type"], told["data"]) == (
        "org.wbcsd.pact.ProductFootprint.PublishedEvent.3",
        {"pfIds": [first["id"]]},
    )
    (done,) = messages(stage)
    assert (done["state"], done["status"], done["attempts"], done["id"]) == ("done", 200, 1, told["id"])

    second = stage.enter(replaces=first["id"])
    receiver.answers = [401]
    assert deliver(stage) == 1
    receiver.answers = [200, 503]
    assert deliver(stage) == 0, "not before its time"
    assert deliver(stage, later(minutes=1)) == 1
    waiting = messages(stage)[0]
    assert (waiting["state"], waiting["status"], waiting["attempts"]) == ("waiting", 503, 2)
    assert "503" in waiting["reason"]
    receiver.answers = [200, 503]
    assert deliver(stage, later(hours=73)) == 1
    assert messages(stage)[0]["state"] == "failed"
    path = f"/footprint-partners/{stage.partner['id']}/messages/{waiting['id']}/retry"
    assert stage.world.api(stage.owner).post(path).json()["state"] == "waiting"
    assert deliver(stage) == 1
    assert json.loads(receiver.taken[-1][1])["data"] == {"pfIds": [second["id"]]}
    problem(stage.world.api(stage.world.create_assessor()).post(path), 404, "partner-unknown")


def test_a_partner_is_asked(stage: Stage, receiver: Receiver) -> None:
    path = f"/footprint-partners/{stage.partner['id']}/requests"
    sent = {"product_ids": ["urn:gtin:1"], "valid_on": "2026-06-01T00:00:00Z"}
    answer = stage.world.api(stage.owner).post(path, json=sent)
    assert (answer.status_code, answer.json()["name"]) == (202, "requested")
    assert deliver(stage) == 1
    asked = json.loads(receiver.taken[-1][1])
    assert asked["id"] == answer.json()["id"]
    assert asked["data"] == {"productId": ["urn:gtin:1"], "validOn": "2026-06-01T00:00:00Z"}


def test_tokens_that_are_none(world: World, receiver: Receiver) -> None:
    made = staged(world, base_url=f"http://127.0.0.1:{receiver.port}")
    for body in (b"", b"[]", b'{"access_token": 7}', b'{"access_token": "a\\nb"}', b"{" * 9999):
        receiver.body, receiver.answers, receiver.paths = body, [200], []
        made.share(made.enter())
        assert deliver(made) == 1
        assert (messages(made)[0]["state"], receiver.paths) == ("waiting", ["/auth/token"]), body


def test_nobody_inside_is_called(world: World, receiver: Receiver) -> None:
    made = staged(world, base_url=f"http://127.0.0.1:{receiver.port}")
    made.share(made.enter())
    made.world.settings = world.settings.model_copy(update={"webhook_private": False})
    assert deliver(made) == 1
    assert not receiver.taken
    assert messages(made)[0]["state"] == "waiting"
