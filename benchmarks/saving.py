"""What saving one answer costs: ``python benchmarks/saving.py [sqlite|postgresql …]``, with 32 connections at once.

Side by side in the same run, each server in a process of its own (uvicorn as ``itti serve`` starts it): a bare FastAPI
route that updates one row with SQLAlchemy Core and commits, which is the ceiling; and the house, where one answer is
saved with everything that belongs to it (token, validation, permission, entity tag, audit record, packed vector,
standing), by 32 assessors in 32 assessments that are answered already. Both commit so that a fall of the machine loses
nothing (SQLite ``synchronous = FULL``, PostgreSQL with ``fsync``); the ceiling of SQLite is shown for
``synchronous = NORMAL`` as well, where it does. What counts are the ratios, and p99 over p50.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa  # noqa: E402
from anyio import Semaphore  # noqa: E402
from anyio.to_thread import run_sync  # noqa: E402
from fastapi import FastAPI  # noqa: E402

from itti.app import create_app  # noqa: E402
from itti.database import CONNECTIONS, make_engine, upgrade  # noqa: E402
from itti.serving import server  # noqa: E402
from itti.settings import Settings  # noqa: E402
from tests.itti import postgres  # noqa: E402
from tests.itti.assessments import story  # noqa: E402
from tests.itti.conftest import World, make_settings, running_world  # noqa: E402

AT_ONCE: Final = 32
WARM_UP: Final = 1.0
SECONDS: Final = 6.0
ROUNDS: Final = 2
"""Each server is measured so often, in turn; the better round counts."""


@dataclass(frozen=True)
class Measured:
    """One server under load."""

    per_second: float
    median: float
    """Milliseconds."""

    slowest: float
    """Milliseconds that 99 of 100 stay below."""

    def line(self, name: str, ceiling: Measured) -> str:
        """For the table."""
        share, spread = self.per_second / ceiling.per_second, self.slowest / self.median
        return (
            f"{name:<44} {self.per_second:8.0f}/s {share:7.0%}"
            f" {self.median:9.1f} {self.slowest:8.1f} ms  p99/p50 {spread:.1f}"
        )


# The servers


def bare(address: str, synchronous: str) -> FastAPI:
    """The ceiling: one row updated and committed, by the fastest way that one worker has."""
    app = FastAPI()
    engine = make_engine(address).execution_options(itti_writing=True)
    rows = sa.Table(
        "bare_row", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer)
    )
    with engine.begin() as connection:
        rows.create(connection, checkfirst=True)
        connection.execute(rows.delete())
        connection.execute(rows.insert(), [{"id": number, "n": 0} for number in range(AT_ONCE)])
    gate = Semaphore(1 if engine.dialect.name == "sqlite" else CONNECTIONS)

    if engine.dialect.name == "sqlite":

        @sa.event.listens_for(engine, "checkout")
        def _how(connection: Any, *_: object) -> None:
            connection.execute(f"PRAGMA synchronous = {synchronous}")

    def write(number: int) -> None:
        with engine.begin() as connection:
            connection.execute(rows.update().where(rows.c.id == number).values(n=rows.c.n + 1))

    @app.put("/rows/{number}")
    async def put(number: int) -> dict[str, int]:
        async with gate:
            await run_sync(write, number)
        return {"id": number}

    return app


def house(settings: dict[str, Any]) -> FastAPI:
    """The application as it is served, without work in the background."""
    return create_app(make_settings(**settings, sqlite_durable=True))


def _serve(listening: socket.socket, make: Callable[..., FastAPI], arguments: tuple[Any, ...]) -> None:
    server(make(*arguments)).run(sockets=[listening])


@contextmanager
def served(make: Callable[..., FastAPI], *arguments: Any) -> Iterator[int]:
    """The port of a server in a process of its own."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(256)
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(listening, make, arguments))
    process.start()
    try:
        yield listening.getsockname()[1]
    finally:
        process.terminate()
        process.join()
        listening.close()


# The load


