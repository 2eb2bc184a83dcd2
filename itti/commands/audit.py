"""``itti audit``: verify the record of acts, and export its signed head."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from itti.audit.sequencing import sequence
from itti.certificates.office import Office
from itti.commands.files import write
from itti.commands.verify import installation
from itti.commands.words import language, progress, words
from itti.database import Database
from itti.record.checking import Verdict, verify


def declare(commands: Any) -> None:
    """Add the words of the command."""
    parser = commands.add_parser("audit", help=words("audit.help"), description=words("audit.about"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=words("metavar-command"))
    check = verbs.add_parser("verify", help=words("audit.verify"), description=words("audit.verify-about"))
    check.add_argument("--against", type=Path, nargs="+", default=[], metavar="FILE", help=words("audit.against"))
    check.add_argument("--json", action="store_true", help=words("audit.json"))
    check.set_defaults(run=run_verify)
    head = verbs.add_parser("head", help=words("audit.head"), description=words("audit.head-about"))
    head.add_argument("--export", type=Path, default=None, metavar="FILE", help=words("audit.export"))
    head.add_argument("--key", action="store_true", help=words("audit.key"))
    head.set_defaults(run=run_head)


def run_verify(options: argparse.Namespace) -> int:
    """Recompute the record and say what is wrong, each with its place and what to do; 1, if anything is.

    Raises:
        SchemaBehind: the database has to be upgraded first.
        RecordKeyUnusable: a key cannot be read.
    """
    with _database() as (database, office), progress("audit.verifying"), database.reading() as session:
        found = verify(session, office, options.against)
    if options.json:
        print(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(found)))
    return 0 if found.holds else 1


def run_head(options: argparse.Namespace) -> int:
    """Take in what waits, and give out the signed head.

    Raises:
        SchemaBehind: the database has to be upgraded first.
        RecordKeyUnusable: nobody can sign.
        CannotWrite: the file cannot be written.
    """
    with _database() as (database, office):
        with database.writing() as session:
            note = sequence(session, office.record_signer).note
        if options.key:
            print(office.record_signer.verifier)
    if options.export is not None:
        write(options.export, note.encode())
    elif not options.key:
        print(note, end="")
    return 0


def _lines(found: Verdict) -> Iterator[str]:
    for trouble in found.troubles:
        mark = "audit.notice" if trouble.is_notice else "audit.trouble"
        yield words(mark, sentence=trouble.sentence(language()))
    more = sum(found.counts.values()) - len(found.troubles)
    if more:
        yield words("audit.more", count=more)
    yield words(
        "audit.holds" if found.holds else "audit.fails", acts=found.acts, heads=found.heads, outside=found.outside
    )


def _as_json(found: Verdict) -> dict[str, Any]:
    told = {**asdict(found), "troubles": []}
    for trouble in found.troubles:
        told["troubles"].append(
            {
                "code": trouble.code,
                "notice": trouble.is_notice,
                "place": trouble.place,
                "sentence": trouble.sentence(language()),
            }
        )
    return told


@contextmanager
def _database() -> Iterator[tuple[Database, Office]]:
    chosen = installation()
    database = Database(chosen)
    try:
        database.check_revision()
        yield database, Office(chosen)
    finally:
        database.close()
