"""``itti questionnaires reference``: the reference page of the definition language, or of migrations."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Final

import questionnaires
from itti.commands.words import words

KINDS: Final = ("definition", "migration")


def declare(verbs: Any) -> None:
    """Add the verb's words."""
    parser = verbs.add_parser("reference", help=words("questionnaires.reference"))
    parser.add_argument(
        "kind", nargs="?", choices=KINDS, default="definition", help=words("questionnaires.reference-of")
    )
    parser.set_defaults(run=run)


def reference(kind: str) -> str:
    """The page for a kind of file in Markdown, as it is printed and committed."""
    from questionnaires.loading import EXAMPLE_UPGRADE, EXAMPLES
    from questionnaires.reference import DEFINITIONS, MIGRATIONS, page

    if kind == "migration":
        about, template = MIGRATIONS, "migrations.md"
        files = [EXAMPLE_UPGRADE / "2.0.0" / "migration.yaml"]
    else:
        about, template = DEFINITIONS, "reference.md"
        files = [folder / name for folder in EXAMPLES for name in ("definition.yaml", "en.yaml")]
    room = Path(questionnaires.__path__[0])
    return page(about, *(file.read_text(encoding="utf-8") for file in (room / template, *files)))


def run(options: argparse.Namespace) -> int:
    """Print the page."""
    print(reference(options.kind), end="")
    return 0
