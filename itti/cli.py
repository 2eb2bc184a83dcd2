"""The command line ``itti``: reads the words, calls one command, turns faults into sentences and exit codes.

Exit codes: 0 all is well; 1 what was asked about does not hold (a certificate, a definition, an expected score);
2 the command or its input is wrong; 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NoReturn

from itti.commands.words import language, words
from questionnaires.errors import Fault

_MODULES: Final = {
    "serve": "serve",
    "demo": "serve",
    "score": "score",
    "cohort": "cohort",
    "statistics": "statistics",
    "export": "export",
    "levers": "levers",
    "footprint": "footprints.footprint",
    "factors": "footprints.factors",
    "roadmap": "roadmap",
    "priorities": "priorities",
    "report": "report",
    "verify": "verify",
    "papers": "papers",
    "mail": "mail",
    "keys": "keys",
    "certificates": "certificates",
    "assessments": "assessments",
    "audit": "audit",
    "retention": "retention",
    "evidence": "evidence",
    "questionnaires": "questionnaires",
    "user": "user",
    "database": "database",
    "api": "api",
}
"""Command → module of ``itti.commands``."""


class _Parser(argparse.ArgumentParser):
    """A parser whose own sentences come from the catalogue."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command line, how to get help, and stop with 2."""
        self.print_usage(sys.stderr)
        self.exit(2, words("usage-error", program=self.prog, problem=message) + "\n")


def parser(command: str | None = None) -> argparse.ArgumentParser:
    """The whole command line, or only the part of ``command``: scoring needs no web framework in memory."""
    top = _Parser(prog="itti", description=words("help"), epilog=words("help-exit-codes"))
    commands = top.add_subparsers(dest="command", required=True, metavar=words("metavar-command"), parser_class=_Parser)
    names = [_MODULES[command]] if command in _MODULES else list(dict.fromkeys(_MODULES.values()))
    for name in names:
        import_module(f"itti.commands.{name}").declare(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Tracebacks are for mistakes of this project only."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = parser(given[0] if given else None).parse_args(given)
    try:
        return int(options.run(options))
    except Fault as fault:
        print(words("fault", sentence=fault.sentence(language())), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing is wrong. Keep Python from complaining once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
