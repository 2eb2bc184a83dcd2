"""Whether lists stay flat: ``python benchmarks/lists.py [sqlite|postgresql …]``, with 1,000 and 100,000 assessments.

An assessor has the same fifty assessments in both and a factory the same five; the rest are other people's. Every list
is asked for through the application, without a network, and the best of several runs counts. What counts are the
ratios, and that a list takes as many statements however much there is.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa  # noqa: E402
from sqlmodel import Session  # noqa: E402
from starlette.testclient import TestClient  # noqa: E402

from itti.accounts.tables import Role  # noqa: E402
from itti.assessments.tables import Assessment, AssessmentState  # noqa: E402
from itti.certificates.tables import Certificate, CertificateState  # noqa: E402
from itti.database import upgrade  # noqa: E402
from itti.factories.tables import Factory, Sector  # noqa: E402
from tests.itti import postgres  # noqa: E402
from tests.itti.assessments import story  # noqa: E402
from tests.itti.conftest import World, make_settings, running_world  # noqa: E402

SIZES: Final = (1_000, 100_000)
OWN: Final = 50
RUNS: Final = 15
BLOCK: Final = 5_000
BEGIN: Final = datetime(2020, 1, 1, tzinfo=UTC)
PLAIN: Final = "{}" * 2_000
"""Stands for a scorecard in the register."""

Asking = Callable[[], list[str]]


def fill(world: World, size: int, assessor: UUID, factory: UUID) -> None:
    """So many assessments, one in ten under way and the rest certified; every so manieth of the assessor's own."""
    body = world.create_body().id
    others = [world.create_assessor().id for _ in range(20)]
    factories = [factory, *(uuid4() for _ in range(size // 5))]

    def rows(numbers: range) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
        for number in numbers:
            mine = number % (size // OWN) == 0
            under_way = number % 10 == 0
            state = list(AssessmentState)[number // 10 % 4] if under_way else AssessmentState.CERTIFIED
            one = {
                "id": uuid4(),
                "version": 1,
                "factory_id": factories[0]
                if number % (size // 5) == 1
                else factories[1 + number % (len(factories) - 1)],
                "family": "itti",
                "definition_version": story.VERSION,
                "digest": story.DIGEST,
                "state": state,
                "body_id": body,
                "assessor_id": assessor if mine else others[number % len(others)],
                "reviewer_id": None if under_way else others[(number + 1) % len(others)],
                "planned_for": date(2026, 1, 1),
                "created_at": BEGIN + timedelta(minutes=number),
            }
            yield one, None if under_way else _certificate(one, number)

    def work(session: Session) -> None:
        made = [
            {"id": each, "version": 1, "name": f"Factory {place}", "licence": f"L-{place}", "sector": Sector.FOOD}
            | {"region": "Dubai", "employees": 9, "created_at": BEGIN}
            for place, each in enumerate(factories[1:])
        ]
        session.execute(sa.insert(Factory), made)
        for begin in range(0, size, BLOCK):
            both = list(rows(range(begin, min(size, begin + BLOCK))))
            session.execute(sa.insert(Assessment), [one for one, _ in both])
            session.execute(sa.insert(Certificate), [entry for _, entry in both if entry is not None])
        if not world.database.is_sqlite:  # where nobody asks for it either, but PostgreSQL does so by itself
            session.execute(sa.text("ANALYZE"))

    world.write(work)


def _certificate(one: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "number": f"TI-2026-{number:06}",
        "assessment_id": one["id"],
        "factory_id": one["factory_id"],
        "factory_name": "A factory",
        "family": "itti",
        "definition_version": story.VERSION,
        "digest": story.DIGEST,
        "standing": "certificate",
        "state": CertificateState.ISSUED,
        "issued_on": date(2020, 1, 1) + timedelta(days=number // 40),
        "expires_on": date(2030, 1, 1),
        "index_value": "3.10",
        "scorecard": PLAIN,
        "answers": PLAIN,
        "scorecard_sha256": "0" * 64,
    }


def doors(world: World, size: int) -> dict[str, Asking]:
    """The lists, each as a call that gives the statements it took."""
    factory = world.create_factory()
    assessor, owner = world.create_assessor(), world.create_user(Role.FACTORY, factory=factory)
    fill(world, size, assessor.id, factory.id)
    people = {"office": world.api(world.create_user()), "assessor": world.api(assessor), "factory": world.api(owner)}
    addresses = (
        "/assessments?limit=50",
        "/assessments?limit=50&state=review",
        "/certificates?limit=50",
        "/events?limit=50",
    )
    found = {
        f"{who} {address}": _asking(world, client, address) for who, client in people.items() for address in addresses
    }
    following = people["office"].get(addresses[0]).links["next"]["url"].removeprefix("/api/v1")
    found["office, the next page"] = _asking(world, people["office"], following)
    found["office /factories?limit=50"] = _asking(world, people["office"], "/factories?limit=50")
    return found


def _asking(world: World, client: TestClient, address: str) -> Asking:
    def ask() -> list[str]:
        with story.counted(world) as statements:
            answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(answer.text)
        return statements

    return ask


def _best(asking: Asking) -> tuple[float, int]:
    """Milliseconds of the best run, and statements."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        statements = asking()
        times.append(time.perf_counter() - begun)
    return min(times) * 1000, len(statements)


def compare(name: str, settings_of: Callable[[int], Any]) -> None:
    """Print the table of one database."""
    found: dict[str, list[tuple[float, int]]] = {}
    for size in SIZES:
        settings = settings_of(size)
        upgrade(settings)
        with running_world(settings) as world:
            for door, asking in doors(world, size).items():
                found.setdefault(door, []).append(_best(asking))
    print(f"{name:<46}" + "".join(f"{size:>12,}" for size in SIZES) + "   ratio  statements")
    for door, ((few, asked), (many, asked_of_many)) in found.items():
        statements = f"{asked}" if asked == asked_of_many else f"{asked}, {asked_of_many}"
        print(f"  {door:<44}{few:>9.1f} ms{many:>9.1f} ms{many / few:>8.2f}  {statements}")


def main(chosen: list[str]) -> None:
    """Measure on the databases named; on both by default."""
    with tempfile.TemporaryDirectory() as folder:
        if not chosen or "sqlite" in chosen:
            compare("SQLite", lambda size: make_settings(Path(folder) / f"{size}"))
        if not chosen or "postgresql" in chosen:
            with postgres.running() as server:
                compare("PostgreSQL", lambda size: make_settings(Path(folder), database_url=server.create(f"n{size}")))


if __name__ == "__main__":
    main(sys.argv[1:])
