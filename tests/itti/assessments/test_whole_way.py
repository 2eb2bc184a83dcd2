"""The whole way at the API: from registering a factory to a certificate that is verified, superseded and revoked."""

import hashlib
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from itti.accounts.tables import Role
from itti.certificates.dates import last_day
from itti.settings import Settings
from tests.itti.assessments.story import QUESTIONS, REASON
from tests.itti.conftest import PASSWORD, World, running_world
from tests.itti.expect import problem
from tests.itti.files import samples

TODAY = datetime.now(UTC).date()


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    """The application as it is served, with a worker for papers."""
    with running_world(settings.model_copy(update={"paper_workers": 2})) as made:
        yield made


def ok(answer: Any, status: int = 200) -> Any:
    """The document of an answer that must be of that status."""
    assert answer.status_code == status, answer.text
    return answer.json()


def sign_in(world: World, email: str) -> TestClient:
    """A client with a token got at the door."""
    token = ok(world.api().post("/tokens", json={"email": email, "password": PASSWORD}), 201)["token"]
    return world.api(token=token)


def moved(client: TestClient, path: str, name: str, **body: Any) -> Any:
    """Make a move against the state as the caller sees it."""
    tag = client.get(path).headers["etag"]
    return ok(client.post(f"{path}/moves", json={"move": name, **body}, headers={"If-Match": tag}))


def answer_all(client: TestClient, path: str, phase: str, level: int) -> None:
    """Answer every question for the first time."""
    for question in QUESTIONS:
        answer = client.put(
            f"{path}/answers/{question}",
            params={"phase": phase},
            json={"level": level, "reason": REASON},
            headers={"If-None-Match": "*"},
        )
        assert answer.status_code == 201, answer.text


def test_from_registration_to_revocation(world: World) -> None:
    office = world.api(world.create_user(Role.PROGRAMME))
    body = ok(office.post("/assessment-bodies", json={"name": "Body One", "registration": "AB-1"}), 201)
    valid = {
        "family": "itti",
        "valid_from": (TODAY - timedelta(days=30)).isoformat(),
        "valid_until": (TODAY + timedelta(days=700)).isoformat(),
    }
    ok(office.post(f"/assessment-bodies/{body['id']}/accreditations", json=valid), 201)
    people = {}
    for name, arabic in (("Aisha Rahman", "عائشة رحمن"), ("Omar Nasser", "عمر ناصر")):
        email = f"{name.split()[0].lower()}@body.example.org"
        new = {"email": email, "name": name, "name_ar": arabic, "body_id": body["id"], "password": PASSWORD}
        person = ok(office.post("/assessors", json=new), 201)
        ok(office.post(f"/assessors/{person['id']}/accreditations", json=valid), 201)
        people[name] = person["id"], sign_in(world, email)
    (assessor_id, assessor), (_, reviewer) = people.values()
    new_factory = {
        "name": "Gulf Foods LLC",
        "name_ar": "أغذية الخليج ذ.م.م",
        "licence": "IL-77",
        "sector": "food",
        "region": "Sharjah",
        "employees": 240,
    }
    factory = ok(office.post("/factories", json=new_factory), 201)
    person = {"email": "mariam@gulf.example.org", "name": "Mariam", "password": PASSWORD}
    ok(office.post(f"/factories/{factory['id']}/people", json=person), 201)
    owner = sign_in(world, "mariam@gulf.example.org")

    first = certified(office, assessor, reviewer, owner, factory["id"], assessor_id, level=2, returned=True)
    assert first["number"] == f"TI-{TODAY.year}-00001"
    assert first["index"] == "2.00"
    assert (first["issued_on"], first["expires_on"]) == (TODAY.isoformat(), last_day(TODAY, 24).isoformat())
    assert first["standing"] == "demonstration"
    assert first["content_sha256"] in world.browser().get(f"/verify/{first['number']}").text
    pdf = download_everything(owner, first)
    verified = ok(world.api().post("/verifications", files={"pdf": ("c.pdf", pdf, "application/pdf")}))
    assert verified["holds"], verified
    assert verified["is_demonstration"]
    assert [verified[part]["state"] for part in ("seal", "register", "score")] == ["intact", "valid", "reproduced"]
    assert verified["register"]["number"] == first["number"]

    second = certified(office, assessor, reviewer, owner, factory["id"], assessor_id, level=3)
    assert second["number"] == f"TI-{TODAY.year}-00002"
    old = ok(world.api().get(f"/certificates/{first['number']}"))
    assert (old["state"], old["superseded_by"]) == ("superseded", second["number"])
    verified = ok(world.api().post("/verifications", files={"pdf": ("c.pdf", pdf, "application/pdf")}))
    assert not verified["holds"]
    assert (verified["seal"]["state"], verified["register"]["state"]) == ("intact", "superseded")

    reason = {"reason": "The evidence belonged to another site."}
    ok(office.post(f"/certificates/{second['number']}/revocation", json=reason))
    seen = ok(world.api().get(f"/certificates/{second['number']}"))
    assert (seen["state"], seen["revocation_reason"]) == ("revoked", reason["reason"])


