"""``itti papers``: make the papers of approved assessments in a process of its own, and see what is under way."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from itti.certificates.office import Office, cores
from itti.certificates.press import isolation_here
from itti.commands.keys import warnings_of
from itti.commands.real_use import DemonstrationInUse, against_sealing
from itti.commands.words import language, words
from itti.database import Database
from itti.http.paging import Paging
from itti.papers import reading
from itti.papers.making import work_off
from itti.papers.reading import Line, Progress
from itti.papers.schemas import reason_of
from itti.papers.worker import worker
from itti.settings import settings
from questionnaires import wording
from reports.report import Form

_SHOWN = 200


def declare(commands: Any) -> None:
    """Add the words of the command."""
    parser = commands.add_parser("papers", help=words("papers.help"), description=words("papers.about"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=words("metavar-command"))
    work = verbs.add_parser("work", help=words("papers.work"), description=words("papers.work-about"))
    work.add_argument("--workers", type=int, default=0, metavar="N", help=words("papers.workers"))
    work.add_argument("--once", action="store_true", help=words("papers.once"))
    work.set_defaults(run=run_work)
    verbs.add_parser("list", help=words("papers.list")).set_defaults(run=run_list)


def run_work(options: argparse.Namespace) -> int:
    """Make papers until interrupted; with ``--once`` those that are due now (1, if some certificate is not issued).

    Raises:
        DemonstrationInUse: no sealing key is set, or one that is only good for a demonstration.
        SealCertificateNotValid: the sealing certificate has ended or not yet begun.
        SchemaBehind: the database has to be upgraded first.
    """
    chosen = settings()
    if reasons := list(against_sealing(chosen)):
        raise DemonstrationInUse(reasons)
    for warning in warnings_of(chosen, datetime.now(UTC)):
        print(warning, file=sys.stderr)
    with _database() as database:
        office = Office(chosen)
        held = office.press.run(isolation_here, None)
        isolation = wording.say("itti.certificates", f"isolation.{held}", language()) if held else "–"
        print(words("papers.started", isolation=isolation), flush=True)
        if options.once:
            print(words("papers.tried", count=work_off(database, office)))
            return 1 if _lines(database) else 0
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        making = worker(database, office, options.workers or cores())
        making.start()
        stopped.wait()
        making.stop()
    return 0


def run_list(_options: argparse.Namespace) -> int:
    """Say what is approved and not issued yet (1, if a paper failed)."""
    with _database() as database:
        lines = _lines(database)
    for line in lines:
        print(words(f"papers.line-{line.progress.value}", number=line.preparation.number))
        for job in line.jobs:
            if reason := reason_of(job, language()):
                name = paper_words(job.form, job.language)
                print(words("papers.reason", language=name, attempts=job.attempts, reason=reason))
    if not lines:
        print(words("papers.none"))
    return 1 if any(line.progress is Progress.FAILED for line in lines) else 0


def paper_words(form: Form, spoken: str) -> str:
    """A paper by its language; a short one says so."""
    return words("paper.short", language=spoken) if form is Form.SHORT else spoken


def _lines(database: Database) -> list[Line]:
    with database.reading() as session:
        return list(reading.under_way(session, Paging(_SHOWN, None)).rows)


@contextmanager
def _database() -> Iterator[Database]:
    database = Database(settings())
    try:
        database.check_revision()
        yield database
    finally:
        database.close()
