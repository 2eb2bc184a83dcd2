"""Lists through the front door: items are named, answered for, renamed and removed, and nothing is lost unasked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from itti.assessments.tables import Phase
from itti.audit.service import history
from tests.itti import lines
from tests.itti.assessments.story import Story, plan, tell
from tests.itti.conftest import World
from tests.itti.expect import pointers, problem
from tests.itti.lines import ANSWERS, FAMILY, INDEX, TWO


def told(world: World) -> Story:
    """An assessment of the questionnaire with lines, planned."""
    story = tell(world)
    for user in (story.assessor, story.reviewer):
        world.accredit(user, FAMILY)
    story.id = plan(world, story.factory, story.assessor, story.office, family=FAMILY)
    return story


@pytest.fixture
def shelf() -> Iterator[None]:
    """The questionnaire with lines is published."""
    with lines.published():
        yield


@pytest.fixture
def story(world: World, shelf: None) -> Story:
    """An assessment in the assessor's hands."""
    return told(world).started()


@pytest.fixture
def both_stories(both_worlds: World, shelf: None) -> Story:
    """The same, once on SQLite and once on PostgreSQL."""
    return told(both_worlds).started()


def answer_all(story: Story, answers: dict[str, dict[str, Any]] = ANSWERS) -> None:
    """Answer every question at the API."""
    for question, given in answers.items():
        saved = story.put(story.assessor, question, **{"level": None, **given})
        assert saved.status_code == 201, (question, saved.text)


def test_items_are_named_and_answered_for(both_stories: Story) -> None:
    story = both_stories
    answer_all(story)
    client = story.api(story.assessor)
    read = client.get(f"{story.path}/answers/lines").json()
    assert read["items"] == TWO
    assert client.get(f"{story.path}/answers/lines.line-2.output").json()["number"] == "100"
    listed = client.get(f"{story.path}/answers").json()["answers"]
    assert [each["question"] for each in listed] == list(ANSWERS)
    standing = client.get(f"{story.path}/standing").json()
    assert (standing["answered"], standing["total"], standing["index"]) == (9, 9, INDEX)
    assert (story.read(story.office)["answered"], story.read(story.office)["total"]) == (9, 9)
    asked = client.get(f"{story.path}/questions").json()
    one = next(each for each in asked if each["question"] == "lines.line-1.output")
    assert (one["list"], one["item"], one["of"], one["answered"]) == ("lines", "line-1", "output", True)
    assert "Extrusion 1" in one["title"]
    assert len(asked) == 11, "computed ones are told too"


def test_what_is_asked_follows_the_list(story: Story) -> None:
    client = story.api(story.assessor)
    problem(story.put(story.assessor, "lines.line-1.output", number="1"), 404, "no-such-item")
    assert client.get(f"{story.path}/standing").json()["total"] == 3
    story.put(story.assessor, "lines", items=TWO)
    assert client.get(f"{story.path}/standing").json()["total"] == 9
    problem(story.put(story.assessor, "lines.line-3.output", number="1"), 404, "no-such-item")
    problem(story.put(story.assessor, "lines.line-1.colour", number="1"), 404, "no-such-question")
    problem(story.put(story.assessor, "output", number="1"), 404, "no-such-question")
    refused = problem(story.put(story.assessor, "lines.line-1.upkeep", level=7), 422, "answer-invalid")
    assert pointers(refused) == {"/level": "level-out-of-range"}
    refused = problem(story.move(story.assessor, "submit"), 409, "open-questions")
    assert any("lines.line-2.upkeep" in each["detail"] for each in refused["errors"])


@pytest.mark.parametrize(
    ("items", "code", "pointer"),
    [
        ([{"id": f"line-{n}", "name": f"Line {n}"} for n in range(5)], "answer-invalid", "/items"),
        ([TWO[0], {**TWO[1], "id": "line-1"}], "answer-invalid", "/items/1/id"),
        ([TWO[0], {**TWO[1], "name": "Extrusion 1"}], "answer-invalid", "/items/1/name"),
        ([{"id": "Line 1", "name": "One"}], "invalid-input", "/items/0/id"),
        ([{"id": "line-1", "name": " "}], "invalid-input", "/items/0/name"),
        ([{"id": "line-1", "name": "x" * 121}], "invalid-input", "/items/0/name"),
    ],
)
def test_a_list_that_does_not_fit(story: Story, items: list[dict[str, str]], code: str, pointer: str) -> None:
    refused = problem(story.put(story.assessor, "lines", items=items), 422, code)
    assert list(pointers(refused)) == [pointer]


def test_renaming_keeps_answers(story: Story) -> None:
    answer_all(story)
    renamed = [{**TWO[0], "name": "Extrusion A"}, TWO[1]]
    assert story.put(story.assessor, "lines", '"1"', items=renamed).status_code == 200
    client = story.api(story.assessor)
    assert client.get(f"{story.path}/answers/lines.line-1.output").json()["number"] == "300"
    assert client.get(f"{story.path}/standing").json()["index"] == INDEX


def test_nothing_answered_is_removed_unasked(both_stories: Story) -> None:
    story = both_stories
    answer_all(story)
    client = story.api(story.assessor)
    proof = {"file": ("list.txt", b"Seen.", "text/plain")}
    assert client.post(story.evidence_path("lines.line-2.upkeep"), files=proof).status_code == 201
    refused = problem(story.put(story.assessor, "lines", '"1"', items=TWO[:1]), 409, "items-answered")
    assert "خط الحليب" in refused["detail"]
    assert [each["code"] for each in refused["errors"]] == ["items-answered"]
    assert client.get(f"{story.path}/answers/lines").json()["items"] == TWO
    removed = client.get(f"{story.path}/answers/lines.line-2.output")
    assert removed.status_code == 200
    body = {"items": TWO[:1], "reason": "Sold in May."}
    gone = client.put(
        f"{story.path}/answers/lines", params={"removing": "line-2"}, json=body, headers={"If-Match": '"1"'}
    )
    assert gone.status_code == 200, gone.text
    assert gone.json()["standing"]["total"] == 6
    problem(client.get(f"{story.path}/answers/lines.line-2.output"), 404, "no-such-item")

    def recorded(session: Any, _act: Any) -> list[str]:
        stored = [event.action for event in history(session, "answer", answer_id)]
        assert not [name for name in story_answers(session, story) if name.startswith("lines.line-2")]
        return stored

    answer_id = story.do(story.assessor, lambda session, _act: removed_id(session))
    assert story.do(story.assessor, recorded) == ["answer.saved", "answer.removed"]


def removed_id(session: Any) -> Any:
    """Id of an answer that was removed."""
    from sqlmodel import col, select

    from itti.audit.tables import Event

    found = session.exec(select(Event).where(col(Event.action) == "answer.removed")).all()
    assert len(found) == 3
    return found[0].subject_id


def story_answers(session: Any, story: Story) -> list[str]:
    """The questions with an answer of the assessor."""
    from itti.assessments import service

    return list(service.answers_of(session, story.id, Phase.ASSESSED))
