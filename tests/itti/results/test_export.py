"""``itti export``: figures of groups as Parquet, read back by another implementation; nobody is given away."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlmodel import select

from itti import cli
from itti.assessments.tables import Assessment, AssessmentState
from itti.certificates.tables import Certificate, CertificateState
from itti.factories.tables import Factory, Sector
from itti.results.errors import TooFewResults
from itti.results.service import DICTIONARY, RESULTS, Export, Terms, export
from questionnaires import load
from questionnaires.digest import digest
from scoring import Answer, LevelAnswer, compile_plan, score
from scoring.benchmark import percentile
from tests.itti.conftest import World

TODAY = date(2026, 11, 22)
ITTI = load("itti", "1.0.0")
PLAN = compile_plan(ITTI)


def card(seed: int) -> str:
    answers: dict[str, Answer] = {
        question.id: LevelAnswer(level=(seed * 3 + place * 5) % 6) for place, question in enumerate(PLAN.questions)
    }
    return score(PLAN, answers).to_json().decode()


@pytest.fixture
def filled(world: World) -> World:
    """Certificates in force of 14 food, 13 metal and 4 textile factories, and such that do not count."""
    body = world.create_body()
    assessor = world.create_assessor(body=body)
    rows: list[Any] = []
    number, sha256 = 0, digest(ITTI)

    def certify(factory: Factory, seed: int, **changes: Any) -> None:
        nonlocal number
        number += 1
        assessment = Assessment(
            factory_id=factory.id,
            family="itti",
            definition_version="1.0.0",
            digest=sha256,
            state=AssessmentState.CERTIFIED,
            body_id=body.id,
            assessor_id=assessor.id,
            planned_for=TODAY,
            created_at=factory.created_at,
        )
        values: dict[str, Any] = {
            "number": f"TI-2026-{number:05d}",
            "assessment_id": assessment.id,
            "factory_id": factory.id,
            "factory_name": factory.name,
            "family": "itti",
            "definition_version": "1.0.0",
            "digest": sha256,
            "standing": "certificate",
            "state": CertificateState.ISSUED,
            "issued_on": TODAY - timedelta(days=30),
            "expires_on": TODAY + timedelta(days=300),
            "index_value": "1",
            "scorecard": card(seed),
            "answers": "{}",
            "scorecard_sha256": "0" * 64,
        }
        rows.append((assessment, Certificate(**(values | changes))))

    sectors = [Sector.FOOD] * 14 + [Sector.METALS] * 13 + [Sector.TEXTILES] * 4
    factories = [world.create_factory(sector=sector) for sector in sectors]
    for seed, factory in enumerate(factories):
        certify(factory, seed)
    certify(factories[0], 5, state=CertificateState.REVOKED)
    certify(factories[1], 5, state=CertificateState.SUPERSEDED)
    certify(world.create_factory(), 5, expires_on=TODAY - timedelta(days=1))
    certify(world.create_factory(), 5, standing="demonstration")
    certify(world.create_factory(), 5, digest="f" * 64)
    with world.database.writing() as session:
        session.add_all([assessment for assessment, _ in rows])
        session.flush()
        session.add_all([certificate for _, certificate in rows])
    return world


def made_of(world: World, **terms: Any) -> Export:
    with world.database.reading() as session:
        return export(session, ITTI, Terms(TODAY, **terms))


def read(path: Path) -> list[dict[str, Any]]:
    found = duckdb.connect().execute("select * from read_parquet(?)", [str(path)])
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def written(made: Export, folder: Path) -> list[dict[str, Any]]:
    (folder / RESULTS).write_bytes(made.parquet)
    return read(folder / RESULTS)


def values_of(seeds: Sequence[int]) -> list[Fraction]:
    cards = [json.loads(card(seed)) for seed in seeds]
    return [Fraction(node["value"]) for each in cards for node in each["nodes"] if node["id"] == ITTI.index]


def test_another_implementation_reads_exact_figures(filled: World, tmp_path: Path) -> None:
    made = made_of(filled)
    rows = {(row["node"], row["sector"], row["size"], row["region"]): row for row in written(made, tmp_path)}
    values = values_of(range(14))
    food = rows[ITTI.index, "food", None, None]
    assert food["factories"] == 14
    assert Fraction(int(food["mean_numerator"]), int(food["mean_denominator"])) == sum(values) / 14
    assert food["mean"] == Decimal(round(sum(values) / 14 * 10**4)) / 10**4
    assert Fraction(food["median"]) == percentile(values, Fraction(1, 2))
    assert Fraction(food["quartile_1"]) == percentile(values, Fraction(1, 4))
    assert rows[ITTI.index, None, None, None]["factories"] == 31
    assert food["best"] is None, "the best tenth of fourteen is two factories"
    assert rows[ITTI.index, None, None, None]["best"] is not None
    assert all(row["factories"] >= 10 for row in rows.values())
    assert made.parquet == made_of(filled).parquet


def test_a_group_that_would_give_a_smaller_one_away_is_withheld(filled: World, tmp_path: Path) -> None:
    """All, food and metals together would tell the figures of four textile factories."""
    sectors = {row["sector"] for row in written(made_of(filled), tmp_path)}
    assert sectors == {None, "food"}


def test_a_dimension_that_does_not_apply_to_one_factory_does_not_tell_of_it(filled: World, tmp_path: Path) -> None:
    """Counts of two dimensions in the same group would differ by one: whoever that is has no such thing."""
    short = json.loads(card(3))
    gone = next(node["id"] for node in short["nodes"] if node["id"] != ITTI.index)
    for node in short["nodes"]:
        if node["id"] == gone:
            node |= {"value": None, "state": "not_applicable"}
    with filled.database.writing() as session:
        row = session.exec(select(Certificate).where(Certificate.number == "TI-2026-00004")).one()
        row.scorecard = json.dumps(short)
        session.add(row)
    rows = written(made_of(filled), tmp_path)
    assert {row["factories"] for row in rows if row["sector"] is None} == {31}
    assert gone not in {row["node"] for row in rows}
    assert len({row["node"] for row in rows}) == len(ITTI.nodes) - 1


def test_the_dictionary_describes_every_column_and_node(filled: World, tmp_path: Path) -> None:
    made = made_of(filled)
    told = json.loads(made.dictionary)
    (tmp_path / RESULTS).write_bytes(made.parquet)
    described = duckdb.connect().execute("describe select * from read_parquet(?)", [str(tmp_path / RESULTS)]).fetchall()
    kinds = {"string": "VARCHAR", "int64": "BIGINT", "bool": "BOOLEAN"}
    expected = [
        (
            column["name"],
            kinds.get(column["type"]) or f"DECIMAL({column['precision']},{column['scale']})",
        )
        for column in told["columns"]
    ]
    assert [row[:2] for row in described] == expected
    assert all(column["description"].keys() == {"en", "ar"} for column in told["columns"])
    rows = read(tmp_path / RESULTS)
    assert told["rows"] == len(rows) == made.rows
    assert {row["node"] for row in rows} <= {node["id"] for node in told["nodes"]}
    empty = {column["name"] for column in told["columns"] if column["may_be_empty"]}
    assert {name for row in rows for name, value in row.items() if value is None} <= empty
    assert told["sha256"] == hashlib.sha256(made.parquet).hexdigest()
    assert told["digest"] == digest(ITTI)
    assert set(told["sectors"]) == {"food"}
    names = " ".join(str(row) for row in rows) + made.dictionary.decode()
    assert "Factory" not in names
    assert "TI-2026" not in names


def test_too_few_factories_leave_nothing(filled: World) -> None:
    with pytest.raises(TooFewResults):
        made_of(filled, least=32)
    assert json.loads(made_of(filled, least=1).dictionary)["least"] == 3


def test_the_command_writes_both_files(
    filled: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("itti.commands.export.settings", lambda: filled.settings)
    monkeypatch.setattr("itti.commands.export.day_of", lambda *_: TODAY)
    assert cli.main(["export", "itti", "1.0.0", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / RESULTS).read_bytes() == made_of(filled).parquet
    assert json.loads((tmp_path / "out" / DICTIONARY).read_bytes())["rows"] == made_of(filled).rows
    assert str(tmp_path / "out") in capsys.readouterr().out
    assert cli.main(["export", "itti", "1.0.0", str(tmp_path), "--least", "2"]) == 2
    assert "≥ 3" in capsys.readouterr().err
    assert cli.main(["export", "itti", "1.0.0", str(tmp_path), "--sizes", "ten"]) == 2
    assert cli.main(["export", "itti", "9.9.9", str(tmp_path)]) == 2
    assert cli.main(["export", "itti", "1.0.0", str(tmp_path / "none"), "--least", "40"]) == 2
    assert not (tmp_path / "none").exists()
    monkeypatch.setitem(sys.modules, "arro3.core", None)
    capsys.readouterr()
    assert cli.main(["export", "itti", "1.0.0", str(tmp_path)]) == 2
    assert "itti[export]" in capsys.readouterr().err
