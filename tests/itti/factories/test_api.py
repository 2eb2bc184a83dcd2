"""Factories and their people over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from itti.accounts.tables import Role
from tests.itti.conftest import World
from tests.itti.expect import pointers, problem

FACTORY = {
    "name": "Gulf Foods",
    "name_ar": "أغذية الخليج",
    "licence": "IL-2031-445",
    "sector": "food",
    "region": "Abu Dhabi",
    "employees": 180,
}
PERSON = {"email": "mariam@example.org", "name": "Mariam", "name_ar": None}
NONE = "9b1f1c52-5a0e-4d2f-8c53-0f6a0a5d7e01"

WRITES = [
    ("POST", "/factories", FACTORY),
    ("PUT", f"/factories/{NONE}", FACTORY),
    ("POST", f"/factories/{NONE}/people", PERSON),
]
READS = [("GET", "/factories", None), ("GET", f"/factories/{NONE}", None), ("GET", f"/factories/{NONE}/people", None)]


@pytest.mark.parametrize(("method", "path", "body"), [*WRITES, *READS])
def test_anonymous(world: World, method: str, path: str, body: object) -> None:
    problem(world.api().request(method, path, json=body), 401, "sign-in-needed")


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.FACTORY])
@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_wrong_role(world: World, role: Role, method: str, path: str, body: object) -> None:
    client = world.api(world.create_user(role))
    problem(client.request(method, path, json=body, headers={"If-Match": '"1"'}), 403, "wrong-role")


@pytest.mark.parametrize(("method", "path", "body"), [*WRITES[1:], *READS[1:]])
def test_not_existing(world: World, method: str, path: str, body: object) -> None:
    client = world.api(world.create_user())
    answer = client.request(method, path, json=body, headers={"If-Match": '"1"'})
    assert NONE in problem(answer, 404, "factory-unknown")["detail"]


class TestFactories:
    def test_register_and_read(self, world: World) -> None:
        client = world.api(world.create_user())
        made = client.post("/factories", json=FACTORY)
        assert made.status_code == 201, made.text
        assert made.headers["etag"] == '"1"'
        assert {name: made.json()[name] for name in FACTORY} == FACTORY
        read = client.get(f"http://testserver{made.headers['location']}")
        assert read.json() == made.json()
        assert read.headers["etag"] == '"1"'

    def test_licence_taken(self, both_worlds: World) -> None:
        client = both_worlds.api(both_worlds.create_user())
        client.post("/factories", json=FACTORY)
        document = problem(client.post("/factories", json=FACTORY | {"name": "Other"}), 409, "taken")
        assert pointers(document) == {"/licence": "taken"}

    def test_change(self, world: World) -> None:
        client = world.api(world.create_user())
        factory = world.create_factory()
        answer = client.put(f"/factories/{factory.id}", json=FACTORY, headers={"If-Match": '"1"'})
        assert answer.status_code == 200, answer.text
        assert answer.headers["etag"] == '"2"'
        assert answer.json()["version"] == 2

    def test_same_again_is_no_change(self, world: World) -> None:
        client = world.api(world.create_user())
        made = client.post("/factories", json=FACTORY).json()
        answer = client.put(f"/factories/{made['id']}", json=FACTORY, headers={"If-Match": '"1"'})
        assert answer.headers["etag"] == '"1"'

    def test_change_without_precondition(self, world: World) -> None:
        factory = world.create_factory()
        answer = world.api(world.create_user()).put(f"/factories/{factory.id}", json=FACTORY)
        problem(answer, 428, "precondition-required")

    def test_stale(self, world: World) -> None:
        client = world.api(world.create_user())
        factory = world.create_factory()
        client.put(f"/factories/{factory.id}", json=FACTORY, headers={"If-Match": '"1"'})
        answer = client.put(f"/factories/{factory.id}", json=FACTORY, headers={"If-Match": '"1"'})
        assert problem(answer, 412, "stale")["current"]["employees"] == 180

    def test_visibility(self, world: World) -> None:
        own, other = world.create_factory(name="A"), world.create_factory(name="B")
        theirs = world.api(world.create_user(Role.FACTORY, factory=own))
        assert [row["id"] for row in theirs.get("/factories").json()["items"]] == [str(own.id)]
        problem(theirs.get(f"/factories/{other.id}"), 404, "factory-unknown")
        assessor = world.api(world.create_user(Role.ASSESSOR))
        assert len(assessor.get("/factories").json()["items"]) == 2
        assert assessor.get(f"/factories/{other.id}").status_code == 200


class TestManyWriters:
    def test_no_write_is_lost(self, both_worlds: World) -> None:
        """A dozen people read the entry and add one to the staff, again and again until they are heard."""
        world = both_worlds
        factory = world.create_factory(employees=1)
        client = world.api(world.create_user())
        path = f"/factories/{factory.id}"

        def hire(_number: int) -> int:
            tries = 0
            while True:
                tries += 1
                read = client.get(path)
                entry = {name: read.json()[name] for name in FACTORY}
                entry["employees"] += 1
                answer = client.put(path, json=entry, headers={"If-Match": read.headers["etag"]})
                if answer.status_code == 200:
                    return tries
                problem(answer, 412, "stale")

        with ThreadPoolExecutor(12) as pool:
            tries = list(pool.map(hire, range(12)))
        after = client.get(path)
        assert after.json()["employees"] == 13
        assert after.headers["etag"] == '"13"'
        assert max(tries) > 1, "they did meet"

    def test_blind_writers_are_told(self, both_worlds: World) -> None:
        """Fifty write at once against the first version: one is heard, forty-nine know that they were not."""
        world = both_worlds
        factory = world.create_factory()
        client = world.api(world.create_user())

        def write(number: int) -> int:
            body = FACTORY | {"employees": number + 1000}
            return client.put(f"/factories/{factory.id}", json=body, headers={"If-Match": '"1"'}).status_code

        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(write, range(50)))
        assert sorted(answers) == [200] + [412] * 49
        assert client.get(f"/factories/{factory.id}").json()["employees"] == 1000 + answers.index(200)

    def test_fifty_new_ones_at_once(self, both_worlds: World) -> None:
        """More requests than threads and connections: all wait their turn, none fails."""
        client = both_worlds.api(both_worlds.create_user())

        def register(number: int) -> int:
            return client.post("/factories", json=FACTORY | {"licence": f"new-{number // 2}"}).status_code

        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(register, range(100)))
        assert sorted(answers) == [201] * 50 + [409] * 50


class TestPeople:
    def test_register_and_list(self, world: World) -> None:
        factory = world.create_factory()
        office = world.api(world.create_user())
        made = office.post(f"/factories/{factory.id}/people", json=PERSON)
        assert made.status_code == 201, made.text
        assert made.json()["role"] == "factory"
        assert made.json()["factory_id"] == str(factory.id)
        sign_in = {"email": PERSON["email"], "password": made.json()["initial_password"]}
        token = world.api().post("/tokens", json=sign_in).json()["token"]
        theirs = world.api(token=token)
        assert [row["name"] for row in theirs.get(f"/factories/{factory.id}/people").json()] == ["Mariam"]
        assert [row["name"] for row in office.get(f"/factories/{factory.id}/people").json()] == ["Mariam"]

    def test_address_taken(self, world: World) -> None:
        factory = world.create_factory()
        office = world.api(world.create_user())
        office.post(f"/factories/{factory.id}/people", json=PERSON)
        answer = office.post(f"/factories/{factory.id}/people", json=PERSON | {"email": "MARIAM@example.org"})
        assert pointers(problem(answer, 409, "taken")) == {"/email": "taken"}

    def test_assessors_need_not_know(self, world: World) -> None:
        factory = world.create_factory()
        client = world.api(world.create_user(Role.ASSESSOR))
        problem(client.get(f"/factories/{factory.id}/people"), 403, "wrong-role")

    def test_of_another_factory(self, world: World) -> None:
        other = world.create_factory()
        client = world.api(world.create_user(Role.FACTORY))
        problem(client.get(f"/factories/{other.id}/people"), 404, "factory-unknown")
