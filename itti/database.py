"""The database: connections, transactions that lose no write, and the state of the schema.

Sessions are synchronous. One request or job is one transaction: :meth:`Database.writing` commits when its block
ends and rolls everything back when an error leaves it; services flush and never commit.

Why the SQLite settings: with the driver's own transactions, or with a plain BEGIN, two read-then-write
transactions overwrite each other or fail at once with "database is locked". WAL lets readers go on beside the
one writer, BEGIN IMMEDIATE makes writers queue before they read, foreign keys are only enforced when asked for, and
only with synchronous = FULL does a commit outlast a fall of the machine (of the process it does so anyway).
"""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, SQLModel

from itti import programme
from itti.errors import HttpFault
from itti.http.errors import Busy, Stale
from itti.schema import VersionedRow
from itti.settings import Settings
from questionnaires.errors import Fault

CONNECTIONS: Final = 20
"""Most connections one process holds; requests beyond it wait their turn."""

_HERE: Final = Path(__file__).parent
_ROWS_SHOWN: Final = 5

VersionedT = TypeVar("VersionedT", bound=VersionedRow)


class SchemaBehind(Fault):
    """The database is not at the revision this release works with; details: ``found``, ``expected``."""

    code = "schema-behind"
    room = "itti.http"


class SchemaDrifted(Fault):
    """The database differs from what the migrations make of it; details: ``differences``."""

    code = "schema-drifted"
    room = "itti.http"


class OrphanedRows(Fault):
    """A migration would leave rows that point to nothing; it was undone. Details: ``rows``."""

    code = "orphaned-rows"
    room = "itti.http"


class WriteInReadingError(RuntimeError):
    """A mistake in this project: something was changed in a session that never commits."""


class ReadingSession(Session):
    """A session that refuses to write, so that no change is dropped in silence."""

    def flush(self, objects: Any = None) -> None:
        """Refuse pending changes.

        Raises:
            WriteInReadingError: something would be written.
        """
        if self.new or self.deleted or any(self.is_modified(row) for row in self.dirty):
            raise WriteInReadingError
        super().flush(objects)


def import_tables() -> sa.MetaData:
    """Import the tables of every room, so that foreign keys between rooms resolve; returns their metadata."""
    for path in sorted(_HERE.glob("*/tables.py")):
        importlib.import_module(f"itti.{path.parent.name}.tables")
    return SQLModel.metadata


