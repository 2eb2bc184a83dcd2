"""Moving an assessment through its states at the API, one condition after the other."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from itti.accounts.tables import Role
from itti.assessments.tables import Phase
from itti.audit.service import history
from tests.itti.assessments.story import QUESTIONS, Story
from tests.itti.expect import problem


def lapse(story: Story) -> None:
    """End every accreditation."""

    def end(session: Session) -> None:
        session.execute(sa.text("UPDATE accreditation SET valid_from = '2019-01-01', valid_until = '2020-01-01'"))

    story.world.write(end)


def named(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The possible moves of an assessment by name."""
    return {move["move"]: move for move in document["moves"]}


def test_self_assessment(story: Story) -> None:
    moved = story.moved(story.owner, "start-self-assessment")
    assert moved["state"] == "self_assessment"
    finish = named(moved)["finish-self-assessment"]
    assert (finish["open"], finish["code"]) == (False, "open-questions")
    refused = problem(story.move(story.owner, "finish-self-assessment"), 409, "open-questions")
    assert len(refused["errors"]) == 20
    story.answer_all(story.owner, Phase.SELF, 4)
    moved = story.moved(story.owner, "finish-self-assessment")
    assert moved["state"] == "self_assessed"
    assert moved["self_submitted_at"]
    assert moved["moves"] == []
    problem(story.move(story.owner, "start-self-assessment"), 409, "move-not-open")
    assert story.moved(story.assessor, "start")["state"] == "assessment"


def test_start_needs_an_accreditation_on_the_day(story: Story) -> None:
    lapse(story)
    start = named(story.read(story.assessor))["start"]
    assert (start["open"], start["code"]) == (False, "not-accredited")
    refused = problem(story.move(story.assessor, "start"), 403, "not-accredited")
    assert datetime.now(UTC).date().isoformat() in refused["detail"]


def test_submit_names_what_is_open(story: Story) -> None:
    story.answered()
    for question in ("maintenance", "quality"):
        story.put(story.assessor, question, '"1"', level=None)
    refused = problem(story.move(story.assessor, "submit"), 409, "open-questions")
    assert refused["detail"].startswith("2 questions are not answered yet: ")
    assert {error["code"] for error in refused["errors"]} == {"open-questions"}
    assert "maintenance" in refused["errors"][0]["detail"]
    assert story.read(story.office)["state"] == "assessment"


def test_submit_needs_a_reason_for_every_answer(story: Story) -> None:
    story.answered()
    story.put(story.assessor, "quality", '"1"', reason="  ")
    refused = problem(story.move(story.assessor, "submit"), 409, "reasons-missing")
    assert "quality" in refused["errors"][0]["detail"]


def test_submit_after_the_accreditation_has_ended(story: Story) -> None:
    story.answered()
    lapse(story)
    problem(story.move(story.assessor, "submit"), 403, "not-accredited")


def test_review_is_for_another_accredited_person(story: Story) -> None:
    story.submitted()
    problem(story.move(story.assessor, "take-review"), 403, "own-assessment")
    unaccredited = story.world.create_user(Role.ASSESSOR)
    problem(story.move(unaccredited, "take-review"), 404, "no-such-assessment")
    other_family = story.world.create_user(Role.ASSESSOR)
    story.world.accredit(other_family, "another-family")
    problem(story.move(other_family, "take-review"), 404, "no-such-assessment")
    moved = story.moved(story.reviewer, "take-review")
    assert moved["reviewer"]["id"] == str(story.reviewer.id)
    assert set(named(moved)) >= {"return", "approve", "release-review"}


def test_a_review_is_held_by_one(story: Story) -> None:
    third = story.world.create_assessor()
    story.under_review()
    problem(story.move(third, "take-review"), 404, "no-such-assessment")
    problem(story.move(third, "approve"), 404, "no-such-assessment")
    taken = named(story.read(story.reviewer))["take-review"]
    assert (taken["open"], taken["code"]) == (False, "review-taken")
    problem(story.move(story.office, "release-review"), 422, "note-missing")
    assert story.moved(story.office, "release-review", note="On leave.")["reviewer"] is None
    assert story.moved(third, "take-review")["reviewer"]["id"] == str(third.id)


