"""``itti mail``: send what waits in the outbox, see it, and try the mail server."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from itti.acts import Act
from itti.commands.words import language, words
from itti.database import Database
from itti.mail import sending, service
from itti.mail.errors import NoMailServer
from itti.mail.worker import worker
from itti.queue.claims import said
from itti.queue.rows import JobState
from itti.settings import settings


def declare(commands: Any) -> None:
    """Add the words of the command."""
    parser = commands.add_parser("mail", help=words("mail.help"), description=words("mail.about"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=words("metavar-command"))
    send = verbs.add_parser("send", help=words("mail.send"), description=words("mail.send-about"))
    send.add_argument("--once", action="store_true", help=words("mail.once"))
    send.set_defaults(run=run_send)
    verbs.add_parser("list", help=words("mail.list")).set_defaults(run=run_list)
    test = verbs.add_parser("test", help=words("mail.test"))
    test.add_argument("address", metavar=words("metavar-address"), help=words("mail.test-address"))
    test.set_defaults(run=run_test)


def run_send(options: argparse.Namespace) -> int:
    """Send messages until interrupted; with ``--once`` those that are due now (1, if one was given up or waits).

    Raises:
        NoMailServer: none is set.
        SchemaBehind: the database has to be upgraded first.
    """
    chosen = settings()
    if not chosen.mail_host:
        raise NoMailServer
    with _database() as database:
        if options.once:
            print(words("mail.tried", count=sending.send_due(database, chosen)))
            with database.reading() as session:
                return 1 if service.waiting(session) else 0
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        sender = worker(database, chosen)
        sender.start()
        stopped.wait()
        sender.stop()
    return 0


def run_list(_options: argparse.Namespace) -> int:
    """Say what is not sent yet (1, if something was given up)."""
    with _database() as database, database.reading() as session:
        rows = service.waiting(session)
        for row in rows:
            print(words("mail.line", letter=row.letter, address=row.address, at=f"{row.created_at:%Y-%m-%d %H:%M}"))
            if reason := said(row.reason, language()):
                print(words("mail.reason", attempts=row.attempts, reason=reason))
        if not rows:
            print(words("mail.none"))
        return 1 if any(row.state is JobState.FAILED for row in rows) else 0


def run_test(options: argparse.Namespace) -> int:
    """Post a message to an address and send it at once; 1, if the server did not accept it.

    Raises:
        NoMailServer: none is set.
        SchemaBehind: the database has to be upgraded first.
    """
    chosen = settings()
    if not chosen.mail_host:
        raise NoMailServer
    with _database() as database:
        act, to = Act(actor=None, zone=settings().zone), service.Recipient(options.address, language=language())
        with database.writing() as session:
            row = service.post(session, act, to, service.Letter("test", path="/", life=timedelta(hours=1)))
            assert row is not None  # noqa: S101 - it has no `about`
            name = row.id
        sending.send_due(database, chosen)
        with database.reading() as session:
            sent = service.message(session, name)
            if sent.state is JobState.DONE:
                print(words("mail.accepted", address=sent.address))
                return 0
            print(said(sent.reason, language()))
            return 1


@contextmanager
def _database() -> Iterator[Database]:
    database = Database(settings())
    try:
        database.check_revision()
        yield database
    finally:
        database.close()
