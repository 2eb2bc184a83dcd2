"""Saving and reading answers at the API: every scenario, and that no write is ever lost."""

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from markupsafe import escape
from sqlmodel import Session, select

from itti.accounts.tables import Role
from itti.assessments.tables import Answer, Assessment, Phase
from itti.audit.service import history
from questionnaires.wording import say
from tests.itti.assessments.story import QUESTIONS, REASON, Story, counted
from tests.itti.expect import pointers, problem

QUESTION = "maintenance"
OPTIONAL = "product-design"
"""A question that may not apply."""


def test_first_write_then_change(story: Story) -> None:
    story.started()
    first = story.put(story.assessor, QUESTION, level=2)
    assert first.status_code == 201, first.text
    assert first.headers["etag"] == '"1"'
    saved = first.json()
    assert saved["answer"]["level"] == 2
    assert saved["standing"] == {
        "id": "overall",
        "index": "2.00",
        "lowest": saved["standing"]["lowest"],
        "highest": saved["standing"]["highest"],
        "answered": 1,
        "total": 20,
        "complete": False,
        "profile": False,
        "look_again": [],
    }
    assert float(saved["standing"]["lowest"]) < 2 < float(saved["standing"]["highest"])

    second = story.put(story.assessor, QUESTION, '"1"', level=4)
    assert second.status_code == 200, second.text
    assert second.headers["etag"] == '"2"'
    read = story.api(story.assessor).get(f"{story.path}/answers/{QUESTION}")
    assert read.headers["etag"] == '"2"'
    assert (read.json()["level"], read.json()["reason"]) == (4, REASON)


def test_standing_is_the_scorecards(story: Story) -> None:
    story.answered()
    standing = story.api(story.office).get(f"{story.path}/standing").json()
    assert standing["complete"]
    assert standing["index"] == standing["lowest"] == standing["highest"] == "3.00"
    assert (standing["answered"], standing["total"]) == (20, 20)
    assert [node["id"] for node in standing["sub_indices"]] == ["digital", "sustainability"]
    assert len(standing["categories"]) == 7


def test_standing_tells_what_to_answer_first(story: Story) -> None:
    story.started()
    story.put(story.assessor, QUESTION, level=3)
    first = story.api(story.office).get(f"{story.path}/standing").json()["answer_first"]
    assert len(first) == 19
    assert all(Decimal(each["least"]) <= Decimal(each["average"]) <= Decimal(each["most"]) for each in first)
    assert [Decimal(each["average"]) for each in first] == sorted((Decimal(e["average"]) for e in first), reverse=True)
    page = story.world.browser(story.assessor).get(story.path).text
    assert "Answer these first" in page
    for each in first[:5]:
        assert f"{story.path}/answers/{each['question']}" in page


def test_the_scorecard_page_works_every_number_out(story: Story) -> None:
    """The same lines as the command prints, with directions for the two languages."""
    story.answered()
    browser = story.world.browser(story.assessor)
    for language, words in (("en", "Weighted mean, the contributions added up"), ("ar", "المتوسط المرجّح، وهو مجموع")):
        browser.get(f"/language/{language}")
        page = browser.get(f"{story.path}/scorecard").text
        assert words in page
        assert '<bdi dir="ltr">[production]</bdi>' in page
        assert escape(say("reports", "paper.steps", language)) in page
        assert re.search(r'<bdi dir="ltr">[0-9.]+\u00a0×\u00a0[0-9]+\u00a0/\u00a0[0-9]+\u00a0=\u00a0[0-9.]+', page)


def test_nothing_to_answer_first_once_all_is_answered(story: Story) -> None:
    story.answered()
    assert story.api(story.office).get(f"{story.path}/standing").json()["answer_first"] == []
    assert "Answer these first" not in story.world.browser(story.assessor).get(story.path).text


def test_a_reason_alone_is_no_zero(story: Story) -> None:
    story.started()
    saved = story.put(story.assessor, QUESTION, level=None, reason="To be seen on line 2.").json()
    assert saved["standing"]["answered"] == 0
    assert saved["standing"]["index"] is None
    assert saved["standing"]["highest"] == "5.00"


def test_not_applicable_leaves_the_denominator(story: Story) -> None:
    story.started()
    story.put(story.assessor, QUESTION, level=4)
    saved = story.put(story.assessor, OPTIONAL, level=None, not_applicable=True, reason="Contract maker.").json()
    assert saved["standing"]["index"] == "4.00"
    assert saved["standing"]["answered"] == 2


def test_anonymous(story: Story) -> None:
    story.started()
    problem(story.put(None, QUESTION), 401, "sign-in-needed")
    problem(story.api(None).get(f"{story.path}/answers/{QUESTION}"), 401, "sign-in-needed")


def test_wrong_role(story: Story) -> None:
    story.started()
    for user in (story.office, story.owner):
        problem(story.put(user, QUESTION), 403, "not-your-answers")


