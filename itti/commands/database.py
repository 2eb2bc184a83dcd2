"""``itti database upgrade|check``."""

from __future__ import annotations

import argparse
from typing import Any

import sqlalchemy as sa

from itti import database
from itti.commands.words import language, progress, words
from itti.settings import settings


def declare(commands: Any) -> None:
    """Add the command's words."""
    parser = commands.add_parser("database", help=words("database.help"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=words("metavar-command"))
    verbs.add_parser("upgrade", help=words("database.upgrade")).set_defaults(run=run_upgrade)
    verbs.add_parser("check", help=words("database.check")).set_defaults(run=run_check)


def run_upgrade(_options: argparse.Namespace) -> int:
    """Bring the database to the newest revision; a new embedded one is made."""
    with progress("database.upgrading"):
        database.upgrade(settings())
    print(words("database.upgraded", address=_shown()))
    return 0


def run_check(_options: argparse.Namespace) -> int:
    """Say whether the database is what this release works with (a fault, and 1, if not)."""
    try:
        database.check(settings())
    except (database.SchemaBehind, database.SchemaDrifted) as fault:
        print(fault.sentence(language()))
        return 1
    print(words("database.sound", address=_shown()))
    return 0


def _shown() -> str:
    """The address without a password."""
    return sa.make_url(settings().database).render_as_string(hide_password=True)
