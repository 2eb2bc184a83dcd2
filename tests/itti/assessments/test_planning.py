"""Planning an assessment at the API."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from itti.accounts.tables import Role, User
from questionnaires import digest, load
from questionnaires.loading import latest
from tests.itti.assessments.story import DEFINITION, Story
from tests.itti.conftest import FAMILY
from tests.itti.expect import pointers, problem


def body(story: Story, **changes: Any) -> dict[str, Any]:
    """A plan that fits."""
    return {
        "factory_id": str(story.factory.id),
        "family": FAMILY,
        "assessor_id": str(story.assessor.id),
        "planned_for": date.today().isoformat(),  # noqa: DTZ011 - a day
    } | changes


def test_valid_by_programme(story: Story) -> None:
    answer = story.api(story.office).post("/assessments", json=body(story, version="1.0.0"))
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == f"/api/v1/assessments/{made['id']}"
    assert answer.headers["etag"] == '"1"'
    assert made["state"] == "planned"
    assert (made["family"], made["definition_version"]) == (FAMILY, "1.0.0")
    assert made["digest"] == digest(DEFINITION)
    assert made["factory"]["name_ar"] == "أغذية الخليج ذ.م.م"
    assert made["body"]["id"] == str(story.assessor.body_id)
    assert (made["answered"], made["total"]) == (0, 20)
    assert [move["move"] for move in made["moves"]] == ["hand-over", "withdraw"]


def test_valid_without_a_version_is_the_newest(story: Story) -> None:
    made = story.api(story.office).post("/assessments", json=body(story)).json()
    newest = load(FAMILY, latest(FAMILY))
    assert made["definition_version"] == newest.version
    assert made["digest"] == digest(newest)
    assert made["total"] == len(newest.questions)


def test_valid_by_assessor_for_himself(story: Story) -> None:
    answer = story.api(story.reviewer).post(
        "/assessments", json=body(story, assessor_id=str(story.reviewer.id), version="1.0.0")
    )
    assert answer.status_code == 201, answer.text
    assert [move["move"] for move in answer.json()["moves"]] == ["start", "hand-over"]


def test_anonymous(story: Story) -> None:
    problem(story.api(None).post("/assessments", json=body(story)), 401, "sign-in-needed")


def test_wrong_role(story: Story) -> None:
    problem(story.api(story.owner).post("/assessments", json=body(story)), 403, "planning-forbidden")


def test_assessor_for_somebody_else(story: Story) -> None:
    problem(story.api(story.reviewer).post("/assessments", json=body(story)), 403, "planning-forbidden")


def test_assessor_without_accreditation(story: Story) -> None:
    plain = story.world.create_user(Role.ASSESSOR)
    refused = problem(
        story.api(story.office).post("/assessments", json=body(story, assessor_id=str(plain.id))),
        403,
        "not-accredited",
    )
    assert FAMILY in refused["detail"]


def test_accreditation_ends_before_the_visit(story: Story) -> None:
    day = date.today() + timedelta(days=400)  # noqa: DTZ011 - a day
    answer = story.api(story.office).post("/assessments", json=body(story, planned_for=day.isoformat()))
    assert day.isoformat() in problem(answer, 403, "not-accredited")["detail"]


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"factory_id": str(uuid4())}, "/factory_id", "no-such-factory"),
        ({"assessor_id": str(uuid4())}, "/assessor_id", "no-such-assessor"),
        ({"family": "unheard-of"}, "/family", "no-such-questionnaire"),
        ({"version": "9.9.9"}, "/version", "no-such-questionnaire"),
    ],
)
def test_not_existing(story: Story, changes: dict[str, Any], pointer: str, code: str) -> None:
    refused = problem(story.api(story.office).post("/assessments", json=body(story, **changes)), 422, "not-plannable")
    assert pointers(refused) == {pointer: code}


def test_assessor_is_somebody_of_the_factory(story: Story) -> None:
    answer = story.api(story.office).post("/assessments", json=body(story, assessor_id=str(story.owner.id)))
    assert pointers(problem(answer, 422, "not-plannable")) == {"/assessor_id": "no-such-assessor"}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"planned_for": "tomorrow"}, "/planned_for"),
        ({"family": "../itti"}, "/family"),
        ({"version": "1.0"}, "/version"),
        ({"factory_id": "1"}, "/factory_id"),
        ({"state": "certified"}, "/state"),
    ],
)
def test_invalid(story: Story, changes: dict[str, Any], pointer: str) -> None:
    refused = problem(story.api(story.office).post("/assessments", json=body(story, **changes)), 422, "invalid-input")
    assert list(pointers(refused)) == [pointer]


def test_everything_is_on_the_record(story: Story) -> None:
    from itti.audit.service import history

    made = story.api(story.office).post("/assessments", json=body(story)).json()

    def read(session: Any) -> list[tuple[str, Any]]:
        return [(event.action, event.actor_id) for event in history(session, "assessment", made["id"])]

    with story.world.database.reading() as session:
        assert read(session) == [("assessment.planned", story.office.id)]
        assert session.get(User, story.office.id) is not None
