"""A new assessment starts from an earlier one: every scenario at the API."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from sqlmodel import col, select

from itti.assessments.tables import Answer, Assessment
from itti.audit.service import history
from itti.audit.tables import Event
from tests.itti.assessments.story import tell
from tests.itti.carrying.upgrade import QUESTIONS, Upgrade, planned, upgrade
from tests.itti.conftest import World
from tests.itti.expect import problem
from tests.itti.files import samples

OLD = "quality"
FIRST = QUESTIONS[0]


def recorded(world: World) -> int:
    """How many acts on assessments and answers are on record."""
    with world.database.reading() as session:
        return len(session.exec(select(Event.id).where(col(Event.subject).in_(("assessment", "answer")))).all())


def test_earlier_assessments_are_listed_for_who_may_read_them(both: Upgrade) -> None:
    seen = both.new.api(both.new.assessor).get(both.path).json()
    assert seen["writable"] == "assessed"
    (item,) = seen["items"]
    assert (item["id"], item["definition_version"], item["state"]) == (str(both.old.id), "1.0.0", "withdrawn")
    assert item["answers"] == [{"which": "own", "answered": 20}, {"which": "assessed", "answered": 20}]
    owners = both.new.api(both.new.owner).get(both.path).json()
    assert owners["writable"] is None, "the assessor has begun"
    assert owners["items"][0]["answers"] == [{"which": "own", "answered": 20}], "what was found was never certified"
    reviewer = both.new.reviewer
    problem(both.new.api(reviewer).get(both.path), 404, "no-such-assessment")


def test_nothing_leads_back_or_to_others(both: Upgrade, world: World) -> None:
    """No way from a newer version to an older one, none to a later assessment, none to another factory's."""
    back = planned(both.new, "1.0.0")
    assert [item["id"] for item in back.api(back.office).get(f"{back.path}/carry-over").json()["items"]] == [
        str(both.old.id)
    ]
    assert both.old.api(both.old.office).get(f"{both.old.path}/carry-over").json()["items"] == []
    stranger = tell(world)
    assert stranger.api(stranger.office).get(f"{stranger.path}/carry-over").json()["items"] == []
    other = Upgrade(both.old, stranger.started())
    problem(other.carry(stranger.assessor), 404, "no-earlier-assessment")


def test_answers_that_may_still_change_are_not_carried(world: World) -> None:
    old = tell(world).answered()
    new = planned(old, "2.0.0").started()
    assert new.api(new.assessor).get(f"{new.path}/carry-over").json()["items"] == []
    problem(Upgrade(old, new).carry(new.assessor), 404, "no-earlier-assessment")


def test_preview_shows_everything_and_changes_nothing(both: Upgrade, world: World) -> None:
    before = recorded(world)
    shown = both.preview(both.new.assessor)
    assert shown.status_code == 200, shown.text
    document = shown.json()
    assert (document["from"], document["old"], document["new"]) == (str(both.old.id), "itti@1.0.0", "itti@2.0.0")
    passages = document["passages"]
    assert {passage["question"] for passage in passages} >= set(QUESTIONS)
    assert {old["question"] for passage in passages for old in passage["olds"]} == set(both.answers(both.old))
    assert sum(document["counts"].values()) == len(passages)
    marked = [passage for passage in passages if passage["mark"] == "look_again"]
    for passage in marked:
        assert passage["why"] == "asked-for"
        assert passage["reason_words"] == "the authors ask for a look at it"
        assert passage["given"] == {"level": 3}
        assert passage["words"].startswith("3 · ")
        assert "only a proposal" in passage["note"]
        assert passage["olds"][0]["given"] == {"level": 3}
        assert passage["olds"][0]["title"]
        assert passage["changes"]
    assert document["in_the_way"] == []
    assert both.answers(both.new) == {}
    assert recorded(world) == before


def test_preview_in_arabic(both: Upgrade) -> None:
    shown = both.preview(both.new.assessor, **{"Accept-Language": "ar"})
    assert shown.headers["content-language"] == "ar"
    passage = next(one for one in shown.json()["passages"] if one["mark"] == "look_again")
    for words in (passage["reason_words"], passage["note"], passage["title"], passage["words"]):
        assert any("\u0600" <= sign <= "\u06ff" for sign in words), words


