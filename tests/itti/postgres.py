"""A PostgreSQL server of our own for a test run, reached by a Unix socket; gone when the run ends."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
import pytest

_ROOT: Final = Path(__file__).parents[2]
_QUICK: Final = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "listen_addresses=",
    "max_connections=60",
)
_ROOM: Final = 4 * 1024**3
"""More than all databases of a run take (bytes)."""


@dataclass(frozen=True)
class Server:
    """A running server; ``folder`` holds its socket."""

    folder: Path

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database, empty or a copy of ``template``; returns its SQLAlchemy address."""
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"


def binaries() -> Path | None:
    """The folder with ``initdb`` and ``pg_ctl``, or None. Looks where told, then at Debian's place, then beside us."""
    told = os.environ.get("ITTI_POSTGRES_BIN")
    folders = [Path(told)] if told else []
    for root in (Path("/"), _ROOT / ".syslibs"):
        folders += sorted(root.glob("usr/lib/postgresql/*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def _servant() -> pwd.struct_passwd:
    """In whose name the server runs when we are root, whom it refuses: postgres, or nobody where none was made."""
    people = {entry.pw_name: entry for entry in pwd.getpwall()}
    return people.get("postgres") or people["nobody"]


def _quickest() -> Path:
    """Where the data lie: in memory where there is room for them, since every test makes a database of its own."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder made there is ours alone
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    return memory if roomy else Path("/tmp")  # noqa: S108 - likewise


@contextmanager
def running(options: Sequence[str] = _QUICK, within: Path | None = None) -> Iterator[Server]:
    """Start a server (as user postgres where we are root, whom it refuses), and stop it.

    By default it is quick and forgets everything when the machine falls; ``within`` a folder others can enter.
    """
    found = binaries()
    if found is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql, or set ITTI_POSTGRES_BIN")
    # Not in pytest's own folders: they are closed to other users, and the path of a socket must be short and plain.
    home = Path(tempfile.mkdtemp(prefix="itti-pg-", dir=within or _quickest()))
    user = _servant() if os.geteuid() == 0 else None
    if user is not None:
        os.chown(home, user.pw_uid, user.pw_gid)
    data = home / "data"

    def run(*command: str | Path) -> None:
        subprocess.run(
            [str(part) for part in command],
            check=True,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            cwd=home,
            stdout=subprocess.DEVNULL,
        )

    told = " ".join(f"-c {option}" for option in (*options, f"unix_socket_directories={home}"))
    try:
        run(found / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        run(found / "pg_ctl", "-D", data, "-l", home / "log", "-w", "-o", told, "start")
        try:
            yield Server(home)
        finally:
            run(found / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home)
