"""Machines: registered and revoked by people, and what they get by themselves."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlmodel import select

from itti.accounts import service as accounts
from itti.accounts.scopes import Scope
from itti.accounts.tables import ApiToken, Role, User
from itti.acts import Act
from itti.audit.tables import Event
from itti.machines import service
from itti.machines.tables import MachineSecret
from tests.itti.assessments.story import tell
from tests.itti.conftest import World
from tests.itti.expect import pointers, problem

NEW = {"name": "Tablets", "scopes": ["assessments:read", "assessments:write"]}


def register(world: World, user: User, **changes: Any) -> dict[str, Any]:
    """A machine of ``user``, with its secret."""
    answer = world.api(user).post("/machines", json={**NEW, **changes})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def ask(world: World, machine: dict[str, Any], way: str = "form", path: str = "token", **more: str) -> httpx2.Response:
    """What the machine is answered at one of its doors."""
    sent = {"grant_type": "client_credentials"} | more if path == "token" else more
    name, secret = machine["client_id"], machine["client_secret"]
    if way == "form":
        return world.api().post(f"/oauth/{path}", data={**sent, "client_id": name, "client_secret": secret})
    basic = b64encode(f"{quote(name)}:{quote(secret)}".encode()).decode()
    return world.api().post(f"/oauth/{path}", data=sent, headers={"Authorization": f"Basic {basic}"})


def token(world: World, machine: dict[str, Any], **more: str) -> str:
    """A token of the machine."""
    answer = ask(world, machine, **more)
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["access_token"]
    return found


def refused(answer: httpx2.Response, error: str, status: int = 400) -> None:
    """The refusal is one of RFC 6749, section 5.2."""
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.text
    assert set(answer.json()) == {"error", "error_description"}
    assert re.fullmatch(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+", answer.json()["error_description"])


def age(world: World, machine_id: str, by: timedelta) -> None:
    """Let the secrets of a machine end so much earlier."""

    def change(session: Any) -> None:
        for secret in session.exec(select(MachineSecret).where(MachineSecret.machine_id == UUID(machine_id))):
            secret.expires_at -= by

    world.write(change)


class TestRegistering:
    def test_who(self, world: World) -> None:
        assessor, other, office = world.create_assessor(), world.create_assessor(), world.create_user()
        problem(world.api().post("/machines", json=NEW), 401, "sign-in-needed")
        worker = world.create_user(Role.FACTORY)
        document = problem(world.api(worker).post("/machines", json=NEW), 422, "invalid-input")
        assert pointers(document) == {"/scopes": "footprints-alone"}
        of_factory = register(world, worker, scopes=["footprints:read"])
        assert of_factory["factory_id"] == of_factory["body_id"] == str(worker.factory_id)
        assert [each["name"] for each in world.api(worker).get("/machines").json()] == ["Tablets"]
        problem(world.api(office).post("/machines", json=NEW | {"assessor_id": str(worker.id)}), 422, "invalid-input")
        mine = register(world, assessor)
        theirs = register(world, office, assessor_id=str(other.id), name="ERP")
        assert (mine["assessor_id"], mine["body_id"]) == (str(assessor.id), str(assessor.body_id))
        assert theirs["body_id"] == str(other.body_id)
        for bad in ({"assessor_id": str(other.id)}, {"assessor_id": str(uuid4())}):
            document = problem(world.api(assessor).post("/machines", json=NEW | bad), 422, "invalid-input")
            assert pointers(document) == {"/assessor_id": "not-that-assessor"}
        problem(world.api(office).post("/machines", json=NEW), 422, "invalid-input")
        faulty: list[dict[str, Any]] = [{"scopes": []}, {"scopes": ["all"]}, {"name": " "}, {"secret_days": 731}]
        for wrong in faulty:
            problem(world.api(assessor).post("/machines", json=NEW | wrong), 422, "invalid-input")
        assert [each["name"] for each in world.api(assessor).get("/machines").json()] == ["Tablets"]
        assert [each["name"] for each in world.api(office).get("/machines").json()] == ["ERP", "Tablets", "Tablets"]
        path = f"/machines/{theirs['client_id']}"
        for method, end in (("GET", ""), ("POST", "/secrets"), ("POST", "/revocation")):
            answer = world.api(assessor).request(method, path + end, json=None if method == "GET" else {})
            problem(answer, 404, "machine-unknown")

    def test_nothing_readable_is_kept(self, world: World) -> None:
        made = register(world, world.create_assessor())
        given = token(world, made)
        assert "client_secret" not in world.api(world.create_user()).get(f"/machines/{made['client_id']}").text
        with world.database.reading() as session:
            kept = repr([*session.exec(select(MachineSecret)), *session.exec(select(ApiToken))])
            told = repr([event.details for event in session.exec(select(Event))])
        for secret in (made["client_secret"], given):
            assert secret not in kept + told

    def test_stale_proof_and_limits(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        assessor = world.create_assessor()
        stale = world.api(token=world.token(assessor, datetime.now(UTC) - timedelta(hours=1)))
        problem(stale.post("/machines", json=NEW), 401, "fresh-sign-in-needed")
        made = register(world, assessor)
        problem(stale.post(f"/machines/{made['client_id']}/secrets", json={}), 401, "fresh-sign-in-needed")
        monkeypatch.setattr(service, "MOST", 1)
        problem(world.api(assessor).post("/machines", json=NEW), 409, "too-many-machines")
        assert stale.post(f"/machines/{made['client_id']}/revocation").status_code == 200, "in haste, too"
        assert register(world, assessor)["name"] == "Tablets"


class TestTokens:
    def test_both_ways(self, both_worlds: World) -> None:
        made = register(both_worlds, both_worlds.create_assessor())
        assert made["last_used_at"] is None
        for way in ("form", "basic"):
            answer = ask(both_worlds, made, way)
            assert answer.status_code == 200, answer.text
            assert answer.headers["cache-control"] == "no-store"
            document = answer.json()
            assert (document["token_type"], document["expires_in"]) == ("Bearer", 3600)
            assert document["scope"] == "assessments:read assessments:write"
            assert both_worlds.api(token=document["access_token"]).get("/assessments").status_code == 200
        shown = both_worlds.api(both_worlds.create_user()).get(f"/machines/{made['client_id']}").json()
        assert shown["last_used_at"] is not None

    def test_refusals(self, world: World) -> None:
        made = register(world, world.create_assessor())
        wrong = {**made, "client_secret": "itti_wrong"}
        nobody = {**made, "client_id": str(uuid4())}
        for machine in (wrong, nobody):
            for way in ("form", "basic"):
                answer = ask(world, machine, way)
                refused(answer, "invalid_client", 401)
                assert answer.headers["www-authenticate"].startswith("Basic")
        refused(ask(world, made, scope="assessments:read office:all"), "invalid_scope")
        refused(ask(world, made, scope="certificates:read"), "invalid_scope")
        refused(ask(world, made, grant_type="password"), "unsupported_grant_type")
        client, path = world.api(), "/oauth/token"
        refused(client.post(path), "invalid_request")
        refused(client.post(path, json={"grant_type": "client_credentials"}), "invalid_request")
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for body in (
            b"grant_type=",
            b"a=1&a=2",
            b"\xff=1",
            b"grant_type=%ff",
            b"&".join(b"f%d=1" % n for n in range(30)),
        ):
            refused(client.post(path, content=body, headers=form), "invalid_request")
        grant = {"grant_type": "client_credentials"}
        refused(client.post(path, data=grant), "invalid_client", 401)
        for odd in ("Basic", "Basic !!", "Basic " + b64encode(b"\xff:x").decode(), "Basic " + b64encode(b"x").decode()):
            refused(client.post(path, data=grant, headers={"Authorization": odd}), "invalid_client", 401)
        twice = client.post(path, data={**grant, "client_secret": "x"}, headers={"Authorization": "Basic eDp5"})
        refused(twice, "invalid_request")

    def test_tries_are_limited_by_machine_and_address(self, world: World) -> None:
        made = register(world, world.create_assessor())
        for _ in range(world.settings.sign_in_attempts):
            refused(ask(world, {**made, "client_secret": "itti_wrong"}), "invalid_client", 401)
        problem(ask(world, made), 429, "too-many-requests")

    def test_scopes_and_people(self, world: World) -> None:
        story = tell(world).started()
        made = register(world, story.assessor)
        client = world.api(token=token(world, made, scope="assessments:read"))
        assert client.get(story.path).status_code == 200
        saving = client.put(
            f"{story.path}/answers/maintenance", json={"level": 3, "reason": "x"}, headers={"If-None-Match": "*"}
        )
        assert problem(saving, 403, "scope-missing")["detail"].count("assessments:write") == 1
        assert saving.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="assessments:write"'
        file = client.post(story.evidence_path("maintenance"), files={"file": ("a.txt", b"seen", "text/plain")})
        problem(file, 403, "scope-missing")
        every = register(world, story.assessor, scopes=[scope.value for scope in Scope])
        whole = world.api(token=token(world, every))
        for answer in (
            whole.post(f"{story.path}/moves", json={"move": "submit"}, headers={"If-Match": '"1"'}),
            whole.post(f"{story.path}/declarations", json={"ties": []}),
            whole.get("/me"),
            whole.get("/tokens"),
            whole.post("/machines", json=NEW),
            whole.post("/me/proof", json={"password": "x"}),
        ):
            problem(answer, 403, "people-only")
            assert "insufficient_scope" in answer.headers["www-authenticate"]
        stranger = world.create_assessor()
        other = world.api(token=token(world, register(world, stranger)))
        assert other.get(story.path).status_code == 404, "no more than whom it acts for"

    def test_the_record_says_which_machine(self, world: World) -> None:
        story = tell(world).started()
        made = register(world, story.assessor)
        client = world.api(token=token(world, made))
        saved = client.put(
            f"{story.path}/answers/maintenance", json={"level": 3, "reason": "x"}, headers={"If-None-Match": "*"}
        )
        assert saved.status_code < 300, saved.text
        with world.database.reading() as session:
            events = session.exec(select(Event).where(Event.assessment_id == story.id)).all()
        last = max(events, key=lambda event: event.id or 0)
        assert last.actor_id == story.assessor.id
        assert last.details["machine"] == {
            "id": made["client_id"],
            "name": "Tablets",
            "body": str(story.assessor.body_id),
        }
        acts = world.api(story.office).get(f"{story.path}/acts").json()["items"]
        named = [act["machine"] for act in acts]
        assert named.count("Tablets") == 1
        assert named.count(None) == len(named) - 1
        page = world.browser(story.office).get(f"{story.path}/record")
        assert "Tablets" in page.text


class TestRotation:
    def test_two_overlap(self, both_worlds: World) -> None:
        assessor = both_worlds.create_assessor()
        first, client = register(both_worlds, assessor), both_worlds.api(assessor)
        path = f"/machines/{first['client_id']}/secrets"
        second = client.post(path, json={"overlap_hours": 2}).json()
        assert len(second["secrets"]) == 2
        for each in (first, second):
            assert ask(both_worlds, each).status_code == 200
        third = client.post(path, json={}).json()
        refused(ask(both_worlds, first), "invalid_client", 401)
        for each in (second, third):
            assert ask(both_worlds, each).status_code == 200
        last = client.post(path, json={"overlap_hours": 0, "secret_days": 1}).json()
        assert len(last["secrets"]) == 1
        for each in (second, third):
            refused(ask(both_worlds, each), "invalid_client", 401)
        age(both_worlds, first["client_id"], timedelta(days=1))
        refused(ask(both_worlds, last), "invalid_client", 401)
        problem(client.post(path, json={"overlap_hours": 721}), 422, "invalid-input")

    def test_revocation_at_once(self, both_worlds: World) -> None:
        assessor = both_worlds.create_assessor()
        made = register(both_worlds, assessor)
        machine, client = both_worlds.api(token=token(both_worlds, made)), both_worlds.api(assessor)
        assert machine.get("/assessments").status_code == 200
        path = f"/machines/{made['client_id']}"
        assert client.post(f"{path}/revocation").json()["revoked_at"] is not None
        problem(machine.get("/assessments"), 401, "token-invalid")
        refused(ask(both_worlds, made), "invalid_client", 401)
        problem(client.post(f"{path}/revocation"), 409, "machine-revoked")
        problem(client.post(f"{path}/secrets", json={}), 409, "machine-revoked")

    def test_a_token_given_back(self, world: World) -> None:
        assessor = world.create_assessor()
        made, other = register(world, assessor), register(world, assessor)
        given, own = token(world, made), world.token(assessor)
        for foreign in (own, token(world, other), "unknown"):
            assert ask(world, made, path="revocation", token=foreign).status_code == 200
        assert world.api(token=own).get("/me").status_code == 200
        assert ask(world, made, path="revocation", token=given).status_code == 200
        problem(world.api(token=given).get("/assessments"), 401, "token-invalid")
        refused(ask(world, made, path="revocation"), "invalid_request")
        refused(ask(world, {**made, "client_secret": "x"}, path="revocation", token="x"), "invalid_client", 401)

    def test_who_is_shut_out_takes_the_machine_along(self, world: World) -> None:
        assessor, mover, office = world.create_assessor(), world.create_assessor(), world.create_user()
        made, moved = register(world, assessor), register(world, mover)
        client = world.api(token=token(world, made))
        world.write(lambda session: accounts.disable_user(session, Act(session.get(User, office.id)), assessor.id))
        problem(client.get("/assessments"), 401, "token-invalid")
        refused(ask(world, made), "invalid_client", 401)
        body = world.create_body()

        def move(session: Any) -> None:
            session.get(User, mover.id).body_id = body.id

        world.write(move)
        refused(ask(world, moved), "invalid_client", 401)
        assert world.api(office).post(f"/people/{assessor.id}/erasure").status_code < 300
        assert [each["name"] for each in world.api(office).get("/machines").json()] == ["Tablets"], "erased with them"


class TestPages:
    def test_whole_way(self, world: World) -> None:
        assessor = world.create_assessor()
        browser = world.browser(assessor)
        assert world.browser().get("/machines").headers["location"].startswith("/sign-in")
        offered = world.browser(world.create_user(Role.FACTORY)).get("/machines").text
        assert ("scope.footprints:read" in offered, "scope.assessments:read" in offered) == (True, False)
        empty = browser.post("/machines", data={"name": "", "secret_days": "1"})
        assert empty.status_code == 422
        made = browser.post(
            "/machines", data={"name": "<b>Tablets", "scope.assessments:read": "1", "secret_days": "30"}
        )
        assert made.status_code == 201
        assert "<b>" not in made.text
        secret = re.findall(r"itti_[\w-]{43}", made.text)[0]
        listed = browser.get("/machines")
        address = re.findall(r'href="(/machines/[^"]+)"', listed.text)[0]
        assert secret not in listed.text + browser.get(address).text
        machine = {"client_id": address.rpartition("/")[2], "client_secret": secret}
        assert ask(world, machine).json()["scope"] == "assessments:read"
        assert browser.post(f"{address}/secrets", data={"overlap_hours": "x", "secret_days": "9"}).status_code == 422
        other = browser.post(f"{address}/secrets", data={"overlap_hours": "٠", "secret_days": "9"})
        assert other.status_code == 201
        refused(ask(world, machine), "invalid_client", 401)
        assert browser.post(f"{address}/revocation").status_code == 303
        for language in ("en", "ar"):
            browser.post("/account/language", data={"language": language})
            assert browser.get(address).status_code == 200
        assert world.browser(world.create_assessor()).get(address).status_code == 404
        office = world.browser(world.create_user())
        wanted = {"name": "ERP", "assessor_id": str(assessor.id), "scope.scores:compute": "1", "secret_days": "30"}
        assert office.post("/machines", data=wanted).status_code == 201

    def test_description(self, world: World) -> None:
        found = world.running.get("/.well-known/oauth-authorization-server").json()
        assert found["issuer"] == world.settings.base_url
        assert world.running.post(found["token_endpoint"]).status_code == 400
        assert world.running.post(found["revocation_endpoint"]).status_code == 400
        assert found["scopes_supported"] == [scope.value for scope in Scope]
