"""Exports asked for by the office: made by a worker, fetched by nobody else, and none tells by its difference."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from itti.accounts.tables import Role
from itti.acts import now
from itti.audit.tables import Event
from itti.certificates.tables import Certificate, CertificateState
from itti.factories.tables import Factory, Sector
from itti.queue.rows import JobState
from itti.results import making
from itti.results.making import work_off
from itti.results.service import Export, export
from itti.results.tables import ResultExport
from reports.report import Standing
from tests.itti.conftest import World
from tests.itti.expect import pointers, problem
from tests.itti.results.test_export import TODAY, filled

__all__ = ["filled"]

ITTI = {"family": "itti", "version": "1.0.0"}
PATH = "/result-exports"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "day_of", lambda *_: TODAY)


def made(world: World) -> dict[str, object]:
    """What becomes of an export that is asked for."""
    office = world.api(world.create_user())
    asked = office.post(PATH, json=ITTI)
    assert asked.status_code == 202, asked.text
    assert asked.json()["state"] == "waiting"
    assert work_off(world.database, 10, lambda: Standing.CERTIFICATE) >= 1
    found: dict[str, object] = office.get(f"http://testserver{asked.headers['location']}").json()
    return found


def change(world: World, sector: Sector, most: int, work: Callable[[Certificate], None]) -> None:
    """Do something to the certificates of so many factories."""

    def write(session: Session) -> None:
        found = select(Certificate).join(Factory).where(Factory.sector == sector, Certificate.standing == "certificate")
        rows = session.exec(
            found.where(Certificate.state == CertificateState.ISSUED).order_by(Certificate.number)
        ).all()
        for row in rows[:most]:
            work(row)
            session.add(row)

    world.write(write)


def revoke(row: Certificate) -> None:
    row.state = CertificateState.REVOKED


def test_asked_for_made_and_fetched(filled: World) -> None:
    found = made(filled)
    assert (found["state"], found["least"], found["on"]) == ("done", 10, str(TODAY))
    office = filled.create_user()
    client = filled.api(office)
    assert [each["id"] for each in client.get(PATH).json()["items"]] == [found["id"]]
    content = client.get(f"{PATH}/{found['id']}/results.parquet")
    assert hashlib.sha256(content.content).hexdigest() == found["sha256"]
    assert content.headers["content-type"] == "application/vnd.apache.parquet"
    told = client.get(f"{PATH}/{found['id']}/dictionary.json").json()
    assert (told["sha256"], told["rows"]) == (found["sha256"], found["rows"])
    page = filled.browser(office)
    assert page.get(PATH).text.count("results.parquet") == 2
    assert page.get(f"{PATH}/{found['id']}/results.parquet").content == content.content
    assert page.post(PATH, data={"questionnaire": "itti 1.0.0"}).status_code == 303
    assert page.post(PATH, data={"questionnaire": "itti 1.0.0"}).status_code == 303
    assert len(client.get(PATH).json()["items"]) == 2, "one that waits is not asked for twice"
    page.post("/account/language", data={"language": "ar"})
    assert page.get(PATH).status_code == 200
    with filled.database.reading() as session:
        assert len(session.exec(select(Event).where(Event.action == "results.asked")).all()) == 2


def test_for_nobody_else_and_for_nothing_else(world: World) -> None:
    office = world.api(world.create_user())
    for role in (Role.ASSESSOR, Role.FACTORY):
        client = world.api(world.create_user(role))
        problem(client.get(PATH), 403, "wrong-role")
        problem(client.post(PATH, json=ITTI), 403, "wrong-role")
        problem(client.get(f"{PATH}/{uuid4()}/results.parquet"), 403, "wrong-role")
    problem(world.api().get(PATH), 401, "sign-in-needed")
    for nothing in (ITTI, {"family": "none", "version": "1.0.0"}):
        assert pointers(problem(office.post(PATH, json=nothing), 422, "invalid-input")) == {
            "/version": "nobody-certified"
        }
    problem(office.post(PATH, json=ITTI | {"least": 3}), 422, "invalid-input")
    problem(office.get(f"{PATH}/{uuid4()}"), 404, "export-unknown")
    assert world.browser(world.create_user()).post(PATH, data={"questionnaire": "x"}).status_code == 422


def test_no_difference_tells_of_few(filled: World) -> None:
    first = made(filled)
    again = made(filled)
    assert again["rows"] == first["rows"], "nothing has changed"
    change(filled, Sector.FOOD, 1, revoke)
    fewer = made(filled)
    assert (fewer["state"], fewer["code"]) == ("failed", "too-little-new")
    office = filled.api(filled.create_user())
    problem(office.get(f"{PATH}/{fewer['id']}/results.parquet"), 409, "export-not-ready")
    assert "too little has changed" in str(fewer["reason"])


def test_a_mistake_of_ours_is_seen(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(making, "export", broken)
    found = made(filled)
    assert (found["state"], found["code"]) == ("waiting", "export-broke-down")


def test_what_was_exported_meanwhile_is_taken_into_account(filled: World) -> None:
    office = filled.create_user()
    filled.api(office).post(PATH, json=ITTI)
    taken = making.take(filled.database)
    assert taken is not None

    def meanwhile(*given: Any) -> Export:
        filled.write(lambda session: session.add(_another(office.id)))
        return export(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "export", meanwhile)
        making.make(filled.database, 10, lambda: Standing.CERTIFICATE, taken)
    states = [each["state"] for each in filled.api(office).get(PATH).json()["items"]]
    assert sorted(states) == ["done", "waiting"]


def _another(user: UUID) -> ResultExport:
    return ResultExport(
        state=JobState.DONE,
        next_try=now(),
        ended_at=now(),
        asked_by=user,
        created_at=now(),
        shown={"chains": {}, "groups": []},
        family="itti",
        version="1.0.0",
    )
