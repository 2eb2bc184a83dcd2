"""Transactions: what is kept, what is undone, and that no write is lost; on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, InternalError
from sqlmodel import select

from itti import database
from itti.accounts.tables import Role, User
from itti.accreditation.tables import AssessmentBody
from itti.database import Database, SchemaBehind, SchemaDrifted, WriteInReadingError
from itti.http.errors import Busy, Stale, Taken
from itti.settings import Settings
from tests.itti.conftest import make_settings

THREADS = 50


def body(name: str = "Body", registration: str = "AB-1") -> AssessmentBody:
    return AssessmentBody(name=name, registration=registration, created_at=datetime.now(UTC))


@pytest.fixture
def db(both_settings: Settings) -> Iterator[Database]:
    made = Database(both_settings)
    yield made
    made.close()


class TestTransactions:
    def test_commit(self, db: Database) -> None:
        with db.writing() as session:
            session.add(body())
        with db.reading() as session:
            assert session.exec(select(AssessmentBody.name)).all() == ["Body"]

    def test_error_undoes_all(self, db: Database) -> None:
        def fail() -> None:
            with db.writing() as session:
                session.add(body())
                session.flush()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        with db.reading() as session:
            assert not session.exec(select(AssessmentBody)).all()

    def test_moments_come_back_in_utc(self, db: Database) -> None:
        with db.writing() as session:
            session.add(body())
        with db.reading() as session:
            assert session.exec(select(AssessmentBody)).one().created_at.tzinfo == UTC

    @pytest.mark.parametrize("way", ["add", "change", "delete"])
    def test_reading_session_refuses_to_write(self, db: Database, way: str) -> None:
        with db.writing() as session:
            session.add(body())

        def touch() -> None:
            with db.reading() as session:
                found = session.exec(select(AssessmentBody)).one()
                if way == "add":
                    session.add(body("Other", "AB-2"))
                elif way == "change":
                    found.name = "Other"
                else:
                    session.delete(found)

        with pytest.raises(WriteInReadingError):
            touch()

    def test_reading_session_shows_one_moment(self, db: Database) -> None:
        with db.writing() as session:
            session.add(body())
        with db.reading() as session:
            assert len(session.exec(select(AssessmentBody.id)).all()) == 1
            with db.writing() as other:
                other.add(body("Other", "AB-2"))
            assert len(session.exec(select(AssessmentBody.id)).all()) == 1

    def test_foreign_keys_hold(self, db: Database) -> None:
        def orphan() -> None:
            with db.writing() as session:
                user = User(
                    email="a@example.org", name="A", password_hash="x", role=Role.ASSESSOR,
                    body_id=body().id, created_at=datetime.now(UTC),
                )  # fmt: skip
                session.add(user)

        with pytest.raises(IntegrityError):
            orphan()

    def test_checks_hold(self, db: Database) -> None:
        def wrong() -> None:
            with db.writing() as session:
                session.execute(
                    sa.text(
                        "INSERT INTO user_account (id, version, email, name, password_hash, role, language,"
                        " demonstration, password_handed_over, created_at)"
                        " VALUES (:id, 1, 'a', 'a', 'a', 'king', 'en', :no, :no, :at)"
                    ).bindparams(
                        sa.bindparam("id", body().id, sa.Uuid()),
                        sa.bindparam("no", value=False),
                        sa.bindparam("at", datetime.now(UTC)),
                    )
                )

        with pytest.raises(IntegrityError, match="ck_user_account_role"):
            wrong()


class TestUnique:
    @pytest.mark.parametrize(("name", "registration"), [("Body", "AB-2"), ("Other", "AB-1")])
    def test_taken(self, db: Database, name: str, registration: str) -> None:
        with db.writing() as session:
            session.add(body())
        faults = {
            "name": Taken(field="name", value=name),
            "registration": Taken(field="registration", value=registration),
        }
        expected = "name" if name == "Body" else "registration"

        def write() -> None:
            with db.writing() as session:
                session.add(body(name, registration))
                database.flush_unique(session, faults)

        with pytest.raises(Taken) as caught:
            write()
        assert caught.value.details["field"] == expected

    def test_unexpected_constraint_is_not_hidden(self, db: Database) -> None:
        with db.writing() as session:
            session.add(body())

        def write() -> None:
            with db.writing() as session:
                session.add(body())
                database.flush_unique(session, {})

        with pytest.raises(IntegrityError):
            write()


class TestLostUpdates:
    def test_fifty_writers_on_one_row(self, db: Database) -> None:
        """Each reads a number and writes the next: every success is in the result, every clash was told."""
        with db.writing() as session:
            row = body(registration="0")
            session.add(row)

        def count(_number: int) -> str:
            try:
                with db.writing() as session:
                    found = session.get_one(AssessmentBody, row.id)
                    found.registration = str(int(found.registration) + 1)
                    database.flush_checked(session, found, lambda fresh: fresh.registration)
            except Stale as fault:
                return "stale" if int(str(fault.members["current"])) > 0 else "told nothing"
            return "written"

        with ThreadPoolExecutor(THREADS) as pool:
            results = list(pool.map(count, range(THREADS * 4)))
        with db.reading() as session:
            found = session.get_one(AssessmentBody, row.id)
        assert set(results) <= {"written", "stale"}
        assert int(found.registration) == results.count("written")
        assert found.version == results.count("written") + 1
        if db.is_sqlite:
            assert results.count("written") == THREADS * 4, "writers queue before they read"

    def test_stale_shows_what_is_in_force(self, db: Database) -> None:
        with db.writing() as session:
            row = body()
            session.add(row)
        with db.writing() as session:
            session.get_one(AssessmentBody, row.id).name = "Second"
        with db.reading() as session:
            assert session.get_one(AssessmentBody, row.id).version == 2

        def write_from_memory() -> None:
            with db.writing() as session:
                session.add(row)  # still in its first version
                row.name = "Third"
                database.flush_checked(session, row, lambda fresh: {"name": fresh.name})

        with pytest.raises(Stale) as caught:
            write_from_memory()
        assert caught.value.members["current"] == {"name": "Second"}
        assert caught.value.headers["ETag"] == '"2"'


class TestReach:
    def test_locked_by_another_process(self, settings: Settings) -> None:
        one, two = Database(settings), Database(settings)
        sa.event.listen(two.engine, "connect", lambda dbapi, _: dbapi.execute("PRAGMA busy_timeout = 50"))
        try:
            with one.writing(), pytest.raises(Busy), two.writing():
                pass
        finally:
            one.close()
            two.close()

    def test_postgresql_out_of_reach(self, settings: Settings) -> None:
        away = make_settings(settings.data_folder, database_url="postgresql://nobody@127.0.0.1:1/none")
        with pytest.raises(Busy):
            database.check(away)

    @pytest.mark.postgres
    def test_reading_is_read_only_in_postgresql(self, both_settings: Settings) -> None:
        made = Database(both_settings)
        try:
            if made.is_sqlite:
                with made.reading() as session:
                    session.execute(sa.text("SELECT 1"))
                return
            with pytest.raises(InternalError, match="read-only"), made.reading() as session:
                session.execute(sa.text("DELETE FROM assessment_body"))
        finally:
            made.close()


class TestCheck:
    def test_at_head(self, both_settings: Settings) -> None:
        database.check(both_settings)

    def test_empty(self, settings: Settings) -> None:
        empty = make_settings(settings.data_folder / "other")
        with pytest.raises(SchemaBehind, match="itti database upgrade"):
            database.check(empty)
        assert not empty.data_folder.exists(), "looking leaves nothing behind"

    def test_drifted(self, both_settings: Settings) -> None:
        made = Database(both_settings)
        with made.engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE factory ADD COLUMN moon INTEGER"))
        made.close()
        with pytest.raises(SchemaDrifted, match="moon"):
            database.check(both_settings)