def make_engine(address: str, *, foreign_keys: bool = True, durable: bool = True) -> sa.Engine:
    """An engine whose connections behave as this module promises.

    ``foreign_keys=False`` is for migrations on SQLite alone: there, rebuilding a table with enforcement on
    deletes the rows that point to it. ``durable=False`` lets SQLite tell of a commit before it is on the disk.
    """
    url = sa.make_url(address)
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_size=CONNECTIONS, max_overflow=0, pool_pre_ping=True)
    engine = sa.create_engine(url, pool_size=CONNECTIONS, max_overflow=0)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions on its own
        for pragma in (
            "busy_timeout = 5000",
            "journal_mode = WAL",
            f"synchronous = {'FULL' if durable else 'NORMAL'}",
            f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writing = connection.get_execution_options().get("itti_writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


class Database:
    """The connections of one process. Nothing is opened before the first session."""

    def __init__(self, settings: Settings) -> None:
        import_tables()
        self.address = settings.database
        self._info = {programme.KEY: settings}
        self.engine = make_engine(self.address, durable=settings.sqlite_durable)
        self._writing = self.engine.execution_options(itti_writing=True)
        self._reading = (
            self.engine
            if self.is_sqlite
            else self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        )

    @property
    def is_sqlite(self) -> bool:
        """Whether one writer at a time is all the database can take."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that commits at the end of the block and leaves nothing behind when an error leaves it.

        Raises:
            Busy: the database does not let us in within five seconds.
        """
        with Session(self._writing, expire_on_commit=False, info=self._info) as session:
            _enter(session)
            yield session
            session.flush()
            try:
                session.commit()
            except DBAPIError:
                session.invalidate()  # closed for good, or the next one would find this transaction still open
                raise

    def begin_writing(self) -> sa.Connection:
        """A connection in a writing transaction that the caller ends; sessions on it by :meth:`session`.

        Raises:
            Busy: the database does not let us in within five seconds.
        """
        try:
            connection = self._writing.connect()
            connection.begin()
        except OperationalError as error:
            raise Busy from error
        return connection

    def session(self, connection: sa.Connection) -> Session:
        """A session within the transaction of a connection: its commit and rollback end a savepoint of its own."""
        return Session(connection, expire_on_commit=False, info=self._info, join_transaction_mode="create_savepoint")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A view of one moment that cannot write.

        Raises:
            Busy: the database cannot be reached.
            WriteInReadingError: something was changed.
        """
        with ReadingSession(self._reading, expire_on_commit=False, info=self._info) as session:
            _enter(session)
            yield session
            session.flush()

    def check_revision(self) -> None:
        """Refuse to work with a schema that this release does not know.

        Raises:
            SchemaBehind: the database is not at the newest revision.
        """
        expected = _newest_revision()
        found = self._revision()
        if found != expected:
            raise SchemaBehind(found=found or "–", expected=expected)

    def _revision(self) -> str | None:
        file = self.engine.url.database
        if self.is_sqlite and file and not Path(file).exists():
            return None  # connecting would leave an empty file behind
        with self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _enter(session: Session) -> None:
    """Begin the transaction now, so that a database that is out of reach is noticed here."""
    try:
        session.connection()
    except OperationalError as error:
        raise Busy from error


def flush_checked(session: Session, row: VersionedT, describe: Callable[[VersionedT], object] | None = None) -> None:
    """Write pending changes, and notice when somebody changed ``row`` since it was read.

    ``describe`` gives the state in force for the fault, in the form the API shows it.

    Raises:
        Stale: the row has another version by now; the transaction was rolled back.
    """
    kind, key = type(row), row.id
    try:
        session.flush()
    except StaleDataError as error:
        session.rollback()
        fresh = session.get(kind, key, populate_existing=True)
        if fresh is None:
            raise Stale from error
        raise stale(fresh, describe) from error


def stale(row: VersionedT, describe: Callable[[VersionedT], object] | None = None) -> Stale:
    """The fault of a write that was made against another version of ``row``."""
    return Stale.against(version=row.version, current=None if describe is None else describe(row))


def expect_version(
    row: VersionedT, expected: int | None, describe: Callable[[VersionedT], object] | None = None
) -> None:
    """Check that ``row`` is what the writer saw. ``expected`` None: the caller does not edit what others may edit.

    Raises:
        Stale: it is not.
    """
    if expected is not None and row.version != expected:
        raise stale(row, describe)


def flush_unique(
    session: Session,
    faults: Mapping[str, HttpFault],
    row: VersionedT | None = None,
    describe: Callable[[VersionedT], object] | None = None,
) -> None:
    """Write pending changes, and turn a violated UNIQUE constraint into the fault named for its column.

    With ``row`` it also notices, like :func:`flush_checked`, when somebody changed that row since it was read.

    ``faults`` maps the columns of a unique constraint, joined by underscores as in its name, to the fault.
    Trying is the only safe test: between a look and a write another transaction may take the value.

    Raises:
        HttpFault: the fault of the column; the transaction was rolled back.
        Stale: ``row`` has another version by now; the transaction was rolled back.
    """
    try:
        if row is None:
            session.flush()
        else:
            flush_checked(session, row, describe)
    except IntegrityError as error:
        columns = _violated_columns(error)
        if columns is None or columns not in faults:
            raise
        session.rollback()
        raise faults[columns] from error


def _violated_columns(error: IntegrityError) -> str | None:
    """The columns of the unique constraint that was violated, joined by underscores; else None."""
    driver = error.orig
    if isinstance(driver, sqlite3.IntegrityError):
        if driver.sqlite_errorname not in {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}:
            return None
        columns = str(driver).rpartition(": ")[2].split(", ")
        return "_".join(column.rpartition(".")[2] for column in columns)
    diagnosis = getattr(driver, "diag", None)
    if diagnosis is None or getattr(driver, "sqlstate", "") != "23505":
        return None
    name = str(diagnosis.constraint_name)  # uq_<table>_<columns>, by our naming convention
    return name.removeprefix(f"uq_{diagnosis.table_name}_")


def migrations_folder() -> Path:
    """Where the migrations lie: in an installed package, or in a checkout."""
    installed = _HERE / "_migrations"
    return installed if installed.is_dir() else _HERE.parent / "alembic"


def _config() -> Config:
    config = Config()
    # An attribute is taken literally; the option would read a percent sign in the path as a placeholder.
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    return config


@cache
def _newest_revision() -> str:
    """The newest migration that this release brings; reading them all takes longer than most requests."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None, "the project ships migrations"  # noqa: S101 - tells the type checker what holds
    return revision


@contextmanager
def migration_connection(settings: Settings) -> Iterator[sa.Connection]:
    """A connection on which migrations run as one transaction: all of them, or none.

    Raises:
        OrphanedRows: foreign keys would be broken afterwards; everything was undone.
        Busy: the database cannot be reached.
    """
    if settings.database_url is None:
        settings.data_folder.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database, foreign_keys=False, durable=settings.sqlite_durable)
    engine = engine.execution_options(itti_writing=True)
    try:
        with engine.connect() as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                # Two processes that start together must not migrate twice. The number is ours alone.
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(4884)"))
            yield connection
            if engine.dialect.name == "sqlite":
                rows = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if rows:
                    raise OrphanedRows(rows="; ".join(f"{row[0]} {row[1]}" for row in rows[:_ROWS_SHOWN]))
    except OperationalError as error:
        raise Busy from error
    finally:
        engine.dispose()


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Bring the database to ``revision``; a new SQLite file and its folder are made."""
    _migrate(settings, command.upgrade, revision)


def downgrade(settings: Settings, revision: str) -> None:
    """Take the database back to ``revision`` (``base``: empty)."""
    _migrate(settings, command.downgrade, revision)


def _migrate(settings: Settings, direction: Callable[[Config, str], None], revision: str) -> None:
    import_tables()
    config = _config()
    with migration_connection(settings) as connection:
        config.attributes["connection"] = connection
        direction(config, revision)


def check(settings: Settings) -> None:
    """Whether the schema is the one this release works with, and nobody has changed it by hand.

    Raises:
        SchemaBehind: migrations are missing (or the database is newer than this release).
        SchemaDrifted: tables differ from their description.
        Busy: the database cannot be reached.
    """
    database = Database(settings)
    try:
        database.check_revision()
        with database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            differences = compare_metadata(context, import_tables())
    except OperationalError as error:
        raise Busy from error
    finally:
        database.close()
    if differences:
        raise SchemaDrifted(differences="; ".join(str(difference) for difference in differences))
