"""Who sees which assessments, lists, filters, pages, and how many queries a list takes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import event

from itti.accounts.tables import Role, User
from itti.assessments.tables import AssessmentState
from reports import spreadsheet
from scoring import Scorecard
from tests.itti.assessments.story import Story, counted, plan
from tests.itti.conftest import World
from tests.itti.expect import problem

TABLES: Final = ("FROM assessment ", "FROM certificate ", "FROM event ")


@contextmanager
def asked_of(world: World) -> Iterator[list[tuple[str, Any]]]:
    """What is read from the tables of assessments and certificates meanwhile, with its parameters."""
    found: list[tuple[str, Any]] = []

    def note(*arguments: Any) -> None:
        if arguments[2].startswith("SELECT") and any(table in arguments[2] for table in TABLES):
            found.append((arguments[2], arguments[3]))

    event.listen(world.database.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(world.database.engine, "before_cursor_execute", note)


def seen(story: Story, user: User, **query: Any) -> list[str]:
    """Ids in the list of ``user``."""
    answer = story.api(user).get("/assessments", params=query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


def test_each_sees_their_own(story: Story) -> None:
    other = plan(story.world, story.world.create_factory(), story.reviewer, story.office)
    stranger = story.world.create_user(Role.FACTORY)
    colleague = story.world.create_user(Role.ASSESSOR, body=None, body_id=story.assessor.body_id)
    assert set(seen(story, story.office)) == {str(story.id), str(other)}
    assert seen(story, story.assessor) == [str(story.id)]
    assert seen(story, story.owner) == [str(story.id)]
    assert seen(story, story.reviewer) == [str(other)]
    assert seen(story, stranger) == []
    assert seen(story, colleague) == []
    problem(story.api(stranger).get(story.path), 404, "no-such-assessment")
    problem(story.api(None).get("/assessments"), 401, "sign-in-needed")


def test_those_in_review_are_shown_to_who_could_take_them(story: Story) -> None:
    unaccredited = story.world.create_user(Role.ASSESSOR)
    third = story.world.create_assessor()
    story.submitted()
    assert seen(story, story.reviewer) == seen(story, third) == [str(story.id)]
    assert seen(story, unaccredited) == []
    story.step(story.reviewer, "take-review")
    assert seen(story, third) == []
    assert seen(story, story.reviewer) == [str(story.id)]


def test_filters(story: Story) -> None:
    factory = story.world.create_factory()
    other = plan(story.world, factory, story.reviewer, story.office)
    story.started()
    assert seen(story, story.office, state="assessment") == [str(story.id)]
    assert seen(story, story.office, state=["assessment", "planned"]) == [str(other), str(story.id)]
    assert seen(story, story.office, factory_id=factory.id) == [str(other)]
    assert seen(story, story.office, assessor_id=story.assessor.id) == [str(story.id)]
    assert seen(story, story.office, reviewer_id=story.reviewer.id) == []
    problem(story.api(story.office).get("/assessments", params={"state": "done"}), 422, "invalid-input")


def test_pages_newest_first(story: Story) -> None:
    begin = datetime.now(UTC) - timedelta(days=100)
    made = [
        plan(story.world, story.factory, story.assessor, story.office, begin + timedelta(days=day)) for day in range(5)
    ]
    client = story.api(story.office)
    found: list[str] = []
    address: str | None = "/assessments?limit=2"
    while address:
        answer = client.get(address)
        found += [item["id"] for item in answer.json()["items"]]
        address = answer.links["next"]["url"].removeprefix("/api/v1") if "next" in answer.links else None
    assert found == [str(story.id), *(str(each) for each in reversed(made))]
    problem(client.get("/assessments", params={"after": "rubbish"}), 400, "malformed-cursor")


def test_a_list_takes_as_many_queries_for_thirty_as_for_one(story: Story) -> None:
    client = story.api(story.assessor)
    with counted(story.world) as few:
        assert len(client.get("/assessments").json()["items"]) == 1
    for _ in range(29):
        plan(story.world, story.world.create_factory(), story.assessor, story.office)
    with counted(story.world) as many:
        assert len(client.get("/assessments").json()["items"]) == 30
    assert len(many) == len(few) <= 12


def test_no_list_looks_at_every_assessment(story: Story) -> None:
    """What somebody may read is found by indexes on SQLite, which knows no figures of its tables."""
    plans: list[str] = []
    people = [story.office, story.assessor, story.owner]
    for address in ("/assessments", "/assessments?state=review", "/certificates", "/events"):
        for user in people:
            client = story.api(user)
            with asked_of(story.world) as statements:
                assert client.get(address).status_code == 200
            with story.world.database.engine.connect() as connection:
                for statement, values in statements:
                    found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                    plans += [f"{address} {user.role}: {row[3]}" for row in found]
    assert [plan for plan in plans if "SCAN assessment" in plan and "INDEX" not in plan] == []
    assert [plan for plan in plans if "SCAN certificate" in plan and "INDEX" not in plan] == []
    assert [plan for plan in plans if "SEARCH assessment USING INDEX ix_assessment_second_of" in plan] == []
    slow = "SCAN assessment USING INDEX ix_assessment_created_at"
    assert {plan.partition(":")[0] for plan in plans if slow in plan} <= {"/assessments programme"}


def test_counts_by_state(story: Story) -> None:
    from itti.assessments import service

    plan(story.world, story.factory, story.assessor, story.office)
    story.started()
    numbers = story.do(story.office, service.counts)
    assert numbers[AssessmentState.PLANNED] == 1
    assert numbers[AssessmentState.ASSESSMENT] == 1
    assert numbers[AssessmentState.CERTIFIED] == 0
    assert set(numbers) == set(AssessmentState)


def test_scorecard_of_an_unfinished_assessment(story: Story) -> None:
    story.started()
    story.put(story.assessor, "maintenance", level=4)
    client = story.api(story.assessor)
    answer = client.get(f"{story.path}/scorecard")
    assert answer.headers["content-type"] == "application/json"
    card = Scorecard.from_json(answer.content)
    assert card.to_json() == answer.content
    assert not card.complete
    assert (card.headline.value, card.headline.provisional) == (None, "4.00")


def test_scorecard_as_a_table(story: Story) -> None:
    story.answered()
    client = story.api(story.assessor)
    by_header = client.get(f"{story.path}/scorecard", headers={"Accept": "text/csv"})
    by_query = client.get(f"{story.path}/scorecard", params={"format": "csv"})
    assert by_header.content == by_query.content
    assert by_header.headers["content-type"].startswith("text/csv")
    text = by_header.content.decode("utf-8-sig")
    assert "3.00" in text
    arabic = client.get(f"{story.path}/scorecard", params={"format": "csv"}, headers={"Accept-Language": "ar"})
    assert arabic.headers["content-language"] == "ar"
    assert arabic.content != by_query.content


def test_scorecard_as_a_workbook(story: Story) -> None:
    story.answered()
    client = story.api(story.assessor)
    by_header = client.get(f"{story.path}/scorecard", headers={"Accept": f"text/csv;q=0.5, {spreadsheet.MEDIA_TYPE}"})
    assert by_header.headers["content-type"] == spreadsheet.MEDIA_TYPE
    assert by_header.content == client.get(f"{story.path}/scorecard", params={"format": "xlsx"}).content
    assert by_header.content.startswith(b"PK")
    problem(client.get(f"{story.path}/scorecard", headers={"Accept": "image/png"}), 406, "not-acceptable")
    problem(client.get(f"{story.path}/scorecard", params={"format": "xml"}), 422, "invalid-input")


def test_the_page_of_a_scorecard_leads_to_its_tables(story: Story) -> None:
    story.answered()
    browser = story.world.browser(story.assessor)
    page = browser.get(f"{story.path}/scorecard").text
    assert all(f"chart-{drawn}" in page for drawn in ("gauge", "radar", "heat", "bars")), "drawn as in the report"
    assert page.count('class="chart chart-radar"') == 2, "once with names, once with numbers for a narrow screen"
    for form in ("csv", "xlsx"):
        address = f"{story.path}/scorecard.{form}"
        assert f'href="{address}" download' in page
        taken = browser.get(address)
        assert taken.status_code == 200
        assert taken.headers["content-disposition"] == f'attachment; filename="scorecard.{form}"'
    assert browser.get(f"{story.path}/scorecard.exe").status_code in {404, 422}
    stranger = story.world.browser(story.world.create_assessor())
    assert stranger.get(f"{story.path}/scorecard.csv").status_code == 404


def test_the_description_of_the_api_has_examples_and_problems(story: Story) -> None:
    document = story.api(None).get("/openapi.json").json()
    saving = document["paths"]["/api/v1/assessments/{assessment_id}/answers/{question}"]["put"]
    assert saving["operationId"] == "saveAnswer"
    assert set(saving["responses"]) >= {"200", "201", "401", "403", "404", "409", "412", "422", "428"}
    stale = saving["responses"]["412"]["content"]["application/problem+json"]["examples"]
    assert "answer-stale" in stale
    assert '"fault.' not in json.dumps(document), "a sentence is missing"
