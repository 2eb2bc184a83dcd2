"""A history that touches certificates and the record, and what a machine holds when it ends at any step of it.

``python -m tests.itti.papers.killing SOURCE TARGET CAST EVERY SERVERS`` plays it in a copy of the folder ``SOURCE``.

- At every step it stands still and copies the folder to ``TARGET/held``: that is what a process killed at this step
  leaves, since a kill takes nothing from the files that were written. Steps that left nothing new are not copied.
- At some steps, or with ``EVERY`` at each of them, a child that plays it anew is really killed (SIGKILL), in
  ``TARGET/killed``.

A step is what can be told apart from outside: before and after each commit that writes, and each flush and renaming of
a file; with ``EVERY`` each statement too. ``CAST`` names the people and assessments (:class:`Cast`). ``SERVERS``
names databases on a server, by the step at which to kill: there nothing is copied.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import event
from sqlmodel import select

from itti.accounts.tables import User
from itti.acts import Act, now
from itti.assessments import due, library, service
from itti.assessments.tables import Assessment
from itti.audit.keys import signer_of
from itti.audit.sequencing import sequence
from itti.certificates import register
from itti.certificates.office import Office
from itti.database import Database
from itti.papers import approval
from itti.papers.making import work_off
from itti.settings import Settings
from reports import signs
from reports.report import Form
from tests.itti.assessments.story import VERSION
from tests.itti.certificates.quick import QuickPress
from tests.itti.conftest import FAMILY, make_settings

ResultT = TypeVar("ResultT")

PAPERS: Final = ((Form.FULL, "en"), (Form.SHORT, "ar"))
"""Two papers alone: further ones add steps of the same kind."""

RULES: Final = {"reply_days": 14}


@dataclass(frozen=True)
class Cast:
    """Ids of who and what the history is about."""

    assessment: str
    """Waits for the factory's reply; a certificate of the same factory is valid."""

    office: str
    owner: str
    reviewer: str
    hearer: str
    successor: str
    address: str | None = None
    """Of the database, where it does not lie in the folder."""

    @property
    def settings(self) -> dict[str, Any]:
        """What the settings are made with, but for the folder."""
        return RULES | ({} if self.address is None else {"database_url": self.address})


def history(database: Database, settings: Settings, cast: Cast) -> Iterator[str]:
    """Everything that touches a certificate or the record, act by act; yields the name of each that is done."""
    office, one = Office(settings), UUID(cast.assessment)

    def move(user: str, name: str, **more: Any) -> None:
        with database.writing() as session:
            act = Act(session.get(User, UUID(user)))
            service.move(session, act, one, name, office=office, note="Because.", **more)

    move(cast.owner, "accept")
    yield "accepted"
    move(cast.reviewer, "approve")
    yield "approved"
    work_off(database, office)
    yield "certified"
    due.work_off(database, now())
    yield "expired"
    move(cast.owner, "appeal")
    move(cast.hearer, "take-appeal")
    yield "appealed"
    move(cast.hearer, "uphold-appeal")
    yield "upheld"
    with database.writing() as session:
        entry = register.entry_of_assessment(session, one)
        assert entry is not None
        register.revoke(session, Act(session.get(User, UUID(cast.office))), entry.number, "Because.")
    yield "revoked"
    with database.reading() as session:
        one = session.exec(select(Assessment.id).where(Assessment.revision_of == one)).one()
    move(cast.office, "hand-over", successor=UUID(cast.successor))
    yield "handed over"
    with database.writing() as session:
        sequence(session, signer_of(settings))
    yield "taken in"


def play(folder: Path, cast: Cast, at: Callable[[Database], Callable[[], None]], *, every: bool = False) -> None:
    """Play the history in ``folder``; what ``at`` makes of the database is called at every step."""
    settings = make_settings(folder, **cast.settings)
    database = Database(settings)
    with _watched(database, at(database), every=every):
        for _ in history(database, settings, cast):
            pass
    database.close()


