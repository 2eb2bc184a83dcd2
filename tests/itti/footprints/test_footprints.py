"""Footprints through the front door: who may do what with whose, and what becomes of it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from itti.accounts.scopes import Scope
from itti.accounts.tables import Role, User
from itti.audit.tables import Event
from itti.footprints import partners
from itti.footprints.tables import FootprintMessage, Partner
from tests.itti.conftest import World
from tests.itti.expect import pointers, problem
from tests.itti.footprints.stage import INVENTORY, PACT, PRODUCT, Stage, declared, enter_partner, event, staged


@pytest.fixture
def stage(world: World) -> Stage:
    return staged(world)


def machine_token(world: World, user: User, *scopes: Scope) -> str:
    """A token of a machine that acts for somebody, limited to some scopes."""
    made = world.api(user).post("/machines", json={"name": "ERP", "scopes": [scope.value for scope in scopes]})
    assert made.status_code == 201, made.text
    sent = {"grant_type": "client_credentials"}
    proof = (made.json()["client_id"], made.json()["client_secret"])
    token: str = world.api().post("/oauth/token", data=sent, auth=proof).json()["access_token"]
    return token


def visible(client: Any) -> list[str]:
    answer = client.get("/footprints")
    assert answer.status_code == 200, answer.text
    return [each["footprint"]["id"] for each in answer.json()["items"]]


def actions(world: World) -> list[str]:
    with world.database.reading() as session:
        recorded = session.exec(select(Event).order_by(col(Event.id)))
        return [each.action for each in recorded if each.action.startswith("footprint")]


class TestEntering:
    def test_by_whom(self, stage: Stage) -> None:
        world, sent = stage.world, {"footprint": declared()}
        problem(world.api().post("/footprints", json=sent), 401, "sign-in-needed")
        problem(world.api(world.create_user()).post("/footprints", json=sent), 403, "wrong-role")
        assert world.api(world.create_assessor()).post("/footprints", json=sent).status_code == 201
        reader = machine_token(world, stage.owner, Scope.FOOTPRINTS_READ)
        problem(world.api(token=reader).post("/footprints", json=sent), 403, "scope-missing")
        writer = machine_token(world, stage.owner, Scope.FOOTPRINTS_WRITE)
        made = world.api(token=writer).post("/footprints", json=sent)
        assert made.status_code == 201
        problem(world.api(token=writer).get("/footprints"), 403, "scope-missing")
        problem(
            world.api(token=writer).put(f"{made.headers['location'][7:]}/partners", json={"partners": []}),
            403,
            "people-only",
        )
        assert visible(world.api(stage.owner)) == [made.json()["footprint"]["id"]]

    def test_mistakes_are_named(self, stage: Stage) -> None:
        owner = stage.world.api(stage.owner)
        sent = {"footprint": declared({"fossilGhgEmissions": "7", "geographyCountrySubdivision": "AE-DU"})}
        document = problem(owner.post("/footprints", json=sent), 422, "footprint-invalid")
        assert pointers(document) == {
            "/footprint/pcf/pcfExcludingBiogenicUptake": "sum-excluding",
            "/footprint/pcf/geographyCountrySubdivision": "one-place",
        }
        for bad in (
            declared({"fossilGhgEmissions": 0.41}),
            declared(productIds=["4712345060507"]),
            declared(status="Active"),
        ):
            problem(owner.post("/footprints", json={"footprint": bad}), 422, "invalid-input")
        assert visible(owner) == []

    def test_hostile_texts(self, stage: Stage) -> None:
        owner = stage.world.api(stage.owner)
        for name in ("\u0000", "\ud800", "\u202e "):
            content = json.dumps({"footprint": declared(productNameCompany=name)})
            answer = owner.post("/footprints", content=content, headers={"Content-Type": "application/json"})
            problem(answer, 422, "invalid-input")
        extension = {"specVersion": "2.0.0", "dataSchema": "https://a.example", "data": {"x": "\ud800"}}
        content = json.dumps({"footprint": declared(extensions=[extension])})
        answer = owner.post("/footprints", content=content, headers={"Content-Type": "application/json"})
        problem(answer, 422, "invalid-input")
        made = stage.enter(productNameCompany="<b>بلاط</b> ' OR 1=1")
        assert made["productNameCompany"] == "<b>بلاط</b> ' OR 1=1"

    def test_another_takes_its_place(self, stage: Stage) -> None:
        owner = stage.world.api(stage.owner)
        first = stage.enter()
        stage.share(first)
        second = stage.enter(replaces=first["id"], comment="Power from the sun.")
        third = stage.enter(replaces=second["id"])
        assert third["precedingPfIds"] == [second["id"], first["id"]]
        partner = stage.partner_client()
        listed = {each["id"]: each["status"] for each in partner.get("3/footprints").json()["data"]}
        assert listed == {first["id"]: "Deprecated", second["id"]: "Deprecated", third["id"]: "Active"}
        kept = partner.get(f"3/footprints/{first['id']}").json()["data"]
        assert kept == first | {"status": "Deprecated"}, "nothing else of it changes"
        again = {"footprint": declared(), "replaces": first["id"]}
        problem(owner.post("/footprints", json=again), 409, "footprint-deprecated")
        alien = stage.world.api(stage.world.create_user(Role.FACTORY))
        problem(alien.post("/footprints", json=again | {"replaces": third["id"]}), 404, "footprint-unknown")
        assert owner.post(f"/footprints/{third['id']}/deprecation").json()["footprint"]["status"] == "Deprecated"
        problem(owner.post(f"/footprints/{third['id']}/deprecation"), 409, "footprint-deprecated")
        assert actions(stage.world).count("footprint.deprecated") == 3


class TestComputing:
    def test_an_inventory_is_counted(self, stage: Stage) -> None:
        owner = stage.world.api(stage.owner)
        answer = owner.post("/footprints/computed", json={"inventory": INVENTORY, "product": PRODUCT})
        assert answer.status_code == 201, answer.text
        pcf = answer.json()["footprint"]["pcf"]
        assert pcf["pcfExcludingBiogenicUptake"] == pcf["fossilGhgEmissions"] == "0.079"  # 400 MWh × 0.177 kg / 900 t
        assert (pcf["biogenicCO2Uptake"], pcf["pcfIncludingBiogenicUptake"]) == ("-0.917", "-0.838")
        assert pcf["biogenicCarbonContent"] == "0.25"
        path = f"/footprints/{answer.json()['footprint']['id']}/calculation"
        assert owner.get(path).json()["total"]["value"] == "0.079"
        stage.share(answer.json()["footprint"])
        token = stage.ask_token().json()["access_token"]
        problem(stage.world.api(token=token).get(path), 404, "footprint-unknown")
        entered = stage.enter()
        problem(owner.get(f"/footprints/{entered['id']}/calculation"), 404, "footprint-not-computed")

    def test_mistakes_are_named(self, stage: Stage) -> None:
        cases: list[tuple[dict[str, Any], dict[str, Any], str]] = [
            (
                {"lines": [{"id": "power", "amount": 1, "unit": "kWh", "factor": "desnz@2025-v1/nothing"}]},
                {},
                "/inventory/lines/0/factor",
            ),
            ({"region": "Atlantis"}, {}, "/inventory/region"),
            ({"biogenic_carbon": 0.25}, {}, "/inventory"),
            ({"output": {"amount": 10**30, "unit": "t"}}, {}, "/inventory"),
            ({}, {"fossil_carbon": None}, "/product/fossil_carbon"),
            ({}, {"fossil_carbon": "-1"}, "/product/fossil_carbon"),
            ({}, {"exempted_percent": "101"}, "/product/pcf/exemptedEmissionsPercent"),
        ]
        client = stage.world.api(stage.owner)
        for inventory, product, place in cases:
            sent = {"inventory": INVENTORY | inventory, "product": PRODUCT | product}
            answer = client.post("/footprints/computed", json=sent, headers={"Accept-Language": "ar"})
            assert answer.status_code == 422, answer.text
            assert place in pointers(answer.json())


class TestReading:
    def test_its_owner_decides(self, stage: Stage) -> None:
        world, owner = stage.world, stage.world.api(stage.owner)
        made, path = stage.enter(), "/footprints"
        colleague = world.create_user(Role.FACTORY, factory=None)
        outsiders = [world.create_assessor(), colleague]
        for person in outsiders:
            assert visible(world.api(person)) == []
            problem(world.api(person).get(f"{path}/{made['id']}"), 404, "footprint-unknown")
            own_machine = stage.client(machine_token(world, person, Scope.FOOTPRINTS_READ))
            told = own_machine.get(f"3/footprints/{made['id']}")
            assert (told.status_code, told.json()["code"]) == (403, "AccessDenied")
        problem(world.api(world.create_user()).get(path), 403, "wrong-role")
        assert stage.client(world.token(world.create_user())).get("3/footprints").status_code == 403
        partner = stage.partner_client()
        assert partner.get("3/footprints").json() == {"data": []}
        stage.share(made)
        assert [each["id"] for each in partner.get("3/footprints").json()["data"]] == [made["id"]]
        assert owner.get(f"{path}/{made['id']}").json()["partners"] == [stage.partner["id"]]
        stage.share(made, to=())
        assert partner.get(f"3/footprints/{made['id']}").status_code == 403
        assert {"footprint.shared", "footprint.withheld"} <= set(actions(world))

    def test_a_machine_of_ones_own_reads_all(self, stage: Stage) -> None:
        made = stage.enter()
        own = stage.client(machine_token(stage.world, stage.owner, Scope.FOOTPRINTS_READ))
        assert own.get(f"3/footprints/{made['id']}").json()["data"] == made
        assert own.post("3/events", json=event("PublishedEvent", {"pfIds": [made["id"]]})).status_code == 403
        other = stage.world.create_assessor()
        wrong = stage.client(machine_token(stage.world, other, Scope.ASSESSMENTS_READ))
        told = wrong.get("3/footprints")
        assert (told.status_code, told.json()["code"]) == (403, "AccessDenied")

    def test_a_partner_that_is_of_the_programme(self, stage: Stage) -> None:
        world = stage.world
        body, mill = world.create_assessor(), world.create_user(Role.FACTORY)
        licence = world.api(mill).get(f"/factories/{mill.factory_id}").json()["licence"]
        made = stage.enter()
        party = {"signs_in": False}
        listed = [
            enter_partner(world, stage.owner, name="Body", body_id=str(body.body_id), **party),
            enter_partner(world, stage.owner, name="Mill", licence=licence, **party),
        ]
        assert [(each["machine_id"], each["client_secret"]) for each in listed] == [(None, None)] * 2
        stage.share(made, to=tuple(each["id"] for each in listed))
        for person in (body, mill):
            (seen,) = world.api(person).get("/footprints").json()["items"]
            assert (seen["footprint"]["id"], seen["own"], seen["partners"]) == (made["id"], False, None)
            problem(
                world.api(person).put(f"/footprints/{made['id']}/partners", json={"partners": []}),
                404,
                "footprint-unknown",
            )
        assert world.api(stage.owner).delete(f"/footprint-partners/{listed[0]['id']}").status_code == 204
        assert (visible(world.api(body)), visible(world.api(mill))) == ([], [made["id"]])

    def test_only_ones_own_partners(self, stage: Stage) -> None:
        made = stage.enter()
        other = enter_partner(stage.world, stage.world.create_assessor())
        for wrong in (other["id"], str(uuid4())):
            sent = {"partners": [wrong]}
            answer = stage.world.api(stage.owner).put(f"/footprints/{made['id']}/partners", json=sent)
            problem(answer, 404, "partner-unknown")


class TestPartners:
    def test_who(self, stage: Stage) -> None:
        world, path = stage.world, f"/footprint-partners/{stage.partner['id']}"
        problem(world.api().get(path), 401, "sign-in-needed")
        problem(world.api(world.create_user()).get("/footprint-partners"), 403, "wrong-role")
        for stranger in (world.create_user(Role.FACTORY), world.create_assessor()):
            for method, rest in (("GET", ""), ("DELETE", ""), ("GET", "/messages"), ("POST", "/requests")):
                answer = world.api(stranger).request(method, path + rest, json={} if method == "POST" else None)
                problem(answer, 404, "partner-unknown")
        token = stage.ask_token().json()["access_token"]
        problem(world.api(token=token).get("/footprint-partners"), 403, "people-only")
        assert "secret" not in world.api(stage.owner).get(path).text
        assert stage.partner["address"] == PACT

    def test_no_unsafe_address(self, stage: Stage) -> None:
        world = stage.world
        world.app.state.settings = world.settings.model_copy(update={"webhook_private": False})
        for field, address in (
            ("base_url", "http://pact.example.com"),
            ("base_url", "https://10.0.0.7"),
            ("base_url", "https://pact.example.com/?a=b"),
            ("token_url", "https://localhost/token"),
        ):
            sent = {"name": "x", "base_url": "https://pact.example.com"} | {field: address}
            document = problem(
                world.api(stage.owner).post("/footprint-partners", json=sent), 422, "partner-address-unsafe"
            )
            assert pointers(document)["/" + field] == "address-unsafe"
        for sent in ({"licence": "nobody"}, {"body_id": str(uuid4())}):
            problem(world.api(stage.owner).post("/footprint-partners", json={"name": "x"} | sent), 422, "invalid-input")

    def test_nothing_readable_is_kept(self, stage: Stage) -> None:
        made = enter_partner(stage.world, stage.owner, base_url="http://127.0.0.1:9", client_secret="known to both")
        with stage.world.database.reading() as session:
            kept = repr(session.get_one(Partner, UUID(made["id"])))
            told = repr([each.details for each in session.exec(select(Event))])
        for secret in ("known to both", made["client_secret"]):
            assert secret not in kept + told

    def test_the_end(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        world, made = stage.world, stage.enter()
        stage.share(made)
        partner, path = stage.partner_client(), f"/footprint-partners/{stage.partner['id']}"
        assert world.api(stage.owner).delete(path).status_code == 204
        assert partner.get("3/footprints").status_code == 400
        assert stage.ask_token().json()["error"] == "invalid_client"
        problem(world.api(stage.owner).delete(path), 404, "partner-unknown")
        monkeypatch.setattr(partners, "MOST", 0)
        problem(world.api(stage.owner).post("/footprint-partners", json={"name": "x"}), 409, "too-many-partners")

    def test_it_outlives_the_data_of_who_entered_it(self, stage: Stage) -> None:
        world, made = stage.world, stage.enter()
        stage.share(made)
        owner = world.write(lambda session: session.get_one(User, stage.owner.id).factory_id)
        colleague = world.create_user(Role.FACTORY)

        def join(session: Any) -> None:
            session.get(User, colleague.id).factory_id = owner

        world.write(join)
        office = world.api(world.create_user())
        assert office.post(f"/people/{stage.owner.id}/closure").status_code < 300
        assert stage.ask_token().json()["error"] == "invalid_client"
        assert office.post(f"/people/{stage.owner.id}/erasure").status_code < 300
        (left,) = world.api(colleague).get("/footprint-partners").json()
        assert (left["id"], left["machine_id"]) == (stage.partner["id"], None)
        assert visible(world.api(colleague)) == [made["id"]]
        assert world.api(colleague).delete(f"/footprint-partners/{left['id']}").status_code == 204

    def test_asking_one_without_a_service(self, stage: Stage) -> None:
        path = f"/footprint-partners/{stage.partner['id']}/requests"
        problem(stage.world.api(stage.owner).post(path, json={}), 409, "partner-unreachable")
        sent = event("RequestCreatedEvent", {"productId": ["urn:a:b"]})
        headers = {"Content-Type": "application/cloudevents+json"}
        answer = stage.partner_client().post("3/events", content=json.dumps(sent), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")


def test_what_partners_sent_is_shown_with_warnings(stage: Stage) -> None:
    system = {"id": str(uuid4()), "specVersion": "3.0.0", "created": "2025-04-30T00:00:00Z", "status": "Active"}
    good, wrong = declared() | system, declared({"fossilGhgEmissions": "0.9"}) | system
    sent = event("RequestFulfilledEvent", {"requestEventId": "r", "pfs": [good, wrong, {"id": "x"}]})
    partner, headers = stage.partner_client(), {"Content-Type": "application/cloudevents+json"}
    for _ in range(2):
        assert partner.post("3/events", content=json.dumps(sent), headers=headers).status_code == 200
    (shown,) = stage.world.api(stage.owner).get("/footprint-events").json()["items"]
    assert (shown["name"], shown["data"], shown["event"]) == ("fulfilled", sent["data"], sent["id"])
    warned = {each["pointer"]: each["code"] for each in shown["warnings"]}
    assert warned["/data/pfs/1/pcf/pcfExcludingBiogenicUptake"] == "sum-excluding"
    assert warned["/data/pfs/2/pcf"] == "missing"
    assert not any(pointer.startswith("/data/pfs/0") for pointer in warned)
    for stranger in (stage.world.create_user(Role.FACTORY), stage.world.create_assessor()):
        assert stage.world.api(stranger).get("/footprint-events").json()["items"] == []
    with stage.world.database.reading() as session:
        assert session.exec(select(FootprintMessage)).all() == []
