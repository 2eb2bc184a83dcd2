"""Appeals: made in time, heard once by somebody who took no part, and what becomes of the certificate."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from itti.acts import now
from itti.assessments import due
from itti.assessments.deadlines import Ending, deadlines
from itti.assessments.tables import Answer, Assessment, Comment, PackedAnswers, Phase
from itti.certificates.tables import Certificate
from tests.itti.assessments.story import Story
from tests.itti.certificates.quick import use_quick_press
from tests.itti.expect import problem

WHY = "Two machines of line 3 were left out."


@pytest.fixture(autouse=True)
def _papers_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    use_quick_press(monkeypatch)


def certified(story: Story, at: datetime | None = None) -> str:
    """The number of the certificate that the story has led to."""
    at = at or now()
    story.step(story.assessor, "start", at)
    story.answer_all(story.assessor, at=at)
    for person, move in ((story.assessor, "submit"), (story.reviewer, "take-review"), (story.reviewer, "approve")):
        story.step(person, move, at)
    number: str = story.read(story.office)["certificate"]
    return number


def entry(story: Story, number: str) -> dict[str, Any]:
    """What a stranger reads of a certificate."""
    document: dict[str, Any] = story.world.api().get(f"/certificates/{number}").json()
    return document


def test_appeal_is_made_in_time_by_the_factory_with_reasons(story: Story) -> None:
    certified(story)
    problem(story.move(None, "appeal", note=WHY), 401, "sign-in-needed")
    problem(story.move(story.assessor, "appeal", note=WHY), 403, "move-not-yours")
    problem(story.move(story.owner, "appeal"), 422, "note-missing")
    problem(story.move(story.owner, "appeal", '"1"', note=WHY), 412, "stale")
    with story.world.database.reading() as session:
        assert {each.ending for each in deadlines(session)} == {Ending.APPEAL, Ending.CERTIFICATE}
    appealed = story.moved(story.owner, "appeal", note=WHY)
    assert appealed["state"] == "appeal"
    assert appealed["history"][-1]["note"] == WHY
    withdrawn = story.moved(story.owner, "withdraw-appeal")
    assert withdrawn["state"] == "certified"
    problem(story.move(story.owner, "appeal", note=WHY), 409, "appealed-before")


def test_too_late(story: Story) -> None:
    certified(story, now() - timedelta(days=31))
    refused = problem(story.move(story.owner, "appeal", note=WHY), 409, "appeal-over")
    assert (now().date() - timedelta(days=1)).isoformat() in refused["detail"]


def test_not_before_the_certificate_is_issued(story: Story) -> None:
    story.under_review()
    assert story.move(story.reviewer, "approve").status_code == 202
    problem(story.move(story.owner, "appeal", note=WHY), 409, "not-issued")
    problem(story.move(story.office, "revoke", note=WHY), 409, "not-issued")


def test_heard_by_somebody_who_took_no_part(story: Story) -> None:
    world = story.world
    first = world.create_assessor()
    story.submitted()
    story.step(first, "take-review")
    story.step(first, "release-review", note="Ill.")
    story.step(story.reviewer, "take-review")
    story.step(story.reviewer, "approve")
    story.step(story.owner, "appeal", note=WHY)
    with world.database.reading() as session:
        bodies = {user.id: user.body_id for user in (story.assessor, story.reviewer)}
        colleague = world.create_assessor(body=_body(session, bodies[story.reviewer.id]))
    for person in (story.assessor, story.reviewer, first, colleague):
        problem(story.move(person, "take-appeal"), 403, "took-part")
    hearer = world.create_assessor()
    assert story.path in world.browser(hearer).get("/home").text
    taken = story.moved(hearer, "take-appeal")
    assert taken["hearer"]["id"] == str(hearer.id)
    problem(story.move(world.create_assessor(), "take-appeal"), 404, "no-such-assessment")
    problem(story.move(story.office, "reject-appeal", note="No."), 403, "move-not-yours")
    problem(story.move(hearer, "reject-appeal"), 422, "note-missing")
    rejected = story.moved(hearer, "reject-appeal", note="The machines were out of scope.")
    assert rejected["state"] == "certified"
    assert story.read(story.owner)["history"][-1]["note"] == "The machines were out of scope."
    problem(story.move(story.owner, "appeal", note=WHY), 409, "appealed-before")


def _body(session: Session, identifier: Any) -> Any:
    from itti.accreditation.tables import AssessmentBody

    return session.get(AssessmentBody, identifier)


def test_hearing_is_released(story: Story) -> None:
    certified(story)
    hearer, other = story.world.create_assessor(), story.world.create_assessor()
    story.step(story.owner, "appeal", note=WHY)
    story.step(hearer, "take-appeal")
    problem(story.move(story.office, "release-appeal"), 422, "note-missing")
    assert story.moved(story.office, "release-appeal", note="Ill.")["hearer"] is None
    assert story.moved(other, "take-appeal")["hearer"]["id"] == str(other.id)


def test_upheld_opens_a_revision_whose_certificate_takes_the_place(story: Story) -> None:
    story.started().answer_all(story.assessor)
    file = {"file": ("orders.csv", b"order,hours\r\n1,200\r\n", "text/csv")}
    assert story.api(story.assessor).post(story.evidence_path(), files=file).status_code == 201
    for person, move in ((story.assessor, "submit"), (story.reviewer, "take-review"), (story.reviewer, "approve")):
        story.step(person, move)
    old = story.read(story.office)["certificate"]
    hearer = story.world.create_assessor()
    story.step(story.owner, "appeal", note=WHY)
    story.step(hearer, "take-appeal")
    upheld = story.moved(hearer, "uphold-appeal", note="They belong to the site.")
    assert upheld["state"] == "upheld"
    assert entry(story, old)["state"] == "valid"
    page = story.world.browser(story.owner).get(story.path).text
    assert f"/assessments/{upheld['revision']}" in page

    before, story.id = story.id, type(story.id)(upheld["revision"])
    revision = story.read(hearer)
    assert (revision["state"], revision["revision_of"]) == ("assessment", str(before))
    assert revision["assessor"]["id"] == str(hearer.id)
    assert revision["planned_by"]["id"] == str(hearer.id)
    assert revision["answered"] == revision["total"]
    files = story.api(hearer).get(story.evidence_path())
    assert [each["file_name"] for each in files.json()] == ["orders.csv"]
    with story.world.database.reading() as session:
        assert session.exec(select(Comment.text).where(Comment.assessment_id == story.id)).one() == (
            "They belong to the site."
        )
        assert len(session.exec(select(PackedAnswers).where(PackedAnswers.assessment_id == story.id)).all()) == 1
        untouched = session.exec(select(Answer).where(Answer.assessment_id == before)).all()
    problem(story.put(story.assessor, "maintenance", '"1"', level=2), 404, "no-such-assessment")
    assert story.put(hearer, "maintenance", '"1"', level=2).status_code == 200
    story.moved(hearer, "submit")
    for person in (story.assessor, story.reviewer):
        problem(story.move(person, "take-review"), 403, "took-part")
    third = story.world.create_assessor()
    story.moved(third, "take-review")
    assert story.moved(third, "approve")["state"] == "certified"
    new = story.read(story.office)["certificate"]
    assert (entry(story, old)["state"], entry(story, old)["superseded_by"]) == ("superseded", new)

    story.id = before
    closed = story.read(story.owner)
    assert closed["state"] == "superseded"
    assert (closed["history"][-1]["move"], closed["history"][-1]["actor"]) == ("supersede", None)
    assert closed["history"][-1]["note"] == new
    with story.world.database.reading() as session:
        assert session.exec(select(Answer).where(Answer.assessment_id == before)).all() == untouched
        own = select(Answer).where(Answer.assessment_id == before, Answer.phase == Phase.SELF)
        assert not session.exec(own).all()


def test_revocation_through_either_door_ends_both(story: Story) -> None:
    number = certified(story)
    story.step(story.owner, "appeal", note=WHY)
    revoked = story.moved(story.office, "revoke", note="The files belonged to another site.")
    assert revoked["state"] == "revoked"
    assert (entry(story, number)["state"], entry(story, number)["revocation_reason"]) == (
        "revoked",
        "The files belonged to another site.",
    )
    assert story.read(story.owner)["history"][-1]["note"] == "The files belonged to another site."
    problem(story.move(story.office, "revoke", note="Again."), 409, "move-not-open")


def test_revocation_at_the_register_moves_the_assessment(story: Story) -> None:
    number = certified(story)
    answer = story.api(story.office).post(f"/certificates/{number}/revocation", json={"reason": "Wrong site."})
    assert answer.status_code == 200
    document = story.read(story.office)
    assert (document["state"], document["history"][-1]["note"]) == ("revoked", "Wrong site.")
    assert document["history"][-1]["actor"]["id"] == str(story.office.id)


def test_expiry_is_entered_once(story: Story) -> None:
    number = certified(story)
    last = datetime.fromisoformat(entry(story, number)["expires_on"]).replace(tzinfo=UTC)
    database = story.world.database
    assert not due.work_off(database, last)
    assert len(due.work_off(database, last + timedelta(days=1))) == 1
    assert not due.work_off(database, last + timedelta(days=1))
    with database.reading() as session:
        assert session.exec(select(Assessment.state)).one() == "expired"
        assert session.exec(select(Certificate.state).order_by(col(Certificate.number))).one() == "issued"
    problem(story.move(story.owner, "appeal", note=WHY), 409, "move-not-open")


def test_what_is_under_appeal_expires_after_the_decision(story: Story) -> None:
    number = certified(story)
    later = datetime.fromisoformat(entry(story, number)["expires_on"]).replace(tzinfo=UTC) + timedelta(days=3)
    story.step(story.owner, "appeal", note=WHY)
    assert not due.work_off(story.world.database, later)
    story.step(story.owner, "withdraw-appeal")
    assert len(due.work_off(story.world.database, later)) == 1