@dataclass
class Visitor:
    """Somebody at one connection, who sends the next request when the last one is answered."""

    requests: Iterator[tuple[str, str, str]]
    """Path, further header lines, body."""

    tags: dict[str, str]
    """Path → entity tag."""

    async def stay(self, port: int, until: float, times: list[tuple[float, float]]) -> None:
        """Send until it is time; adds when each began and how long it took, in seconds."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for path, headers, body in self.requests:
            began = time.perf_counter()
            if began >= until:
                break
            tag = f"If-Match: {self.tags[path]}\r\n" if path in self.tags else ""
            writer.write(
                f"PUT {path} HTTP/1.1\r\nHost: testserver\r\nContent-Type: application/json\r\n{tag}{headers}"
                f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
            )
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:-2])
            answer = await reader.readexactly(int(fields["content-length"]))
            if head.split(" ", 2)[1] != "200":
                raise RuntimeError(head + answer.decode())
            if path in self.tags:
                self.tags[path] = fields["etag"]
            times.append((began, time.perf_counter() - began))
        writer.close()


async def _load(port: int, visitors: list[Visitor]) -> Measured:
    times: list[tuple[float, float]] = []
    start = time.perf_counter()
    until = start + WARM_UP + SECONDS
    await asyncio.gather(*(visitor.stay(port, until, times) for visitor in visitors))
    counted = sorted(took * 1000 for began, took in times if began >= start + WARM_UP)
    return Measured(len(counted) / SECONDS, statistics.median(counted), counted[int(len(counted) * 0.99)])


def measured(port: int, visitors: list[Visitor]) -> Measured:
    """A server under the load of these visitors, from when it answers."""
    with socket.create_connection(("127.0.0.1", port), 120) as asking:
        asking.sendall(b"GET /openapi.json HTTP/1.0\r\nHost: testserver\r\n\r\n")
        asking.recv(1)
    return asyncio.run(_load(port, visitors))


def at_rows() -> list[Visitor]:
    """Those who update a bare row each."""
    return [Visitor(cycle([(f"/rows/{number}", "", "{}")]), {}) for number in range(AT_ONCE)]


def at_answers(world: World) -> list[Visitor]:
    """Assessors, each with an assessment that is answered already, who change one answer after the other."""
    office = world.create_user()
    found = []
    for _ in range(AT_ONCE):
        factory, assessor = world.create_factory(), world.create_assessor()
        planned = story.plan(world, factory, assessor, office)
        one = story.Story(world, office, assessor, assessor, office, factory, planned).answered()
        paths = [f"/api/v1/assessments/{one.id}/answers/{question}" for question in story.QUESTIONS]
        header = f"Authorization: Bearer {world.token(assessor)}\r\n"
        found.append(Visitor(_changes(paths, header), dict.fromkeys(paths, '"1"')))
        print(".", end="", flush=True, file=sys.stderr)
    return found


def _changes(paths: list[str], header: str) -> Iterator[tuple[str, str, str]]:
    for level in cycle([2, 4, 1, 3]):
        for path in paths:
            yield path, header, json.dumps({"level": level, "reason": story.REASON})


# The table


def _best(serve: Callable[[], Any], visitors: list[Visitor]) -> Measured:
    with serve() as port:
        return measured(port, visitors)


def compare(name: str, folder: Path, **changes: Any) -> None:
    """Print the table of one database."""
    settings: Settings = make_settings(folder, **changes)
    upgrade(settings)
    with running_world(settings) as world:
        assessors = at_answers(world)
    servers: dict[str, tuple[Callable[[], Any], list[Visitor]]] = {
        "one bare Core update": (lambda: served(bare, settings.database, "FULL"), at_rows()),
        "one answer, whole": (lambda: served(house, {"folder": folder, **changes}), assessors),
    }
    if settings.database_url is None:
        servers["one bare Core update, NORMAL"] = (lambda: served(bare, settings.database, "NORMAL"), at_rows())
    rounds = [{each: _best(*server) for each, server in servers.items()} for _ in range(ROUNDS)]
    best = {each: max((one[each] for one in rounds), key=lambda found: found.per_second) for each in servers}
    ceiling = best["one bare Core update"]
    print(f"{name}, {AT_ONCE} connections{'':<20}     requests   share       p50      p99")
    for each, found in best.items():
        print("  " + found.line(each, ceiling))


def main(chosen: list[str]) -> None:
    """Measure on the databases named; on both by default."""
    with tempfile.TemporaryDirectory() as folder:
        if not chosen or "sqlite" in chosen:
            compare("SQLite", Path(folder))
        if not chosen or "postgresql" in chosen:
            quiet = ("listen_addresses=", "max_connections=60")
            with postgres.running(quiet, Path(tempfile.gettempdir())) as server:
                compare("PostgreSQL", Path(folder) / "files", database_url=server.create("saving"))


if __name__ == "__main__":
    main(sys.argv[1:])
