"""Comments at the API and on pages: who begins, answers and settles them, what they stop, and who reads them."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from sqlmodel import select

from itti.accounts.tables import User
from itti.audit.tables import Event
from tests.itti.assessments.story import Story, tell
from tests.itti.conftest import World
from tests.itti.expect import problem

QUESTION = "maintenance"


@pytest.fixture
def story(world: World) -> Story:
    return tell(world).under_review()


def begin(story: Story, user: User | None, **body: Any) -> httpx2.Response:
    return story.api(user).post(f"{story.path}/comments", json={"text": "Which line was seen?"} | body)


def begun(story: Story, **body: Any) -> dict[str, Any]:
    made = begin(story, story.reviewer, **body)
    assert made.status_code == 201, made.text
    document: dict[str, Any] = made.json()
    assert made.headers["etag"] == f'"{document["version"]}"'
    return document


def reply(story: Story, user: User | None, comment: dict[str, Any], text: str = "Both.") -> httpx2.Response:
    return story.api(user).post(f"/comments/{comment['id']}/replies", json={"text": text})


def settle(
    story: Story, user: User | None, comment: dict[str, Any], version: int | None = None, method: str = "POST"
) -> httpx2.Response:
    tag = f'"{version or comment["version"]}"'
    return story.api(user).request(method, f"/comments/{comment['id']}/resolution", headers={"If-Match": tag})


def listed(story: Story, user: User) -> list[dict[str, Any]]:
    found = story.api(user).get(f"{story.path}/comments")
    assert found.status_code == 200, found.text
    rows: list[dict[str, Any]] = found.json()
    return rows


def test_a_comment_that_demands_a_change_stops_the_approval_until_it_is_resolved(story: Story) -> None:
    one = begun(story, question=QUESTION, demands_change=True)
    begun(story, question="quality")
    problem(story.move(story.reviewer, "approve"), 409, "comments-open")
    more = [{"text": "And the filters?", "demands_change": True}]
    story.moved(story.reviewer, "return", note="See the comments.", comments=more)
    problem(settle(story, story.reviewer, one), 409, "comments-closed")
    assert reply(story, story.assessor, one).status_code == 201
    story.moved(story.assessor, "submit")
    problem(settle(story, story.reviewer, one), 412, "stale")
    whole = listed(story, story.reviewer)
    rows = {each["id"]: each for each in whole}
    answered = rows[one["id"]]
    (said,) = [each for each in whole if each["parent"] == one["id"]]
    assert (said["text"], said["author"]["name"], said["question"]) == ("Both.", "Aisha Rahman", QUESTION)
    settled = settle(story, story.reviewer, answered)
    assert settled.status_code == 200
    assert settled.json()["resolved_by"]["name"] == "Omar Nasser"
    assert settle(story, story.reviewer, answered).status_code == 200, "done again nothing happens"
    review = story.api(story.reviewer).get(f"{story.path}/review", params={"only": "open"}).json()
    assert {each["question"]: each["open_comments"] for each in review["questions"]} == {"quality": 1}
    problem(story.move(story.reviewer, "approve"), 409, "comments-open")
    (filters,) = [each for each in whole if each["text"] == "And the filters?"]
    assert settle(story, story.reviewer, filters).status_code == 200
    opened = settle(story, story.reviewer, settled.json(), method="DELETE")
    assert (opened.status_code, opened.json()["resolved_at"]) == (200, None)
    problem(
        story.move(story.reviewer, "approve", comments=[{"text": "x", "demands_change": True}]), 409, "comments-open"
    )
    assert settle(story, story.reviewer, opened.json()).status_code == 200
    assert story.move(story.reviewer, "approve").status_code == 202
    kept = listed(story, story.office)
    assert len(kept) == 4
    problem(begin(story, story.reviewer), 409, "comments-closed")
    problem(reply(story, story.assessor, one), 409, "comments-closed")
    with story.world.database.reading() as session:
        acts = session.exec(select(Event.action).where(Event.subject == "comment", Event.assessment_id == story.id))
        assert sorted(acts) == sorted(
            ["comment.made"] * 3 + ["comment.replied"] + ["comment.resolved"] * 3 + ["comment.reopened"]
        )


def test_only_the_reviewer_begins_and_settles(story: Story) -> None:
    one = begun(story)
    stranger = story.world.create_assessor()
    for answers in (
        [begin(story, user) for user in (None, story.assessor, story.office)],
        [settle(story, user, one) for user in (None, story.assessor, story.office)],
        [settle(story, user, one, method="DELETE") for user in (None, story.assessor, story.office)],
    ):
        problem(answers[0], 401, "sign-in-needed")
        problem(answers[1], 403, "comment-not-yours")
        problem(answers[2], 403, "comment-not-yours")
    problem(begin(story, stranger), 404, "no-such-assessment")
    problem(settle(story, stranger, one), 404, "no-such-comment")
    problem(reply(story, stranger, one), 404, "no-such-comment")
    problem(reply(story, story.owner, one), 404, "no-such-comment")
    problem(reply(story, story.office, one), 403, "comment-not-yours")
    problem(reply(story, story.assessor, one, "  "), 422, "invalid-input")
    problem(reply(story, story.assessor, {"id": str(story.id)}), 404, "no-such-comment")
    problem(begin(story, story.reviewer, question="nothing"), 404, "no-such-question")
    problem(begin(story, story.reviewer, text="x" * 4001), 422, "invalid-input")
    problem(story.api(story.reviewer).post(f"/comments/{one['id']}/resolution"), 428, "precondition-required")


def test_the_factory_reads_and_answers_what_is_for_it(story: Story) -> None:
    hidden = begun(story)
    shown = begun(story, question=QUESTION, for_factory=True)
    problem(story.api(story.owner).get(f"{story.path}/comments"), 403, "not-open-to-you")
    story.world.settings.reply_days = 14
    story.moved(story.reviewer, "hear-factory")
    assert [each["id"] for each in listed(story, story.owner)] == [shown["id"]]
    problem(reply(story, story.owner, hidden), 404, "no-such-comment")
    page = story.world.browser(story.owner)
    sent = page.post(
        f"{story.path}/comments",
        data={f"reply-{shown['id']}": "Line two is <b>new</b>.", "act": f"reply:{shown['id']}"},
    )
    assert (sent.status_code, sent.headers["location"]) == (303, f"{story.path}#thread-{shown['id']}")
    text = page.get(story.path).text
    assert "Line two is &lt;b&gt;new&lt;/b&gt;." in text
    assert hidden["id"] not in text
    answered = next(each for each in listed(story, story.office) if each["parent"] == shown["id"])
    assert (answered["for_factory"], answered["author"]["name"]) == (True, "Mariam Al Suwaidi")
    story.moved(story.owner, "accept")
    problem(reply(story, story.owner, shown), 409, "comments-closed")


def test_everything_typed_goes_with_the_button_pressed(story: Story) -> None:
    one = begun(story, question=QUESTION, demands_change=True)
    browser = story.world.browser(story.reviewer)
    page = browser.get(f"{story.path}/review").text
    assert f'id="thread-{one["id"]}"' in page
    typed = {
        "back": "review",
        "only": "open",
        "comment-quality": "Who calibrates?",
        "demands-quality": "1",
        "comment-": "Well written.",
        f"reply-{one['id']}": "Seen now.",
        f"seen-{one['id']}": str(one["version"]),
        "act": f"resolve:{one['id']}",
    }
    stale = browser.post(f"{story.path}/comments", data=typed | {f"seen-{one['id']}": "7"})
    assert stale.status_code == 412
    assert "Who calibrates?" in stale.text
    assert len(listed(story, story.office)) == 1, "nothing was written"
    done = browser.post(f"{story.path}/comments", data=typed)
    assert (done.status_code, done.headers["location"]) == (303, f"{story.path}/review?only=open#thread-{one['id']}")
    rows = listed(story, story.office)
    assert {(each["question"], each["text"], each["demands_change"]) for each in rows} == {
        (QUESTION, "Which line was seen?", True),
        (QUESTION, "Seen now.", False),
        ("quality", "Who calibrates?", True),
        (None, "Well written.", False),
    }
    assert next(each for each in rows if each["id"] == one["id"])["resolved_at"] is not None
    saved = browser.post(
        f"{story.path}/comments", data={"back": "review", "comment-quality": "And when?", "act": "save:quality"}
    )
    assert saved.headers["location"] == f"{story.path}/review#quality"
    for tampered in ("resolve:", "resolve:x", "reopen:' OR 1"):
        assert browser.post(f"{story.path}/comments", data={"back": "review", "act": tampered}).status_code == 404
    arabic = browser.get(f"{story.path}/review?only=open&language=ar").text
    assert "لا اعتماد قبل إغلاق هذا التعليق" in arabic
