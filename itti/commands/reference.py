"""``itti questionnaires reference``: the reference page of the definition language."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import questionnaires
from itti.commands.words import words


def declare(verbs: Any) -> None:
    """Add the verb's words."""
    parser = verbs.add_parser("reference", help=words("questionnaires.reference"))
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    """Print the page in Markdown."""
    from questionnaires.loading import EXAMPLES
    from questionnaires.reference import page

    template = Path(questionnaires.__path__[0]) / "reference.md"
    files = (template, *(folder / name for folder in EXAMPLES for name in ("definition.yaml", "en.yaml")))
    print(page(*(file.read_text(encoding="utf-8") for file in files)), end="")
    return 0
