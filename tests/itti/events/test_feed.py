"""The feed of events: whole, in one order, skipping nothing, and only for those concerned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.assessments import service
from itti.assessments.moves import MoveName
from itti.audit.keys import signer_of
from itti.audit.sequencing import sequence
from itti.audit.service import forget, history
from itti.audit.tables import TOLD
from itti.certificates.errors import PressFailed
from itti.certificates.office import Office
from itti.events.kinds import ACTS, OF_MOVES
from itti.papers import approval, claims
from tests.itti.assessments.story import Story, plan, tell
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import World
from tests.itti.expect import problem


def take_in(world: World) -> None:
    """What a serving process does every two seconds."""
    signer = signer_of(world.settings)
    world.write(lambda session: sequence(session, signer))


def read(story: Story, user: User, after: str | None = None, **asked: Any) -> dict[str, Any]:
    answer = story.api(user).get("/events", params=asked | ({} if after is None else {"after": after}))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def types(found: dict[str, Any]) -> list[str]:
    return [each["type"].removeprefix("assessment.") for each in found["items"]]


@pytest.fixture
def story(world: World, monkeypatch: pytest.MonkeyPatch) -> Story:
    use_quick_press(monkeypatch)
    return tell(world)


def test_the_way_to_a_certificate_is_told(story: Story) -> None:
    story.under_review().step(story.reviewer, "approve")
    take_in(story.world)
    told = read(story, story.owner)
    assert types(told) == [
        "planned",
        "started",
        "submitted",
        "review-taken",
        "approved",
        "certificate.issued",
    ]
    assert told["more"] is False
    number = story.read(story.office)["certificate"]
    submitted, issued = told["items"][2], told["items"][-1]
    assert submitted["data"] == {
        "assessment_id": str(story.id),
        "factory_id": str(story.factory.id),
        "state": "review",
        "certificate": None,
        "assessment_url": f"/api/v1/assessments/{story.id}",
        "certificate_url": None,
    }
    assert (issued["data"]["certificate"], issued["data"]["state"]) == (number, None)
    assert story.api(None).get(issued["data"]["certificate_url"].removeprefix("/api/v1")).status_code == 200
    assert read(story, story.office, told["after"])["items"] == []
    revoked = f"/certificates/{number}/revocation"
    assert story.api(story.office).post(revoked, json={"reason": "Two meters did not exist."}).status_code == 200
    take_in(story.world)
    later = read(story, story.owner, told["after"])
    assert types(later) == ["certificate.revoked"]
    assert later["items"][0]["data"]["certificate"] == number
    assert "meters" not in str(later), "nobody's words are told"
    assert [each["sequence"] for each in told["items"] + later["items"]] == sorted(
        {each["sequence"] for each in told["items"] + later["items"]}
    )


def test_pages_lead_on_and_filters_leave_nothing_out(story: Story) -> None:
    story.submitted()
    take_in(story.world)
    whole = read(story, story.office)["items"]
    found, after = [], None
    while True:
        part = read(story, story.office, after, limit=1)
        found += part["items"]
        after = part["after"]
        if not part["more"]:
            break
    assert found == whole
    first = story.api(story.office).get("/events", params={"limit": 1})
    assert (
        story.api(story.office).get(first.links["next"]["url"].removeprefix("/api/v1")).json()["items"][0] == whole[1]
    )
    asked = read(story, story.office, type=["assessment.submitted", "assessment.planned"])
    assert types(asked) == ["planned", "submitted"]
    other = plan(story.world, story.factory, story.assessor, story.office)
    take_in(story.world)
    assert types(read(story, story.office, assessment_id=str(other))) == ["planned"]
    assert types(read(story, story.office, after)) == ["planned"]


def test_only_those_concerned_are_told(story: Story) -> None:
    story.started()
    take_in(story.world)
    problem(story.api(None).get("/events"), 401, "sign-in-needed")
    for stranger in (story.world.create_user(Role.FACTORY), story.reviewer):
        assert read(story, stranger)["items"] == []
    for concerned in (story.office, story.assessor, story.owner):
        assert types(read(story, concerned)) == ["planned", "started"]


@pytest.mark.parametrize("cursor", ["", "-1", "1.0", "x", "٣", "9" * 18, "9" * 30])
def test_cursors_of_others_are_refused(story: Story, cursor: str) -> None:
    problem(story.api(story.office).get("/events", params={"after": cursor}), 400, "malformed-cursor")


def test_what_is_committed_late_is_not_skipped(both_worlds: World) -> None:
    """A move begun first and committed last comes after what its reader has read meanwhile (on SQLite it has to wait).

    With an order by the number of the row, or by time, the cursor would have passed it by.
    """
    story = tell(both_worlds)
    other = plan(both_worlds, story.factory, story.assessor, story.office)
    take_in(both_worlds)
    start = read(story, story.office)["after"]

    def started(session: Session, identifier: Any) -> None:
        act = Act(session.get(User, story.assessor.id), datetime.now(UTC))
        service.move(session, act, identifier, "start", office=Office(both_worlds.settings))

    if both_worlds.database.is_sqlite:
        both_worlds.write(lambda session: started(session, other))
        take_in(both_worlds)
        early = read(story, story.office, start)
        both_worlds.write(lambda session: started(session, story.id))
    else:
        with both_worlds.database.writing() as slow:
            started(slow, story.id)
            both_worlds.write(lambda session: started(session, other))
            take_in(both_worlds)
            early = read(story, story.office, start)
    assert [each["data"]["assessment_id"] for each in early["items"]] == [str(other)]
    take_in(both_worlds)
    late = read(story, story.office, early["after"], type=["assessment.started"])
    assert [each["data"]["assessment_id"] for each in late["items"]] == [str(story.id)]


def test_an_act_is_told_only_once_it_is_committed(story: Story) -> None:
    def fail() -> None:
        with story.world.database.writing() as session:
            act = Act(session.get(User, story.assessor.id), datetime.now(UTC))
            service.move(session, act, story.id, "start", office=Office(story.world.settings))
            sequence(session, signer_of(story.world.settings))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    take_in(story.world)
    assert types(read(story, story.office)) == ["planned"]


def test_an_event_whose_particulars_were_erased_stays_in_its_place(story: Story) -> None:
    story.started()
    take_in(story.world)
    before = read(story, story.office)

    def erase(session: Session) -> None:
        moved = [each for each in history(session, "assessment", story.id) if each.action == "assessment.moved"]
        forget(session, Act(None), moved)

    story.world.write(erase)
    after = read(story, story.office, type=["assessment.changed"])
    assert [(each["id"], each["data"]["state"]) for each in after["items"]] == [(before["items"][1]["id"], None)]


def test_papers_that_are_given_up_are_told(story: Story) -> None:
    world = story.world
    story.under_review()
    office = Office(world.settings)
    story.do(story.reviewer, lambda session, act: service.move(session, act, story.id, "approve", office=office))
    jobs = len(approval.PAPERS)

    def fail(session: Session) -> None:
        claimed = claims.claim(session, datetime.now(UTC) + timedelta(hours=1))
        assert claimed is not None
        claims.put_off(session, claimed, PressFailed(reason="died"), datetime.now(UTC))

    for _ in range(jobs * claims.QUEUE.patience.breakdowns):
        world.write(fail)
    take_in(world)
    told = read(story, story.owner, type=["papers.failed"])
    assert [each["data"]["assessment_id"] for each in told["items"]] == [str(story.id)] * jobs


def test_every_move_has_a_name_and_the_index_knows_every_act() -> None:
    assert set(OF_MOVES) == set(MoveName)
    assert len(set(OF_MOVES.values())) == len(OF_MOVES)
    assert all(f"'{act}'" in TOLD for act in ACTS)
    assert TOLD.count("'") == 2 * len(ACTS)