def test_approval_without_taking_the_review(story: Story) -> None:
    story.submitted()
    refused = problem(story.move(story.reviewer, "approve"), 403, "move-not-yours")
    assert "the reviewer who has taken it" in refused["detail"]


def test_reviewer_whose_accreditation_ends_meanwhile(story: Story) -> None:
    story.under_review()
    lapse(story)
    for name in ("approve", "return"):
        problem(story.move(story.reviewer, name, note="a note"), 403, "not-accredited")
    assert story.read(story.office)["certificate"] is None


def test_return_with_comments_and_resubmit(story: Story) -> None:
    story.under_review()
    problem(story.move(story.reviewer, "return"), 422, "note-missing")
    comments = [
        {"question": "maintenance", "text": "Please see a second line. <script>alert(1)</script>"},
        {"text": "Well written otherwise."},
    ]
    returned = story.moved(story.reviewer, "return", note="Two levels lack proof.", comments=comments)
    assert returned["state"] == "assessment"
    assert returned["reviewer"]["id"] == str(story.reviewer.id)

    remarks = story.api(story.assessor).get(f"{story.path}/comments").json()
    assert [(each["question"], each["text"]) for each in remarks] == [
        ("maintenance", "Please see a second line. <script>alert(1)</script>"),
        (None, "Well written otherwise."),
    ]
    assert remarks[0]["author"]["name"] == "Omar Nasser"
    story.put(story.assessor, "maintenance", '"1"', level=2, reason="Second line seen.")
    again = story.moved(story.assessor, "submit")
    assert again["state"] == "review"
    assert again["reviewer"]["id"] == str(story.reviewer.id)
    assert [passage["move"] for passage in again["history"]] == ["start", "submit", "take-review", "return", "submit"]
    assert again["history"][3]["note"] == "Two levels lack proof."


def test_what_reviewers_wrote_is_kept_from_the_factory(story: Story) -> None:
    story.under_review()
    story.moved(story.reviewer, "return", note="Two levels lack proof.")
    seen = story.read(story.owner)
    assert [passage["note"] for passage in seen["history"]] == ["", "", "", ""]
    problem(story.api(story.owner).get(f"{story.path}/comments"), 403, "not-open-to-you")
    story.moved(story.office, "withdraw", note="The site has closed.")
    assert story.read(story.owner)["history"][-1]["note"] == "The site has closed."


def test_comments_come_from_reviewers_on_real_questions(story: Story) -> None:
    story.under_review()
    answer = story.move(story.reviewer, "return", note="n", comments=[{"question": "nothing", "text": "x"}])
    problem(answer, 404, "no-such-question")
    answer = story.move(story.reviewer, "return", note="n", comments=[{"text": "   "}])
    problem(answer, 422, "invalid-input")
    answer = story.move(story.office, "withdraw", note="n", comments=[{"text": "x"}])
    problem(answer, 403, "move-not-yours")
    assert story.read(story.office)["state"] == "review"
    assert story.api(story.office).get(f"{story.path}/comments").json() == []


def test_withdraw(story: Story) -> None:
    story.answered()
    problem(story.move(story.office, "withdraw"), 422, "note-missing")
    moved = story.moved(story.office, "withdraw", note="The factory has closed.")
    assert moved["state"] == "withdrawn"
    assert moved["moves"] == []
    problem(story.put(story.assessor, QUESTIONS[0], '"1"'), 409, "answers-closed")
    kept = story.api(story.office).get(f"{story.path}/answers").json()
    assert len(kept["answers"]) == 20


def test_every_move_is_on_the_record(story: Story) -> None:
    at = datetime.now(UTC) - timedelta(days=3)
    story.step(story.assessor, "start", at)
    with story.world.database.reading() as session:
        event = history(session, "assessment", story.id)[-1]
        assert (event.action, event.at, event.actor_id, event.actor_role) == (
            "assessment.moved",
            at,
            story.assessor.id,
            "assessor",
        )
        assert event.details == {"move": "start", "from": "planned", "to": "assessment", "note": ""}
