"""``itti evidence expire``: lets go evidence that is over the time for which the programme keeps it."""

from __future__ import annotations

import argparse
from typing import Any

from itti.acts import now
from itti.calendar.zones import day_in
from itti.commands.words import words
from itti.database import Database
from itti.evidence import retention
from itti.settings import settings


def declare(commands: Any) -> None:
    """Add the words of the command."""
    parser = commands.add_parser("evidence", help=words("evidence.help"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=words("metavar-command"))
    expire = verbs.add_parser("expire", help=words("evidence.expire"), description=words("evidence.expire-about"))
    expire.add_argument("--dry-run", action="store_true", help=words("evidence.dry-run"))
    expire.set_defaults(run=run_expire)


def run_expire(options: argparse.Namespace) -> int:
    """Let go the evidence that is over its time, or say of which assessments; may be run as often as one likes.

    Raises:
        SchemaBehind: the database has to be upgraded first.
        StorageUnreachable: the store of evidence does not answer.
    """
    chosen = settings()
    database = Database(chosen)
    contents = 0
    try:
        database.check_revision()
        if options.dry_run:
            with database.reading() as session:
                found = retention.due(session, chosen, day_in(chosen.zone, now()))
        else:
            done = retention.work_off(database, chosen, now())
            found, contents = done.assessments, done.contents
    finally:
        database.close()
    for identifier in found:
        print(words("evidence.line", assessment=identifier))
    print(words("evidence.would" if options.dry_run else "evidence.done", count=len(found)))
    if contents:
        print(words("evidence.erased", count=contents))
    return 0
