"""``itti questionnaires new``: a small valid definition to start from."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from itti.commands.words import words
from questionnaires.errors import Fault


class NotAFamily(Fault):
    """Not a name for a family of questionnaires: lower-case words joined by hyphens."""

    code = "not-a-family"
    room = "itti.commands"


class NotEmpty(Fault):
    """The folder for something new exists and is not empty; nothing is ever overwritten."""

    code = "not-empty"
    room = "itti.commands"


class FolderUnwritable(Fault):
    """A file or folder cannot be written."""

    code = "folder-unwritable"
    room = "itti.commands"


def declare(verbs: Any) -> None:
    """Add the verb's words."""
    parser = verbs.add_parser("new", help=words("questionnaires.new"), description=words("questionnaires.new-about"))
    parser.add_argument("family", metavar="FAMILY", help=words("questionnaires.new-family"))
    parser.add_argument("--into", metavar="FOLDER", type=Path, default=None, help=words("questionnaires.new-into"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the files and say what comes next.

    Raises:
        NotAFamily: the name has another form.
        NotEmpty: the folder has something in it.
        FolderUnwritable: the folder or a file in it cannot be made.
    """
    from questionnaires.starting import NAME, files

    if len(options.family) > 64 or not re.fullmatch(NAME, options.family):
        raise NotAFamily(name=options.family)
    folder: Path = Path(options.family) if options.into is None else options.into
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise NotEmpty(folder=folder)
        for name, text in files(options.family).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as stream:
                stream.write(text)
    except OSError as error:
        raise FolderUnwritable(folder=folder, reason=error.strerror or type(error).__name__) from error
    print(words("questionnaires.new-written", folder=folder))
    return 0
