"""Who is tied to a factory cannot act there: declared, on record, within the period, in a row, of one body."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from itti.accounts.tables import Role, User
from itti.audit.service import history
from itti.independence.service import bound_until
from itti.independence.tables import Engagement, Tie
from itti.settings import Settings
from tests.itti.assessments.story import Story, plan, tell
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import World, running_world
from tests.itti.expect import problem

TODAY = datetime.now(UTC).date()
NONE: dict[str, Any] = {"ties": []}


@pytest.fixture(autouse=True)
def _papers_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    use_quick_press(monkeypatch)


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    """A programme with rules of independence."""
    with running_world(settings.model_copy(update={"independence_months": 24, "rotation_after": 2})) as made:
        yield made


@pytest.fixture
def story(world: World) -> Story:
    return tell(world)


def declare(story: Story, user: User, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = story.api(user).post(f"{story.path}/declarations", json=body or NONE)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


def engage(story: Story, **engagement: Any) -> dict[str, Any]:
    answer = story.api(story.office).post(f"/factories/{story.factory.id}/engagements", json=engagement)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


def in_review(story: Story) -> Story:
    declare(story, story.assessor)
    return story.submitted()


def test_declared_before_the_act(story: Story) -> None:
    problem(story.move(story.assessor, "start"), 409, "declaration-missing")
    made = declare(story, story.assessor)
    assert (made["user_id"], made["ties"]) == (str(story.assessor.id), [])
    story.answered()
    story.step(story.assessor, "submit")
    problem(story.move(story.reviewer, "take-review"), 409, "declaration-missing")
    declare(story, story.reviewer)
    story.moved(story.reviewer, "take-review")
    assert story.moved(story.reviewer, "approve")["state"] == "certified"
    seen = {name: story.api(who).get(f"{story.path}/declarations") for name, who in
            {"office": story.office, "assessor": story.assessor}.items()}  # fmt: skip
    assert [each["user_id"] for each in seen["office"].json()] == [str(story.assessor.id), str(story.reviewer.id)]
    assert [each["user_id"] for each in seen["assessor"].json()] == [str(story.assessor.id)]


def test_doors(story: Story) -> None:
    path = f"{story.path}/declarations"
    problem(story.api(None).post(path, json=NONE), 401, "sign-in-needed")
    problem(story.api(story.owner).post(path, json=NONE), 403, "declaration-forbidden")
    problem(story.api(story.owner).get(path), 403, "wrong-role")
    problem(story.api(story.world.create_assessor()).post(path, json=NONE), 404, "no-such-assessment")
    problem(story.api(story.assessor).post(path, json={}), 422, "invalid-input")
    problem(story.api(story.assessor).post(path, json={"ties": [{"tie": "married"}]}), 422, "invalid-input")
    records = f"/factories/{story.factory.id}/engagements"
    for person, status, code in ((None, 401, "sign-in-needed"), (story.assessor, 403, "wrong-role")):
        problem(story.api(person).get(records), status, code)
        problem(story.api(person).post(records, json={"tie": "advised"}), status, code)
        problem(story.api(person).post(f"/engagements/{uuid4()}/strike", json={"reason": "x"}), status, code)
    office = story.api(story.office)
    problem(office.get(f"/factories/{uuid4()}/engagements"), 404, "factory-unknown")
    problem(office.post(records, json={"tie": "advised"}), 422, "holder-unknown")
    for holder in ({"user_id": str(story.owner.id)}, {"body_id": str(uuid4())}):
        problem(office.post(records, json={"tie": "advised", **holder}), 422, "holder-unknown")
    problem(office.post(f"/engagements/{uuid4()}/strike", json={"reason": "x"}), 404, "engagement-unknown")


def test_what_is_declared_keeps_from_acting_now_and_later(story: Story) -> None:
    until = TODAY - timedelta(days=100)
    declare(story, story.assessor, {"ties": [{"tie": "advised", "until": str(until)}]})
    refused = problem(story.move(story.assessor, "start"), 403, "not-independent")
    for word in ("24 months", "Aisha Rahman", "advised the factory", str(until)):
        assert word in refused["detail"]
    declare(story, story.assessor)
    problem(story.move(story.assessor, "start"), 403, "not-independent")
    planned = {"factory_id": str(story.factory.id), "family": "itti", "assessor_id": str(story.assessor.id)}
    answer = story.api(story.office).post("/assessments", json=planned | {"planned_for": str(TODAY)})
    problem(answer, 403, "not-independent")


def test_tie_of_the_body_binds_colleagues(story: Story) -> None:
    colleague = story.world.create_user(Role.ASSESSOR, body=_body(story, story.reviewer))
    story.world.accredit(colleague)
    in_review(story)
    declare(story, story.reviewer, {"ties": [{"tie": "trained", "whose": "body"}]})
    problem(story.move(story.reviewer, "take-review"), 403, "not-independent")
    declare(story, colleague)
    refused = problem(story.move(colleague, "take-review"), 403, "not-independent")
    assert "their assessment body: trained people of the factory" in refused["detail"]
    other = story.world.create_assessor()
    declare(story, other)
    assert story.move(other, "take-review").status_code == 200


def _body(story: Story, user: User) -> Any:
    from itti.accreditation.tables import AssessmentBody

    with story.world.database.reading() as session:
        return session.get(AssessmentBody, user.body_id)


def test_entered_between_start_and_approval(story: Story) -> None:
    declare(story, story.assessor)
    story.answered()
    first = engage(story, user_id=str(story.assessor.id), tie="owned")
    problem(story.move(story.assessor, "submit"), 403, "not-independent")
    office = story.api(story.office)
    struck = office.post(f"/engagements/{first['id']}/strike", json={"reason": "Somebody of the same name."})
    assert struck.json()["strike_reason"] == "Somebody of the same name."
    problem(office.post(f"/engagements/{first['id']}/strike", json={"reason": "x"}), 409, "engagement-struck")
    story.moved(story.assessor, "submit")
    declare(story, story.reviewer)
    story.moved(story.reviewer, "take-review")
    again = engage(story, user_id=str(story.assessor.id), tie="employed", note="Letter of the factory.")
    refused = problem(story.move(story.reviewer, "approve"), 403, "not-independent")
    assert "Aisha Rahman" in refused["detail"]
    office.post(f"/engagements/{again['id']}/strike", json={"reason": "x"})
    engage(story, body_id=str(story.reviewer.body_id), tie="advised", until="2001-01-01")
    assert story.move(story.reviewer, "approve").status_code == 202
    with story.world.database.reading() as session:
        assert [event.action for event in history(session, "engagement", first["id"])] == [
            "engagement.entered",
            "engagement.struck",
        ]


@pytest.mark.parametrize(
    ("until", "months", "last"),
    [
        (date(2026, 3, 31), 24, date(2028, 3, 31)),
        (date(2026, 2, 28), 12, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(9999, 12, 31), 24, date.max),
        (None, 24, date.max),
    ],
)
def test_period(until: date | None, months: int, last: date) -> None:
    engagement = Engagement(factory_id=uuid4(), tie=Tie.ADVISED, until=until, created_at=datetime.now(UTC))
    assert bound_until(engagement, months) == last


def test_rotation(story: Story) -> None:
    for number in range(2):
        if number:
            story.id = plan(story.world, story.factory, story.assessor, story.office)
        declare(story, story.assessor)
        story.submitted()
        declare(story, story.reviewer)
        story.step(story.reviewer, "take-review")
        story.step(story.reviewer, "approve")
    planned = {"factory_id": str(story.factory.id), "family": "itti", "planned_for": str(TODAY)}
    office = story.api(story.office)
    refused = office.post("/assessments", json=planned | {"assessor_id": str(story.assessor.id)})
    assert "last 2 assessments" in problem(refused, 403, "rotation-due")["detail"]
    assert office.post("/assessments", json=planned | {"assessor_id": str(story.reviewer.id)}).status_code == 201


def test_programme_that_demands_another_body(settings: Settings) -> None:
    with running_world(settings.model_copy(update={"separate_bodies": True})) as world:
        story = tell(world)
        colleague = world.create_user(Role.ASSESSOR, body=_body(story, story.assessor))
        world.accredit(colleague)
        story.submitted()
        problem(story.move(colleague, "take-review"), 403, "same-body")
        assert story.move(story.reviewer, "take-review").status_code == 200


def test_on_the_pages(story: Story) -> None:
    browser = story.world.browser(story.assessor)
    page = f"{story.path}/declaration"
    assert page in browser.get(story.path).text
    for language in ("en", "ar"):
        assert browser.get(page, params={"language": language}).status_code == 200
    assert browser.post(page, data={}).status_code == 422
    assert browser.post(page, data={"none": "1", "advised.person": "1"}).status_code == 422
    assert browser.post(page, data={"none": "1"}).headers["location"] == story.path
    assert story.moved(story.assessor, "start")["state"] == "assessment"
    assert story.world.browser(story.owner).get(page).status_code == 403

    office = story.world.browser(story.office)
    records = f"/factories/{story.factory.id}/engagements"
    assert records in office.get(f"/factories/{story.factory.id}").text
    assert office.post(records, data={"tie": "advised"}).status_code == 422
    form = {"holder": f"user:{story.assessor.id}", "tie": "advised", "until": str(TODAY), "note": "Contract seen."}
    assert office.post(records, data=form).status_code == 303
    shown = office.get(records).text
    assert "Contract seen." in shown
    entry = story.api(story.office).get(records).json()[0]
    assert office.post(f"/engagements/{entry['id']}/strike", data={"reason": "Wrong one."}).status_code == 303
    assert "Wrong one." in office.get(records).text
