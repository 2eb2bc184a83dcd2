"""The demonstration, loaded once for all tests of a run, with one paper of each of its nine certificates."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pytest

from itti import demonstration
from itti.certificates.office import Office
from itti.database import Database
from tests.itti.certificates.quick import OneOfFour, QuickPress
from tests.itti.conftest import World, make_settings, running_world

RULES: Final = {"reply_days": 14, "independence_months": 24, "rotation_after": 3}


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Path:
    """A data folder with everything in it, to be copied. Workers that test side by side share it."""
    base = tmp_path_factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    finished = root / "demonstration"
    with (root / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not finished.exists():
            unfinished = root / "demonstration-unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)  # what another worker failed at
            shutil.copytree(migrated, unfinished)
            _load(unfinished)
            unfinished.rename(finished)
    return finished


def _load(folder: Path) -> None:
    settings = make_settings(folder, **RULES)
    today = datetime.now(UTC).date()
    (folder / "today").write_text(today.isoformat())
    reported: list[tuple[int, int]] = []
    database, office = Database(settings), Office(settings)
    try:
        with pytest.MonkeyPatch.context() as patch, database.writing() as session:
            presses = {name: OneOfFour(getattr(office, name)) for name in ("press", "sealing")}
            for name, press in presses.items():
                patch.setattr(Office, name, press)
            patch.setattr(Office, "reckoner", QuickPress())
            demonstration.load(session, settings, today, lambda done, total: reported.append((done, total)))
    finally:
        database.close()
    total = reported[0][1]
    assert reported == [(done, total) for done in range(total + 1)], "progress is told step by step"


@pytest.fixture
def today(loaded: Path) -> date:
    """The day the demonstration was loaded for."""
    return date.fromisoformat((loaded / "today").read_text())


@pytest.fixture
def stage(loaded: Path, tmp_path: Path) -> Iterator[World]:
    """The real application on a copy of the demonstration."""
    folder = tmp_path / "demonstration"
    shutil.copytree(loaded, folder)
    with running_world(make_settings(folder, **RULES)) as made:
        yield made