def test_somebody_elses_assessment_does_not_exist(story: Story) -> None:
    story.started()
    stranger = story.world.create_user(Role.FACTORY)
    for user in (story.reviewer, stranger):
        problem(story.put(user, QUESTION), 404, "no-such-assessment")
        problem(story.api(user).get(f"{story.path}/answers"), 404, "no-such-assessment")


def test_unknown_question_and_assessment(story: Story) -> None:
    story.started()
    refused = problem(story.put(story.assessor, "maintenence"), 404, "no-such-question")
    assert "maintenence" in refused["detail"]
    problem(story.api(story.assessor).get(f"{story.path}/answers/nothing"), 404, "no-such-question")
    story.id = uuid4()
    problem(story.put(story.assessor, QUESTION), 404, "no-such-assessment")


def test_not_answered_yet(story: Story) -> None:
    story.started()
    problem(story.api(story.assessor).get(f"{story.path}/answers/{QUESTION}"), 404, "not-answered")


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"level": 6}, "/level", "level-out-of-range"),
        ({"level": -1}, "/level", "level-out-of-range"),
        ({"level": 3, "not_applicable": True}, "/not_applicable", "level-and-not-applicable"),
        ({"level": None, "not_applicable": True, "reason": "   "}, "/reason", "not-applicable-without-reason"),
        ({"level": None, "not_applicable": True, "reason": "because"}, "/not_applicable", "must-apply"),
    ],
)
def test_does_not_fit_the_question(story: Story, given: dict[str, Any], pointer: str, code: str) -> None:
    story.started()
    story.put(story.assessor, QUESTION, level=1)
    refused = problem(story.put(story.assessor, QUESTION, '"1"', **given), 422, "answer-invalid")
    assert pointers(refused) == {pointer: code}
    kept = story.api(story.assessor).get(f"{story.path}/answers/{QUESTION}").json()
    assert (kept["level"], kept["version"]) == (1, 1)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"level": "3"}, "/level"),
        ({"level": 3.0}, "/level"),
        ({"level": True}, "/level"),
        ({"level": 10**30}, "/level"),
        ({"not_applicable": "yes"}, "/not_applicable"),
        ({"reason": "x" * 4001}, "/reason"),
        ({"reason": "nul\x00"}, "/reason"),
        ({"reason": None}, "/reason"),
        ({"author_id": str(uuid4())}, "/author_id"),
    ],
)
def test_invalid(story: Story, given: dict[str, Any], pointer: str) -> None:
    story.started()
    answer = story.put(story.assessor, QUESTION, **given)
    code = "answer-invalid" if given.get("level") == 10**30 else "invalid-input"
    assert list(pointers(problem(answer, 422, code))) == [pointer]


def test_script_in_a_reason_stays_text(story: Story) -> None:
    story.started()
    hostile = "<script>alert(1)</script> {{7*7}} ' OR 1=1 --"
    saved = story.put(story.assessor, QUESTION, reason=hostile)
    assert saved.json()["answer"]["reason"] == hostile
    assert saved.headers["content-type"] == "application/json"
    assert saved.headers["x-content-type-options"] == "nosniff"


def test_text_is_tidied(story: Story) -> None:
    story.started()
    saved = story.put(story.assessor, QUESTION, reason="  line one\r\nline two \u202egnihton ")
    assert saved.json()["answer"]["reason"] == "line one\nline two gnihton"


def test_signs_that_the_certificate_cannot_print(story: Story) -> None:
    story.started()
    refused = problem(story.put(story.assessor, QUESTION, reason="Well done 🏭"), 422, "answer-invalid")
    assert pointers(refused) == {"/reason": "unprintable-signs"}
    assert "🏭" in refused["errors"][0]["detail"]
    assert story.put(story.assessor, QUESTION, reason="يُقاس الأداء «يومياً» – 95% ≥ هدف").status_code == 201


def test_precondition_needed(story: Story) -> None:
    story.started()
    client, path = story.api(story.assessor), f"{story.path}/answers/{QUESTION}"
    body = {"level": 3, "reason": REASON}
    problem(client.put(path, json=body), 428, "precondition-required")
    problem(client.put(path, json=body, headers={"If-Match": "*"}), 400, "malformed-tag")
    problem(client.put(path, json=body, headers={"If-Match": 'W/"1"'}), 400, "malformed-tag")
    problem(client.put(path, json=body, headers={"If-None-Match": '"1"'}), 400, "malformed-tag")


def test_stale(story: Story) -> None:
    story.started()
    story.put(story.assessor, QUESTION, level=1)
    story.put(story.assessor, QUESTION, '"1"', level=2)
    answer = story.put(story.assessor, QUESTION, '"1"', level=5)
    refused = problem(answer, 412, "answer-stale")
    assert answer.headers["etag"] == '"2"'
    assert (refused["current"]["level"], refused["current"]["version"]) == (2, 2)
    problem(story.put(story.assessor, QUESTION, level=5), 412, "answer-stale")
    problem(story.put(story.assessor, "quality", '"1"', level=5), 412, "answer-stale")
    kept = story.api(story.assessor).get(f"{story.path}/answers/{QUESTION}").json()
    assert kept["level"] == 2


