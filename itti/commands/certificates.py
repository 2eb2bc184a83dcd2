"""``itti certificates stamp-archive``: archive copies of all papers, stamped again in time."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from itti.acts import Act
from itti.calendar.zones import day_in
from itti.certificates import archive
from itti.certificates.office import Office
from itti.commands.papers import paper_words
from itti.commands.words import language, words
from itti.database import Database
from itti.settings import settings
from questionnaires.errors import Fault


def declare(commands: Any) -> None:
    """Add the words of the command."""
    parser = commands.add_parser("certificates", help=words("certificates.help"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=words("metavar-command"))
    about = words("certificates.stamp-archive-about")
    stamp = verbs.add_parser("stamp-archive", help=words("certificates.stamp-archive"), description=about)
    ahead = {"type": int, "default": archive.AHEAD_DAYS, "metavar": "DAYS", "help": words("certificates.ahead")}
    stamp.add_argument("--ahead", **ahead)
    stamp.add_argument("--dry-run", action="store_true", help=words("certificates.dry-run"))
    stamp.set_defaults(run=run_stamp)


def run_stamp(options: argparse.Namespace) -> int:
    """Stamp what is due, paper by paper; 1, when some paper could not be stamped. What is done stays done.

    Raises:
        SchemaBehind: the database has to be upgraded first.
    """
    database = Database(settings())
    try:
        database.check_revision()
        act = Act(actor=None, zone=settings().zone)
        with database.reading() as session:
            found = archive.due(session, act.at, options.ahead)
        print(words("certificates.due", count=len(found)))
        if options.dry_run:
            for one in found:
                print(words("certificates.paper", number=one.number, language=paper_words(one.form, one.language)))
            return 0
        return _stamped(database, found)
    finally:
        database.close()


def _stamped(database: Database, found: list[archive.Due]) -> int:
    office, failed = Office(settings()), 0
    for one in found:
        try:
            made = archive.stamp(database, office, one, Act(actor=None, zone=settings().zone))
        except Fault as fault:
            failed += 1
            sentence = fault.sentence(language())
            print(
                words(
                    "certificates.failed",
                    number=one.number,
                    language=paper_words(one.form, one.language),
                    sentence=sentence,
                )
            )
            if getattr(fault, "retryable", False):
                print(words("certificates.later"), file=sys.stderr)
                break
            continue
        until = day_in(settings().zone, made.ends)
        print(
            words(
                "certificates.stamped",
                number=one.number,
                language=paper_words(one.form, one.language),
                by=made.stamped_by,
                until=until,
            )
        )
    return 1 if failed else 0