def certified(  # noqa: PLR0917 - everybody takes part
    office: TestClient,
    assessor: TestClient,
    reviewer: TestClient,
    owner: TestClient,
    factory: str,
    assessor_id: str,
    *,
    level: int,
    returned: bool = False,
) -> Any:
    """One assessment from its plan to its certificate."""
    planned = {
        "factory_id": factory,
        "family": "itti",
        "version": "1.0.0",
        "assessor_id": assessor_id,
        "planned_for": str(date.today()),  # noqa: DTZ011
    }
    path = f"/assessments/{ok(office.post('/assessments', json=planned), 201)['id']}"
    moved(owner, path, "start-self-assessment")
    answer_all(owner, path, "self", 4)
    moved(owner, path, "finish-self-assessment")
    moved(assessor, path, "start")
    answer_all(assessor, path, "assessed", level)
    file = {"file": ("work orders.pdf", samples.pdf(), "application/pdf")}
    ok(assessor.post(f"{path}/answers/maintenance/evidence", files=file), 201)
    moved(assessor, path, "submit")
    moved(reviewer, path, "take-review")
    if returned:
        moved(
            reviewer, path, "return", note="One more look.", comments=[{"question": "quality", "text": "Which line?"}]
        )
        changed = assessor.put(
            f"{path}/answers/quality",
            json={"level": level, "reason": "Line 2 and line 3."},
            headers={"If-Match": '"1"'},
        )
        ok(changed)
        moved(assessor, path, "submit")
    tag = reviewer.get(f"{path}/review").headers["etag"]
    approved = reviewer.post(f"{path}/moves", json={"move": "approve"}, headers={"If-Match": tag})
    assert ok(approved, 202)["state"] == "certified"
    papers = waited_for(owner, approved.headers["location"].removeprefix("/api/v1"))
    problem(reviewer.post(f"{path}/moves", json={"move": "approve"}, headers={"If-Match": '"1"'}), 412, "stale")
    certificate = ok(owner.get(papers["certificate"].removeprefix("/api/v1")))
    assert certificate["content_sha256"] in tag, "the register names what was read and approved"
    return certificate


def waited_for(client: TestClient, path: str) -> Any:
    """The papers once the worker has made them."""
    end = time.monotonic() + 300
    while (papers := client.get(path)).headers.get("retry-after"):
        assert time.monotonic() < end, papers.text
        time.sleep(0.2)
    assert ok(papers)["state"] == "issued", papers.text
    return ok(papers)


def download_everything(owner: TestClient, certificate: Any) -> bytes:
    """Download every file of a certificate as the factory; returns the English paper."""
    base = f"/certificates/{certificate['number']}"
    papers: dict[str, bytes] = {}
    for paper in certificate["papers"]:
        answer = owner.get(f"{base}/report.pdf", params={"language": paper["language"]})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert f"{certificate['number']}-{paper['language']}.pdf" in answer.headers["content-disposition"]
        assert hashlib.sha256(answer.content).hexdigest() == paper["sha256"]
        assert len(answer.content) == paper["size"]
        papers[paper["language"]] = answer.content
    assert set(papers) == {"en", "ar"}
    card = owner.get(f"{base}/scorecard.json")
    assert hashlib.sha256(card.content).hexdigest() == certificate["scorecard_sha256"]
    assert owner.get(f"{base}/scorecard.csv", params={"language": "ar"}).status_code == 200
    return papers["en"]