def test_a_lost_response_can_be_sent_again(story: Story) -> None:
    story.started()
    first = story.put(story.assessor, QUESTION, level=2)
    again = story.put(story.assessor, QUESTION, level=2)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["etag"] == '"1"'
    assert again.json()["answer"] == first.json()["answer"]


def test_closed_outside_its_state(story: Story) -> None:
    refused = problem(story.put(story.assessor, QUESTION), 409, "answers-closed")
    assert "planned" in refused["detail"]
    story.submitted()
    problem(story.put(story.assessor, QUESTION, '"1"', level=1), 409, "answers-closed")


def test_accreditation_that_has_ended(story: Story) -> None:
    story.started()

    def end(session: Session) -> None:
        session.execute(sa.text("UPDATE accreditation SET valid_from = '2019-01-01', valid_until = '2020-01-01'"))

    story.world.write(end)
    problem(story.put(story.assessor, QUESTION), 403, "not-accredited")


def test_another_definition_than_the_pinned_one(story: Story) -> None:
    story.started()

    def change(session: Session) -> None:
        row = session.get(Assessment, story.id)
        assert row is not None
        row.digest = "0" * 64
        session.add(row)

    story.world.write(change)
    refused = problem(story.put(story.assessor, QUESTION), 409, "definition-changed")
    assert "000000000000" in refused["detail"]
    problem(story.move(story.assessor, "submit"), 409, "definition-changed")
    problem(story.api(story.assessor).get(f"{story.path}/standing"), 409, "definition-changed")


def test_own_answers_of_the_factory_are_kept(story: Story) -> None:
    story.moved(story.owner, "start-self-assessment")
    assert story.put(story.owner, QUESTION, phase="self", level=5).status_code == 201
    problem(story.put(story.assessor, QUESTION, '"1"', phase="self", level=0), 403, "not-your-answers")
    story.moved(story.assessor, "start")
    problem(story.put(story.owner, QUESTION, '"1"', phase="self", level=0), 409, "answers-closed")
    assert story.put(story.assessor, QUESTION, level=2).status_code == 201
    listed = story.api(story.owner).get(f"{story.path}/answers", params={"phase": "self"}).json()
    assert [(each["question"], each["level"]) for each in listed["answers"]] == [(QUESTION, 5)]


def test_factory_reads_the_assessors_answers_only_once_certified(story: Story) -> None:
    story.answered()
    client = story.api(story.owner)
    for path in ("answers", f"answers/{QUESTION}", "standing", "scorecard", "comments"):
        problem(client.get(f"{story.path}/{path}"), 403, "not-open-to-you")


def test_listed_in_the_order_of_the_questionnaire(story: Story) -> None:
    story.answered()
    listed = story.api(story.assessor).get(f"{story.path}/answers").json()
    assert tuple(each["question"] for each in listed["answers"]) == QUESTIONS


def test_what_was_before_is_on_the_record(story: Story) -> None:
    story.started()
    story.put(story.assessor, QUESTION, level=1)
    story.put(story.assessor, QUESTION, '"1"', level=4)
    with story.world.database.reading() as session:
        answer = session.exec(select(Answer)).one()
        events = history(session, "answer", answer.id)
        assert [event.action for event in events] == ["answer.saved", "answer.saved"]
        assert events[1].details["before"]["level"] == 1
        assert events[1].details["after"]["level"] == 4


@pytest.mark.parametrize("first", [True, False], ids=["first write", "change"])
def test_two_writers_of_one_answer(both_stories: Story, first: bool) -> None:  # noqa: FBT001 - a scenario
    story = both_stories.started()
    tag = None
    if not first:
        story.put(story.assessor, QUESTION, level=0)
        tag = '"1"'
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(
                lambda turn: story.put(story.assessor, QUESTION, tag, level=turn % 6, reason=f"{turn}"), range(8)
            )
        )
    assert sorted(answer.status_code for answer in answers) == [201 if first else 200] + [412] * 7
    winner = next(answer for answer in answers if answer.status_code < 300).json()["answer"]
    for answer in answers:
        if answer.status_code == 412:
            assert problem(answer, 412, "answer-stale")["current"] == winner
    with story.world.database.reading() as session:
        rows = session.exec(select(Answer).where(Answer.phase == Phase.ASSESSED)).all()
        assert [(row.reason, row.version) for row in rows] == [(winner["reason"], 1 if first else 2)]


def test_writers_of_different_answers_do_not_disturb_each_other(both_stories: Story) -> None:
    story = both_stories.started()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda question: story.put(story.assessor, question), QUESTIONS))
    assert {answer.status_code for answer in answers} == {201}
    assert story.read(story.assessor)["answered"] == 20


def test_saving_asks_the_database_little(story: Story) -> None:
    """However much is answered already."""
    story.answered()
    assert story.put(story.assessor, QUESTION, '"1"', level=1).status_code == 200
    with counted(story.world) as statements:
        assert story.put(story.assessor, QUESTION, '"2"', level=2).status_code == 200
    assert len(statements) == 10, statements
