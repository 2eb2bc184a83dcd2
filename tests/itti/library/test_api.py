"""Published questionnaires over HTTP; public."""

from __future__ import annotations

import hashlib

import questionnaires
from tests.itti.conftest import World
from tests.itti.expect import problem


def test_list(world: World) -> None:
    answer = world.api().get("/questionnaires")
    assert answer.status_code == 200
    listed = answer.json()
    assert [(row["family"], row["version"]) for row in listed] == list(questionnaires.published())
    itti = next(row for row in listed if row["family"] == "itti")
    assert itti["questions"] == 20
    assert set(itti["titles"]) == {"en", "ar"}
    assert itti["origin"] == "own"
    assert sum(row["latest"] for row in listed if row["family"] == "itti") == 1


def test_read(world: World) -> None:
    """What is sent is the canonical form: its SHA-256 is the digest that every scorecard names."""
    listed = world.api().get("/questionnaires").json()[0]
    answer = world.api().get(f"/questionnaires/{listed['family']}/{listed['version']}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert hashlib.sha256(answer.content).hexdigest() == listed["digest"]
    assert answer.json()["texts"]["ar"]["title"] == listed["titles"]["ar"]


def test_unchanged(world: World) -> None:
    path = "/questionnaires/itti/1.0.0"
    first = world.api().get(path)
    again = world.api().get(path, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert not again.content
    assert world.api().get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_not_existing(world: World) -> None:
    for path in ("/questionnaires/itti/9.9.9", "/questionnaires/nothing/1.0.0", "/questionnaires/..%2f..%2fitti/1.0.0"):
        answer = world.api().get(path)
        assert answer.status_code == 404
    problem(world.api().get("/questionnaires/itti/9.9.9"), 404, "questionnaire-unknown")
