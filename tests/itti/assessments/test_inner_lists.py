"""A list within a list through the front door: the process steps of each product, on pages and at the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from questionnaires.wording import LANGUAGES
from tests.itti import products
from tests.itti.assessments.story import Story, plan, tell
from tests.itti.assessments.test_list_pages import post
from tests.itti.assessments.test_lists import answer_all
from tests.itti.conftest import World
from tests.itti.expect import pointers, problem
from tests.itti.products import ANSWERS, FAMILY, INDEX, PRODUCTS, STEPS

TURNING = "products.pump.steps.turning"


def told(world: World) -> Story:
    """An assessment of the questionnaire with products and steps, in the assessor's hands."""
    story = tell(world)
    for user in (story.assessor, story.reviewer):
        world.accredit(user, FAMILY)
    story.id = plan(world, story.factory, story.assessor, story.office, family=FAMILY)
    return story.started()


@pytest.fixture
def shelf() -> Iterator[None]:
    """The questionnaire is published, in two versions."""
    with products.published("1.0.1"):
        yield


@pytest.fixture
def story(world: World, shelf: None) -> Story:
    return told(world)


@pytest.fixture
def both_stories(both_worlds: World, shelf: None) -> Story:
    """The same, once on SQLite and once on PostgreSQL."""
    return told(both_worlds)


def test_one_batch_names_items_of_items_and_answers_for_them(both_stories: Story) -> None:
    story = both_stories
    client = story.api(story.assessor)
    digest = client.get(f"{story.path}/work-package").json()["questionnaire"]["digest"]
    answers = [{"question": name, "base": None, "answer": given} for name, given in reversed(ANSWERS.items())]
    batch = {"batch_id": str(uuid4()), "digest": digest, "answers": answers}
    sent = client.post(f"{story.path}/work-package/answers", json=batch)
    assert sent.status_code == 200, sent.text
    assert {each["outcome"] for each in sent.json()["results"]} == {"saved"}
    standing = client.get(f"{story.path}/standing").json()
    assert (standing["answered"], standing["total"], standing["index"]) == (len(ANSWERS), len(ANSWERS), INDEX)
    one = next(each for each in client.get(f"{story.path}/questions").json() if each["question"] == f"{TURNING}.run")
    assert (one["list"], one["item"], one["of"]) == ("products.pump.steps", "turning", "run")
    assert one["title"] == "\u2068Pump · Turning\u2069 – Process"


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    f"{TURNING}.run": ({"level": 7}, 422, "answer-invalid"),
    "products.valve.steps": ({"items": [{"id": f"s-{n}", "name": f"S {n}"} for n in range(5)]}, 422, "answer-invalid"),
    TURNING: ({"level": 1}, 404, "no-such-question"),
    "products.pump.run": ({"level": 1}, 404, "no-such-question"),
    "steps": ({"items": STEPS}, 404, "no-such-question"),
    "products.gear.steps": ({"items": STEPS}, 404, "no-such-item"),
    "products.gear.steps.turning.run": ({"level": 1}, 404, "no-such-item"),
    "products.valve.steps.washing.run": ({"level": 1}, 404, "no-such-item"),
    f"{TURNING}.steps.a.run": ({"level": 1}, 404, "no-such-question"),
    "products." + "x" * 400: ({"level": 1}, 422, "invalid-input"),
}
"""Question → an answer that is not taken, with how that is told."""


def test_what_no_item_takes_is_refused(story: Story) -> None:
    answer_all(story, {name: ANSWERS[name] for name in ("products", "products.pump.steps")})
    for question, (given, status, code) in REFUSED.items():
        problem(story.put(story.assessor, question, **{"level": None, **given}), status, code)
    twice: dict[str, Any] = {"level": None, "items": [STEPS[0], STEPS[0]]}
    refused = problem(story.put(story.assessor, "products.valve.steps", **twice), 422, "answer-invalid")
    assert list(pointers(refused)) == ["/items/1/id"]
    problem(story.put(story.owner, f"{TURNING}.run", level=1), 403, "not-your-answers")