@contextmanager
def _watched(database: Database, step: Callable[[], None], *, every: bool) -> Iterator[None]:
    """Call ``step`` at every step meanwhile."""

    def around(work: Callable[..., ResultT]) -> Callable[..., ResultT]:
        def stepped(*arguments: Any, **named: Any) -> ResultT:
            step()
            result = work(*arguments, **named)
            step()
            return result

        return stepped

    dialect, fsync, rename = database.engine.dialect, os.fsync, Path.replace
    setattr(dialect, "do_commit", around(dialect.do_commit))  # noqa: B010 - services commit nowhere else
    setattr(os, "fsync", around(fsync))  # noqa: B010
    setattr(Path, "replace", around(rename))  # noqa: B010
    if every:
        event.listen(database.engine, "after_cursor_execute", lambda *_: step())
    try:
        yield
    finally:
        setattr(os, "fsync", fsync)  # noqa: B010
        setattr(Path, "replace", rename)  # noqa: B010


class Held:
    """Copies what a folder holds, whenever that is something new."""

    def __init__(self, folder: Path, target: Path, *, every: bool) -> None:
        self.steps = 0
        self._folder, self._target, self._every = folder, target, every
        self._eye: sqlite3.Connection | None = None
        self._last: object = None
        target.mkdir(parents=True)

    def watch(self, _: Database) -> Callable[[], None]:
        """What is called at every step."""
        return self.step

    def step(self) -> None:
        """Copy, by another process: closing a file of the database here would let go of its locks."""
        self.steps += 1
        found = self._seen()
        if found != self._last or self._every:
            self._last = found
            to = self._target / f"{self.steps:05d}"
            subprocess.run(["cp", "-a", str(self._folder), str(to)], check=True, stdin=subprocess.DEVNULL)

    def _seen(self) -> object:
        """What has been committed, and which files there are."""
        if self._eye is None:
            self._eye = sqlite3.connect(self._folder / "itti.sqlite", isolation_level=None)
        [version] = self._eye.execute("PRAGMA data_version").fetchone()
        files = (path for path in self._folder.rglob("*") if path.is_file() and "sqlite" not in path.name)
        return version, sorted((path.name, path.stat().st_size) for path in files)


def kill_at(last: int, folder: Path, cast: Cast) -> bool:
    """Play the history in a child that is killed at its step ``last``; False: it got to the end."""
    child = os.fork()
    if child == 0:
        left = iter(range(last - 1, -1, -1))
        play(folder, cast, lambda _: lambda: None if next(left, 0) else os.kill(os.getpid(), signal.SIGKILL))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def prepare() -> None:
    """Quick presses, few papers, and all that is loaded once."""
    for press in ("press", "sealing", "reckoner"):
        setattr(Office, press, QuickPress())
    setattr(approval, "PAPERS", PAPERS)  # noqa: B010 - this process is a test's own
    library.questionnaire(FAMILY, VERSION)
    signs.printable()


def main(source: Path, target: Path, cast: Cast, *, every: bool, servers: Mapping[int, str]) -> None:
    """Copy at every step, then kill at some; on a server only kill, at each step in a database of its own."""
    prepare()
    for last, address in servers.items():
        folder = target / f"{last:05d}"
        shutil.copytree(source, folder)
        assert kill_at(last, folder, replace(cast, address=address))
    if servers:
        return
    played = target / "played"
    shutil.copytree(source, played)
    held = Held(played, target / "held", every=every)
    play(played, cast, held.watch, every=every)
    some = range(1, held.steps + 1) if every else (held.steps // 4, held.steps // 2, held.steps * 3 // 4)
    for last in some:
        folder = target / "killed" / f"{last:05d}"
        shutil.copytree(source, folder)
        if not kill_at(last, folder, cast):
            return


def started(
    source: Path, target: Path, cast: Cast, *, every: bool = False, servers: Mapping[int, str] | None = None
) -> None:
    """Run :func:`main` in a process of its own; ``servers``: step → address of the database in which to kill at it."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.itti.papers.killing", str(source), str(target)),
            *(json.dumps(asdict(cast)), "every" if every else "", json.dumps(servers or {})),
        ],
        cwd=Path(__file__).parents[3],
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


if __name__ == "__main__":
    _addresses = {int(step): address for step, address in json.loads(sys.argv[5]).items()}
    _cast = Cast(**json.loads(sys.argv[3]))
    main(Path(sys.argv[1]), Path(sys.argv[2]), _cast, every=bool(sys.argv[4]), servers=_addresses)
