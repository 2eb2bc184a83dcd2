"""A real uvicorn server in a thread on a free port, with its own migrated database and data folder."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import uvicorn
from sqlmodel import Session

from itti import database
from itti.accounts import service as accounts
from itti.accounts.service import NewUser
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.app import create_app
from itti.database import Database
from itti.settings import PasswordCost, Settings

PASSWORD: Final = "a password for tests alone"
OFFICE: Final = "office@programme.example"

ResultT = TypeVar("ResultT")


@dataclass(frozen=True)
class Site:
    """A running server and what lies behind it."""

    address: str
    settings: Settings
    database: Database

    def write(self, work: Callable[[Session], ResultT]) -> ResultT:
        """The result of ``work`` in a transaction of its own."""
        with self.database.writing() as session:
            return work(session)

    def open_account(self, new: NewUser) -> User:
        """An account, opened as the command line does it."""
        act = Act(actor=None)
        return self.write(lambda session: accounts.create_user(session, act, self.settings, new).user)


PLAIN: Final[dict[str, Any]] = {"reply_days": 0, "independence_months": 0, "rotation_after": 0}
"""Rules of a programme that lets people come to the page a test is about by the shortest way."""


@contextmanager
def serve(folder: Path, host: str = "127.0.0.1", **rules: Any) -> Iterator[Site]:
    """A server until the block ends; the programme office has an account with :data:`PASSWORD`.

    Browsers keep passkeys for the ``host`` ``localhost``, and for no number.
    ``rules`` are settings of the programme beside the defaults; see :data:`PLAIN`.
    """
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    address = f"http://{host}:{listener.getsockname()[1]}"
    settings = Settings(
        _env_file=None,
        data_folder=folder,
        secret="a secret for tests alone",
        password_cost=PasswordCost.CHEAP,
        base_url=address,
        **rules,
    )
    database.upgrade(settings)
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings), log_level="error", ws="none", timeout_graceful_shutdown=2)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    _wait(lambda: server.started)
    own = Database(settings)
    site = Site(address, settings, own)
    site.open_account(NewUser(OFFICE, "Noura Al Ketbi", Role.PROGRAMME, "نورة الكتبي", PASSWORD))
    try:
        yield site
    finally:
        own.close()
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


def _wait(ready: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "the server did not start"
        time.sleep(0.02)