def test_an_outer_item_takes_its_inner_items_along_only_if_that_is_asked(story: Story) -> None:
    answer_all(story, ANSWERS)
    client = story.api(story.assessor)
    refused = problem(story.put(story.assessor, "products", '"1"', items=PRODUCTS[:1]), 409, "items-answered")
    assert "صمام" in refused["detail"]
    asked = story.world.browser(story.assessor).get(f"{story.path}/answers/products/items/valve/removal").text
    assert "Turning" in asked, "what goes with it is told"
    gone = client.put(
        f"{story.path}/answers/products", params={"removing": "valve"}, json={"items": PRODUCTS[:1]},
        headers={"If-Match": '"1"'},
    )  # fmt: skip
    assert gone.status_code == 200, gone.text
    left = [each["question"] for each in client.get(f"{story.path}/answers").json()["answers"]]
    assert left == [name for name in ANSWERS if not name.startswith("products.valve")]
    problem(story.put(story.assessor, "products.pump.steps", '"1"', items=STEPS[1:]), 409, "items-answered")
    renamed = [{**STEPS[0], "name": "Milling"}, STEPS[1]]
    assert story.put(story.assessor, "products.pump.steps", '"1"', items=renamed).status_code == 200
    assert client.get(f"{story.path}/answers/{TURNING}.run").json()["level"] == 4
    problem(story.put(story.assessor, "products.pump.steps", '"1"', items=STEPS), 412, "answer-stale")
    removal = f"{story.path}/answers/products.pump.steps/items/turning/removal"
    browser = story.world.browser(story.assessor)
    assert "Milling" in browser.get(removal).text
    assert browser.post(removal, data={"version": "2"}, follow_redirects=False).status_code == 303
    left = [each["question"] for each in client.get(f"{story.path}/answers").json()["answers"]]
    assert not [name for name in left if name.startswith(f"{TURNING}.")]
    assert "products.pump.steps.washing.run" in left


def test_steps_are_named_on_the_page_of_their_product(story: Story) -> None:
    post(story, "assessor", "section.facts", **{"new:products.item-1": "Pump"})
    steps = "products.item-1.steps"
    fields = {f"new:{steps}.item-1": "Turning", "then": f"add:{steps}"}
    first = post(story, "assessor", "products.item-1", **fields)
    assert first.headers["location"].endswith("/answers/products.item-1#more-products.item-1.steps")
    second = post(
        story,
        "assessor",
        "products.item-1",
        **{
            "item:products.item-1.steps.item-1": "Turning",
            "new:products.item-1.steps.item-2": "Washing",
            "number:products.item-1.turnover": "60",
        },
    )
    assert second.headers["location"].endswith("/answers/products.item-1.steps.item-1"), "on to the first step"
    page = story.world.browser(story.assessor).get(f"{story.path}/answers/products.item-1.steps.item-1").text
    assert "<bdi>Turning</bdi></h1>" in page
    assert "Pump" in page, "whose step it is stands above"
    saved = post(
        story, "assessor", "products.item-1.steps.item-1", **{"level:products.item-1.steps.item-1.run": "3"}
    )  # fmt: skip
    assert saved.headers["location"].endswith("/answers/products.item-1.steps.item-2")
    listed = story.world.browser(story.assessor).get(f"{story.path}/answers/section.facts").text
    assert '<bdi class="num">3/6' in listed, "of the product and of its steps"


def test_all_that_was_answered_arrives_in_the_next_version(story: Story) -> None:
    answer_all(story, ANSWERS)
    story.step(story.office, "withdraw", note="The factory asked for it.")
    identifier = plan(story.world, story.factory, story.assessor, story.office, family=FAMILY, version="1.0.1")
    new = Story(
        story.world, story.office, story.assessor, story.reviewer, story.owner, story.factory, identifier
    ).started()  # fmt: skip
    client = new.api(new.assessor)
    new.put(new.assessor, "products", items=[PRODUCTS[0], {"id": "gear", "name": "Gear"}])
    body = {"from": str(story.id), "which": "assessed"}
    shown = new.world.browser(new.assessor).get(f"{new.path}/carry-over/{story.id}")
    assert shown.status_code == 200
    problem(client.post(f"{new.path}/carry-over", json=body), 409, "answers-in-the-way")
    kept = client.post(f"{new.path}/carry-over", json=body | {"keep": ["products"]})
    assert kept.status_code == 200, kept.text
    arrived = [each["question"] for each in client.get(f"{new.path}/answers").json()["answers"]]
    assert arrived == [name for name in ANSWERS if not name.startswith("products.valve")]


def test_pages_tell_steps_by_name(story: Story) -> None:
    answer_all(story, ANSWERS)
    browser = story.world.browser(story.assessor)
    leaves = ["section.facts", "products.valve.steps.turning"]
    for language in LANGUAGES:
        browser.get(f"/language/{language}")
        for page in ("/submit", "/review", "/scorecard", *(f"/answers/{leaf}" for leaf in leaves)):
            shown = browser.get(f"{story.path}{page}")
            assert shown.status_code == 200, (language, page)
            assert "صمام" in shown.text, (language, page)
    assert "Pump · Turning" in browser.get(f"{story.path}/scorecard").text, "each product may have such a step"
    assert browser.get(f"/questionnaires/{FAMILY}/1.0.0").text.count("خطوات الإنتاج") > 1


def test_the_engine_scores_a_sheet_that_was_never_stored(story: Story) -> None:
    client = story.api(story.assessor)
    body = {"family": FAMILY, "version": "1.0.0", "answers": ANSWERS}
    found = client.post("/score", json=body)
    assert found.status_code == 200, found.text
    wrong: dict[str, Any] = {**ANSWERS, "products": {"items": PRODUCTS[:1]}}
    refused = problem(client.post("/score", json=body | {"answers": wrong}), 422, "answers-invalid")
    assert "/answers/products.valve.steps" in pointers(refused)
