"""Assessment bodies, assessors and accreditations over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from itti.accounts.tables import Role, User
from itti.accreditation import granting
from itti.accreditation.tables import AssessmentBody
from itti.accreditation.validity import Scope
from itti.acts import Act
from itti.audit.tables import Event
from itti.factories.tables import Sector
from tests.itti.conftest import World
from tests.itti.expect import pointers, problem

BODY = {"name": "Gulf Assessors", "name_ar": "مقيّمو الخليج", "registration": "AB-2024-017"}
PERIOD = {"family": "itti", "valid_from": "2026-01-01", "valid_until": "2026-12-31"}
SOMEBODY = "9b1f1c52-5a0e-4d2f-8c53-0f6a0a5d7e01"

WRITES = [
    ("POST", "/assessment-bodies", BODY),
    ("PUT", f"/assessment-bodies/{SOMEBODY}", BODY),
    ("POST", "/assessors", {"email": "a@example.org", "name": "A", "body_id": SOMEBODY}),
    ("POST", f"/assessors/{SOMEBODY}/accreditations", PERIOD),
    ("POST", f"/assessment-bodies/{SOMEBODY}/accreditations", PERIOD),
    ("POST", f"/accreditations/{SOMEBODY}/withdrawal", {"reason": "left"}),
]
READS = [
    ("GET", "/assessment-bodies", None),
    ("GET", f"/assessment-bodies/{SOMEBODY}", None),
    ("GET", "/assessors", None),
    ("GET", f"/assessors/{SOMEBODY}", None),
    ("GET", f"/assessors/{SOMEBODY}/accreditations", None),
    ("GET", f"/assessment-bodies/{SOMEBODY}/accreditations", None),
]


@pytest.mark.parametrize(("method", "path", "body"), [*WRITES, *READS])
def test_anonymous(world: World, method: str, path: str, body: object) -> None:
    problem(world.api().request(method, path, json=body), 401, "sign-in-needed")


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.FACTORY])
@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_wrong_role(world: World, role: Role, method: str, path: str, body: object) -> None:
    client = world.api(world.create_user(role))
    answer = client.request(method, path, json=body, headers={"If-Match": '"1"'})
    problem(answer, 403, "wrong-role")


@pytest.mark.parametrize(("method", "path", "body"), READS)
def test_factories_see_none_of_it(world: World, method: str, path: str, body: object) -> None:
    problem(world.api(world.create_user(Role.FACTORY)).request(method, path, json=body), 403, "wrong-role")


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("GET", f"/assessment-bodies/{SOMEBODY}", None, "body-unknown"),
        ("PUT", f"/assessment-bodies/{SOMEBODY}", BODY, "body-unknown"),
        ("GET", f"/assessors/{SOMEBODY}", None, "assessor-unknown"),
        ("GET", f"/assessors/{SOMEBODY}/accreditations", None, "assessor-unknown"),
        ("POST", f"/assessors/{SOMEBODY}/accreditations", PERIOD, "assessor-unknown"),
        ("POST", f"/accreditations/{SOMEBODY}/withdrawal", {"reason": "left"}, "accreditation-unknown"),
    ],
)
def test_not_existing(world: World, method: str, path: str, body: object, code: str) -> None:
    client = world.api(world.create_user())
    answer = client.request(method, path, json=body, headers={"If-Match": '"1"'})
    assert SOMEBODY in problem(answer, 404, code)["detail"]


class TestBodies:
    def test_register_and_read(self, world: World) -> None:
        client = world.api(world.create_user())
        made = client.post("/assessment-bodies", json=BODY)
        assert made.status_code == 201, made.text
        assert made.headers["etag"] == '"1"'
        read = client.get(f"http://testserver{made.headers['location']}")
        assert read.status_code == 200
        assert read.json() == made.json()
        assert read.headers["etag"] == '"1"'
        assert {name: made.json()[name] for name in BODY} == BODY
        assert client.get("/assessment-bodies").json()["items"] == [made.json()]

    def test_is_on_record(self, world: World) -> None:
        user = world.create_user()
        made = world.api(user).post("/assessment-bodies", json=BODY, headers={"x-request-id": "request-1"})
        with world.database.reading() as session:
            event = session.exec(select(Event).where(Event.action == "body.registered")).one()
        assert event.actor_id == user.id
        assert event.actor_role == "programme"
        assert event.subject_id == made.json()["id"]
        assert event.request_id == "request-1"

    def test_invalid(self, world: World) -> None:
        answer = world.api(world.create_user()).post("/assessment-bodies", json={"registration": "x" * 65})
        assert pointers(problem(answer, 422, "invalid-input")) == {
            "/name": "missing",
            "/registration": "too-long",
        }

    @pytest.mark.parametrize("field", ["name", "registration"])
    def test_taken(self, both_worlds: World, field: str) -> None:
        client = both_worlds.api(both_worlds.create_user())
        client.post("/assessment-bodies", json=BODY)
        other = {"name": "Other", "registration": "AB-2"} | {field: BODY[field]}
        document = problem(client.post("/assessment-bodies", json=other), 409, "taken")
        assert pointers(document) == {f"/{field}": "taken"}
        assert len(client.get("/assessment-bodies").json()["items"]) == 1

    def test_change(self, world: World) -> None:
        client = world.api(world.create_user())
        body = world.create_body()
        answer = client.put(f"/assessment-bodies/{body.id}", json=BODY, headers={"If-Match": '"1"'})
        assert answer.status_code == 200, answer.text
        assert answer.headers["etag"] == '"2"'
        assert client.get(f"/assessment-bodies/{body.id}").json()["name"] == BODY["name"]

    def test_change_without_precondition(self, world: World) -> None:
        client = world.api(world.create_user())
        body = world.create_body()
        problem(client.put(f"/assessment-bodies/{body.id}", json=BODY), 428, "precondition-required")

    def test_change_of_whatever_there_is(self, world: World) -> None:
        client = world.api(world.create_user())
        body = world.create_body()
        answer = client.put(f"/assessment-bodies/{body.id}", json=BODY, headers={"If-Match": "*"})
        problem(answer, 400, "malformed-tag")

    def test_stale(self, both_worlds: World) -> None:
        client = both_worlds.api(both_worlds.create_user())
        body = both_worlds.create_body()
        client.put(f"/assessment-bodies/{body.id}", json=BODY, headers={"If-Match": '"1"'})
        late = BODY | {"name": "Late"}
        answer = client.put(f"/assessment-bodies/{body.id}", json=late, headers={"If-Match": '"1"'})
        document = problem(answer, 412, "stale")
        assert answer.headers["etag"] == '"2"'
        assert document["current"]["name"] == BODY["name"]
        assert client.get(f"/assessment-bodies/{body.id}").json()["name"] == BODY["name"]

    def test_change_to_a_taken_name(self, both_worlds: World) -> None:
        client = both_worlds.api(both_worlds.create_user())
        one, two = both_worlds.create_body(), both_worlds.create_body()
        change = {"name": one.name, "registration": "new"}
        answer = client.put(f"/assessment-bodies/{two.id}", json=change, headers={"If-Match": '"1"'})
        problem(answer, 409, "taken")
        assert client.get(f"/assessment-bodies/{two.id}").headers["etag"] == '"1"'

    def test_assessors_see_their_own(self, world: World) -> None:
        own, other = world.create_body(), world.create_body()
        client = world.api(world.create_user(Role.ASSESSOR, body=own))
        assert [row["id"] for row in client.get("/assessment-bodies").json()["items"]] == [str(own.id)]
        assert client.get(f"/assessment-bodies/{own.id}").status_code == 200
        problem(client.get(f"/assessment-bodies/{other.id}"), 404, "body-unknown")


class TestAssessors:
    def test_register(self, world: World) -> None:
        client = world.api(world.create_user())
        body = world.create_body()
        new = {"email": "Aisha@Example.org", "name": "Aisha", "name_ar": "عائشة", "body_id": str(body.id)}
        made = client.post("/assessors", json=new)
        assert made.status_code == 201, made.text
        assert made.json()["role"] == "assessor"
        assert made.json()["email"] == "aisha@example.org"
        password = made.json()["initial_password"]
        token = world.api().post("/tokens", json={"email": "aisha@example.org", "password": password})
        assert token.status_code == 201
        shown = client.get(f"http://testserver{made.headers['location']}").json()
        assert shown["name_ar"] == "عائشة"
        assert "initial_password" not in shown

    def test_with_a_password(self, world: World) -> None:
        new = {"email": "a@example.org", "name": "A", "body_id": str(world.create_body().id)}
        made = world.api(world.create_user()).post("/assessors", json=new | {"password": "long enough, I hope"})
        assert made.json()["initial_password"] is None

    def test_unknown_body(self, world: World) -> None:
        new = {"email": "a@example.org", "name": "A", "body_id": SOMEBODY}
        answer = world.api(world.create_user()).post("/assessors", json=new)
        assert pointers(problem(answer, 422, "invalid-input")) == {"/body_id": "body-unknown"}

    def test_address_taken(self, both_worlds: World) -> None:
        user = both_worlds.create_user()
        new = {"email": user.email, "name": "A", "body_id": str(both_worlds.create_body().id)}
        assert pointers(problem(both_worlds.api(user).post("/assessors", json=new), 409, "taken")) == {
            "/email": "taken"
        }

    def test_invalid(self, world: World) -> None:
        answer = world.api(world.create_user()).post(
            "/assessors", json={"email": "x", "name": "", "password": "short", "body_id": "x"}
        )
        assert pointers(problem(answer, 422, "invalid-input")) == {
            "/email": "not-an-email",
            "/name": "blank",
            "/password": "too-short",
            "/body_id": "not-an-id",
        }

    def test_list(self, world: World) -> None:
        one, two = world.create_body(), world.create_body()
        first = world.create_user(Role.ASSESSOR, body=one, name="A")
        second = world.create_user(Role.ASSESSOR, body=two, name="B")
        office = world.api(world.create_user())
        listed = office.get("/assessors").json()["items"]
        assert [row["id"] for row in listed] == [str(first.id), str(second.id)]
        listed = office.get(f"/assessors?body_id={two.id}").json()["items"]
        assert [row["id"] for row in listed] == [str(second.id)]
        colleague = world.api(first)
        assert [row["id"] for row in colleague.get("/assessors").json()["items"]] == [str(first.id)]
        problem(colleague.get(f"/assessors/{second.id}"), 404, "assessor-unknown")

    def test_other_people_are_no_assessors(self, world: World) -> None:
        user = world.create_user()
        problem(world.api(user).get(f"/assessors/{user.id}"), 404, "assessor-unknown")


class TestAccreditations:
    def test_grant_and_list(self, world: World) -> None:
        client = world.api(world.create_user())
        user = world.create_user(Role.ASSESSOR)
        made = client.post(f"/assessors/{user.id}/accreditations", json=PERIOD)
        assert made.status_code == 201, made.text
        later = PERIOD | {"valid_from": "2027-01-01", "valid_until": "2027-12-31"}
        assert client.post(f"/assessors/{user.id}/accreditations", json=later).status_code == 201
        listed = world.api(user).get(f"/assessors/{user.id}/accreditations").json()
        assert [row["valid_from"] for row in listed] == ["2027-01-01", "2026-01-01"]

    @pytest.mark.parametrize(
        ("start", "end"),
        [("2026-12-31", "2027-12-31"), ("2025-01-01", "2026-01-01"), ("2026-03-01", "2026-03-01"),
         ("2025-01-01", "2028-01-01")],
    )  # fmt: skip
    def test_overlap(self, world: World, start: str, end: str) -> None:
        client = world.api(world.create_user())
        user = world.create_user(Role.ASSESSOR)
        client.post(f"/assessors/{user.id}/accreditations", json=PERIOD)
        again = PERIOD | {"valid_from": start, "valid_until": end}
        answer = client.post(f"/assessors/{user.id}/accreditations", json=again)
        assert "2026-01-01" in problem(answer, 409, "accreditation-overlaps")["detail"]
        other = again | {"family": "other"}
        assert client.post(f"/assessors/{user.id}/accreditations", json=other).status_code == 201

    def test_withdrawn_one_may_be_granted_anew(self, world: World) -> None:
        client = world.api(world.create_user())
        user = world.create_user(Role.ASSESSOR)
        made = client.post(f"/assessors/{user.id}/accreditations", json=PERIOD).json()
        withdrawn = client.post(f"/accreditations/{made['id']}/withdrawal", json={"reason": " Left.\r\nTwice. "})
        assert withdrawn.status_code == 200, withdrawn.text
        assert withdrawn.json()["withdrawal_reason"] == "Left.\nTwice."
        assert withdrawn.json()["withdrawn_at"]
        assert client.post(f"/assessors/{user.id}/accreditations", json=PERIOD).status_code == 201

    def test_withdraw_twice(self, world: World) -> None:
        client = world.api(world.create_user())
        made = world.accredit(world.create_user(Role.ASSESSOR))
        client.post(f"/accreditations/{made.id}/withdrawal", json={"reason": "left"})
        answer = client.post(f"/accreditations/{made.id}/withdrawal", json={"reason": "left"})
        problem(answer, 409, "accreditation-ended")

    def test_withdraw_without_reason(self, world: World) -> None:
        made = world.accredit(world.create_user(Role.ASSESSOR))
        answer = world.api(world.create_user()).post(f"/accreditations/{made.id}/withdrawal", json={"reason": " "})
        assert pointers(problem(answer, 422, "invalid-input")) == {"/reason": "blank"}

    def test_invalid(self, world: World) -> None:
        user = world.create_user(Role.ASSESSOR)
        client = world.api(world.create_user())
        answer = client.post(
            f"/assessors/{user.id}/accreditations",
            json={"family": "No Family", "valid_from": "soon", "valid_until": "2026-02-30"},
        )
        assert pointers(problem(answer, 422, "invalid-input")) == {
            "/family": "wrong-form",
            "/valid_from": "not-a-date",
            "/valid_until": "not-a-date",
        }
        backwards = PERIOD | {"valid_until": "2025-12-31"}
        answer = client.post(f"/assessors/{user.id}/accreditations", json=backwards)
        assert pointers(problem(answer, 422, "invalid-input")) == {"/valid_until": "reversed-dates"}


class TestAccredited:
    """Who may assess on which day."""

    DAY = date(2026, 6, 15)
    SCOPE = Scope("itti", 1, Sector.FOOD)

    def why(self, world: World, user: User, on: date | None = None, scope: Scope | None = None) -> str | None:
        """What is lacking, and by whom."""
        with world.database.reading() as session:
            found = granting.lacking(session, user, scope or self.SCOPE, on or self.DAY)
        return None if found is None else f"{'body' if found.body else 'person'}:{found.why.value}"

    @pytest.mark.parametrize(
        ("first", "last", "expected"),
        [(0, 0, None), (-1, 1, None), (-10, -1, "expired"), (1, 10, "future"), (-1, 0, None), (0, 1, None)],
    )
    def test_days(self, world: World, first: int, last: int, expected: str | None) -> None:
        user = world.create_user(Role.ASSESSOR)
        world.accredit(user, valid_from=self.DAY + timedelta(days=first), valid_until=self.DAY + timedelta(days=last))
        assert self.why(world, user) == (expected and f"person:{expected}")
        assert self.why(world, user, scope=Scope("other", 1, Sector.FOOD)) == "person:none"

    def test_scope(self, world: World) -> None:
        user = world.create_user(Role.ASSESSOR)
        span: dict[str, Any] = {"valid_from": self.DAY, "valid_until": self.DAY}
        world.accredit(user, majors=[2], sectors=["metals"], **span)
        assert self.why(world, user) == "person:other-version"
        assert self.why(world, user, scope=Scope("itti", 2, Sector.FOOD)) == "person:other-sector"
        assert self.why(world, user, scope=Scope("itti", 2, Sector.METALS)) is None
        world.accredit(user, majors=[1], **span)
        assert self.why(world, user) is None

    def test_body_has_to_be_accredited_too(self, world: World) -> None:
        body = world.add(AssessmentBody(name="Bare", registration="AB-0", created_at=datetime.now(UTC)))
        user = world.create_assessor(body=body)
        today = datetime.now(UTC).date()
        assert self.why(world, user, today) == "body:none"
        held = world.accredit_body(body, sectors=["metals"])
        assert self.why(world, user, today) == "body:other-sector"
        world.accredit_body(body, sectors=["food"])
        assert self.why(world, user, today) is None
        office = world.api(world.create_user())
        assert office.post(f"/accreditations/{held.id}/withdrawal", json={"reason": "Merged."}).status_code == 200
        assert self.why(world, user, today) is None

    def test_withdrawn(self, world: World) -> None:
        user = world.create_assessor()
        today = datetime.now(UTC).date()
        office = world.create_user()
        with world.database.reading() as session:
            found = granting.accreditations(session, Act(office), user.id)[0].accreditation
            people = granting.accredited_people(session, Act(office), "itti", today)
            assert [person.id for person in people] == [user.id]
        assert self.why(world, user, today) is None
        world.write(lambda session: granting.withdraw(session, Act(office), found.id, "left"))
        assert self.why(world, user, today) == "person:withdrawn"
        with world.database.reading() as session:
            assert not granting.accredited_people(session, Act(office), "itti", today)

    @pytest.mark.parametrize("role", [Role.PROGRAMME, Role.FACTORY])
    def test_only_assessors(self, world: World, role: Role) -> None:
        user = world.create_user(role)
        world.accredit(user)
        assert self.why(world, user, datetime.now(UTC).date()) == "person:none"


class TestSuspension:
    """Suspended from a day on, until a day or until it is lifted."""

    @pytest.mark.parametrize("role", [None, Role.ASSESSOR, Role.FACTORY])
    def test_is_the_office_s(self, world: World, role: Role | None) -> None:
        made = world.accredit(world.create_user(Role.ASSESSOR))
        client = world.api(world.create_user(role) if role else None)
        for path, body in (("suspensions", {"since": "2026-01-01", "reason": "x"}), ("reinstatement", {"reason": "x"})):
            answer = client.post(f"/accreditations/{made.id}/{path}", json=body)
            problem(answer, 403 if role else 401, "wrong-role" if role else "sign-in-needed")

    def test_not_existing_and_invalid(self, world: World) -> None:
        client = world.api(world.create_user())
        answer = client.post(f"/accreditations/{uuid4()}/suspensions", json={"since": "2026-01-01", "reason": "x"})
        problem(answer, 404, "accreditation-unknown")
        made = world.accredit(world.create_user(Role.ASSESSOR))
        backwards = {"since": "2026-02-01", "until": "2026-01-01", "reason": "x"}
        answer = client.post(f"/accreditations/{made.id}/suspensions", json=backwards)
        assert pointers(problem(answer, 422, "invalid-input")) == {"/until": "reversed-dates"}
        problem(client.post(f"/accreditations/{made.id}/reinstatement", json={"reason": "x"}), 409, "not-suspended")

    def test_ends_by_itself_or_is_lifted(self, world: World) -> None:
        office, user = world.create_user(), world.create_assessor()
        client, today = world.api(office), datetime.now(UTC).date()
        made = client.get(f"/assessors/{user.id}/accreditations").json()[0]
        days = {"since": str(today), "until": str(today + timedelta(days=5)), "reason": "No visit."}
        suspended = client.post(f"/accreditations/{made['id']}/suspensions", json=days)
        assert (suspended.status_code, suspended.json()["state"]) == (200, "suspended")
        again = client.post(f"/accreditations/{made['id']}/suspensions", json=days | {"since": str(today)})
        problem(again, 409, "suspended-before")
        why = TestAccredited().why
        assert why(world, user, today) == "person:suspended"
        assert why(world, user, today + timedelta(days=6)) is None
        lifted = client.post(f"/accreditations/{made['id']}/reinstatement", json={"reason": "Visited."}).json()
        assert (lifted["state"], bool(lifted["suspensions"][0]["lifted_at"])) == ("valid", True)
        assert why(world, user, today) is None

    def test_on_the_pages(self, world: World) -> None:
        office, user = world.create_user(), world.create_assessor()
        browser, today = world.browser(office), datetime.now(UTC).date()
        made = world.api(office).get(f"/assessors/{user.id}/accreditations").json()[0]
        answer = browser.post(
            f"/accreditations/{made['id']}/suspensions", data={"since": str(today), "reason": "No visit."}
        )
        assert answer.headers["location"] == f"/assessors/{user.id}"
        page = browser.get(f"/assessors/{user.id}").text
        assert "No visit." in page
        assert "reinstatement" in page
        browser.post(f"/accreditations/{made['id']}/reinstatement", data={"reason": "Visited."})
        assert "/suspensions" in browser.get(f"/assessors/{user.id}").text
        given = {
            "family": "itti",
            "major": "2",
            "sector.food": "1",
            "valid_from": str(today),
            "valid_until": str(today),
        }
        body = world.create_body()
        assert browser.post(f"/bodies/{body.id}/accreditations", data=given).status_code == 409
        given["valid_from"] = given["valid_until"] = "2060-01-01"
        assert browser.post(f"/bodies/{body.id}/accreditations", data=given).status_code == 303
        entry = world.api(office).get(f"/assessment-bodies/{body.id}/accreditations").json()[0]
        assert (entry["majors"], entry["sectors"], entry["state"]) == ([2], ["food"], "future")


class TestPublicRegister:
    """What a stranger reads of the bodies."""

    def test_with_state_scope_and_history(self, world: World) -> None:
        body = world.create_body(name="Gulf Assessors")
        world.add(AssessmentBody(name="Bare", registration="AB-0", created_at=datetime.now(UTC)))
        office = world.api(world.create_user())
        held = office.get(f"/assessment-bodies/{body.id}/accreditations").json()[0]
        [entry] = world.api().get("/accredited-bodies").json()
        assert (entry["name"], entry["accredited"]) == ("Gulf Assessors", True)
        since = datetime.now(UTC).date() - timedelta(days=1)
        suspension = {"since": str(since), "reason": "Complaints are being looked into."}
        office.post(f"/accreditations/{held['id']}/suspensions", json=suspension)
        [entry] = world.api().get("/accredited-bodies").json()
        assert (entry["accredited"], entry["accreditations"][0]["state"]) == (False, "suspended")
        for language, words in (("en", "Not accredited today"), ("ar", "غير معتمدة اليوم")):
            page = world.browser().get("/accredited-bodies", params={"language": language}).text
            assert words in page
            assert "Complaints are being looked into." in page

    def test_endings_are_announced(self, world: World) -> None:
        office, user = world.create_user(), world.create_user(Role.ASSESSOR, name="Aisha Rahman")
        last = datetime.now(UTC).date() + timedelta(days=59)
        world.accredit(user, valid_until=last)
        assert "The accreditation of Aisha Rahman ends on" in world.browser(office).get("/home").text
        assert "Your accreditation ends on" in world.browser(user).get("/home").text
        world.accredit(user, valid_from=last + timedelta(days=1), valid_until=last + timedelta(days=400))
        assert "ends on" not in world.browser(office).get("/home").text
