"""Answers of every kind through the front door, and what they change: conditions, evidence, progress."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from sqlmodel import select

from itti.assessments.schemas import KINDS
from itti.assessments.tables import Answer
from itti.audit.service import history
from questionnaires.loading import EXAMPLE, read_file
from questionnaires.wording import say
from scoring.sheet import read_sheet
from tests.itti.assessments.story import REASON, Story, plan, tell
from tests.itti.conftest import World
from tests.itti.expect import pointers, problem
from tests.itti.shelf import EVERY_WORD, every_word


def _given() -> dict[str, dict[str, Any]]:
    """An answer of every kind, as the API gives them back: the example's, with a few that suit the tests."""
    sheet = read_sheet(read_file(EXAMPLE / "examples" / "a-dairy.yaml"))
    found = {
        question: entry.model_dump(mode="json", exclude_none=True, include=set(KINDS))
        for question, entry in sheet.answers.items()
    }
    return found | {"maintenance": {"level": 2}, "training": {"number": "8"}, "waste-water": {"level": 1}}


GIVEN: Final = _given()


def _told(world: World) -> Story:
    story = tell(world)
    for user in (story.assessor, story.reviewer):
        world.accredit(user, EVERY_WORD)
    story.id = plan(world, story.factory, story.assessor, story.office, family=EVERY_WORD)
    return story


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[None]:
    """The example of the language is published."""
    with every_word(tmp_path):
        yield


@pytest.fixture
def story(world: World, shelf: None) -> Story:
    """An assessment with a questionnaire that asks every kind of question, in the assessor's hands."""
    return _told(world).started()


@pytest.fixture
def both_stories(both_worlds: World, shelf: None) -> Story:
    """The same, once on SQLite and once on PostgreSQL."""
    return _told(both_worlds).started()


