"""Targets are entered by the factory and its assessor, stand beside the score, and are fixed with what is approved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlmodel import Session, select

from itti.accounts.tables import User
from itti.assessments.tables import Assessment
from itti.audit.tables import Event
from itti.papers.freezing import Frozen
from itti.papers.tables import Preparation
from itti.targets.parts import PartKind, parts_of
from itti.targets.service import ends
from questionnaires import load
from questionnaires.loading import published
from reports.attached import CERTIFICATE, attachments
from tests.itti.assessments.story import Story, plan, tell
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import World
from tests.itti.expect import pointers, problem

BY = "2099-06-30"
AIMS: dict[str, Any] = {
    "targets": [{"part": "maintenance", "value": 5}, {"part": "overall", "value": "4.25"}],
    "by": BY,
    "note": "Agreed with the board.",
}


@pytest.fixture(autouse=True)
def _papers_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    use_quick_press(monkeypatch)


@pytest.fixture
def story(world: World) -> Story:
    return tell(world)


def put(story: Story, user: User | None, tag: str | None = '"0"', **changes: Any) -> httpx2.Response:
    headers = {} if tag is None else {"If-Match": tag}
    return story.api(user).put(f"{story.path}/targets", json={**AIMS, **changes}, headers=headers)


def entered(story: Story, user: User, **changes: Any) -> str:
    """Enter targets; the new entity tag."""
    tag = story.api(user).get(f"{story.path}/targets").headers["etag"]
    answer = put(story, user, tag, **changes)
    assert answer.status_code == 200, answer.text
    return str(answer.headers["etag"])


def test_factory_and_assessor_enter_them_each_in_their_time(story: Story) -> None:
    problem(story.api(None).get(f"{story.path}/targets"), 401, "sign-in-needed")
    problem(put(story, None), 401, "sign-in-needed")
    problem(put(story, story.world.create_assessor()), 404, "no-such-assessment")
    problem(put(story, story.office), 403, "not-your-targets")
    problem(put(story, story.assessor), 409, "targets-closed")
    problem(put(story, story.owner, None), 428, "precondition-required")
    problem(put(story, story.owner, "*"), 400, "malformed-tag")
    problem(put(story, story.owner, '"3"'), 412, "stale")
    before = story.api(story.office).get(f"{story.path}/targets")
    assert before.status_code == 200, before.text
    empty: dict[str, Any] = {"targets": [], "by": None, "note": "", "may_change": False, "earlier": None}
    assert (before.headers["etag"], before.json()) == ('"0"', empty)

    made = put(story, story.owner)
    assert made.status_code == 200, made.text
    assert made.headers["etag"] == '"1"'
    aims = [
        {"part": "overall", "value": "4.25", "by": None, "note": ""},
        {"part": "maintenance", "value": "5", "by": None, "note": ""},
    ]
    told = {"targets": aims, "by": BY, "note": "Agreed with the board.", "may_change": True, "earlier": None}
    assert made.json() == told, "in the order of the questionnaire"
    assert problem(put(story, story.owner), 412, "stale")
    story.started()
    assert put(story, story.assessor, '"1"', by="2099").json()["by"] == "2099-12-31", "a year means its last day"
    assert put(story, story.owner, '"2"', targets=[], by=None, note="").json() == {**empty, "may_change": True}
    with story.world.database.reading() as session:
        acts = session.exec(select(Event).where(Event.action == "targets.entered").order_by(Event.at)).all()  # type: ignore[arg-type]
    assert [each.details["targets"] for each in acts] == [{"overall": "4.25", "maintenance": "5"}] * 2 + [{}]
    assert {each.assessment_id for each in acts} == {story.id}


def test_a_target_may_have_a_day_and_a_note_of_its_own(story: Story) -> None:
    own = {"part": "overall", "value": "4.25", "by": "2098", "note": "=With the new line"}
    same = {"part": "maintenance", "value": 5, "by": BY}
    told = put(story, story.owner, targets=[own, same]).json()["targets"]
    assert [(each["by"], each["note"]) for each in told] == [("2098-12-31", "=With the new line"), (None, "")]
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    past = put(story, story.owner, '"1"', targets=[own, {**same, "by": yesterday}])
    assert pointers(problem(past, 422, "targets-invalid")) == {"/targets/1/by": "horizon-past"}
    for hostile in ({"by": "soon"}, {"note": "x" * 201}, {"note": "a\u0000b"}):
        problem(put(story, story.owner, '"1"', targets=[{**own, **hostile}]), 422, "invalid-input")
    story.under_review()
    table = story.api(story.reviewer).get(f"{story.path}/scorecard", params={"format": "csv"}).text
    assert "4.25,2098-12-31,'=With the new line" in table
    assert f"5,{BY},Agreed with the board." in table
    page = story.world.browser(story.reviewer).get(f"{story.path}/scorecard").text
    assert "=With the new line" in page
    assert "By 31 December 2098." in page
    with story.world.database.reading() as session:
        event = session.exec(select(Event).where(Event.action == "targets.entered")).one()
    assert event.details["days"] == {"overall": "2098-12-31"}


def test_what_does_not_fit_is_named_with_its_place(story: Story) -> None:
    wrong = [("nothing", "4"), ("overall", "5.5"), ("overall", "3"), ("quality", "-1"), ("maintenance", "3.00001")]
    targets = [{"part": part, "value": value} for part, value in wrong]
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    refused = problem(put(story, story.owner, targets=targets, by=yesterday), 422, "targets-invalid")
    assert pointers(refused) == {
        "/targets/0/part": "unknown-part",
        "/targets/1/value": "beyond-low-high",
        "/targets/2/part": "part-twice",
        "/targets/3/value": "beyond-low-high",
        "/targets/4/value": "too-many-places",
        "/by": "horizon-past",
    }
    assert "from 0 to 5" in refused["errors"][1]["detail"]
    assert pointers(problem(put(story, story.owner, by=None), 422, "targets-invalid")) == {"/by": "horizon-missing"}
    for hostile in ({"by": "20999"}, {"note": "a\u0000b"}, {"note": "\U0001f3ed"}, {"note": "x" * 501}, {"by": 2099}):
        problem(put(story, story.owner, **hostile), 422, "invalid-input")
    problem(put(story, story.owner, targets=[{"part": "overall", "value": 4.5}]), 422, "invalid-input")
    assert story.api(story.owner).get(f"{story.path}/targets").headers["etag"] == '"0"'


def test_a_target_changed_after_reading_stops_the_approval_and_none_changes_after_it(story: Story) -> None:
    story.under_review()
    review = f"{story.path}/review"
    without = story.api(story.reviewer).get(review).headers["etag"]
    problem(put(story, story.assessor), 409, "targets-closed")
    entered(story, story.owner)
    api = story.api(story.reviewer)
    late = api.post(f"{story.path}/moves", json={"move": "approve"}, headers={"If-Match": without})
    refused = problem(late, 412, "content-changed")
    assert refused["current"]["changed"] == {"targets": ["maintenance", "overall"]}
    assert "targets (" in refused["detail"]
    assert "Maintenance" in refused["detail"]
    page = story.world.browser(story.reviewer).get(f"{story.path}/scorecard").text
    assert "4.25" in page
    assert "Agreed with the board." in page

    story.moved(story.reviewer, "approve")
    for person in (story.owner, story.assessor):
        problem(put(story, person, '"1"'), 409, "targets-closed")
    with story.world.database.reading() as session:
        report = Frozen.of(session.exec(select(Preparation)).one()).report
    certificate = attachments(report)[CERTIFICATE].decode()
    assert '"targets":{"by":"2099-06-30","values":{"maintenance":"5","overall":"4.25"}}' in certificate
    assert report.targets is not None
    assert report.targets.note == "Agreed with the board."


def test_reply_ends_what_the_factory_may_change(story: Story) -> None:
    story.world.settings.reply_days = 3
    story.under_review()
    story.step(story.reviewer, "hear-factory")
    entered(story, story.owner)

    def overdue(session: Session) -> None:
        one = session.get_one(Assessment, story.id)
        one.reply_until = (datetime.now(UTC) - timedelta(days=2)).date()
        session.add(one)

    story.world.write(overdue)
    problem(put(story, story.owner, '"1"'), 409, "targets-closed")


def test_page_in_both_languages(story: Story) -> None:
    browser = story.world.browser(story.owner)
    address = f"{story.path}/targets"
    assert f'href="{address}"' in browser.get(story.path).text
    sent = {"value.overall": "٤٫٥", "value.maintenance": "7", "by": "", "note": "Agreed.", "version": "0"}
    refused = browser.post(address, data=sent)
    assert refused.status_code == 422
    for words in ("The scale goes from 0 to 5", "Say by which day", 'value="٤٫٥"', 'value="7"'):
        assert words in refused.text
    tampered = browser.post(address, data={**sent, "value.none": "3"})
    assert "no index, category or dimension none" in tampered.text
    good = {**sent, "value.maintenance": "5", "by": BY}
    lonely = browser.post(address, data={**good, "note.quality": "Why?", "by.quality": "2098-01-01"})
    assert lonely.status_code == 422, "a note without a value is not dropped"
    assert 'value="Why?"' in lonely.text
    good |= {"by.overall": "2098-01-01", "note.overall": "<b>New line</b>"}
    saved = browser.post(address, data=good)
    assert (saved.status_code, saved.headers["location"]) == (303, address)
    kept = browser.get(address).text
    for words in ('value="4.5"', 'value="2098-01-01"', 'value="&lt;b&gt;New line&lt;/b&gt;"'):
        assert words in kept
    stale = browser.post(address, data={**good, "value.overall": "3"})
    assert stale.status_code == 412
    assert "Stored now:" in stale.text
    reader = story.world.browser(story.office).get(address, headers={"Accept-Language": "ar"}).text
    assert "المستهدفات" in reader
    assert '<form class="form' not in reader
    assert "&lt;b&gt;New line&lt;/b&gt;" in reader
    assert story.world.browser(story.office).post(address, data=good).status_code == 403


def test_revision_takes_them_over_and_a_later_assessment_only_shows_them(story: Story) -> None:
    own = {"part": "maintenance", "value": 5, "by": "2097-05-31", "note": "With <two> more fitters."}
    entered(story, story.owner, targets=[own, {"part": "overall", "value": "4.25"}])
    for person, move in ((story.assessor, "start"),):
        story.step(person, move)
    story.answer_all(story.assessor)
    for person, move in ((story.assessor, "submit"), (story.reviewer, "take-review"), (story.reviewer, "approve")):
        story.step(person, move)
    later = Story(
        story.world, story.office, story.assessor, story.reviewer, story.owner, story.factory,
        plan(story.world, story.factory, story.assessor, story.office),
    )  # fmt: skip
    shown = later.api(later.owner).get(f"{later.path}/targets").json()
    assert shown["targets"] == []
    assert shown["earlier"] == {
        "targets": [
            {"part": "overall", "value": "4.25", "by": None, "note": ""},
            {"part": "maintenance", "value": "5", "by": "2097-05-31", "note": "With <two> more fitters."},
        ],
        "by": BY,
    }
    page = story.world.browser(story.owner).get(f"{later.path}/targets").text
    assert "Earlier target" in page
    assert "31 May 2097" in page, "its own day, not the day of all"
    assert "With &lt;two&gt; more fitters." in page
    arabic = story.world.browser(story.owner).get(f"{later.path}/targets", headers={"Accept-Language": "ar"}).text
    assert "حتى" in arabic
    story.step(story.owner, "appeal", note="Two machines were left out.")
    hearer = story.world.create_assessor(name="Third")
    story.step(hearer, "take-appeal")
    story.step(hearer, "uphold-appeal", note="They were.")
    with story.world.database.reading() as session:
        revision = session.exec(select(Assessment.id).where(Assessment.revision_of == story.id)).one()
    taken = story.api(story.owner).get(f"/assessments/{revision}/targets")
    assert (taken.headers["etag"], taken.json()["by"], len(taken.json()["targets"])) == ('"1"', BY, 2)


def test_every_published_questionnaire_has_parts_to_aim_at() -> None:
    for family, version in published():
        definition = load(family, version)
        parts = parts_of(definition)
        assert parts
        assert all(part.title(definition, language) for part in parts for language in ("en", "ar"))
        assert {ends(part).name for part in parts} <= {"low-high", "low", "high", "none"}
    assert {part.kind for part in parts_of(load("itti", "2.0.0"))} == set(PartKind)
