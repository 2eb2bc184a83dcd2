"""``itti questionnaires author-workbook|from-workbook``: a definition written as a workbook, and back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from itti.commands.files import CannotWrite, bytes_from, write
from itti.commands.words import words
from itti.commands.workbook import definition_of, refuse_to_replace
from questionnaires import digest, load_folder
from questionnaires.mistakes import Mistaken


def declare(verbs: Any) -> None:
    """Add the two verbs."""
    writer = verbs.add_parser(
        "author-workbook", help=words("author-workbook.help"), description=words("author-workbook.about")
    )
    writer.add_argument("name", metavar="FOLDER|FAMILY[@VERSION]", help=words("workbook.name"))
    writer.add_argument("--output", type=Path, required=True, metavar="FILE.xlsx", help=words("workbook.output"))
    writer.add_argument("--replace", action="store_true", help=words("workbook.replace"))
    writer.set_defaults(run=run_write)
    reader = verbs.add_parser(
        "from-workbook", help=words("author-workbook.from-help"), description=words("author-workbook.from-about")
    )
    reader.add_argument("file", type=Path, metavar="FILE.xlsx", help=words("author-workbook.file"))
    reader.add_argument("--into", type=Path, required=True, metavar="FOLDER", help=words("author-workbook.into"))
    reader.add_argument("--replace", action="store_true", help=words("workbook.replace"))
    reader.set_defaults(run=run_read)


def run_write(options: argparse.Namespace) -> int:
    """Write the workbook of a definition."""
    from questionnaires.workbook import definition_to_workbook

    refuse_to_replace(options.output, allowed=options.replace)
    definition = definition_of(options.name)
    write(options.output, definition_to_workbook(definition))
    if str(options.output) != "-":
        print(words("workbook.written", file=options.output, name=definition.name, count=len(definition.questions)))
    return 0


def run_read(options: argparse.Namespace) -> int:
    """Write the files of the definition that a workbook states; nothing where it holds mistakes."""
    from questionnaires.workbook import workbook_to_yaml
    from questionnaires.workbook.container import LARGEST_FILE

    authored = workbook_to_yaml(bytes_from(options.file, LARGEST_FILE), str(options.file))
    if authored.mistakes:
        raise Mistaken(authored.mistakes)
    for name in authored.files:
        refuse_to_replace(options.into / name, allowed=options.replace)
    try:
        options.into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(file=str(options.into), reason=error.strerror or type(error).__name__) from error
    for name, content in authored.files.items():
        write(options.into / name, content)
    definition = load_folder(options.into)
    details = {"folder": options.into, "name": definition.name, "digest": digest(definition)}
    print(words("author-workbook.made", **details))
    return 0
