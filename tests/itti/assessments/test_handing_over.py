"""Another assessor takes an assessment over: who may, whom they may name, and what becomes of the one before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from itti.accounts.tables import User
from itti.accreditation.tables import Accreditation, AssessmentBody
from itti.acts import now
from itti.assessments.tables import Assessment, AssessmentState, Move
from itti.audit.service import history
from itti.audit.tables import Event
from itti.certificates.office import Office
from itti.independence.tables import Engagement, Tie
from itti.mail.tables import OutgoingMail
from itti.record.checking import verify
from itti.settings import Settings
from tests.itti.assessments.story import QUESTIONS, Story, plan, tell
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import World, running_world
from tests.itti.expect import pointers, problem

WHY = "Ill for two months."
RULES = {"independence_months": 24, "separate_bodies": True, "rotation_after": 1}


@pytest.fixture(autouse=True)
def _papers_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    use_quick_press(monkeypatch)


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    """A programme with all rules of independence."""
    with running_world(settings.model_copy(update=RULES)) as made:
        yield made


@pytest.fixture
def begun(world: World) -> Story:
    """Begun by its assessor, with one answer."""
    story = tell(world)
    declare(story, story.assessor)
    story.started()
    assert story.put(story.assessor, QUESTIONS[0]).status_code == 201
    return story


def declare(story: Story, user: User) -> None:
    answer = story.api(user).post(f"{story.path}/declarations", json={"ties": []})
    assert answer.status_code == 201, answer.text


def handed(story: Story, by: User | None, to: Any, **more: Any) -> Any:
    """The answer to a change of assessor, at the API."""
    return story.move(by, "hand-over", assessor_id=to if to is None else str(to), **({"note": WHY} | more))


def colleague(story: Story, of: User) -> User:
    """Another accredited assessor of the same body."""
    with story.world.database.reading() as session:
        body = session.get_one(AssessmentBody, of.body_id)
    return story.world.create_assessor(body=body)


def test_another_goes_on_and_the_first_is_out_at_once(begun: Story) -> None:
    story, world = begun, begun.world
    first, second = story.assessor, world.create_assessor(name="Hessa Karim")
    assert world.browser(first).get(story.path).status_code == 200
    document = handed(story, story.office, second.id).json()
    assert (document["state"], document["assessor"]["id"]) == ("assessment", str(second.id))
    assert document["body"]["id"] == str(second.body_id)
    # The first is out at every door, of the pages and of the API.
    problem(story.api(first).get(story.path), 404, "no-such-assessment")
    problem(story.put(first, QUESTIONS[1]), 404, "no-such-assessment")
    assert world.browser(first).get(f"{story.path}/answers/{QUESTIONS[0]}").status_code == 404
    assert story.api(first).get("/assessments").json()["items"] == []
    # The second declares before anything is taken from them.
    offered = {each["move"]: each["code"] for each in story.read(second)["moves"]}
    assert offered == {"hand-over": None, "submit": "declaration-missing"}
    problem(story.put(second, QUESTIONS[1]), 409, "declaration-missing")
    problem(story.move(second, "submit"), 409, "declaration-missing")
    declare(story, second)
    for question in QUESTIONS[1:]:
        assert story.put(second, question).status_code == 201
    answers = story.api(second).get(f"{story.path}/answers").json()["answers"]
    assert {each["question"]: each["author_id"] for each in answers} == {
        question: str((first if question == QUESTIONS[0] else second).id) for question in QUESTIONS
    }
    story.moved(second, "submit")
    # Neither who began it nor, where bodies have to differ, anybody of their body reviews it.
    problem(story.move(first, "take-review"), 403, "own-assessment")
    problem(story.move(colleague(story, first), "take-review"), 403, "same-body")
    declare(story, story.reviewer)
    for user, move in ((story.reviewer, "take-review"), (story.reviewer, "approve")):
        story.moved(user, move)
    story.step(story.owner, "appeal", note="One line was left out.")
    problem(story.move(first, "take-appeal"), 403, "took-part")
    with world.database.reading() as session:
        assert verify(session, Office(world.settings)).holds


def test_it_is_told_written_down_and_recorded(begun: Story) -> None:
    story, world = begun, begun.world
    second = world.create_assessor(name="Hessa Karim", name_ar="حصة كريم")
    with world.database.reading() as session:
        seen = {row.id for row in session.exec(select(OutgoingMail)).all()}
    passage = handed(story, story.office, second.id).json()["history"][-1]
    assert (passage["from_assessor"]["name"], passage["to_assessor"]["name"]) == ("Aisha Rahman", "Hessa Karim")
    assert (passage["actor"]["name"], passage["note"]) == ("Programme Office", WHY)
    assert story.read(story.owner)["history"][-1]["note"] == "", "why is kept from the factory"
    with world.database.reading() as session:
        letters = {(row.letter, row.recipient_id) for row in session.exec(select(OutgoingMail)) if row.id not in seen}
        act = history(session, "assessment", story.id)[-1]
    assert letters == {
        ("assessment-handed-over", second.id),
        ("assessment-given-away", story.assessor.id),
        ("assessor-changed", story.owner.id),
    }
    assert (act.details["assessor_before"], act.details["assessor"]) == (str(story.assessor.id), str(second.id))
    page = world.browser(story.office)
    assert "From Aisha Rahman to Hessa Karim" in page.get(story.path).text
    assert "من عائشة رحمن إلى حصة كريم" in page.get(story.path, headers={"Accept-Language": "ar"}).text

    def forge(session: Session) -> None:
        session.get_one(Assessment, story.id).assessor_id = story.assessor.id

    world.write(forge)
    with world.database.reading() as session:
        assert "assessment-changed" in {each.code for each in verify(session, Office(world.settings)).troubles}


def test_who_may_hand_over_and_when(begun: Story) -> None:
    story = begun
    second, mate = story.world.create_assessor(), colleague(story, story.assessor)
    problem(handed(story, None, second.id), 401, "sign-in-needed")
    problem(handed(story, story.owner, second.id), 403, "move-not-yours")
    problem(handed(story, second, second.id), 404, "no-such-assessment")
    problem(handed(story, mate, mate.id), 404, "no-such-assessment")
    problem(handed(story, story.office, second.id, note=" "), 422, "note-missing")
    problem(handed(story, story.office, second.id, tag='"1"'), 412, "stale")
    story.answer_all(story.assessor)
    story.step(story.assessor, "submit")
    problem(handed(story, story.office, second.id), 409, "move-not-open")
    declare(story, story.reviewer)
    story.step(story.reviewer, "take-review")
    problem(handed(story, story.reviewer, second.id), 403, "move-not-yours")
    with story.world.database.reading() as session:
        assert not session.exec(select(Move).where(Move.move == "hand-over")).all()
        assert session.get_one(Assessment, story.id).assessor_id == story.assessor.id


def test_whom_nobody_can_name(begun: Story) -> None:
    story, world = begun, begun.world

    def mistake(by: User, to: object) -> str:
        return pointers(problem(handed(story, by, to), 422, "successor-refused"))["/assessor_id"]

    assert mistake(story.office, None) == "successor-missing"
    assert mistake(story.office, uuid4()) == "no-such-assessor"
    assert mistake(story.office, story.owner.id) == "no-such-assessor"
    assert mistake(story.office, story.assessor.id) == "successor-same"
    assert mistake(story.assessor, story.reviewer.id) == "successor-elsewhere"
    assert handed(story, story.office, "'; DROP TABLE move; --").status_code == 422
    left = world.create_assessor()
    world.write(lambda session: setattr(session.get_one(User, left.id), "disabled_at", now()))
    assert mistake(story.office, left.id) == "no-such-assessor"
    # The rules of the programme, on this very day.
    lapsed = world.create_assessor()
    yesterday = now().date() - timedelta(days=1)

    def lapse(session: Session) -> None:
        row = session.exec(select(Accreditation).where(Accreditation.user_id == lapsed.id)).one()
        row.valid_until = yesterday

    world.write(lapse)
    told = problem(handed(story, story.office, lapsed.id), 403, "not-accredited")
    assert "the assessor's own accreditation" in told["detail"]
    tied = world.create_assessor()
    tie = Engagement(
        user_id=tied.id, factory_id=story.factory.id, tie=Tie.TRAINED, until=yesterday, note="", created_at=now()
    )
    world.add(tie)
    problem(handed(story, story.office, tied.id), 403, "not-independent")
    again = world.create_assessor()
    other = plan(world, story.factory, again, story.office)

    def submitted(session: Session) -> None:
        session.get_one(Assessment, other).submitted_at = now()

    world.write(submitted)
    problem(handed(story, story.office, again.id), 403, "rotation-due")
    # Who has returned it reviews it again.
    story.answer_all(story.assessor)
    story.step(story.assessor, "submit")
    declare(story, story.reviewer)
    story.step(story.reviewer, "take-review")
    story.step(story.reviewer, "return", note="Look again.")
    assert mistake(story.office, story.reviewer.id) == "successor-reviews"
    problem(handed(story, story.office, colleague(story, story.reviewer).id), 403, "same-body")


def test_a_lapsed_assessor_hands_over_within_the_own_body_on_the_page(begun: Story) -> None:
    """As people do it: the accreditation ended in the middle of the work."""
    story, world = begun, begun.world
    mate, _elsewhere = colleague(story, story.assessor), world.create_assessor()

    def lapse(session: Session) -> None:
        row = session.exec(select(Accreditation).where(Accreditation.user_id == story.assessor.id)).one()
        row.valid_until = now().date() - timedelta(days=1)

    world.write(lapse)
    problem(story.put(story.assessor, QUESTIONS[1]), 403, "not-accredited")
    browser = world.browser(story.assessor)
    assert f"{story.path}/hand-over" in browser.get(story.path).text
    form = browser.get(f"{story.path}/hand-over").text
    assert re.findall(r'<option value="([0-9a-f-]{36})"', form) == [str(mate.id)]
    version = story.read(story.office)["version"]
    sent = {"assessor_id": str(mate.id), "note": "", "version": str(version)}
    refused = browser.post(f"{story.path}/hand-over", data=sent)
    assert refused.status_code == 422
    assert str(mate.id) in refused.text
    stale = browser.post(f"{story.path}/hand-over", data=sent | {"note": WHY, "version": "1"})
    assert stale.status_code == 412
    done = browser.post(f"{story.path}/hand-over", data=sent | {"note": "<script>alert(1)</script>"})
    assert (done.status_code, done.headers["location"]) == (303, "/assessments")
    assert browser.get(story.path).status_code == 404
    seen = world.browser(mate).get(story.path).text
    assert "&lt;script&gt;alert(1)" in seen
    assert seen.index(f"{story.path}/declaration") < seen.index(f"{story.path}/hand-over"), "first things first"
    arabic = world.browser(mate).get(f"{story.path}/hand-over", headers={"Accept-Language": "ar"}).text
    assert "تسليم التقييم" in arabic


def test_replaced_before_the_work_began_is_no_part_in_it(world: World) -> None:
    story = tell(world)
    second = world.create_assessor()
    assert handed(story, story.office, second.id).json()["state"] == "planned"
    story.assessor, first = second, story.assessor
    declare(story, second)
    story.submitted()
    declare(story, first)
    assert story.moved(first, "take-review")["reviewer"]["id"] == str(first.id)


def test_a_revision_is_not_handed_to_who_took_part(world: World) -> None:
    story = tell(world)
    declare(story, story.assessor)
    story.submitted()
    declare(story, story.reviewer)
    story.step(story.reviewer, "take-review")
    story.step(story.reviewer, "approve")
    story.step(story.owner, "appeal", note="One line was left out.")
    hearer, other = world.create_assessor(), world.create_assessor()
    declare(story, hearer)
    story.step(hearer, "take-appeal")
    story.step(hearer, "uphold-appeal", note="It was.")
    with world.database.reading() as session:
        revision = session.exec(select(Assessment.id).where(Assessment.revision_of == story.id)).one()
    story.id = revision
    assert {each["move"]: each["code"] for each in story.read(hearer)["moves"]}["submit"] is None
    told = problem(handed(story, story.office, story.assessor.id), 422, "successor-refused")
    assert pointers(told) == {"/assessor_id": "successor-took-part"}
    assert handed(story, story.office, other.id).json()["assessor"]["id"] == str(other.id)


def test_two_things_at_once(both_stories: Story) -> None:
    """Two successors are named while the assessor submits: one of the three happens, the others are told."""
    story = both_stories.answered()
    mates = [colleague(story, story.assessor), story.world.create_assessor()]
    people = [story.office, story.assessor]
    for user in people:
        story.api(user)
    tag = f'"{story.read(story.office)["version"]}"'
    tries = [
        lambda: handed(story, story.office, mates[0].id, tag=tag),
        lambda: handed(story, story.office, mates[1].id, tag=tag),
        lambda: story.move(story.assessor, "submit", tag),
    ]
    with ThreadPoolExecutor(3) as threads:
        answers = [each.result() for each in [threads.submit(work) for work in tries]]
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(200) == 1, statuses
    assert set(statuses) <= {200, 404, 412}
    with story.world.database.reading() as session:
        one = session.get_one(Assessment, story.id)
        expected = [(mates[0].id, "assessment"), (mates[1].id, "assessment"), (story.assessor.id, "review")]
        assert (one.assessor_id, one.state.value) == expected[statuses.index(200)]
        assert len(session.exec(select(Move).where(Move.assessment_id == story.id)).all()) == 2
        moved = select(Event).where(Event.action == "assessment.moved", Event.subject_id == str(story.id))
        assert len(session.exec(moved).all()) == 2
        assert one.state in {AssessmentState.ASSESSMENT, AssessmentState.REVIEW}
