"""Who sees to the machines of a body: named by the office, for colleagues of the same body and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlmodel import select

from itti.accounts.tables import Role, User
from itti.audit.tables import Event
from itti.mail.tables import OutgoingMail
from tests.itti.conftest import World
from tests.itti.expect import pointers, problem
from tests.itti.machines.test_machines import NEW, ask, register


def entrust(world: World, user: User, *, keeps: bool = True) -> dict[str, Any]:
    answer = world.api(world.create_user()).put(f"/people/{user.id}/tool-keeping", json={"keeps": keeps})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_for_colleagues_and_nobody_else(both_worlds: World) -> None:
    world = both_worlds
    world.app.state.settings = world.settings.model_copy(update={"mail_host": "127.0.0.1"})
    body = world.create_body()
    keeper, colleague, stranger = (
        world.create_user(Role.ASSESSOR, body=body),
        world.create_assessor(body=body),
        world.create_assessor(),
    )
    own, elsewhere = register(world, colleague), register(world, stranger)
    client = world.api(keeper)
    assert client.get("/machines").json() == []
    problem(client.get(f"/machines/{own['client_id']}"), 404, "machine-unknown")
    assert entrust(world, keeper)["keeps_tools"] is True
    assert [each["client_id"] for each in client.get("/machines").json()] == [own["client_id"]]
    made = register(world, keeper, assessor_id=str(colleague.id), name="ERP")
    assert made["assessor_id"] == str(colleague.id)
    assert ask(world, made).status_code == 200
    assert client.post(f"/machines/{own['client_id']}/secrets", json={}).status_code == 201
    assert client.post(f"/machines/{own['client_id']}/revocation").status_code == 200
    problem(client.get(f"/machines/{elsewhere['client_id']}"), 404, "machine-unknown")
    foreign = client.post("/machines", json=NEW | {"assessor_id": str(stranger.id)})
    assert pointers(problem(foreign, 422, "invalid-input")) == {"/assessor_id": "not-that-assessor"}
    assert world.api(colleague).post(f"/machines/{made['client_id']}/revocation").status_code == 200
    with world.database.reading() as session:
        letters = session.exec(select(OutgoingMail).where(OutgoingMail.letter == "machine-added")).all()
        acts = [event.action for event in session.exec(select(Event))]
    assert [letter.address for letter in letters] == [colleague.email], "of none of their own"
    assert acts.count("user.tools-entrusted") == 1
    assert entrust(world, keeper, keeps=False)["keeps_tools"] is False
    assert client.get("/machines").json() == []


def test_nothing_is_kept_in_another_body(world: World) -> None:
    keeper, body = world.create_assessor(), world.create_body()
    colleague = world.create_assessor(body=body)
    entrust(world, keeper)
    register(world, colleague)

    def move(session: Any) -> None:
        session.get(User, keeper.id).body_id = body.id

    world.write(move)
    assert world.api(keeper).get("/machines").json() == []
    assert world.api(keeper).get("/me").json()["keeps_tools"] is False


def test_the_office_alone_says_who(world: World) -> None:
    assessor, office = world.create_assessor(), world.create_user()
    path, body = f"/people/{assessor.id}/tool-keeping", {"keeps": True}
    problem(world.api().put(path, json=body), 401, "sign-in-needed")
    problem(world.api(assessor).put(path, json=body), 403, "wrong-role")
    stale = world.api(token=world.token(office, datetime.now(UTC) - timedelta(hours=1)))
    problem(stale.put(path, json=body), 401, "fresh-sign-in-needed")
    client = world.api(office)
    problem(client.put(f"/people/{uuid4()}/tool-keeping", json=body), 404, "user-unknown")
    problem(client.put(f"/people/{office.id}/tool-keeping", json=body), 409, "not-of-a-body")
    problem(client.put(path, json={"keeps": "perhaps"}), 422, "invalid-input")
    client.post(f"/people/{assessor.id}/closure")
    problem(client.put(path, json=body), 409, "account-closed")


def test_pages(world: World) -> None:
    body = world.create_body()
    keeper, colleague = world.create_assessor(body=body), world.create_assessor(body=body)
    office = world.browser(world.create_user())
    assert "tool-keeping" in office.get(f"/assessors/{keeper.id}").text
    named = office.post(f"/people/{keeper.id}/tool-keeping", data={"keeps": "1"})
    assert named.headers["location"] == f"/assessors/{keeper.id}"
    shown = office.get(f"/assessors/{keeper.id}").text
    assert "#key" in shown
    assert 'name="keeps" value="0"' in shown
    browser = world.browser(keeper)
    assert colleague.name in browser.get("/machines").text
    wanted = {"name": "ERP", "assessor_id": str(colleague.id), "scope.scores:compute": "1", "secret_days": "30"}
    assert browser.post("/machines", data=wanted).status_code == 201
    assert keeper.name not in world.browser(colleague).get("/machines").text.partition("<main")[2]
