"""Long lists can be asked: sorted, narrowed, few fields; and pages stay right in every order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from itti.accounts.tables import Role
from itti.factories.schemas import FactoryView
from itti.factories.tables import Sector
from tests.itti.assessments.story import tell
from tests.itti.conftest import World
from tests.itti.expect import problem


def walked(client: TestClient, address: str) -> Iterator[list[dict[str, Any]]]:
    """The pages of a list, one after the other."""
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        yield answer.json()["items"]
        link = re.search(r'<([^>]+)>; rel="next"', answer.headers.get("link", ""))
        address = f"http://testserver{link[1]}" if link else ""


def test_every_order_shows_every_row_once_while_others_are_added(both_worlds: World) -> None:
    world = both_worlds
    client = world.api(world.create_user())
    names = iter("bca" * 1000)

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(
        st.integers(0, 4),
        st.integers(1, 3),
        st.sampled_from(["name", "-name", "created_at", "-created_at"]),
        st.lists(st.integers(0, 2), max_size=3),
    )
    def walk(new: int, limit: int, sort: str, added: list[int]) -> None:
        for _ in range(new):
            world.create_factory(name=next(names))
        before = {row["id"] for page in walked(client, "/factories?limit=200") for row in page}
        seen: list[dict[str, Any]] = []
        adding = iter(added)
        for page in walked(client, f"/factories?limit={limit}&sort={sort}"):
            seen += page
            for _ in range(next(adding, 0)):
                world.create_factory(name=next(names))
        ids = [row["id"] for row in seen]
        assert len(set(ids)) == len(ids)
        assert set(ids) >= before
        values = [row[sort.removeprefix("-")] for row in seen]
        assert values == sorted(values, reverse=sort.startswith("-"))

    walk()


def test_filters_stay_on_the_way_from_page_to_page(world: World) -> None:
    for number in range(5):
        world.create_factory(name=f"F{number}", sector=Sector.FOOD if number % 2 else Sector.CHEMICALS)
    client = world.api(world.create_user())
    pages = list(walked(client, "/factories?sector=food&limit=1&sort=-name&fields=name,sector"))
    assert pages == [[{"name": "F3", "sector": "food"}], [{"name": "F1", "sector": "food"}]]
    licence = client.get("/factories").json()["items"][2]["licence"]
    assert [row["licence"] for row in client.get(f"/factories?licence={licence}").json()["items"]] == [licence]
    assert client.get("/factories?region=Nowhere").json()["items"] == []


def test_a_parameter_that_is_given_twice_counts_twice_on_every_page(world: World) -> None:
    story = tell(world)
    client = story.api(story.office)
    for _ in range(2):
        body = {
            "factory_id": str(story.factory.id),
            "family": "itti",
            "version": "1.0.0",
            "assessor_id": str(story.assessor.id),
            "planned_for": str(date.today() + timedelta(days=9)),  # noqa: DTZ011 - any later day
        }
        assert client.post("/assessments", json=body).status_code == 201
    pages = list(walked(client, "/assessments?state=planned&state=certified&limit=1"))
    assert len(pages) == 3


def test_fields_leave_the_rest_out_and_nothing_else(world: World) -> None:
    world.create_factory(name="One")
    client = world.api(world.create_user())
    whole = client.get("/factories?limit=1")
    few = client.get("/factories?limit=1&fields=id,name")
    assert few.headers["content-type"] == whole.headers["content-type"]
    row = whole.json()["items"][0]
    assert few.json() == {"items": [{"id": row["id"], "name": row["name"]}]}
    every = ",".join(FactoryView.model_fields)
    assert client.get(f"/factories?limit=1&fields={every}").json() == whole.json()


@pytest.mark.parametrize(
    ("query", "pointer", "known"),
    [
        ("fields=id,secret", "?fields", "licence"),
        ("fields=", "?fields", "licence"),
        ("sort=licence", "?sort", "created_at"),
        ("sort=--name", "?sort", "created_at"),
        ("secto=food", "?secto", "sector"),
        ("sector=foods", "?sector", "food"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(world: World, query: str, pointer: str, known: str) -> None:
    answer = world.api(world.create_user()).get(f"/factories?{query}")
    told = problem(answer, 422, "invalid-input")["errors"]
    assert [each["pointer"] for each in told] == [pointer]
    assert known in told[0]["detail"]


def test_a_cursor_is_good_for_one_order(world: World) -> None:
    for _ in range(2):
        world.create_factory()
    client = world.api(world.create_user())
    link = client.get("/factories?limit=1&sort=name").headers["link"]
    after = re.search(r"after=([^&>]+)", link)
    assert after
    problem(client.get(f"/factories?limit=1&sort=-name&after={after[1]}"), 400, "malformed-cursor")


ASKED = [
    ("/assessments", "planned_for", "family=itti&planned_from=2000-01-01&planned_to=2100-01-01"),
    ("/assessments", "-planned_for", "family=green"),
    ("/assessments", "created_at", ""),
    ("/certificates", "expires_on", "family=itti&issued_from=2000-01-01&issued_to=2100-01-01"),
    ("/certificates", "-number", "expires_from=2000-01-01&expires_to=2001-01-01"),
    ("/assessors", "-name", "email=Nobody@example.org"),
    ("/assessment-bodies", "-name", ""),
    ("/record/acts", "at", "since=2000-01-01T00:00:00Z&until=2100-01-01T00:00:00%2B04:00"),
]


def test_the_other_lists_can_be_asked_too(world: World) -> None:
    story = tell(world)
    client = story.api(story.office)
    for address, sort, query in ASKED:
        rows = [row for page in walked(client, f"{address}?limit=2&sort={sort}&{query}") for row in page]
        everything = [row for page in walked(client, f"{address}?limit=200") for row in page]
        values = [row[sort.removeprefix("-")] for row in rows]
        assert values == sorted(values, reverse=sort.startswith("-"))
        expected = everything if not query or "2100" in query else []
        assert sorted(rows, key=str) == sorted(expected, key=str), (address, query)


def test_a_moment_without_a_zone_is_refused(world: World) -> None:
    client = world.api(world.create_user(Role.PROGRAMME))
    problem(client.get("/record/acts?since=2026-01-01T00:00:00"), 422, "invalid-input")
