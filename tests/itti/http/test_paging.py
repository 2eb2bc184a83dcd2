"""Lists in pages."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from itti.accreditation.tables import Accreditation
from itti.http.paging import MalformedCursor, Paging, cut
from tests.itti.conftest import World
from tests.itti.expect import problem


def test_walk(both_worlds: World) -> None:
    """Every row once, in order, also with equal names, and while rows are added behind and before."""
    world = both_worlds
    for number in range(7):
        world.create_factory(name=f"Same {number // 3}")
    client = world.api(world.create_user())
    seen: list[tuple[str, str]] = []
    address: str | None = "/factories?limit=2"
    pages = 0
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        seen += [(row["name"], row["id"]) for row in answer.json()["items"]]
        link = answer.headers.get("link")
        match = re.fullmatch(r'<(/api/v1/factories\?limit=2&after=[\w%.-]+)>; rel="next"', link) if link else None
        assert (match is None) == (link is None), link
        address = f"http://testserver{match[1]}" if match else None
        pages += 1
        if pages == 1:
            world.create_factory(name="A first one")
    assert pages == 4
    assert len(set(seen)) == 7
    assert [name for name, _ in seen] == sorted(name for name, _ in seen)


def test_last_page_has_no_link(world: World) -> None:
    world.create_factory()
    assert "link" not in world.api(world.create_user()).get("/factories?limit=1").headers


@pytest.mark.parametrize("after", ["x", "e30", "WzFd", "WyJhIiwgImIiXQ", "WzEsIDJd", "////", "ÿ", "W1tbW1tb"])
def test_made_up_cursor(world: World, after: str) -> None:
    answer = world.api(world.create_user()).get("/factories", params={"after": after})
    problem(answer, 400, "malformed-cursor")


def test_dates_newest_first(both_worlds: World) -> None:
    world = both_worlds
    user = world.create_user()
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(5):
        world.accredit(
            user,
            valid_from=date(2026, 1, 1) + timedelta(days=number),
            valid_until=date(2027, 1, 1),
            created_at=start + timedelta(hours=number // 2, microseconds=5),
        )
    keys = (col(Accreditation.created_at), col(Accreditation.valid_from), col(Accreditation.id))
    found, after = [], None
    with world.database.reading() as session:
        while True:
            part = cut(session, select(Accreditation), keys, Paging(2, after), descending=True)
            found += [row.valid_from.day for row in part.rows]
            after = part.after
            if after is None:
                break
    assert found == [5, 4, 3, 2, 1]


def test_cursor_of_another_list(world: World) -> None:
    world.create_factory()
    world.create_factory()
    client = world.api(world.create_user())
    link = client.get("/factories?limit=1").headers["link"]
    cursor = re.search("after=([^>]*)>", link)
    assert cursor
    with world.database.reading() as session, pytest.raises(MalformedCursor):
        cut(
            session, select(Accreditation), (col(Accreditation.created_at), col(Accreditation.id)), Paging(5, cursor[1])
        )
