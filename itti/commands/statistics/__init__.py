"""``itti statistics …``: figures over many sheets of answers, and weights, without a database."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from itti.commands.words import words

_VERBS: Final = ("agreement", "benchmark", "uncertainty", "weights")
"""Each has a module of its own; what it computes with is loaded when it runs."""


def declare(commands: Any) -> None:
    """Add the command's words."""
    parser = commands.add_parser("statistics", help=words("statistics.help"), description=words("statistics.about"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=words("metavar-command"))
    for verb in _VERBS:
        import_module(f"itti.commands.statistics.{verb}").declare(verbs)
