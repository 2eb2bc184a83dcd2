"""``itti export FAMILY VERSION FOLDER``: figures of groups of factories as Parquet, with a data dictionary."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from itti.acts import now
from itti.commands.files import write
from itti.commands.statistics.sheets import Unfit
from itti.commands.words import words
from itti.database import Database
from itti.programme import day_of
from itti.settings import settings
from questionnaires import load
from reports.report import Standing

_SIZES = "10,50,250"


def declare(commands: Any) -> None:
    """Add the command's words."""
    parser = commands.add_parser("export", help=words("export.help"), description=words("export.about"))
    parser.add_argument("family", metavar="FAMILY", help=words("export.family"))
    parser.add_argument("version", metavar="VERSION", help=words("export.version"))
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=words("export.folder"))
    parser.add_argument("--least", type=int, default=10, metavar="K", help=words("export.least"))
    parser.add_argument("--sizes", default=_SIZES, metavar="NUMBERS", help=words("statistics.sizes"))
    parser.add_argument("--demonstration", action="store_true", help=words("export.demonstration"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write both files.

    Raises:
        SchemaBehind: the database has to be upgraded first.
        TooFewResults: so few factories hold a certificate that nothing may be shown.
    """
    from itti.results import service

    if options.least < service.LEAST:
        raise Unfit(option="--least", value=options.least, allowed=f"≥ {service.LEAST}")
    try:
        sizes = [int(limit) for limit in options.sizes.split(",")]
    except ValueError as error:
        raise Unfit(option="--sizes", value=options.sizes, allowed=_SIZES) from error
    definition = load(options.family, options.version)
    standing = Standing.DEMONSTRATION if options.demonstration else Standing.CERTIFICATE
    database = Database(settings())
    try:
        database.check_revision()
        with database.reading() as session:
            terms = service.Terms(day_of(session, now()), options.least, sizes, standing)
            made = service.export(session, definition, terms)
    finally:
        database.close()
    options.folder.mkdir(parents=True, exist_ok=True)
    write(options.folder / service.RESULTS, made.parquet)
    write(options.folder / service.DICTIONARY, made.dictionary)
    print(words("export.written", rows=made.rows, withheld=made.withheld, folder=options.folder))
    return 0
