"""``itti footprint FILE``: an inventory in, its footprint out; no database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from itti.commands.footprints.words import words

if TYPE_CHECKING:
    from questionnaires.factors import Library


def declare(commands: Any) -> None:
    """Add the command's words."""
    parser = commands.add_parser("footprint", help=words("footprint.help"), description=words("footprint.about"))
    parser.add_argument("file", type=Path, metavar="FILE", help=words("footprint.file"))
    parser.add_argument("--gwp", choices=("ar4", "ar5", "ar6"), default=None, help=words("footprint.gwp"))
    parser.add_argument(
        "--factors", type=Path, action="append", default=[], metavar="FOLDER", help=words("footprint.factors")
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=words("footprint.json"))
    form.add_argument("--explain", action="store_true", help=words("footprint.explain"))
    parser.set_defaults(run=run)


def _with_own(shelf: Library, folders: Sequence[Path]) -> Library:
    """The published sets with those of the folders.

    Raises:
        Mistaken: a folder's files hold mistakes.
        FactorSetChanged: a folder bears the name of a published set and is not what was published.
    """
    from questionnaires.factors import load_book
    from questionnaires.factors.loading import check_frozen

    for folder in folders:
        book = load_book(folder)
        if book.name in shelf.books:
            check_frozen(book)
        shelf = shelf.with_books(book)
    return shelf


def run(options: argparse.Namespace) -> int:
    """Count; 1 when the file expects other figures than came out."""
    from itti.commands.footprints.telling import Telling
    from questionnaires.factors import library
    from questionnaires.loading import read_file
    from questionnaires.places import read
    from scoring.footprint import footprint, read_inventory

    document = read(sys.stdin.buffer.read(), "-") if str(options.file) == "-" else read_file(options.file)
    inventory = read_inventory(document)
    if options.gwp is not None:
        inventory = inventory.with_potentials(options.gwp)
    shelf = _with_own(library(), options.factors)
    found = footprint(inventory, shelf, document)
    if options.json:
        sys.stdout.buffer.write(found.to_json() + b"\n")
        sys.stdout.buffer.flush()
    else:
        telling = Telling(inventory, found, shelf)
        print("\n".join(telling.explained() if options.explain else telling.summary()))
    if options.gwp is not None:
        return 0
    figures = found.figures()
    wrong = {name: value for name, value in inventory.expected.items() if figures.get(name) != value}
    for name, value in wrong.items():
        said = words("footprint.unexpected", name=name, expected=value, found=figures.get(name, "–"))
        print(said, file=sys.stderr)
    return 1 if wrong else 0