def test_valid(anywhere: Upgrade) -> None:
    both = anywhere
    before = {phase: both.answers(both.old, phase) for phase in ("self", "assessed")}
    document = both.carried(both.new.assessor)
    answers = both.answers(both.new)
    assert set(document["written"]) == set(answers)
    assert document["standing"]["look_again"] == [name for name in QUESTIONS if answers[name]["look_again"]]
    assert document["standing"]["answered"] == len(answers)
    for answer in answers.values():
        assert answer["level"] == 3
        assert answer["author_id"] == str(both.new.assessor.id)
        mark = answer["look_again"]
        assert (mark["why"], mark["assessment"], mark["version"]) == ("asked-for", str(both.old.id), "1.0.0")
        assert mark["olds"][0]["given"] == {"level": 3}
    assert {phase: both.answers(both.old, phase) for phase in ("self", "assessed")} == before
    assert both.answers(both.new, "self") == {}


def test_it_is_on_record_and_repeating_it_does_nothing(both: Upgrade) -> None:
    written = both.carried(both.new.assessor)["written"]
    answers = both.answers(both.new)
    assert both.look(both.new.assessor, FIRST, '"1"').status_code == 200
    again = both.carried(both.new.assessor)
    assert again["written"] == []
    assert both.answers(both.new)[FIRST]["look_again"] is None, "a mark that was cleared does not come back"
    assert {name: answer for name, answer in both.answers(both.new).items() if name != FIRST} == {
        name: answer for name, answer in answers.items() if name != FIRST
    }
    with both.new.world.database.reading() as session:
        events = [one for one in history(session, "assessment", both.new.id) if one.action == "assessment.carried-over"]
        (event,) = events
        assert event.details["source"] == str(both.old.id)
        assert event.details["written"] == written
        row = session.exec(select(Answer).where(Answer.assessment_id == both.new.id, Answer.question == FIRST)).one()
        actions = [one.action for one in history(session, "answer", row.id)]
        assert actions == ["answer.carried", "answer.looked-at"]


def test_twice_at_once_is_once(anywhere: Upgrade) -> None:
    both = anywhere
    both.new.api(both.new.assessor)  # one token for both threads
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(lambda _: both.carried(both.new.assessor), range(2)))
    assert sorted(bool(one["written"]) for one in found) == [False, True]


def test_nothing_given_is_overwritten_silently(anywhere: Upgrade) -> None:
    both = anywhere
    assert both.new.put(both.new.assessor, FIRST, level=5, reason="Seen today.").status_code == 201
    assert both.new.put(both.new.assessor, QUESTIONS[1], level=None, reason="See line 2.").status_code == 201
    mine = both.answers(both.new)
    assert both.preview(both.new.assessor).json()["in_the_way"] == [FIRST, QUESTIONS[1]]
    refused = problem(both.carry(both.new.assessor), 409, "answers-in-the-way")
    assert [error["detail"].split("“")[1].split("”")[0] for error in refused["errors"]] == [FIRST, QUESTIONS[1]]
    problem(both.carry(both.new.assessor, keep=[FIRST]), 409, "answers-in-the-way")
    assert both.answers(both.new) == mine, "nothing was carried at all"

    done = both.carried(both.new.assessor, keep=[FIRST], overwrite={QUESTIONS[1]: 1})
    assert done["kept"] == [FIRST]
    now = both.answers(both.new)
    assert now[FIRST] == mine[FIRST]
    assert (now[QUESTIONS[1]]["level"], now[QUESTIONS[1]]["version"]) == (3, 2)
    assert both.carried(both.new.assessor, keep=[FIRST], overwrite={QUESTIONS[1]: 1})["written"] == []


def test_stale(both: Upgrade) -> None:
    """What is replaced is what was seen, and not what somebody wrote since."""
    both.new.put(both.new.assessor, FIRST, level=5)
    both.new.put(both.new.assessor, FIRST, '"1"', level=4)
    mine = both.answers(both.new)
    problem(both.carry(both.new.assessor, overwrite={FIRST: 1}), 412, "answers-changed")
    assert both.answers(both.new) == mine
    assert FIRST in both.carried(both.new.assessor, overwrite={FIRST: 2})["written"]


def test_anonymous(both: Upgrade) -> None:
    problem(both.new.api(None).get(both.path), 401, "sign-in-needed")
    problem(both.preview(None), 401, "sign-in-needed")
    problem(both.carry(None), 401, "sign-in-needed")
    problem(both.look(None, FIRST, '"1"'), 401, "sign-in-needed")
    assert both.answers(both.new) == {}


