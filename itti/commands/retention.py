"""``itti retention apply``: lets go what is over its time."""

from __future__ import annotations

import argparse
from typing import Any

from itti.acts import now
from itti.commands.words import language, words
from itti.database import Database
from itti.evidence import retention as evidence
from itti.programme import day_of
from itti.retention import service
from itti.settings import settings
from questionnaires.wording import say


def declare(commands: Any) -> None:
    """Add the words of the command."""
    parser = commands.add_parser("retention", help=words("retention.help"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=words("metavar-command"))
    apply = verbs.add_parser("apply", help=words("retention.apply"), description=words("retention.apply-about"))
    apply.add_argument("--dry-run", action="store_true", help=words("retention.dry-run"))
    apply.set_defaults(run=run_apply)


def run_apply(options: argparse.Namespace) -> int:
    """Let go what is over its time, or say how much that is; may be run as often as one likes.

    Raises:
        SchemaBehind: the database has to be upgraded first.
    """
    database = Database(settings())
    try:
        database.check_revision()
        if options.dry_run:
            with database.reading() as session:
                proofs = evidence.due(session, settings(), day_of(session, now()))
                found = {**service.due(session, now()), "evidence": len(proofs)}
        else:
            gone = service.apply(database, now())
            found = {**gone, "evidence": len(evidence.work_off(database, settings(), now()).assessments)}
    finally:
        database.close()
    for name, count in found.items():
        print(words("retention.line", kind=say("itti.retention", f"kind.{name}", language()), number=count))
    print(words("retention.would" if options.dry_run else "retention.done", count=sum(found.values())))
    return 0