def fields(answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer says, without the fields of other kinds."""
    return {name: answer[name] for name in KINDS if answer[name] is not None}


def answer_all(story: Story, **other: dict[str, Any]) -> None:
    """Answer every question at the API."""
    for question, given in (GIVEN | other).items():
        saved = story.put(story.assessor, question, **given)
        assert saved.status_code == 201, (question, saved.text)


def test_every_kind_is_kept_and_given_back(both_stories: Story) -> None:
    story = both_stories
    answer_all(story)
    client = story.api(story.assessor)
    for question, given in GIVEN.items():
        read = client.get(f"{story.path}/answers/{question}").json()
        assert fields(read) == given
        assert (read["not_applicable"], read["reason"], read["disregarded"]) == (False, REASON, False)
    listed = client.get(f"{story.path}/answers").json()["answers"]
    assert {each["question"]: fields(each) for each in listed} == GIVEN
    standing = client.get(f"{story.path}/standing").json()
    assert (standing["answered"], standing["total"], standing["complete"]) == (len(GIVEN), len(GIVEN), True)
    assert story.read(story.assessor)["answered"] == len(GIVEN)


@pytest.mark.parametrize("question", GIVEN)
def test_every_kind_is_changed_under_its_tag(story: Story, question: str) -> None:
    story.put(story.assessor, question, **GIVEN[question])
    again = story.put(story.assessor, question, **GIVEN[question])
    assert (again.status_code, again.headers["etag"]) == (200, '"1"')
    changed = story.put(story.assessor, question, '"1"', **GIVEN[question], reason="Seen again.")
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    stale = problem(story.put(story.assessor, question, '"1"', **GIVEN[question]), 412, "answer-stale")
    assert fields(stale["current"]) == GIVEN[question]


def test_numbers_are_exact(story: Story) -> None:
    saved = story.put(story.assessor, "electricity", number="1200.50").json()
    assert saved["answer"]["number"] == "1200.5"
    assert story.put(story.assessor, "output", number=12).json()["answer"]["number"] == "12"


@pytest.mark.parametrize(
    ("question", "given", "pointer", "code"),
    [
        ("sector", {"level": 3}, "/level", "wrong-kind-of-answer"),
        ("maintenance", {"yes": True}, "/yes", "wrong-kind-of-answer"),
        ("maintenance", {"level": 5}, "/level", "level-out-of-range"),
        ("sector", {"choice": "steel"}, "/choice", "unknown-option"),
        ("certificates", {"choices": ["quality", "steel"]}, "/choices/1", "unknown-option"),
        ("certificates", {"choices": []}, "/choices", "options-count"),
        ("certificates", {"choices": ["quality", "none-of-these"]}, "/choices/1", "option-excludes"),
        ("permit-issued", {"date": "1900-01-01"}, "/date", "date-out-of-range"),
        ("records", {"grid": {"purchasing": "paper"}}, "/grid/production", "rows-incomplete"),
        ("records", {"grid": {"purchasing": "paper", "production": "stone"}}, "/grid/production", "unknown-option"),
        ("records", {"grid": {"purchasing": "paper", "sales": "paper"}}, "/grid/sales", "unknown-row"),
        ("output", {"number": "0"}, "/number", "number-out-of-range"),
        ("electricity", {"number": "0.0001"}, "/number", "too-many-places"),
        ("scrap", {"number": "4.25"}, "/number", "number-off-step"),
        ("intensity", {"number": "5"}, "/number", "computed-not-answered"),
        ("safety-officer", {"level": None, "not_applicable": True}, "/not_applicable", "must-apply"),
        ("sector", {"choice": "dairy", "level": 1}, "/choice", "more-than-one-answer"),
        ("sector", {"choice": "dairy", "not_applicable": True}, "/not_applicable", "more-than-one-answer"),
    ],
)
def test_does_not_fit_the_question(story: Story, question: str, given: dict[str, Any], pointer: str, code: str) -> None:
    refused = problem(story.put(story.assessor, question, **given), 422, "answer-invalid")
    assert pointers(refused) == {pointer: code}
    assert refused["errors"][0]["detail"]
    problem(story.api(story.assessor).get(f"{story.path}/answers/{question}"), 404, "not-answered")


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"number": 12.5}, "/number"),
        ({"number": "1,5"}, "/number"),
        ({"number": "1/3"}, "/number"),
        ({"choices": "quality"}, "/choices"),
        ({"grid": ["paper"]}, "/grid"),
        ({"yes": "yes"}, "/yes"),
        ({"date": "2026-02-30"}, "/date"),
        ({"choice": "No such id"}, "/choice"),
    ],
)
def test_invalid(story: Story, given: dict[str, Any], pointer: str) -> None:
    assert list(pointers(problem(story.put(story.assessor, "sector", **given), 422, "invalid-input"))) == [pointer]


def test_a_body_that_names_no_kind_is_a_slip(story: Story) -> None:
    client, path = story.api(story.assessor), f"{story.path}/answers/sector"
    answer = client.put(path, json={"reason": REASON}, headers={"If-None-Match": "*"})
    assert pointers(problem(answer, 422, "answer-invalid")) == {"": "answer-unnamed"}
    empty = client.put(path, json={"choice": None, "reason": REASON}, headers={"If-None-Match": "*"})
    assert empty.status_code == 201
    assert fields(empty.json()["answer"]) == {}


def test_a_condition_that_does_not_hold_disregards_the_answer(story: Story) -> None:
    answer_all(story)
    story.put(story.assessor, "sector", '"1"', choice="cement")
    client = story.api(story.assessor)
    left = len(GIVEN) - 1
    kept = client.get(f"{story.path}/answers/waste-water").json()
    assert (kept["level"], kept["disregarded"]) == (1, True)
    standing = client.get(f"{story.path}/standing").json()
    assert (standing["answered"], standing["total"], standing["complete"]) == (left, left, True)
    card = client.get(f"{story.path}/scorecard").json()
    score = next(each for each in card["questions"] if each["id"] == "waste-water")
    assert (score["state"], score["disregarded"]) == ("not_applicable", True)
    assert (story.read(story.office)["answered"], story.read(story.office)["total"]) == (left, left)


def test_what_is_not_asked_holds_up_nothing(story: Story) -> None:
    answer_all(story, sector={"choice": "cement"})
    client = story.api(story.assessor)
    assert client.get(f"{story.path}/answers/waste-water").status_code == 200
    story.moved(story.assessor, "submit")


def test_open_questions_are_those_that_wait(story: Story) -> None:
    refused = problem(story.move(story.assessor, "submit"), 409, "open-questions")
    named = {mistake["detail"] for mistake in refused["errors"]}
    assert len(named) == len(GIVEN), "computed ones wait for nobody"
    assert not any("intensity" in detail for detail in named)


def test_evidence_is_asked_from_its_value_on(story: Story) -> None:
    answer_all(story, maintenance={"level": 3})
    refused = problem(story.move(story.assessor, "submit"), 409, "evidence-missing")
    assert "Maintenance" in refused["detail"]
    assert ["maintenance" in each["detail"] for each in refused["errors"]] == [True]
    possible = {each["move"]: each for each in story.read(story.assessor)["moves"]}
    assert (possible["submit"]["open"], possible["submit"]["code"]) == (False, "evidence-missing")
    page = story.world.browser(story.assessor).get(f"{story.path}/submit").text
    assert say("itti.web", "submit.proof-needed", "en", count=1) in page
    attached = story.api(story.assessor).post(
        story.evidence_path("maintenance"), files={"file": ("plan.txt", b"Bearings, weekly.", "text/plain")}
    )
    assert attached.status_code == 201, attached.text
    story.moved(story.assessor, "submit")


def test_evidence_can_be_asked_whatever_the_answer(world: World, tmp_path: Path) -> None:
    proven = ("permit-issued", "sector", "safety-officer")
    kinds = {"permit-issued": "date", "sector": "choice", "safety-officer": "yes_no"}
    demands = {
        f"  - id: {name}\n    kind: {kind}\n": f"  - id: {name}\n    kind: {kind}\n    evidence_from: answered\n"
        for name, kind in kinds.items()
    }
    with every_word(tmp_path, demands):
        story = _told(world).started()
        answer_all(story, **{"safety-officer": {"yes": False}})
        refused = problem(story.move(story.assessor, "submit"), 409, "evidence-missing")
        assert {next(name for name in proven if name in each["detail"]) for each in refused["errors"]} == set(proven)
        page = story.world.browser(story.assessor).get(f"{story.path}/answers/section.facts").text
        assert page.count(say("itti.web", "evidence.whenever-answered", "en")) == 2
        for question in proven:
            files = {"file": ("scan.txt", b"Seen.", "text/plain")}
            sent = story.api(story.assessor).post(story.evidence_path(question), files=files)
            assert sent.status_code == 201, sent.text
        story.moved(story.assessor, "submit")


def test_a_fact_needs_no_reason_but_a_judgement_does(story: Story) -> None:
    answer_all(story)
    for question in ("base-year", "maintenance"):
        story.put(story.assessor, question, '"1"', **GIVEN[question], reason="")
    refused = problem(story.move(story.assessor, "submit"), 409, "reasons-missing")
    assert ["maintenance" in each["detail"] for each in refused["errors"]] == [True]
    page = story.world.browser(story.assessor).get(f"{story.path}/submit").text
    assert "#maintenance" in page or "/maintenance" in page
    story.put(story.assessor, "maintenance", '"2"', **GIVEN["maintenance"])
    story.moved(story.assessor, "submit")


def test_evidence_below_its_value_is_free(story: Story) -> None:
    answer_all(story)
    story.moved(story.assessor, "submit")


def test_what_was_before_is_on_the_record(story: Story) -> None:
    story.put(story.assessor, "sector", choice="dairy")
    story.put(story.assessor, "sector", '"1"', choice="cement")
    with story.world.database.reading() as session:
        answer = session.exec(select(Answer)).one()
        details = history(session, "answer", answer.id)[1].details
    assert (details["before"]["choice"], details["after"]["choice"]) == ("dairy", "cement")


def test_an_option_can_say_that_nothing_applies(story: Story) -> None:
    none_kept = {"grid": {"purchasing": "nothing-kept", "production": "nothing-kept"}}
    answer_all(story, records=none_kept)
    card = story.api(story.assessor).get(f"{story.path}/scorecard").json()
    score = next(each for each in card["questions"] if each["id"] == "records")
    assert (score["state"], score["exact"], score["disregarded"]) == ("not_applicable", None, False)
    page = story.world.browser(story.assessor).get(f"{story.path}/scorecard").text
    assert f"{say('itti.web', 'question-state.not_applicable', 'en')} – Purchasing: Nothing to record here" in page
    story.moved(story.assessor, "submit")


def test_a_fact_that_counts_is_asked_among_the_facts(story: Story) -> None:
    browser = story.world.browser(story.assessor)
    title = "Spending on research per employee"
    assert f">{title}<" in re.sub(
        r"\s*<bdi[^>]*>[^<]*</bdi>\s*", "", browser.get(f"{story.path}/answers/section.facts").text
    )


def test_contradicting_answers_are_kept_told_at_once_and_not_submitted(story: Story) -> None:
    said = "The operating permit ends before it was issued."
    answer_all(story, **{"permit-until": {"date": "2023-01-01"}})
    client, browser = story.api(story.assessor), story.world.browser(story.assessor)
    assert client.get(f"{story.path}/answers/permit-until").json()["date"] == "2023-01-01"
    found = client.get(f"{story.path}/standing").json()["contradictions"]
    assert found == [{"id": "permit-backwards", "questions": ["permit-issued", "permit-until"]}]
    page = browser.get(f"{story.path}/answers/section.facts").text
    assert page.count(f"<p>{said}</p>") == 2
    assert not re.search(r'data-contradiction="permit-backwards"[^>]*hidden', page)
    refused = problem(story.move(story.assessor, "submit"), 409, "answers-contradict")
    assert said in refused["detail"]
    assert ["permit-issued" in refused["errors"][0]["detail"], "permit-until" in refused["errors"][1]["detail"]] == [
        True
    ] * 2
    submit = browser.get(f"{story.path}/submit").text
    assert said in submit
    assert submit.count("section.facts") >= 2
    story.put(story.assessor, "permit-until", '"1"', **GIVEN["permit-until"])
    assert re.search(
        r'data-contradiction="permit-backwards"[^>]*hidden', browser.get(f"{story.path}/answers/section.facts").text
    )
    story.moved(story.assessor, "submit")