def test_wrong_role(both: Upgrade) -> None:
    for user, which in ((both.new.office, "assessed"), (both.new.owner, "assessed"), (both.new.assessor, "own")):
        problem(both.carry(user, which), 403, "not-your-answers")
    problem(both.carry(both.new.owner, "own"), 409, "answers-closed")
    problem(both.preview(both.new.owner, "assessed"), 403, "not-open-to-you")
    assert both.preview(both.new.office, "assessed").status_code == 200
    assert both.answers(both.new) == both.answers(both.new, "self") == {}


def test_not_existing(both: Upgrade) -> None:
    api = both.new.api(both.new.assessor)
    for body in ({"from": str(uuid4()), "which": "assessed"}, {"from": str(both.new.id), "which": "assessed"}):
        problem(api.post(both.path, json=body), 404, "no-earlier-assessment")
        problem(api.post(f"{both.path}/preview", json=body), 404, "no-earlier-assessment")
    problem(api.get(f"/assessments/{uuid4()}/carry-over"), 404, "no-such-assessment")
    problem(both.carry(both.new.assessor, keep=["no-such-question"]), 404, "no-such-question")
    problem(both.carry(both.new.assessor, which="theirs"), 422, "invalid-input")
    problem(both.look(both.new.assessor, "no-such-question", '"1"'), 404, "no-such-question")
    problem(both.look(both.new.assessor, FIRST, '"1"'), 404, "not-answered")


def test_another_assessor_sees_nothing_of_it(both: Upgrade, world: World) -> None:
    """Who may not read the earlier assessment is not told that it exists."""
    other = world.create_assessor()
    new = planned(both.old, "2.0.0")
    with world.database.writing() as session:
        row = session.get_one(Assessment, new.id)
        row.assessor_id = other.id
        session.add(row)
    assert new.api(other).get(f"{new.path}/carry-over").json()["items"] == []
    new.step(other, "start")
    problem(Upgrade(both.old, new).carry(other), 404, "no-earlier-assessment")


def test_the_factory_carries_its_own_answers(world: World) -> None:
    both = upgrade(world)
    problem(both.carry(both.new.owner, "own"), 409, "answers-closed")
    both.new.step(both.new.owner, "start-self-assessment")
    assert both.new.api(both.new.owner).get(both.path).json()["writable"] == "own"
    both.carried(both.new.owner, "own")
    own = both.answers(both.new, "self")
    assert {answer["level"] for answer in own.values()} == {2}
    assert all(answer["look_again"] for answer in own.values())
    problem(both.carry(both.new.owner, "assessed"), 403, "not-your-answers")
    refused = both.new.move(both.new.owner, "finish-self-assessment")
    problem(refused, 409, "look-again-left")


def test_the_same_version_needs_no_second_look_but_for_evidence(world: World) -> None:
    old = tell(world).started()
    old.answer_all(old.assessor)
    file = ("file", ("work orders.pdf", samples.pdf(), "application/pdf"))
    assert old.api(old.assessor).post(old.evidence_path(OLD), files=[file]).status_code == 201
    old.step(old.office, "withdraw", note="Postponed.")
    both = Upgrade(old, planned(old, "1.0.0").started())
    passages = {one["question"]: one for one in both.preview(both.new.assessor).json()["passages"]}
    assert {one["mark"] for name, one in passages.items() if name != OLD} == {"carried"}
    assert (passages[OLD]["mark"], passages[OLD]["why"], passages[OLD]["files"]) == ("look_again", "evidence-left", 1)
    assert both.carried(both.new.assessor)["standing"]["look_again"] == [OLD]
    assert both.new.api(both.new.assessor).get(both.new.evidence_path(OLD)).json() == []


def test_marks_that_nobody_cleared_go_on(world: World) -> None:
    """Own answers that were never looked at are still to be looked at, one assessment later."""
    first = upgrade(world)
    first.new.step(first.new.owner, "start-self-assessment")
    first.carried(first.new.owner, "own")
    assert first.look(first.new.owner, FIRST, '"1"', "self").status_code == 200
    first.new.started()
    second = Upgrade(first.new, planned(first.new, "2.0.0"))
    second.new.step(second.new.owner, "start-self-assessment")
    marks = second.carried(second.new.owner, "own")["standing"]["look_again"]
    assert FIRST not in marks
    assert len(marks) == len(second.answers(second.new, "self")) - 1


def test_the_programme_looks_on(both: Upgrade) -> None:
    seen = both.new.api(both.new.office).get(both.path).json()
    assert seen["writable"] is None
    assert len(seen["items"]) == 1
