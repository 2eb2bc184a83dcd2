"""Blind second assessments: drawn or chosen, made by another body, compared once both are submitted."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr, ValidationError
from sqlmodel import Session, select

from itti.accounts.tables import User
from itti.accreditation.tables import AssessmentBody
from itti.assessments.schemas import AnswerGiven
from itti.assessments.service import save
from itti.assessments.tables import Phase
from itti.audit.tables import Event
from itti.seconds.drawing import OUT_OF, drawn
from itti.seconds.tables import Chosen
from tests.itti.assessments.story import QUESTIONS, REASON, Story, plan, tell
from tests.itti.conftest import FAMILY, World, make_settings
from tests.itti.expect import pointers, problem

TODAY = date.today().isoformat()  # noqa: DTZ011 - a day


@pytest.fixture
def story(world: World) -> Story:
    return tell(world).submitted()


def choose(story: Story, user: User | None = None, **changes: Any) -> Any:
    body = {"assessment_id": str(story.id), "reason": "A new assessor."} | changes
    return story.api(user or story.office).post("/second-assessments", json=body)


def assign(story: Story, choice: str, assessor: User, user: User | None = None) -> Any:
    body = {"assessor_id": str(assessor.id), "planned_for": TODAY}
    return story.api(user or story.office).post(f"/second-assessments/{choice}/assignment", json=body)


def second_of(story: Story, assessor: User, choice: str | None = None) -> Story:
    """The second assessment, in the hands of its assessor."""
    pair = assign(story, choice or choose(story).json()["id"], assessor)
    assert pair.status_code == 201, pair.text
    made = UUID(pair.json()["second"])
    return Story(story.world, story.office, assessor, story.reviewer, story.owner, story.factory, made)


def test_neither_body_ever_reads_the_other(story: Story) -> None:
    world = story.world
    other = world.create_assessor(name="Hessa Omran")
    with world.database.reading() as session:
        body = session.get_one(AssessmentBody, other.body_id)
    colleague = world.create_assessor(name="Of the same body", body=body)
    assert story.api(other).get(f"{story.path}/answers").status_code == 200, "free to be taken for review until now"
    choice = choose(story).json()["id"]
    for person in (other, colleague, story.reviewer):  # any of them may become the second assessor
        problem(story.api(person).get(f"{story.path}/answers"), 404, "no-such-assessment")
        problem(story.move(person, "take-review"), 404, "no-such-assessment")
    second = second_of(story, other, choice).started()
    for reader, path in ((other, story.path), (colleague, story.path), (story.assessor, second.path)):
        for part in ("", "/answers", "/review", "/scorecard"):
            problem(story.api(reader).get(path + part), 404, "no-such-assessment")
    problem(story.move(other, "take-review"), 404, "no-such-assessment")
    problem(story.move(colleague, "take-review"), 404, "no-such-assessment")
    problem(story.api(story.owner).get(f"{second.path}/answers"), 403, "not-open-to-you")
    second.answer_all(other, level=2)
    sources = second.api(other).get(f"{second.path}/carry-over")
    assert sources.json()["items"] == []
    second.step(other, "submit")
    for reader, path in ((other, story.path), (story.assessor, second.path), (story.reviewer, second.path)):
        problem(story.api(reader).get(path), 404, "no-such-assessment")
    problem(second.move(story.reviewer, "take-review"), 404, "no-such-assessment")
    assert second.read(other)["second_of"] == str(story.id)
    assert second.read(story.office)["state"] == "review"
    offered = {each["move"] for each in second.read(story.office)["moves"] if each["open"]}
    assert offered <= {"withdraw", "release-review"}, "it leads nowhere"
    story.step(story.reviewer, "take-review")
    assert story.move(story.reviewer, "approve").status_code == 202, "the first waits for nothing"


def test_nobody_and_no_body_takes_part_in_both(story: Story) -> None:
    story.step(story.reviewer, "take-review")
    choice = choose(story).json()["id"]
    for person in (story.assessor, story.reviewer):
        problem(assign(story, choice, person), 403, "not-apart")
    lapsed = story.world.create_user(role=story.assessor.role)
    problem(assign(story, choice, lapsed), 403, "not-accredited")
    problem(assign(story, str(uuid4()), lapsed), 404, "no-such-choice")
    missing = problem(assign(story, choice, story.owner), 422, "not-plannable")
    assert "/assessor_id" in pointers(missing)
    other = story.world.create_assessor()
    assert assign(story, choice, other).status_code == 201
    problem(assign(story, choice, story.world.create_assessor()), 409, "assigned-already")
    pair = story.api(story.office).get("/second-assessments").json()[0]
    assert (pair["assessor"]["id"], pair["complete"]) == (str(other.id), False)
    second = Story(story.world, story.office, other, story.reviewer, story.owner, story.factory, UUID(pair["second"]))
    problem(second.move(story.owner, "start-self-assessment"), 409, "second-assessment")
    handed = second.move(story.office, "hand-over", note="Ill.", assessor_id=str(story.reviewer.id))
    problem(handed, 403, "not-apart")
    second.step(story.office, "withdraw", note="Moved away.")
    assert assign(story, choice, story.world.create_assessor()).status_code == 201, "another one takes its place"


def test_only_the_office_chooses_and_only_what_is_submitted(story: Story) -> None:
    for user in (story.assessor, story.reviewer, story.owner):
        for answer in (
            choose(story, user),
            assign(story, str(uuid4()), story.assessor, user),
            story.api(user).get("/second-assessments"),
            story.api(user).get("/agreement"),
        ):
            problem(answer, 403, "wrong-role")
    problem(story.world.api().get("/agreement"), 401, "sign-in-needed")
    planned = plan(story.world, story.factory, story.assessor, story.office)
    problem(choose(story, assessment_id=str(planned)), 409, "not-choosable")
    problem(choose(story, assessment_id=str(uuid4())), 404, "no-such-assessment")
    problem(choose(story, reason=" "), 422, "invalid-input")
    second = second_of(story, story.world.create_assessor())
    problem(choose(story), 409, "chosen-already")
    problem(choose(second), 409, "not-choosable")
    page = story.world.browser(story.office)
    refused = page.post("/second-assessments", data={"assessment_id": str(story.id), "reason": "<b>Again</b>"})
    assert refused.status_code == 409
    assert "&lt;b&gt;Again&lt;/b&gt;" not in refused.text or "<b>Again</b>" not in refused.text


def test_agreement_is_told_over_what_was_first_submitted(story: Story) -> None:
    other = story.world.create_assessor(name="=Hessa")
    second = second_of(story, other).started()

    def answer(session: Session, act: Any) -> None:
        for place, question in enumerate(QUESTIONS):
            given = AnswerGiven(level=2 + place % 3, reason=REASON)
            save(session, act, second.id, question, Phase.ASSESSED, given, expected=None)

    second.do(other, answer)
    office = story.api(story.office)
    assert office.get("/agreement").json() == []
    second.step(other, "submit")
    first = office.get("/agreement").json()
    story.step(story.reviewer, "take-review")
    story.step(story.reviewer, "return", note="Again.")
    story.answer_all(story.assessor, level=5)
    story.step(story.assessor, "submit")
    assert office.get("/agreement").json() == first, "what changed after a review is not compared"
    ((found,),) = [(each,) for each in first]
    assert (found["family"], found["pairs"]) == (FAMILY, 1)
    (levels,) = [kind for kind in found["kinds"] if kind["lowest"] is not None]
    assert levels["rated"] == len(QUESTIONS)
    figures = {each["figure"]: each for each in levels["figures"]}
    same = sum(place % 3 == 1 for place in range(len(QUESTIONS)))
    assert figures["raw"]["value"] == pytest.approx(same / len(QUESTIONS))
    assert {"kappa-quadratic", "alpha", "icc-agreement", "icc-consistency"} <= figures.keys()
    lenient = {each["assessor"]["name"]: each["difference"]["value"] for each in levels["leniencies"]}
    assert lenient["Aisha Rahman"] == pytest.approx(-lenient["=Hessa"])
    answer_csv = office.get("/agreement", headers={"Accept": "text/csv"})
    assert answer_csv.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer_csv.content.decode("utf-8-sig"))))
    assert {row["figure"] for row in rows} >= set(figures)
    assert float(next(row["value"] for row in rows if row["figure"] == "raw")) == figures["raw"]["value"]
    assert not any(row["assessor"].startswith("=") for row in rows), "no formula for a spreadsheet"
    page = story.world.browser(story.office)
    assert page.get("/second-assessments/agreement.csv").content == answer_csv.content
    for language, words in (("en", "quadratic weights"), ("ar", "بأوزان تربيعية")):
        text = page.get(f"/second-assessments?language={language}").text
        assert words in text


def test_the_draw_is_made_once_and_can_be_made_again(world: World) -> None:
    programme = world.settings
    programme.second_shares = {FAMILY: 100}
    programme.second_seed = SecretStr("a seed for tests alone")
    story = tell(world).submitted()
    (pair,) = story.api(story.office).get("/second-assessments").json()
    assert (pair["choice"], pair["share"], pair["first"]) == ("draw", 100, str(story.id))
    assert pair["drawn"] == drawn("a seed for tests alone", FAMILY, story.id)
    problem(story.move(story.reviewer, "take-review"), 404, "no-such-assessment")
    second = second_by_draw(story, pair["id"])
    story.step(story.reviewer, "take-review")
    story.step(story.reviewer, "return", note="Again.")
    story.step(story.assessor, "submit")
    programme.second_shares = {"*": 0}
    tell(world).submitted()
    with world.database.reading() as session:
        assert len(session.exec(select(Chosen)).all()) == 1
        (act,) = session.exec(select(Event).where(Event.action == "second.drawn")).all()
    assert (act.details["drawn"], act.assessment_id) == (pair["drawn"], story.id)
    assert "a seed" not in str(act.details)
    assert second.read(second.office)["state"] == "review"


def second_by_draw(story: Story, choice: str) -> Story:
    """The second assessment of a drawn one, submitted: it is not drawn itself."""
    other = story.world.create_assessor()
    made = UUID(assign(story, choice, other).json()["second"])
    second = Story(story.world, story.office, other, story.reviewer, story.owner, story.factory, made)
    return second.submitted()


def test_numbers_drawn_are_even_and_need_a_seed(tmp_path: Any) -> None:
    numbers = [drawn("seed", FAMILY, UUID(int=place)) for place in range(2000)]
    assert all(0 <= number < OUT_OF for number in numbers)
    assert 60 <= sum(number < OUT_OF // 20 for number in numbers) <= 140, "about one in twenty"
    assert numbers != [drawn("another", FAMILY, UUID(int=place)) for place in range(2000)]
    with pytest.raises(ValidationError):
        make_settings(tmp_path, second_shares={"itti": 5})
    with pytest.raises(ValidationError):
        make_settings(tmp_path, second_shares={"itti": 101}, second_seed="x")
    assert make_settings(tmp_path, second_shares={"itti": 5}, second_seed="x").second_shares == {"itti": 5}
