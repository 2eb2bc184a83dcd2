"""Lists that are carried: the items with their ids, and all that was answered for them."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from tests.itti import lines
from tests.itti.assessments.story import Story, plan
from tests.itti.assessments.test_lists import answer_all, told
from tests.itti.conftest import World
from tests.itti.expect import problem
from tests.itti.lines import ANSWERS, FAMILY, INDEX, TWO


@pytest.fixture(params=["1.0.0", "1.0.1"])
def stories(world: World, request: pytest.FixtureRequest) -> Iterator[tuple[Story, Story]]:
    """An earlier assessment that is over, with all its answers, and a new one of the same or the next version."""
    with lines.published("1.0.1"):
        old = told(world).started()
        answer_all(old)
        old.step(old.office, "withdraw", note="The factory asked for it.")
        identifier = plan(world, old.factory, old.assessor, old.office, family=FAMILY, version=request.param)
        new = Story(world, old.office, old.assessor, old.reviewer, old.owner, old.factory, identifier)
        yield old, new.started()


def carry(old: Story, new: Story, **more: object) -> httpx2.Response:
    """Carry what the assessor found."""
    body = {"from": str(old.id), "which": "assessed", **more}
    return new.api(new.assessor).post(f"{new.path}/carry-over", json=body)


def test_items_arrive_with_all_that_was_answered_for_them(stories: tuple[Story, Story]) -> None:
    old, new = stories
    for language in ("en", "ar"):
        browser = new.world.browser(new.assessor)
        browser.get(f"/language/{language}")
        page = browser.get(f"{new.path}/carry-over/{old.id}")
        assert page.status_code == 200
        assert "خط الحليب" in page.text
    done = carry(old, new)
    assert done.status_code == 200, done.text
    client = new.api(new.assessor)
    assert client.get(f"{new.path}/answers/lines").json()["items"] == TWO
    standing = client.get(f"{new.path}/standing").json()
    assert (standing["answered"], standing["index"]) == (len(ANSWERS), INDEX)


def test_a_list_that_is_kept_keeps_out_what_belongs_to_others(stories: tuple[Story, Story]) -> None:
    old, new = stories
    kept = [TWO[1], {"id": "line-3", "name": "Packing"}]
    new.put(new.assessor, "lines", items=kept)
    new.put(new.assessor, "lines.line-3.output", number="7")
    problem(carry(old, new), 409, "answers-in-the-way")
    problem(carry(old, new, overwrite={"lines": 1}), 409, "items-answered")
    client = new.api(new.assessor)
    assert client.get(f"{new.path}/answers/lines").json()["items"] == kept
    assert carry(old, new, keep=["lines"]).status_code == 200
    answered = [each["question"] for each in client.get(f"{new.path}/answers").json()["answers"]]
    assert "lines.line-2.output" in answered
    assert "lines.line-1.output" not in answered
    assert client.get(f"{new.path}/answers/lines.line-3.output").json()["number"] == "7"
