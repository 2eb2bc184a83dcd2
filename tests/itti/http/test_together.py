"""Writing transactions that share a commit on SQLite: undone alone, told of only once they are stored."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from itti.database import Database
from itti.http.errors import Busy
from itti.http.transactions import Turnstile
from itti.settings import Settings
from itti.together import MOST
from tests.itti.conftest import make_settings

NUMBERS = sa.Table("number", sa.MetaData(), sa.Column("n", sa.Integer, primary_key=True))

KILLED = """
import sys, anyio, sqlalchemy as sa
from pathlib import Path
from tests.itti.http.test_together import NUMBERS, entering, gate

async def one(turn, number):
    for n in range(number, 10_000_000, 8):
        await turn.write(entering(n))
        print(n, flush=True)

async def main(turn):
    async with anyio.create_task_group() as group:
        for number in range(8):
            group.start_soon(one, turn, number)

anyio.run(main, gate(Path(sys.argv[1])))
"""


def gate(folder: Path, *, durable: bool = True) -> Turnstile:
    """The way to a new database with one table."""
    settings: Settings = make_settings(folder, sqlite_durable=durable)
    folder.mkdir(exist_ok=True)
    database = Database(settings)
    with database.writing() as session:
        NUMBERS.create(session.connection())
    return Turnstile(database)


def entering(number: int) -> Callable[[Session], None]:
    """Work that enters a number."""

    def work(session: Session) -> None:
        session.execute(NUMBERS.insert().values(n=number))

    return work


def stored(turn: Turnstile) -> set[int]:
    with turn.database.reading() as session:
        return set(session.scalars(sa.select(NUMBERS.c.n)))


@contextmanager
def commits(turn: Turnstile, before: Callable[[], None] = lambda: None) -> Iterator[list[int]]:
    """How many commits there are meanwhile; ``before`` is done before each."""
    found: list[int] = []

    def note(_: Any) -> None:
        found.append(1)
        before()

    event.listen(turn.database.engine, "commit", note)
    try:
        yield found
    finally:
        event.remove(turn.database.engine, "commit", note)


@pytest.fixture
def turn(tmp_path: Path) -> Iterator[Turnstile]:
    made = gate(tmp_path / "data", durable=False)
    yield made
    made.database.close()


def at_once(turn: Turnstile, works: list[Callable[[Session], None]]) -> list[BaseException | None]:
    """What became of each of them."""
    outcomes: list[BaseException | None] = [None] * len(works)

    async def one(place: int, work: Callable[[Session], None]) -> None:
        try:
            await turn.write(work)
        except Exception as error:  # noqa: BLE001 - whatever it was, the test looks at it
            outcomes[place] = error

    async def all_of_them() -> None:
        async with anyio.create_task_group() as group:
            for place, work in enumerate(works):
                group.start_soon(one, place, work)

    anyio.run(all_of_them)
    return outcomes


def test_who_waits_shares_a_commit(turn: Turnstile) -> None:
    with commits(turn) as found:
        outcomes = at_once(turn, [entering(n) for n in range(2 * MOST)])
    assert outcomes == [None] * 2 * MOST
    assert stored(turn) == set(range(2 * MOST))
    assert 2 <= len(found) <= 4


def test_alone_commits_at_once(turn: Turnstile) -> None:
    with commits(turn) as found:
        assert at_once(turn, [entering(1)]) == [None]
    assert len(found) == 1


def test_a_failure_undoes_itself_alone(turn: Turnstile) -> None:
    def half(session: Session) -> None:
        entering(100)(session)
        raise ZeroDivisionError

    def rolled_back_and_going_on(session: Session) -> None:
        entering(200)(session)
        session.rollback()
        entering(201)(session)

    outcomes = at_once(turn, [entering(1), half, entering(2), rolled_back_and_going_on, entering(1), entering(3)])
    assert [type(each).__name__ for each in outcomes] == [
        "NoneType",
        "ZeroDivisionError",
        "NoneType",
        "NoneType",
        "IntegrityError",
        "NoneType",
    ]
    assert stored(turn) == {1, 2, 3, 201}


def test_nobody_is_told_before_the_commit_and_all_if_it_fails(turn: Turnstile) -> None:
    failures = iter([OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))])

    def fail_once() -> None:
        for failure in failures:
            raise failure

    with commits(turn, fail_once):
        outcomes = at_once(turn, [entering(n) for n in range(4)])
    assert [type(each) for each in outcomes] == [Busy] * 4
    assert stored(turn) == set()
    assert at_once(turn, [entering(7)]) == [None]  # and it goes on
    assert stored(turn) == {7}


def test_what_the_database_undoes_by_itself_is_not_taken_for_stored(turn: Turnstile) -> None:
    def disk_is_full(session: Session) -> None:
        entering(50)(session)
        driver = session.connection().connection.driver_connection
        assert driver is not None
        driver.execute("ROLLBACK")  # as SQLite does then
        raise ZeroDivisionError

    outcomes = at_once(turn, [entering(1), disk_is_full, entering(2)])
    assert [outcomes[0].__class__, outcomes[2].__class__] == [Busy, type(None)]
    assert outcomes[1] is not None
    assert stored(turn) == {2}


def test_a_cancelled_request_leaves_nothing_open(turn: Turnstile) -> None:
    async def story() -> None:
        async def held(ready: anyio.Event) -> None:
            async with turn.writing():
                ready.set()
                await anyio.sleep_forever()

        async with anyio.create_task_group() as outer:
            ready = anyio.Event()
            outer.start_soon(held, ready)
            await ready.wait()
            outer.cancel_scope.cancel()
        await turn.write(entering(1))

    anyio.run(story)
    assert stored(turn) == {1}


def test_what_was_told_outlasts_a_kill(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path / "data")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = {int(process.stdout.readline()) for _ in range(50)}
        os.kill(process.pid, signal.SIGKILL)
        told |= {int(line) for line in process.stdout.read().splitlines()[:-1]}
    with sqlite3.connect(tmp_path / "data" / "itti.sqlite") as database:
        found = {row[0] for row in database.execute("SELECT n FROM number")}
    assert told <= found
