"""A process that has imported everything and becomes, once for each request, the command ``python -m itti``.

Most of what a short command takes is importing. Here a process does that once and forks: each command still is a
process of its own, with its own words, folder, environment, standard streams and exit code. It ends as every other,
but lets go of nothing that ends with it anyway: unloading, module after module, what it shares with the others would
copy that first. What forking cannot show, that a command imports what it needs and unloads it in peace, `test_alone.py`
shows.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import IO, Final, NoReturn

from itti import commands

_COMMANDS: Final = tuple(f"itti.commands.{module.name}" for module in iter_modules(commands.__path__))
_USED: Final = (
    "itti.cli",
    "itti.app",
    "itti.certificates.jobs",
    "itti.demonstration",
    "questionnaires.workbook",
    "reports.typesetting",
    "pyhanko.sign.signers",
    "weasyprint",
    "uvicorn",
)
"""What commands import when they are used."""

Ended = tuple[int, str, str]
"""Exit code, standard output, standard error."""


class Ready:
    """The near end: starts the process, and hands it one command after the other. One thread at a time."""

    def __init__(self, warnings: Sequence[str], environment: Mapping[str, str], seconds: float) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            number = str(theirs.fileno())
            words = [sys.executable, *warnings, __file__, number]
            self._process = subprocess.Popen(words, env=environment, pass_fds=[theirs.fileno()])
        ours.settimeout(seconds)
        self._socket = ours

    def run(self, words: Sequence[str], folder: Path, environment: Mapping[str, str], given: str) -> Ended:
        """``python -m itti`` with these words, in that folder, with exactly that environment."""
        asked = json.dumps({"words": words, "folder": str(folder), "environment": dict(environment)}).encode()
        with tempfile.TemporaryFile() as said_in, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            said_in.write(given.encode())
            said_in.seek(0)
            socket.send_fds(self._socket, [asked], [each.fileno() for each in (said_in, out, err)])
            code = self._socket.recv(16)
            assert code, "the process that makes commands has ended"
            return int(code), _read(out), _read(err)

    def close(self) -> None:
        """End the process."""
        self._socket.close()
        self._process.wait(timeout=10)


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def _serve(connection: socket.socket) -> dict[str, object] | None:
    """Fork for each request; returns in the child with what was asked, in the parent when nobody asks any more."""
    while True:
        message, streams, _, _ = socket.recv_fds(connection, 1 << 16, 3)
        if not message:
            return None
        child = os.fork()
        if child == 0:
            connection.close()
            for stream, given in enumerate(streams):
                os.dup2(given, stream)
                os.close(given)
            asked: dict[str, object] = json.loads(message)
            return asked
        for given in streams:
            os.close(given)
        _, status = os.waitpid(child, 0)
        connection.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(words: Sequence[str], folder: str, environment: Mapping[str, str]) -> NoReturn:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = words
    code: object = None
    try:
        runpy.run_module("itti", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 - whatever it was, it is told as the interpreter tells it
        sys.excepthook(*sys.exc_info())
        code = 1
    _end(code)


def _end(code: object) -> NoReturn:
    """End this process as the interpreter does, as far as anybody else can see."""
    if not isinstance(code, int | None):
        print(code, file=sys.stderr)  # noqa: T201 - so does the interpreter
        code = 1
    threading._shutdown()  # type: ignore[attr-defined] # waits for threads
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)


def _main() -> None:
    # Importing only: what a command works out from its environment, such as the language, it must work out itself.
    for name in (*_COMMANDS, *_USED):
        import_module(name)
    gc.collect()
    gc.freeze()  # nobody looks at it again: what all commands share is not copied for each
    with socket.socket(fileno=int(sys.argv[1])) as connection:
        asked = _serve(connection)
    if asked is not None:
        _become(**asked)  # type: ignore[arg-type]


if __name__ == "__main__":
    _main()
