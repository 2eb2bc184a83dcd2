"""The factory's right of reply: shown what was found, it accepts or replies, or its time runs out, visibly."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from itti.accounts.tables import Role
from itti.acts import now
from itti.assessments import due
from itti.assessments.deadlines import Ending, deadlines
from itti.assessments.moves import MoveName
from itti.audit.service import history
from itti.settings import Settings
from tests.itti.assessments.story import Story, tell
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import World, running_world
from tests.itti.expect import problem

DAYS = 14


@pytest.fixture(autouse=True)
def _papers_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    use_quick_press(monkeypatch)


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    """A programme that gives a right of reply."""
    with running_world(settings.model_copy(update={"reply_days": DAYS})) as made:
        yield made


def asked(world: World, at: datetime | None = None) -> Story:
    """A story in which the factory has just been asked, today or at some time before."""
    story = tell(world)
    at = at or now()
    story.step(story.assessor, "start", at)
    story.answer_all(story.assessor, at=at)
    story.step(story.assessor, "submit", at)
    story.step(story.reviewer, "take-review", at)
    story.step(story.reviewer, "hear-factory", at)
    return story


def words(document: dict[str, Any]) -> list[str]:
    return [passage["move"] for passage in document["history"]]


def test_no_approval_before_the_factory_was_heard(world: World) -> None:
    story = tell(world).under_review()
    problem(story.move(story.reviewer, "approve"), 409, "not-heard")
    problem(story.api(story.owner).get(f"{story.path}/scorecard"), 403, "not-open-to-you")
    moved = story.moved(story.reviewer, "hear-factory", comments=[{"question": "maintenance", "text": "Well seen."}])
    assert moved["state"] == "reply"
    assert moved["reply_until"] == (now().date() + timedelta(days=DAYS)).isoformat()
    problem(story.move(story.reviewer, "approve"), 409, "move-not-open")


def test_factory_reads_what_was_found_and_replies(world: World) -> None:
    story = asked(world)
    assert story.api(story.owner).get(f"{story.path}/scorecard").status_code == 200
    assert story.api(story.owner).get(f"{story.path}/comments").json() == [], "none was opened to it"
    problem(story.move(None, "reply", note="x"), 401, "sign-in-needed")
    problem(story.move(story.assessor, "reply", note="x"), 403, "move-not-yours")
    stranger = world.create_user(Role.FACTORY)
    problem(story.move(stranger, "accept"), 404, "no-such-assessment")
    problem(story.move(story.owner, "reply", '"1"', note="x"), 412, "stale")
    problem(story.move(story.owner, "reply"), 422, "note-missing")
    moved = story.moved(story.owner, "reply", note="Line 3 was not running on that day.")
    assert moved["state"] == "decision"
    problem(story.move(story.owner, "reply", note="And more."), 409, "move-not-open")
    for reader in (story.owner, story.assessor, story.reviewer):
        assert story.read(reader)["history"][-1]["note"] == "Line 3 was not running on that day."
    page = world.browser(story.reviewer).get(f"{story.path}/review").text
    assert "Line 3 was not running on that day." in page
    assert 'value="approve"' in page
    returned = story.moved(story.reviewer, "return", note="Look at line 3.")
    assert returned["state"] == "assessment"
    problem(story.api(story.owner).get(f"{story.path}/scorecard"), 403, "not-open-to-you")
    assert story.read(story.owner)["history"][-1]["note"] == ""
    story.moved(story.assessor, "submit")
    problem(story.move(story.reviewer, "approve"), 409, "not-heard")


def test_factory_accepts_and_is_certified(world: World) -> None:
    story = asked(world)
    page = world.browser(story.owner).get(story.path).text
    assert 'value="accept"' in page
    assert 'value="reply"' in page
    browser = world.browser(story.owner)
    form = {"move": "accept", "version": str(story.read(story.owner)["version"])}
    assert browser.post(f"{story.path}/moves", data=form).status_code == 303
    assert story.moved(story.reviewer, "approve")["state"] == "certified"


def test_another_reviewer_decides_after_the_reply(world: World) -> None:
    story = asked(world)
    third = world.create_assessor()
    story.moved(story.owner, "accept")
    story.moved(story.office, "release-review", note="Ill.")
    assert story.moved(third, "take-review")["state"] == "decision"
    assert story.moved(third, "approve")["state"] == "certified"


def test_time_runs_out_once_and_is_told(world: World) -> None:
    asked_at = datetime.now(UTC) - timedelta(days=20)
    story = asked(world, asked_at)
    last = asked_at.date() + timedelta(days=DAYS)
    with world.database.reading() as session:
        assert [(each.ending, each.last) for each in deadlines(session)] == [(Ending.REPLY, last)]
    refused = problem(story.move(story.owner, "accept"), 409, "reply-over")
    assert last.isoformat() in refused["detail"]

    in_time = datetime.combine(last, datetime.max.time(), UTC)
    assert not due.work_off(world.database, in_time)
    made = due.work_off(world.database, now())
    assert [(each.move, each.last) for each in made] == [(MoveName.LET_REPLY_LAPSE, last)]
    assert not due.work_off(world.database, now())
    assert not due._made(world.database, made[0], now()), "somebody else was faster"

    document = story.read(story.owner)
    assert document["state"] == "decision"
    assert words(document)[-2:] == ["hear-factory", "let-reply-lapse"]
    assert document["history"][-1]["actor"] is None
    with world.database.reading() as session:
        event = history(session, "assessment", story.id)[-1]
        assert (event.actor_id, event.details["move"]) == (None, "let-reply-lapse")
    for person in (story.owner, story.office):
        assert "without a word from the factory" in world.browser(person).get(story.path).text
    assert story.moved(story.reviewer, "approve")["state"] == "certified"


def test_serving_process_keeps_time(settings: Settings) -> None:
    with running_world(settings.model_copy(update={"reply_days": DAYS})) as before:
        story = asked(before, datetime.now(UTC) - timedelta(days=20))
    with running_world(settings.model_copy(update={"due_minutes": 1})) as world:
        story.world, story.tokens = world, {}
        end = time.monotonic() + 30
        while story.read(story.office)["state"] != "decision":
            assert time.monotonic() < end
            time.sleep(0.05)


def test_clock_that_went_back(world: World) -> None:
    story = asked(world)
    earlier = now() - timedelta(hours=2)
    with pytest.raises(Exception, match="clock") as caught:
        story.step(story.owner, "accept", earlier)
    assert getattr(caught.value, "code", "") == "clock-behind"
    assert story.read(story.office)["state"] == "reply"
    story.step(story.owner, "accept", now() - timedelta(minutes=1))


def test_programme_without_a_right_of_reply(story: Story) -> None:
    story.world.settings.reply_days = 0
    story.under_review()
    problem(story.move(story.reviewer, "hear-factory"), 409, "no-right-of-reply")
    assert 'value="approve"' in story.world.browser(story.reviewer).get(f"{story.path}/review").text
