"""Waiting for events: answered as soon as there is one, else at the end of the time, and holding nothing meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from itti.accounts.tables import User
from itti.database import CONNECTIONS
from itti.events import lookout
from tests.itti.assessments.story import Story, plan, tell
from tests.itti.conftest import World
from tests.itti.events.test_feed import take_in
from tests.itti.expect import pointers, problem
from tests.itti.serving import served
from tests.waiting import wait_for


@pytest.fixture
def story(world: World, monkeypatch: pytest.MonkeyPatch) -> Story:
    monkeypatch.setattr(lookout, "PACE", 0.05)
    made = tell(world)
    take_in(world)
    return made


@pytest.fixture
def asking() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2 * CONNECTIONS + 5) as made:
        yield made


def asked(story: Story, user: User, **query: Any) -> httpx2.Response:
    answer: httpx2.Response = story.api(user).get("/events", params=query)
    return answer


def test_it_is_answered_when_something_happens(story: Story, asking: ThreadPoolExecutor) -> None:
    known = asked(story, story.office).json()["after"]
    began = time.monotonic()
    waiting = asking.submit(asked, story, story.office, after=known, wait=20)
    stranger = asking.submit(asked, story, story.reviewer, after=known, wait=1)
    wait_for(lambda: waiting_in(story) == 2)
    plan(story.world, story.factory, story.assessor, story.office)
    take_in(story.world)
    found = waiting.result(10).json()
    assert time.monotonic() - began < 10
    assert [each["type"] for each in found["items"]] == ["assessment.planned"]
    empty = stranger.result(10).json()
    assert (empty["items"], empty["more"]) == ([], False)
    assert int(empty["after"]) > int(known), "what was not for them is not looked at again"
    assert waiting_in(story) == 0


def waiting_in(story: Story) -> int:
    found: int = story.world.app.state.lookout._waiting
    return found


def test_it_ends_without_an_event_and_where_there_is_one_it_does_not_begin(story: Story) -> None:
    began = time.monotonic()
    first = asked(story, story.office, wait=25).json()
    assert first["items"]
    assert time.monotonic() - began < 5
    assert asked(story, story.office, after=first["after"], wait=1).json() == first | {"items": []}
    assert time.monotonic() - began > 1
    for wrong in (-1, 26, "long"):
        refused = problem(asked(story, story.office, wait=wrong), 422, "invalid-input")
        assert pointers(refused).keys() == {"?wait"}
    problem(story.api(None).get("/events", params={"wait": 25}), 401, "sign-in-needed")
    problem(asked(story, story.office, after="999999", wait=25), 400, "malformed-cursor")


def test_a_revoked_token_hears_of_nothing_more(story: Story, asking: ThreadPoolExecutor) -> None:
    client = story.api(story.office)
    known = client.get("/events").json()["after"]
    waiting = asking.submit(client.get, "/events", params={"after": known, "wait": 20})
    wait_for(lambda: waiting_in(story) == 1)
    assert client.delete("/tokens/current").status_code == 204
    plan(story.world, story.factory, story.assessor, story.office)
    take_in(story.world)
    problem(waiting.result(10), 401, "token-invalid")


def test_many_wait_and_nobody_is_held_up(
    story: Story, asking: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More wait than there are connections and threads, and others are answered all the same."""
    many = 2 * CONNECTIONS + 5  # and more than the 40 threads that answer
    monkeypatch.setattr(lookout, "MOST", many)
    token = story.world.token(story.office)
    after = asked(story, story.office).json()["after"]
    with served(story.world) as address, httpx2.Client(base_url=f"{address}/api/v1", timeout=40) as line:
        line.headers["Authorization"] = f"Bearer {token}"
        query = {"after": after, "wait": 25}
        waiting = [asking.submit(line.get, "/events", params=query) for _ in range(many)]
        wait_for(lambda: waiting_in(story) == many)
        began = time.monotonic()
        assert line.get("/me").status_code == 200
        assert line.get("/events", params=query).json()["items"] == [], "no room: answered at once"
        assert time.monotonic() - began < 5
        plan(story.world, story.factory, story.assessor, story.office)
        take_in(story.world)
        assert {len(each.result(20).json()["items"]) for each in waiting} == {1}


def test_nobody_waits_for_a_process_that_ends(story: Story, asking: ThreadPoolExecutor) -> None:
    after = asked(story, story.office).json()["after"]
    with served(story.world) as address:
        line = httpx2.Client(base_url=f"{address}/api/v1", timeout=40)
        line.headers["Authorization"] = f"Bearer {story.world.token(story.office)}"
        waiting = asking.submit(line.get, "/events", params={"after": after, "wait": 25})
        wait_for(lambda: waiting_in(story) == 1)
        began = time.monotonic()
    assert waiting.result(5).json()["items"] == []
    assert time.monotonic() - began < 5
    line.close()
