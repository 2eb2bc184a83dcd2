"""Migrations on both databases: up, no drift, down to nothing, up again; and nothing half done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from itti import database
from itti.database import OrphanedRows, SchemaBehind
from itti.settings import Settings
from tests.itti import postgres
from tests.itti.conftest import make_settings


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings with an empty database."""
    if request.param == "sqlite":
        return make_settings(tmp_path / "a folder with 100% spaces")
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return make_settings(tmp_path, database_url=server.create(f"empty_{tmp_path.name}"))


@contextmanager
def connected(settings: Settings) -> Iterator[sa.Connection]:
    """A connection as the application makes it."""
    engine = database.make_engine(settings.database)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def tables(settings: Settings) -> set[str]:
    with connected(settings) as connection:
        return set(sa.inspect(connection).get_table_names())


def test_there_and_back(empty: Settings) -> None:
    database.upgrade(empty)
    database.check(empty)
    full = tables(empty)
    assert {"user_account", "assessment", "certificate", "event"} <= full
    database.downgrade(empty, "base")
    assert tables(empty) == {"alembic_version"}
    with pytest.raises(SchemaBehind):
        database.check(empty)
    database.upgrade(empty)
    database.check(empty)
    assert tables(empty) == full


def test_upgrade_twice_does_nothing(empty: Settings) -> None:
    database.upgrade(empty)
    database.upgrade(empty)
    database.check(empty)


def test_failure_leaves_nothing_behind(empty: Settings) -> None:
    def fail() -> None:
        with database.migration_connection(empty) as connection:
            connection.execute(sa.text("CREATE TABLE half (id INTEGER PRIMARY KEY)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert tables(empty) == set()


def test_rebuilding_a_table_keeps_rows_that_point_to_it(settings: Settings) -> None:
    """With foreign keys enforced, SQLite would delete them along with the table that is replaced."""
    with connected(settings) as connection:
        connection.execute(sa.text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        connection.execute(
            sa.text("CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL"
                    " REFERENCES parent (id) ON DELETE CASCADE)")
        )  # fmt: skip
        connection.execute(sa.text("INSERT INTO parent VALUES (1)"))
        connection.execute(sa.text("INSERT INTO child VALUES (1, 1)"))
    with database.migration_connection(settings) as connection:
        from alembic.operations import Operations
        from alembic.runtime.migration import MigrationContext

        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("parent", recreate="always") as batch:
            batch.add_column(sa.Column("name", sa.String(10), server_default="x", nullable=False))
        assert connection.execute(sa.text("SELECT count(*) FROM child")).scalar_one() == 1


def test_orphans_undo_the_migration(settings: Settings) -> None:
    def orphan() -> None:
        with database.migration_connection(settings) as connection:
            connection.execute(
                sa.text("INSERT INTO sign_in (id, user_id, token_hash, created_at, expires_at)"
                        " VALUES ('1', '2', 'x', '2026-01-01', '2026-01-01')")
            )  # fmt: skip

    with pytest.raises(OrphanedRows, match="sign_in"):
        orphan()
    with connected(settings) as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM sign_in")).scalar_one() == 0


def test_migrations_are_found_in_an_installed_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A wheel carries them as ``itti/_migrations`` (see pyproject.toml); a checkout as ``alembic``."""
    assert (database.migrations_folder() / "env.py").is_file()
    (tmp_path / "_migrations").mkdir()
    monkeypatch.setattr(database, "_HERE", tmp_path)
    assert database.migrations_folder() == tmp_path / "_migrations"


def test_migrations_do_not_shadow_the_library() -> None:
    assert not (Path(__file__).parents[2] / "alembic" / "__init__.py").exists()


def test_files_of_questions_become_evidence(empty: Settings) -> None:
    """What was attached before one proof could serve several questions stays, under the same id."""
    database.upgrade(empty, "0014")
    ids = {name: uuid4() for name in ("user_account", "factory", "assessment_body", "assessment", "evidence_file")}
    own: dict[str, dict[str, object]] = {
        "user_account": {"role": "programme", "email": "a@b.example"},
        "factory": {"sector": "food"},
        "assessment": {"state": "assessment"},
        "evidence_file": {"question": "maintenance", "file_name": "log.csv", "sha256": "ab" * 32, "size": 7},
    }
    with connected(empty) as connection:
        for name, identifier in ids.items():
            table = sa.Table(name, sa.MetaData(), autoload_with=connection)
            needed = [column for column in table.columns if not column.nullable and column.name != "id"]
            values = {column.name: _some(column, ids) for column in needed}
            connection.execute(
                sa.insert(table).values(values | own.get(name, {}) | {"id": _as_stored(table.c.id, identifier)})
            )
    database.upgrade(empty)
    database.check(empty)
    with connected(empty) as connection:
        told = "SELECT e.kind, r.number, r.file_name, r.sha256, r.is_stripped, l.question FROM evidence e"
        joined = " JOIN evidence_revision r ON r.evidence_id = e.id JOIN evidence_link l ON l.evidence_id = e.id"
        assert connection.execute(sa.text(told + joined)).all() == [
            ("file", 1, "log.csv", "ab" * 32, False, "maintenance")
        ]
    database.downgrade(empty, "0014")
    with connected(empty) as connection:
        assert connection.execute(sa.text("SELECT question, file_name, size FROM evidence_file")).all() == [
            ("maintenance", "log.csv", 7)
        ]


def _as_stored(column: sa.Column[Any], identifier: UUID) -> object:
    return identifier if isinstance(column.type, sa.Uuid) else identifier.hex


def _some(column: sa.Column[Any], ids: Mapping[str, UUID]) -> object:
    """A value that a column takes; of a foreign key, the row that the test made."""
    for key in column.foreign_keys:
        return _as_stored(column, ids[key.column.table.name])
    if isinstance(column.type, (sa.DateTime, sa.Date)):
        return datetime(2026, 1, 5, tzinfo=UTC)
    return 1 if isinstance(column.type, sa.Integer) else False if isinstance(column.type, sa.Boolean) else "x"
