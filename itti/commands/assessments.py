"""``itti assessments due|diagram``: what time demands, and the table of states and moves."""

from __future__ import annotations

import argparse
from typing import Any

from itti.acts import now
from itti.assessments import diagram
from itti.assessments import due as calendar
from itti.commands.words import language, words
from itti.database import Database
from itti.programme import day_of
from itti.settings import settings
from itti.tidings.reminders import remind
from questionnaires import wording


def declare(commands: Any) -> None:
    """Add the words of the command."""
    parser = commands.add_parser("assessments", help=words("assessments.help"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=words("metavar-command"))
    due = verbs.add_parser("due", help=words("assessments.due"), description=words("assessments.due-about"))
    due.add_argument("--dry-run", action="store_true", help=words("assessments.dry-run"))
    due.set_defaults(run=run_due)
    verbs.add_parser("diagram", help=words("assessments.diagram")).set_defaults(run=run_diagram)


def run_due(options: argparse.Namespace) -> int:
    """Make the moves whose day has passed, and post reminders of days to come; may be run as often as one likes.

    Raises:
        SchemaBehind: the database has to be upgraded first.
    """
    database = Database(settings())
    try:
        database.check_revision()
        at, reminders = now(), 0
        if options.dry_run:
            with database.reading() as session:
                found = calendar.due(session, day_of(session, at))
        else:
            found = list(calendar.work_off(database, at))
            reminders = remind(database, at)
    finally:
        database.close()
    for each in found:
        move = wording.say("itti.assessments", f"move.{each.move.value}", language())
        print(words("assessments.line", assessment=each.assessment_id, move=move, day=each.last.isoformat()))
    print(words("assessments.would" if options.dry_run else "assessments.done", count=len(found)))
    if reminders:
        print(words("assessments.reminded", count=reminders))
    return 0


def run_diagram(_options: argparse.Namespace) -> int:
    """Print the page ``docs/states.md``."""
    print(diagram.page(), end="")
    return 0
